// Builds landscape/render/player/plotly.min.js: plotly.js with the types of traces that our figures use and no others,
// as plotly.js builds its own bundles (its esbuild-config.js; here without the style sheet of its street maps).
//
//   cd assets/plotly && npm ci --ignore-scripts && node build.js
//
// The versions of all packages are held in package-lock.json, so the same bytes come out everywhere.
const { readFileSync, writeFileSync } = require("fs");
const { join } = require("path");
const esbuild = require("esbuild");
const { environmentPlugin } = require("esbuild-plugin-environment");
const { glsl } = require("esbuild-plugin-glsl");
const inlineCss = require("esbuild-plugin-inline-css");
const { version } = require("plotly.js/package.json");

const TYPES = ["scatter", "contour", "heatmap", "scatter3d", "surface"];
const TO = join(__dirname, "../../landscape/render/player/plotly.min.js");

const noStreetMaps = {
  name: "no-street-maps",
  setup: (build) => build.onLoad({ filter: /maplibre-gl\.css$/ }, () => ({ contents: "", loader: "js" })),
};
const entry = `const Plotly = require("plotly.js/lib/core");
Plotly.register([${TYPES.slice(1).map((type) => `require("plotly.js/lib/${type}")`)}]);
module.exports = Plotly;`;

esbuild.build({
  stdin: { contents: entry, resolveDir: __dirname },
  format: "iife",
  globalName: "Plotly",
  bundle: true,
  minify: true,
  charset: "utf8",
  legalComments: "eof",
  plugins: [noStreetMaps, inlineCss(), glsl({ minify: true }), environmentPlugin({ NODE_DEBUG: false })],
  alias: { regl: "@plotly/regl", stream: "stream-browserify" },
  define: { global: "window", "define.amd": "false" },
  target: "es2016",
  write: false,
}).then(({ outputFiles: [file] }) => {
  const license = readFileSync(require.resolve("plotly.js/LICENSE"), "utf8");
  writeFileSync(TO, `/*! plotly.js ${version} (${TYPES.join(" ")})\n\n${license}*/\n${file.text}`);
});
