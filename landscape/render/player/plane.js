// Where things lie: how a flat panel maps numbers to pixels, what of a line is inside it, where a head is at a step.

const FAR = 4000; // pixels beyond a panel at which lines are cut: a canvas cannot draw to 1e300

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
    trace: (path) => {
      const along = (values, to, from, scale, start) => {
        const found = new Float64Array(path.n);
        for (let i = 0; i < path.n; i++) found[i] = start + (to(values[i]) - from) * scale;
        return found;
      };
      const xs = along(path.x, lx, xa.range[0], sx, box.x);
      return pixels(path, xs, along(path.y, ly, ya.range[0], -sy, box.y + box.h), box);
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

// The polyline of a path whose points lie at the pixels (xs, ys): cut where it runs far out, gaps kept, and no two points
// closer than can be seen.
function pixels(path, xs, ys, box, isFaint = () => false) {
  const room = 2 * path.n;
  const [px, py, at, cumulative] = Array.from({ length: 4 }, () => new Float64Array(room));
  const [breaks, faint] = [new Uint8Array(room), new Uint8Array(room)];
  const [left, right, top, bottom] = [box.x - FAR, box.x + box.w + FAR, box.y - FAR, box.y + box.h + FAR];
  let n = 0;
  const push = (x, y, step, isBreak, dim) => {
    cumulative[n] = n && !isBreak ? cumulative[n - 1] + Math.sqrt((x - px[n - 1]) ** 2 + (y - py[n - 1]) ** 2) : 0;
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
      const isSame = Math.abs(x - fromX) < 0.3 && Math.abs(y - fromY) < 0.3;
      if (isSame && open && i < path.n - 1) {
        isNear = wasNear;
        continue;
      }
      const whole = wasNear && isNear;
      const cut = whole ? null : clipSegment([fromX, fromY], [x, y], box);
      if (whole || cut) {
        const step = stepAt(path, i);
        const dim = isFaint(i);
        if (!open || cut?.entered) push(cut ? cut.from[0] : fromX, cut ? cut.from[1] : fromY, step, true, dim);
        push(cut ? cut.to[0] : x, cut ? cut.to[1] : y, step, false, dim);
      }
      open = whole || Boolean(cut && !cut.left);
    }
    last = i;
  }
  const [shownX, shownY, steps, lengths] = [px, py, at, cumulative].map((array) => array.subarray(0, n));
  return { px: shownX, py: shownY, at: steps, breaks: breaks.subarray(0, n), faint: faint.subarray(0, n), cumulative: lengths };
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
