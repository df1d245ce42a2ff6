// Everything round the picture: legend, transport bar, readout. Text goes in as text, never as HTML.

const SPEEDS = [0.25, 0.5, 1, 2, 4];
const SVG = "http://www.w3.org/2000/svg";
// Outlines on a 24 x 24 grid.
const ICONS = {
  play: "M7 4.5v15l12.5-7.5z",
  pause: "M6.5 4.5h4v15h-4zM13.5 4.5h4v15h-4z",
  restart: "M5 4.5h2.6v15H5zM19.5 4.5v15L8.5 12z",
  loop: "M7 7h9.5V3.8L21.5 8.4 16.500 13V9.800H7A2.200 2.200 0 0 0 4.800 12H2A5 5 0 0 1 7 7zM17 17H7.500v3.200L2.500 15.600 7.500 11v3.200H17A2.200 2.200 0 0 0 19.200 12H22a5 5 0 0 1-5 5z",
  ghost: "M12 5c5 0 8.500 4.200 10 7-1.500 2.800-5 7-10 7S3.500 14.800 2 12c1.500-2.800 5-7 10-7zm0 2.600A4.400 4.400 0 1 0 12 16.400 4.400 4.400 0 0 0 12 7.600zm0 2.200a2.200 2.200 0 1 1 0 4.400 2.200 2.200 0 0 1 0-4.400z",
  home: "M12 3 2.500 11.200h2.800V20.500h5.200v-6h3v6h5.200v-9.300h2.800z",
  camera: "M8.500 4.500h7l1.600 2.500H21a1.500 1.500 0 0 1 1.500 1.500v10.500A1.500 1.500 0 0 1 21 20.500H3A1.500 1.500 0 0 1 1.500 19V8.500A1.500 1.500 0 0 1 3 7h3.900zM12 9a4.300 4.300 0 1 0 0 8.600A4.300 4.300 0 0 0 12 9zm0 2.200a2.100 2.100 0 1 1 0 4.200 2.100 2.100 0 0 1 0-4.200z",
};

function element(tag, attributes = {}, children = []) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "text") made.textContent = value;
    else if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

function drawing(viewBox, parts) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", viewBox);
  svg.setAttribute("aria-hidden", "true");
  for (const [tag, attributes] of parts) {
    const part = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) part.setAttribute(name, value);
    svg.append(part);
  }
  return svg;
}

const icon = (name) => drawing("0 0 24 24", [["path", { d: ICONS[name], "fill-rule": "evenodd" }]]);

function symbolParts(symbol, x, y, half, color, outline, rim) {
  const look = { fill: color, stroke: outline, "stroke-width": rim, "stroke-linejoin": "round", "paint-order": "stroke" };
  const corners = SYMBOLS[symbol];
  if (!corners) return [["circle", { cx: x, cy: y, r: half, ...look }]];
  return [["polygon", { points: corners.map(([cx, cy]) => `${x + cx * half},${y + cy * half}`).join(" "), ...look }]];
}

function button(name, label, action, text) {
  return element("button", { type: "button", class: `ls-button ls-${name}`, "aria-label": label, title: label, onclick: action }, [
    text ? document.createTextNode(text) : icon(name),
  ]);
}

function swatchOf({ shape, symbol, color, outline, dash, width, opacity }, theme) {
  if (shape === "span") return drawing("0 0 16 16", [["rect", { x: 0, y: 6, width: 16, height: 4, fill: color }]]);
  if (shape === "area") return drawing("0 0 16 16", [["rect", { x: 3, y: 3, width: 10, height: 10, fill: color, opacity }]]);
  if (shape === "mark") return drawing("0 0 16 16", symbolParts(symbol, 8, 8, symbol === "star" ? 5.5 : 4.8, color, outline, 2.2));
  const thick = theme.line_width * width;
  const dashes = dash.map((length) => length * thick).join(" ");
  return drawing("0 0 30 16", [
    ["line", { x1: 1, y1: 8, x2: 29, y2: 8, stroke: color, "stroke-width": thick, ...(dashes && { "stroke-dasharray": dashes }) }],
  ]);
}

// One entry a group: pressing it hides or shows its paths in all panels. Then the glyphs that stand on the map.
function buildLegend(scene, hidden, toggle) {
  const entries = scene.groups.map((group) => {
    const dash = group.dash.map((length) => length * 2.6).join(" ");
    const swatch = drawing("0 0 42 16", [
      ["line", { x1: 0, y1: 8, x2: 28, y2: 8, stroke: group.color, "stroke-width": 2.6, ...(dash && { "stroke-dasharray": dash }) }],
      ...symbolParts(group.marker, 34, 8, 6, group.color, scene.theme.background, 1.5),
    ]);
    return element(
      "button",
      { type: "button", class: "ls-entry", "aria-pressed": String(!hidden.has(group.name)), title: tr("Show or hide"), onclick: () => toggle(group.name) },
      [swatch, element("span", { text: group.name })],
    );
  });
  const kinds = scene.signs.map((sign) => element("span", { class: sign.shape === "line" ? "ls-kind ls-line" : "ls-kind" }, [
    swatchOf(sign, scene.theme),
    element("span", { text: sign.label }),
  ]));
  return [element("div", { class: "ls-entries" }, entries), element("div", { class: "ls-kinds" }, kinds)];
}

function buildTransport(player) {
  const parts = {
    restart: button("restart", tr("Back to the start"), () => player.seek(0, true)),
    back10: button("jump", tr("\u221210 steps"), () => player.nudge(-10), "\u221210"),
    back1: button("jump", tr("\u22121 step"), () => player.nudge(-1), "\u22121"),
    play: button("play", tr("Play"), () => player.toggle()),
    on1: button("jump", tr("+1 step"), () => player.nudge(1), "+1"),
    on10: button("jump", tr("+10 steps"), () => player.nudge(10), "+10"),
    slider: element("input", {
      type: "range", class: "ls-slider", min: 0, step: 1, value: 0, "aria-label": tr("Step"),
      oninput: (event) => player.seek(Number(event.target.value), false),
    }),
    counter: element("span", { class: "ls-counter" }),
    speed: element("select", { class: "ls-speed", "aria-label": tr("Speed"), title: tr("Speed"), onchange: (event) => player.setSpeed(Number(event.target.value)) },
      SPEEDS.map((speed) => element("option", { value: speed, selected: speed === player.state.speed, text: `${speed}\u00d7` }))),
    loop: button("loop", tr("Play in a loop"), () => player.setLoop(!player.state.loop)),
    ghost: button("ghost", tr("Show the paths to come"), () => player.setGhost(!player.state.ghost)),
    home: button("home", tr("Reset zoom and camera"), () => player.home()),
    camera: element("details", { class: "ls-camera" }, [
      element("summary", { class: "ls-button", "aria-label": tr("Save this picture"), title: tr("Save this picture") }, [icon("camera")]),
      element("div", { class: "ls-menu" }, ["PNG", "SVG"].map((format) =>
        element("button", { type: "button", text: tr("{format} picture", { format }), onclick: () => savePicture(player, format.toLowerCase()) }))),
    ]),
    live: element("span", { class: "ls-live", role: "status" }),
  };
  const keys = element("div", { class: "ls-buttons", role: "group", "aria-label": tr("Player") },
    [parts.restart, parts.back10, parts.back1, parts.play, parts.on1, parts.on10]);
  const more = element("div", { class: "ls-buttons ls-more" }, [parts.speed, parts.loop, parts.ghost, parts.home, parts.camera]);
  parts.bar = element("div", { class: "ls-transport" }, [
    keys, element("div", { class: "ls-scrub" }, [parts.slider, parts.counter]), more, parts.live,
  ]);
  return parts;
}

// The numbers that are told of every path at the playhead, by their English names. Loss and gradient norm come first where they are known: coordinates on a plane tell less.
function toldNames(scene) {
  const first = ["gradient norm", "loss"];
  const known = scene.n_steps ? scene.tracks.flatMap((track) => [...track.values.keys()]) : [];
  return [...new Set(known)]
    .filter((name) => scene.tracks.every((track) => track.values.has(name)) && name.length > 1)
    .sort((a, b) => first.indexOf(b) - first.indexOf(a))
    .slice(0, 2);
}

// What a quantity or a setting is called in the language of the picture.
const nameOf = ({ called }, name) => called[name] ?? name.replaceAll("_", " ");

// A line a path: numbers at the playhead and, once it has got there, how it ended. Without steps there is no playhead.
function buildReadout(scene) {
  if (!scene.tracks.length) return null;
  const { names } = scene;
  const rows = scene.tracks.map((track) => {
    const group = scene.groupOf.get(track.group);
    const cells = names.map((name) => element("td", { class: "ls-number", "data-name": name, "data-called": nameOf(scene, name) }));
    const verdict = element("td", { class: "ls-verdict" });
    const swatch = drawing("0 0 16 16", symbolParts(group.marker, 8, 8, 5, group.color, scene.theme.background, 1.5));
    const row = element("tr", {}, [element("th", { scope: "row" }, [swatch, element("span", { text: track.label })]), ...cells, verdict]);
    return { track, cells, verdict, row };
  });
  const moves = scene.n_steps > 0;
  const last = scene.live?.swarm ? tr("where they are") : moves ? tr("how it ended") : tr("what it reached");
  const titles = [moves ? tr("path") : tr("optimizer"), ...names.map((name) => nameOf(scene, name)), last];
  const head = element("thead", {}, [element("tr", {}, titles.map((text) => element("th", { scope: "col", text })))]);
  const caption = element("caption", { class: "ls-live", text: moves ? tr("The paths at the playhead, and how they ended") : tr("What each optimizer reached") });
  const table = element("table", {}, [caption, head, element("tbody", {}, rows.map(({ row }) => row))]);
  const update = (step, hidden) => {
    for (const { track, cells, verdict, row } of rows) {
      row.hidden = hidden.has(track.group);
      names.forEach((name, k) => {
        const { path, at } = track.values.get(name);
        const index = indexAt(path, step);
        write(cells[k], index < 0 ? "" : formatNumber(at(index)));
      });
      write(verdict, track.told ? track.told(step) : step >= track.last ? track.verdict : "");
    }
  };
  return { table, update };
}

function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
