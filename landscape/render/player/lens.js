// A lens of curvature at the head of one path on the map: what the Hessian says there. A level of the local quadratic, its
// two axes, and at each whether the surface rises or falls along it and how strongly (the eigenvalue).

const ARM = 46; // pixels from the head to the end of an axis
const LEVEL = 24; // pixels from the head to a level of the quadratic, along the flatter axis
const TURNS = Array.from({ length: 49 }, (_, k) => k / 24 - 1);

class Lens {
  constructor(follow) {
    this.follow = follow;
    this.words = element("p", { class: "ls-lens-words" });
    this.select = element("select", { "aria-label": tr("Curvature at the head of"), onchange: () => this.#choose() });
    this.box = element("label", { class: "ls-choice ls-lens", title: tr("What the Hessian says where a path is") }, [element("span", { text: tr("Curvature") }), this.select]);
    this.chosen = null;
  }

  use() {
    const { scene, machine } = this.follow;
    const panel = scene.panelOf.get("map");
    this.box.hidden = !panel || !machine?.bend;
    this.panel = this.box.hidden ? null : panel;
    const names = [tr("none"), ...(this.panel ? scene.tracks.map(({ label }) => label) : [])];
    // Until somebody chooses, it stands at the first path, where there are few.
    const value = this.chosen ?? (scene.few ? 1 : 0);
    this.at = Math.min(value, names.length - 1);
    this.select.replaceChildren(...names.map((text, value) => element("option", { value, text, selected: value === this.at })));
  }

  #choose() {
    this.at = this.chosen = Number(this.select.value);
    this.follow.player.draw();
  }

  draw(step, hidden) {
    const { follow } = this;
    // Where nobody asked for it, it makes room for a step in numbers.
    const track = this.panel && (this.chosen !== null || !follow.arithmetic.at) && follow.scene.tracks[this.at - 1];
    const view = follow.player.overlay.views?.get("map");
    const path = track && !hidden.has(track.group) ? this.panel.paths.find((own) => own.track === track.id) : null;
    const head = path && view && headOf(path, step, view);
    const i = path ? indexAt(path, step) : -1;
    const axes = i < 0 ? [] : follow.machine.curvature([path.x[i], path.y[i]]).filter(({ value }) => Number.isFinite(value));
    write(this.words, axes.length === 2 ? tr("Where {path} is, {first}; {second}.", { path: track.label, first: spoken(axes[0]), second: spoken(axes[1]) }) : "");
    if (head && axes.length === 2 && view.holds(head.at)) this.#show(head.at, axes, [path.x[i], path.y[i]], view);
  }

  #show(at, axes, point, view) {
    const { theme, line_width: width } = this.follow.scene;
    const pen = this.follow.player.overlay.heads.getContext("2d");
    const [x0, y0] = view.place(...point);
    // How far a step of one along an axis is on the screen, and where to.
    const ways = axes.map(({ value, axis: [ax, ay] }) => {
      const [x, y] = view.place(point[0] + ax, point[1] + ay);
      const length = Math.hypot(x - x0, y - y0);
      return { value, way: [(x - x0) / length, (y - y0) / length], length };
    });
    pen.save();
    clipTo(pen, view.box);
    for (const dashed of [false, true]) {
      const dash = dashed ? [2.2, 1.4] : [];
      pen.beginPath();
      for (const line of levels(ways, dashed)) line.forEach(([u, v], k) => pen[k ? "lineTo" : "moveTo"](at[0] + u, at[1] + v));
      casing(pen, theme, dash, width * 0.7, 0);
      strokeAs(pen, theme.ink, dash, width * 0.7, width * 0.7, 0);
      pen.beginPath();
      for (const { value, way: [x, y] } of ways) {
        if (value < 0 !== dashed) continue;
        for (const end of [-1, 1]) {
          pen.moveTo(at[0] + end * x * 0.3 * ARM, at[1] + end * y * 0.3 * ARM);
          pen.lineTo(at[0] + end * x * ARM, at[1] + end * y * ARM);
        }
      }
      casing(pen, theme, dash, width * 1.3, 0);
      strokeAs(pen, theme.ink, dash, width * 1.3, width * 1.3, 0);
    }
    pen.restore();
    ways.forEach((one) => this.#label(pen, at, one, view.box, theme));
  }

  // At the end of an axis that has more room.
  #label(pen, at, { value, way: [x, y] }, box, theme) {
    const told = { value: formatNumber(value) };
    const text = value > 0 ? tr("rises {value}", told) : value < 0 ? tr("falls {value}", told) : tr("is flat: {value}", told);
    const [dx, dy] = x * (box.x + box.w / 2 - at[0]) + y * (box.y + box.h / 2 - at[1]) >= 0 ? [x, y] : [-x, -y];
    pen.font = `600 ${theme.font_size}px ${theme.font_family}`;
    const half = pen.measureText(text).width / 2;
    const px = at[0] + dx * (ARM + 8 + Math.abs(dx) * half);
    const py = at[1] + dy * (ARM + 8 + theme.font_size / 2);
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.lineJoin = "round";
    pen.setLineDash([]);
    pen.lineWidth = 4;
    pen.strokeStyle = theme.outline;
    pen.strokeText(text, px, py);
    pen.fillStyle = theme.ink;
    pen.fillText(text, px, py);
  }
}

function spoken({ value, axis }) {
  const told = { axis: atPoint(axis.map((x) => Number(x.toFixed(3)))), value: formatNumber(value) };
  if (value > 0) return tr("the surface rises along {axis}: {value}", told);
  return value < 0 ? tr("the surface falls along {axis}: {value}", told) : tr("the surface is flat along {axis}: {value}", told);
}

// Where the local quadratic is one level higher than at the head, or (dashed) one lower: an ellipse or a pair of
// hyperbolas, as points in pixels from the head.
function levels(ways, dashed) {
  const sign = dashed ? -1 : 1;
  const pull = ways.map(({ value, length }) => (sign * value) / (length * length));
  const flattest = Math.min(...pull.filter((p) => p !== 0).map(Math.abs));
  if (!Number.isFinite(flattest) || !pull.some((p) => p > 0)) return [];
  // Never thinner than a pixel, never longer than the axes.
  const radius = pull.map((p) => (p === 0 ? 50 * LEVEL : Math.max(LEVEL * Math.sqrt(flattest / Math.abs(p)), 1)));
  const at = (a, b) => [0, 1].map((d) => a * radius[0] * ways[0].way[d] + b * radius[1] * ways[1].way[d]);
  const near = (line) => line.filter(([x, y]) => Math.hypot(x, y) <= ARM);
  if (pull.every((p) => p > 0)) return [TURNS.map((t) => at(Math.cos(Math.PI * t), Math.sin(Math.PI * t)))];
  const first = pull[0] > 0;
  const branch = (side) => TURNS.map((t) => [side * Math.cosh(5 * t), Math.sinh(5 * t)]);
  return [-1, 1].map((side) => near(branch(side).map(([c, s]) => (first ? at(c, s) : at(s, c)))));
}
