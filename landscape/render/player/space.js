// How a panel in space maps numbers to pixels: by the very matrices with which Plotly draws it, so that what moves over
// it costs no redrawing of the relief. What the relief hides is drawn faintly: each point is tested against the heights
// between it and the eye.

const RAY_STEPS = 40;

function spaceView(gd, panel, scene) {
  const plotted = gd._fullLayout[panel.axes.scene]?._scene;
  const camera = plotted?.glplot?.cameraParams;
  if (!camera) return null;
  const { width, height } = gd._fullLayout;
  const { x: across, y: up } = gd._fullLayout[panel.axes.scene].domain;
  const box = { x: across[0] * width, y: (1 - up[1]) * height, w: (across[1] - across[0]) * width, h: (up[1] - up[0]) * height };
  const scale = [...plotted.dataScale];
  const { model, view, projection } = camera;
  const whole = multiply(projection, multiply(view, model));
  const place = (x, y, z) => {
    const [a, b, c] = [x * scale[0], y * scale[1], z * scale[2]];
    const along = (row) => whole[row] * a + whole[row + 4] * b + whole[row + 8] * c + whole[row + 12];
    const w = along(3);
    return [box.x + 0.5 * (1 + along(0) / w) * box.w, box.y + 0.5 * (1 - along(1) / w) * box.h];
  };
  // The eye in the coordinates of the data: the view is a rotation and a shift, the model a scaling and a shift.
  const eye = [0, 1, 2].map((k) => {
    const world = -(view[4 * k] * view[12] + view[4 * k + 1] * view[13] + view[4 * k + 2] * view[14]);
    return (world - model[12 + k]) / model[5 * k] / scale[k];
  });
  const { hidden, below } = sightOver(scene.figure.data.find((trace) => trace.type === "surface" && trace.meta.panel === panel.key), eye);
  const [floor] = gd._fullLayout[panel.axes.scene].zaxis.range;
  const at = (path, i) => place(path.x[i], path.y[i], path.z[i]);
  const faint = (path, i) => Number.isFinite(path.z[i]) && hidden(path.x[i], path.y[i], path.z[i]);
  const seen = (path, pixel, isFaint, rough) => {
    const { xs, ys } = scratch(path.n);
    for (let i = 0; i < path.n; i++) [xs[i], ys[i]] = pixel(i);
    return pixels(path, xs, ys, box, isFaint, rough);
  };
  return {
    box,
    place,
    at,
    faint,
    hidden,
    camera: [...view, ...projection, ...model, ...scale],
    holds: ([x, y]) => x >= box.x && x <= box.x + box.w && y >= box.y && y <= box.y + box.h,
    trace: (path, rough) => seen(path, (i) => at(path, i), (i) => faint(path, i), rough),
    shadow: (path) => {
      const on = (i) => [path.x[i], path.y[i], Number.isFinite(path.z[i]) ? floor : NaN];
      return seen(path, (i) => place(...on(i)), (i) => !below(...on(i)));
    },
  };
}

// Whether Plotly's camera is elsewhere than when this view was made.
function viewMoved(gd, panel, view) {
  const plotted = gd._fullLayout[panel.axes.scene]?._scene;
  if (!plotted?.glplot) return false;
  const { model, view: looking, projection } = plotted.glplot.cameraParams;
  const now = [...looking, ...projection, ...model, ...plotted.dataScale];
  return !view || now.some((value, i) => value !== view.camera[i]);
}

// 4 x 4 matrices in the order of WebGL: column after column.
function multiply(a, b) {
  const product = new Array(16).fill(0);
  for (let column = 0; column < 4; column++) {
    for (let row = 0; row < 4; row++) {
      for (let k = 0; k < 4; k++) product[4 * column + row] += a[4 * k + row] * b[4 * column + k];
    }
  }
  return product;
}

// Returns what the relief hides: hidden(x, y, z) tells whether it stands between a point above it and the eye, below(x,
// y, z) whether a point under it is seen past its edge.
function sightOver(surface, eye) {
  if (!surface) return { hidden: () => false, below: () => true };
  const { x: xs, y: ys, z: rows } = surface;
  let top = -Infinity;
  let bottom = Infinity;
  for (const row of rows) {
    for (const z of row) {
      if (z > top) top = z;
      if (z < bottom) bottom = z;
    }
  }
  const tolerance = 0.004 * (top - bottom);
  const [x0, y0] = [xs[0], ys[0]];
  const [dx, dy] = [(xs[xs.length - 1] - x0) / (xs.length - 1), (ys[ys.length - 1] - y0) / (ys.length - 1)];
  const height = (x, y) => {
    const [i, j] = [(x - x0) / dx, (y - y0) / dy];
    if (!(i >= 0 && j >= 0 && i <= xs.length - 1 && j <= ys.length - 1)) return NaN;
    const [i0, j0] = [Math.min(Math.floor(i), xs.length - 2), Math.min(Math.floor(j), ys.length - 2)];
    const [u, v] = [i - i0, j - j0];
    return (1 - v) * ((1 - u) * rows[j0][i0] + u * rows[j0][i0 + 1]) + v * ((1 - u) * rows[j0 + 1][i0] + u * rows[j0 + 1][i0 + 1]);
  };
  // Calls seen(height of the ray above the relief) along the way from a point to the eye until it says no.
  const allAlong = (x, y, z, seen) => {
    const toEye = [eye[0] - x, eye[1] - y, eye[2] - z];
    // As far along the ray as it stays over the relief and below its top.
    const reach = Math.min(1, ...[
      [toEye[0], x, x0, xs[xs.length - 1]],
      [toEye[1], y, y0, ys[ys.length - 1]],
      [toEye[2], z, -Infinity, top],
    ].map(([move, from, low, high]) => (move > 0 ? (high - from) / move : move < 0 ? (low - from) / move : Infinity)));
    for (let k = 1; k <= RAY_STEPS; k++) {
      const share = reach * (k / RAY_STEPS) ** 1.5;
      if (!seen(z + share * toEye[2] - height(x + share * toEye[0], y + share * toEye[1]))) return false;
    }
    return true;
  };
  // Beyond the edge and over a hole there is no height to compare with.
  return {
    hidden: (x, y, z) => !allAlong(x, y, z, (above) => !(above < -tolerance)),
    below: (x, y, z) => allAlong(x, y, z, (above) => !(above > tolerance)),
  };
}
