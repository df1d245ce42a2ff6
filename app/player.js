// Streamlit calls the default export again whenever the data change; the mounted player then takes the new payload and
// keeps camera, zoom and playhead.

// What a projector shows over the picture: the question, and how the paths ended once they have.
function headOf(question) {
  const head = document.createElement("header");
  head.className = "player-head";
  const title = document.createElement("h1");
  title.textContent = question;
  const ends = document.createElement("ul");
  const wait = document.createElement("p");
  wait.textContent = "How each path ends is said after the last step.";
  const place = document.createElement("div");
  place.append(wait, ends);
  head.append(title, place);
  return {
    head,
    tell({ tracks, groups, few }) {
      const color = (track) => groups.find((group) => group.tracks.includes(track.id))?.color;
      ends.replaceChildren(...(few ? tracks.filter((track) => track.verdict) : []).map((track) => {
        const end = document.createElement("li");
        const name = document.createElement("strong");
        name.textContent = track.label;
        name.style.setProperty("--ends", color(track));
        end.title = track.verdict;
        end.append(name, ` ${track.verdict.split(":")[0]}`);
        return end;
      }));
      place.hidden = !ends.children.length;
    },
    // The room stays, so that nothing moves when they appear.
    reveal: (wanted) => place.classList.toggle("player-unsaid", !wanted),
  };
}

export default function ({ data, parentElement, setTriggerValue }) {
  const seat = parentElement.__seat || (parentElement.__seat = { root: null, player: null, gone: false });
  const present = typeof data.question === "string";
  if (!seat.root) {
    seat.root = document.createElement("div");
    seat.root.className = "player-root";
    seat.stage = document.createElement("div");
    seat.stage.id = "picture";
    seat.head = present ? headOf(data.question) : null;
    seat.root.append(...(present ? [seat.head.head] : []), seat.stage);
    parentElement.appendChild(seat.root);
  }
  seat.gone = false;
  seat.data = data;
  const tell = (name, value) => setTriggerValue(name, { ...value, nonce: Date.now() + Math.random() });
  seat.pick = (point) => tell("pick", point);
  seat.change = (change) => tell("change", change);
  seat.root.classList.toggle("player-present", present);
  seat.head?.tell(data.payload);
  if (seat.player) {
    seat.player.update(data.payload);
  } else if (!seat.waiting) {
    seat.waiting = true;
    loadPlotly(data.plotly).then((Plotly) => {
      seat.waiting = false;
      if (seat.gone || seat.player) return;
      seat.head?.reveal(!seat.data.payload.n_steps);
      seat.player = mountPlayer(seat.stage, seat.data.payload, {
        Plotly,
        present,
        space: true,
        readout: !present,
        onPick: (point) => seat.pick(point),
        onChange: data.tells ? (change) => seat.change(change) : undefined,
        onState: ({ step, playing, changed }) => seat.head?.reveal(!changed && !playing && step >= seat.data.payload.n_steps),
      });
    }).catch((error) => {
      seat.waiting = false;
      seat.stage.textContent = error.message;
    });
  }
  return () => {
    seat.gone = true;
    if (seat.player) seat.player.destroy();
    seat.player = null;
    if (seat.root) seat.root.remove();
    seat.root = null;
  };
}
