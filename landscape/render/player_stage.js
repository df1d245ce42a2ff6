// What moves is drawn on two canvases over Plotly's picture: trails, which only grow while the run plays forward, and
// heads, drawn anew each frame. Plotly keeps what stands still: field, axes, marks, and the whole paths as faint ghosts
// that answer to hovering. Measured against redrawing traces through Plotly: see tests/benchmarks/bench_player.py.

const FAINT = 0.28; // opacity of what a relief hides
const FAR = 4000; // pixels beyond a panel at which lines are cut: a canvas cannot draw to 1e300

class Stage {
  constructor(scene) {
    this.trails = canvasLayer("ls-trails");
    this.heads = canvasLayer("ls-heads");
    this.floor = canvasLayer("ls-floor");
    this.use(scene);
  }

  use(scene) {
    this.scene = scene;
    this.lines = [];
    this.stale = true;
  }

  // Takes over size and axes as Plotly has them now: after every plot, zoom and drag.
  fit(gd) {
    const { width, height } = gd._fullLayout;
    for (const canvas of [this.trails, this.heads, this.floor]) sizeCanvas(canvas, width, height);
    this.shown = "";
    this.views = new Map();
    this.lines = [];
    for (const panel of this.scene.panels) {
      const view = panel.kind === "space" ? spaceView(gd, panel, this.scene) : planeView(gd, panel);
      if (!view) continue;
      this.views.set(panel.key, view);
      for (const path of panel.paths) this.lines.push({ path, view, group: path.group, ...view.trace(path), done: 0 });
    }
    this.stale = true;
  }

  moved(gd) {
    return this.scene.panels.some((panel) => panel.kind === "space" && viewMoved(gd, panel, this.views?.get(panel.key)));
  }

  // Shows everything up to a step; a fraction of a step lies on the way to the next one.
  draw(step, hidden) {
    const whole = Math.floor(step + 1e-9);
    if (this.stale || this.drawnTo > whole) this.#clear();
    const pen = this.trails.getContext("2d");
    for (const line of this.lines) {
      if (hidden.has(line.group.name)) continue;
      const to = upTo(line.at, whole);
      if (to > line.done) this.#extend(pen, line, to);
    }
    this.drawnTo = whole;
    this.stale = false;
    this.#drawFloor(whole, hidden);
    this.#drawHeads(step, whole, hidden);
  }

  #clear() {
    this.trails.getContext("2d").clearRect(0, 0, this.trails.width, this.trails.height);
    for (const line of this.lines) line.done = 0;
  }

  #extend(pen, line, to) {
    const { px, py, breaks, faint, cumulative, view, group } = line;
    const from = Math.max(line.done - 1, 0);
    pen.save();
    clipTo(pen, view.box);
    for (const hidden of view.faint ? [true, false] : [false]) {
      pen.beginPath();
      let drawing = false;
      for (let i = from; i < to; i++) {
        if (i > from && !breaks[i] && faint[i] === hidden) {
          if (!drawing) pen.moveTo(px[i - 1], py[i - 1]);
          pen.lineTo(px[i], py[i]);
          drawing = true;
        } else drawing = false;
      }
      pen.globalAlpha = hidden ? FAINT : 1;
      stroke(pen, group, this.scene.line_width, cumulative[from]);
    }
    pen.restore();
    line.done = to;
  }

  #drawHeads(step, whole, hidden) {
    const pen = this.heads.getContext("2d");
    const { theme, line_width: width } = this.scene;
    pen.clearRect(0, 0, this.heads.width, this.heads.height);
    for (const panel of this.scene.panels) {
      const view = this.views.get(panel.key);
      if (!view) continue;
      pen.save();
      clipTo(pen, view.box);
      for (const spans of panel.spans) if (!hidden.has(spans.group.name)) drawSpans(pen, spans, view, step);
      for (const line of panel.movingLines) {
        const k = hidden.has(line.group) ? -1 : frameAt(line.steps, whole);
        if (k >= 0) drawMovingLine(pen, line, k, view);
      }
      for (const tangent of panel.tangents) {
        const group = panel.paths.find((path) => path.track === tangent.track)?.group;
        if (group && !hidden.has(group.name)) drawTangent(pen, tangent, view, whole, group, width);
      }
      pen.restore();
      // What stands on a relief lies under the heads, as it does on a map; a mark that comes at a step lies over them.
      if (panel.kind === "space") this.#drawMarks(pen, panel, view, whole, hidden);
      const size = theme.head_size * Math.max(0.6, Math.min(1, (14 / this.scene.tracks.length) ** 0.25));
      for (const path of panel.paths) {
        if (hidden.has(path.group.name)) continue;
        const head = headOf(path, step, view);
        if (!head) continue;
        if (head.from) {
          pen.save();
          clipTo(pen, view.box);
          pen.beginPath();
          pen.moveTo(...head.from);
          pen.lineTo(...head.at);
          stroke(pen, path.group, width, 0);
          pen.restore();
        }
        if (view.holds(head.at)) {
          pen.globalAlpha = view.faint?.(path, indexAt(path, step)) ? 2 * FAINT : 1;
          drawSymbol(pen, path.group.marker, ...head.at, size, path.group.color, theme.outline, size / 7);
          pen.globalAlpha = 1;
        }
      }
      if (panel.kind !== "space") this.#drawMarks(pen, panel, view, whole, hidden);
    }
  }

  // Fields that change lie under everything; they are painted again only where another frame is due.
  #drawFloor(whole, hidden) {
    const due = this.scene.panels.flatMap((panel) =>
      panel.movingFields.map((field) => [panel.key, field, hidden.has(field.group) ? -1 : frameAt(field.steps, whole)]));
    const shown = due.map(([key, , k]) => `${key} ${k}`).join(";");
    if (shown === this.shown) return;
    this.shown = shown;
    const pen = this.floor.getContext("2d");
    pen.clearRect(0, 0, this.floor.width, this.floor.height);
    for (const [key, field, k] of due) if (k >= 0) drawField(pen, field, k, this.views.get(key));
  }

  #drawMarks(pen, panel, view, whole, hidden) {
    for (const mark of panel.marks) {
      if (mark.step > whole || (mark.group && hidden.has(mark.group))) continue;
      const [x, y] = view.place(mark.x, mark.y, mark.z);
      pen.globalAlpha = view.hidden?.(mark.x, mark.y, mark.z) ? 2 * FAINT : 1;
      drawSymbol(pen, mark.symbol, x, y, mark.size, mark.color, mark.outline, 1.6);
      pen.globalAlpha = 1;
    }
  }
}

function canvasLayer(name) {
  const canvas = document.createElement("canvas");
  canvas.className = name;
  canvas.setAttribute("aria-hidden", "true");
  return canvas;
}

function sizeCanvas(canvas, width, height) {
  const ratio = Math.min(window.devicePixelRatio || 1, 2);
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  canvas.getContext("2d").scale(ratio, ratio);
}

// How a flat panel maps numbers to pixels.
function planeView(gd, panel) {
  const axis = (name) => gd._fullLayout[`${name[0]}axis${name.slice(1)}`];
  const [xa, ya] = [axis(panel.axes.xaxis), axis(panel.axes.yaxis)];
  if (!xa || !ya) return null;
  const box = { x: xa._offset, y: ya._offset, w: xa._length, h: ya._length };
  const linear = (ax) => (ax.type === "log" ? (v) => (v > 0 ? Math.log10(v) : NaN) : (v) => v);
  const [lx, ly] = [linear(xa), linear(ya)];
  const sx = box.w / (xa.range[1] - xa.range[0]);
  const sy = box.h / (ya.range[1] - ya.range[0]);
  const place = (x, y) => [box.x + (lx(x) - xa.range[0]) * sx, box.y + box.h - (ly(y) - ya.range[0]) * sy];
  return {
    box,
    place,
    across: (x) => box.x + (lx(x) - xa.range[0]) * sx,
    at: (path, i) => place(path.x[i], path.y[i]),
    holds: ([x, y]) => x >= box.x - 1 && x <= box.x + box.w + 1 && y >= box.y - 1 && y <= box.y + box.h + 1,
    trace: (path) => pixels(path, (i) => place(path.x[i], path.y[i]), box),
    inverse: (x, y) => {
      const value = (ax, share) => {
        const v = ax.range[0] + share * (ax.range[1] - ax.range[0]);
        return ax.type === "log" ? 10 ** v : v;
      };
      return { x: value(xa, (x - box.x) / box.w), y: value(ya, 1 - (y - box.y) / box.h) };
    },
  };
}

// The polyline of a path in pixels: cut where it runs far out, gaps kept, and no two points closer than can be seen.
function pixels(path, place, box, isFaint = () => false) {
  const px = [];
  const py = [];
  const at = [];
  const breaks = [];
  const faint = [];
  const cumulative = [];
  const push = (x, y, step, isBreak, dim) => {
    const i = px.length;
    cumulative.push(i && !isBreak ? cumulative[i - 1] + Math.hypot(x - px[i - 1], y - py[i - 1]) : 0);
    px.push(x);
    py.push(y);
    at.push(step);
    breaks.push(isBreak);
    faint.push(dim);
  };
  let last = null; // the last finite point
  let open = false; // whether the polyline ends there
  for (let i = 0; i < path.n; i++) {
    const here = place(i);
    const step = stepAt(path, i);
    if (!Number.isFinite(here[0]) || !Number.isFinite(here[1])) {
      last = null;
      open = false;
      continue;
    }
    if (last) {
      const near = Math.abs(here[0] - last[0]) < 0.3 && Math.abs(here[1] - last[1]) < 0.3;
      if (near && open && i < path.n - 1) continue;
      const cut = clipSegment(last, here, box);
      if (cut) {
        const dim = isFaint(i);
        if (!open || cut.entered) push(...cut.from, step, true, dim);
        push(...cut.to, step, false, dim);
      }
      open = Boolean(cut) && !cut.left;
    }
    last = here;
  }
  return { px, py, at, breaks, faint, cumulative };
}

// The part of a segment within FAR of a box (Liang and Barsky 1984), or null.
function clipSegment([x0, y0], [x1, y1], box) {
  let [from, to] = [0, 1];
  const bounds = [
    [x0, x1 - x0, box.x - FAR, box.x + box.w + FAR],
    [y0, y1 - y0, box.y - FAR, box.y + box.h + FAR],
  ];
  for (const [start, move, low, high] of bounds) {
    if (move === 0) {
      if (start < low || start > high) return null;
      continue;
    }
    const shares = [(low - start) / move, (high - start) / move].sort((a, b) => a - b);
    from = Math.max(from, shares[0]);
    to = Math.min(to, shares[1]);
  }
  if (from > to) return null;
  const point = (share) => [x0 + share * (x1 - x0), y0 + share * (y1 - y0)];
  return { from: point(from), to: point(to), entered: from > 0, left: to < 1 };
}

function upTo(at, step) {
  let low = 0;
  let high = at.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at[middle] <= step) low = middle + 1;
    else high = middle;
  }
  return low;
}

// Where the head of a path is: on its last finite point, or between two while it plays. In space it is nowhere while
// the path is outside the box.
function headOf(path, step, view) {
  let index = indexAt(path, step);
  const finite = (point) => Number.isFinite(point[0]) && Number.isFinite(point[1]);
  while (index >= 0 && !path.z && !finite(view.at(path, index))) index--;
  if (index >= 0 && !finite(view.at(path, index))) return null;
  if (index < 0) return null;
  const here = view.at(path, index);
  const since = step - stepAt(path, index);
  if (since <= 1e-9 || index + 1 >= path.n) return { at: here };
  const next = view.at(path, index + 1);
  if (!finite(next)) return { at: here };
  const share = since / (stepAt(path, index + 1) - stepAt(path, index));
  const cut = clipSegment(here, [here[0] + share * (next[0] - here[0]), here[1] + share * (next[1] - here[1])], view.box);
  return cut ? { from: cut.from, at: cut.to } : { at: here };
}

function clipTo(pen, box) {
  pen.beginPath();
  pen.rect(box.x, box.y, box.w, box.h);
  pen.clip();
}

function stroke(pen, group, width, offset) {
  pen.strokeStyle = group.color;
  pen.lineWidth = width;
  pen.lineJoin = "round";
  pen.lineCap = group.dash.length ? "butt" : "round";
  pen.setLineDash(group.dash.map((length) => length * width));
  pen.lineDashOffset = offset;
  pen.stroke();
}

function drawSpans(pen, { group, intervals, lane, opacity }, view, step) {
  pen.fillStyle = group.color;
  pen.globalAlpha = opacity;
  for (const [low, high] of intervals) {
    if (low > step) continue;
    const left = view.across(low);
    const top = view.box.y + (1 - lane[1]) * view.box.h;
    pen.fillRect(left, top, view.across(Math.min(high, step)) - left, (lane[1] - lane[0]) * view.box.h);
  }
  pen.globalAlpha = 1;
}

function drawMovingLine(pen, { x, y, look, dash }, k, view) {
  pen.beginPath();
  let open = false;
  for (let i = 0; i < x[k].length; i++) {
    const [px, py] = view.place(x[k][i], y[k][i]);
    const there = Number.isFinite(px) && Number.isFinite(py);
    if (there && open) pen.lineTo(px, py);
    else if (there) pen.moveTo(px, py);
    open = there;
  }
  pen.strokeStyle = look.color;
  pen.lineWidth = look.width;
  pen.lineJoin = "round";
  pen.setLineDash(dash);
  pen.lineDashOffset = 0;
  pen.stroke();
  pen.setLineDash([]);
}

// One pixel a cell of the grid, stretched over the panel.
function drawField(pen, { frames, columns, rows, colors, low, high, smooth, opacity }, k, view) {
  const [w, h] = [columns.length, rows.length];
  const image = new ImageData(w, h);
  const shades = colors.map((color) => [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16)));
  for (let j = 0; j < h; j++) {
    for (let i = 0; i < w; i++) {
      const value = frames[k][j * w + i];
      if (!Number.isFinite(value)) continue;
      const share = Math.min(Math.max((value - low) / (high - low), 0), 1);
      const at = smooth ? share * (shades.length - 1) : Math.min(Math.floor(share * shades.length), shades.length - 1);
      const [a, b] = [shades[Math.floor(at)], shades[Math.min(Math.floor(at) + 1, shades.length - 1)]];
      for (let c = 0; c < 3; c++) image.data[4 * ((h - 1 - j) * w + i) + c] = a[c] + (smooth ? (at % 1) * (b[c] - a[c]) : 0);
      image.data[4 * ((h - 1 - j) * w + i) + 3] = 255;
    }
  }
  const cells = document.createElement("canvas");
  [cells.width, cells.height] = [w, h];
  cells.getContext("2d").putImageData(image, 0, 0);
  const [dx, dy] = [(columns[w - 1] - columns[0]) / (w - 1) / 2, (rows[h - 1] - rows[0]) / (h - 1) / 2];
  const [left, top] = view.place(columns[0] - dx, rows[h - 1] + dy);
  const [right, bottom] = view.place(columns[w - 1] + dx, rows[0] - dy);
  pen.save();
  clipTo(pen, view.box);
  pen.globalAlpha = opacity;
  pen.imageSmoothingEnabled = smooth;
  pen.drawImage(cells, left, top, right - left, bottom - top);
  pen.restore();
}

function drawTangent(pen, tangent, view, step, group, width) {
  const i = Math.min(step, tangent.x.length - 1);
  const [x, y, slope, reach] = [tangent.x[i], tangent.y[i], tangent.slope[i], tangent.half_width];
  if (!Number.isFinite(x) || !Number.isFinite(y) || !Number.isFinite(slope)) return;
  const [from, to] = [view.place(x - reach, y - slope * reach), view.place(x + reach, y + slope * reach)];
  const cut = clipSegment(from, to, view.box);
  if (!cut) return;
  pen.beginPath();
  pen.moveTo(...cut.from);
  pen.lineTo(...cut.to);
  pen.globalAlpha = 0.75;
  stroke(pen, { color: group.color, dash: [] }, width, 0);
  pen.globalAlpha = 1;
}

const polygon = (n, turn, radius) =>
  Array.from({ length: n }, (_, k) => {
    const angle = turn + (2 * Math.PI * k) / n;
    const r = typeof radius === "function" ? radius(k) : radius;
    return [r * Math.cos(angle), r * Math.sin(angle)];
  });
const UP = -Math.PI / 2;
const cross = (w) => [
  [-w, -1], [w, -1], [w, -w], [1, -w], [1, w], [w, w], [w, 1], [-w, 1], [-w, w], [-1, w], [-1, -w], [-w, -w],
];
// Corners of each marker in units of half its size; the circle has none.
const SYMBOLS = {
  square: [[-0.85, -0.85], [0.85, -0.85], [0.85, 0.85], [-0.85, 0.85]],
  diamond: polygon(4, UP, 1.15),
  "triangle-up": polygon(3, UP, 1.2),
  "triangle-down": polygon(3, -UP, 1.2),
  pentagon: polygon(5, UP, 1.05),
  hexagon: polygon(6, UP, 1.05),
  star: polygon(10, UP, (k) => (k % 2 ? 0.55 : 1.3)),
  cross: cross(0.34),
  x: cross(0.34).map(([x, y]) => [(x - y) * 0.74, (x + y) * 0.74]),
};

function drawSymbol(pen, symbol, x, y, size, color, outline, rim) {
  const half = size / 2;
  pen.beginPath();
  const corners = SYMBOLS[symbol];
  if (corners) corners.forEach(([cx, cy], k) => (k ? pen.lineTo(x + cx * half, y + cy * half) : pen.moveTo(x + cx * half, y + cy * half)));
  else pen.arc(x, y, half, 0, 2 * Math.PI);
  pen.closePath();
  pen.setLineDash([]);
  pen.lineJoin = "round";
  // The rim lies outside the marker, so that its colour keeps its full size.
  pen.strokeStyle = outline;
  pen.lineWidth = 2 * rim;
  pen.stroke();
  pen.fillStyle = color;
  pen.fill();
}
