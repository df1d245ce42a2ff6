// Streamlit calls the default export again whenever the data change; the mounted player then takes the new payload and
// keeps camera, zoom and playhead.

// Out of the present mode again: Escape, or a quiet cross in the corner.
function leaveButton(parentElement) {
  const address = new URL(window.location.href);
  for (const name of ["present", "embed"]) address.searchParams.delete(name);
  const cross = document.createElement("a");
  cross.className = "player-leave";
  cross.href = address.href;
  cross.title = "Back to the page (Esc)";
  cross.setAttribute("aria-label", "Back to the page");
  cross.textContent = "\u2715";
  parentElement.appendChild(cross);
  const key = (event) => {
    if (event.key === "Escape") window.location.assign(address.href);
  };
  document.addEventListener("keydown", key);
  return () => {
    document.removeEventListener("keydown", key);
    cross.remove();
  };
}

export default function ({ data, parentElement, setTriggerValue }) {
  const seat = parentElement.__seat || (parentElement.__seat = { root: null, player: null, gone: false });
  if (!seat.root) {
    seat.root = document.createElement("div");
    seat.root.className = "player-root";
    parentElement.appendChild(seat.root);
  }
  seat.gone = false;
  seat.data = data;
  seat.pick = (point) => setTriggerValue("pick", { ...point, nonce: Date.now() + Math.random() });
  seat.root.classList.toggle("player-present", Boolean(data.present));
  if (seat.player) {
    seat.player.update(data.payload);
  } else if (!seat.waiting) {
    seat.waiting = true;
    loadPlotly(data.plotly).then((Plotly) => {
      seat.waiting = false;
      if (seat.gone || seat.player) return;
      seat.player = mountPlayer(seat.root, seat.data.payload, {
        Plotly,
        present: Boolean(seat.data.present),
        onPick: (point) => seat.pick(point),
      });
    }).catch((error) => {
      seat.waiting = false;
      seat.root.textContent = error.message;
    });
  }
  if (data.present && !seat.leave) seat.leave = leaveButton(parentElement);
  return () => {
    seat.gone = true;
    if (seat.leave) seat.leave();
    seat.leave = null;
    if (seat.player) seat.player.destroy();
    seat.player = null;
    if (seat.root) seat.root.remove();
    seat.root = null;
  };
}
