// What lies under everything in flat panels: the fields, a Plotly plot of its own below the other one. It is drawn anew
// only where it is another field or lies elsewhere: that takes Plotly longer than all the rest, and mostly paths change.

class Ground {
  constructor() {
    this.box = element("div", { class: "ls-ground", "aria-hidden": "true" });
    this.shown = { traces: [], layout: {} };
  }

  // Keeps what lies lowest of what Plotly draws, and returns the rest.
  part(traces) {
    const isGround = ({ type, meta }) => ["field", "shade"].includes(meta.role) && type !== "surface";
    this.traces = traces.filter(isGround);
    // Plotly leaves out axes on which nothing is drawn.
    const seats = this.traces.map(({ xaxis, yaxis, meta }) =>
      ({ type: "scatter", xaxis, yaxis, x: [null], y: [null], hoverinfo: "skip", meta: { panel: meta.panel } }));
    return [...seats, ...traces.filter((trace) => !isGround(trace))];
  }

  // Draws it where the axes of the plot above it are now.
  lay(Plotly, { _fullLayout: above }) {
    const { traces } = this;
    const clear = "rgba(0,0,0,0)";
    const layout = { width: above.width, height: above.height, font: above.font, margin: { l: 0, r: 0, t: 0, b: 0 }, paper_bgcolor: clear, plot_bgcolor: clear };
    for (const trace of traces) {
      for (const name of axisNames({ axes: trace })) {
        const { domain, range, type, anchor } = above[name];
        layout[name] = { domain: [...domain], range: [...range], type, anchor, visible: false };
      }
    }
    if (alike({ traces, layout }, this.shown) || !(traces.length || this.shown.traces.length)) return;
    this.shown = { traces, layout };
    Plotly.react(this.box, traces, structuredClone(layout), { staticPlot: true });
  }
}

// Whether two pieces of plain data, which may hold arrays of numbers, are the same.
function alike(a, b) {
  if (ArrayBuffer.isView(a)) return ArrayBuffer.isView(b) && a.length === b.length && a.every((value, i) => Object.is(value, b[i]));
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return Object.is(a, b);
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => alike(a[key], b[key]));
}
