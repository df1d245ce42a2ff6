// One step in numbers: at the playhead, for the path that is chosen, the statements of its rule with what is put in and
// what comes out, a column a coordinate (landscape/live/told.py); and at the head the step that is taken, as the sum of
// the step that the rule would take had it just started there and of what its memory adds.

const REACH = 120; // pixels of the longest arrow where they are not drawn to scale
const TO_SCALE = [30, 220]; // pixels between which the longest may be where they are
const MEANT = 14; // pixels from a head at which a click means it
const STEP_ARROWS = [["step", mark("step taken")], ["alone", mark("gradient alone")], ["memory", mark("memory adds")]]; // the step under the others

class Arithmetic {
  constructor(follow) {
    this.follow = follow;
    this.select = element("select", { "aria-label": tr("One step in numbers of"), onchange: () => this.choose(Number(this.select.value)) });
    this.box = element("label", { class: "ls-choice ls-steps", title: tr("The rule line by line, with the numbers of this step") }, [element("span", { text: tr("One step") }), this.select]);
    this.words = element("p", {});
    this.head = element("tr", {});
    this.body = element("tbody", {});
    this.foot = element("p", {});
    this.sheet = element("section", { class: "ls-arithmetic", "aria-label": tr("One step in numbers"), tabindex: follow.player.options.present ? 0 : null }, [
      this.words, element("table", {}, [element("thead", {}, [this.head]), this.body]), this.foot,
    ]);
    this.arrows = new Arrows();
    this.chosen = "";
  }

  use() {
    const { scene, machine, on } = this.follow;
    this.machine = on ? new Machine(scene.live) : null; // of its own, so that neither undoes what the other has prepared
    const nStarts = on ? this.follow.starts.length : 1;
    this.tracks = (on && scene.n_steps ? scene.tracks : []).flatMap((track, k) => {
      const [walker, start] = [Math.floor(k / nStarts), k % nStarts];
      return machine.rules[machine.walkers[walker].rule].lines.length ? [{ track, walker, start }] : [];
    });
    this.box.hidden = this.tracks.length === 0;
    const ground = scene.panelOf.get("map") ?? scene.panelOf.get("curve");
    this.names = ground && on ? axisNames(ground).slice(0, machine.nDims).map((name) => scene.figure.layout[name].title.text) : [];
    this.at = 1 + this.tracks.findIndex(({ track }) => track.id === this.chosen);
    const names = [tr("none"), ...this.tracks.map(({ track }) => track.label)];
    this.select.replaceChildren(...names.map((text, value) => element("option", { value, text, selected: value === this.at })));
    this.shown = "";
    this.run = null;
  }

  choose(at) {
    this.select.value = this.at = at;
    this.chosen = this.tracks[at - 1]?.track.id ?? "";
    this.follow.player.draw();
  }

  // In the place of what stands beside the ground, which the arrows are on.
  sit({ boxes, narrow, width }, em) {
    const ground = boxes.get("map") ?? boxes.get("curve");
    if (!ground) return;
    const beside = [...boxes.values()].map(({ x }) => x - 3.9 * em).filter((x) => x >= ground.x + ground.w);
    this.sheet.style.left = narrow ? "" : `${Math.min(...beside, 0.6 * width)}px`;
  }

  // Whether a click at a pixel meant the head of another path.
  takes([x, y]) {
    const { player } = this.follow;
    if (!this.at) return false;
    const reach = ({ track }) => {
      const [panel, path, view] = this.#seen(track);
      const head = view && !player.state.hidden.has(track.group) && headOf(path, player.state.step, view);
      return head && panel.kind === "plane" ? Math.hypot(head.at[0] - x, head.at[1] - y) : Infinity;
    };
    const far = this.tracks.map(reach);
    const nearest = far.indexOf(Math.min(...far));
    if (!(far[nearest] <= MEANT) || nearest + 1 === this.at) return false;
    this.choose(nearest + 1);
    return true;
  }

  // Where a path is seen: panel, path and view of the map or the curve.
  #seen(track) {
    const { scene, player } = this.follow;
    const panel = scene.panelOf.get("map") ?? scene.panelOf.get("curve");
    return [panel, panel?.paths.find((own) => own.track === track.id), player.overlay.views?.get(panel?.key)];
  }

  draw(step, hidden) {
    const one = this.tracks[this.at - 1];
    const told = one && !hidden.has(one.track.group) ? this.#told(one, Math.floor(step + 1e-9)) : null;
    this.sheet.hidden = !told;
    if (told) this.#write(one, told);
    this.arrows.show(told && !told.lost ? this.#arrowsAt(one.track, told) : null);
    if (told) write(this.foot, this.arrows.words());
  }

  // The step from where the playhead stands, or the last one of a run that ends there.
  #told({ track, walker, start }, whole) {
    const { starts, turns, nSteps } = this.follow;
    const key = JSON.stringify([walker, starts[start], turns[walker], nSteps]);
    if (this.run?.key !== key) {
      const [[path]] = this.machine.run([{ walker, turns: turns[walker], starts: [starts[start]], remember: true }], nSteps);
      this.run = { key, path };
    }
    const { path } = this.run;
    const t = Math.min(whole, path.last, nSteps - 1) + 1;
    return { ...this.machine.told({ walker, turns: turns[walker] }, path, t), ended: whole >= t, broke: t > path.last, lost: this.#isLost(track, path, t - 1) };
  }

  // Whether Python's path, which is the one that is shown, has gone elsewhere: where the last digits decide.
  #isLost(track, { x, values }, step) {
    const [, path, view] = this.#seen(track);
    const i = path ? indexAt(path, step) : -1;
    if (!view || i < 0 || stepAt(path, i) !== step) return false;
    const [a, b] = [view.place(path.x[i], path.y[i]), view.place(x[0][step], x[1]?.[step] ?? values[step])];
    return Math.hypot(a[0] - b[0], a[1] - b[1]) > 2 + 1e-9 * Math.hypot(...a); // far outside a pixel is rounding
  }

  #write({ track, walker }, { t, rate, point, gradient, numbers, ended, broke, lost }) {
    const { rules, walkers } = this.machine;
    const when = broke ? tr("Nothing is finite after it.") : ended ? tr("It was the last one.") : "";
    const step = tr("Step {step} of {path}, from {point}, where the gradient is {gradient}, at learning rate {rate}.",
      { step: t, path: track.label, point: atPoint(point), gradient: atPoint(gradient), rate: inNumbers(rate) });
    write(this.words, lost
      ? tr("Here the last digits decide where {path} goes, and Python's are others than this browser's: its steps are not told.", { path: track.label })
      : `${step} ${when}`.trim());
    const lines = lost ? [] : carriedOut(rules[walkers[walker].rule].lines, numbers[0]);
    const shown = [track.id, ...lines.map(({ target, after }) => target + after)].join("\n");
    if (shown !== this.shown) this.#build(lines);
    this.shown = shown;
    const texts = numbers.map((column) => column.map(inNumbers));
    lines.forEach((line, k) => {
      const told = texts.map((numbers) => putIn(line, numbers));
      // What is the same for both coordinates stands once.
      const once = told.length > 1 && told[0].join() === told[1].join();
      this.cells[k].forEach((cell, d) => {
        cell.hidden = once && d > 0;
        if (once) delete cell.dataset.name;
        else cell.dataset.name = this.names[d];
        const [put, result] = told[d];
        write(cell.children[0], put && `${put} `);
        write(cell.children[1], `= ${result}`);
      });
    });
  }

  #build(lines) {
    this.head.replaceChildren(...[tr("rule"), ...this.names].map((text) => element("th", { scope: "col", text })));
    this.cells = lines.map(() => this.names.map(() => element("td", {}, [element("span", {}), element("b", {})])));
    this.body.replaceChildren(...lines.map((line, k) => element("tr", {}, [
      element("th", { scope: "row", text: `${line.target} \u2190 ${withNames(line)}` }),
      ...this.cells[k],
    ])));
  }

  #arrowsAt(track, { t, point, numbers, alone }) {
    const { theme } = this.follow.scene;
    const [, path, view] = this.#seen(track);
    const i = path ? indexAt(path, t - 1) : -1;
    if (i < 0 || !view) return null;
    const from = [path.x[i], path.y[i]];
    const at = view.place(...from);
    if (!view.holds(at)) return null;
    const way = (vector) => {
      const to = view.place(from[0] + vector[0], from[1] + (vector[1] ?? 0));
      return [to[0] - at[0], to[1] - at[1]];
    };
    const step = point.map((x, d) => numbers[d][0] - x);
    const first = point.map((x, d) => alone[d] - x);
    const vectors = { step, alone: first, memory: step.map((s, d) => s - first[d]) };
    if (!Object.values(vectors).flat().every(Number.isFinite)) return null;
    const { color } = this.follow.scene.groupOf.get(track.group);
    return { at, box: view.box, theme, color, vectors, ways: Object.fromEntries(STEP_ARROWS.map(([name]) => [name, way(vectors[name])])) };
  }
}

// Three arrows from a head: memory begins where the gradient alone would lead, and ends where the step does.
class Arrows {
  constructor() {
    this.box = svgPart("svg", { class: "ls-arrows", "aria-hidden": true });
  }

  show(arrows) {
    this.shown = arrows;
    this.factor = null; // nothing to be seen
    this.box.replaceChildren(...(arrows ? this.#parts(arrows) : []));
  }

  #parts({ at, box, theme, color, ways }) {
    const longest = Math.max(...Object.values(ways).map(([x, y]) => Math.hypot(x, y)));
    if (!(longest > 0)) return [];
    this.factor = magnification(longest);
    const tip = (name) => [at[0] + this.factor * ways[name][0], at[1] + this.factor * ways[name][1]];
    const ends = { step: [at, tip("step")], alone: [at, tip("alone")], memory: [tip("alone"), tip("step")] };
    const hasMemory = Math.hypot(...ways.memory) > 0;
    const inside = svgPart("svg", { x: box.x, y: box.y, width: box.w, height: box.h, viewBox: `${box.x} ${box.y} ${box.w} ${box.h}` });
    for (const [name] of STEP_ARROWS) {
      if (name !== "step" && !hasMemory) continue;
      const [from, to] = ends[name];
      inside.append(...arrowParts(from, to, name === "step" ? color : theme.ink, theme, name).map(([tag, look]) => svgPart(tag, { ...look, "data-arrow": name })));
    }
    const named = hasMemory ? STEP_ARROWS : [["step", mark("gradient step")]];
    inside.append(...labels(named.map(([name, text]) => ({ name, text: tr(text), ends: ends[name] })), box, theme.font_size));
    return [inside];
  }

  // What the arrows are, in numbers, and how long they are drawn.
  words() {
    if (this.factor === null) return "";
    const { vectors } = this.shown;
    const hasMemory = vectors.memory.some((x) => x !== 0);
    const [step, alone, memory] = STEP_ARROWS.map(([name]) => atPoint(vectors[name]));
    const { factor } = this;
    const sum = hasMemory
      ? tr("Step {step}: gradient alone (as a first step from here) {alone}, memory adds {memory}.", { step, alone, memory })
      : tr("Step {step}.", { step });
    const scale = factor === 1 ? tr("Arrows to scale.") : factor > 1
      ? tr("Arrows {factor} times as long.", { factor: formatNumber(factor) })
      : tr("Arrows {factor} times as short.", { factor: formatNumber(1 / factor) });
    return `${sum} ${scale}`;
  }
}

function magnification(longest) {
  if (longest >= TO_SCALE[0] && longest <= TO_SCALE[1]) return 1;
  const most = REACH / longest;
  const power = 10 ** Math.floor(Math.log10(most));
  return [5, 2, 1].find((k) => k * power <= most) * power;
}

function svgPart(tag, attributes) {
  const part = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) part.setAttribute(name, value);
  return part;
}

// Shaft and point, with a rim of the outline's colour that stands out from any ground.
function arrowParts([x0, y0], [x1, y1], color, theme, name) {
  const length = Math.hypot(x1 - x0, y1 - y0);
  if (length < 1) return [];
  const [ux, uy] = [(x1 - x0) / length, (y1 - y0) / length];
  // What lies on the step, for all three may be parallel, leaves some of it to be seen.
  const wide = (name === "step" ? 2 : 0.6) * theme.line_width;
  const point = Math.min(1.5 * wide + 8, length);
  const [bx, by] = [x1 - point * ux, y1 - point * uy];
  const half = 0.5 * point;
  const tip = `${x1},${y1} ${bx - half * uy},${by + half * ux} ${bx + half * uy},${by - half * ux}`;
  const shaft = { x1: x0, y1: y0, x2: bx, y2: by };
  const dash = name === "memory" ? { "stroke-dasharray": `${2.5 * wide} ${1.8 * wide}` } : {};
  const rim = { stroke: theme.outline, fill: theme.outline, "stroke-linejoin": "round" };
  return [
    ["line", { ...shaft, ...rim, "stroke-width": wide + 2 }],
    ["polygon", { points: tip, ...rim, "stroke-width": 2 }],
    ["line", { ...shaft, ...dash, stroke: color, "stroke-width": wide }],
    ["polygon", { points: tip, fill: color }],
  ];
}

// The arrows' names, beyond their points or (memory) beside the middle, elsewhere near where an arrow or another name is.
function labels(arrows, box, em) {
  const shares = [0.1, 0.3, 0.5, 0.7, 0.85, 1];
  const busy = arrows.flatMap(({ ends: [[x0, y0], [x1, y1]] }) => shares.map((s) => [x0 + s * (x1 - x0), y0 + s * (y1 - y0)]));
  return arrows.flatMap(({ name, text, ends: [[x0, y0], [x1, y1]] }) => {
    const length = Math.hypot(x1 - x0, y1 - y0);
    const [ux, uy] = [(x1 - x0) / length, (y1 - y0) / length];
    const [x, y, dx, dy] = name === "memory" ? [(x0 + x1) / 2, (y0 + y1) / 2, -uy, ux] : [x1, y1, ux, uy];
    const half = 0.3 * em * lengthOf(text);
    const isClear = ([px, py]) => Math.abs(px - box.x - box.w / 2) < box.w / 2 - half && Math.abs(py - box.y - box.h / 2) < box.h / 2 - em
      && busy.every(([bx, by]) => Math.abs(bx - px) > half + 3 || Math.abs(by - py) > 1.05 * em);
    const near = [0, 1.2, -1.2, 2.4, -2.4].flatMap((shift) => [dx, dx > 0 ? -1 : 1].map((side) =>
      [x + side * (half + 0.7 * em), y + (1.1 * dy + shift) * em]));
    const place = length < em ? undefined : near.find(isClear);
    if (!place) return [];
    for (const share of [-1, -0.5, 0, 0.5, 1]) busy.push([place[0] + share * half, place[1]]);
    const label = svgPart("text", { x: place[0], y: place[1] + 0.35 * em, "text-anchor": "middle", class: "ls-arrow-name" });
    label.textContent = text;
    return [label];
  });
}

const inNumbers = (value) => (Number.isNaN(value) ? "NaN" : formatNumber(value));
const atPoint = (x) => (x.length > 1 ? `(${x.map(inNumbers).join(", ")})` : inNumbers(x[0]));
const inPrint = (text) => text.replaceAll("*", "\u00b7").replaceAll("-", "\u2212");
const carriedOut = (lines, numbers) => lines.filter(({ conditions }) =>
  conditions.every(({ place, holds }) => (numbers[place] !== 0) === holds));

// A line with numbers put in, empty where that would only repeat something, and what came out (``Told.rows``).
function putIn(line, numbers) {
  const [put, came] = [withNumbers(line, numbers), line.results.map((place) => numbers[place]).join(", ")];
  return [put === came || put === withNames(line) ? "" : put, came];
}

const withNames = ({ leaves, after }) => inPrint(leaves.map(({ before, name }) => before + name).join("") + after);

// As ``spelled.with_numbers``: a negative number stands in parentheses unless it comes first.
function withNumbers({ leaves, after }, numbers) {
  let text = "";
  leaves.forEach(({ before, place }, k) => {
    const next = leaves[k + 1]?.before ?? after;
    const number = numbers[place];
    text += inPrint(before);
    const negative = number.startsWith("\u2212");
    const begins = !text || /(?:[({|]|, )$/.test(text);
    const raised = next.startsWith("^") && (negative || number.includes("e"));
    text += raised || (negative && !begins) ? `(${number})` : number;
  });
  return text + inPrint(after);
}
