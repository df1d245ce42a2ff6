// speaker(words) -> tr(message, places): a message as `words` translates it (landscape.language.of_scripts), English where
// they do not, with its places, as {steps}, filled in.
function speaker(words = {}) {
  return (message, places = {}) =>
    (words[message] ?? message).replace(/\{(\w+)\}/g, (place, name) => places[name] ?? place);
}
