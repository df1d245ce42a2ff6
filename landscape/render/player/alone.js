// The page round the player that plays alone: it reads the data and starts the player. With ?embed in its address it is
// a box in somebody's deck.
const data = JSON.parse(document.getElementById("scene").textContent);
const root = document.getElementById("player");
if (new URLSearchParams(location.search).has("embed")) {
  document.documentElement.classList.add("embedded");
  mountEmbedded(root, data.payload, { Plotly });
} else {
  const mount = data.present ? mountSized : mountPlayer;
  mount(root, data.payload, { Plotly, present: data.present, readout: !data.present || data.payload.few });
}
