// How things are drawn on a canvas once their pixels are known: strokes, spans, fields, tangents, markers.

function clipTo(pen, box) {
  pen.beginPath();
  pen.rect(box.x, box.y, box.w, box.h);
  pen.clip();
}

function stroke(pen, group, width, offset) {
  strokeAs(pen, group.color, group.dash, width, width, offset);
}

// Strokes the current path; lengths of a dash are in units of `unit` pixels.
function strokeAs(pen, color, dash, unit, width, offset) {
  pen.strokeStyle = color;
  pen.lineWidth = width;
  pen.lineJoin = "round";
  pen.lineCap = dash.length ? "butt" : "round";
  pen.setLineDash(dash.map((length) => length * unit));
  pen.lineDashOffset = offset;
  pen.stroke();
}

// A rim in the outline's colour round the current path, and a hairline of the edge's round that: one of the two stands
// out from any ground.
function casing(pen, theme, dash, width, offset) {
  const rim = Math.min(1.4, 0.6 * width);
  if (theme.edge !== theme.outline) strokeAs(pen, theme.edge, dash, width, width + 2 * rim + 1.4, offset);
  strokeAs(pen, theme.outline, dash, width, width + 2 * rim, offset);
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
function drawField(pen, { frames, columns, rows, colors, low, high, smooth, opacity, numerals }, k, view) {
  const [w, h] = [columns.length, rows.length];
  const image = new ImageData(w, h);
  const shades = colors.map((color) => [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16)));
  for (let j = 0; j < h; j++) {
    for (let i = 0; i < w; i++) {
      const value = frames[k][j * w + i];
      if (!Number.isFinite(value)) continue;
      const share = Math.min(Math.max((value - low) / (high - low), 0), 1);
      const at = smooth ? share * (shades.length - 1) : Math.min(Math.floor(share * shades.length), shades.length - 1);
      const whole = Math.floor(at);
      const a = shades[whole];
      const b = shades[Math.min(whole + 1, shades.length - 1)];
      const from = 4 * ((h - 1 - j) * w + i);
      for (let c = 0; c < 3; c++) image.data[from + c] = a[c] + (at - whole) * (b[c] - a[c]);
      image.data[from + 3] = 255;
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
  if (numerals) drawNumerals(pen, numerals, view);
  pen.restore();
}

// Numbers of regions, each in a rim, as Plotly writes those that come with a picture.
function drawNumerals(pen, { x, y, text, theme }, view) {
  pen.font = `700 ${theme.title_size}px ${theme.font_family}`;
  Object.assign(pen, { textAlign: "center", textBaseline: "middle", lineJoin: "round", lineWidth: 3, strokeStyle: theme.outline, fillStyle: theme.ink });
  text.forEach((number, k) => {
    const at = view.place(x[k], y[k]);
    pen.strokeText(number, ...at);
    pen.fillText(number, ...at);
  });
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
  outlineOf(pen, symbol, x, y, size / 2);
  // The rim lies outside the marker, so that its colour keeps its full size.
  pen.strokeStyle = outline;
  pen.lineWidth = 2 * rim;
  pen.stroke();
  pen.fillStyle = color;
  pen.fill();
}

// A head round what it stands on. Each group's ring has a size of its own, so that several lie inside each other.
function drawRing(pen, group, x, y, size, outline) {
  outlineOf(pen, group.ring.symbol, x, y, (size / 2) * group.ring.size);
  const width = size / 7;
  pen.strokeStyle = outline;
  pen.lineWidth = 2 * width;
  pen.stroke();
  pen.strokeStyle = group.color;
  pen.lineWidth = width;
  pen.stroke();
}

function outlineOf(pen, symbol, x, y, half) {
  pen.beginPath();
  const corners = SYMBOLS[symbol];
  if (corners) corners.forEach(([cx, cy], k) => (k ? pen.lineTo(x + cx * half, y + cy * half) : pen.moveTo(x + cx * half, y + cy * half)));
  else pen.arc(x, y, half, 0, 2 * Math.PI);
  pen.closePath();
  pen.setLineDash([]);
  pen.lineJoin = "round";
}
