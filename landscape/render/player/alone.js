// The page round the player that plays alone: it reads the data and starts the player.
const data = JSON.parse(document.getElementById("scene").textContent);
const root = document.getElementById("player");
const readout = !data.present || data.payload.few;
mountPlayer(root, data.payload, { Plotly, present: data.present, readout });
