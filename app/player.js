// Streamlit sends this script with every run, and calls it again whenever the data change: what it does with them is in
// picture.js, which browsers keep.

export default function (component) {
  const { data, parentElement: place } = component;
  const { files, words } = JSON.parse(new TextDecoder().decode(data.subarray(0, data.indexOf(10))));
  const here = (place.__here ??= {});
  here.latest = component;
  if (here.seat) here.seat.use(component);
  else {
    here.coming ??= import(new URL(files.picture, document.baseURI)).then(({ Seat }) => {
      if (here !== place.__here) return;
      here.seat = new Seat(place);
      here.seat.use(here.latest);
    }).catch(() => {
      here.coming = null;
      place.textContent = words.lost.replace("{address}", () => files.picture);
    });
  }
  return () => {
    here.seat?.leave();
    place.__here = null;
  };
}
