// A grid of learning rates, and of momentum, that follows a slider: the browser carries out every descent in it by the
// lists of the payload, in double precision as the server does, and shows what it finds until the server's picture is
// there. Colours keep the scale of the last answer; what is said of an optimizer is the server's to say.

const SLICE = 12; // milliseconds at a time, so that a frame need not wait for all of it

class Grid {
  constructor(player) {
    this.player = player;
    this.words = element("p", { class: "ls-map-words" });
  }

  use(scene) {
    clearTimeout(this.task);
    this.scene = scene;
    this.machine = null;
    write(this.words, "");
    if (!scene.live) return;
    try {
      this.machine = new Machine(scene.live);
      this.grid = readGrid(scene, this.machine);
    } catch (error) {
      this.machine = null;
      write(this.words, tr("The curves cannot follow here: {why}.", { why: error.message }));
    }
    this.was = { ...scene.figure, title: scene.panels[0].title };
  }

  // What was set and has not been answered yet, as the player hears it (Follow.foresee).
  foresee(told) {
    const { machine, scene } = this;
    if (!machine) return;
    clearTimeout(this.task);
    const settings = [...machine.settings];
    const values = machine.walkers.map((walker) => [...walker.values]);
    let nSteps = scene.live.n_steps;
    let isOther = false;
    for (const { place, value } of told) {
      if (place === "steps") nSteps = value;
      else if (place[0] === "surface") settings[place[1]] = value;
      else if (place[1] && values[place[0]]) values[place[0]][place[1]] = value;
      else continue; // a learning rate: the grid has its own
      isOther = true;
    }
    const { classList } = this.player.root;
    if (!isOther && !classList.contains("ls-ahead")) return;
    classList.remove("ls-ahead");
    if (!isOther) this.#put(this.was.data, this.was.layout);
    // The factors of a schedule are those of a run of its length.
    else if (nSteps <= scene.live.most_steps && !(machine.factors && nSteps !== scene.live.n_steps)) this.#go(this.#tried(settings, values, nSteps));
  }

  // What is set meanwhile begins anew.
  #go(tried) {
    const until = performance.now() + SLICE;
    while (performance.now() < until) if (tried.next().done) return;
    this.task = setTimeout(() => this.#go(tried));
  }

  // Row after row of the grid, step by step.
  *#tried(settings, values, nSteps) {
    const { places, memories, low, high } = this.grid;
    const { highest } = onDomain(this.machine.surface, settings, low, high);
    const found = values.map(() => []);
    for (const [walker, own] of values.entries()) {
      const swept = places[walker] < 0 ? [] : memories.map((one) => own.map((value, k) => (k === places[walker] ? one : value)));
      for (const each of [own, ...swept]) {
        const row = yield* this.#row({ walker, values: each, settings, nSteps, highest });
        if (!row) return; // a start without a value: the server says so
        found[walker].push(row);
      }
    }
    this.#show(found, nSteps);
  }

  // Medians over the starts at every rate of the grid, and the shares of them that diverged and that broke off.
  *#row(tried) {
    const { starts } = this.scene.live;
    const ends = yield* endsAt(this.machine, tried, starts, this.grid);
    return ends && Array.from(this.grid.rates, (_, k) => {
      const here = ends.slice(k * starts.length, (k + 1) * starts.length);
      const share = (kind) => here.filter(({ lost }) => lost === kind).length / here.length;
      return { loss: median(here.map(({ loss }) => loss)), diverged: share("diverged"), brokeOff: share("broke off") };
    });
  }

  #show(found, nSteps) {
    const { scene, was } = this;
    const [curves] = scene.panels;
    const losses = found.map(([own]) => own.map(({ loss }) => loss));
    const seen = losses.flat().map((loss) => this.#shown(loss)).filter(Number.isFinite);
    const layout = structuredClone(was.layout);
    if (seen.length) {
      const [low, high] = [Math.min(...seen), Math.max(...seen)];
      const pad = 0.04 * (high - low) || 0.5;
      layout[axisNames(curves)[1]].range = [low - pad, high + pad];
    }
    const title = was.title.replace(String(scene.live.n_steps), String(nSteps));
    layout.annotations.find(({ name }) => name === curves.key).text = `<b>${escaped(title)}</b>`;
    const data = was.data.flatMap((trace) => {
      const { role, panel } = trace.meta;
      if (role === "path") return [this.#curve(trace, found)];
      if (role === "points") return [];
      return role === "field" ? [this.#map(trace, found[walkerOf(panel)].slice(1))] : [trace];
    });
    this.#put([...data, ...this.#marks(losses), ...found.flatMap((rows, walker) => this.#marksOfMap(rows.slice(1), walker))], layout, title);
    for (const track of scene.tracks) track.told = () => "";
    this.player.root.classList.add("ls-ahead");
  }

  get #isLog() {
    return this.was.layout[axisNames(this.scene.panels[0])[1]].type === "log";
  }

  // A loss where the axis of the curves is evenly divided.
  #shown(loss) {
    const [{ symlog: within }] = this.scene.panels;
    if (within) return symlog([loss], within)[0];
    if (!this.#isLog) return loss;
    return loss > 0 ? Math.log10(loss) : NaN;
  }

  #curve(trace, found) {
    const { tracks, first, columns } = trace.meta;
    const [{ symlog: within }] = this.scene.panels;
    const y = Float64Array.from(trace.y);
    const customdata = [...trace.customdata];
    tracks.forEach((id, k) => {
      const row = found[this.scene.tracks.findIndex((track) => track.id === id)][0];
      const losses = row.map(({ loss }) => (loss < Infinity ? loss : NaN));
      y.set(within ? symlog(losses, within) : losses, first[k]);
      const told = { "share diverged": "diverged", "share broken off": "brokeOff" };
      row.forEach((one, i) => (customdata[first[k] + i] = columns.map((name) => one[told[name]] ?? 0)));
    });
    return { ...trace, y, customdata, meta: { ...trace.meta, shared: undefined } };
  }

  // Beyond the colours' scale a loss has the colour of its end.
  #map(trace, rows) {
    const { below } = this.grid;
    const color = ({ loss }) => {
      if (!(loss < Infinity)) return NaN;
      const scaled = below === null ? loss : Math.log10(Math.max(loss - below, 0));
      return Math.min(Math.max(scaled, trace.zmin), trace.zmax);
    };
    return { ...trace, z: rows.map((row) => row.map(color)) };
  }

  // A star at the best rate, a cross at the upper edge at the rate from which on an optimizer is lost.
  #marks(losses) {
    const { rates } = this.grid;
    const [curves] = this.scene.panels;
    const all = losses.flat().filter((loss) => loss < Infinity);
    const [low, edge] = [Math.min(...all), Math.max(...all)];
    const lower = new Map();
    return losses.flatMap((row, walker) => {
      const made = [];
      const best = lowest(row);
      if (row[best] < Infinity) made.push(this.#mark("best", curves, [rates[best]], [row[best]], walker));
      const gone = row.findLastIndex((loss) => loss < Infinity) + 1;
      if (gone && gone < row.length) {
        const k = lower.get(gone) ?? 0;
        lower.set(gone, k + 1);
        made.push(this.#mark("diverged", curves, [rates[gone]], [this.#isLog ? edge * 0.6 ** k : edge - 0.06 * k * (edge - low)], walker));
      }
      return made;
    });
  }

  #marksOfMap(rows, walker) {
    const panel = this.scene.panels.find(({ key }) => key === `map${walker}`);
    if (!panel) return [];
    const { rates } = this.grid;
    const crosses = rows.flatMap((row, k) => {
      const first = row.findIndex(({ loss }) => !(loss < Infinity));
      return first < 0 ? [] : [[Math.log10(rates[first]), k]];
    });
    const made = crosses.length ? [this.#mark("diverged", panel, crosses.map(([x]) => x), crosses.map(([, y]) => y))] : [];
    const losses = rows.flatMap((row) => row.map(({ loss }) => loss));
    const best = lowest(losses);
    if (!(losses[best] < Infinity)) return made;
    return [...made, this.#mark("best", panel, [Math.log10(rates[best % rates.length])], [Math.floor(best / rates.length)])];
  }

  #mark(kind, panel, x, y, walker = null) {
    const { symbol, size, color, outline } = this.grid.marks[kind];
    const track = this.scene.tracks[walker];
    const group = track && this.scene.groupOf.get(track.group);
    const marker = { symbol, size, color: group?.color ?? color, line: { color: outline, width: 1.6 } };
    const own = group ? { group: group.name, tracks: [track.id] } : {};
    const height = panel.symlog ? symlog(y, panel.symlog) : y;
    const look = { type: "scatter", mode: "markers", marker, hoverinfo: "skip", showlegend: false, cliponaxis: kind === "best" };
    return { ...look, ...panel.axes, x, y: height, meta: { role: "points", panel: panel.key, kind, symbol, ...own } };
  }

  // The figure with these traces, and the paths in it.
  #put(data, layout, title = this.was.title) {
    const { scene, player } = this;
    scene.figure = { data, layout };
    const [curves] = scene.panels;
    Object.assign(curves, { title, paths: [] });
    for (const track of scene.tracks) Object.assign(track, { values: new Map(), told: null });
    for (const trace of data) if (trace.meta.role === "path") readPaths(trace, curves, scene.groupOf, scene.trackOf);
    player.overlay.use(scene);
    player.show();
  }

  draw() {}

  // Over the lower edge of the curves.
  fit() {
    const box = this.player.overlay.views?.get(this.scene.panels[0].key)?.box;
    if (box) Object.assign(this.words.style, { left: `${box.x}px`, top: `${box.y + box.h}px` });
  }

  said() {
    return [];
  }

  destroy() {
    clearTimeout(this.task);
  }
}

// What a payload has of a grid, checked: it is that of the picture.
function readGrid({ live: { grid, starts }, figure, tracks }, { walkers, nDims }) {
  const { rates, memories, places, judge, low, high, marks, below } = grid ?? {};
  const isColumn = (column) => column?.length <= 400 && column.every(Number.isFinite);
  refuse(isColumn(rates) && rates.every((rate) => rate > 0) && isColumn(memories));
  refuse(Array.isArray(places) && places.length === walkers.length && places.every((place, k) => isWhole(place, -1, walkers[k].values.length - 1)));
  refuse([low, high].every((corner) => corner?.length === nDims && corner.every(Number.isFinite)));
  refuse(["sustained", "slower", "huge"].every((name) => Number.isFinite(judge?.[name])) && (below === null || Number.isFinite(below)));
  refuse(["best", "diverged"].every((kind) => marks?.[kind]));
  refuse(starts.length && tracks.length === walkers.length);
  for (const { z, meta: { role, panel, count } } of figure.data) {
    refuse(role !== "path" || count.every((n) => n === rates.length));
    refuse(role !== "field" || (places[walkerOf(panel)] >= 0 && z.length === memories.length && z[0].length === rates.length));
  }
  return { ...grid, memories: [...memories] };
}

const walkerOf = (panel) => Number(panel.replace("map", ""));
const lowest = (losses) => losses.indexOf(Math.min(...losses));

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
}

// Where the paths of a walker end at each rate of a grid from each start, start by start within a rate: { loss, lost },
// where those that are lost ("diverged", "broke off") have an infinite loss. Null where a start has no value. It stops
// after every step, to be gone on with.
function* endsAt(machine, { walker, values: [, ...hyper], settings, nSteps, highest }, starts, { rates, judge, low, high }) {
  const { nDims, surface, factors } = machine;
  const { rule: kind, slots } = machine.walkers[walker];
  const list = machine.rules[kind];
  const n = rates.length * starts.length;
  const size = n * nDims;
  const steps = Float64Array.from({ length: nSteps }, (_, t) => t + 1);
  const inputs = ["path", "path", "step", "path", ...new Array(slots).fill("path"), ...hyper];
  const rule = prepared(list, inputs, size, [null, null, steps], nSteps);
  const ahead = list.ahead && prepared(list.ahead, inputs, size, [null, null, steps], nSteps);
  const onSurface = () => prepared(surface, [...new Array(nDims).fill("path"), ...settings], n);
  const ground = onSurface();
  const beside = ahead && onSurface();
  const { memory } = ground;
  const column = (at) => memory.subarray(at, at + n);
  const dims = Array.from({ length: nDims }, (_, d) => d);
  const points = dims.map((d) => column(ground.input[d]));
  const [losses, ...slopes] = ground.output.slice(0, 2 + nDims).map(column);
  const norms = slopes.pop();
  dims.forEach((d) => points[d].forEach((_, i) => (points[d][i] = starts[i % starts.length][d])));
  const rate = Float64Array.from({ length: size }, (_, i) => rates[Math.floor((i % n) / starts.length)]);
  const isFinite = (i) => [losses, norms, ...points].every((one) => Number.isFinite(one[i]));
  const [last, isShort] = [new Float64Array(n), new Uint8Array(n)];
  let first = null;
  const between = [];
  for (let t = 0; t <= nSteps; t++) {
    ground.run(0);
    first ??= losses.slice();
    for (let i = 0; i < n; i++) {
      if (isShort[i]) continue;
      if (isFinite(i)) last[i] = losses[i];
      else isShort[i] = 1;
    }
    if (t === 0 && isShort.includes(1)) return null;
    for (const quarter of quartersOf(nSteps)) if (quarter === t) between.push(losses.slice());
    if (t === nSteps) break;
    const [x, g, , scheduled] = rule.input;
    rate.forEach((one, i) => (rule.memory[scheduled + i] = one * (factors?.[t] ?? 1)));
    dims.forEach((d) => {
      rule.memory.set(points[d], x + d * n);
      rule.memory.set(slopes[d], g + d * n);
    });
    if (ahead) lookAhead(ahead, rule, beside, t, n, nDims);
    rule.run(t);
    const [to, ...kept] = rule.output;
    dims.forEach((d) => points[d].set(rule.memory.subarray(to + d * n, to + (d + 1) * n)));
    // A slot may take what another one held: all are read before any is written.
    const held = kept.map((at) => rule.memory.slice(at, at + size));
    held.forEach((slot, k) => rule.memory.set(slot, rule.input[4 + k]));
    yield;
  }
  const diverges = (i) => {
    if (isShort[i]) return Math.abs(last[i]) >= judge.huge * Math.max(1, Math.abs(first[i]));
    const isInside = dims.every((d) => points[d][i] >= low[d] && points[d][i] <= high[d]);
    return !isInside && climbs(judge, highest, nSteps, [first, ...between, last].map((one) => one[i]));
  };
  return Array.from(last, (loss, i) => {
    const lost = diverges(i) ? "diverged" : isShort[i] ? "broke off" : "";
    return { loss: lost ? Infinity : loss, lost };
  });
}

// As landscape/descent/outcome.py has it: `heights` are the losses at the start, at the quarters and at the end.
function climbs({ sustained, slower }, highest, nSteps, [start, ...heights]) {
  if (nSteps < sustained || !(heights.at(-1) > highest)) return false;
  const sizes = heights.map((height) => Math.log10(height - start));
  const growth = sizes.slice(1).map((size, k) => size - sizes[k]);
  return growth.every((one) => one >= 1) && growth.slice(1).every((one, k) => one - growth[k] >= -slower * growth[k]);
}

PARTS.grid = (player) => new Grid(player);
