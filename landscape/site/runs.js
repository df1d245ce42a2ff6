// Runs that an address of the app asks for (landscape/recipe/query.py), on the surface of a page: read, and put into the
// page's picture in the place of its lesson. The paths are computed by the player, as those that are moved by hand.

const isAnswered = (name) => ["surface", "opt", "start", "steps", "seed", "title"].includes(name);
const sameNumbers = (a, b) => a === b || (b !== undefined && decimals(a).join() === decimals(b).join() && !decimals(a).includes(NaN));
const decimals = (text) => text.split(",").map((one) => (one.trim() === "" ? NaN : Number(one)));

// What an address asks, as { run, words }: a run, or none, and what is to be said of it.
function linkedRun({ query, n_dims: nDims }, asked) {
  const views = [];
  const cannot = (what) => ({ run: null, words: tr("This page cannot compute {what}: the app does. It shows the lesson instead.", { what }) });
  for (const [name, value] of asked) {
    if (isAnswered(name) || sameNumbers(value, query[name])) continue;
    if (name.startsWith("p.") || name === "domain") return cannot(tr("the surface with {name} = {value}", { name: name.replace("p.", ""), value }));
    if (name === "noise") return cannot(tr("noise, which is drawn in Python"));
    if (name === "schedule") return cannot(tr("the schedule {key}", { key: value.split(",")[0] }));
    if (!["net", "n_dims", "formula_title"].includes(name)) views.push(`${name} = ${value}`);
  }
  const besides = views.length ? tr("It cannot show {views}.", { views: views.join(", ") }) : "";
  const text = (name) => asked.get(name) ?? query[name];
  if (["opt", "start", "steps"].every((name) => text(name) === query[name])) return { run: null, words: besides };
  const starts = text("start").split(";").map(decimals);
  if (/[a-z]/i.test(text("start").replace(/\de[-+]?\d/gi, ""))) return cannot(tr("starts by a rule ({rule})", { rule: text("start") }));
  if (!starts.every((point) => point.length === nDims && point.every(Number.isFinite))) return cannot(tr("the starts {points}", { points: text("start") }));
  const steps = Number(text("steps"));
  if (!/^\d{1,6}$/.test(text("steps"))) return cannot(tr("{n} steps", { n: text("steps") }));
  const walkers = [];
  for (const one of text("opt").split(";")) {
    const [key, ...given] = one.split(",");
    const known = landscapeRules.optimizers[key];
    if (!Object.hasOwn(landscapeRules.optimizers, key)) return cannot(tr("the optimizer {key}", { key }));
    const values = [...known.walker.values];
    for (const setting of given) {
      const [name, value] = setting.split(":");
      const place = known.fields.indexOf(name);
      if (place < 0 || value === undefined || !Number.isFinite(Number(value)) || value === "") return cannot(tr("{setting} of {optimizer}", { setting, optimizer: known.title }));
      values[place] = Number(value);
    }
    walkers.push({ key, values });
  }
  const paths = walkers.length * starts.length;
  if (paths > landscapeRules.most_paths || paths * (steps + 1) > landscapeRules.most_points) return cannot(tr("{paths} paths of {steps} steps", { paths, steps }));
  const told = tr("This run was asked for by a link. Your browser computes its paths, losses and gradients; how they end is judged by the app alone.");
  return { run: { starts, steps, walkers }, words: `${told} ${besides}`.trim() };
}

// Names as the legend has them; two that would be the same are numbered.
function namesOf(walkers) {
  const names = walkers.map(({ key, values }) => {
    const { title, fields } = landscapeRules.optimizers[key];
    return `${title} (lr ${formatted(values[fields.indexOf("learning_rate")])})`;
  });
  return names.map((name, k) => {
    const twins = names.slice(0, k).filter((other) => other === name).length;
    return twins ? `${name} #${twins + 1}` : name;
  });
}

const formatted = (value) => String(Number(value.toPrecision(6)));

// A payload with this run in the place of its own. Its paths begin as points, and are run when the player reads it.
function composed(payload, { starts, steps, walkers }, theme) {
  const names = namesOf(walkers);
  const kinds = [...new Set(walkers.map(({ key }) => key))];
  const known = (key) => landscapeRules.optimizers[key];
  const idOf = (w, s) => `${w}-${s}`;
  const groups = names.map((name, w) => {
    const { group } = known(walkers[w].key);
    const twins = walkers.slice(0, w).filter(({ key }) => key === walkers[w].key).length;
    const dash = twins ? [3 * twins, 2] : group[theme].dash;
    return { ...group[theme], name, dash, tracks: starts.map((_, s) => idOf(w, s)) };
  });
  const tracks = names.flatMap((name, w) => starts.map((_, s) => ({
    id: idOf(w, s), group: name, last: steps, verdict: "", label: starts.length > 1 ? tr("{name}, start {n}", { name, n: s + 1 }) : name,
  })));
  const standing = payload.figure.data.filter(({ meta }) => !meta.group && !meta.tracks);
  // Numbers come with the run: until then a path is a point.
  const points = payload.arrays.length;
  const zeros = { dtype: "f8", shape: [starts.length], bdata: btoa("\0".repeat(8 * starts.length)) };
  const moving = payload.panels.flatMap(({ key }) => {
    const pattern = payload.figure.data.find(({ meta }) => meta.role === "path" && meta.panel === key);
    return groups.map((group) => pathTrace(pattern, group, points));
  });
  const live = {
    ...payload.live,
    starts,
    n_steps: steps,
    most_steps: Math.max(steps, Math.min(payload.live.most_steps, 1000)),
    factors: null,
    rules: kinds.map((key) => known(key).walker.rule),
    walkers: walkers.map(({ key, values }) => ({ ...known(key).walker, values, rule: kinds.indexOf(key), knobs: knobsOf(known(key).walker.knobs, values) })),
    unrun: true,
  };
  return {
    ...payload, groups, tracks, live, n_steps: steps, notes: [], few: tracks.length <= 12, tangents: tangentsOf(payload, tracks),
    figure: { ...payload.figure, data: [...standing, ...moving] },
    arrays: [...payload.arrays, zeros],
  };
}

// A knob reaches what it is set to.
const knobsOf = (knobs, values) => knobs.map(([place, name, low, high, ...more]) =>
  [place, name, Math.min(low, values[place]), Math.max(high, values[place]), ...more]);

function pathTrace(pattern, group, points) {
  const { meta, line } = pattern;
  return {
    ...pattern,
    name: group.name,
    legendgroup: group.name,
    line: { ...line, color: group.color },
    x: { $: points },
    y: { $: points },
    customdata: { $columns: meta.columns.map(() => points) },
    meta: { ...meta, group: group.name, tracks: group.tracks, first: group.tracks.map((_, k) => k), count: group.tracks.map(() => 1), steps: null, shared: null },
  };
}

// On a curve the tangent goes with the path: that of the lesson's first one is the pattern.
function tangentsOf({ tangents }, tracks) {
  const [pattern] = tangents;
  return pattern ? tracks.map(({ id }) => ({ ...pattern, track: id })) : [];
}
