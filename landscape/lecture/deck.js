// mountDeck(root, data, {Plotly, onTurn, onLeave}) -> {destroy, turn, give, state}
//
// Shows the slides of landscape.lecture.deck, one at a time, each with a player of its own. Arrow keys and page keys
// turn; space plays; comma and full stop step; n shows the lecturer's notes, p opens a window with them for the lecturer
// alone (openPresenter in presenter.js). Escape leaves. All text goes in as text, never as HTML. A slide whose picture is
// yet to be made has no `payload` at all; `give(number, slide)` brings it.

function mountDeck(root, data, options = {}) {
  const state = { slide: 0, notes: false };
  const stop = new AbortController();
  const { signal } = stop;
  let player = null;
  let presenter = null;
  const { Plotly } = options;
  const tr = speaker(data.words);
  const stillOf = stillsOf(root, Plotly);
  const RUN = 10_000; // milliseconds, somewhat more than a run takes to play

  const make = (tag, name, text = "") => {
    const made = document.createElement(tag);
    made.className = name;
    made.textContent = text;
    return made;
  };
  const title = make("h1", "deck-title");
  const points = make("ul", "deck-points");
  const stage = make("div", "deck-stage");
  const notes = make("aside", "deck-notes");
  const counter = make("output", "deck-counter");
  const press = (name, text, label, action) => {
    const made = make("button", `deck-button deck-${name}`, text);
    made.type = "button";
    made.title = label;
    made.setAttribute("aria-label", label);
    made.addEventListener("click", () => {
      made.blur();
      action();
    }, { signal });
    return made;
  };
  const back = press("back", "\u2190", tr("Previous slide (left arrow)"), () => turn(state.slide - 1));
  const on = press("on", "\u2192", tr("Next slide (right arrow)"), () => turn(state.slide + 1));
  const tell = press("tell", tr("Notes"), tr("Notes (n)"), () => show(!state.notes));
  const aside = press("aside", tr("Presenter"), tr("Notes, next slide and clock in a window of their own (p)"), present);
  const bar = make("nav", "deck-bar");
  bar.append(aside, tell, back, counter, on);
  const leave = () => options.onLeave?.(state.slide);
  if (options.onLeave) bar.append(press("leave", "\u2715", tr("Back to the page (Esc)"), leave));
  const head = make("header", "deck-head");
  head.append(title, bar);
  root.classList.add("deck");
  root.replaceChildren(head, points, stage, notes);
  for (const [name, value] of Object.entries(data.theme)) root.style.setProperty(`--deck-${name}`, value);

  function show(wanted) {
    state.notes = wanted;
    notes.hidden = !wanted || !notes.textContent;
    tell.setAttribute("aria-pressed", String(wanted));
    fit();
  }

  function turn(to) {
    const slide = Math.min(Math.max(to, 0), data.slides.length - 1);
    if (player && slide === state.slide) return;
    open(slide);
  }

  function open(slide) {
    state.slide = slide;
    state.since = Date.now();
    const { title: words, points: lines, notes: said, payload } = data.slides[slide];
    if (player) player.destroy();
    player = null;
    title.textContent = words;
    points.replaceChildren(...lines.map((line) => make("li", "deck-point", line)));
    points.hidden = !lines.length;
    notes.replaceChildren(...said.split(/\n\s*\n/).filter(Boolean).map((text) => make("p", "", text)));
    tell.hidden = !said;
    counter.textContent = `${slide + 1} / ${data.slides.length}`;
    back.disabled = slide === 0;
    on.disabled = slide === data.slides.length - 1;
    root.classList.toggle("deck-words", payload === null);
    show(state.notes);
    stage.replaceChildren(...(payload === undefined ? [make("p", "deck-waits", tr("This picture is being computed …"))] : []));
    if (payload) {
      const seat = make("div", "deck-seat");
      stage.append(seat);
      player = mountPlayer(seat, payload, { Plotly, present: true, arrows: false, readout: payload.few });
    }
    fit();
    presenter?.show(slide);
    options.onTurn?.(slide);
  }

  // Words that do not fit are set smaller, as far as they can still be read; then they scroll.
  function fit() {
    for (let scale = 1; scale >= 0.55; scale -= 0.05) {
      root.style.setProperty("--deck-scale", scale.toFixed(2));
      if (root.scrollHeight <= root.clientHeight + 1) return;
    }
  }
  const sized = new ResizeObserver(fit);
  sized.observe(root);

  function give(number, slide) {
    data.slides[number] = slide;
    if (number === state.slide) open(number);
    if (number === state.slide + 1) presenter?.show(state.slide);
  }

  // The picture of a slide; while a run plays nothing is drawn beside it, unless it plays in a loop.
  async function still(number) {
    const { payload } = data.slides[number];
    while (player && (player.state.playing || Date.now() - state.since < 1000) && Date.now() - state.since < RUN) {
      await new Promise((go) => setTimeout(go, 200));
    }
    return payload && !signal.aborted ? stillOf(payload) : null;
  }

  function present() {
    presenter = openPresenter(data, state, tr, still, () => {
      presenter = null;
    });
    if (!presenter) show(true); // the browser opens no window
  }

  function keyed(event) {
    if (event.key === "Escape") leave(); // from wherever the focus is
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest?.("input:not([type=range]), select, textarea, [contenteditable]")) return;
    const action = {
      ArrowRight: () => turn(state.slide + 1),
      PageDown: () => turn(state.slide + 1),
      ArrowLeft: () => turn(state.slide - 1),
      PageUp: () => turn(state.slide - 1),
      Home: () => turn(0),
      End: () => turn(data.slides.length - 1),
      n: () => show(!state.notes),
      p: present,
    }[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }
  document.addEventListener("keydown", keyed, { signal });
  window.addEventListener("pagehide", () => presenter?.close(), { signal });

  turn(data.start ?? 0);
  return {
    state,
    turn,
    give,
    destroy() {
      stop.abort();
      sized.disconnect();
      presenter?.close();
      if (player) player.destroy();
      root.replaceChildren();
      root.classList.remove("deck");
    },
  };
}

// A deck that is a page of its own. The slide's number stands in the address, so that a reload or a bookmark comes back.
function openDeck(root, data, Plotly) {
  const asked = () => (parseInt(location.hash.slice(1), 10) || 1) - 1;
  const onTurn = (slide) => history.replaceState(null, "", `#${slide + 1}`);
  const deck = mountDeck(root, { ...data, start: Math.max(0, asked()) }, { Plotly, onTurn });
  addEventListener("hashchange", () => deck.turn(asked()));
  return deck;
}
