// Streamlit calls what a component exports for each state of its data, in whatever order the calls come to run. One that a
// newer state has overtaken is taken back at once, also where it runs after the newer one: it is not used. One that was
// used is taken back when the component goes; until then another may be used in its place.
function component(use, leave = () => {}) {
  return (call) => {
    let isUsed = false;
    const soon = setTimeout(() => {
      isUsed = true;
      use(call);
    });
    return () => {
      clearTimeout(soon);
      if (isUsed) leave(call.parentElement, call.data);
    };
  };
}
