// Tells the browser in which language the page is written: for what reads aloud, hyphenates and chooses fonts.
export default component(({ data }) => {
  document.documentElement.lang = data.language;
});
