// mountEmbedded(root, payload, options) -> as mountPlayer
//
// A player in a box of somebody's deck: transparent, its text as large as the box allows, without keys of its own but
// space. It plays when its slide comes into sight, and talks with the page round it by postMessage, in JSON:
//
//   hears  {"landscape": "play" | "pause" | "reset"}, {"landscape": "step", "by": 1} or {"landscape": "step", "to": 40},
//          and "slide:start", "slide:stop", as reveal.js says it
//   says   {"landscape": "ready"}, {"landscape": "state", "step": 3, "n_steps": 40, "playing": false}, and
//          {"landscape": "key", "key": "ArrowRight", ...} for a key that is the deck's; with "method" and "args" in it,
//          reveal.js does the same as if it had been pressed there

const BOX = [960, 600]; // pixels in which text has the size of the theme
const LEAST_TEXT = 0.45; // of that size, in a box however small
const HANDED_ON = new Map([
  ["ArrowLeft", 37], ["ArrowUp", 38], ["ArrowRight", 39], ["ArrowDown", 40], ["PageUp", 33], ["PageDown", 34],
  ["Home", 36], ["End", 35], ["Escape", 27], ["Enter", 13], [" ", 32],
]);
const KEEPS_KEYS = "input:not(.ls-slider), select, textarea, [contenteditable], .ls-start, .ls-knob-sheet";

function mountEmbedded(root, payload, options) {
  const deck = window.parent === window ? null : window.parent;
  const stop = new AbortController();
  const { signal } = stop;
  const say = (told) => deck?.postMessage(JSON.stringify(told), "*"); // what plays is no secret
  const scale = () => Math.max(LEAST_TEXT, Math.min(root.clientWidth / BOX[0], root.clientHeight / BOX[1]));
  let nSteps = payload.n_steps;
  let ended = false;
  root.classList.add("ls-embedded");
  document.addEventListener("keydown", handOn, { signal }); // before the player, which leaves alone what is handed on
  const player = mountSized(root, payload, {
    ...options,
    present: true,
    arrows: false,
    readout: false,
    autoplay: false,
    waits: true,
    onState(told) {
      options.onState?.(told);
      ended = !told.playing && told.step >= nSteps;
      say({ landscape: "state", step: told.step, n_steps: nSteps, playing: told.playing });
    },
  }, scale);
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  function handOn(event) {
    const code = HANDED_ON.get(event.key);
    if (code === undefined || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const { target } = event;
    if (event.key !== "Escape" && target.closest?.(KEEPS_KEYS)) return;
    if ([" ", "Enter"].includes(event.key) && target.closest?.("button, summary")) return;
    if (event.key === " " && !ended) return;
    event.preventDefault();
    deck?.focus(); // else the next key would be lost in a slide that is gone by then
    say({ landscape: "key", key: event.key, code: event.code, shift: event.shiftKey, method: "triggerKey", args: [code] });
  }

  const start = () => {
    player.pause();
    player.seek(calm ? nSteps : 0);
    if (!calm) player.play();
  };
  const orders = {
    play: () => player.play(),
    pause: () => player.pause(),
    reset: () => (player.pause(), player.seek(0)),
    step: ({ by, to }) => (player.pause(), player.seek(Number.isFinite(to) ? to : player.state.step + (Number.isFinite(by) ? by : 1))),
  };
  let told = false; // whether the deck says when the slide is shown
  window.addEventListener("message", ({ data, source }) => {
    if (source !== deck || deck === null) return;
    if (data === "slide:start" || data === "slide:stop") {
      told = true;
      player.ready.then(data === "slide:start" ? start : () => player.pause());
      return;
    }
    const order = readOrder(data);
    if (order && Object.hasOwn(orders, order.landscape)) player.ready.then(() => orders[order.landscape](order));
  }, { signal });

  let inSight = false;
  const seen = new IntersectionObserver((entries) => {
    const now = entries.at(-1).isIntersecting;
    if (now === inSight) return;
    inSight = now;
    if (told) return;
    player.ready.then(now ? start : () => player.pause());
  }, { threshold: 0.5 });
  seen.observe(root);

  say({ landscape: "ready" });
  return {
    ...player,
    update(next) {
      nSteps = next.n_steps;
      return player.update(next);
    },
    destroy() {
      stop.abort();
      seen.disconnect();
      player.destroy();
      root.classList.remove("ls-embedded");
    },
  };
}

function readOrder(data) {
  if (typeof data !== "string") return data;
  try {
    return JSON.parse(data);
  } catch {
    return null; // somebody else's message
  }
}
