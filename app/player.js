// Streamlit calls the default export again whenever the data change; the mounted player then takes the new payload and
// keeps camera, zoom and playhead.

// What a projector shows over the picture: the question, and how the paths ended once they have.
function headOf(question, words) {
  const head = document.createElement("header");
  head.className = "player-head";
  const title = document.createElement("h1");
  title.textContent = question;
  const ends = document.createElement("ul");
  const wait = document.createElement("p");
  wait.textContent = words.wait;
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
        end.append(name, ` ${track.brief || track.verdict}`);
        return end;
      }));
      place.hidden = !ends.children.length;
    },
    // The room stays, so that nothing moves when they appear.
    reveal: (wanted) => place.classList.toggle("player-unsaid", !wanted),
  };
}

// Takes bytes apart at the end of their first line, which is JSON.
function lineOf(bytes) {
  const end = bytes.indexOf(10);
  return [JSON.parse(new TextDecoder().decode(bytes.subarray(0, end))), bytes.slice(end + 1)];
}

// Opens a parcel (app/parcel.py). Fields that `kept` has are not fetched; returns the payload, and those that it has.
async function opened(parcel, kept) {
  const stream = new Blob([parcel]).stream().pipeThrough(new DecompressionStream("gzip"));
  const [payload, rest] = lineOf(new Uint8Array(await new Response(stream).arrayBuffer()));
  const fields = new Map();
  await Promise.all(payload.arrays.map(async (array) => {
    if (array.address === undefined) {
      array.data = rest.subarray(array.at, array.at + array.bytes);
      return;
    }
    array.data = kept.get(array.address) ?? await fetched(array.address);
    fields.set(array.address, array.data);
  }));
  return { payload, fields };
}

async function fetched(address) {
  const answer = await fetch(new URL(address, document.baseURI));
  if (!answer.ok) throw Object.assign(new Error(), { lost: address });
  return new Uint8Array(await answer.arrayBuffer());
}

// The script of the player, which a browser keeps, with its style sheet in the page.
async function loadPlayer({ plotly, player, css, sliders }) {
  const known = document.querySelector(`link[rel="stylesheet"][href="${css}"]`);
  const link = known ?? Object.assign(document.createElement("link"), { rel: "stylesheet", href: css });
  const styled = link.sheet ?? new Promise((resolve, reject) => {
    link.addEventListener("load", resolve);
    link.addEventListener("error", () => reject(Object.assign(new Error(), { lost: css })));
    if (!known) document.head.append(link);
  });
  const modules = [player, sliders].map((address) => import(new URL(address, document.baseURI)));
  const [Plotly, mounts, more] = await Promise.all([loadPlotly(plotly), ...modules, styled]);
  return { Plotly, ...mounts, ...more };
}

export default function ({ data, parentElement, setTriggerValue }) {
  const seat = parentElement.__seat || (parentElement.__seat = { root: null, player: null, gone: false, kept: new Map() });
  const [told, parcel] = lineOf(data);
  const present = typeof told.question === "string";
  if (!seat.root) {
    seat.root = document.createElement("div");
    seat.root.className = "player-root";
    seat.stage = document.createElement("div");
    seat.stage.id = "picture";
    seat.head = present ? headOf(told.question, told.words) : null;
    seat.root.append(...(present ? [seat.head.head] : []), seat.stage);
    parentElement.appendChild(seat.root);
  }
  seat.gone = false;
  const tell = (name, value) => setTriggerValue(name, { ...value, nonce: Date.now() + Math.random() });
  if (!seat.stop) {
    seat.stop = new AbortController();
    // Streamlit turns light or dark with the system, and tells the server when the script runs next.
    const turned = () => setTimeout(() => seat.gone || seat.turn(), 100);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", turned, { signal: seat.stop.signal });
  }
  seat.turn = () => tell("theme", {});
  seat.pick = (point) => tell("pick", point);
  seat.change = (change) => tell("change", change);
  seat.root.classList.toggle("player-present", present);
  document.documentElement.classList.toggle("player-embedded", told.embed);
  // The script of the page ran for something else: what is shown stays as it is.
  const shown = `${told.name} ${told.mark}`;
  seat.sliders?.use(told.sliders);
  if (seat.shown === shown) seat.sliders?.repeat(seat.live, () => seat.player?.foresee([]));
  else {
    seat.shown = shown;
    show(seat, told, parcel).catch((error) => {
      // What was too late for this one does not matter where another one came.
      if (seat.gone || seat.shown !== shown) return;
      seat.player?.destroy();
      seat.player = seat.shown = null;
      seat.stage.textContent = error.lost ? told.words.lost.replace("{address}", () => error.lost) : error.message;
    });
  }
  return () => {
    seat.gone = true;
    seat.stop?.abort();
    seat.stop = null;
    seat.sliders?.stop();
    seat.sliders = null;
    if (seat.player) seat.player.destroy();
    seat.player = null;
    if (seat.root) seat.root.remove();
    seat.root = seat.shown = null;
  };
}

async function show(seat, told, parcel) {
  const [{ Plotly, mountPlayer, mountSized, mountEmbedded, Sliders }, { payload, fields }] = await Promise.all([loadPlayer(told.files), opened(parcel, seat.kept)]);
  // Another one came meanwhile.
  if (seat.gone || seat.shown !== `${told.name} ${told.mark}`) return;
  const present = seat.head !== null;
  seat.kept = fields;
  payload.mark = told.mark;
  seat.live = payload.live;
  if (!seat.sliders) {
    seat.sliders = new Sliders((settings) => seat.player?.foresee(settings));
    seat.sliders.use(told.sliders);
  }
  seat.nSteps = payload.n_steps;
  seat.head?.tell(payload);
  if (seat.player && seat.mountPlayer === mountPlayer) {
    seat.sliders.answer(payload.live, () => seat.player?.update(payload));
    return;
  }
  seat.player?.destroy();
  seat.mountPlayer = mountPlayer;
  seat.head?.reveal(!payload.n_steps);
  seat.player = (told.embed ? mountEmbedded : present ? mountSized : mountPlayer)(seat.stage, payload, {
    Plotly,
    present,
    space: true,
    readout: !present,
    onPick: (point) => seat.pick(point),
    onChange: told.tells ? (change) => seat.change(change) : undefined,
    onState: ({ step, playing, changed }) => seat.head?.reveal(!changed && !playing && step >= seat.nSteps),
  });
}
