// Out of the present mode: Escape, or a quiet cross in the corner. By another address, which needs no server; or, for
// what lives in this session alone, by telling the server.
export default component(({ data, parentElement, setTriggerValue }) => {
  // What is dragged on the projector changes the address: it is asked when somebody leaves.
  const addressNow = () => {
    const address = new URL(window.location.href);
    for (const name of data.names) address.searchParams.delete(name);
    return address.href;
  };
  const go = () => {
    if (data.stay) setTriggerValue("leave", Date.now());
    else window.location.assign(addressNow());
  };
  const cross = document.createElement("a");
  cross.className = "leave-cross";
  cross.href = addressNow();
  cross.title = data.title;
  cross.setAttribute("aria-label", data.label);
  cross.textContent = "\u2715";
  cross.addEventListener("pointerdown", () => (cross.href = addressNow()));
  cross.addEventListener("click", (event) => {
    event.preventDefault();
    go();
  });
  const key = (event) => {
    if (event.key === "Escape") go();
  };
  document.addEventListener("keydown", key);
  parentElement.__leave?.();
  parentElement.__leave = () => {
    document.removeEventListener("keydown", key);
    cross.remove();
  };
  parentElement.append(cross);
}, (place) => place.__leave());
