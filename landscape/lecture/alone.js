// A deck that plays alone.
openDeck(document.getElementById("deck"), JSON.parse(document.getElementById("scene").textContent), Plotly);
