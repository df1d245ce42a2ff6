// A slide that was made after its deck was shown: left where the deck finds it once it stands, and told to one that does.

export default function ({ data }) {
  const { number, slide } = data;
  const made = (window.__landscapeSlides ??= new Map());
  made.set(number, slide);
  document.dispatchEvent(new CustomEvent("landscape-slide", { detail: { number, slide } }));
  return () => made.delete(number);
}
