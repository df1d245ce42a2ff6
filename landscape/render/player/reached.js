// What the ends of a map (ends.js) have reached: critical points by Newton's method in double precision on the lists, and
// what is painted of them. As landscape/analysis/basins.py and landscape/scenes/basins.py do it, but nothing is certified.
//
//   const reached = new Reached(machine, curvature, map, known)
//   reached.of(found, nSteps)     ->  { minima, maps: [{ labels, fates, steps }, ...] }, an array a map, a number a pixel
//   classesOf(reached, map, base)  ->  what they are painted with;  paintedMap(maps[k], wide, classes, ...)  ->  one of them

// Fates as the shader numbers them, and what rest is called by what is found there.
const FATES = ["UNDEFINED", "BROKE_OFF", "DIVERGED", "OUTSIDE", "MOVING", "PLATEAU", "SADDLE", "MAXIMUM", "MINIMUM"];
const [PLATEAU, SADDLE, MAXIMUM, MINIMUM] = [5, 6, 7, 8]; // until it is looked at all rest is a plateau
const MOST_PLACES = 1500; // places of rest from which Newton's method starts
const MOST_SLOW = 64; // of those at which it converges slowly
const WAYS = 8; // through a point, along which it is looked at

class Reached {
  constructor(machine, curvature, { diagonal, judge }, known) {
    const { nDims, settings, surface } = machine;
    const inputs = [...new Array(nDims).fill("path"), ...settings];
    Object.assign(this, { nDims, diagonal, judge });
    const list = readList(curvature, inputs.length, 3);
    this.ground = (n) => prepared(surface, inputs, n);
    this.bend = (n) => prepared(list, inputs, n);
    this.surface = surface;
    this.inputs = inputs;
    // Minima that are known keep their order; where the surface has changed they are looked for beside where they were.
    this.met = [];
    this.kept = new Map();
    const now = this.#newton(known.x, known.y);
    for (let k = 0; k < known.x.length; k++) {
      const isNear = Math.hypot(now.x[k] - known.x[k], now.y[k] - known.y[k]) <= judge.nearby * diagonal;
      if (isNear && !known.flat[k]) this.#meet(now.x[k], now.y[k], k);
      else this.#meet(known.x[k], known.y[k], k);
    }
  }

  // The norm that rounding leaves at the minima: below it nothing comes to rest in single precision.
  get noise() {
    const points = this.met.filter(({ fate }) => fate === MINIMUM);
    const [x, y] = [[], []];
    for (const point of points) {
      for (const [i, j] of [[0, 0], [1, 1], [-1, 1], [1, -1], [-1, -1], [2, 0], [0, 2]]) {
        x.push(Math.fround(point.x * (1 + i * 2 ** -23)));
        y.push(Math.fround(point.y * (1 + j * 2 ** -23)));
      }
    }
    if (!x.length) return 0;
    const [, gx, gy] = inSingle(this.surface, this.inputs, [x, y]);
    return gx.reduce((most, slope, i) => Math.max(most, Math.hypot(slope, gy[i]) || 0), 0);
  }

  // Values, gradients and Hessians at n points.
  #look(x, y) {
    const n = x.length;
    const [ground, bend] = [this.#keep("ground", n), this.#keep("bend", n)];
    for (const { memory, input } of [ground, bend]) {
      memory.set(x, input[0]);
      memory.set(y, input[1]);
    }
    ground.run(0);
    bend.run(0);
    const of = ({ memory, output }, k) => memory.subarray(output[k], output[k] + n);
    return { value: of(ground, 0), gx: of(ground, 1), gy: of(ground, 2), a: of(bend, 0), b: of(bend, 1), c: of(bend, 2) };
  }

  #keep(name, n) {
    if (this.kept.get(name)?.n !== n) this.kept.set(name, { n, it: this[name](n) });
    return this.kept.get(name).it;
  }

  // Where Newton's method leads from points, and how long its last steps were; directions without curvature are left alone.
  #newton(fromX, fromY, rounds = 12) {
    const [x, y] = [Float64Array.from(fromX), Float64Array.from(fromY)];
    const length = new Float64Array(x.length);
    for (let round = 0; round < rounds; round++) {
      const { gx, gy, a, b, c } = this.#look(x, y);
      let most = 0;
      for (let i = 0; i < x.length; i++) {
        let [sx, sy] = [0, 0];
        const ways = axesOf(a[i], b[i], c[i]);
        for (const { value, axis: [u, v] } of ways) {
          if (Math.abs(value) <= 1e-13 * Math.max(Math.abs(ways[0].value), Math.abs(ways[1].value))) continue;
          const along = (u * gx[i] + v * gy[i]) / value;
          sx -= along * u;
          sy -= along * v;
        }
        const size = Math.hypot(sx, sy);
        const share = Math.min(1, (0.05 * this.diagonal) / Math.max(size, 1e-300));
        length[i] = size;
        if (!Number.isFinite(size)) continue;
        x[i] += share * sx;
        y[i] += share * sy;
        most = Math.max(most, size);
      }
      if (most <= 1e-11 * this.diagonal) break;
    }
    return { x, y, length };
  }

  // The critical point at a place, which is told once; null where there is none.
  #meet(x, y, known = Infinity) {
    const { same, flat } = this.judge;
    for (const one of this.met) if (Math.hypot(one.x - x, one.y - y) <= same * this.diagonal) return one;
    const made = this.#kind(x, y);
    if (made === null) return null;
    const level = (one) => one.flat && made.flat && one.fate === made.fate && Math.abs(one.value - made.value) <= flat * Math.max(1, Math.abs(one.value));
    const twin = this.met.find(level);
    if (twin) return twin;
    const point = { x, y, known, ...made };
    this.met.push(point);
    return point;
  }

  // What a point is: by its Hessian, and where that does not tell by the values round it.
  #kind(x, y) {
    const { near, certified } = this.judge;
    const [across, up] = [[x], [y]];
    for (const share of [near, near / 10]) {
      for (let way = 0; way < 2 * WAYS; way++) {
        across.push(x + share * this.diagonal * Math.cos((Math.PI * way) / WAYS));
        up.push(y + share * this.diagonal * Math.sin((Math.PI * way) / WAYS));
      }
    }
    const { value, gx, gy, a, b, c } = this.#look(across, up);
    const norm = (i) => Math.hypot(gx[i], gy[i]);
    let growth = 0;
    for (let i = 1; i <= 2 * WAYS; i++) if (norm(i) > growth && norm(i) < Infinity) growth = norm(i);
    const [low, high] = axesOf(a[0], b[0], c[0]).map((one) => one.value);
    if (!Number.isFinite(low + high + value[0]) || norm(0) > certified * growth) return null;
    const zero = 1e-8 * Math.max(1, Math.abs(low), Math.abs(high));
    const told = { value: value[0], flat: Math.min(Math.abs(low), Math.abs(high)) <= zero };
    if (!told.flat) return { ...told, fate: low > 0 ? MINIMUM : high < 0 ? MAXIMUM : SADDLE };
    let differs = 0;
    for (let i = 1; i < value.length; i++) differs = Math.max(differs, Math.abs(value[i] - value[0]));
    const sign = (i) => (Math.abs(value[i] - value[0]) > 1e-9 * differs + 1e-13 * Math.abs(value[0]) ? Math.sign(value[i] - value[0]) : 0);
    const [signs, pairs] = [new Set(), { one: 0, both: 0 }];
    for (let way = 0; way < WAYS; way++) {
      const [here, there] = [sign(1 + 2 * WAYS + way), sign(1 + 3 * WAYS + way)];
      signs.add(here).add(there);
      if ((here === 0) !== (there === 0)) pairs.one += 1;
      if (here && there) pairs.both += 1;
    }
    if (signs.has(1) && signs.has(-1)) return { ...told, fate: SADDLE };
    if (pairs.one > pairs.both || pairs.both === 0) return null;
    return { ...told, fate: signs.has(1) ? MINIMUM : MAXIMUM };
  }

  // What each pixel of the maps has reached.
  of(found, nSteps) {
    const { nearby, at, same } = this.judge;
    const cells = this.#cells(found);
    const goal = this.#newton(cells.x, cells.y);
    const slow = cells.x.flatMap((_, k) => (goal.length[k] > 1e-9 * this.diagonal ? [k] : [])).slice(0, MOST_SLOW);
    const further = this.#newton(slow.map((k) => goal.x[k]), slow.map((k) => goal.y[k]), 50);
    slow.forEach((k, i) => ([goal.x[k], goal.y[k]] = [further.x[i], further.y[i]]));
    const points = cells.x.map((x, k) => {
      const y = cells.y[k];
      let away = Math.hypot(goal.x[k] - x, goal.y[k] - y);
      let point = away <= nearby * this.diagonal ? this.#meet(goal.x[k], goal.y[k]) : null;
      // On a line of minima the curvature along it is rounding, and so is where a step leads.
      if (point === null || (point.flat && away > 500 * same * this.diagonal)) {
        const here = this.#meet(x, y);
        if (here !== null) [point, away] = [here, 0];
      }
      return point?.fate === MAXIMUM && away > at * this.diagonal ? null : point;
    });
    const minima = inOrder([...new Set(points)].filter((point) => point?.fate === MINIMUM), this.judge, this.diagonal);
    const place = new Map(minima.map((point, k) => [point, k]));
    const maps = found.map((ends, walker) => {
      const n = ends.length / 4;
      const [labels, fates, steps] = [new Int16Array(n).fill(-1), new Uint8Array(n), new Int32Array(n)];
      for (let i = 0; i < n; i++) {
        steps[i] = Math.min(ends[4 * i + 2], nSteps);
        fates[i] = ends[4 * i + 3];
        const cell = cells.of[walker][i];
        if (cell < 0) continue;
        const point = points[cell];
        fates[i] = point?.fate ?? PLATEAU;
        if (fates[i] === MINIMUM) labels[i] = place.get(point);
      }
      return { labels, fates, steps };
    });
    return { minima, maps };
  }

  // The ends at rest by the cells in which they lie, which are so large that there are not too many of them.
  #cells(found) {
    for (let size = 1e-3 * this.diagonal; ; size *= 2) {
      const cells = { x: [], y: [], of: found.map((ends) => new Int32Array(ends.length / 4).fill(-1)) };
      const numbers = new Map();
      const isFull = found.some((ends, walker) => {
        for (let i = 0; 4 * i < ends.length; i++) {
          if (ends[4 * i + 3] !== PLATEAU) continue;
          const [x, y] = [ends[4 * i], ends[4 * i + 1]];
          const key = Math.round(x / size) * 94906249 + Math.round(y / size);
          let number = numbers.get(key);
          if (number === undefined) {
            if (numbers.size === MOST_PLACES) return true;
            number = numbers.size;
            numbers.set(key, number);
            cells.x.push(x);
            cells.y.push(y);
          }
          cells.of[walker][i] = number;
        }
        return false;
      });
      if (!isFull) return cells;
    }
  }
}

// Value and gradient of a surface at points, every operation rounded to single precision.
function inSingle(surface, inputs, points) {
  const n = points[0].length;
  const { level, number, outputs, rows } = reduced(surface, inputs);
  const { code, place, memory } = laidOut(rows[1], [...points.keys(), ...outputs], n);
  const single = new Float32Array(memory.length);
  for (const [register, at] of place) if (level[register] === 0) single.fill(number[register], at, at + n);
  points.forEach((column, d) => single.set(column, place.get(d)));
  carryOut(code, single, n);
  return outputs.slice(0, 1 + points.length).map((register) => single.subarray(place.get(register), place.get(register) + n));
}

// Minima as the map of the server numbers them (in_order in landscape.analysis.basins).
function inOrder(minima, { flat, same }, diagonal) {
  const rising = [...minima].sort((a, b) => a.value - b.value);
  let level = -1;
  let from = -Infinity;
  const levels = new Map(rising.map((point) => {
    if (!(point.value - from <= flat * Math.max(1, Math.abs(point.value)))) [level, from] = [level + 1, point.value];
    return [point, level];
  }));
  const left = ({ x }) => Math.round(x / (same * diagonal));
  return rising.sort((a, b) => levels.get(a) - levels.get(b) || left(a) - left(b) || a.y - b.y);
}

// Which class each minimum and each fate has, and what the classes are called and painted with: all anew, as
// landscape.scenes.basins.painting has it for these maps, or where `base` is a picture of which some maps stay, with its
// classes first. `number` is that of a minimum with a colour of its own, else 0.
function classesOf({ minima, maps }, { most, apart, levels, colors, greys }, base) {
  const order = (fate) => apart.findIndex(([other]) => other === fate);
  const made = []; // { name, number, fate }
  const add = (one) => made.push(one) - 1;
  const addMinimum = (name, number) => add({ name, number, fate: null });
  for (const { name, number, fate } of base?.classes ?? []) if (fate) add({ name, number: 0, fate }); else addMinimum(name, number);
  const ofMinimum = new Array(minima.length).fill(-1);
  if (base) minima.forEach(({ known }, k) => (ofMinimum[k] = base.numbers[known] ? made.findIndex(({ number }) => number === base.numbers[known]) : -1));
  const sizes = ofMinimum.map(() => 0);
  for (const { labels } of maps) for (const label of labels) if (label >= 0) sizes[label] += (maps[0].labels.length / labels.length);
  const isOthers = ({ number, fate }) => !number && !fate;
  const taken = made.filter(({ number }) => number).length;
  const free = made.some(isOthers) ? 0 : most - taken;
  const waiting = minima.flatMap((_, k) => (ofMinimum[k] < 0 ? [k] : []));
  const largest = new Set([...waiting].sort((a, b) => sizes[b] - sizes[a] || a - b).slice(0, free));
  let next = taken;
  for (const k of waiting) if (largest.has(k)) ofMinimum[k] = addMinimum(named(minima[k], ++next), next);
  if (waiting.length > largest.size) {
    const others = made.findIndex(isOthers);
    const own = others < 0 ? addMinimum(tr("one of {n} other minima", { n: waiting.length - largest.size }), 0) : others;
    waiting.forEach((k) => (ofMinimum[k] = ofMinimum[k] < 0 ? own : ofMinimum[k]));
  }
  for (const [fate, name] of apart) {
    const isThere = maps.some(({ fates }) => fates.includes(FATES.indexOf(fate)));
    if (isThere && !made.some((one) => one.fate === fate)) add({ name, number: 0, fate });
  }
  const present = made.flatMap(({ fate }) => (fate ? [fate] : [])).sort((a, b) => order(a) - order(b));
  const shades = ({ number, fate }) => {
    const from = levels * (fate ? present.indexOf(fate) : (number || most + 1) - 1);
    return (fate ? greys[present.length - 1] : colors).slice(from, from + levels);
  };
  const rank = ({ number, fate }) => (fate ? 1000 + order(fate) : number || most + 1);
  return {
    ofMinimum,
    ofFate: FATES.map((fate) => made.findIndex((one) => one.fate === fate)),
    classes: made.map((one) => ({ ...one, rank: rank(one) })),
    colors: made.flatMap(shades),
  };
}

// The numbers that a field holds of a map: its class, and the shade by how long it took or the border of the class.
function paintedMap({ labels, fates, steps }, wide, { ofMinimum, ofFate, classes }, levels, longest) {
  const n = labels.length;
  const high = n / wide;
  const own = new Int16Array(n);
  for (let i = 0; i < n; i++) own[i] = labels[i] >= 0 ? ofMinimum[labels[i]] : ofFate[fates[i]];
  const stripe = Math.max(1, Math.floor(Math.min(wide, high) / 100));
  const shadeOf = shadesOf(steps, Math.log1p(longest), levels - 1);
  const isApart = classes.map(({ fate }) => Boolean(fate));
  const frame = new Uint16Array(n);
  for (let row = 0, i = 0; row < high; row++) {
    for (let column = 0; column < wide; column++, i++) {
      const isEdge = (isApart[own[i]] && Math.floor((row + column) / stripe) % 3 === 0) || isBorder(own, wide, high, row, column);
      frame[i] = levels * own[i] + (isEdge ? levels - 1 : shadeOf[steps[i]]);
    }
  }
  return { frame, own };
}

// The shade of every number of steps.
function shadesOf(steps, longest, n) {
  const most = steps.reduce((a, b) => Math.max(a, b), 0);
  return Uint8Array.from({ length: most + 1 }, (_, t) => Math.min(Math.floor(n * (Math.log1p(t) / longest) ** 2), n - 1));
}

// Whether a pixel is the border of a region rather than dust of a fractal (landscape.scenes.basins.borders).
function isBorder(classes, wide, high, row, column) {
  if (row >= high - 1 || column >= wide - 1) return false;
  const at = row * wide + column;
  const own = classes[at];
  const right = classes[at + 1] === own;
  const below = classes[at + wide] === own;
  if (right && below) return false;
  const up = row > 0 && classes[at - wide] === own;
  const left = column > 0 && classes[at - 1] === own;
  if (right + below + up + left < 2) return false;
  let same = 1 + right + below + up + left;
  if (row > 0 && column > 0) same += classes[at - wide - 1] === own;
  if (row > 0) same += classes[at - wide + 1] === own;
  if (column > 0) same += classes[at + wide - 1] === own;
  same += classes[at + wide + 1] === own;
  return same >= 5;
}

// So many steps a share of all starts that reached a minimum took at most, as NumPy has it.
function quantile(maps, share) {
  const counts = [];
  let n = 0;
  for (const { labels, steps } of maps) {
    for (let i = 0; i < labels.length; i++) {
      if (labels[i] < 0) continue;
      counts[steps[i]] = (counts[steps[i]] ?? 0) + 1;
      n += 1;
    }
  }
  const ranked = (rank) => {
    let below = 0;
    return counts.findIndex((count) => (below += count ?? 0) > rank);
  };
  if (!n) return 1;
  const at = share * (n - 1);
  const low = ranked(Math.floor(at));
  return low + (at % 1) * (ranked(Math.ceil(at)) - low);
}

// Where the numbers of the classes stand: in the middle of what each region has of the largest circle that touches no other
// one, no edge and no mark (landscape.scenes.basins.numerals; distances to within a few percent).
function numeralsOf(own, columns, rows, classes, marks, narrowest) {
  const [wide, high] = [columns.length, rows.length];
  const nearest = (places, at) => places.reduce((best, place, k) => (Math.abs(place - at) < Math.abs(places[best] - at) ? k : best), 0);
  const free = Int16Array.from(own, (one) => (classes[one].number ? one : -1));
  for (const { critical, x, y } of marks) if (critical) free[nearest(rows, y) * wide + nearest(columns, x)] = -1;
  const regions = widest(free, distances(free, wide, high), wide, classes.length);
  const least = narrowest * Math.min(wide, high);
  const chosen = regions.flatMap((found, place) => {
    const most = found.reduce((a, { size }) => Math.max(a, size), 0);
    const enough = Math.max(Math.min(least, most), least / 2);
    return found.filter(({ size }) => size >= enough).map(({ at }) => ({ number: classes[place].number, at }));
  });
  return {
    x: chosen.map(({ at }) => columns[at % wide]),
    y: chosen.map(({ at }) => rows[Math.floor(at / wide)]),
    text: chosen.map(({ number }) => String(number)),
  };
}

const WAYS_BACK = [[-1, 0, 1], [-1, -1, Math.SQRT2], [0, -1, 1], [1, -1, Math.SQRT2]]; // across, up, how far

// How far each pixel is from one of another class, or from the edge.
function distances(classes, wide, high) {
  const away = new Float32Array(classes.length).fill(Infinity);
  const look = (i, column, row, sign) => {
    if (classes[i] < 0) return;
    for (let k = 0; k < 4; k++) {
      const x = column + sign * WAYS_BACK[k][0];
      const y = row + sign * WAYS_BACK[k][1];
      const there = y * wide + x;
      const isOther = x < 0 || y < 0 || x >= wide || y >= high || classes[there] !== classes[i];
      const far = (isOther ? 0 : away[there]) + WAYS_BACK[k][2];
      if (far < away[i]) away[i] = far;
    }
  };
  for (let row = 0, i = 0; row < high; row++) for (let column = 0; column < wide; column++, i++) look(i, column, row, 1);
  for (let row = high - 1, i = classes.length - 1; row >= 0; row--) for (let column = wide - 1; column >= 0; column--, i--) look(i, column, row, -1);
  return away;
}

// The regions of each class: where each is widest, { size, at }.
function widest(classes, away, wide, n) {
  const seen = new Uint8Array(classes.length);
  const found = Array.from({ length: n }, () => []);
  const stack = [];
  for (let start = 0; start < classes.length; start++) {
    const number = classes[start];
    if (seen[start] || number < 0) continue;
    const best = { size: 0, at: start };
    const visit = (i) => {
      if (seen[i] || classes[i] !== number) return;
      seen[i] = 1;
      stack.push(i);
    };
    for (visit(start); stack.length;) {
      const i = stack.pop();
      if (away[i] > best.size) Object.assign(best, { size: away[i], at: i });
      if (i % wide) visit(i - 1);
      if ((i + 1) % wide) visit(i + 1);
      visit(i - wide);
      visit(i + wide);
    }
    found[number].push(best);
  }
  return found;
}

const short = (value) => formatNumber(Math.abs(value) > 1e-9 ? Number(value.toPrecision(3)) : 0);

function named({ x, y, value, flat }, number) {
  const loss = short(value);
  if (flat) return tr("{number}: flat minimum, loss {loss}", { number, loss });
  return tr("{number}: minimum ({x}, {y}), loss {loss}", { number, x: short(x), y: short(y), loss });
}
