// mountSized(root, payload, options, scale) -> as mountPlayer, its type, lines and glyphs scale() times the theme's
//
// They grow with the place that there is for them: scale() is asked again whenever that changes.

const SCREEN = [1280, 720]; // pixels of the smallest projector: there the theme's sizes are right
const WORTH_IT = 0.04; // a smaller change of size is not worth drawing everything anew

// How much larger than the theme's the sizes are on a screen that the picture fills.
function onScreen() {
  return Math.max(1, Math.min(window.innerWidth / SCREEN[0], window.innerHeight / SCREEN[1]));
}

function mountSized(root, payload, options, scale = onScreen) {
  let given = payload;
  let size = scale();
  const player = mountPlayer(root, enlarged(given, size), options);
  const watch = new ResizeObserver(() => {
    const now = scale();
    if (Math.abs(now / size - 1) < WORTH_IT) return;
    size = now;
    player.update(enlarged(given, size));
  });
  watch.observe(root);
  return {
    ...player,
    update(next) {
      given = next;
      return player.update(enlarged(given, size));
    },
    destroy() {
      watch.disconnect();
      player.destroy();
    },
  };
}

// A payload with larger (or smaller) type, lines and glyphs; where anything stands is not touched.
const LENGTHS = new Set(["font_size", "title_size", "line_width", "head_size", "point_size"]);

function enlarged(payload, by) {
  if (by === 1) return payload;
  const theme = Object.fromEntries(Object.entries(payload.theme).map(([name, value]) => [name, LENGTHS.has(name) ? value * by : value]));
  return { ...payload, theme, line_width: payload.line_width * by, figure: grown(payload.figure, by) };
}

// Sizes of type and glyphs, widths of lines, and what stands between axis and words, in a figure of Plotly's.
function grown(value, by, inside = "") {
  if (Array.isArray(value)) return value.map((one) => grown(one, by, inside));
  if (value === null || typeof value !== "object" || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, typeof one === "number" && isLength(name, inside) ? one * by : grown(one, by, name)]));
}

function isLength(name, inside) {
  if (name === "size") return /font$/i.test(inside) || inside === "marker";
  if (name === "width") return inside === "line";
  return ["ticklen", "tickwidth", "standoff", "thickness", "yshift"].includes(name);
}
