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
    array.data = kept.get(array.address) ?? await loadBytes(array.address);
    fields.set(array.address, array.data);
  }));
  return { payload, fields };
}

// The place of a player on a page. Whatever comes, the mounted player stays and keeps camera, zoom and playhead.
export class Seat {
  constructor(place) {
    this.kept = new Map(); // fields by their addresses
    this.gone = new AbortController();
    this.stage = Object.assign(document.createElement("div"), { id: "picture" });
    this.root = Object.assign(document.createElement("div"), { className: "player-root" });
    this.root.append(this.stage);
    place.append(this.root);
    // Streamlit turns light or dark with the system, and tells the server when the script runs next.
    const turned = () => setTimeout(() => this.gone.signal.aborted || this.tell("theme", {}), 100);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", turned, { signal: this.gone.signal });
  }

  use({ data, setTriggerValue }) {
    const [told, parcel] = lineOf(data);
    this.tell = (name, value) => setTriggerValue(name, { ...value, nonce: Date.now() + Math.random() });
    this.root.classList.toggle("player-present", told.question !== null);
    document.documentElement.classList.toggle("player-embedded", told.embed);
    this.sliders?.use(told.sliders);
    const shown = `${told.name} ${told.mark}`;
    // The script of the page ran for something else: what is shown stays as it is.
    if (this.shown === shown) {
      this.sliders?.repeat(this.live, () => this.player?.foresee([]));
      return;
    }
    this.shown = shown;
    const isPast = () => this.gone.signal.aborted || this.shown !== shown;
    this.#show(told, parcel, isPast).catch((error) => {
      if (isPast()) return;
      this.player?.destroy();
      this.player = this.shown = null;
      this.stage.textContent = error.lost ? told.words.lost.replace("{address}", () => error.lost) : error.message;
    });
  }

  async #show(told, parcel, isPast) {
    const { plotly, player, css } = told.files;
    const [Plotly, { mountPlayer, mountSized, mountEmbedded }, { payload, fields }] = await Promise.all(
      [loadPlotly(plotly), loadModule(player), opened(parcel, this.kept), loadStyle(css)]);
    if (isPast()) return;
    const present = told.question !== null;
    this.kept = fields;
    payload.mark = told.mark;
    this.live = payload.live;
    if (!this.sliders) {
      this.sliders = new Sliders((settings) => this.player?.foresee(settings));
      this.sliders.use(told.sliders);
    }
    this.nSteps = payload.n_steps;
    if (present && !this.head) {
      this.head = headOf(told.question, told.words);
      this.root.prepend(this.head.head);
    }
    this.head?.tell(payload);
    if (this.player && this.mountPlayer === mountPlayer) {
      this.sliders.answer(payload.live, () => this.player?.update(payload));
      return;
    }
    this.player?.destroy();
    this.mountPlayer = mountPlayer;
    this.head?.reveal(!payload.n_steps);
    this.player = (told.embed ? mountEmbedded : present ? mountSized : mountPlayer)(this.stage, payload, {
      Plotly,
      present,
      space: true,
      readout: !present,
      onPick: (point) => this.tell("pick", point),
      onChange: told.tells ? (change) => this.tell("change", change) : undefined,
      onState: ({ step, playing, changed }) => this.head?.reveal(!changed && !playing && step >= this.nSteps),
    });
  }

  leave() {
    this.gone.abort();
    this.sliders?.stop();
    this.player?.destroy();
    this.root.remove();
  }
}
