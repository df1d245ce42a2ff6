// Where things lie: how a flat panel maps numbers to pixels, what of a line is inside it, where a head is at a step.

const FAR = 4000; // pixels beyond a panel at which lines are cut: a canvas cannot draw to 1e300
const SAME = 0.3; // pixels: points closer than this are one
const SLACK = 0.5; // pixels by which a line may pass its points while it follows a hand

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
    trace: (path, rough) => {
      const { xs, ys } = scratch(path.n);
      along(xs, path.x, path.n, xa, sx, box.x);
      along(ys, path.y, path.n, ya, -sy, box.y + box.h);
      return pixels(path, xs, ys, box, null, rough);
    },
    inverse: (x, y) => {
      const value = (ax, share) => {
        const v = ax.range[0] + share * (ax.range[1] - ax.range[0]);
        return ax.type === "log" ? 10 ** v : v;
      };
      return { x: value(xa, (x - box.x) / box.w), y: value(ya, 1 - (y - box.y) / box.h) };
    },
  };
}

// Writes where numbers lie along an axis, in pixels.
function along(to, values, n, axis, scale, start) {
  const [from] = axis.range;
  if (axis.type === "log") {
    for (let i = 0; i < n; i++) to[i] = start + ((values[i] > 0 ? Math.log10(values[i]) : NaN) - from) * scale;
  } else for (let i = 0; i < n; i++) to[i] = start + (values[i] - from) * scale;
}

// Linear up to `within`, then one unit a decade (``picture.axes.scaled``).
function symlog(values, within) {
  return values.map((value) => {
    const size = Math.abs(value) / within;
    return Math.sign(value) * (size <= 1 ? size : 1 + Math.log10(size));
  });
}

// Room for one path at a time, kept: what follows a hand is traced in every frame.
const desk = {};

function scratch(n) {
  if (!(desk.xs?.length >= n)) {
    for (const name of ["xs", "ys"]) desk[name] = new Float64Array(n);
    for (const name of ["px", "py", "at"]) desk[name] = new Float64Array(2 * n);
    for (const name of ["breaks", "faint"]) desk[name] = new Uint8Array(2 * n);
  }
  return desk;
}

// The polyline of a path whose points lie at the pixels (xs, ys): cut where it runs far out, gaps kept, and no two points
// closer than can be seen. `isFaint(i)` tells what something hides. With `rough` = { step } it goes through fewer points,
// but through that of the step up to which it is drawn.
function pixels(path, xs, ys, box, isFaint, rough) {
  const { px, py, at, breaks, faint } = scratch(path.n);
  const [left, right, top, bottom] = [box.x - FAR, box.x + box.w + FAR, box.y - FAR, box.y + box.h + FAR];
  let n = 0;
  const push = (x, y, step, isBreak, dim) => {
    px[n] = x;
    py[n] = y;
    at[n] = step;
    breaks[n] = isBreak;
    faint[n] = dim;
    n += 1;
  };
  let last = -1; // the last finite point
  let open = false; // whether the polyline ends there
  let isNear = false; // whether it lies where nothing is cut
  for (let i = 0; i < path.n; i++) {
    const x = xs[i];
    const y = ys[i];
    if (!Number.isFinite(x) || !Number.isFinite(y)) {
      last = -1;
      open = false;
      continue;
    }
    const wasNear = isNear;
    isNear = x >= left && x <= right && y >= top && y <= bottom;
    if (last >= 0) {
      const fromX = xs[last];
      const fromY = ys[last];
      const isSame = Math.abs(x - fromX) < SAME && Math.abs(y - fromY) < SAME;
      if (isSame && open && i < path.n - 1) {
        isNear = wasNear;
        continue;
      }
      const whole = wasNear && isNear;
      const cut = whole ? null : clipSegment([fromX, fromY], [x, y], box);
      if (whole || cut) {
        const step = stepAt(path, i);
        const dim = isFaint !== null && isFaint(i);
        if (!open || cut?.entered) push(cut ? cut.from[0] : fromX, cut ? cut.from[1] : fromY, step, true, dim);
        push(cut ? cut.to[0] : x, cut ? cut.to[1] : y, step, false, dim);
      }
      open = whole || Boolean(cut && !cut.left);
    }
    last = i;
  }
  // Where a path shares its line with others the gaps in it begin and end at steps of their own.
  const isRough = Boolean(rough) && !path.shared.length;
  if (isRough) n = thinned(n, rough.step);
  const cumulative = new Float64Array(n);
  for (let i = 1; i < n; i++) {
    if (!breaks[i]) cumulative[i] = cumulative[i - 1] + Math.sqrt((px[i] - px[i - 1]) ** 2 + (py[i] - py[i - 1]) ** 2);
  }
  const [shownX, shownY, steps, gaps, dims] = [px, py, at, breaks, faint].map((array) => array.slice(0, n));
  return { px: shownX, py: shownY, at: steps, breaks: gaps, faint: dims, cumulative, isRough };
}

// Leaves out, of the n points of the polyline in `desk`, those that a longer stretch passes within SLACK; returns how many
// stay. A stretch goes on as long as its end lies in the cone in which it passes all points since its beginning, and
// away from that (Reumann and Witkam's strip with Sklansky and Gonzalez' cone, 1980).
function thinned(n, shownTo) {
  const { px, py, at, breaks, faint } = desk;
  let kept = 0;
  const keep = (i) => {
    px[kept] = px[i];
    py[kept] = py[i];
    at[kept] = at[i];
    breaks[kept] = breaks[i];
    faint[kept] = faint[i];
    kept += 1;
  };
  let open = -1; // the last point that the stretch passes or reaches
  let [fromX, fromY, far] = [0, 0, 0];
  let [lowX, lowY, highX, highY] = [0, 0, 0, 0]; // the rims of the cone
  let isWide = true; // whether it is still open to all sides
  const begin = (i) => {
    keep(i);
    fromX = px[kept - 1];
    fromY = py[kept - 1];
    far = 0;
    isWide = true;
    open = -1;
  };
  for (let i = 0; i < n; i++) {
    if (breaks[i]) {
      if (open >= 0) keep(open);
      begin(i);
      continue;
    }
    let [x, y] = [px[i] - fromX, py[i] - fromY];
    let reach = x * x + y * y;
    const goesOn = open < 0 || (faint[i] === faint[open] && !(at[open] <= shownTo && at[i] > shownTo) && reach >= far
      && (isWide || (lowX * y - lowY * x >= 0 && x * highY - y * highX >= 0)));
    if (!goesOn) {
      begin(open);
      [x, y] = [px[i] - fromX, py[i] - fromY];
      reach = x * x + y * y;
    }
    open = i;
    far = reach;
    if (reach <= SLACK * SLACK) continue;
    const along = Math.sqrt(reach - SLACK * SLACK);
    const [leftX, leftY] = [x * along - y * SLACK, y * along + x * SLACK];
    const [rightX, rightY] = [x * along + y * SLACK, y * along - x * SLACK];
    if (isWide || lowX * rightY - lowY * rightX > 0) [lowX, lowY] = [rightX, rightY];
    if (isWide || highX * leftY - highY * leftX < 0) [highX, highY] = [leftX, leftY];
    isWide = false;
  }
  if (open >= 0) keep(open);
  return kept;
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
