// Streamlit sends this script with every run: what it does with the data is in picture.js, which browsers keep.
export default component((call) => {
  const { data, parentElement: place } = call;
  const { files, words } = JSON.parse(new TextDecoder().decode(data.subarray(0, data.indexOf(10))));
  const here = (place.__here ??= {});
  here.latest = call;
  if (here.seat) here.seat.use(call);
  else {
    here.coming ??= import(new URL(files.picture, document.baseURI)).then(({ Seat }) => {
      if (here !== place.__here) return;
      here.lost?.remove();
      here.seat = new Seat(place);
      here.seat.use(here.latest);
    }).catch(() => {
      here.coming = null;
      here.lost ??= place.appendChild(document.createElement("p"));
      here.lost.textContent = words.lost.replace("{address}", () => files.picture);
    });
  }
}, (place) => {
  place.__here.seat?.leave();
  place.__here.lost?.remove();
  place.__here = null;
});
