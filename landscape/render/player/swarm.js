// Lets very many starts flow by the lists of a payload (live.js), a step at a time, and counts where they are.
//
//   const flow = new Flow(payload.live)       throws an Error that says what is wrong with the data
//   flow.seek(step, until)                    ->  whether it stands at that step by the time `until`
//   flow.counted(walker, step)                ->  how many starts were of each fate then, or null
//   flow.turn(walker, from, values)           other values hold from that step on
//
// Starts lie in blocks: a list runs over one block after the other, whose columns then stay in the processor's cache.

const BLOCK = 1024;
const MOST_SWARM = 50000;
const MOST_NUMBERS = 4e7; // of one step of all starts
const KEPT_BYTES = 1e8;
const MOST_KEPT = 24;

class Flow {
  constructor(live) {
    const { swarm, n_steps: nSteps } = live;
    this.machine = new Machine(live);
    const { nDims, settings, surface, walkers, rules } = this.machine;
    const { starts, places, told, threshold } = swarm ?? {};
    refuse(Array.isArray(told) && told.length > 2 && told.length < 5000 && told.every((one) => Array.isArray(one)), mark("the swarm is damaged"));
    refuse(Number.isFinite(threshold) && threshold > 0, mark("the swarm is damaged"));
    const points = readStarts(starts, nDims);
    this.n = points[0].length;
    const rows = surface.rows.length + walkers.reduce((sum, { rule }) => sum + rules[rule].rows.length, 0);
    refuse(rows * this.n <= MOST_NUMBERS, mark("a step of so many starts takes too long"));
    this.threshold = threshold;
    this.nFates = told.length;
    this.places = new Places(places, nDims, this.nFates);
    this.nSteps = nSteps;
    this.nBlocks = Math.ceil(this.n / BLOCK);
    this.ground = prepared(surface, [...new Array(nDims).fill("path"), ...settings], BLOCK);
    this.first = new Float64Array(this.nBlocks * nDims * BLOCK).fill(NaN);
    points.forEach((column, d) => column.forEach((x, i) => (this.first[this.place(i, d)] = x)));
    this.swarms = walkers.map(({ slots, values }) => ({
      turns: [{ from: 0, values: [...values] }],
      x: this.first.slice(),
      slopes: new Float64Array(this.first.length),
      slots: Array.from({ length: slots }, () => new Float64Array(this.first.length)),
      values: new Float64Array(this.nBlocks * BLOCK),
      norms: new Float64Array(this.nBlocks * BLOCK),
      gone: new Uint8Array(this.nBlocks * BLOCK),
      ball: new Int32Array(this.n).fill(-1),
    }));
    this.#again();
  }

  // Where coordinate d of start i lies: block by block, in each a coordinate after the other.
  place(i, d) {
    const block = Math.floor(i / BLOCK);
    return (block * this.machine.nDims + d) * BLOCK + i - block * BLOCK;
  }

  #again() {
    const size = this.swarms.reduce((sum, { slots }) => sum + (1 + slots.length) * this.first.length * 8, 0);
    this.every = Math.max(1, Math.ceil(this.nSteps / Math.min(Math.max(Math.floor(KEPT_BYTES / size), 1), MOST_KEPT)));
    this.kept = new Map();
    this.counts = this.swarms.map(() => new Int32Array((this.nSteps + 1) * this.nFates).fill(-1));
    for (const swarm of this.swarms) this.#prepare(swarm);
    this.#stand(0, this.swarms.map(() => ({ x: this.first, slots: [], gone: null })));
  }

  // The rules with the values of each turn, over a block.
  #prepare(swarm) {
    const { machine, nSteps } = this;
    const { rule, slots } = machine.walkers[this.swarms.indexOf(swarm)];
    const size = BLOCK * machine.nDims;
    for (const turn of swarm.turns) {
      const [rate, ...hyper] = turn.values;
      const columns = [
        null,
        null,
        Float64Array.from({ length: nSteps }, (_, t) => t + 1),
        Float64Array.from({ length: nSteps }, (_, t) => rate * (machine.factors?.[t] ?? 1)),
      ];
      const inputs = ["path", "path", "step", "step", ...new Array(slots).fill("path"), ...hyper];
      turn.rule = prepared(machine.rules[rule], inputs, size, columns, nSteps);
      turn.ahead = machine.rules[rule].ahead && prepared(machine.rules[rule].ahead, inputs, size, columns, nSteps);
    }
  }

  // Puts all starts where they were after t steps.
  #stand(t, states) {
    this.at = t;
    this.swarms.forEach((swarm, k) => {
      const { x, slots, gone } = states[k];
      swarm.x.set(x);
      swarm.slots.forEach((slot, s) => (slots[s] ? slot.set(slots[s]) : slot.fill(0)));
      if (gone) swarm.gone.set(gone);
      else swarm.gone.fill(0);
      for (let block = 0; block < this.nBlocks; block++) this.#look(swarm, block);
      this.#count(swarm, k);
    });
  }

  seek(step, until = Infinity) {
    const target = Math.min(Math.max(step, 0), this.nSteps);
    if (target < this.at) this.#back(target);
    while (this.at < target) {
      this.#step();
      if (performance.now() > until) break;
    }
    return this.at === target;
  }

  #back(target) {
    const from = Math.max(0, ...[...this.kept.keys()].filter((t) => t <= target));
    this.#stand(from, this.kept.get(from) ?? this.swarms.map(() => ({ x: this.first, slots: [], gone: null })));
  }

  #step() {
    const t = this.at;
    for (const swarm of this.swarms) {
      const { rule, ahead } = swarm.turns.findLast(({ from }) => from <= t);
      for (let block = 0; block < this.nBlocks; block++) {
        this.#move(swarm, rule, ahead, block, t);
        this.#look(swarm, block);
      }
    }
    this.at = t + 1;
    this.swarms.forEach((swarm, k) => this.#count(swarm, k));
    if (this.at % this.every === 0 && !this.kept.has(this.at)) {
      this.kept.set(this.at, this.swarms.map(({ x, slots, gone }) => ({ x: x.slice(), slots: slots.map((slot) => slot.slice()), gone: gone.slice() })));
    }
  }

  #move({ x, slopes, slots }, rule, ahead, block, t) {
    const { memory, input, output, run } = rule;
    const size = BLOCK * this.machine.nDims;
    const [from, to] = [block * size, (block + 1) * size];
    memory.set(x.subarray(from, to), input[0]);
    memory.set(slopes.subarray(from, to), input[1]);
    slots.forEach((slot, k) => memory.set(slot.subarray(from, to), input[4 + k]));
    if (ahead) {
      lookAhead(ahead, rule, this.ground, t, BLOCK, this.machine.nDims);
    }
    run(t);
    x.set(memory.subarray(output[0], output[0] + size), from);
    slots.forEach((slot, k) => slot.set(memory.subarray(output[1 + k], output[1 + k] + size), from));
  }

  // Loss, gradient and its norm where a block is now; as in ``ensemble`` what is not finite once is gone for good.
  #look({ x, slopes, values, norms, gone }, block) {
    const { nDims } = this.machine;
    const { memory, input, output, run } = this.ground;
    const from = block * nDims * BLOCK;
    for (let d = 0; d < nDims; d++) memory.set(x.subarray(from + d * BLOCK, from + (d + 1) * BLOCK), input[d]);
    run(0);
    const own = block * BLOCK;
    values.set(memory.subarray(output[0], output[0] + BLOCK), own);
    norms.set(memory.subarray(output[nDims + 1], output[nDims + 1] + BLOCK), own);
    for (let d = 0; d < nDims; d++) slopes.set(memory.subarray(output[1 + d], output[1 + d] + BLOCK), from + d * BLOCK);
    for (let i = 0; i < BLOCK; i++) {
      let sum = values[own + i] + norms[own + i];
      for (let d = 0; d < nDims; d++) sum += x[from + d * BLOCK + i];
      if (sum - sum !== 0 && !this.#isFinite(x, values, norms, own + i, from + i)) gone[own + i] = 1;
    }
  }

  // A sum may overflow of what is finite.
  #isFinite(x, values, norms, i, at) {
    if (!Number.isFinite(values[i]) || !Number.isFinite(norms[i])) return false;
    for (let d = 0; d < this.machine.nDims; d++) if (!Number.isFinite(x[at + d * BLOCK])) return false;
    return true;
  }

  #count({ x, norms, gone, ball }, k) {
    const counts = this.counts[k].subarray(this.at * this.nFates, (this.at + 1) * this.nFates);
    if (counts[0] >= 0) return;
    const { nDims } = this.machine;
    counts.fill(0);
    for (let i = 0; i < this.n; i++) {
      if (gone[i]) counts[this.nFates - 1] += 1;
      else if (norms[i] < this.threshold) {
        const at = this.place(i, 0);
        ball[i] = this.places.ballAt(x[at], nDims > 1 ? x[at + BLOCK] : 0, ball[i]);
        counts[ball[i] < 0 ? 1 : this.places.fate[ball[i]]] += 1;
      } else counts[0] += 1;
    }
  }

  counted(walker, step) {
    const counts = this.counts[walker].subarray(step * this.nFates, (step + 1) * this.nFates);
    return counts[0] < 0 ? null : counts;
  }

  // What was counted up to `from` holds on.
  turn(walker, from, values) {
    const swarm = this.swarms[walker];
    swarm.turns = [...swarm.turns.filter((turn) => turn.from < from), { from, values }];
    this.#prepare(swarm);
    for (const t of [...this.kept.keys()]) if (t > from) this.kept.delete(t);
    this.counts[walker].fill(-1, (from + 1) * this.nFates);
    if (this.at > from) this.#back(from);
  }

  lengthen(nSteps) {
    this.nSteps = nSteps;
    this.#again();
  }
}

// Balls round critical points. A ball lies in all cells that it touches, which are as wide as the largest ball.
class Places {
  constructor(data, nDims, nFates) {
    refuse(Array.isArray(data) && data.length === nDims + 2 && data.every((column) => ArrayBuffer.isView(column)), mark("the places are damaged"));
    const n = data[0].length;
    refuse(n <= 100000 && data.every((column) => column.length === n && column.every(Number.isFinite)), mark("the places are damaged"));
    const [x, y] = nDims > 1 ? data : [data[0], new Float64Array(n)];
    const [radii, fate] = data.slice(nDims);
    refuse(radii.every((radius) => radius >= 0) && fate.every((one) => isWhole(one, 0, nFates - 1)), mark("the places are damaged"));
    Object.assign(this, { x, y, fate, reach: radii.map((radius) => radius * radius) });
    this.cell = 2 * radii.reduce((most, radius) => Math.max(most, radius), 1e-300);
    this.cells = new Map();
    for (let k = 0; k < n; k++) {
      for (const i of [-1, 1]) {
        for (const j of [-1, 1]) {
          const key = this.#key(x[k] + i * radii[k], y[k] + j * radii[k]);
          const there = this.cells.get(key);
          if (!there) this.cells.set(key, [k]);
          else if (there.at(-1) !== k) there.push(k);
        }
      }
    }
  }

  #key(x, y) {
    return Math.floor(x / this.cell) * 94906249 + Math.floor(y / this.cell);
  }

  #holds(k, x, y) {
    const [dx, dy] = [x - this.x[k], y - this.y[k]];
    return dx * dx + dy * dy <= this.reach[k];
  }

  // The number of a ball that a point is in, -1 for none; who was in one before is looked for there first.
  ballAt(x, y, before) {
    if (before >= 0 && this.#holds(before, x, y)) return before;
    for (const k of this.cells.get(this.#key(x, y)) ?? []) if (this.#holds(k, x, y)) return k;
    return -1;
  }
}

// The coordinates of the starts, a column a dimension, by their rule.
function readStarts(rule, nDims) {
  const { grid, random, points } = rule ?? {};
  const box = grid ?? random;
  if (box) {
    const isColumn = (column) => Array.isArray(column) && column.length === nDims && column.every(Number.isFinite);
    refuse(isColumn(box.lower) && isColumn(box.widths), mark("the starts are damaged"));
  }
  const made = grid ? laidOnGrid(grid, nDims) : random ? drawnAtRandom(random, nDims) : points;
  refuse(Array.isArray(made) && made.length === nDims && made.every((column) => column.length === made[0].length), mark("the starts are damaged"));
  refuse(isWhole(made[0].length, 1, MOST_SWARM) && made.every((column) => column.every(Number.isFinite)), mark("the starts are damaged"));
  return made;
}

function laidOnGrid({ lower, widths, sides }, nDims) {
  refuse(Array.isArray(sides) && sides.length === nDims && sides.every((side) => isWhole(side, 1, MOST_SWARM)), mark("the starts are damaged"));
  const n = sides.reduce((product, side) => product * side, 1);
  refuse(n <= MOST_SWARM, mark("there are more than {most} starts"), { most: MOST_SWARM });
  return lower.map((low, d) => {
    const stride = sides.slice(d + 1).reduce((product, side) => product * side, 1);
    return Float64Array.from({ length: n }, (_, i) => low + (widths[d] * ((Math.floor(i / stride) % sides[d]) + 0.5)) / sides[d]);
  });
}

// The numbers of NumPy's default generator: PCG64 (O'Neill 2014), XSL RR 128/64, from a state that Python seeded.
function drawnAtRandom({ lower, widths, state, increment, n }, nDims) {
  refuse(isWhole(n, 1, MOST_SWARM), mark("there are more than {most} starts"), { most: MOST_SWARM });
  refuse([state, increment].every((digits) => /^\d{1,39}$/.test(digits)), mark("the starts are damaged"));
  const multiplier = 0x2360ed051fc65da44385df649fccf645n;
  const step = BigInt(increment);
  let now = BigInt(state);
  const next = () => {
    now = BigInt.asUintN(128, now * multiplier + step);
    const [mixed, turn] = [(now >> 64n) ^ BigInt.asUintN(64, now), now >> 122n];
    const turned = BigInt.asUintN(64, (mixed >> turn) | (mixed << (64n - turn)));
    return Number(turned >> 11n) * 2 ** -53;
  };
  const columns = lower.map(() => new Float64Array(n));
  for (let i = 0; i < n; i++) for (let d = 0; d < nDims; d++) columns[d][i] = lower[d] + widths[d] * next();
  return columns;
}
