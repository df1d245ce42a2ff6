// Maps of basins that follow a slider: the browser draws them from the lists of the payload, in single precision, until the
// server's map is there, whose numbers are double and whose minima are certified. A slide has no server: there they stay.
// Where the browser has no WebGL 2 for it, or loses it, the maps and their paths are those of the payload.

const FAR_OFF = 1000; // times the diagonal: a step that leads there and to no finite number is divergence

const MOST_LOST = 0.01; // share of a picture in which a formula may overflow in single precision alone

class Basins {
  constructor(player) {
    this.player = player;
    this.words = element("p", { class: "ls-map-words" });
    this.ends = null;
    this.kept = []; // the finest maps that were made, by walker: { key, stride, found, places }
    this.base = null; // the last maps that were certified
    this.running = null; // the key of those that are on their way
    this.isOwn = false; // whether there are maps of the browser's on the screen
    this.first = 0; // the first of them
    this.jobs = []; // what can wait
  }

  // Before the paths are told of a scene: they follow only where the maps do.
  use(scene) {
    this.scene = scene;
    this.key = null;
    this.isOwn = false;
    this.jobs = [];
    this.player.root.classList.remove("ls-mapped");
    this.map = this.#offered(scene);
    if (!this.map || this.map.whole) this.#say(this.trouble);
    if (!this.map) {
      this.#giveUp();
      return;
    }
    for (const { key } of scene.panels) SHOWN[key] = SHOWN.map;
    const fields = scene.panels.map(({ movingFields: [field] }) => field);
    const { live } = scene;
    this.places = { x: fields[0].columns, y: fields[0].rows };
    this.panels = scene.panels.map((panel, k) => {
      const trace = (role) => scene.figure.data.find(({ meta }) => meta.role === role && meta.panel === panel.key);
      const [heat, labels] = [trace("moving_field"), trace("labels")];
      return { panel, field: fields[k], heat, labels, was: { field: { ...fields[k] }, heat: { ...heat }, labels: { ...labels } } };
    });
    this.signs = scene.signs;
    const { low, high } = this.map;
    const fixed = live.walkers.map(({ rule }) => JSON.stringify([live.surface, live.rules[rule], live.factors, ...low, ...high]));
    const pixels = [this.places.x.length, this.places.y.length].join();
    // What is on its way is of other surfaces, rules or pixels.
    if (fixed.join() !== this.fixed?.join() || pixels !== this.pixels) this.#halt();
    this.fixed = fixed;
    this.pixels = pixels;
    const keys = this.#keys(live.walkers.map(({ values }) => throughout(values)), live.n_steps, live.settings);
    this.certified = this.map.whole ? keys.join() : null;
    if (this.map.whole) this.#keep(keys);
  }

  // The server's maps, of which those stay that are not changed.
  #keep(keys) {
    const { known, numbers, classes, longest } = this.map;
    const maps = new Map(this.panels.map(({ was }, walker) => [keys[walker], was]));
    this.base = { known, numbers, classes, longest, maps };
  }

  // A map of the server's that stays, unless it has fewer pixels than are wanted.
  #certifiedOf(key) {
    const found = this.base?.maps.get(key);
    return found && found.field.columns.length >= this.places.x.length ? found : null;
  }

  get on() {
    return this.map !== null;
  }

  // What a scene has of maps, if this browser can draw them: not beyond what single precision holds.
  #offered({ live, panels }) {
    this.trouble = "";
    if (!live?.map) return null;
    if (!this.ends && !this.isMissing) {
      this.ends = endsOf();
      this.isMissing = !this.ends;
      this.ends?.gl.canvas.addEventListener("webglcontextlost", () => this.#lose());
    }
    if (!this.ends) return null;
    try {
      const machine = new Machine(live);
      const map = readMap(live.map, panels);
      new Reached(machine, live.curvature, map, map.known);
      machine.walkers.forEach((_, walker) => shaderOf(machine, walker, throughout(machine.walkers[walker].values), live.n_steps));
      return groundOf(machine, map.low, map.high).fits ? map : null;
    } catch (error) {
      this.trouble = tr("The maps cannot follow here: {why}.", { why: error.message });
      return null;
    }
  }

  // What each map depends on.
  #keys(turns, nSteps, settings) {
    return turns.map((own, walker) => JSON.stringify([this.fixed[walker], own, nSteps, settings]));
  }

  // What was set and has not been answered yet: of a surface that changes, its machine is another one.
  foresee(told) {
    const { live } = this.player;
    if (!this.on || !live.on || live.isHeld) return;
    const settings = [...this.scene.live.settings];
    for (const { place, value } of told) if (place[0] === "surface") settings[place[1]] = value;
    this.scene.live.unrun = !sameNumbers(settings, this.scene.live.settings);
    if (!sameNumbers(settings, live.machine.settings)) live.machine = new Machine({ ...this.scene.live, settings });
  }

  // Asks for the map of what is set now.
  draw() {
    const { live } = this.player;
    if (!this.on || !live.on) return;
    // Where the surface is another one, so are its critical points.
    if (this.scene.live.unrun) for (const { panel } of this.panels) panel.marks = panel.marks.filter(({ critical }) => !critical);
    const keys = this.#keys(live.turns, live.nSteps, live.machine.settings);
    const key = keys.join();
    if (key === this.key) return;
    this.key = key;
    if (key === this.certified) this.#restore();
    else this.#ask(key, keys);
  }

  #ask(key, keys) {
    const { live } = this.player;
    const { machine, nSteps, turns } = live;
    const { judge, low, high, diagonal } = this.map;
    this.stays = keys.some((own) => this.#certifiedOf(own)) ? this.base : null;
    const { places } = this;
    const isDone = (own, walker) => this.#certifiedOf(own) || (this.kept[walker]?.key === own && finenessOf(this.kept[walker]) >= places.x.length);
    const stale = keys.flatMap((own, walker) => (isDone(own, walker) ? [] : [walker]));
    this.ground = groundOf(machine, low, high);
    this.reached = new Reached(machine, this.scene.live.curvature, this.map, (this.stays ?? this.map).known);
    this.#show(keys);
    if (this.running === key) return;
    if (!stale.length) {
      this.#halt();
      return;
    }
    this.running = key;
    const shaders = stale.map((walker) => shaderOf(machine, walker, turns[walker], nSteps));
    const how = {
      ...judge, low, high, n_steps: nSteps,
      quarters: quartersOf(nSteps),
      threshold: Math.max(judge.threshold, this.reached.noise) ** 2,
      highest: this.ground.highest,
      far: FAR_OFF * diagonal,
    };
    this.ends.run(shaders, places, how, ({ stride, found }) => {
      stale.forEach((walker, k) => {
        const made = { key: keys[walker], stride, found: found[k], places };
        const there = this.kept[walker];
        // The server asks for ever more pixels: fewer of them never take the place of more.
        if (there?.key !== made.key || finenessOf(there) <= finenessOf(made)) this.kept[walker] = made;
      });
      if (stride === 1 && this.running === key) this.running = null;
      // What was asked for before a hand moved on is better than what was there before.
      if (this.key === this.certified) return;
      this.#show(keys);
      this.player.overlay.shown = "";
      this.player.draw();
    });
  }

  #halt() {
    this.ends?.stop();
    this.running = null;
  }

  // Shows what has been made of these maps, the unchanged ones as they were, once there is something of each.
  #show(keys) {
    const { player, map, scene, stays } = this;
    const own = keys.flatMap((key, walker) => (this.#certifiedOf(key) ? [] : [walker]));
    if (!own.every((walker) => this.kept[walker]?.key === keys[walker])) return;
    const reached = this.reached.of(own.map((walker) => this.kept[walker].found), player.live.nSteps);
    const painted = classesOf(reached, map, stays);
    const { classes, colors } = painted;
    const longest = stays?.longest ?? Math.max(quantile(reached.maps, 0.98), 1);
    this.jobs = [];
    this.panels.forEach((one, walker) => {
      const { panel, field, heat } = one;
      const unchanged = this.#certifiedOf(keys[walker]);
      const looks = { low: -0.5, high: colors.length - 0.5, colors };
      if (unchanged) {
        Object.assign(field, unchanged.field, looks);
        this.#number(one, unchanged.labels);
      } else {
        const { stride, places } = this.kept[walker];
        const [columns, rows] = [places.x, places.y].map((all) => all.filter((_, k) => k % stride === 0));
        const { frame, own: kinds } = paintedMap(reached.maps[own.indexOf(walker)], columns.length, painted, map.levels, longest);
        Object.assign(field, looks, { columns, rows, frames: [frame] });
        this.#number(one, { x: [], y: [], text: [] });
        if (stride === 1) this.jobs.push(() => this.#number(one, numeralsOf(kinds, columns, rows, classes, panel.marks, map.narrowest)));
      }
      const scale = colors.flatMap((color, c) => [[c / colors.length, color], [(c + 1) / colors.length, color]]);
      Object.assign(heat, { x: field.columns, y: field.rows, zmax: field.high, colorscale: scale, meta: { ...heat.meta, ...looks, frames: field.frames } });
    });
    this.isOwn = true;
    player.root.classList.add("ls-mapped");
    const inKey = [...classes.keys()].sort((a, b) => classes[a].rank - classes[b].rank);
    const areas = inKey.map((k) => ({ label: classes[k].name, shape: "area", color: colors[map.levels * k + Math.floor(map.levels / 3)], opacity: 1 }));
    this.#sign([...scene.signs.filter(({ shape }) => shape !== "area"), ...areas]);
    this.first = own[0] ?? 0;
    this.fit();
    if (!own.length) this.#say("");
    else this.#say(player.options.onChange && player.live.isRecipe
      ? tr("Drawn by your browser, in single precision; the certified map follows.")
      : tr("Drawn by your browser, in single precision: not certified."));
    clearTimeout(this.task);
    this.task = setTimeout(() => this.#later(), 0);
  }

  // Does one thing that can wait, and comes back for the next: none of them keeps a frame.
  #later() {
    const job = this.jobs.shift();
    if (!job || this.player.gone) return;
    job();
    this.player.overlay.shown = "";
    this.player.draw();
    this.task = setTimeout(() => this.#later(), 0);
  }

  // The server's, as they came.
  #restore() {
    const { player } = this;
    this.#halt();
    if (!this.isOwn) return;
    this.isOwn = false;
    this.jobs = [];
    for (const { field, heat, labels, was } of this.panels) {
      Object.assign(field, { numerals: null }, was.field);
      Object.assign(heat, was.heat);
      Object.assign(labels, was.labels);
    }
    player.overlay.shown = "";
    player.root.classList.remove("ls-mapped");
    this.#sign(this.signs);
    this.#say("");
  }

  #sign(signs) {
    const { player, scene } = this;
    scene.signs = signs;
    const [, kinds] = buildLegend(scene, player.state.hidden, () => {});
    player.legend.querySelector(".ls-kinds")?.replaceWith(kinds);
  }

  // The numbers of regions: on the screen, and in the figure for pictures that are saved.
  #number({ field, labels }, { x, y, text }) {
    field.numerals = { x, y, text, theme: this.scene.theme };
    Object.assign(labels, { x, y, text });
  }

  #say(text) {
    if (this.words.textContent === text) return;
    write(this.words, text);
    if (text) this.player.announce(text);
  }

  // Over the lower edge of the first map that is the browser's.
  fit() {
    const box = this.on ? this.player.overlay.views?.get(this.scene.panels[this.first].key)?.box : null;
    if (box) Object.assign(this.words.style, { left: `${box.x}px`, top: `${box.y + box.h}px`, maxWidth: `${box.w}px` });
  }

  // The same in a picture that is saved.
  said() {
    if (!this.isOwn || !this.words.textContent) return [];
    const { theme, panels } = this.scene;
    const { xaxis, yaxis } = panels[this.first].axes;
    const font = { size: theme.font_size * 0.92, color: theme.ink };
    return [{ xref: `${xaxis} domain`, yref: `${yaxis} domain`, x: 0, y: 0, xanchor: "left", yanchor: "bottom", showarrow: false, bgcolor: theme.background, font, text: this.words.textContent }];
  }

  #lose() {
    const { player } = this;
    if (!this.ends) return; // it was given back
    this.ends = null;
    if (!this.on) return;
    this.#restore();
    // A page answers with maps of what was set; a slide goes back to those that it has.
    if (!player.options.onChange && player.live.on) player.live.reset();
    this.map = null;
    this.#giveUp();
    player.live.use(this.scene);
  }

  // The paths of a map that cannot follow do not follow either.
  #giveUp() {
    this.#halt();
    if (this.scene.live?.map) this.scene.live = null;
  }

  destroy() {
    clearTimeout(this.task);
    this.ends?.drop();
    this.ends = null;
  }
}

// How many pixels a map has in a row.
function finenessOf({ stride, places }) {
  return Math.ceil(places.x.length / stride);
}

// What a payload has of maps, checked.
function readMap(map, panels) {
  const { known, numbers, classes, judge, low, high } = map;
  const columns = [known?.x, known?.y, known?.flat, numbers];
  refuse(columns.every((column) => column?.length === known.x.length && column.every(Number.isFinite)));
  refuse([low, high].every((corner) => corner?.length === 2 && corner.every(Number.isFinite)));
  refuse([map.levels, map.most, map.diagonal, map.longest, map.narrowest, ...Object.values(judge ?? {})].every(Number.isFinite));
  refuse(isWhole(map.levels, 3, 20) && isWhole(map.most, 1, 50) && [classes, map.apart, map.colors, map.greys].every(Array.isArray));
  refuse(panels.every(({ movingFields }) => movingFields.length === 1));
  return map;
}

// The largest value in the picture, which nothing that stays in it exceeds, and whether single precision has a value nearly
// wherever double precision has one: beside a tip squares are lost.
function groundOf({ surface, settings }, low, high) {
  const { inputs, points, columns, highest } = onDomain(surface, settings, low, high);
  const single = inSingle(surface, inputs, points);
  const isThere = (some, i) => some.every((column) => Number.isFinite(column[i]));
  const lost = columns[0].filter((_, i) => isThere(columns, i) && !isThere(single, i));
  return { highest, fits: lost.length <= MOST_LOST * columns[0].length };
}

PARTS.map = (player) => new Basins(player);
