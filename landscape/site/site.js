// The pages of the site: scenes that play in the reader's light or dark, decks, and links that the app made.

// Scripts that hold a scene each enter it here.
const landscapeScenes = {};

const isDark = matchMedia("(prefers-color-scheme: dark)");
const REST = 600; // milliseconds without a change after which the picture for the printer is drawn

function payloadOf(key, theme) {
  const { arrays, ...themes } = landscapeScenes[key];
  return { ...themes[theme], arrays };
}

const blockOf = (name) => JSON.parse(document.getElementById(name)?.textContent ?? "null");

function tell(text) {
  document.getElementById("told").textContent = text;
}

function showScene(root) {
  const lesson = blockOf("lesson");
  const linked = lesson && location.search ? linkedRun(lesson, new URLSearchParams(location.search)) : null;
  const theme = () => (isDark.matches ? "dark" : "light");
  const payload = () => {
    const own = payloadOf(root.dataset.scene, theme());
    return linked?.run ? composed(own, linked.run, theme()) : own;
  };
  root.replaceChildren();
  // A printed page has another width than the window, for which nothing is drawn in time: on paper stands a picture of
  // where the playhead rests.
  const paper = document.createElement("img");
  paper.className = "on-paper";
  paper.alt = "";
  root.before(paper);
  let waiting = 0;
  const onState = ({ playing }) => {
    clearTimeout(waiting);
    if (!playing) waiting = setTimeout(async () => (paper.src = await player.drawn()), REST);
  };
  const player = mountPlayer(root, payload(), { Plotly, space: true, onState });
  isDark.addEventListener("change", () => player.update(payload()));
  if (linked) tell(linked.words);
  if (linked?.run) {
    // The lesson's question and words are of another run.
    document.querySelector("h1").textContent = payload().title;
    document.querySelector(".words").remove();
  }
}

function showDeck(root) {
  const data = blockOf("scene");
  for (const slide of data.slides) if (slide.scene) slide.payload = payloadOf(slide.scene, "projector");
  openDeck(root, data, Plotly);
}

// A claim is shown as it was measured; an address that asks for another draw is told so.
function claimWords({ claim, seed }, query) {
  const others = [...query].filter(([name, value]) => name !== "claim" && !(name === "seed" && value === String(seed)));
  if (!others.length) return "";
  const asked = others.map(([name, value]) => `${name} = ${value}`).join(", ");
  return tr("This page shows what was measured with seed {seed}. It cannot measure with {asked}: the app does, and the command landscape claims {claim}.", { seed, asked, claim });
}

// The first page opens what an address of the app names, where there is a page for it.
function openLink(pages, query) {
  for (const [name, known] of Object.entries(pages)) {
    const key = query.get(name);
    if (key === null) continue;
    if (known.includes(key)) return location.assign(`${name}s/${key}.html?${query}`);
    return tell(name === "claim"
      ? tr("This site has no page of the claim “{key}”; the app measures it.", { key })
      : tr("This site has no page of the surface “{key}”; the app shows it.", { key }));
  }
  if (query.has("formula")) return tell(tr("A formula that somebody typed is drawn by the app; this site has only the surfaces below."));
  if ([...query].length) tell(tr("This address asks for something that only the app computes. What this site has stands below."));
  return undefined;
}

function showIndex(pages) {
  openLink(pages, new URLSearchParams(location.search));
  const link = document.getElementById("link");
  link.addEventListener("change", () => {
    const [, query] = link.value.split("?");
    tell(query ? "" : tr("An address of the app has a question mark and what is shown behind it."));
    if (query) openLink(pages, new URLSearchParams(query.split("#")[0]));
  });
}

addEventListener("DOMContentLoaded", () => {
  const deck = document.getElementById("deck");
  if (deck) showDeck(deck);
  for (const root of document.querySelectorAll(".scene")) showScene(root);
  const [claim, pages] = [blockOf("claim"), blockOf("pages")];
  if (claim) tell(claimWords(claim, new URLSearchParams(location.search)));
  if (pages) showIndex(pages);
});
