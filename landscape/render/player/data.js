// Reading the payload: words, arrays, figure, and for each panel the paths with the step of every point.

// The language of a page is that of the picture that came last (Player.build). What is said later is marked.
let tr = speaker();
const mark = (message) => message;

// What only some pictures have, made by a script of its own: name -> (player) => what it is.
const PARTS = {};

const ARRAY_TYPES = { f4: Float32Array, f8: Float64Array, u1: Uint8Array, u2: Uint16Array, i4: Int32Array };

// An array comes as base64 of its bytes, or as these themselves, in `data`.
function decodeArray({ dtype, shape, bdata, data = bytesOf(bdata) }) {
  const Numbers = ARRAY_TYPES[dtype];
  const flat = new Numbers(data.buffer, data.byteOffset, data.byteLength / Numbers.BYTES_PER_ELEMENT);
  if (shape.length === 1) return flat;
  const [rows, columns] = shape;
  return Array.from({ length: rows }, (_, i) => flat.subarray(i * columns, (i + 1) * columns));
}

function bytesOf(bdata) {
  const text = atob(bdata);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

// Puts the arrays back where the payload names them. Tables become one short array a row, as Plotly reads them.
function inflate(value, arrays) {
  if (Array.isArray(value)) return value.map((item) => inflate(item, arrays));
  if (value === null || typeof value !== "object") return value;
  if ("$" in value) return arrays[value.$];
  if ("$columns" in value) {
    const columns = value.$columns.map((i) => arrays[i]);
    return Array.from({ length: columns[0]?.length ?? 0 }, (_, row) => columns.map((column) => column[row]));
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inflate(item, arrays)]));
}

function readPayload(given) {
  const arrays = given.arrays.map(decodeArray);
  const inSpace = given.panels.some(({ kind }) => kind === "space");
  const as = [given, inflate(given.figure, arrays)];
  const [payload, figure] = inSpace && !drawsSpace() ? fromAbove(...as) : as;
  const tracks = payload.tracks.map((track) => ({ ...track, values: new Map() }));
  const trackOf = new Map(tracks.map((track) => [track.id, track]));
  const groupOf = new Map(payload.groups.map((group) => [group.name, group]));
  const panels = payload.panels.map((panel) => ({ ...panel, paths: [], tangents: [], spans: [], marks: [], movingLines: [], movingFields: [] }));
  const panelOf = new Map(panels.map((panel) => [panel.key, panel]));
  for (const trace of figure.data) {
    const panel = panelOf.get(trace.meta.panel);
    if (trace.meta.role === "path") readPaths(trace, panel, groupOf, trackOf);
    if (trace.meta.role === "spans") panel.spans.push({ ...trace.meta, group: groupOf.get(trace.meta.group) });
    if (trace.meta.role === "moving_line") panel.movingLines.push({ ...trace.meta, look: trace.line });
    if (trace.meta.role === "moving_field") panel.movingFields.push({ ...trace.meta, columns: trace.x, rows: trace.y, opacity: trace.opacity });
    if (painted(trace)) panel.marks.push(...readMarks(trace));
  }
  for (const tangent of inflate(payload.tangents, arrays)) panelOf.get(tangent.panel).tangents.push(tangent);
  const live = inflate(payload.live ?? null, arrays);
  return { ...payload, live, arrays: null, figure, tracks, trackOf, groupOf, panels, panelOf };
}

function readPaths(trace, panel, groupOf, trackOf) {
  const { tracks, first, count, names, columns, steps, group, headed, shared } = trace.meta;
  tracks.forEach((id, k) => {
    const [from, to] = [first[k], first[k] + count[k]];
    const cut = (array) => array.subarray(from, to);
    const path = {
      track: id,
      group: groupOf.get(group),
      headed,
      x: cut(trace.x),
      y: cut(trace.y),
      z: trace.z ? cut(trace.z) : null,
      steps: steps ? cut(steps) : null,
      shared: shared?.[k] ?? [],
      n: to - from,
    };
    panel.paths.push(path);
    // What is told of a track at a step, for the readout: exact numbers, wherever they come with a path.
    const told = trackOf.get(id).values;
    for (const letter of ["y", "x"]) {
      const name = names[letter];
      // Beside its neighbours on a linear axis a tiny number may have become zero; what hovers tell is exact.
      const at = columns.includes(name)
        ? (i) => trace.customdata[from + i][columns.indexOf(name)]
        : (i) => path[letter][i];
      if (name && name !== "step" && !told.has(name)) told.set(name, { path, at });
    }
    columns.forEach((name, column) => {
      if (name !== "step" && name !== "number" && !told.has(name)) {
        told.set(name, { path, at: (i) => trace.customdata[from + i][column] });
      }
    });
  });
}

// Whether marks are painted over Plotly's picture: those that come at a step, critical points, which stand above the
// paths, starts, which may be moved, and those in space, where Plotly lets the relief cut through its few symbols.
function painted(trace) {
  const { role, kind, steps, critical } = trace.meta;
  return role === "points" && Boolean(steps || trace.z || critical || kind === "start");
}

function readMarks(trace) {
  const { size, color, line } = trace.marker;
  const critical = Boolean(trace.meta.critical);
  const over = critical || Boolean(trace.meta.steps);
  const look = { symbol: trace.meta.symbol, size: trace.z ? 1.6 * size : size, color, outline: line.color, group: trace.meta.group, kind: trace.meta.kind, critical, over };
  return Array.from(trace.x, (x, i) => ({ ...look, track: trace.meta.tracks?.[i], step: trace.meta.steps?.[i] ?? 0, x, y: trace.y[i], z: trace.z?.[i] }));
}

// Over how many other lines a path runs on its way to a step.
function underAt(path, step) {
  return path.shared.find(([first, last]) => first < step && step <= last)?.[2] ?? 0;
}

// Index of the last frame at or before a step; -1 before the first.
function frameAt(steps, step) {
  let k = steps.length - 1;
  while (k >= 0 && steps[k] > step) k--;
  return k;
}

// Index of the last point of a path at or before a step; -1 before the first.
function indexAt(path, step) {
  if (!path.steps) return Math.min(Math.floor(step), path.n - 1);
  let low = 0;
  let high = path.n;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (path.steps[middle] <= step) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function stepAt(path, index) {
  return path.steps ? path.steps[index] : index;
}

// A number for people: four digits, powers of ten outside the everyday range.
function formatNumber(value) {
  if (value === undefined || value === null || Number.isNaN(value)) return "\u2013";
  if (!Number.isFinite(value)) return value > 0 ? "\u221e" : "\u2212\u221e";
  if (value === 0) return "0";
  const size = Math.abs(value);
  const text = size >= 1e5 || size < 1e-3 ? value.toExponential(2) : String(Number(value.toPrecision(4)));
  return text.replace("e+", "e").replaceAll("-", "\u2212");
}
