// Where the paths of all pixels end, by the shaders of glsl.js: the coarse map first, and never so much of it at a time
// that a frame would wait. Without WebGL 2, or with a context that is lost, there is none, and nobody is told.
//
//   const ends = endsOf()                        null where the browser cannot
//   ends.run(shaders, places, how, tell)         tell({ stride, found }) for every map, the finest last
//   ends.stop()
//
// `found` holds for each shader (x, y, steps until rest, fate) of every stride-th pixel, row by row from the lowest.

const SHARE_OF_FRAME = 14; // milliseconds that are asked of the graphics card at a time
const QUICK = 45; // a map that takes no longer is drawn in full at once
const COARSEST_STRIDE = 8;
const FIRST_PIXELS = 256; // of a shader that nobody has timed yet
const FEWEST_PIXELS = 64; // at a time: a card that is busy with something else looks slow, and would get ever less to do
const MOST_PROGRAMS = 24;

const CORNERS = "#version 300 es\nvoid main() { gl_Position = vec4(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0, 0.0, 1.0); }";

function endsOf() {
  const gl = document.createElement("canvas").getContext("webgl2", { antialias: false, depth: false, powerPreference: "high-performance" });
  return gl?.getExtension("EXT_color_buffer_float") ? new Ends(gl) : null;
}

class Ends {
  constructor(gl) {
    this.gl = gl;
    this.programs = new Map();
    this.seats = [];
    this.later = gl.getExtension("KHR_parallel_shader_compile");
    gl.disable(gl.DITHER);
    gl.enable(gl.SCISSOR_TEST);
  }

  get isLost() {
    return this.gl.isContextLost();
  }

  // While a coarse map is on its way the next run waits for it: else a quick hand would never see one.
  run(shaders, places, how, tell) {
    const next = { shaders, places, how, tell };
    if (this.now?.isCoarse) this.next = next;
    else this.#begin(next);
  }

  stop() {
    clearTimeout(this.timer);
    for (const { fence, parts } of this.now?.flying ?? []) {
      this.gl.deleteSync(fence);
      for (const { buffer } of parts) this.gl.deleteBuffer(buffer);
    }
    this.now = this.next = null;
  }

  drop() {
    this.stop();
    this.gl.getExtension("WEBGL_lose_context")?.loseContext();
  }

  #begin(run) {
    this.stop();
    const { gl } = this;
    run.programs = run.shaders.map(({ source }) => this.#program(source));
    run.tables = run.shaders.map(({ table, width }, k) => this.#table(k, table, width));
    this.now = run;
    run.isCoarse = true;
    this.#wait(() => !this.later || run.programs.every(({ program }) => gl.getProgramParameter(program, this.later.COMPLETION_STATUS_KHR)), () => {
      if (run.programs.every((one) => this.#isSound(one))) this.#map(this.#firstStride(run));
      else this.stop();
    });
  }

  // A shader that this card does not take: then there is no map.
  #isSound(one) {
    const { gl } = this;
    one.sound ??= Boolean(gl.getProgramParameter(one.program, gl.LINK_STATUS));
    return one.sound;
  }

  #program(source) {
    const { gl, programs } = this;
    const known = programs.get(source);
    if (known) return known;
    if (programs.size >= MOST_PROGRAMS) {
      const [oldest, { program }] = programs.entries().next().value;
      gl.deleteProgram(program);
      programs.delete(oldest);
    }
    const program = gl.createProgram();
    for (const [kind, text] of [[gl.VERTEX_SHADER, CORNERS], [gl.FRAGMENT_SHADER, source]]) {
      const shader = gl.createShader(kind);
      gl.shaderSource(shader, text);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
      gl.deleteShader(shader);
    }
    gl.linkProgram(program);
    const made = { program, pace: 0 };
    programs.set(source, made);
    return made;
  }

  #texture(width, height, format, kind, numbers) {
    const { gl } = this;
    const texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, texture);
    for (const name of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, name, gl.NEAREST);
    gl.texImage2D(gl.TEXTURE_2D, 0, format, width, height, 0, kind, gl.FLOAT, numbers);
    return texture;
  }

  #table(k, numbers, width) {
    const { gl } = this;
    gl.deleteTexture(this.seat(k).table);
    const texels = Math.max(numbers.length / 4, 1);
    const rows = Math.ceil(texels / TABLE_WIDTH);
    const filled = new Float32Array(4 * TABLE_WIDTH * rows);
    filled.set(numbers);
    this.seat(k).table = this.#texture(TABLE_WIDTH, rows, gl.RGBA32F, gl.RGBA, filled);
  }

  seat(k) {
    return (this.seats[k] ??= { table: null, ends: null, frame: null, size: "" });
  }

  #firstStride({ programs, places: { x, y } }) {
    const whole = x.length * y.length * programs.reduce((sum, { pace }) => sum + (pace || Infinity), 0) * this.now.how.n_steps;
    for (let stride = 1; stride < COARSEST_STRIDE; stride *= 2) if (whole / (stride * stride) <= QUICK) return stride;
    return COARSEST_STRIDE;
  }

  #map(stride) {
    const run = this.now;
    const size = [run.places.x, run.places.y].map(({ length }) => Math.ceil(length / stride));
    const n = size[0] * size[1];
    Object.assign(run, { stride, size, n, shader: 0, pixel: 0, found: run.shaders.map(() => new Float32Array(4 * n)) });
    run.flying = [];
    run.since = performance.now();
    this.#go(run);
  }

  // Asks for as much as a frame has time for, and for as much again, so that the card never waits; reads what is there.
  #go(run) {
    while (run.flying.length < 2 && run.shader < run.shaders.length) run.flying.push(this.#batch(run));
    const [{ fence, parts }] = run.flying;
    const { gl } = this;
    this.#wait(() => this.isLost || gl.clientWaitSync(fence, 0, 0) !== gl.TIMEOUT_EXPIRED, () => {
      if (this.isLost) return this.stop();
      gl.deleteSync(fence);
      run.flying.shift();
      const now = performance.now();
      this.#time(run, parts, now - run.since);
      run.since = now;
      for (const part of parts) this.#read(run, part);
      return run.flying.length || run.shader < run.shaders.length ? this.#go(run) : this.#done(run);
    });
  }

  #batch(run) {
    const { gl } = this;
    const parts = [];
    let left = SHARE_OF_FRAME;
    while (run.shader < run.shaders.length && left > 0) {
      const cost = run.programs[run.shader].pace * Math.max(run.how.n_steps, 1);
      const part = this.#part(run, cost ? Math.max(Math.floor(left / cost), FEWEST_PIXELS) : FIRST_PIXELS);
      parts.push({ ...part, buffer: this.#draw(run, part) });
      left = cost ? left - part.n * cost : 0;
      run.pixel += part.n;
      if (run.pixel === run.n) [run.shader, run.pixel] = [run.shader + 1, 0];
    }
    const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    gl.flush();
    return { fence, parts };
  }

  #done(run) {
    const { stride, found, tell } = run;
    run.isCoarse = false;
    tell({ stride, found });
    if (this.now !== run) return;
    if (this.next) this.#begin(this.next);
    else if (stride > 1) this.#map(stride > 2 ? 2 : 1);
    else this.now = null;
  }

  // Whole rows, or a part of one.
  #part(run, fits) {
    const [wide] = run.size;
    const [column, row] = [run.pixel % wide, Math.floor(run.pixel / wide)];
    const rows = column ? 0 : Math.min(Math.floor(fits / wide), run.size[1] - row);
    const [w, h] = rows ? [wide, rows] : [Math.min(fits, wide - column), 1];
    return { shader: run.shader, from: run.pixel, box: [column, row, w, h], n: w * h };
  }

  #draw(run, { shader, box, n }) {
    const { gl } = this;
    const { x, y } = run.places;
    const { program } = run.programs[shader];
    const seat = this.seat(shader);
    this.#frame(seat, ...run.size);
    gl.useProgram(program);
    gl.viewport(0, 0, ...run.size);
    gl.scissor(...box);
    const { how } = run;
    const at = (name) => gl.getUniformLocation(program, name);
    gl.uniform1fv(at("u"), Float32Array.from(run.shaders[shader].numbers.length ? run.shaders[shader].numbers : [0]));
    for (const name of ["threshold", "highest", "far", "sustained", "slower", "huge"]) gl.uniform1f(at(name), how[name]);
    gl.uniform1i(at("n_steps"), how.n_steps);
    gl.uniform1i(at("stride"), run.stride);
    gl.uniform3i(at("quarters"), ...how.quarters);
    gl.uniform2f(at("low"), ...how.low);
    gl.uniform2f(at("high"), ...how.high);
    this.#places(x, y);
    [seat.table, this.across, this.up].forEach((texture, unit) => {
      gl.activeTexture(gl.TEXTURE0 + unit);
      gl.bindTexture(gl.TEXTURE_2D, texture);
    });
    gl.activeTexture(gl.TEXTURE0);
    ["by", "across", "up"].forEach((name, unit) => gl.uniform1i(at(name), unit));
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    // Into a buffer of the card's, for a page that asks for the pixels themselves would stand still until all is done.
    const buffer = gl.createBuffer();
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
    gl.bufferData(gl.PIXEL_PACK_BUFFER, 16 * n, gl.STREAM_READ);
    gl.readPixels(...box, gl.RGBA, gl.FLOAT, 0);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
    return buffer;
  }

  #places(x, y) {
    if (this.placed?.x === x && this.placed?.y === y) return;
    const { gl } = this;
    for (const texture of [this.across, this.up]) gl.deleteTexture(texture ?? null);
    this.across = this.#texture(x.length, 1, gl.R32F, gl.RED, Float32Array.from(x));
    this.up = this.#texture(y.length, 1, gl.R32F, gl.RED, Float32Array.from(y));
    this.placed = { x, y };
  }

  #frame(seat, wide, high) {
    const { gl } = this;
    if (seat.size !== `${wide} ${high}`) {
      gl.deleteTexture(seat.ends);
      gl.deleteFramebuffer(seat.frame);
      seat.ends = this.#texture(wide, high, gl.RGBA32F, gl.RGBA, null);
      seat.frame = gl.createFramebuffer();
      gl.bindFramebuffer(gl.FRAMEBUFFER, seat.frame);
      gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, seat.ends, 0);
      seat.size = `${wide} ${high}`;
    }
    gl.bindFramebuffer(gl.FRAMEBUFFER, seat.frame);
  }

  #read(run, { shader, from, n, buffer }) {
    const { gl } = this;
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
    gl.getBufferSubData(gl.PIXEL_PACK_BUFFER, 0, run.found[shader], 4 * from, 4 * n);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
    gl.deleteBuffer(buffer);
  }

  // Milliseconds a pixel and step, shared out by what was expected; a poll is too slow to time what is quick.
  #time(run, parts, took) {
    const steps = Math.max(run.how.n_steps, 1);
    const expected = parts.map(({ shader, n }) => n * (run.programs[shader].pace || 1));
    const sum = expected.reduce((all, one) => all + one, 0);
    parts.forEach(({ shader, n }, k) => (run.programs[shader].pace = (took * expected[k]) / sum / n / steps));
  }

  // Comes back when something holds; nobody waits for it.
  #wait(holds, then) {
    const run = this.now;
    const look = () => {
      if (this.now !== run) return;
      if (holds()) then();
      else this.timer = setTimeout(look, 2);
    };
    look();
  }
}
