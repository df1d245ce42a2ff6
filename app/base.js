// Pages stand one step below the app's root, under whatever prefix. Told where the root is, Streamlit does not look
// for its server below the page's own address first.
window.__streamlit = { ...window.__streamlit, BACKEND_BASE_URL: new URL("./", window.location.href).href };

// A projector shows nothing beside the picture (app/page.css).
document.documentElement.classList.toggle("presenting", new URLSearchParams(window.location.search).get("present") === "1");
