// Keeps the lectures that somebody writes in this browser (localStorage), one entry a lecture, and hands them back.
// What this tab knows outlives the component, which Streamlit mounts anew wherever the page changes its shape.
const PREFIX = "landscape.lecture.";
const tab = (window.__landscapeKept ??= {
  told: "", // the session that was told what there is
  answered: "", // the lecture that was told last, until nobody waits for one
  seen: new Map(), // name -> the text that this tab read or wrote last
  forgotten: "",
  problem: "",
  unsaved: false,
});

if (!tab.listens) {
  tab.listens = true;
  window.addEventListener("beforeunload", (event) => {
    if (tab.unsaved) event.preventDefault();
  });
}

function parsed(entry) {
  try {
    const { title, at, text } = JSON.parse(entry);
    if (typeof text === "string") return { title: String(title), at: Number(at), text };
  } catch {
    // Not written by us, or damaged: the server says so when somebody opens it.
  }
  return { title: "", at: 0, text: entry };
}

function read(own) {
  const entry = window.localStorage.getItem(PREFIX + own);
  return entry === null ? null : parsed(entry).text;
}

function all() {
  return Object.keys(window.localStorage)
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => ({ own: name.slice(PREFIX.length), ...parsed(window.localStorage.getItem(name)) }))
    .sort((a, b) => b.at - a.at)
    .map(({ own, title }) => ({ own, title }));
}

// Two tabs may have the same lecture open. Neither may write over what the other one wrote meanwhile.
function changedElsewhere(own, text) {
  const there = read(own);
  return there !== null && there !== text && tab.seen.has(own) && there !== tab.seen.get(own);
}

function write({ own, title, text }) {
  if (read(own) !== text) {
    window.localStorage.setItem(PREFIX + own, JSON.stringify({ title, at: Date.now(), text }));
  }
  tab.seen.set(own, text);
}

export default component(({ data, setTriggerValue }) => {
  const tell = (name, value) => setTriggerValue(name, { ...value, nonce: Date.now() + Math.random() });

  // Each session is told once what there is, and each lecture that it waits for whenever it waits for it.
  if (tab.told !== data.session || (data.wanted && tab.answered !== data.wanted)) {
    if (tab.told !== data.session) tab.problem = "";
    tab.told = data.session;
    const answer = { own: data.wanted, text: null, kept: [] };
    try {
      answer.text = data.wanted ? read(data.wanted) : null;
      answer.kept = all();
      if (answer.text !== null) tab.seen.set(data.wanted, answer.text);
    } catch (error) {
      answer.problem = error.name;
    }
    tell("found", answer);
  }
  tab.answered = data.wanted;

  if (data.forget && data.forget !== tab.forgotten) {
    tab.forgotten = data.forget;
    try {
      window.localStorage.removeItem(PREFIX + data.forget);
    } catch {
      // Where nothing can be removed nothing was kept.
    }
  }

  tab.unsaved = false;
  let problem = "";
  if (data.save) {
    try {
      if (changedElsewhere(data.save.own, data.save.text)) {
        tell("forked", { own: data.save.own });
        return;
      }
      write(data.save);
    } catch (error) {
      problem = error.name;
      tab.unsaved = true;
    }
  }
  if (problem !== tab.problem) {
    tab.problem = problem;
    tell("problem", { name: problem });
  }
});
