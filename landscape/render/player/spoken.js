// What is said to those who do not see the picture.

// Where a path is at a step, in the numbers of the table; once it is there, how it ended.
function toldOf(track, now, step, names) {
  const end = track.told ? track.told(step) : step >= track.last ? track.verdict : "";
  const numbers = names.flatMap((name) => {
    const { path, at } = track.values.get(name);
    const index = indexAt(path, step);
    return index < 0 ? [] : [`${name} ${formatNumber(at(index))}`];
  });
  // Verdicts of Python bring the numbers with them.
  return `${track.label}${now}: ${[...(end && !track.told ? [] : numbers), end].filter(Boolean).join(", ") || "not begun"}.`;
}

// The paths at a step; of very many it is said where they can be read.
function spokenPaths({ tracks, groupOf, few, names: all }, step, hidden, names = all) {
  const shown = tracks.filter(({ group }) => !hidden.has(group));
  if (!few) return `${shown.length} paths, one a row of the table.`;
  return shown.map((track) => toldOf(track, groupOf.get(track.group)?.now ?? "", step, names)).join(" ");
}

// The picture in words: what it is of, and what stands in it now. The caption is that of the prepared run.
function spokenPicture(scene, step, hidden, isChanged) {
  const panels = scene.panels.map(({ title }) => title).filter((title) => title && title !== scene.title);
  const when = scene.n_steps ? `Step ${step} of ${scene.n_steps}.` : "";
  const what = [(!isChanged && scene.caption) || scene.title, panels.length ? `Beside it: ${panels.join(", ")}` : ""];
  return [...what.filter(Boolean).map((text) => `${text}.`), when, spokenPaths(scene, step, hidden)].filter(Boolean).join(" ");
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
