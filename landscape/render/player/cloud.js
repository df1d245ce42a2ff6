// A swarm in the player: its points over the maps, at every step of the playhead, and the curves of where they are. The
// paths of the curves are Python's counts until a knob is turned; then they are those of this run.

const RIM = 1.5; // diameter of a rim, in those of a point
const PATIENT = 24; // milliseconds a frame may go on stepping
const AHEAD = 3; // steps that the playhead may run before the swarm

class Swarm {
  constructor(player) {
    this.player = player;
    this.canvas = canvasLayer("ls-swarm");
    this.brush = brushOf(this.canvas);
    this.knobs = new Knobs(this);
    this.flow = null;
  }

  get on() {
    return this.flow !== null;
  }

  use(scene) {
    this.scene = scene;
    this.flow = null;
    this.changed = new Set(); // the tracks that are no longer Python's
    this.told = null;
    if (scene.live?.swarm) {
      try {
        refuse(scene.tracks.length === scene.live.walkers.length);
        this.flow = new Flow(scene.live);
      } catch (error) {
        this.player.live.say(tr("The swarm cannot flow here: {why}. Shown is where it ends.", { why: error.message }));
      }
    }
    if (this.on) this.#begin(scene);
    this.knobs.use();
  }

  #begin({ live, tracks, panels }) {
    this.machine = this.flow.machine;
    this.starts = [null]; // one track an optimizer
    this.nSteps = live.n_steps;
    this.mostSteps = live.most_steps;
    this.was = { values: this.machine.walkers.map(({ values }) => values) };
    this.curves = panels.flatMap((panel) => panel.paths.map((path) => ({ panel, path, python: { ...path } })));
    this.python = new Map(tracks.map((track) => [track, new Map(track.values)]));
    tracks.forEach((track, walker) => (track.told = (step) => this.#told(track, walker, step)));
  }

  get turns() {
    return this.flow.swarms.map(({ turns }) => turns);
  }

  get isHeld() {
    return this.knobs.held;
  }

  turn(walker, place, value, fromHere) {
    const from = fromHere ? Math.floor(this.player.state.step + 1e-9) % Math.max(this.nSteps, 1) : 0;
    const values = [...this.turns[walker].findLast((turn) => turn.from <= from).values];
    values[place] = value;
    this.flow.turn(walker, from, values);
    this.#changes();
  }

  lengthen(nSteps) {
    this.nSteps = nSteps;
    this.flow.lengthen(nSteps);
    this.player.lengthen(nSteps);
    this.#changes();
  }

  reset() {
    this.was.values.forEach((values, walker) => this.flow.turn(walker, 0, [...values]));
    if (this.nSteps !== this.scene.live.n_steps) this.lengthen(this.scene.live.n_steps);
    this.#changes();
    this.rest();
  }

  #changes() {
    const { tracks, live } = this.scene;
    this.changed = new Set(tracks.flatMap(({ id }, walker) => {
      const [{ values }, ...later] = this.turns[walker];
      return later.length || this.nSteps !== live.n_steps || !sameNumbers(values, this.was.values[walker]) ? [id] : [];
    }));
    for (const { panel, path, python } of this.curves) {
      const track = this.scene.trackOf.get(path.track);
      if (!this.changed.has(path.track)) {
        Object.assign(path, python);
        track.values = new Map(this.python.get(track));
        continue;
      }
      const y = new Float64Array(this.nSteps + 1).fill(NaN);
      Object.assign(path, { x: y.map((_, step) => step), y, steps: null, shared: [], n: y.length });
      if (track.values.has(panel.quantity)) track.values.set(panel.quantity, { path, at: (i) => y[i] });
    }
    this.drawn = 0;
    this.player.overlay.retrace(() => true);
    this.player.draw();
    this.knobs.tell();
  }

  // The page is told of what is a recipe of its own, once the knob rests.
  rest() {
    const { player } = this;
    const { waiting } = player;
    player.waiting = null;
    const now = { values: this.turns.map(([{ values }]) => values), n_steps: this.nSteps };
    const known = this.told ?? JSON.stringify({ ...now, values: this.was.values, n_steps: this.scene.live.n_steps });
    const isRecipe = this.turns.every((turns) => turns.length === 1);
    if (player.options.onChange && isRecipe && JSON.stringify(now) !== known) {
      this.told = JSON.stringify(now);
      player.options.onChange(now);
    } else if (waiting) player.update(waiting);
    else this.#widen();
  }

  // The curves' axes are as long as the run.
  #widen() {
    const { Plotly } = this.player.options;
    const ranges = [...new Set(this.curves.map(({ panel }) => `${axisNames(panel)[0]}.range`))];
    const now = this.player.plot.layout[axisNames(this.curves[0].panel)[0]].range[1];
    if (now !== Math.max(this.nSteps, 1)) Plotly.relayout(this.player.plot, Object.fromEntries(ranges.map((name) => [name, [0, Math.max(this.nSteps, 1)]])));
  }

  #told(track, walker, step) {
    const counts = this.flow.counted(walker, step);
    if (!counts) return this.changed.has(track.id) ? "" : track.verdict;
    const shares = [...counts].map((count, fate) => [count / this.flow.n, fate]).filter(([share]) => share >= 0.005);
    return shares.sort(([a], [b]) => b - a).map(([share, fate]) => tr("{percent}% {where}", { percent: Math.round(100 * share), where: this.scene.live.swarm.told[fate][1] })).join(", ");
  }

  // The playhead waits for the swarm.
  within(step) {
    return this.on ? Math.min(step, this.flow.at + AHEAD) : step;
  }

  fit(plot) {
    const { width, height } = plot._fullLayout;
    this.ratio = Math.min(window.devicePixelRatio || 1, 2);
    const size = [width, height].map((length) => Math.round(length * this.ratio));
    if (this.canvas.width !== size[0] || this.canvas.height !== size[1]) [this.canvas.width, this.canvas.height] = size;
    Object.assign(this.canvas.style, { width: `${width}px`, height: `${height}px` });
  }

  // Steps to the playhead, as far as a frame has time for it, and shows where all points are then.
  draw(step, hidden) {
    if (!this.on || !this.ratio) return;
    const reached = this.flow.seek(Math.floor(step + 1e-9), performance.now() + PATIENT);
    this.player.live.say(reached || this.player.state.playing ? "" : tr("The swarm is on its way: step {step}.", { step: this.flow.at }));
    if (this.changed.size) this.#fill();
    this.#paint(hidden);
    cancelAnimationFrame(this.next);
    if (!reached && !this.player.state.playing) this.next = requestAnimationFrame(() => this.player.draw());
  }

  #fill() {
    const { told } = this.scene.live.swarm;
    for (const { panel, path } of this.curves) {
      if (!this.changed.has(path.track)) continue;
      const walker = this.scene.tracks.findIndex(({ id }) => id === path.track);
      const fates = told.flatMap(([key], fate) => (key === panel.key ? [fate] : []));
      for (let step = this.drawn; step <= this.flow.at; step++) {
        const counts = this.flow.counted(walker, step);
        if (counts) path.y[step] = fates.reduce((sum, fate) => sum + counts[fate], 0) / this.flow.n;
      }
    }
    if (this.drawn <= this.flow.at) this.player.overlay.retrace((id) => this.changed.has(id));
    this.drawn = this.flow.at + 1;
  }

  #paint(hidden) {
    const { brush, ratio, flow } = this;
    const { theme, groups, panels } = this.scene;
    brush.clear();
    flow.swarms.forEach((swarm, walker) => {
      const group = groups.find(({ tracks }) => tracks.includes(this.scene.tracks[walker].id));
      const view = this.player.overlay.views.get(panels[walker].key);
      if (hidden.has(group.name) || !view) return;
      const box = Object.fromEntries(Object.entries(view.box).map(([name, value]) => [name, value * ratio]));
      const size = Math.max(this.scene.live.swarm.grain * box.w, 2 * ratio);
      // The rims of all lie under the dots of all.
      brush.draw(this.#pixels(swarm, view), box, [[RIM * size, theme.outline], [size, group.color]]);
    });
  }

  // Where the points are, in pixels of the canvas: x and y in turn. What is gone lies far off.
  #pixels({ x, values, gone }, view) {
    const { flow, ratio } = this;
    const isMap = flow.machine.nDims > 1;
    const { box } = view;
    const [low, high] = [view.inverse(box.x, box.y + box.h), view.inverse(box.x + box.w, box.y)];
    const [across, up] = [(ratio * box.w) / (high.x - low.x), (ratio * box.h) / (high.y - low.y)];
    this.places ??= new Float32Array(2 * flow.n);
    if (this.places.length !== 2 * flow.n) this.places = new Float32Array(2 * flow.n);
    for (let i = 0; i < flow.n; i++) {
      const at = flow.place(i, 0);
      this.places[2 * i] = gone[i] ? -1e6 : ratio * box.x + (x[at] - low.x) * across;
      this.places[2 * i + 1] = ratio * (box.y + box.h) - ((isMap ? x[at + BLOCK] : values[i]) - low.y) * up;
    }
    return this.places;
  }

  // The points of a group as a still picture has them: as many as the trace that came with it.
  still(trace) {
    const walker = this.scene.tracks.findIndex(({ id }) => id === trace.meta.tracks[0]);
    const { x, values, gone } = this.flow.swarms[walker];
    const kept = Array.from({ length: trace.x.length }, (_, k) => Math.round((k * (this.flow.n - 1)) / Math.max(trace.x.length - 1, 1)));
    const at = (i, d) => (gone[i] ? NaN : d < this.flow.machine.nDims ? x[this.flow.place(i, d)] : values[i]);
    return { x: kept.map((i) => at(i, 0)), y: kept.map((i) => at(i, 1)) };
  }

  destroy() {
    cancelAnimationFrame(this.next);
    this.knobs.stop();
    this.brush.drop();
  }
}

PARTS.swarm = (player) => new Swarm(player);

// Draws dots on a canvas: clear(), draw(places, box, looks), each look a size and a colour. By WebGL where a graphics card
// does it; where it would be rendered in software putting the pixels is several times as quick.
function brushOf(canvas) {
  const gl = hasGraphics() ? canvas.getContext("webgl", { antialias: false, depth: false }) : null;
  return gl ? new Shader(canvas, gl) : new Pixels(canvas);
}

function hasGraphics() {
  const gl = document.createElement("canvas").getContext("webgl");
  if (!gl) return false;
  const told = gl.getExtension("WEBGL_debug_renderer_info");
  const name = told ? gl.getParameter(told.UNMASKED_RENDERER_WEBGL) : "";
  gl.getExtension("WEBGL_lose_context")?.loseContext();
  return !/swiftshader|llvmpipe|software|basic render/i.test(name);
}

const VERTEX = "attribute vec2 place; uniform vec2 page; uniform float size; void main() {"
  + "gl_Position = vec4(2.0 * place.x / page.x - 1.0, 1.0 - 2.0 * place.y / page.y, 0.0, 1.0); gl_PointSize = size + 1.0; }";
// A disc with a soft edge one pixel wide; colours come multiplied by how much of the pixel it covers.
const FRAGMENT = "precision highp float; uniform vec3 color; uniform float size; void main() {"
  + "float cover = clamp(0.5 * size + 0.5 - distance(gl_PointCoord, vec2(0.5)) * (size + 1.0), 0.0, 1.0);"
  + "if (cover == 0.0) discard; gl_FragColor = vec4(color * cover, cover); }";

class Shader {
  constructor(canvas, gl) {
    Object.assign(this, { canvas, gl });
    // A context that was lost comes back empty.
    canvas.addEventListener("webglcontextlost", (event) => event.preventDefault());
    canvas.addEventListener("webglcontextrestored", () => this.#build());
    this.#build();
  }

  #build() {
    const { gl } = this;
    const program = gl.createProgram();
    for (const [kind, text] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]]) {
      const shader = gl.createShader(kind);
      gl.shaderSource(shader, text);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    gl.useProgram(program);
    this.at = Object.fromEntries(["page", "size", "color"].map((name) => [name, gl.getUniformLocation(program, name)]));
    gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
    const place = gl.getAttribLocation(program, "place");
    gl.enableVertexAttribArray(place);
    gl.vertexAttribPointer(place, 2, gl.FLOAT, false, 0, 0);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  clear() {
    const { gl, canvas, at } = this;
    gl.disable(gl.SCISSOR_TEST);
    gl.viewport(0, 0, canvas.width, canvas.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.enable(gl.SCISSOR_TEST);
    gl.uniform2f(at.page, canvas.width, canvas.height);
  }

  draw(places, { x, y, w, h }, looks) {
    const { gl, canvas, at } = this;
    gl.bufferData(gl.ARRAY_BUFFER, places, gl.STREAM_DRAW);
    gl.scissor(Math.round(x), Math.round(canvas.height - y - h), Math.round(w), Math.round(h));
    for (const [size, color] of looks) {
      gl.uniform1f(at.size, size);
      gl.uniform3f(at.color, ...channels(color).map((channel) => channel / 255));
      gl.drawArrays(gl.POINTS, 0, places.length / 2);
    }
  }

  drop() {
    this.gl.getExtension("WEBGL_lose_context")?.loseContext();
  }
}

class Pixels {
  constructor(canvas) {
    this.canvas = canvas;
    this.pen = canvas.getContext("2d");
  }

  clear() {
    this.pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
  }

  draw(places, { x, y, w, h }, looks) {
    const [left, top, wide, high] = [x, y, w, h].map(Math.round);
    const image = new ImageData(wide, high);
    const pixels = new Uint32Array(image.data.buffer);
    for (const [size, color] of looks) {
      const ink = inkOf(color);
      const half = Math.max(Math.round(size) - 1, 0) / 2;
      const disc = discOf(half, wide);
      const [low, up] = [Math.ceil(half), Math.floor(half)]; // of an even size the left half is the larger
      for (let i = 0; i < places.length; i += 2) {
        const [px, py] = [Math.round(places[i]) - left, Math.round(places[i + 1]) - top];
        // What the edge would cut is drawn pixel by pixel.
        if (px >= low && px < wide - up && py >= low && py < high - up) {
          const at = py * wide + px;
          for (let k = 0; k < disc.length; k++) pixels[at + disc[k]] = ink;
        } else if (px > -size && px < wide + size && py > -size && py < high + size) this.#cut(pixels, wide, high, px, py, disc, ink);
      }
    }
    this.pen.putImageData(image, left, top);
  }

  #cut(pixels, wide, high, px, py, disc, ink) {
    for (const offset of disc) {
      const dy = Math.round(offset / wide);
      const [x, y] = [px + offset - dy * wide, py + dy];
      if (x >= 0 && x < wide && y >= 0 && y < high) pixels[y * wide + x] = ink;
    }
  }

  drop() {}
}

// The pixels of a disc as steps from its middle, in rows so wide.
function discOf(half, wide) {
  const found = [];
  for (let dy = -Math.ceil(half); dy <= Math.floor(half); dy++) {
    for (let dx = -Math.ceil(half); dx <= Math.floor(half); dx++) {
      const shift = half % 1; // the middle of an even disc lies between pixels
      if (Math.hypot(dx + shift, dy + shift) <= half + 0.3) found.push(dy * wide + dx);
    }
  }
  return Int32Array.from(found);
}

const channels = (color) => [1, 3, 5].map((digit) => parseInt(color.slice(digit, digit + 2), 16));

// A colour as the bytes of a pixel, in the order of this machine.
const inkOf = (color) => new Uint32Array(Uint8Array.of(...channels(color), 255).buffer)[0];
