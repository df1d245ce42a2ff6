// stillsOf(root, Plotly) -> (payload) => the address of its picture at the end of the run, as a promise
//
// A player that nobody sees draws it inside `root`: once for each payload, and one after the other.

function stillsOf(root, Plotly) {
  const made = new Map();
  let last = null;

  async function draw(payload) {
    const seat = document.createElement("div");
    seat.className = "deck-still";
    seat.inert = true;
    root.append(seat);
    const player = mountPlayer(seat, payload, { Plotly, autoplay: false, readout: false });
    try {
      await player.ready;
      return await player.still();
    } finally {
      player.destroy();
      seat.remove();
    }
  }

  return (payload) => {
    if (!made.has(payload)) made.set(payload, (last = Promise.allSettled([last]).then(() => draw(payload))));
    return made.get(payload);
  };
}
