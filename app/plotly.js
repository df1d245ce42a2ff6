// Plotly arrives once for all pages, from our own route.
function loadPlotly(url) {
  if (window.Plotly) return Promise.resolve(window.Plotly);
  if (!window.__landscapePlotly) {
    window.__landscapePlotly = new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = url;
      script.onload = () => resolve(window.Plotly);
      script.onerror = () => {
        delete window.__landscapePlotly;
        script.remove();
        reject(Object.assign(new Error(), { lost: url }));
      };
      document.head.appendChild(script);
    });
  }
  return window.__landscapePlotly;
}
