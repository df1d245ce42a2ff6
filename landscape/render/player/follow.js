// Paths that follow what is changed in the picture: starts that are moved, knobs that are turned. Python's numbers stay
// where nothing was changed. While something moves, only the canvases over Plotly's picture are drawn. Once it rests the
// page is told, and answers with a picture of its own; without a page (a slide, a deck) Plotly takes the new paths over,
// so that hovering tells them too.

// What the panels of a descent show of a path, by their keys: [across, up].
const SHOWN = {
  map: ({ x }) => [x[0], x[1]],
  curve: ({ x, values }) => [x[0], values],
  loss: ({ steps, values }) => [steps, values],
  gradient_norm: ({ steps, norms }) => [steps, norms],
};

const STILL = 150; // milliseconds without a change after which the paths are drawn in full

const throughout = (values) => [{ from: 0, values: [...values] }];
const sameNumbers = (a, b) => a.length === b.length && a.every((value, i) => value === b[i]);

class Follow {
  constructor(player) {
    this.player = player;
    this.handles = new Handles(this);
    this.knobs = new Knobs(this);
    this.lens = new Lens(this);
    this.arithmetic = new Arithmetic(this);
    this.words = element("p", { class: "ls-told" });
    this.machine = null;
  }

  // Another scene. What its payload cannot run is said; a scene without lists says nothing and offers nothing.
  use(scene) {
    this.scene = scene;
    this.machine = null;
    this.changed = new Map(); // the paths that are no longer Python's, by track
    this.told = null;
    this.isAhead = false;
    this.player.root.classList.remove("ls-changed", "ls-following", "ls-ahead");
    this.say(scene.live?.words ?? "");
    const { live } = scene;
    if (live && !live.words) {
      try {
        if (scene.panels.every(({ key }) => key in SHOWN)) this.machine = new Machine(live);
        refuse(!this.machine || scene.tracks.length === live.walkers.length * live.starts.length);
      } catch (error) {
        this.machine = null;
        this.say(tr("The paths cannot follow here: {why}.", { why: error.message }));
      }
    }
    if (this.machine) this.#begin(live);
    this.handles.use();
    this.knobs.use();
    this.lens.use();
    this.arithmetic.use();
    this.player.tell();
  }

  // Paths that Python never ran (``live.unrun``) are run once the picture stands.
  runFirst() {
    if (!this.machine || !this.scene.live.unrun || this.changed.size) return;
    this.rerun();
    this.settle();
  }

  #begin({ starts, n_steps: nSteps, most_steps: mostSteps }) {
    this.starts = starts.map((point) => [...point]);
    this.turns = this.machine.walkers.map(({ values }) => throughout(values));
    this.nSteps = nSteps;
    this.mostSteps = mostSteps;
    const { panels, tracks, figure } = this.scene;
    this.was = {
      ...{ starts, nSteps, data: figure.data, layout: figure.layout },
      values: this.machine.walkers.map(({ values }) => values),
      marks: panels.map(({ marks }) => marks),
      spans: panels.map(({ spans }) => spans),
      paths: new Map(panels.flatMap(({ paths, tangents }) => [...paths, ...tangents].map((one) => [one, { ...one }]))),
      told: new Map(tracks.map((track) => [track, { values: new Map(track.values), last: track.last }])),
    };
  }

  get on() {
    return this.machine !== null;
  }

  // Whether the picture is that of its recipe, so that the page may be told of the changes as of another recipe.
  get isRecipe() {
    return this.turns.every((turns) => turns.length === 1);
  }

  // Puts start s elsewhere. Returns whether the surface has a value there; where it has none all paths stay.
  move(s, point) {
    const before = this.starts[s];
    this.starts[s] = point;
    if (this.rerun()) return true;
    this.starts[s] = before;
    this.say(tr("Start {n} stays: the surface has no value at {point}.", { n: s + 1, point: atPoint(point) }));
    return false;
  }

  // Gives a walker other values: for its whole run, or from the step at which the playhead stands.
  turn(walker, place, value, fromHere) {
    const from = fromHere ? Math.floor(this.player.state.step + 1e-9) % Math.max(this.nSteps, 1) : 0;
    const values = [...this.turns[walker].findLast((turn) => turn.from <= from).values];
    values[place] = value;
    this.turns[walker] = [...this.turns[walker].filter((turn) => turn.from < from), { from, values }];
    this.rerun();
  }

  lengthen(nSteps) {
    this.nSteps = nSteps;
    this.rerun();
  }

  // Draws what the page was asked for before it answers, [{ place, value }, ...]: a place is "steps", or the numbers of an
  // optimizer and of its value. Without any it draws what was answered last.
  foresee(settings) {
    if (!this.on || this.isHeld) return;
    const turns = this.was.values.map(throughout);
    let { nSteps } = this.was;
    for (const { place, value } of settings) {
      if (place === "steps") nSteps = value;
      else if (turns[place[0]]) turns[place[0]][0].values[place[1]] = value;
    }
    // The factors of a schedule are those of a run of its length.
    if (nSteps > this.mostSteps || (this.scene.live.factors && nSteps !== this.was.nSteps)) return;
    Object.assign(this, { turns, nSteps, isAhead: settings.length > 0 });
    this.player.root.classList.toggle("ls-ahead", this.isAhead);
    this.rerun();
  }

  // As Python had it.
  reset() {
    this.starts = this.was.starts.map((point) => [...point]);
    this.turns = this.was.values.map(throughout);
    this.nSteps = this.was.nSteps;
    this.rerun();
    this.rest();
  }

  #isChanged(walker, s) {
    const [turn, ...later] = this.turns[walker];
    return this.scene.live.unrun || later.length > 0 || this.nSteps !== this.was.nSteps || !sameNumbers(turn.values, this.was.values[walker])
      || !sameNumbers(this.starts[s], this.was.starts[s]);
  }

  // Runs what is changed, and draws it. Returns false, with all as it was, where a start has no value.
  rerun() {
    const jobs = this.turns.flatMap((turns, walker) => {
      const which = this.starts.flatMap((_, s) => (this.#isChanged(walker, s) ? [s] : []));
      return which.length ? [{ walker, turns, which, starts: which.map((s) => this.starts[s]) }] : [];
    });
    const found = this.machine.run(jobs, this.nSteps);
    const isLost = ({ values, norms }, s) =>
      !(Number.isFinite(values[0]) && Number.isFinite(norms[0])) && !sameNumbers(this.starts[s], this.was.starts[s]);
    if (jobs.some(({ which }, j) => which.some((s, k) => isLost(found[j][k], s)))) return false;
    const { scene, player } = this;
    const before = this.changed;
    this.changed = new Map(jobs.flatMap(({ walker, which }, j) =>
      which.map((s, k) => [scene.tracks[walker * this.starts.length + s].id, found[j][k]])));
    const steps = Float64Array.from({ length: this.nSteps + 1 }, (_, t) => t);
    for (const track of scene.tracks) {
      const path = this.changed.get(track.id);
      if (path) this.#put(track, { ...path, steps });
      else if (before.has(track.id)) this.#putBack(track);
    }
    const isMine = ({ track, tracks }) => [track, ...(tracks ?? [])].some((id) => this.changed.has(id));
    scene.panels.forEach((panel, k) => {
      const starts = this.was.marks[k].filter(({ kind }) => kind === "start");
      const others = this.was.marks[k].filter((mark) => mark.kind !== "start" && !isMine(mark));
      const moved = starts.length ? this.starts.map(([x, y], s) => ({ ...starts[0], x, y: y ?? this.valueAt(s) })) : [];
      panel.marks = [...others, ...moved];
      panel.spans = this.was.spans[k].filter((spans) => !isMine(spans));
    });
    this.say("");
    if (scene.n_steps !== this.nSteps) player.lengthen(this.nSteps);
    player.root.classList.add("ls-following");
    player.root.classList.toggle("ls-changed", this.changed.size > 0);
    if (before.size > 0 !== this.changed.size > 0) player.tell();
    const rough = player.state.playing ? null : { step: player.state.step };
    player.overlay.retrace((id) => this.changed.has(id) || before.has(id), rough);
    player.draw();
    clearTimeout(this.refining);
    this.refining = setTimeout(() => this.refine(), STILL);
    this.handles.place();
    this.knobs.tell();
    return true;
  }

  // Nothing moved for a moment: the picture is as exact as one that stands.
  refine() {
    if (this.player.gone) return;
    this.player.overlay.refine();
    this.player.draw();
    this.player.tell();
    if (!this.isAhead) this.#fit();
  }

  // Loss and norm are shown as far as moved paths go; what somebody zoomed stays.
  #fit() {
    const { plot, options } = this.player;
    const before = this.scene.figure.layout;
    this.#widen();
    const changes = this.#curves.flatMap(axisNames).flatMap((name) => {
      const { range } = this.scene.figure.layout[name];
      const isTouched = sameNumbers(range, before[name].range) || !sameNumbers(plot._fullLayout[name].range, before[name].range);
      return isTouched ? [] : [[`${name}.range`, [...range]]];
    });
    if (changes.length) options.Plotly.relayout(plot, Object.fromEntries(changes));
  }

  #put(track, path) {
    track.last = path.last;
    track.values = new Map();
    track.told = (step) => this.#told(path, step);
    for (const panel of this.scene.panels) {
      for (const own of panel.paths) {
        if (own.track !== track.id) continue;
        const [x, y] = SHOWN[panel.key](path);
        Object.assign(own, { x, y: panel.symlog ? symlog(y, panel.symlog) : y, steps: null, shared: [], n: path.last + 1 });
        const names = { loss: path.values, "gradient norm": path.norms };
        for (const [name, values] of Object.entries(names)) track.values.set(name, { path: own, at: (i) => values[i] });
      }
      for (const tangent of panel.tangents) {
        if (tangent.track === track.id) Object.assign(tangent, { x: path.x[0], y: path.values, slope: path.slopes });
      }
    }
  }

  #putBack(track) {
    Object.assign(track, this.was.told.get(track), { told: null });
    for (const panel of this.scene.panels) {
      for (const own of [...panel.paths, ...panel.tangents]) if (own.track === track.id) Object.assign(own, this.was.paths.get(own));
    }
  }

  // Never a verdict: that is Python's.
  #told({ x, last }, step) {
    if (step > last) return tr("no finite number after step {last}", { last });
    const [least] = this.machine.curvature(x.map((column) => column[step]));
    return Number.isFinite(least?.value) ? tr("smallest Hessian eigenvalue {value}", { value: formatNumber(least.value) }) : "";
  }

  // Where start s lies in a view: on the map, or on the curve.
  at(view, s) {
    const [x, y] = this.starts[s];
    return view.place(x, y ?? this.valueAt(s));
  }

  valueAt(s) {
    const { values } = this.scene.tracks[s];
    const told = values.get("loss");
    if (told) return told.at(0);
    return this.scene.panels[0].paths.find(({ track }) => track === this.scene.tracks[s].id).y[0];
  }

  say(text) {
    write(this.words, text);
    if (text) this.player.announce(text);
  }

  // Whether something is in a hand, so that another picture would take it out of it.
  get isHeld() {
    return Boolean(this.handles.drag) || this.knobs.held;
  }

  // What was moved has come to rest: the page is told. Where it knows already, or there is none, Plotly takes the paths over.
  rest() {
    const { player } = this;
    const { waiting } = player;
    player.waiting = null;
    if (player.options.onChange && this.isRecipe && !this.#isToldAlready()) player.options.onChange(this.#change());
    else if (waiting) player.update(waiting);
    else if (player.root.classList.contains("ls-following")) this.settle();
  }

  #change() {
    return { starts: this.starts, values: this.turns.map(([{ values }]) => values), n_steps: this.nSteps };
  }

  #isToldAlready() {
    const now = JSON.stringify(this.#change());
    const same = now === (this.told ?? JSON.stringify({ starts: this.was.starts, values: this.was.values, n_steps: this.was.nSteps }));
    this.told = now;
    return same;
  }

  // The figure as it would have come with these paths, so that hovering and saved pictures tell the same.
  async settle() {
    const { figure } = this.scene;
    figure.data = this.was.data.map((trace) => this.#rebuilt(trace));
    this.#widen();
    this.player.root.classList.remove("ls-following");
    await this.player.show();
  }

  get #curves() {
    return this.scene.panels.filter(({ key }) => key === "loss" || key === "gradient_norm");
  }

  // The panels show where paths begin and how deep they get; one that runs away leaves at the top.
  #widen() {
    const layout = structuredClone(this.was.layout);
    this.scene.figure.layout = layout;
    for (const panel of this.#curves) {
      const [across, up] = axisNames(panel).map((name) => layout[name]);
      const seen = up.type === "log" ? Math.log10 : (y) => y;
      let [low, high] = up.range;
      const pad = 0.04 * (high - low);
      for (const { y, n } of panel.paths.filter(({ track }) => this.changed.has(track))) {
        if (Number.isFinite(seen(y[0]))) high = Math.max(high, seen(y[0]) + pad);
        for (let i = 0; i < n; i++) if (Number.isFinite(seen(y[i]))) low = Math.min(low, seen(y[i]) - pad);
      }
      across.range = [0, Math.max(this.nSteps, 1)];
      up.range = [low, high];
    }
  }

  #rebuilt(trace) {
    const { role, kind, panel, tracks = [], intervals } = trace.meta;
    if (kind === "start") {
      const rows = this.starts.map((point, s) => [point[0], point[1] ?? this.valueAt(s)]);
      return { ...trace, x: rows.map(([x]) => x), y: rows.map(([, y]) => y), hovertext: rows.map((_, s) => tr("start {n}", { n: s + 1 })) };
    }
    if (!tracks.some((id) => this.changed.has(id))) return trace;
    if (role === "spans") return { ...trace, meta: { ...trace.meta, intervals: this.changed.has(tracks[0]) ? [] : intervals } };
    if (role === "points") return cutRows(trace, tracks.map((id) => !this.changed.has(id)));
    return role === "path" ? this.#joined(trace, this.scene.panelOf.get(panel)) : trace;
  }

  // The paths of a group in one trace, with a gap after each, as ``screen/traces.py`` lays them out.
  #joined(trace, panel) {
    const { tracks, first, count, columns } = trace.meta;
    const [x, y, steps, rows, firsts, counts] = [[], [], [], [], [], []];
    tracks.forEach((id, k) => {
      const path = panel.paths.find((own) => own.track === id);
      const live = this.changed.get(id);
      firsts.push(x.length);
      counts.push(path.n);
      const told = { loss: live?.values, "gradient norm": live?.norms, x: live?.x[0], y: live?.x[1] };
      for (let i = 0; i < path.n; i++) {
        x.push(path.x[i]);
        y.push(path.y[i]);
        steps.push(stepAt(path, i));
        rows.push(columns.map((name, column) => {
          if (!live) return trace.customdata[first[k] + i][column];
          return name === "step" ? i : name === "number" ? k + 1 : told[name]?.[i];
        }));
      }
      x.push(x.at(-1));
      y.push(NaN);
      steps.push(-1);
      rows.push(columns.map(() => NaN));
    });
    refuse(count.length === counts.length, "the paths of a group do not fit");
    return { ...trace, x: Float64Array.from(x), y: Float64Array.from(y), customdata: rows, meta: { ...trace.meta, first: firsts, count: counts, steps } };
  }

  destroy() {
    clearTimeout(this.refining);
    this.handles.stop();
    this.knobs.stop();
  }
}

function cutRows(trace, kept) {
  const rows = kept.flatMap((keep, k) => (keep ? [k] : []));
  const of = (values) => values && rows.map((k) => values[k]);
  const meta = { ...trace.meta, tracks: of(trace.meta.tracks), steps: of(trace.meta.steps) };
  return { ...trace, x: of(trace.x), y: of(trace.y), hovertext: of(trace.hovertext), meta };
}
