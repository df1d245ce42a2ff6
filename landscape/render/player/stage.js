// What moves is drawn on two canvases over Plotly's picture: trails, which only grow while the run plays forward, and
// heads, drawn anew each frame. Plotly keeps what stands still: field, axes, marks, and the whole paths as faint ghosts
// that answer to hovering. Measured against redrawing traces through Plotly: see tests/benchmarks/bench_player.py.

const FAINT = 0.28; // opacity of what a relief hides

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
      const size = theme.head_size * this.scene.thinness;
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
        if (path.headed && view.holds(head.at)) {
          pen.globalAlpha = view.faint?.(path, indexAt(path, step)) ? 2 * FAINT : 1;
          drawSymbol(pen, path.group.marker, ...head.at, size, path.group.color, theme.outline, size / 7);
          pen.globalAlpha = 1;
        }
      }
      if (panel.kind !== "space") this.#drawMarks(pen, panel, view, whole, hidden);
      if (panel.kind !== "space" && panel.clickable && this.scene.mark) this.#drawRing(pen, view);
    }
  }

  // Round the point that was clicked, where the page remembers one.
  #drawRing(pen, view) {
    const { theme, mark } = this.scene;
    const at = view.place(...mark);
    if (!view.holds(at)) return;
    for (const [color, width] of [[theme.outline, 6], [theme.ink, 2.5]]) {
      pen.beginPath();
      pen.arc(...at, theme.head_size, 0, 2 * Math.PI);
      pen.setLineDash([]);
      pen.strokeStyle = color;
      pen.lineWidth = width;
      pen.stroke();
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
