// Knobs on the picture: what the optimizers are set to, and how many steps they take. Folded until they are asked for.

const NOTCHES = 400;
const FEWEST_STEPS = 10;
const PATIENCE = 250; // milliseconds until the page is told: keys turn a knob notch by notch

class Knobs {
  constructor(follow) {
    this.follow = follow;
    this.list = element("div", { class: "ls-knob-list" });
    this.fromHere = element("input", { type: "checkbox" });
    this.again = element("button", { type: "button", class: "ls-again", text: tr("As it was"), onclick: () => this.#reset() });
    const sheet = element("div", { class: "ls-knob-sheet" }, [
      this.list,
      element("label", { class: "ls-from" }, [this.fromHere, element("span", { text: tr("from this step on") })]),
      this.again,
    ]);
    const summary = element("summary", { text: tr("What if\u2026"), title: tr("Change rates, settings and steps") });
    this.held = false;
    this.box = element("details", { class: "ls-knobs" }, [summary, sheet]);
    sheet.addEventListener("pointerup", () => this.#rest());
    // Arrow keys on a knob turn it, and nothing else.
    sheet.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.box.open = false;
      event.stopPropagation();
    });
  }

  use() {
    const { follow } = this;
    this.box.hidden = !follow.on;
    if (!follow.on) return;
    const focused = this.list.contains(document.activeElement) ? document.activeElement.dataset.knob : null;
    const { groups, theme, live } = follow.scene;
    const walkers = follow.machine.walkers.map(({ knobs }, walker) => {
      const track = follow.scene.tracks[walker * follow.starts.length];
      const group = groups.find(({ name }) => name === track.group);
      const swatch = drawing("0 0 16 16", symbolParts(group.marker, 8, 8, 5, group.color, theme.background, 1.5));
      const head = element("div", { class: "ls-knob-head" }, [swatch, element("span", { text: group.name })]);
      return [head, ...knobs.map((knob) => this.#knob(tr("{optimizer}: {setting}", { optimizer: group.name, setting: nameOf(follow.scene, knob.name) }), knob, {
        value: () => follow.turns[walker].at(-1).values[knob.place],
        turn: (value) => follow.turn(walker, knob.place, value, this.fromHere.checked),
      }))];
    });
    const low = Math.min(FEWEST_STEPS, live.n_steps);
    const steps = { name: tr("steps"), low, high: live.most_steps, byFactors: true, whole: true };
    // The factors of a schedule are those of a run of this length.
    const length = live.factors || live.n_steps < 1 ? [] : [this.#knob(tr("Steps"), steps, {
      value: () => follow.nSteps,
      turn: (value) => follow.lengthen(value),
    })];
    this.rows = [];
    this.list.replaceChildren(...walkers.flat(), ...length);
    if (focused !== null) this.list.querySelector(`[data-knob="${CSS.escape(focused)}"]`)?.focus();
    this.tell();
  }

  #knob(label, knob, { value, turn }) {
    const output = element("output", {});
    const input = element("input", {
      type: "range", min: 0, max: NOTCHES, step: 1, "aria-label": label, "data-knob": label,
      oninput: () => turn(knobValue(knob, Number(input.value))),
      onpointerdown: () => (this.held = true),
      onchange: () => this.#rest(),
    });
    const show = () => {
      const now = value();
      write(output, formatNumber(now));
      input.setAttribute("aria-valuetext", formatNumber(now));
      if (document.activeElement !== input || Math.abs(notchOf(knob, now) - input.value) > 1) input.value = notchOf(knob, now);
    };
    const row = element("label", { class: "ls-knob" }, [element("span", { text: nameOf(this.follow.scene, knob.name) }), input, output]);
    row.show = show;
    return row;
  }

  // What is set now, in the knobs and beside the names that tell what was.
  tell() {
    const { follow } = this;
    for (const row of this.list.children) row.show?.();
    this.again.disabled = follow.changed.size === 0;
    const entries = follow.player.legend.querySelectorAll(".ls-entry");
    follow.scene.groups.forEach((group, k) => {
      const walker = follow.scene.tracks.findIndex((track) => track.group === group.name) / follow.starts.length;
      const now = follow.turns[walker].flatMap(({ from, values }) => values.flatMap((value, place) => {
        const name = follow.machine.walkers[walker].knobs.find((knob) => knob.place === place)?.name;
        if (value === follow.was.values[walker][place] && from === 0) return [];
        const told = name && { setting: nameOf(follow.scene, name), value: formatNumber(value), from };
        return told ? [from ? tr("{setting} {value} from step {from}", told) : tr("{setting} {value}", told)] : [];
      }));
      group.now = now.length ? ` \u2192 ${now.join(", ")}` : "";
      const place = entries[k]?.querySelector(".ls-now") ?? entries[k]?.appendChild(element("span", { class: "ls-now" }));
      if (place) write(place, group.now);
    });
  }

  // A knob that is being turned keeps its place until it is let go.
  #rest() {
    clearTimeout(this.waiting);
    this.held = true;
    this.waiting = setTimeout(() => {
      this.held = false;
      this.follow.rest();
    }, PATIENCE);
  }

  stop() {
    clearTimeout(this.waiting);
  }

  #reset() {
    this.fromHere.checked = false;
    this.follow.reset();
  }
}

// A knob's value at a notch: evenly, or by even factors, in three digits; the ends are exact.
function knobValue({ low, high, byFactors, whole }, notch) {
  const share = notch / NOTCHES;
  if (share === 0 || share === 1) return share ? high : low;
  const value = byFactors ? low * (high / low) ** share : low + share * (high - low);
  return whole ? Math.round(value) : Math.min(Math.max(Number(value.toPrecision(3)), low), high);
}

function notchOf({ low, high, byFactors }, value) {
  if (high === low) return 0;
  return Math.round(NOTCHES * (byFactors ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low)));
}
