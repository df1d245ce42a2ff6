// A relief seen from above, as a map, where the browser draws nothing in space.

const NO_SPACE = mark("This browser has no WebGL, which a relief needs: it is shown from above.");

function drawsSpace() {
  const canvas = document.createElement("canvas");
  return Boolean(canvas.getContext("webgl2") ?? canvas.getContext("webgl"));
}

// The same payload, figure inflated, with a flat panel in the place of every one in space.
function fromAbove(payload, { data, layout }) {
  let axes = Object.keys(layout).filter((name) => name.startsWith("xaxis")).length;
  const flat = new Map(); // the new axes of a panel, by its key
  const panels = payload.panels.map((panel) => {
    if (panel.kind !== "space") return panel;
    axes += 1;
    const [xaxis, yaxis] = axes === 1 ? ["x", "y"] : [`x${axes}`, `y${axes}`];
    flat.set(panel.key, { xaxis, yaxis, space: layout[panel.axes.scene] });
    return { ...panel, kind: "plane", axes: { xaxis, yaxis } };
  });
  const sheet = { ...layout };
  for (const panel of payload.panels) if (flat.has(panel.key)) delete sheet[panel.axes.scene];
  for (const { xaxis, yaxis, space } of flat.values()) {
    for (const [axis, other, { title, range }] of [[xaxis, yaxis, space.xaxis], [yaxis, xaxis, space.yaxis]]) {
      sheet[`${axis[0]}axis${axis.slice(1)}`] = { title, range, anchor: other, type: "linear", showgrid: false };
    }
  }
  sheet.annotations = layout.annotations.map((heading) => {
    const place = flat.get(heading.name);
    return place ? { ...heading, xref: `${place.xaxis} domain`, yref: `${place.yaxis} domain`, x: 0, y: 1 } : heading;
  });
  const traces = data.map((trace) => {
    const place = flat.get(trace.meta.panel);
    if (!place) return trace;
    const { z, scene, ...rest } = trace;
    const seat = { xaxis: place.xaxis, yaxis: place.yaxis };
    if (trace.type === "scatter3d") return { ...rest, ...seat, type: "scatter" };
    const { x, y, cmin, cmax, colorscale, hoverinfo, meta, contours } = trace;
    const { start, end, size, color } = contours.z;
    return {
      ...seat, ...{ type: "contour", x, y, z, zmin: cmin, zmax: cmax, zauto: false, colorscale, hoverinfo, meta, showscale: false },
      ...{ autocontour: false, contours: { coloring: "heatmap", start, end, size }, line: { color, width: 0.8 } },
    };
  });
  return [{ ...payload, panels, notes: [tr(NO_SPACE), ...payload.notes] }, { data: traces, layout: sheet }];
}
