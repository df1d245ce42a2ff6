// A deck that plays alone. The slide's number stands in the address, so that a reload or a bookmark comes back to it.
const data = JSON.parse(document.getElementById("scene").textContent);
data.start = Math.max(0, (parseInt(location.hash.slice(1), 10) || 1) - 1);
const onTurn = (slide) => history.replaceState(null, "", `#${slide + 1}`);
const deck = mountDeck(document.getElementById("deck"), data, { Plotly, onTurn });
addEventListener("hashchange", () => deck.turn((parseInt(location.hash.slice(1), 10) || 1) - 1));
