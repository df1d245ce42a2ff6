// openPresenter(data, state, tr, still, onClose) -> {show, close}, or null where the browser opens no window
//
// A second window for the lecturer: the slide that is shown with its notes, the one that comes next with its picture
// (`still(number)`, a promise of its address or of null), and the time. It is an empty page of the deck's own origin,
// filled from here, so that it needs no network and no server, from a file too. Keys pressed in it are keys of the deck;
// Escape closes it too.

const PRESENTER_STYLE = `
  :root { color-scheme: light dark; }
  body { margin: 0; padding: 20px 28px; display: grid; gap: 16px 28px; height: 100vh; box-sizing: border-box;
    grid-template: auto 1fr auto / minmax(0, 2fr) minmax(0, 1fr); font: 17px/1.5 system-ui, sans-serif; }
  header { grid-column: 1 / -1; display: flex; justify-content: space-between; gap: 24px; align-items: baseline; }
  h1 { margin: 0; font-size: 1.5rem; } h2 { margin: 0 0 8px; font-size: 1rem; opacity: 0.65; } h3 { margin: 0 0 8px; }
  main { overflow: auto; font-size: 1.35rem; white-space: pre-wrap; } aside { overflow: auto; opacity: 0.85; }
  img { width: 100%; margin-bottom: 8px; border-radius: 6px; } img[hidden] { display: none; }
  ul { margin: 0; padding-left: 1.2em; } time { font-variant-numeric: tabular-nums; font-size: 1.5rem; }
  footer { grid-column: 1 / -1; display: flex; gap: 12px; align-items: center; }
  button { font: inherit; padding: 6px 16px; }
  @media (max-width: 640px) { body { grid-template-columns: 1fr; height: auto; } }
`;

function openPresenter(data, state, tr, still, onClose) {
  const opened = window.open("", "landscape-presenter", "popup,width=960,height=640");
  if (!opened) return null;
  const page = opened.document;
  const make = (tag, text = "", inside = []) => {
    const made = page.createElement(tag);
    made.textContent = text;
    made.append(...inside);
    return made;
  };
  const list = (lines) => make("ul", "", lines.map((line) => make("li", line)));
  const press = (label, action) => {
    const made = make("button", label);
    made.type = "button";
    made.addEventListener("click", action);
    return made;
  };
  const pass = (key, shiftKey = false) =>
    document.dispatchEvent(new KeyboardEvent("keydown", { key, shiftKey, cancelable: true }));
  const [title, clock, notes, next] = [make("h1"), make("time"), make("main"), make("aside")];
  const began = { at: Date.now() };
  const buttons = [
    press(tr("← Back"), () => pass("ArrowLeft")),
    press(tr("Next →"), () => pass("ArrowRight")),
    press(tr("Clock to 0:00"), () => {
      began.at = Date.now();
      tick();
    }),
  ];
  page.documentElement.lang = document.documentElement.lang;
  page.head.replaceChildren(make("style", PRESENTER_STYLE));
  page.title = tr("{lecture} · presenter", { lecture: data.title });
  page.body.replaceChildren(make("header", "", [title, clock]), notes, next, make("footer", "", buttons));

  function show(slide) {
    const [now, then] = [data.slides[slide], data.slides[slide + 1]];
    title.textContent = `${slide + 1} / ${data.slides.length}  ${now.title}`;
    notes.textContent = now.notes || tr("No notes.");
    const picture = make("img");
    picture.alt = "";
    picture.hidden = true;
    next.replaceChildren(
      make("h2", then ? tr("Next") : tr("This is the last slide")),
      ...(then ? [make("h3", then.title), picture, list(then.points)] : []),
    );
    if (then) {
      still(slide + 1).then((address) => {
        if (!address) return;
        picture.src = address;
        picture.hidden = false;
      });
    }
  }

  function tick() {
    const seconds = Math.floor((Date.now() - began.at) / 1000);
    const spent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    const now = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    clock.textContent = `${spent}  \u00b7  ${now}`;
  }

  // A timer of this window, which the browser does not slow down while the other one is looked at.
  const ticking = opened.setInterval(tick, 1000);
  const stop = new AbortController();
  page.addEventListener("keydown", (event) => {
    if (event.target.closest?.("button") && (event.key === " " || event.key === "Enter")) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!pass(event.key, event.shiftKey)) event.preventDefault();
    if (event.key === "Escape") opened.close();
  }, { signal: stop.signal });
  opened.addEventListener("pagehide", onClose, { signal: stop.signal });
  tick();
  show(state.slide);
  opened.focus();
  return {
    show,
    close() {
      stop.abort();
      opened.clearInterval(ticking);
      opened.close();
    },
  };
}
