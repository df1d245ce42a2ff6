// What is said to those who do not see the picture.

// Where a path is at a step, in the numbers of the table; once it is there, how it ended.
function toldOf(scene, track, step, names) {
  const end = track.told ? track.told(step) : step >= track.last ? track.verdict : "";
  const numbers = names.flatMap((name) => {
    const { path, at } = track.values.get(name);
    const index = indexAt(path, step);
    return index < 0 ? [] : [tr("{quantity} {value}", { quantity: nameOf(scene, name), value: formatNumber(at(index)) })];
  });
  // Verdicts of Python bring the numbers with them.
  const told = [...(end && !track.told ? [] : numbers), end].filter(Boolean).join(", ") || tr("not begun");
  return tr("{path}: {told}.", { path: track.label + (scene.groupOf.get(track.group)?.now ?? ""), told });
}

// The paths at a step; of very many it is said where they can be read.
function spokenPaths(scene, step, hidden, names = scene.names) {
  const shown = scene.tracks.filter(({ group }) => !hidden.has(group));
  if (!scene.few) return tr("{n} paths, one a row of the table.", { n: shown.length });
  return shown.map((track) => toldOf(scene, track, step, names)).join(" ");
}

// The picture in words: what it is of, and what stands in it now. The caption is that of the prepared run.
function spokenPicture(scene, step, hidden, isChanged) {
  const panels = scene.panels.map(({ title }) => title).filter((title) => title && title !== scene.title);
  const when = scene.n_steps ? tr("Step {step} of {all}.", { step, all: scene.n_steps }) : "";
  const what = (!isChanged && scene.caption) || scene.title;
  const beside = panels.length ? tr("Beside it: {panels}.", { panels: panels.join(", ") }) : "";
  return [what && `${what}.`, beside, when, spokenPaths(scene, step, hidden)].filter(Boolean).join(" ");
}

// Space means play wherever it means nothing else.
const TAKES_SPACE = "a, button, summary, input, select, textarea, [contenteditable], [role], [tabindex]";

// Closes the innermost open menu of an element, its button gets the focus back. Returns whether there was one.
function closeMenu(root) {
  const open = [...root.querySelectorAll("details[open]")].pop();
  if (!open) return false;
  open.open = false;
  open.querySelector("summary").focus();
  return true;
}
