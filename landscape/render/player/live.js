// Carries out lists of operations (landscape/live/operations.py) over columns of numbers, one number a path, as NumPy
// does. The lists are data: they are checked before anything runs, and nothing in them becomes code.
//
//   const machine = new Machine(payload.live)            throws an Error that says what is wrong with the data
//   machine.run([{ walker: 0, starts, turns }], n_steps)  ->  [[{ x: [Float64Array, ...], values, norms, slopes, last }, ...], ...]
//   machine.curvature(point)                              ->  [{ value, axis }, ...] of the Hessian, the smallest first
//
//   machine.told({ walker, start, turns }, path, t)         ->  the numbers of step t = 1, 2, ... (landscape/live/told.py)
//
// `turns` are the values (learning rate, hyperparameters) of a walker and the steps from which they hold.

const MOST_ROWS = 1000;
const MOST_LINES = 100;
const BEYOND = mark("a register out of range");
const MOST_WORK = 4e8; // additions that one run may take, or what takes as long (MAX_WORK in landscape/live/offer.py)

const power = (a, b) => (a === 1 || b === 0 || (a === -1 && Math.abs(b) === Infinity) ? 1 : a ** b); // as C has it
const modulo = (a, b) => {
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
};
// logaddexp(0, u): without overflow on either side.
const softplus = (u) => (u > 0 ? u + Math.log1p(Math.exp(-u)) : Math.log1p(Math.exp(u)));

// The error function: its series, whose terms are all of one sign, or the continued fraction of 1 - erf (Abramowitz and
// Stegun 1964, 7.1.6 and 7.1.14), from the far end.
function erf(u) {
  const size = Math.abs(u);
  if (!(size < 6)) return Math.sign(u);
  const bell = Math.exp(-size * size) / Math.sqrt(Math.PI);
  if (size < 2.2) {
    let [term, sum] = [2 * u, 2 * u];
    for (let k = 1; k < 60; k++) sum += term *= (2 * size * size) / (2 * k + 1);
    return sum * bell;
  }
  let tail = size;
  for (let k = 90; k > 0; k--) tail = size + k / 2 / tail;
  return Math.sign(u) * (1 - bell / tail);
}

// Name -> operands and what one number (or two) becomes. Those of the first line are written out in carryOut.
const PLAIN = ["add", "sub", "mul", "div", "max", "min", "neg", "abs", "sqrt", "lt", "le", "eq", "choose"];
const CALLED = {
  pow: power, mod: modulo, atan2: Math.atan2, sign: Math.sign, floor: Math.floor, ceil: Math.ceil, cbrt: Math.cbrt,
  exp: Math.exp, expm1: Math.expm1, log: Math.log, log1p: Math.log1p, log2: Math.log2, log10: Math.log10,
  sin: Math.sin, cos: Math.cos, tan: Math.tan, asin: Math.asin, acos: Math.acos, atan: Math.atan,
  sinh: Math.sinh, cosh: Math.cosh, tanh: Math.tanh, asinh: Math.asinh, acosh: Math.acosh, atanh: Math.atanh,
  erf, softplus,
  sigmoid: (u) => 1 / (1 + Math.exp(-u)),
  step: (u) => (u > 0 ? 1 : u <= 0 ? 0 : NaN),
};
const NAMES = [...PLAIN, ...Object.keys(CALLED)];
const CODES = new Map(NAMES.map((name, code) => [name, code]));
const FUNCTIONS = NAMES.map((name) => CALLED[name]);
const TWO = new Set(["add", "sub", "mul", "div", "max", "min", "lt", "le", "eq", "pow", "mod", "atan2"]);
const OPERANDS = NAMES.map((name) => (name === "choose" ? 3 : TWO.has(name) ? 2 : 1));
const CHOOSE = CODES.get("choose");
// What a number takes, in additions: as `effort` has it in landscape/live/operations.py.
const EFFORTS = NAMES.map((name) => (name === "erf" ? 400 : name in CALLED ? 20 : 1));
const effortOf = ({ rows }, n) => rows.reduce((sum, [code]) => sum + Math.max(EFFORTS[code] * n, 8), 0);

// One pass over n numbers for each row: code holds (operation, out, a, b, c) as places in m.
function carryOut(code, m, n) {
  for (let at = 0; at < code.length; at += 5) {
    const o = code[at + 1];
    const a = code[at + 2];
    const b = code[at + 3];
    switch (code[at]) {
      case 0: for (let i = 0; i < n; i++) m[o + i] = m[a + i] + m[b + i]; break;
      case 1: for (let i = 0; i < n; i++) m[o + i] = m[a + i] - m[b + i]; break;
      case 2: for (let i = 0; i < n; i++) m[o + i] = m[a + i] * m[b + i]; break;
      case 3: for (let i = 0; i < n; i++) m[o + i] = m[a + i] / m[b + i]; break;
      case 4: for (let i = 0; i < n; i++) m[o + i] = Math.max(m[a + i], m[b + i]); break;
      case 5: for (let i = 0; i < n; i++) m[o + i] = Math.min(m[a + i], m[b + i]); break;
      case 6: for (let i = 0; i < n; i++) m[o + i] = -m[a + i]; break;
      case 7: for (let i = 0; i < n; i++) m[o + i] = Math.abs(m[a + i]); break;
      case 8: for (let i = 0; i < n; i++) m[o + i] = Math.sqrt(m[a + i]); break;
      case 9: for (let i = 0; i < n; i++) m[o + i] = m[a + i] < m[b + i] ? 1 : 0; break;
      case 10: for (let i = 0; i < n; i++) m[o + i] = m[a + i] <= m[b + i] ? 1 : 0; break;
      case 11: for (let i = 0; i < n; i++) m[o + i] = m[a + i] === m[b + i] ? 1 : 0; break;
      case 12: {
        const c = code[at + 4];
        for (let i = 0; i < n; i++) m[o + i] = m[a + i] !== 0 ? m[b + i] : m[c + i];
        break;
      }
      default: {
        const f = FUNCTIONS[code[at]];
        if (OPERANDS[code[at]] === 2) for (let i = 0; i < n; i++) m[o + i] = f(m[a + i], m[b + i]);
        else for (let i = 0; i < n; i++) m[o + i] = f(m[a + i]);
      }
    }
  }
}

const isWhole = (value, low, high) => Number.isInteger(value) && value >= low && value <= high;

function refuse(test, words = mark("the recipe is damaged"), places = {}) {
  if (!test) throw new Error(tr(words, places));
}

// A list as it came, checked: rows become [code, a, b, c], whose registers were all written before.
function readList(data, nInputs, nOutputs) {
  const { inputs, constants, operations, rows, outputs } = data ?? {};
  refuse(inputs === nInputs && [constants, operations, rows, outputs].every(Array.isArray));
  refuse(rows.length <= MOST_ROWS && constants.length <= MOST_ROWS, mark("a list of more than {most} operations"), { most: MOST_ROWS });
  refuse(constants.every(Number.isFinite), mark("a constant is not a number"));
  const codes = operations.map((name) => {
    refuse(CODES.has(name), mark("unknown operation {name}"), { name: String(name).slice(0, 40) });
    return CODES.get(name);
  });
  const first = inputs + constants.length;
  const read = rows.map((row, k) => {
    refuse(Array.isArray(row) && isWhole(row[0], 0, codes.length - 1), mark("unknown operation"));
    const [operation, out, ...operands] = row;
    const code = codes[operation];
    refuse(operands.length === OPERANDS[code] && out === first + k);
    refuse(operands.every((register) => isWhole(register, 0, out - 1)), BEYOND);
    return [code, ...operands];
  });
  refuse(outputs.length >= nOutputs && outputs.length <= 2 * MOST_ROWS && outputs.every((register) => isWhole(register, 0, first + read.length - 1)), BEYOND);
  return { inputs, constants, rows: read, outputs };
}

// What tells the step of a rule, line by line, checked: names on the left, places of the results and of the conditions
// among the list's outputs; then text, name, place, text, ...
function readLines(lines, { outputs }) {
  const damaged = mark("the lines are damaged");
  refuse(Array.isArray(lines) && lines.length <= MOST_LINES, damaged);
  const isPlace = (place) => isWhole(place, 0, outputs.length - 1);
  return lines.map((line) => {
    const [target, results, guards, ...spelled] = Array.isArray(line) ? line : [];
    refuse([results, guards].every(Array.isArray) && spelled.length % 3 === 1, damaged);
    const leaves = Array.from({ length: (spelled.length - 1) / 3 }, (_, k) => spelled.slice(3 * k, 3 * k + 3));
    const conditions = Array.from({ length: guards.length / 2 }, (_, k) => guards.slice(2 * k, 2 * k + 2));
    refuse([...results, ...leaves.map(([, , place]) => place), ...conditions.map(([place]) => place)].every(isPlace), BEYOND);
    return {
      target: String(target).slice(0, 200),
      results,
      conditions: conditions.map(([place, holds]) => ({ place, holds: Boolean(holds) })),
      leaves: leaves.map(([before, name, place]) => ({ before: String(before).slice(0, 500), name: String(name).slice(0, 200), place })),
      after: String(spelled.at(-1)).slice(0, 500),
    };
  });
}

// What is left of a list once some inputs are known: numbers are computed now, choices that they decide are taken, and
// the rest falls into what depends on the step alone and what depends on the path. An input is a number, "step" or "path".
function reduced(list, inputs) {
  const level = [...inputs.map((input) => (typeof input === "number" ? 0 : input === "step" ? 1 : 2)), ...list.constants.map(() => 0)];
  const number = [...inputs.map((input) => (typeof input === "number" ? input : NaN)), ...list.constants];
  const same = level.map((_, register) => register);
  const kept = [];
  const one = new Float64Array(4);
  for (const [code, ...given] of list.rows) {
    const operands = given.map((register) => same[register]);
    const out = same.length;
    if (operands.every((register) => level[register] === 0)) {
      operands.forEach((register, k) => (one[k + 1] = number[register]));
      carryOut(Int32Array.of(code, 0, 1, 2, 3), one, 1);
      same.push(out);
      level.push(0);
      number.push(one[0]);
      continue;
    }
    const decided = code === CHOOSE && level[operands[0]] === 0;
    const [yes, no] = [operands[1], operands[2]];
    same.push(decided ? (number[operands[0]] !== 0 ? yes : no) : out);
    level.push(decided ? level[same[out]] : Math.max(...operands.map((register) => level[register])));
    number.push(decided ? number[same[out]] : NaN);
    if (!decided) kept.push([code, out, ...operands]);
  }
  const outputs = list.outputs.map((register) => same[register]);
  const needed = new Set(outputs);
  const rows = [[], []]; // by what they depend on: the step, the path
  for (const row of kept.reverse()) {
    if (!needed.has(row[1])) continue;
    row.slice(2).forEach((register) => needed.add(register));
    rows[level[row[1]] - 1].unshift(row);
  }
  return { level, number, outputs, rows };
}

// Rows over n numbers each, with a column of memory for every register in them or in `also`.
function laidOut(rows, also, n) {
  const place = new Map();
  for (const register of [...also, ...rows.flatMap((row) => row.slice(1))]) {
    if (!place.has(register)) place.set(register, place.size * n);
  }
  const memory = new Float64Array(place.size * n);
  const code = Int32Array.from(rows.flatMap(([operation, ...registers]) => {
    const places = registers.map((register) => place.get(register));
    return [operation, ...places, ...new Array(4 - places.length).fill(0)];
  }));
  const fill = (register, value) => memory.fill(value, place.get(register), place.get(register) + n);
  return { memory, code, place, fill };
}

// What of a reduced list depends on the step alone, carried out for all steps.
function laidBySteps({ level, number, rows }, inputs, columns, nSteps) {
  const made = laidOut(rows[0], inputs, nSteps);
  for (const [register, at] of made.place) {
    if (columns[register]) made.memory.set(columns[register], at);
    else if (level[register] === 0) made.fill(register, number[register]);
  }
  carryOut(made.code, made.memory, nSteps);
  return made;
}

// A reduced list over n paths. `columns` are the inputs by step; what depends on the step alone is computed here, once.
function prepared(list, inputs, n, columns = [], nSteps = 0) {
  const { level, number, outputs, rows } = reduced(list, inputs);
  const of = (kind) => inputs.flatMap((input, k) => (input === kind ? [k] : []));
  const main = laidOut(rows[1], [...of("path"), ...outputs], n);
  const bySteps = laidBySteps({ level, number, rows }, of("step"), columns, nSteps);
  const moving = []; // of the path's columns: those that are one number a step
  for (const [register, at] of main.place) {
    if (level[register] === 0) main.fill(register, number[register]);
    if (level[register] === 1) moving.push([at, bySteps.place.get(register)]);
  }
  return {
    memory: main.memory,
    input: inputs.map((_, k) => main.place.get(k)),
    output: outputs.map((register) => main.place.get(register)),
    run(step) {
      for (const [at, from] of moving) for (let i = 0; i < n; i++) main.memory[at + i] = bySteps.memory[from + step];
      carryOut(main.code, main.memory, n);
    },
  };
}

// Where a rule looks ahead: its point and slots tell where, and its gradient becomes the one there.
function lookAhead(ahead, rule, ground, t, n, nDims) {
  const move = (a, from, b, to, m) => from >= 0 && to >= 0 && b.memory.set(a.memory.subarray(from, from + m), to);
  rule.input.forEach((at, k) => move(rule, at, ahead, ahead.input[k], n * nDims));
  ahead.run(t);
  for (let d = 0; d < nDims; d++) move(ahead, ahead.output[0] + d * n, ground, ground.input[d], n);
  ground.run(0);
  for (let d = 0; d < nDims; d++) move(ground, ground.output[1 + d], rule, rule.input[1] + d * n, n);
}

// Eigenvalues and axes of [[a, b], [b, c]] in closed form: the angle between both pairs of axes is half of
// atan2(2 b, a - c).
function axesOf(a, b, c) {
  const [middle, apart, angle] = [(a + c) / 2, Math.hypot((a - c) / 2, b), Math.atan2(2 * b, a - c) / 2];
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  return [{ value: middle - apart, axis: [-sine, cosine] }, { value: middle + apart, axis: [cosine, sine] }];
}

class Machine {
  constructor(live) {
    const { surface, curvature, settings, n_dims: nDims, rules, walkers, starts, n_steps: nSteps, most_steps: mostSteps, factors } = live;
    refuse(isWhole(nDims, 1, 2), mark("the number of dimensions is neither 1 nor 2"));
    refuse([settings, rules, walkers, starts].every(Array.isArray) && settings.every(Number.isFinite));
    refuse(isWhole(nSteps, 0, 1e6) && isWhole(mostSteps, nSteps, 1e6), mark("the number of steps is out of range"));
    refuse(walkers.length * starts.length <= 1000 && walkers.length * starts.length * (mostSteps + 1) <= 1e6, mark("there are too many paths"));
    const isPoint = (point) => Array.isArray(point) && point.length === nDims && point.every(Number.isFinite);
    refuse(starts.every(isPoint), mark("a start is not a point"));
    const isSchedule = (Array.isArray(factors) || factors instanceof Float64Array) && factors.length === nSteps && factors.every(Number.isFinite);
    refuse(factors === null || isSchedule, mark("the schedule is damaged"));
    refuse(walkers.every((walker) => walker instanceof Object));
    this.nDims = nDims;
    this.made = new Map();
    this.settings = settings;
    this.factors = factors;
    this.surface = readList(surface, nDims + settings.length, nDims + 2);
    this.rules = rules.map((rule, k) => {
      const own = walkers.find((walker) => walker.rule === k);
      refuse(own && isWhole(own.slots, 0, 50) && Array.isArray(own.values));
      const list = readList(rule, 3 + own.slots + own.values.length, 1 + own.slots);
      const ahead = rule.ahead && readList(rule.ahead, list.inputs, 1); // where it takes its gradient
      return { ...list, ahead, outputs: list.outputs.slice(0, 1 + own.slots), told: list.outputs, lines: readLines(rule.lines ?? [], list) };
    });
    this.walkers = walkers.map(({ rule, slots, values, knobs }) => {
      refuse(isWhole(rule, 0, rules.length - 1) && isWhole(slots, 0, 50) && Array.isArray(values));
      refuse(3 + slots + values.length === this.rules[rule].inputs && values.every(Number.isFinite));
      return { rule, slots, values, knobs: readKnobs(knobs, values) };
    });
    this.bend = curvature ? prepared(readList(curvature, nDims + settings.length, 2 * nDims - 1), this.#inputs(), 1) : null;
    const carried = this.walkers.flatMap(({ rule }) => {
      const own = this.rules[rule];
      return own.ahead ? [own, own.ahead, this.surface] : [own];
    });
    const effort = [this.surface, ...carried].reduce((sum, list) => sum + effortOf(list, starts.length), 0);
    const fits = this.walkers.every(({ slots }) => slots * nDims * (mostSteps + 1) <= 2e7);
    refuse(fits && effort * (mostSteps + 1) <= MOST_WORK, mark("this run takes too long"));
  }

  #inputs() {
    return [...new Array(this.nDims).fill("path"), ...this.settings];
  }

  // What was prepared for the same last time: while a start is dragged, only points change.
  #kept(name, key, make) {
    const found = this.made.get(name);
    if (found?.key === key) return found.it;
    const it = make();
    this.made.set(name, { key, it });
    return it;
  }

  curvature(point) {
    if (!this.bend) return [];
    point.forEach((x, d) => (this.bend.memory[this.bend.input[d]] = x));
    this.bend.run(0);
    const [a, b, c] = this.bend.output.map((at) => this.bend.memory[at]);
    if (this.nDims === 1) return [{ value: a, axis: [1] }];
    return axesOf(a, b, c);
  }

  // All jobs step together: the surface is asked for all of their points at once.
  run(jobs, nSteps) {
    const { nDims } = this;
    const nPaths = jobs.reduce((sum, { starts }) => sum + starts.length, 0);
    const ground = this.#kept("ground", nPaths, () => prepared(this.surface, this.#inputs(), nPaths));
    const [valueAt, normAt] = [ground.output[0], ground.output[nDims + 1]];
    const [xAt, gAt] = [ground.input, ground.output.slice(1, nDims + 1)];
    const { memory } = ground;
    let first = 0;
    const walks = jobs.map(({ walker, starts, turns, remember }) => {
      starts.forEach((point, s) => point.forEach((x, d) => (memory[xAt[d] + first + s] = x)));
      const { rule, slots } = this.walkers[walker];
      const held = new Float64Array(slots * starts.length * nDims);
      const kept = remember ? new Float64Array(nSteps * (held.length + nDims)) : null;
      const walk = { walker, slots, first, n: starts.length, list: this.rules[rule], turns: [...turns], held, kept };
      first += starts.length;
      return walk;
    });
    const row = nSteps + 1;
    const record = () => new Float64Array(nPaths * row).fill(NaN);
    const [points, values, norms] = [Array.from({ length: nDims }, record), record(), record()];
    const slopes = nDims === 1 ? record() : null;
    const last = new Int32Array(nPaths).fill(-1); // -1 while a path goes on
    let going = nPaths;
    for (let t = 0; t <= nSteps && going; t++) {
      ground.run(0);
      for (let p = 0; p < nPaths; p++) {
        if (last[p] >= 0) continue;
        const [value, norm] = [memory[valueAt + p], memory[normAt + p]];
        let finite = Number.isFinite(value) && Number.isFinite(norm);
        for (let d = 0; d < nDims; d++) finite &&= Number.isFinite(memory[xAt[d] + p]);
        // As in ``descend``: a path ends before the first step at which anything of it is not finite, but a start is
        // a point even where the surface has no value.
        if (!finite) {
          last[p] = Math.max(t - 1, 0);
          going -= 1;
        }
        if (!finite && t > 0) continue;
        const at = p * row + t;
        for (let d = 0; d < nDims; d++) points[d][at] = memory[xAt[d] + p];
        values[at] = value;
        norms[at] = norm;
        if (slopes) slopes[at] = memory[gAt[0] + p];
      }
      if (t < nSteps) for (const walk of walks) this.#step(walk, t, nSteps, memory, xAt, gAt);
    }
    return walks.map(({ first: from, n, kept }) => Array.from({ length: n }, (_, s) => {
      const p = from + s;
      const own = (array) => array?.subarray(p * row, (p + 1) * row);
      return { x: points.map(own), values: own(values), norms: own(norms), slopes: own(slopes), last: last[p] < 0 ? nSteps : last[p], kept };
    }));
  }

  // Step t = 1, 2, ... of one path that was run alone with `remember`: where it is, what it is given, and for each
  // coordinate every number that its rule tells; `alone` is where the rule would lead had it just started here.
  told({ walker, turns }, { x, kept }, t) {
    const { nDims } = this;
    const { rule, slots } = this.walkers[walker];
    const { inputs, constants, rows, told } = this.rules[rule];
    const [rate, ...hyper] = turns.findLast(({ from }) => from < t).values;
    const point = x.map((column) => column[t - 1]);
    const scheduled = rate * (this.factors?.[t - 1] ?? 1);
    const [size, all] = [slots * nDims, (slots + 1) * nDims];
    const gradient = [...kept.subarray((t - 1) * all + size, t * all)];
    const memory = t > 1 ? kept.subarray((t - 2) * all, (t - 2) * all + size) : new Float64Array(size);
    const first = inputs + constants.length;
    const numbersOf = (step, held) => point.map((value, d) => {
      const given = [value, gradient[d], step, scheduled, ...Array.from({ length: slots }, (_, k) => held[k * nDims + d]), ...hyper];
      const registers = Float64Array.from([...given, ...constants, ...new Array(rows.length).fill(0)]);
      carryOut(Int32Array.from(rows.flatMap(([code, a, b = 0, c = 0], k) => [code, first + k, a, b, c])), registers, 1);
      return told.map((register) => registers[register]);
    });
    const alone = slots ? numbersOf(1, new Float64Array(size)) : numbersOf(t, memory);
    return { t, rate: scheduled, point, gradient, numbers: numbersOf(t, memory), alone: alone.map(([to]) => to) };
  }

  // Both coordinates of all points of a walker are one column of its rule.
  #step(walk, t, nSteps, memory, xAt, gAt) {
    const { nDims } = this;
    const { n, first, slots } = walk;
    const size = n * nDims;
    if (walk.turns.length && walk.turns[0].from <= t) this.#turn(walk, size, nSteps);
    const { rule, ahead } = walk;
    const [x, g] = rule.input;
    for (let d = 0; d < nDims; d++) {
      for (let s = 0; s < n; s++) {
        rule.memory[x + d * n + s] = memory[xAt[d] + first + s];
        rule.memory[g + d * n + s] = memory[gAt[d] + first + s];
      }
    }
    if (ahead) {
      lookAhead(ahead, rule, this.#kept("ahead", n, () => prepared(this.surface, this.#inputs(), n)), t, n, nDims);
    }
    walk.kept?.set(rule.memory.subarray(g, g + size), (t * (slots + 1) + slots) * size);
    rule.run(t);
    const to = rule.output[0];
    for (let d = 0; d < nDims; d++) {
      for (let s = 0; s < n; s++) memory[xAt[d] + first + s] = rule.memory[to + d * n + s];
    }
    // A slot may take what another one held: all are read before any is written.
    for (let k = 0; k < slots; k++) {
      for (let i = 0; i < size; i++) walk.held[k * size + i] = rule.memory[rule.output[1 + k] + i];
    }
    walk.kept?.set(walk.held, t * (slots + 1) * size);
    for (let k = 0; k < slots; k++) {
      for (let i = 0; i < size; i++) rule.memory[rule.input[4 + k] + i] = walk.held[k * size + i];
    }
  }

  // From this step on other values hold; what the walker remembers stays.
  #turn(walk, size, nSteps) {
    const { values } = walk.turns.shift();
    const [rate, ...hyper] = values;
    const columns = () => [
      null,
      null,
      Float64Array.from({ length: nSteps }, (_, t) => t + 1),
      Float64Array.from({ length: nSteps }, (_, t) => rate * (this.factors?.[t] ?? 1)),
    ];
    const inputs = ["path", "path", "step", "step", ...new Array(walk.slots).fill("path"), ...hyper];
    const made = (list, name) => this.#kept(`${name} ${walk.walker} ${walk.turns.length}`, [size, nSteps, ...values].join(), () =>
      prepared(list, inputs, size, columns(), nSteps));
    walk.rule = made(walk.list, "rule");
    walk.ahead = walk.list.ahead && made(walk.list.ahead, "looks");
    for (let k = 0; k < walk.slots; k++) walk.rule.memory.set(walk.held.subarray(k * size, (k + 1) * size), walk.rule.input[4 + k]);
  }
}

// Knobs as [place among the values, name, lowest, highest, by factors], checked.
function readKnobs(knobs, values) {
  refuse(Array.isArray(knobs) && knobs.length <= 20);
  return knobs.map((knob) => {
    const [place, name, low, high, byFactors] = Array.isArray(knob) ? knob : [];
    const sound = isWhole(place, 0, values.length - 1) && [low, high].every(Number.isFinite);
    refuse(sound && low <= high && (!byFactors || low > 0), mark("a knob is damaged"));
    return { place, name: String(name).slice(0, 60), low, high, byFactors: Boolean(byFactors) };
  });
}
