// What moves is drawn on canvases over Plotly's picture: ghosts, the whole paths, thin; trails up to the playhead; and
// heads with the marks above them. Plotly keeps what stands still: field, axes, and the whole paths unseen, which answer
// to hovering. Measured against redrawing traces through Plotly: see tests/benchmarks/bench_player.py.

const FAINT = 0.28; // opacity of what a relief hides
// Up to so many points all trails of a crowd are drawn anew each frame, so that the lower lines stay the lower ones;
// beyond, they only grow.
const REDRAWN = 16000;
// Beyond so many points the panels beside the first follow a hand in turn, one a frame.
const IN_TURN = 4000;
const PIECE = 64;
const NOTHING = "nothing";

class Stage {
  constructor(scene) {
    this.ghosts = canvasLayer("ls-ghosts");
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
    for (const canvas of [this.ghosts, this.trails, this.heads, this.floor]) sizeCanvas(canvas, width, height);
    this.shown = "";
    this.ghosted = "";
    this.rough = null;
    this.due = [];
    this.turn = 0;
    this.views = new Map();
    this.lines = [];
    this.shadows = [];
    for (const panel of this.scene.panels) {
      const view = panel.kind === "space" ? spaceView(gd, panel, this.scene) : planeView(gd, panel);
      if (!view) continue;
      this.views.set(panel.key, view);
      for (const path of panel.paths) {
        const line = { path, view, group: path.group, ...lookOf(path, panel, this.scene), ...view.trace(path), done: 0 };
        this.lines.push({ ...line, ...kindsOf(line) });
        if (view.shadow) this.shadows.push({ ...line, ...view.shadow(path) });
      }
    }
    // What stands back lies under what is drawn in full.
    this.lines.sort((a, b) => b.quiet - a.quiet);
    this.stale = true;
    this.isCrowd = this.lines.some(({ quiet }) => quiet);
    this.anew = this.isCrowd && this.#points <= REDRAWN;
  }

  // How many points all lines have.
  get #points() {
    return this.lines.reduce((sum, { px }) => sum + px.length, 0);
  }

  // Some paths have become others. What follows a hand is drawn `rough`, up to a step, until that rests.
  retrace(isChanged, rough = null) {
    this.due = rough ? this.#followers() : new Set(this.views.values());
    for (const line of this.lines) {
      if (!isChanged(line.path.track)) continue;
      if (this.due.has(line.view)) {
        Object.assign(line, line.view.trace(line.path, rough));
        Object.assign(line, kindsOf(line));
      } else line.isRough = true;
    }
    this.rough = rough;
    if (this.ghosted !== NOTHING) this.ghosted = "";
  }

  // The views that follow a hand in this frame.
  #followers() {
    const [first, ...others] = this.views.values();
    if (this.#points <= IN_TURN || !others.length) return new Set(this.views.values());
    this.turn = (this.turn + 1) % others.length;
    return new Set([first, others[this.turn]]);
  }

  // Draws in full again what was drawn rough.
  refine() {
    if (!this.rough) return;
    const tracks = new Set(this.lines.filter(({ isRough }) => isRough).map(({ path }) => path.track));
    this.retrace((id) => tracks.has(id));
  }

  moved(gd) {
    return this.scene.panels.some((panel) => panel.kind === "space" && viewMoved(gd, panel, this.views?.get(panel.key)));
  }

  // Shows everything up to a step; a fraction of a step lies on the way to the next one.
  draw(step, hidden, ghost) {
    const whole = Math.floor(step + 1e-9);
    if (this.rough && this.rough.step !== whole) this.refine();
    this.#drawGhosts(ghost, hidden);
    if (this.stale || this.drawnTo > whole || (this.anew && this.drawnTo !== whole)) this.#clear(this.views.values());
    else this.#clear(this.due);
    if (this.isCrowd) this.#grow(whole, hidden);
    else this.#patch(whole, hidden);
    this.drawnTo = whole;
    this.stale = false;
    this.due = [];
    this.#drawFloor(whole, hidden);
    this.#drawHeads(step, whole, hidden);
  }

  #clear(views) {
    const pen = this.trails.getContext("2d");
    for (const view of views) {
      const { x, y, w, h } = view.box;
      pen.clearRect(x - 1, y - 1, w + 2, h + 2);
      for (const line of this.lines) if (line.view === view) line.done = 0;
    }
  }

  // Draws all lines on to a step. Those of a crowd that look alike become one path: a stroke for each costs more than
  // what it draws.
  #grow(whole, hidden) {
    const pen = this.trails.getContext("2d");
    let [view, alike] = [null, null];
    const finish = () => {
      if (alike) strokeAs(pen, alike.color, [], alike.width, alike.width, 0);
      alike = null;
    };
    for (const line of this.lines) {
      const to = hidden.has(line.group.name) ? 0 : upTo(line.at, whole);
      if (to <= line.done) continue;
      const isPlain = line.quiet && !line.group.dash.length && line.kinds.length === 1 && !line.kinds[0].faint && !line.kinds[0].under;
      if (!isPlain || line.view !== view || line.color !== alike?.color) finish();
      if (line.view !== view) {
        if (view) pen.restore();
        view = line.view;
        pen.save();
        clipTo(pen, view.box);
      }
      const from = Math.max(line.done - 1, 0);
      if (isPlain) {
        if (!alike) pen.beginPath();
        alike ??= line;
        addPoints(pen, line, from, to, line.kinds[0].kind);
      } else this.#stroke(pen, line, from, to, line.width);
      line.done = to;
    }
    finish();
    if (view) pen.restore();
  }

  // Draws all lines on to a step, and around what is new of one all others once more: the lower ones stay the lower ones.
  #patch(whole, hidden) {
    const pen = this.trails.getContext("2d");
    for (const view of this.views.values()) {
      const lines = this.lines.filter((line) => line.view === view && !hidden.has(line.group.name));
      const longer = lines.filter((line) => upTo(line.at, whole) > line.done);
      if (!longer.length) continue;
      const boxes = longer.map((line) => boxOf(line, Math.max(line.done - 1, 0), upTo(line.at, whole)));
      for (const line of longer) line.done = upTo(line.at, whole);
      pen.save();
      clipTo(pen, view.box);
      pen.beginPath();
      for (const [left, top, right, bottom] of boxes) pen.rect(left, top, right - left, bottom - top);
      pen.clip();
      pen.clearRect(view.box.x - 1, view.box.y - 1, view.box.w + 2, view.box.h + 2);
      for (const line of lines) {
        for (const [from, to] of runsIn(line, boxes)) this.#stroke(pen, line, from, to, line.width);
      }
      pen.restore();
    }
  }

  // Strokes the points from .. to - 1 of a line, each kind of stretch in its own look.
  #stroke(pen, line, from, to, width) {
    const { cumulative, kinds, group, color, cased } = line;
    for (const look of kinds) {
      const dash = look.under ? [this.scene.gap, this.scene.gap * look.under] : group.dash;
      // A dash is counted from the start of the line, wherever the stretch begins that is drawn now.
      const stretches = dash.length ? stretchesOf(line, from, to, look.kind) : [[from, to]];
      const drawn = (as) => {
        for (const [first, end] of stretches) {
          pen.beginPath();
          addPoints(pen, line, first, end, look.kind);
          as(cumulative[first]);
        }
      };
      pen.globalAlpha = look.faint ? FAINT : 1;
      if (cased && !look.faint) drawn((offset) => casing(pen, this.scene.theme, dash, width, offset));
      drawn((offset) => stroke(pen, { color, dash }, width, offset));
    }
    pen.globalAlpha = 1;
  }

  // The whole paths, thin and faint; they are painted again only where something else is to be seen of them.
  #drawGhosts(ghost, hidden) {
    const shown = ghost || this.shadows.length ? `${ghost} ${[...hidden].join(";")}` : NOTHING;
    if (shown === this.ghosted) return;
    this.ghosted = shown;
    const pen = this.ghosts.getContext("2d");
    pen.clearRect(0, 0, this.ghosts.width, this.ghosts.height);
    // What of the paths' shadows is seen on the floor under a relief.
    for (const { px, py, breaks, faint, view, group } of this.shadows) {
      if (hidden.has(group.name)) continue;
      pen.save();
      clipTo(pen, view.box);
      pen.beginPath();
      for (let i = 1; i < px.length; i++) {
        if (breaks[i] || faint[i]) continue;
        pen.moveTo(px[i - 1], py[i - 1]);
        pen.lineTo(px[i], py[i]);
      }
      strokeAs(pen, this.scene.theme.muted, [], 1, this.scene.line_width, 0);
      pen.restore();
    }
    if (!ghost) return;
    for (const line of this.lines) {
      if (hidden.has(line.group.name)) continue;
      pen.save();
      clipTo(pen, line.view.box);
      this.#stroke(pen, line, 0, line.px.length, line.width * GHOST_WIDTH);
      pen.restore();
    }
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
      this.#drawMarks(pen, panel, view, whole, hidden, false);
      const heads = panel.paths
        .filter(({ group }) => !hidden.has(group.name))
        .map((path) => ({ path, ...lookOf(path, panel, this.scene), head: headOf(path, step, view) }))
        .filter(({ head }) => head)
        .sort((a, b) => b.quiet - a.quiet);
      drawTips(pen, view, heads);
      for (const { path, quiet, color, head } of heads) {
        const size = theme.head_size * (quiet ? this.scene.thinness ** 2 : 1);
        if (path.headed && view.holds(head.at)) {
          pen.globalAlpha = view.faint?.(path, indexAt(path, step)) ? 1.5 * FAINT : 1;
          if (this.#covers(head.at, size, panel, view)) drawRing(pen, path.group, ...head.at, theme.head_size, theme.outline);
          else drawSymbol(pen, path.group.marker, ...head.at, size, color, theme.outline, size / 7);
          pen.globalAlpha = 1;
        }
      }
      this.#drawMarks(pen, panel, view, whole, hidden, true);
      if (panel.kind !== "space" && panel.clickable && this.scene.mark) this.#drawPicked(pen, view);
    }
  }

  // Round the point that was clicked, where the page remembers one.
  #drawPicked(pen, view) {
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

  // Whether a head would hide a critical point.
  #covers([x, y], size, panel, view) {
    return panel.marks.some((mark) => {
      if (!mark.critical) return false;
      const [mx, my] = view.place(mark.x, mark.y, mark.z);
      return Math.hypot(mx - x, my - y) < (size + mark.size) / 2;
    });
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

  // Critical points and marks that come at a step stand over the heads, starts under them.
  #drawMarks(pen, panel, view, whole, hidden, over) {
    for (const mark of panel.marks) {
      if (mark.over !== over || mark.step > whole || (mark.group && hidden.has(mark.group))) continue;
      const [x, y] = view.place(mark.x, mark.y, mark.z);
      if (!view.holds([x, y])) continue;
      pen.globalAlpha = view.hidden?.(mark.x, mark.y, mark.z) ? 2 * FAINT : 1;
      drawSymbol(pen, mark.symbol, x, y, mark.size, mark.color, mark.outline, 1.6);
      pen.globalAlpha = 1;
    }
  }
}

// Draws what lies between the last step of each path and its head; what looks alike is one path.
function drawTips(pen, view, heads) {
  const tips = heads.filter(({ head }) => head.from);
  pen.save();
  clipTo(pen, view.box);
  tips.forEach(({ path, color, width, head }, k) => {
    const [before, after] = [tips[k - 1], tips[k + 1]];
    if (before?.color !== color || before.width !== width) pen.beginPath();
    pen.moveTo(...head.from);
    pen.lineTo(...head.at);
    if (after?.color !== color || after.width !== width) stroke(pen, { color, dash: path.group.dash }, width, 0);
  });
  pen.restore();
}

// The box [left, top, right, bottom] that a stretch of a line covers with its casing: whole pixels of the screen, for half
// a pixel that is cleared is half cleared, again and again.
function boxOf(line, from, to) {
  const box = extentOf(line, from, to);
  const reach = reachOf(line.width);
  const [low, high] = [Math.floor, Math.ceil].map((to) => (at) => to(at * pixelRatio()) / pixelRatio());
  return [low(box[0] - reach), low(box[1] - reach), high(box[2] + reach), high(box[3] + reach)];
}

// The box of the points from .. to - 1 of a line.
function extentOf({ px, py }, from, to) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = from; i < to; i++) {
    if (!Number.isFinite(px[i]) || !Number.isFinite(py[i])) continue;
    box[0] = Math.min(box[0], px[i]);
    box[1] = Math.min(box[1], py[i]);
    box[2] = Math.max(box[2], px[i]);
    box[3] = Math.max(box[3], py[i]);
  }
  return box;
}

// How far a line and its casing reach from its middle.
function reachOf(width) {
  return Math.ceil(width / 2 + 3);
}

// The stretches [from, to) of what is drawn of a line that touch one of the boxes.
function runsIn(line, boxes) {
  const { px, py, width, done } = line;
  const runs = [];
  const reach = reachOf(width);
  const touches = (left, top, right, bottom) =>
    boxes.some((box) => right + reach >= box[0] && left - reach <= box[2] && bottom + reach >= box[1] && top - reach <= box[3]);
  piecesOf(line).forEach((piece, k) => {
    if (k * PIECE + 1 >= done || !touches(...piece)) return;
    for (let i = k * PIECE + 1; i < Math.min((k + 1) * PIECE + 1, done); i++) {
      const [left, right] = px[i - 1] < px[i] ? [px[i - 1], px[i]] : [px[i], px[i - 1]];
      const [top, bottom] = py[i - 1] < py[i] ? [py[i - 1], py[i]] : [py[i], py[i - 1]];
      if (!touches(left, top, right, bottom)) continue;
      if (runs.at(-1)?.[1] === i) runs.at(-1)[1] = i + 1;
      else runs.push([i - 1, i + 1]);
    }
  });
  return runs;
}

// The boxes of every PIECE segments of a line, kept until it is another one: most of a line is far from what is new.
function piecesOf(line) {
  if (line.pieces?.px !== line.px) {
    const { px } = line;
    const boxes = Array.from({ length: Math.ceil((px.length - 1) / PIECE) }, (_, k) => extentOf(line, k * PIECE, Math.min((k + 1) * PIECE + 1, px.length)));
    line.pieces = { px, boxes };
  }
  return line.pieces.boxes;
}

// The stretches [first, end) of the points from .. to - 1 of a line that are of a kind.
function stretchesOf({ breaks, kind }, from, to, wanted) {
  const found = [];
  for (let i = from + 1; i < to; i++) {
    if (breaks[i] || kind[i] !== wanted) continue;
    if (found.at(-1)?.[1] === i) found.at(-1)[1] = i + 1;
    else found.push([i - 1, i + 1]);
  }
  return found;
}

// Adds those of the points from .. to - 1 of a line that are of a kind to the current path.
function addPoints(pen, { px, py, breaks, kind }, from, to, wanted) {
  let drawing = false;
  for (let i = from + 1; i < to; i++) {
    if (!breaks[i] && kind[i] === wanted) {
      if (!drawing) pen.moveTo(px[i - 1], py[i - 1]);
      pen.lineTo(px[i], py[i]);
      drawing = true;
    } else drawing = false;
  }
}

// Width, colour and casing of a path: one that stands back is thin and pale.
function lookOf({ track, group }, panel, { trackOf, theme, line_width: thin }) {
  const quiet = Boolean(trackOf.get(track).quiet);
  return { quiet, width: quiet ? thin : theme.line_width, color: quiet ? group.pale : group.color, cased: panel.ground && !quiet };
}

// What of a line has which look, by point: hidden behind a relief or not, over how many other lines it runs.
function kindsOf({ path, at, faint }) {
  if (!path.shared.length && !faint.includes(1)) return { kind: new Uint8Array(at.length), kinds: [{ kind: 0, faint: false, under: 0 }] };
  const kind = at.map((step, i) => 2 * underAt(path, step) + faint[i]);
  // The faint first, so that what is in front is drawn over it.
  const kinds = [...new Set(kind)].sort((a, b) => (b % 2) - (a % 2) || a - b);
  return { kind, kinds: kinds.map((k) => ({ kind: k, faint: Boolean(k % 2), under: k >> 1 })) };
}

function canvasLayer(name) {
  const canvas = document.createElement("canvas");
  canvas.className = name;
  canvas.setAttribute("aria-hidden", "true");
  return canvas;
}

// Pixels of a canvas for each of the page: as many as the screen has, up to two.
function pixelRatio() {
  return Math.min(window.devicePixelRatio || 1, 2);
}

function sizeCanvas(canvas, width, height) {
  const ratio = pixelRatio();
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  canvas.getContext("2d").scale(ratio, ratio);
}
