// Lists of operations (live.js) as a fragment shader: a pixel is a path, and carries out every step of it in single
// precision. Written from the lists alone; numbers that a slider changes are uniforms, so that it is compiled once.
//
//   shaderOf(machine, walker, turns, nSteps)  ->  { source, numbers, table, width }
//
// `numbers` fill the uniform `u`, `table` holds what depends on the step alone, `width` numbers a step.

const TABLE_WIDTH = 1024; // texels of a row of the table by steps
const MOST_UNIFORMS = 800; // of the 1024 numbers that every WebGL2 has room for

// How GLSL says an operation: of names a, b, c. What it has no word for, or says otherwise of NaN and of the far ends than
// NumPy does, is one of HELPERS: beyond where a function is defined a card may answer with any number.
const GLSL = {
  add: (a, b) => `${a} + ${b}`, sub: (a, b) => `${a} - ${b}`, mul: (a, b) => `${a} * ${b}`, div: (a, b) => `${a} / ${b}`,
  neg: (a) => `-${a}`, lt: (a, b) => `float(${a} < ${b})`, le: (a, b) => `float(${a} <= ${b})`, eq: (a, b) => `float(${a} == ${b})`,
  choose: (a, b, c) => `${a} != 0.0 ? ${b} : ${c}`,
};
const HELPERS = {
  max: "float do_max(float a, float b) { return a != a ? a : b != b ? b : max(a, b); }",
  min: "float do_min(float a, float b) { return a != a ? a : b != b ? b : min(a, b); }",
  // Of a number below zero a power is defined where the exponent is whole.
  pow: "float do_pow(float a, float b) { if (b == 0.0) return 1.0; if (b == 2.0) return a * a; if (a > 0.0) return pow(a, b);"
    + " if (a == 0.0) return b > 0.0 ? 0.0 : INF; if (b != floor(b)) return NAN;"
    + " float size = pow(-a, b); return mod(b, 2.0) == 0.0 ? size : -size; }",
  atan2: "float do_atan2(float a, float b) { return a == 0.0 && b == 0.0 ? 0.0 : atan(a, b); }",
  sqrt: "float do_sqrt(float u) { return u >= 0.0 ? sqrt(u) : NAN; }",
  log: logarithm("log", "log(u)"),
  log2: logarithm("log2", "log2(u)"),
  log10: logarithm("log10", "0.4342944819032518 * log(u)"),
  asin: "float do_asin(float u) { return abs(u) <= 1.0 ? asin(u) : NAN; }",
  acos: "float do_acos(float u) { return abs(u) <= 1.0 ? acos(u) : NAN; }",
  // Far out the square of which they are made overflows.
  asinh: "float do_asinh(float u) { return abs(u) > 1e6 ? sign(u) * (log(abs(u)) + 0.69314718) : asinh(u); }",
  acosh: "float do_acosh(float u) { return u > 1e6 ? log(u) + 0.69314718 : u >= 1.0 ? acosh(u) : NAN; }",
  atanh: "float do_atanh(float u) { return abs(u) < 1.0 ? atanh(u) : abs(u) == 1.0 ? u * INF : NAN; }",
  mod: "float do_mod(float a, float b) { return a - b * floor(a / b); }",
  // A card's own are promised to 2^-11 alone. Multiples of pi are taken away in three parts (Cody and Waite 1980); of a
  // number so large that they leave anything it is still a sine.
  sin: "float sin_of(float u, float k) { float r = ((u - k * 3.140625) - k * 9.67502593994140625e-4) - k * 1.509957990978376432e-7; if (finite(u)) r = clamp(r, -1.5707964, 1.5707964); float w = r * r;"
    + " return r + r * w * (-0.16666667 + w * (8.3333333e-3 + w * (-1.98412698e-4 + w * (2.75573192e-6 - w * 2.50521084e-8)))); }"
    + " float do_sin(float u) { float k = floor(u * 0.318309886 + 0.5); float v = sin_of(u, k); return mod(k, 2.0) == 0.0 ? v : -v; }"
    + " float do_cos(float u) { float k = floor(u * 0.318309886) + 0.5; float v = sin_of(u, k); return mod(k - 0.5, 2.0) == 0.0 ? -v : v; }",
  cbrt: "float do_cbrt(float u) { return sign(u) * pow(abs(u), 1.0 / 3.0); }",
  expm1: "float do_expm1(float u) { return abs(u) < 0.05 ? u * (1.0 + u / 2.0 * (1.0 + u / 3.0 * (1.0 + u / 4.0))) : exp(u) - 1.0; }",
  log1p: "float do_log1p(float u) { float w = 1.0 + u; return w == 1.0 ? u : w > 0.0 ? log(w) * (u / (w - 1.0)) : w == 0.0 ? -INF : NAN; }",
  tanh: "float do_tanh(float u) { return abs(u) > 12.0 ? sign(u) : tanh(u); }",
  sigmoid: "float do_sigmoid(float u) { return 1.0 / (1.0 + exp(-u)); }",
  softplus: "float do_softplus(float u) { float w = exp(-abs(u)); return max(u, 0.0) + (w < 1e-4 ? w : log(1.0 + w)); }",
  step: "float do_step(float u) { return u > 0.0 ? 1.0 : u <= 0.0 ? 0.0 : u; }",
  // Abramowitz and Stegun 1964, 7.1.26: to 1.5e-7, as fine as the numbers are.
  erf: "float do_erf(float u) { float w = 1.0 / (1.0 + 0.3275911 * abs(u));"
    + " float tail = w * (0.254829592 + w * (-0.284496736 + w * (1.421413741 + w * (-1.453152027 + w * 1.061405429))));"
    + " return sign(u) * (1.0 - tail * exp(-u * u)); }",
};

const PIXEL = ["texelFetch(across, ivec2(at.x, 0), 0).r", "texelFetch(up, ivec2(at.y, 0), 0).r"]; // where a path begins
const UNIFORMS = "uniform sampler2D by, across, up; uniform int n_steps, stride; uniform ivec3 quarters; uniform vec2 low, high;"
  + " uniform float threshold, highest, far, sustained, slower, huge; layout(location = 0) out vec4 end;";
// What is finite is told by its bits, for a compiler may take it that every number is.
const BITS = "#define INF uintBitsToFloat(0x7f800000u)\n#define NAN uintBitsToFloat(0x7fc00000u)\n#define ENDLESS 0x7f800000u\n"
  + "uint size(float v) { return floatBitsToUint(v) & 0x7fffffffu; } bool finite(float v) { return size(v) < ENDLESS; }";
// As landscape/descent/outcome.py has it.
const CLIMBS = "bool climbs(float first, vec3 between, float last) { vec4 heights = vec4(between, last) - first;"
  + " if (float(n_steps) < sustained || !(last > highest) || !all(greaterThan(heights, vec4(0.0)))) return false;"
  + " vec3 growth = (log2(heights.yzw) - log2(heights.xyz)) * 0.30102999566;"
  + " return all(greaterThanEqual(growth, vec3(1.0))) && all(greaterThanEqual(growth.yz - growth.xy, -slower * growth.xy)); }";

function logarithm(name, within) {
  return `float do_${name}(float u) { return u > 0.0 ? ${within} : u == 0.0 ? -INF : NAN; }`;
}

function saidInGlsl(name, operands) {
  if (GLSL[name]) return GLSL[name](...operands);
  return `${HELPERS[name] || name === "cos" ? "do_" : ""}${name}(${operands.join(", ")})`;
}

// What several lists of one shader share: its numbers, its columns of numbers by step, the helpers that they need.
class Shared {
  constructor(nSteps) {
    this.nSteps = nSteps;
    this.numbers = [];
    this.columns = [];
    this.names = new Set();
  }

  number(value) {
    this.numbers.push(value);
    return `u[${this.numbers.length - 1}]`;
  }

  column(values) {
    this.columns.push(values);
    return `by_step(${this.columns.length - 1})`;
  }

  // The body of a function that carries out a list: its lines, and what its outputs are called. An input is a number,
  // "step" with its column in `columns`, or the name of a variable.
  body(list, inputs, columns = []) {
    const kinds = inputs.map((input) => (typeof input === "string" && input !== "step" ? "path" : input));
    const { level, number, outputs, rows } = reduced(list, kinds);
    const first = inputs.length;
    const stepped = kinds.flatMap((kind, k) => (kind === "step" ? [k] : []));
    const bySteps = laidBySteps({ level, number, rows }, stepped, columns, this.nSteps);
    const ofStep = (register) => bySteps.memory.subarray(bySteps.place.get(register), bySteps.place.get(register) + this.nSteps);
    const known = new Map();
    const isLiteral = (register) => register >= first && register < first + list.constants.length && Number.isFinite(Math.fround(number[register]));
    const made = (register) => {
      if (level[register] === 2) return register < first ? inputs[register] : `r${register}`;
      if (level[register] === 1) return this.column(ofStep(register));
      return isLiteral(register) ? literal(number[register]) : this.number(number[register]);
    };
    const name = (register) => {
      if (!known.has(register)) known.set(register, made(register));
      return known.get(register);
    };
    const lines = rows[1].map(([code, out, ...operands]) => {
      this.names.add(NAMES[code] === "cos" ? "sin" : NAMES[code]);
      return `float r${out} = ${saidInGlsl(NAMES[code], operands.map(name))};`;
    });
    return { lines, outputs: outputs.map(name) };
  }
}

// A number as GLSL writes it, in brackets where it begins with a sign.
function literal(value) {
  const text = String(Math.fround(value));
  const written = /[.e]/.test(text) ? text : `${text}.0`;
  return value < 0 ? `(${written})` : written;
}

// The values of a walker at every step, as inputs of its rule: those that never change are numbers.
function valuesByStep(turns, factors, nSteps) {
  const at = (k) => Float64Array.from({ length: nSteps }, (_, t) => turns.findLast(({ from }) => from <= t).values[k]);
  return turns[0].values.map((value, k) => {
    if (k === 0 && factors) return at(k).map((rate, t) => rate * factors[t]);
    return turns.every(({ values }) => values[k] === value) ? value : at(k);
  });
}

function shaderOf({ nDims, settings, surface, rules, walkers, factors }, walker, turns, nSteps) {
  const { rule, slots } = walkers[walker];
  const shared = new Shared(nSteps);
  const dims = Array.from({ length: nDims }, (_, d) => d);
  const kept = Array.from({ length: slots }, (_, k) => k);
  const values = valuesByStep(turns, factors, nSteps);
  const step = Float64Array.from({ length: nSteps }, (_, t) => t + 1);
  const given = ["x", "g", step, values[0], ...kept.map((k) => `s${k}`), ...values.slice(1)];
  const inputs = given.map((input) => (ArrayBuffer.isView(input) ? "step" : input));
  const columns = given.map((input) => (ArrayBuffer.isView(input) ? input : null));
  // The gradient's norm is not asked for: in single precision its square overflows early.
  const ground = shared.body({ ...surface, outputs: surface.outputs.slice(0, 1 + nDims) }, [...dims.map((d) => `x${d}`), ...settings]);
  const moved = shared.body(rules[rule], inputs, columns);
  const ahead = rules[rule].ahead ? shared.body(rules[rule].ahead, inputs, columns) : null;
  refuse(shared.numbers.length <= MOST_UNIFORMS);
  const width = Math.ceil(shared.columns.length / 4);
  const table = new Float32Array(4 * width * nSteps);
  shared.columns.forEach((column, c) => column.forEach((value, t) => (table[4 * width * t + c] = value)));
  const each = (write, between = ", ") => dims.map(write).join(between);
  const lines = (write) => dims.flatMap(write);
  const steep = each((d) => `g${d} * g${d}`, " + ");
  const memory = (d) => kept.map((k) => `, s${k}_${d}`).join("");
  const source = [
    "#version 300 es",
    "precision highp float; precision highp int; precision highp sampler2D;",
    `uniform float u[${Math.max(shared.numbers.length, 1)}];`,
    UNIFORMS,
    "int t;",
    `float by_step(int c) { int at = t * ${Math.max(width, 1)} + c / 4;`,
    `  return texelFetch(by, ivec2(at % ${TABLE_WIDTH}, at / ${TABLE_WIDTH}), 0)[c % 4]; }`,
    BITS,
    ...Object.entries(HELPERS).flatMap(([name, text]) => (shared.names.has(name) ? [text] : [])),
    `void ground(${each((d) => `float x${d}`)}, out float f, ${each((d) => `out float g${d}`)}) {`,
    ...ground.lines,
    ...ground.outputs.map((name, k) => `${k ? `g${k - 1}` : "f"} = ${name};`),
    "}",
    `void rule(inout float x, float g${kept.map((k) => `, inout float s${k}`).join("")}) {`,
    ...moved.lines,
    ...moved.outputs.map((name, k) => `float n${k} = ${name};`),
    "x = n0;",
    ...kept.map((k) => `s${k} = n${k + 1};`),
    "}",
    ...(ahead ? [`float ahead(float x${kept.map((k) => `, float s${k}`).join("")}) { float g = 0.0;`, ...ahead.lines, `return ${ahead.outputs[0]}; }`] : []),
    CLIMBS,
    "void main() {",
    "ivec2 at = ivec2(gl_FragCoord.xy) * stride;",
    "float f, e, thrown = 0.0; vec3 between = vec3(0.0); int last = 0;",
    ...lines((d) => [`float g${d}, x${d} = ${PIXEL[d]};`, ...kept.map((k) => `float s${k}_${d} = 0.0;`)]),
    `ground(${each((d) => `x${d}`)}, f, ${each((d) => `g${d}`)});`,
    "float first = f;",
    `if (!(finite(f) && ${each((d) => `finite(g${d})`, " && ")})) { end = vec4(x0, ${nDims > 1 ? "x1" : "0.0"}, 0.0, 0.0); return; }`,
    `int quiet = ${steep} < threshold ? 0 : 1;`,
    "for (t = 0; t < n_steps; t++) {",
    "if (t == quarters.x) between.x = f; if (t == quarters.y) between.y = f; if (t == quarters.z) between.z = f;",
    ...lines((d) => [`float y${d} = x${d}, h${d} = g${d};`]),
    ...(ahead ? [`ground(${each((d) => `ahead(x${d}${memory(d)})`)}, e, ${each((d) => `h${d}`)});`] : []),
    ...lines((d) => [`rule(y${d}, h${d}${memory(d)});`]),
    `ground(${each((d) => `y${d}`)}, e, ${each((d) => `h${d}`)});`,
    "uint most = size(e);",
    ...lines((d) => [`most = max(most, max(size(y${d}), size(h${d})));`]),
    `if (most >= ENDLESS) { thrown = ${each((d) => `(finite(y${d}) ? abs(y${d} - x${d}) : far)`, " + ")}; break; }`,
    ...lines((d) => [`x${d} = y${d}; g${d} = h${d};`]),
    "f = e; last = t + 1;",
    `quiet = ${steep} < threshold ? quiet : last + 1;`,
    "}",
    `bool rests = ${steep} < threshold;`,
    `bool inside = ${each((d) => `x${d} >= low[${d}] && x${d} <= high[${d}]`, " && ")};`,
    "float fate = rests ? 5.0 : inside ? 4.0 : climbs(first, between, f) ? 2.0 : 3.0;",
    "if (last < n_steps) fate = thrown >= far || abs(f) >= huge * max(1.0, abs(first)) ? 2.0 : 1.0;",
    `end = vec4(x0, ${nDims > 1 ? "x1" : "0.0"}, float(min(quiet, last)), fate); }`,
  ].join("\n");
  return { source, numbers: shared.numbers, table, width };
}
