// What decides from the domain of a surface, and from a run's length, whether a path climbs (landscape/descent/outcome.py).

const SIDE = 41;

// Value and gradient of a surface at 41 places an axis of its domain, the places themselves, and the largest value.
function onDomain(surface, settings, low, high) {
  const n = SIDE ** low.length;
  const points = low.map((from, d) =>
    Float64Array.from({ length: n }, (_, i) => from + ((high[d] - from) * (Math.floor(i / SIDE ** d) % SIDE)) / (SIDE - 1)));
  const inputs = [...points.map(() => "path"), ...settings];
  const { memory, input, output, run } = prepared(surface, inputs, n);
  points.forEach((column, d) => memory.set(column, input[d]));
  run(0);
  const columns = output.slice(0, 1 + points.length).map((from) => memory.subarray(from, from + n));
  const highest = columns[0].reduce((most, value) => (value > most && value < Infinity ? value : most), -Infinity);
  return { inputs, points, columns, highest };
}

const quartersOf = (nSteps) => [1, 2, 3].map((quarter) => Math.floor((quarter * nSteps) / 4));
