// A slide that was made after its deck was shown: left where the deck finds it once it stands, and told to one that does.

export default component(({ data: { number, slide } }) => {
  const made = (window.__landscapeSlides ??= new Map());
  made.set(number, slide);
  document.dispatchEvent(new CustomEvent("landscape-slide", { detail: { number, slide } }));
}, (place, { number }) => window.__landscapeSlides.delete(number));
