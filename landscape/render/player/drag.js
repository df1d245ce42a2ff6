// Starts that can be moved: with the mouse, with a finger, or with the arrow keys after Tab. Each has a handle over the
// picture, so that a drag beside them still zooms. On a relief there are none: a point on the glass is a line in space.

const KEY_STEP = 3; // pixels that an arrow key moves a start; with shift ten times as many
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

class Handles {
  constructor(follow) {
    this.follow = follow;
    this.box = element("div", { class: "ls-starts" });
    this.buttons = [];
    this.drag = null; // what is being moved: { s, from, view, pixel, origin, pointer }
    this.frame = 0;
  }

  use() {
    const n = this.follow.on ? this.follow.starts.length : 0;
    while (this.buttons.length > n) this.buttons.pop().remove();
    while (this.buttons.length < n) this.#add(this.buttons.length);
    this.place();
  }

  #add(s) {
    const handle = element("button", {
      type: "button",
      class: "ls-start",
      onpointerdown: (event) => this.#press(event, s),
      onpointermove: (event) => this.#pull(event),
      onpointerup: (event) => this.#drop(event),
      onpointercancel: () => this.back(),
      onkeydown: (event) => this.#key(event, s),
      onblur: () => this.#leave(),
    });
    this.buttons.push(handle);
    this.box.append(handle);
  }

  // The views in which starts can be moved, with the number of each start.
  places() {
    const { scene, player, starts } = this.follow;
    const panel = scene.panels.find(({ clickable, kind }) => clickable && kind === "plane");
    const view = panel && player.overlay.views?.get(panel.key);
    return view ? starts.map((_, s) => [view, s]) : [];
  }

  place() {
    if (!this.follow.on) return;
    const { starts } = this.follow;
    this.places().forEach(([view, s]) => {
      const handle = this.buttons[s];
      const at = this.follow.at(view, s);
      handle.hidden = !view.holds(at) && this.drag?.s !== s;
      handle.style.transform = `translate(calc(${at[0]}px - 50%), calc(${at[1]}px - 50%))`;
      handle.setAttribute("aria-label", tr("Start {n} at {point}. Arrow keys move it, Enter keeps it", { n: s + 1, point: atPoint(starts[s]) }));
    });
  }

  #press(event, s) {
    if (!event.isPrimary || event.button !== 0) return;
    event.target.setPointerCapture(event.pointerId);
    this.#begin(s, pixelUnder(this.follow.player, event));
    event.target.classList.add("ls-held");
  }

  // Before the first move: where the start was, so that it can go back.
  #begin(s, pointer = null) {
    if (this.drag && this.drag.s !== s) this.#leave();
    const view = this.places()[s][0];
    const pixel = this.follow.at(view, s);
    const keyed = this.drag?.pointer === null ? this.drag.origin : null;
    this.drag = { s, view, pointer, pixel, from: this.follow.starts[s], origin: keyed ?? this.follow.starts[s] };
  }

  #pull(event) {
    if (!this.drag?.pointer) return;
    const here = pixelUnder(this.follow.player, event);
    this.drag.moved = here.map((value, k) => value - this.drag.pointer[k]);
    // However many events come, one run a frame.
    if (!this.frame) this.frame = requestAnimationFrame(() => this.#moved());
  }

  #moved() {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    if (this.drag?.moved) this.#to(this.drag.moved);
  }

  // So many pixels from where it was. It stops at the edge of the panel, where it can be taken up again; a coordinate
  // along which it is not moved stays what it is, to the last digit.
  #to(moved) {
    const { s, view, pixel, from } = this.drag;
    const { box } = view;
    const x = Math.min(Math.max(pixel[0] + moved[0], box.x), box.x + box.w);
    const y = Math.min(Math.max(pixel[1] + moved[1], box.y), box.y + box.h);
    const there = pixelPoint(view, x, y);
    const point = [there.x, there.y].slice(0, from.length).map((value, k) => (Math.abs(moved[k]) < 0.5 ? from[k] : value));
    if (!sameNumbers(point, this.follow.starts[s])) this.follow.move(s, point);
    return point;
  }

  #drop(event) {
    if (!this.drag?.pointer) return;
    this.#moved();
    event.target.classList.remove("ls-held");
    this.drag = null;
    this.place();
    this.follow.rest();
  }

  #key(event, s) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const way = ARROWS[event.key];
    if (way) {
      if (!this.drag?.pointer) {
        this.#begin(s);
        this.#to(way.map((value) => value * KEY_STEP * (event.shiftKey ? 10 : 1)));
      }
    } else if (event.key === "Enter") this.#leave();
    else if (event.key === "Escape" && this.drag) this.back();
    else return;
    // The arrows are the start's now, not the playhead's or the deck's.
    event.preventDefault();
    event.stopPropagation();
  }

  // The keys have put it where it shall be.
  #leave() {
    if (!this.drag || this.drag.pointer) return;
    this.drag = null;
    this.follow.rest();
  }

  // Where it was before it was taken up.
  back() {
    if (!this.drag) return;
    const { s, origin } = this.drag;
    this.buttons[s].classList.remove("ls-held");
    this.drag = null;
    this.follow.move(s, origin);
    this.place();
    this.follow.rest();
  }

  stop() {
    cancelAnimationFrame(this.frame);
  }
}
