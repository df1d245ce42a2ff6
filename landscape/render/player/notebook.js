// The player as an anywidget. All that it needs is in the model, so a picture that is shown once needs no kernel.

// plotly.js and the player stand in a model of their own, once for all pictures of a page.
function modulesOf(model) {
  const loaded = (globalThis.__landscape ??= new Map());
  const version = model.get("version");
  if (!loaded.has(version)) {
    const loading = load(model);
    loaded.set(version, loading);
    loading.catch(() => loaded.delete(version)); // the next picture tries again
  }
  return loaded.get(version);
}

async function load(model) {
  const shared = await model.widget_manager.get_model(model.get("shared").replace("IPY_MODEL_", ""));
  const packed = Uint8Array.from(atob(shared.get("script")), (letter) => letter.charCodeAt(0));
  const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const script = new Blob([await new Response(unpacked).arrayBuffer()], { type: "text/javascript" });
  const address = URL.createObjectURL(script);
  try {
    return await import(address);
  } finally {
    URL.revokeObjectURL(address);
  }
}

// Notebooks have no common word for a dark theme: what is painted behind the picture tells.
function isDark(element) {
  for (let at = element; at; at = at.parentElement) {
    const [red, green, blue, opacity = 1] = getComputedStyle(at).backgroundColor.match(/[\d.]+/g).map(Number);
    if (opacity > 0) return 0.3 * red + 0.6 * green + 0.1 * blue < 128;
  }
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

function render({ model, el }) {
  const root = document.createElement("div");
  el.append(root);
  let player = null;
  let dark = null;
  let gone = false;
  // JupyterLab hears keys before the page does, and leaves to the player what is no shortcut with Ctrl or Cmd.
  const keys = ({ ctrlKey, metaKey }) => root.toggleAttribute("data-lm-suppress-shortcuts", !ctrlKey && !metaKey);
  addEventListener("keydown", keys, { capture: true });
  const show = async () => {
    if (el.clientWidth === 0 || isDark(el) === dark) return; // not on the page yet, or as it is
    dark = isDark(el);
    try {
      const { mountPlayer, Plotly } = await modulesOf(model);
      if (gone) return;
      const { arrays, light, dark: night } = model.get("payload");
      const payload = { ...(dark ? night : light), arrays };
      if (player) player.update(payload);
      else player = mountPlayer(root, payload, { Plotly });
    } catch (error) {
      const tr = (message) => model.get("payload").light.words[message] ?? message;
      root.textContent = tr("The picture could not be shown: {error}").replace("{error}", () => error.message);
    }
  };
  const laid = new ResizeObserver(show);
  laid.observe(el);
  const themed = new MutationObserver(show);
  for (const place of [document.documentElement, document.body]) themed.observe(place, { attributes: true });
  return () => {
    gone = true;
    removeEventListener("keydown", keys, { capture: true });
    laid.disconnect();
    themed.disconnect();
    player?.destroy();
    root.remove();
  };
}

export default { render };
