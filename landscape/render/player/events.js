// Clicks that set a start, drags of the camera, and the picture to be saved.

// A click, not a drag and not the first half of a double click (which resets the zoom), on a clickable panel.
function listenForPicks(player, signal) {
  let pressed = null;
  let waiting = 0;
  const options = { signal, capture: true };
  player.plot.addEventListener("pointerdown", (event) => {
    pressed = event.isPrimary && event.button === 0 ? { x: event.clientX, y: event.clientY, time: event.timeStamp } : null;
  }, options);
  window.addEventListener("pointerup", (event) => {
    if (!pressed) return;
    const still = Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) < 5;
    const short = event.timeStamp - pressed.time < 600;
    pressed = null;
    if (!still || !short || player.live.arithmetic.takes(pixelUnder(player, event)) || !player.pickable) return;
    const point = pointUnder(player, event);
    const again = waiting;
    clearTimeout(waiting);
    waiting = 0;
    if (!point || again) return;
    waiting = setTimeout(() => {
      waiting = 0;
      player.options.onPick(point);
    }, 260);
  }, options);
  window.addEventListener("pointercancel", () => (pressed = null), options);
}

// A stage that is scaled by CSS has other pixels than the screen.
function pixelUnder({ plot, arrangement }, { clientX, clientY }) {
  const frame = plot.getBoundingClientRect();
  return [
    ((clientX - frame.left) * arrangement.width) / frame.width,
    ((clientY - frame.top) * arrangement.height) / frame.height,
  ];
}

function pointUnder(player, event) {
  const [x, y] = pixelUnder(player, event);
  for (const panel of player.scene.panels) {
    const view = player.overlay.views?.get(panel.key);
    if (!panel.clickable || panel.kind !== "plane" || !view?.holds([x, y])) continue;
    return { ...pixelPoint(view, x, y), panel: panel.key };
  }
  return null;
}

// The point of a panel at a pixel.
function pixelPoint(view, x, y) {
  const [here, next] = [view.inverse(x, y), view.inverse(x + 1, y + 1)];
  return { x: toPixel(here.x, next.x), y: toPixel(here.y, next.y) };
}

// A coordinate in the digits that a pixel can tell apart: 0.25 rather than 0.2498817.
function toPixel(value, next) {
  const decimals = Math.max(0, Math.ceil(-Math.log10(Math.abs(next - value))));
  return decimals <= 100 ? Number(value.toFixed(decimals)) : value;
}

// While a camera may be moving, the overlay follows it frame by frame.
function listenForCamera(player, signal) {
  let until = 0;
  let running = false;
  const follow = () => {
    if (player.gone || performance.now() > until) {
      running = false;
      return;
    }
    if (player.plot._fullLayout && player.overlay.moved(player.plot)) player.refit();
    requestAnimationFrame(follow);
  };
  const wake = () => {
    if (!player.scene.panels.some((panel) => panel.kind === "space")) return;
    until = performance.now() + 1500;
    if (!running) {
      running = true;
      requestAnimationFrame(follow);
    }
  };
  player.follow = wake;
  for (const event of ["pointerdown", "pointermove", "wheel", "touchmove"]) {
    player.stage.addEventListener(event, wake, { signal, capture: true, passive: true });
  }
}
