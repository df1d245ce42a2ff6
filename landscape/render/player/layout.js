// Where the panels sit, in pixels of the stage; Plotly gets the same as shares of it.

const NARROW = 46; // a stage of fewer ems than this stacks its panels
const LETTER = 0.52; // ems that a letter takes across, on average
const SMALLEST = 0.6; // of its size, to which a name is made smaller before it is cut
const NARROW_BACK = 1.2; // how much further back one stands there from what is in space
const ROW = 9.5; // ems of height that each of the panels in a column should have

function padding(scene) {
  const em = scene.theme.font_size;
  const pad = {
    left: em * 3.9,
    right: em * 1.1,
    top: scene.theme.title_size * 2.0,
    bottom: em * 3.4,
    bar: em * 5.4,
  };
  return { pad, em };
}

// Room under a panel: an axis that the panel below names has only its numbers there, and a text may have more lines.
function below(scene, panel, narrow) {
  const { pad, em } = padding(scene);
  if (panel.kind === "space") return 4;
  const { title, ticktext } = scene.figure.layout[axisNames(panel)[0]];
  const lines = Math.max(1, ...(ticktext ?? []).map((text) => text.split("<br>").length));
  return (narrow || title ? pad.bottom : em * 1.9) + 1.3 * em * (lines - 1);
}

function arrange(scene, width, height, columns = scene.columns) {
  const { pad, em } = padding(scene);
  const narrow = width < NARROW * em;
  const boxes = new Map();
  const bare = narrow ? new Set() : namedAtLeft(scene, columns);
  const left = (panel) => (bare.has(panel.key) ? pad.right : pad.left);
  const placeIn = (panel, x, y, w, h) => {
    if (panel.kind === "space") {
      boxes.set(panel.key, { x: x + 2, y: y + pad.top, w: w - 4, h: h - pad.top - 4 });
      return;
    }
    const bar = panel.bar ? pad.bar : pad.right;
    const room = { w: w - left(panel) - bar, h: h - pad.top - below(scene, panel, narrow) };
    const size = panel.aspect
      ? { w: Math.min(room.w, room.h * panel.aspect), h: Math.min(room.h, room.w / panel.aspect) }
      : room;
    // What stands alone stands in the middle.
    const spare = scene.panels.length === 1 ? (room.w - size.w) / 2 : 0;
    boxes.set(panel.key, { x: x + left(panel) + spare, y: y + pad.top, w: Math.max(size.w, 20), h: Math.max(size.h, 20) });
  };
  if (narrow) {
    let y = 0;
    // Panels that were put into other columns than the scene's stand in their own order.
    for (const key of columns === scene.columns ? columns.flat() : scene.panelOf.keys()) {
      const panel = scene.panelOf.get(key);
      const h = aloneHeight(scene, width) ?? rowHeight(panel, width, pad, em);
      placeIn(panel, 0, y, width, h);
      y += h;
    }
    return { narrow, boxes, width, height: Math.round(y), bare };
  }
  const widths = columnWidths(scene, columns, width, height, pad, bare);
  let x = 0;
  columns.forEach((keys, i) => {
    // What the panels' own headings and axes leave is shared.
    const panels = keys.map((key) => scene.panelOf.get(key));
    const taken = panels.map((panel) => pad.top + below(scene, panel, narrow));
    // A map over a curve needs more of it than the curve does.
    const weights = panels.map((panel) => (panel.aspect && isMixed(panels) ? 1.8 : 1));
    const each = (height - taken.reduce((sum, h) => sum + h, 0)) / weights.reduce((sum, weight) => sum + weight, 0);
    let y = 0;
    panels.forEach((panel, k) => {
      const h = taken[k] + weights[k] * each;
      placeIn(panel, x, y, widths[i], h);
      y += h;
    });
    x += widths[i];
  });
  return { narrow, boxes, width, height, bare };
}

// Panels whose upward axis is that of the panel at their left, which has its numbers: maps to be compared.
function namedAtLeft(scene, columns) {
  const up = (key) => scene.figure.layout[axisNames(scene.panelOf.get(key))[1]];
  const alike = (a, b) => a.title?.text === b.title?.text && sameNumbers(a.range ?? [], b.range ?? []);
  const maps = [...scene.panelOf.values()].every(({ aspect }) => aspect);
  const bare = new Set();
  for (let k = 1; maps && k < columns.length; k++) {
    columns[k].forEach((key, row) => {
      if (alike(up(key), up(columns[k - 1][row]))) bare.add(key);
    });
  }
  return bare;
}

// Whether panels that keep their proportions stand over others that do not.
function isMixed(panels) {
  return panels.some(({ aspect }) => aspect) && panels.some(({ aspect }) => !aspect);
}

// A panel with one scale on both axes needs no more width than its height gives it; the others get the rest.
function columnWidths(scene, columns, width, height, pad, bare) {
  if (columns !== scene.columns) {
    const saved = columns.map((keys) => (keys.every((key) => bare.has(key)) ? pad.left - pad.right : 0));
    const each = (width + saved.reduce((sum, w) => sum + w, 0)) / columns.length;
    return saved.map((w) => each - w);
  }
  const total = scene.widths.reduce((sum, w) => sum + w, 0);
  const shares = scene.widths.map((w) => (width * w) / total);
  const wanted = columns.map((keys) => {
    const panel = scene.panelOf.get(keys[0]);
    if (keys.length > 1 || !panel.aspect) return null;
    return pad.left + (panel.bar ? pad.bar : pad.right) + Math.max(height - pad.top - pad.bottom, 20) * panel.aspect;
  });
  const fixed = wanted.filter((w) => w !== null);
  if (!fixed.length || fixed.length === wanted.length) return shares;
  const scale = Math.min(1, (0.6 * width) / fixed.reduce((sum, w) => sum + w, 0));
  const left = width - scale * fixed.reduce((sum, w) => sum + w, 0);
  const others = shares.reduce((sum, w, i) => sum + (wanted[i] === null ? w : 0), 0);
  return shares.map((w, i) => (wanted[i] === null ? (left * w) / others : scale * wanted[i]));
}

// Panels that all keep their proportions stand in as many columns as make them largest; others as the scene says.
// The height is between the two given, which may be the same.
function columnsOf(scene, width, least, most) {
  const given = { columns: scene.columns, height: null };
  const keys = [...scene.panelOf.keys()];
  if (keys.length < 2 || !keys.every((key) => scene.panelOf.get(key).aspect)) return given;
  const { pad, em } = padding(scene);
  let best = null;
  for (let n = 1; n <= keys.length; n++) {
    const columns = Array.from({ length: n }, (_, i) => keys.filter((_key, k) => k % n === i));
    const tall = columns[0].reduce((sum, key) => sum + rowHeight(scene.panelOf.get(key), width / n, pad, em), 0);
    const height = Math.min(Math.max(tall, least), most);
    const row = height / columns[0].length - pad.top - pad.bottom;
    const saved = (namedAtLeft(scene, columns).size / keys.length) * (pad.left - pad.right);
    const size = Math.min(width / n - pad.left - pad.right + saved, row * scene.panelOf.get(keys[0]).aspect);
    if (!best || size > 1.05 * best.size) best = { columns, height, size };
  }
  return best;
}

// The height of a map or a relief that stands alone: all of its width, where a window shows that whole. Paths bring
// words above and below.
function aloneHeight(scene, width) {
  const { pad, em } = padding(scene);
  const [panel, ...others] = scene.panels;
  if (others.length || !(panel.aspect || panel.kind === "space")) return null;
  const round = (scene.tracks.length ? 16 : 9) * em;
  return Math.min(rowHeight(panel, width, pad, em), Math.max(20 * em, innerHeight - round));
}

function rowHeight(panel, width, pad, em) {
  if (panel.kind === "space") return width * 0.9;
  if (panel.aspect) {
    const bar = panel.bar ? pad.bar : pad.right;
    return (width - pad.left - bar) / panel.aspect + pad.top + pad.bottom;
  }
  return (panel.clickable ? 22 : 15) * em;
}

// From where a panel in space is seen. On a phone the names of its axes need room at its sides.
function cameraOf(scene, panel, { narrow }) {
  const { camera } = scene.figure.layout[panel.axes.scene];
  if (!narrow || !camera?.eye) return camera;
  return { ...camera, eye: Object.fromEntries(Object.entries(camera.eye).map(([axis, at]) => [axis, NARROW_BACK * at])) };
}

// What Plotly's layout calls the axes of a flat panel.
function axisNames(panel) {
  return [`xaxis${panel.axes.xaxis.slice(1)}`, `yaxis${panel.axes.yaxis.slice(1)}`];
}

// The changes to Plotly's layout that put every panel in its box.
function plotlyPlaces(scene, arrangement) {
  const { boxes, width, height } = arrangement;
  const { em } = padding(scene);
  const changes = { width, height };
  for (const panel of scene.panels) {
    const box = boxes.get(panel.key);
    const [xaxis, yaxis] = panel.kind === "space" ? [] : axisNames(panel);
    const across = [box.x / width, (box.x + box.w) / width];
    const up = [1 - (box.y + box.h) / height, 1 - box.y / height];
    if (panel.kind === "space") {
      changes[`${panel.axes.scene}.domain.x`] = across;
      changes[`${panel.axes.scene}.domain.y`] = up;
      const heading = scene.figure.layout.annotations.findIndex((a) => a.name === panel.key);
      changes[`annotations[${heading}].x`] = across[0];
      changes[`annotations[${heading}].y`] = up[1];
      continue;
    }
    const { title_size: titled } = scene.theme;
    const name = scene.figure.layout.annotations.findIndex((a) => a.name === panel.key);
    const room = box.w + (panel.bar ? padding(scene).pad.bar : 0);
    if (name >= 0) changes[`annotations[${name}].font.size`] = fitted(panel.title, titled, room);
    for (const [axis, length] of [[xaxis, box.w], [yaxis, box.h + 2 * em]]) {
      const { title } = scene.figure.layout[axis];
      if (title?.text && !(axis === yaxis && arrangement.bare.has(panel.key))) changes[`${axis}.title.font.size`] = fitted(title.text, em, length);
    }
    changes[`${xaxis}.domain`] = across;
    changes[`${yaxis}.domain`] = up;
    // By itself Plotly writes at least five numbers beside the lowest of axes.
    const most = Math.min(Math.max(Math.floor(box.h / (1.7 * em)) + 1, 2), 7);
    const { dtick, range } = scene.figure.layout[yaxis];
    changes[`${yaxis}.nticks`] = most;
    if (arrangement.bare.has(panel.key)) Object.assign(changes, { [`${yaxis}.showticklabels`]: false, [`${yaxis}.title`]: undefined });
    if (dtick) changes[`${yaxis}.dtick`] = Math.max(dtick, Math.ceil((range[1] - range[0]) / most));
  }
  return changes;
}

// How many letters wide a text is: a syllable of Hangul, or a character of Chinese, is as wide as nearly two.
const lengthOf = (text) => text.length + 0.8 * (text.match(/[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef]/g)?.length ?? 0);

// The size of type at which a name is no longer than its place.
function fitted(text, size, length) {
  return size * Math.min(1, Math.max(SMALLEST, length / (LETTER * size * lengthOf(text))));
}

function barPlace(box, width, height, em) {
  return {
    x: (box.x + box.w + 0.55 * em) / width,
    y: 1 - (box.y + box.h) / height,
    len: box.h / height,
    lenmode: "fraction",
    xanchor: "left",
    yanchor: "bottom",
    xpad: 0,
    ypad: 0,
  };
}

function setPath(object, path, value) {
  const keys = path.replace(/\[(\d+)\]/g, ".$1").split(".");
  const last = keys.pop();
  let place = object;
  for (const key of keys) place = place[key] ?? (place[key] = {});
  place[last] = value;
}
