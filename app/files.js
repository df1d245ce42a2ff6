// Files of our own route, which browsers keep. One that does not come is an error that names it in `lost`, and it is asked
// for again the next time.
const lose = (address) => Promise.reject(Object.assign(new Error(), { lost: address }));
const ours = (address) => new URL(address, document.baseURI).href;

// Loads a file through an element of the page's head, once for all pictures.
function load(address, tag, settings) {
  const files = (window.__landscapeFiles ??= new Map());
  if (!files.has(address)) {
    const element = Object.assign(document.createElement(tag), settings);
    const loaded = new Promise((resolve, reject) => {
      element.addEventListener("load", resolve);
      element.addEventListener("error", reject);
    });
    files.set(address, loaded.catch(() => {
      files.delete(address);
      element.remove();
      return lose(address);
    }));
    document.head.append(element);
  }
  return files.get(address);
}

const loadStyle = (address) => load(address, "link", { rel: "stylesheet", href: ours(address) });
const loadPlotly = (address) => load(address, "script", { src: ours(address) }).then(() => window.Plotly);
const loadModule = (address) => import(ours(address)).catch(() => lose(address));

async function loadBytes(address) {
  const answer = await fetch(ours(address)).catch(() => lose(address));
  return answer.ok ? new Uint8Array(await answer.arrayBuffer()) : lose(address);
}
