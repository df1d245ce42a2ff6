// mountPlayer(root, payload, {Plotly, onPick, onChange, onState, present, readout, autoplay, waits, arrows, space})
//   -> {update, foresee, destroy, ...}
//
// Shows a payload of landscape.render.player.payload in the element `root` and plays it. `onPick({x, y, panel})` hears
// clicks on a clickable panel, `onChange({starts, values, n_steps})` what was changed in it (follow.js),
// `onState({step, playing, changed})` the playhead where it comes to rest, and whether paths follow something changed.
// `present` fills the height of `root` and takes the keys of the whole document. `update` takes another payload and keeps
// playhead, zoom, camera and what is hidden; `foresee` draws what one will bring (follow.js). Without `autoplay` it shows the end of the run or, where it `waits`, the start
// until somebody plays it. With `arrows` false the arrow keys, Home and End are left to the page round
// the player; comma and full stop step all the same. With `space` the space bar plays from anywhere in the document where
// it has no other meaning.

const GHOST_WIDTH = 0.4; // of a path to come, beside what of it has been walked
const READ = 100; // milliseconds between two readings of the table while it plays
const SECONDS = 9; // a whole run at speed 1

function mountPlayer(root, payload, options) {
  return new Player(root, payload, options).handle;
}

class Player {
  constructor(root, payload, options = {}) {
    this.options = { present: false, readout: true, autoplay: true, waits: false, arrows: true, space: false, ...options };
    this.state = { step: 0, playing: false, speed: 1, loop: false, ghost: true, hidden: new Set() };
    this.root = root;
    this.root.classList.add("ls-player");
    this.root.classList.toggle("ls-present", this.options.present);
    this.root.tabIndex = 0;
    this.root.setAttribute("role", "group");
    this.build(payload);
    this.listen();
    this.ready = this.show();
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.state.step = !calm && (this.options.autoplay || this.options.waits) ? 0 : this.scene.n_steps;
    if (this.options.autoplay && !calm) this.ready.then(() => this.play());
    this.tell();
    this.handle = {
      update: (next) => this.update(next),
      foresee: (settings) => {
        this.maps?.foresee(settings);
        this.live.foresee(settings);
      },
      destroy: () => this.destroy(),
      seek: (step) => this.seek(step, true),
      play: () => this.play(),
      pause: () => this.pause(),
      still: () => smallPicture(this),
      drawn: () => this.options.Plotly.toImage(...pictureOf(this, "png", 2)),
      ready: this.ready,
      state: this.state,
    };
  }

  // The elements. They stay for the player's life; what depends on the scene is filled in by fill().
  build(payload) {
    tr = speaker(payload.words);
    this.legend = element("div", { class: "ls-legend" });
    this.plot = element("div", { class: "ls-plot", role: "img" });
    this.ground = new Ground();
    this.live = new Follow(this);
    this.swarm = PARTS.swarm?.(this) ?? null;
    this.maps = PARTS[payload.live?.grid ? "grid" : "map"]?.(this) ?? null;
    const { arrows, sheet } = this.live.arithmetic;
    // Over the window's whole picture it stands in the place of the curves, else below.
    const [over, under] = this.options.present ? [[sheet], []] : [[], [sheet]];
    this.stage = element("div", { class: "ls-stage" }, [this.ground.box, this.plot, arrows.box, ...(this.maps ? [this.maps.words] : []), this.live.handles.box, ...over]);
    this.notes = element("div", { class: "ls-notes" });
    this.readoutBox = element("div", { class: "ls-readout" });
    this.parts = buildTransport(this);
    for (const name of ["loop", "ghost"]) this.parts[name].setAttribute("aria-pressed", String(this.state[name]));
    this.root.replaceChildren(this.legend, this.stage, this.parts.bar, ...under, this.readoutBox, this.live.lens.words, this.live.words, this.notes);
    this.read(payload);
  }

  read(payload) {
    this.scene = readPayload(payload);
    this.scene.names = toldNames(this.scene);
    const { theme } = this.scene;
    this.root.setAttribute("aria-label", this.scene.title ? tr("Player: {title}", this.scene) : tr("Player"));
    for (const name of ["background", "surface", "ink", "muted", "grid", "line", "accent", "on_accent"]) {
      this.root.style.setProperty(`--ls-${name.replace("_", "-")}`, theme[name]);
    }
    this.root.style.setProperty("--ls-font", theme.font_family);
    this.root.style.setProperty("--ls-size", `${theme.font_size}px`);
    this.root.style.colorScheme = theme.dark ? "dark" : "light";
    for (const name of this.state.hidden) if (!this.scene.groupOf.has(name)) this.state.hidden.delete(name);
    this.pickable = Boolean(this.options.onPick) && this.scene.panels.some((panel) => panel.clickable && panel.kind === "plane");
    this.fillLegend();
    this.parts.slider.max = this.scene.n_steps;
    this.parts.bar.classList.toggle("ls-still", this.scene.n_steps === 0);
    this.readout = this.options.readout ? buildReadout(this.scene) : null;
    this.written = -Infinity;
    this.readoutBox.replaceChildren(...(this.readout ? [this.readout.table] : []));
    this.notes.replaceChildren(...this.scene.notes.map((text) => element("p", { text })));
    if (this.overlay) this.overlay.use(this.scene);
    else this.overlay = new Stage(this.scene);
    this.maps?.use(this.scene);
    this.live.use(this.scene);
    this.swarm?.use(this.scene);
  }

  // A run of another length than it came with.
  lengthen(nSteps) {
    const { state, scene } = this;
    const atEnd = state.step >= scene.n_steps;
    scene.n_steps = nSteps;
    this.parts.slider.max = nSteps;
    state.step = atEnd ? nSteps : Math.min(state.step, nSteps);
  }

  fillLegend() {
    const { lens, arithmetic, knobs } = this.live;
    const tools = [lens.box, arithmetic.box, knobs.box, ...(this.swarm ? [this.swarm.knobs.box] : [])];
    this.legend.replaceChildren(...buildLegend(this.scene, this.state.hidden, (name) => this.hide(name)), element("div", { class: "ls-tools" }, tools));
  }

  // What Plotly draws: all that stands still.
  still() {
    const { data, layout } = this.scene.figure;
    const { arrangement } = this;
    const em = this.scene.theme.font_size;
    const traces = data.map((trace) => {
      const { role, group, panel } = trace.meta;
      const shown = !(group && this.state.hidden.has(group));
      if (role === "path") return { ...trace, visible: shown, opacity: 0 };
      if (role === "moving_points") return { ...trace, visible: shown && !this.swarm?.on };
      if (painted(trace)) return { ...trace, visible: shown, marker: { ...trace.marker, opacity: 0 } };
      if (role === "field" && trace.colorbar) {
        const place = barPlace(arrangement.boxes.get(panel), arrangement.width, arrangement.height, em);
        return { ...trace, colorbar: { ...trace.colorbar, ...place } };
      }
      if (["field", "shade", "line", "points", "samples", "labels"].includes(role)) return { ...trace, visible: shown };
      return { ...trace, visible: false };
    });
    const whole = structuredClone(layout);
    for (const panel of this.scene.panels) {
      if (panel.kind === "space") whole[panel.axes.scene].camera = cameraOf(this.scene, panel, arrangement);
    }
    for (const [path, value] of Object.entries(plotlyPlaces(this.scene, arrangement))) setPath(whole, path, value);
    // Fields that move are painted under Plotly's picture, which has to let them through.
    whole.paper_bgcolor = whole.plot_bgcolor = "rgba(0,0,0,0)";
    // The page round the player has the title.
    delete whole.title;
    Object.assign(whole, {
      autosize: false,
      margin: { l: 0, r: 0, t: 0, b: 0 },
      showlegend: false,
      dragmode: arrangement.narrow ? false : "zoom",
    });
    return { traces, layout: whole };
  }

  arrangeNow() {
    const width = Math.max(240, Math.floor(this.stage.clientWidth));
    const em = this.scene.theme.font_size;
    // On a low screen the picture goes before the table below it.
    this.readoutBox.hidden = false;
    const fitting = () => {
      if (!this.options.present) return columnsOf(this.scene, width, 30 * em, Math.max(46 * em, 0.85 * innerHeight));
      return columnsOf(this.scene, width, this.stage.clientHeight, this.stage.clientHeight);
    };
    let { columns, height } = fitting();
    const stacked = Math.max(...columns.map((keys) => keys.length));
    const mixed = columns.some((keys) => isMixed(keys.map((key) => this.scene.panelOf.get(key))));
    if (this.options.present && this.stage.clientHeight < Math.max(28, (height === null ? 12 : 24) * stacked) * em) {
      this.readoutBox.hidden = true;
      ({ columns, height } = fitting());
    }
    // A low projector shows all of a picture under the words above it.
    const seen = Math.max(20 * em, screen.height - 15 * em);
    if (!this.options.present) height ??= aloneHeight(this.scene, width);
    height ??= this.options.present
      ? this.stage.clientHeight
      : Math.round(Math.min(Math.max(Math.min(Math.max(0.46 * width, 30 * em), seen), ROW * stacked * em, mixed ? 46 * em : 0), 46 * em));
    this.arrangement = arrange(this.scene, width, Math.round(height), columns);
    this.stage.classList.toggle("ls-narrow", this.arrangement.narrow);
    this.plot.style.height = `${this.arrangement.height}px`;
    this.live.arithmetic.sit(this.arrangement, em);
  }

  async show() {
    this.arrangeNow();
    const { traces, layout } = this.still();
    const config = { displayModeBar: false, responsive: false, showTips: false, doubleClick: "reset", scrollZoom: false };
    const drawn = this.ground.part(traces.filter(({ visible }) => visible !== false));
    const { plot } = this;
    await this.options.Plotly.react(plot, drawn, layout, config);
    if (this.gone || plot !== this.plot) return;
    this.#beginHere();
    if (!this.heard) {
      this.heard = true;
      // Plotly measures letters in a picture that nobody sees: no screen reader shall meet it.
      document.getElementById("js-plotly-tester")?.setAttribute("aria-hidden", "true");
      this.plot.on("plotly_afterplot", () => this.refit());
      this.plot.on("plotly_relayouting", () => this.refit({ groundLater: true }));
    }
    this.placeOverlay();
    this.refit();
    this.follow();
    this.live.runFirst();
  }

  // A double click goes back to the ranges of this picture: Plotly keeps those of the first one. A panel of which all is
  // hidden has no axes there.
  #beginHere() {
    const { panels, figure: { layout } } = this.scene;
    for (const name of panels.filter(({ kind }) => kind !== "space").flatMap(axisNames)) {
      const axis = this.plot._fullLayout[name];
      const [_rangeInitial0, _rangeInitial1] = layout[name].range;
      if (axis) Object.assign(axis, { _rangeInitial0, _rangeInitial1 });
    }
  }

  // Over the panels, under Plotly's hover labels.
  placeOverlay() {
    const container = this.plot.querySelector(".svg-container");
    const top = container.querySelectorAll(":scope > svg.main-svg")[1] ?? null;
    if (this.swarm) container.insertBefore(this.swarm.canvas, top);
    for (const canvas of [this.overlay.ghosts, this.overlay.trails, this.overlay.heads]) container.insertBefore(canvas, top);
    container.insertBefore(this.overlay.floor, container.firstChild);
  }

  refit({ groundLater = false } = {}) {
    if (this.gone || !this.plot._fullLayout) return;
    cancelAnimationFrame(this.laying);
    const lay = () => this.ground.lay(this.options.Plotly, this.plot);
    if (groundLater) this.laying = requestAnimationFrame(lay);
    else lay();
    if (!this.overlay.trails.isConnected) this.placeOverlay();
    this.overlay.fit(this.plot);
    this.swarm?.fit(this.plot);
    this.maps?.fit();
    this.live.handles.place();
    this.draw();
  }

  draw() {
    const { step, hidden, playing, ghost } = this.state;
    const { slider, counter, play } = this.parts;
    this.maps?.draw();
    this.overlay.draw(step, hidden, ghost && !(this.live.isHeld && step >= this.scene.n_steps));
    this.live.lens.draw(step, hidden);
    this.live.arithmetic.draw(step, hidden);
    this.swarm?.draw(step, hidden);
    const whole = Math.floor(step + 1e-9);
    if (Number(slider.value) !== whole) slider.value = whole;
    slider.style.setProperty("--ls-share", `${(100 * whole) / Math.max(1, this.scene.n_steps)}%`);
    write(counter, `${whole} / ${this.scene.n_steps}`);
    // Nobody reads faster, and writing many numbers takes longer than drawing them.
    const now = performance.now();
    if (this.readout && (!playing || now - this.written > READ)) {
      this.readout.update(whole, hidden);
      this.written = now;
    }
    if (play.dataset.playing !== String(playing)) {
      play.dataset.playing = String(playing);
      play.replaceChildren(icon(playing ? "pause" : "play"));
      play.setAttribute("aria-label", playing ? tr("Pause") : tr("Play"));
      play.title = playing ? tr("Pause (space)") : tr("Play (space)");
    }
  }

  play() {
    if (this.gone || this.state.playing) return;
    if (this.state.step >= this.scene.n_steps) this.state.step = 0;
    this.state.playing = true;
    let before = performance.now();
    const frame = (now) => {
      if (!this.state.playing || this.gone) return;
      const passed = Math.min(Math.max(now - before, 0), 200) / 1000;
      before = now;
      const rate = (Math.max(this.scene.n_steps, 20) / SECONDS) * this.state.speed;
      this.state.step += passed * rate;
      if (this.swarm) this.state.step = this.swarm.within(this.state.step);
      if (this.state.step >= this.scene.n_steps) {
        this.state.step = this.state.loop ? 0 : this.scene.n_steps;
        if (!this.state.loop) return this.pause();
      }
      this.draw();
      this.frame = requestAnimationFrame(frame);
    };
    this.frame = requestAnimationFrame(frame);
    this.draw();
    this.announce(tr("Playing"));
  }

  pause() {
    cancelAnimationFrame(this.frame);
    this.state.playing = false;
    this.state.step = Math.floor(this.state.step + 1e-9);
    this.draw();
    this.rest(true);
  }

  toggle() {
    if (this.state.playing) this.pause();
    else this.play();
  }

  seek(step, tell) {
    this.state.step = Math.min(Math.max(Math.round(step), 0), this.scene.n_steps);
    if (this.state.playing) return this.draw();
    this.draw();
    if (tell) this.rest();
    return undefined;
  }

  nudge(steps) {
    if (this.state.playing) this.pause();
    this.seek(Math.floor(this.state.step) + steps, true);
  }

  // Said once the playhead rests, not at every frame; at the end also how each path ended.
  rest(paused = false) {
    const { step, hidden } = this.state;
    const { scene } = this;
    const at = { step, all: scene.n_steps };
    if (scene.n_steps && step >= scene.n_steps) {
      const end = tr("The end: step {step} of {all}.", at);
      this.announce(`${end} ${spokenPaths(scene, step, hidden, [])}`);
    }
    else if (scene.n_steps) this.announce(paused ? tr("Paused at step {step} of {all}.", at) : tr("Step {step} of {all}.", at));
    this.tell();
  }

  announce(text) {
    write(this.parts.live, text);
  }

  tell() {
    const { step, playing, hidden } = this.state;
    const changed = this.live.changed.size > 0;
    this.plot.setAttribute("aria-label", spokenPicture(this.scene, Math.floor(step + 1e-9), hidden, changed));
    this.options.onState?.({ step, playing, changed });
  }

  setSpeed(speed) {
    this.state.speed = speed;
  }

  setLoop(loop) {
    this.state.loop = loop;
    this.parts.loop.setAttribute("aria-pressed", String(loop));
  }

  setGhost(ghost) {
    this.state.ghost = ghost;
    this.parts.ghost.setAttribute("aria-pressed", String(ghost));
    this.draw();
  }

  hide(name) {
    const { hidden } = this.state;
    if (!hidden.delete(name)) hidden.add(name);
    [...this.legend.querySelectorAll(".ls-entry")].forEach((entry, k) =>
      entry.setAttribute("aria-pressed", String(!hidden.has(this.scene.groups[k].name))));
    this.overlay.stale = true;
    this.draw();
    this.tell();
    this.show();
  }

  // Back to the ranges and the camera that the scene came with.
  home() {
    const changes = {};
    for (const panel of this.scene.panels) {
      for (const name of Object.values(panel.axes)) {
        if (panel.kind === "space") changes[`${name}.camera`] = cameraOf(this.scene, panel, this.arrangement);
        else {
          const axis = `${name[0]}axis${name.slice(1)}`;
          changes[`${axis}.range`] = [...this.scene.figure.layout[axis].range];
        }
      }
    }
    this.options.Plotly.relayout(this.plot, changes);
  }

  listen() {
    this.stop = new AbortController();
    const { signal } = this.stop;
    document.addEventListener("keydown", (event) => this.key(event), { signal });
    // An open menu is closed before what is round the player hears of Escape.
    this.root.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && closeMenu(this.root)) event.stopPropagation();
    }, { signal });
    // A button that was pressed with the pointer gives the keys back: space is play, not that button again.
    this.root.addEventListener("click", (event) => {
      if (event.detail > 0 && event.target.closest?.("button, summary")) this.root.focus({ preventScroll: true });
    }, { signal });
    let size = [this.root.clientWidth, this.root.clientHeight];
    this.resizing = new ResizeObserver(() => {
      const { present } = this.options;
      const now = [this.root.clientWidth, this.root.clientHeight];
      // Words that come above or below a picture that fills the window take room from it.
      const isCut = present && this.stage.clientHeight < this.arrangement.height;
      if (now[0] === size[0] && !isCut && (!present || now[1] === size[1])) return;
      size = now;
      cancelAnimationFrame(this.resize);
      this.resize = requestAnimationFrame(() => this.show());
    });
    for (const one of [this.root, this.stage]) this.resizing.observe(one);
    listenForPicks(this, signal);
    listenForCamera(this, signal);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const target = event.target;
    const inside = this.root.contains(target);
    if (!inside && !this.options.present && !(this.options.space && event.key === " " && !target.closest?.(TAKES_SPACE))) return;
    if (target.closest?.("select, textarea, [contenteditable]")) return;
    if (target.tagName === "INPUT" && target !== this.parts.slider) return;
    const onButton = target.closest?.("button, summary");
    const far = event.shiftKey ? 10 : 1;
    const moves = {
      ArrowLeft: () => this.nudge(-far),
      ArrowRight: () => this.nudge(far),
      Home: () => this.seek(0, true),
      End: () => this.seek(this.scene.n_steps, true),
    };
    const action = {
      " ": onButton ? null : () => this.toggle(),
      ",": () => this.nudge(-1),
      ".": () => this.nudge(1),
      ...(this.options.arrows ? moves : {}),
    }[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  // A new payload: the player stays where it was. A run watched to its end is shown to its end.
  update(payload) {
    if (this.live.isHeld || this.swarm?.isHeld) {
      this.waiting = payload;
      return this.ready;
    }
    const atEnd = this.state.step >= this.scene.n_steps;
    if (alike(payload.words, this.scene.words)) this.read(payload);
    else {
      // In another language everything is built anew.
      if (this.state.playing) this.pause();
      this.clear();
      this.build(payload);
      this.listen();
    }
    this.state.step = atEnd ? this.scene.n_steps : Math.min(this.state.step, this.scene.n_steps);
    this.ready = this.show();
    return this.ready;
  }

  destroy() {
    this.gone = true;
    this.state.playing = false;
    this.clear();
    this.root.classList.remove("ls-player", "ls-present");
  }

  clear() {
    cancelAnimationFrame(this.frame);
    cancelAnimationFrame(this.resize);
    this.live.destroy();
    this.swarm?.destroy();
    this.maps?.destroy();
    this.stop.abort();
    this.resizing.disconnect();
    cancelAnimationFrame(this.laying);
    for (const one of [this.plot, this.ground.box]) this.options.Plotly.purge(one);
    this.root.replaceChildren();
    this.overlay = null;
    this.heard = false;
  }
}
