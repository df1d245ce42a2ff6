// Pictures of what the player shows: the figure as it stands on the screen, for Plotly to make a file of.

function savePicture(player, format) {
  player.parts.camera.open = false;
  const name = (player.scene.title || "landscape").replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "").slice(0, 60);
  const [figure, how] = pictureOf(player, format, format === "png" ? 2 : 1);
  return player.options.Plotly.downloadImage(figure, { ...how, filename: name || "landscape" });
}

// Small, and without a key, which could not be read there.
function smallPicture(player) {
  const [{ data, layout }, how] = pictureOf(player, "png");
  const { height } = player.arrangement;
  const bare = { ...layout, showlegend: false, height, margin: { ...layout.margin, b: 0 } };
  return player.options.Plotly.toImage({ data, layout: bare }, { ...how, height });
}

// What Plotly makes a file of, and how.
function pictureOf(player, format, scale = 1) {
  const { traces, layout } = pictureAt(player);
  const { width, height } = player.arrangement;
  return [{ data: traces, layout }, { format, width, height: layout.height ?? height, scale }];
}

// The figure as it stands on the screen: paths cut at the playhead, heads there, a legend instead of the buttons.
function pictureAt(player) {
  const { scene, state, arrangement, plot } = player;
  const step = Math.floor(state.step + 1e-9);
  const em = scene.theme.font_size;
  const { traces } = player.still();
  const data = traces.flatMap((trace, i) => {
    const { role, group, panel, steps } = trace.meta;
    const original = scene.figure.data[i];
    const visible = !(group && state.hidden.has(group));
    const paths = (scene.panelOf.get(panel)?.paths ?? []).filter(({ track }) => trace.meta.tracks?.includes(track));
    if (["path", "casing", "leader"].includes(role)) return cutsAt(original, paths, step, scene.gap).map((cut) => ({ ...original, ...cut, visible, customdata: null }));
    if (role === "head") return { ...original, ...headsAt(original, paths, step), visible, cliponaxis: false };
    if (role === "moving_points") return { ...original, ...(player.swarm?.on ? player.swarm.still(original) : {}), visible };
    if (role === "moving_line" || role === "moving_field") return { ...original, ...frameOf(original, step), visible };
    if (role === "spans") return { ...original, ...spansAt(original, step), visible };
    if (role === "tangent") return { ...original, visible: visible && step >= scene.n_steps };
    if (role === "points" && steps) {
      const rows = steps.flatMap((at, k) => (at <= step ? [k] : []));
      return { ...original, x: rows.map((k) => original.x[k]), y: rows.map((k) => original.y[k]), visible };
    }
    // Marks that the player paints itself are unseen in what Plotly keeps.
    if (role === "points") return { ...original, visible };
    return trace;
  });
  const key = keyTraces(scene, state.hidden);
  // An entry is as wide as its letters and its swatch.
  const wide = key.reduce((sum, { name }) => sum + (0.55 * lengthOf(name) + 5) * em, 0);
  const legendRoom = em * (1 + 1.6 * Math.max(1, Math.ceil(wide / arrangement.width)));
  const height = arrangement.height + legendRoom;
  const ground = scene.theme.background;
  const layout = { ...player.still().layout, paper_bgcolor: ground, plot_bgcolor: ground, showlegend: true, height, margin: { l: 0, r: 0, t: 0, b: legendRoom } };
  for (const [name, axis] of Object.entries(plot._fullLayout)) {
    if (/^[xy]axis\d*$/.test(name) && layout[name] && !name.includes("overlay")) layout[name] = { ...layout[name], range: [...axis.range] };
    if (/^scene\d*$/.test(name) && axis.camera) layout[name] = { ...layout[name], camera: axis.camera };
  }
  layout.annotations = [...(layout.annotations ?? []), ...(player.maps?.said() ?? [])];
  return { traces: [...data, ...key], layout };
}

const escaped = (text) => text.replace(/[&<>"'$]/g, (letter) => `&#${letter.charCodeAt(0)};`);

// The key as empty traces, for Plotly's legend: in a group of its own each, or they would stand in one column.
function keyTraces(scene, hidden) {
  const flat = scene.panels.findLast(({ kind }) => kind === "plane")?.axes;
  const nowhere = { type: flat ? "scatter" : "scatter3d", ...(flat ?? scene.panels[0].axes), x: [null], y: [null], z: [null], meta: { role: "legend" } };
  const line = (color, dash, width) => ({ color, width, dash: dash.length ? dash.map((length) => `${length * width}px`).join(",") : "solid" });
  const groups = scene.groups.map(({ name, color, dash, marker }) => ({
    ...nowhere,
    mode: "lines+markers",
    line: line(color, dash, scene.line_width),
    marker: { symbol: flat ? marker : "circle", size: 9, color },
    name: escaped(name),
    legendgroup: escaped(name),
    visible: !hidden.has(name),
  }));
  const signs = scene.signs.map(({ label, shape, symbol = "square", color, outline = color, dash = [], width = 1, opacity = 1 }) => ({
    ...nowhere,
    mode: shape === "line" ? "lines" : "markers",
    opacity,
    line: line(color, dash, scene.theme.line_width * width),
    marker: { symbol, size: 0.8 * scene.theme.point_size, color, line: { color: outline, width: 1 } },
    name: escaped(label),
    legendgroup: `${shape} ${escaped(label)}`,
  }));
  return [...groups, ...signs];
}

// A trace of paths up to a step in as many pieces as it has looks: with gaps where it runs over other lines.
function cutsAt(trace, paths, step, gap) {
  const letters = trace.z ? ["x", "y", "z"] : ["x", "y"];
  const most = Math.max(0, ...paths.flatMap(({ shared }) => shared.map(([, , under]) => under)));
  return Array.from({ length: most + 1 }, (_, under) => {
    const cut = Object.fromEntries(letters.map((letter) => [letter, []]));
    for (const path of paths) {
      const put = (i) => letters.forEach((letter) => cut[letter].push(i === null ? NaN : path[letter][i]));
      let end = null;
      for (let i = 1; i <= indexAt(path, step); i++) {
        if (underAt(path, stepAt(path, i)) !== under) continue;
        if (end !== i - 1) [null, i - 1].forEach(put);
        put(i);
        end = i;
      }
      put(null);
    }
    const { width } = trace.line;
    const dash = trace.z ? "dash" : `${gap * width}px,${gap * under * width}px`;
    return under ? { ...cut, line: { ...trace.line, dash } } : cut;
  });
}

function headsAt(trace, paths, step) {
  const letters = trace.z ? ["x", "y", "z"] : ["x", "y"];
  const last = paths.map((path) => {
    let i = indexAt(path, step);
    while (i > 0 && !letters.every((letter) => Number.isFinite(path[letter][i]))) i--;
    return i;
  });
  return Object.fromEntries(letters.map((letter) => [letter, paths.map((path, k) => path[letter][last[k]])]));
}

function frameOf({ meta, x }, step) {
  const k = Math.max(frameAt(meta.steps, step), 0);
  if (meta.role === "moving_line") return { x: meta.x[k], y: meta.y[k] };
  return { z: Array.from({ length: meta.frames[k].length / x.length }, (_, row) => meta.frames[k].subarray(row * x.length, (row + 1) * x.length)) };
}

function spansAt(trace, step) {
  const [bottom, top] = trace.meta.lane;
  const shown = trace.meta.intervals.filter(([low]) => low < step).map(([low, high]) => [low, Math.min(high, step)]);
  return {
    x: shown.flatMap(([low, high]) => [low, high, high, low, low, NaN]),
    y: shown.flatMap(() => [bottom, bottom, top, top, bottom, NaN]),
  };
}
