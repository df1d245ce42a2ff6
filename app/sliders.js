// The picture follows a slider of the page before the server answers: the player runs the paths anew by itself, and the
// answer takes the place of what it drew. A slider is known by the class that Streamlit makes of its key, and its value
// by what it tells a screen reader. Where these are not to be found, the answer is waited for.

const PATIENCE = 3000; // milliseconds after which an answer to something older is better than none

class Sliders {
  // `foresee` draws what is to come, [{ place, value }, ...]: a place is "steps", "surface" with the number of a setting of
  // it, or the numbers of an optimizer and of its setting.
  constructor(foresee) {
    this.foresee = foresee;
    this.places = new Map();
    this.set = new Map(); // what was set and has not been answered, by slider
    this.isAhead = false; // whether something was foreseen since the last answer that was shown
    this.watch = new MutationObserver((changes) => this.#see(changes.map(({ target }) => target)));
    this.watch.observe(document.body, { subtree: true, attributeFilter: ["aria-valuenow", "aria-valuetext"] });
  }

  // Places by the keys of their sliders.
  use(places) {
    this.places = new Map(Object.entries(places).map(([key, place]) => [`st-key-${key.replace(/[^\w-]/g, "-")}`, place]));
    for (const name of this.set.keys()) if (!this.places.has(name)) this.set.delete(name);
  }

  #see(thumbs) {
    let isNew = false;
    for (const thumb of thumbs) {
      const name = [...(thumb.closest('[class*="st-key-"]')?.classList ?? [])].find((one) => this.places.has(one));
      const value = Number(thumb.getAttribute("aria-valuetext") ?? NaN);
      if (name === undefined || !Number.isFinite(value) || this.set.get(name)?.value === value) continue;
      // Others are set by the page, by Back or a refusal: it asks for nothing else, and its picture comes as well.
      if (thumb !== document.activeElement && !thumb.matches(":active")) {
        this.set.delete(name);
        continue;
      }
      this.set.set(name, { place: this.places.get(name), value });
      isNew = true;
    }
    this.again?.();
    this.isAhead ||= isNew;
    if (isNew && !this.frame) {
      this.frame = requestAnimationFrame(() => {
        this.frame = 0;
        this.foresee([...this.set.values()]);
      });
    }
  }

  // Shows what came, at once where it answers all that was set; else it waits for the answer that does.
  answer(live, show) {
    clearTimeout(this.waiting);
    this.again = null;
    const valueOf = (place) => (place === "steps" ? live?.n_steps
      : place[0] === "surface" ? live?.settings[place[1]] : live?.walkers?.[place[0]]?.values[place[1]]);
    const isAnswer = ({ place, value }) => (valueOf(place) ?? value) === value;
    const done = () => {
      this.again = null;
      this.isAhead = false;
      this.set.clear();
      return show();
    };
    if ([...this.set.values()].every(isAnswer)) return done();
    this.again = () => this.answer(live, show);
    this.waiting = setTimeout(done, PATIENCE);
    return null;
  }

  // The last answer came once more: nothing else was set, or it was refused.
  repeat(live, undo) {
    if (this.isAhead) this.answer(live, undo);
  }

  stop() {
    this.watch.disconnect();
    cancelAnimationFrame(this.frame);
    clearTimeout(this.waiting);
  }
}
