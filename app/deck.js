// The deck lives in this session, lecture and all: it is left by telling the server, not by another address.

export default component(({ data, parentElement, setTriggerValue }) => {
  const seat = parentElement.__seat || (parentElement.__seat = { root: null, deck: null, gone: false });
  const tell = (name, value) => setTriggerValue(name, { ...value, nonce: Date.now() + Math.random() });
  const key = (event) => {
    // Once it stands the deck leaves by itself.
    if (event.key === "Escape" && !seat.deck) tell("leave", { slide: data.deck.start });
  };
  if (!seat.root) {
    seat.root = document.createElement("div");
    seat.root.className = "deck-window";
    parentElement.appendChild(seat.root);
    const given = ({ detail: { number, slide } }) => seat.deck?.give(number, slide);
    document.addEventListener("keydown", key);
    document.addEventListener("landscape-slide", given);
    seat.gone = false;
    Promise.all([loadPlotly(data.plotly), loadModule(data.script)]).then(([Plotly, { mountDeck }]) => {
      if (seat.gone) return;
      seat.deck = mountDeck(seat.root, data.deck, { Plotly, onLeave: (slide) => tell("leave", { slide }) });
      for (const [number, slide] of window.__landscapeSlides ?? []) seat.deck.give(number, slide);
    }).catch((error) => {
      seat.root.textContent = error.lost ? data.lost.replace("{address}", () => error.lost) : error.message;
    });
    seat.stop = () => {
      document.removeEventListener("keydown", key);
      document.removeEventListener("landscape-slide", given);
    };
  }
}, (place) => {
  const seat = place.__seat;
  seat.gone = true;
  seat.stop();
  seat.deck?.destroy();
  seat.root.remove();
  place.__seat = null;
});
