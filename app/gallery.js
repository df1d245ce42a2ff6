// The gallery: surfaces in groups with their pictures, one search over all that is said of them, formulas among them.
// Arrow keys walk from the search box through the pictures and back, Enter chooses. Text goes in as text, never as HTML.

const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const hasSign = (text) => /[+*/^=()|²³√]/.test(text);
const isFormula = (text) => (hasSign(text) || text.includes("-")) && /[\p{L}]/u.test(text);

function element(tag, name, text = "") {
  const made = document.createElement(tag);
  made.className = name;
  made.textContent = text;
  return made;
}

function card({ title, says, picture }, chosen) {
  const made = element("button", "gallery-card");
  made.type = "button";
  made.tabIndex = -1;
  made.title = says;
  if (chosen) made.setAttribute("aria-current", "true");
  const image = picture ? element("img", "gallery-picture") : element("span", "gallery-picture gallery-sign", "f");
  if (picture) Object.assign(image, { src: picture, alt: "" });
  made.append(image, element("span", "gallery-title", title));
  return made;
}

export default component(({ data, parentElement, setTriggerValue }) => {
  const choose = (what) => setTriggerValue("chosen", { ...what, nonce: Date.now() + Math.random() });
  const root = element("div", "gallery");
  const search = element("input", "gallery-search");
  Object.assign(search, { type: "search", placeholder: data.placeholder, maxLength: 2000, spellcheck: false });
  search.setAttribute("aria-label", data.placeholder);
  const found = element("output", "gallery-found");
  const typed = element("button", "gallery-typed");
  Object.assign(typed, { type: "button", hidden: true, tabIndex: -1 });
  root.append(search, typed, found);

  const groups = data.groups.map(({ title, items }) => {
    const section = element("section", "gallery-group");
    const grid = element("div", "gallery-grid");
    const cards = items.map((item) => {
      const made = card(item, item.key === data.chosen);
      made.addEventListener("click", () => choose({ key: item.key }));
      return { made, words: folded(`${item.title} ${item.says} ${item.also} ${title}`) };
    });
    grid.append(...cards.map(({ made }) => made));
    section.append(element("h3", "gallery-head", title), grid);
    root.append(section);
    return { section, cards };
  });

  const shown = () => [...root.querySelectorAll(".gallery-typed:not([hidden]), .gallery-card:not([hidden])")];

  function sift() {
    const asked = folded(search.value).split(/\s+/).filter(Boolean);
    let count = 0;
    for (const { section, cards } of groups) {
      let here = 0;
      for (const { made, words } of cards) {
        made.hidden = !asked.every((word) => words.includes(word));
        here += Number(!made.hidden);
      }
      section.hidden = !here;
      count += here;
    }
    typed.hidden = !isFormula(search.value) || (count > 0 && !hasSign(search.value)); // a name may have a hyphen
    typed.textContent = data.typed.replace("{formula}", () => search.value.trim());
    found.textContent = count || !typed.hidden ? "" : data.nothing;
  }
  search.addEventListener("input", sift);
  typed.addEventListener("click", () => choose({ formula: search.value.trim() }));

  // The next one to the side, or the nearest one in the row above or below.
  function next(from, key) {
    const all = shown();
    const at = all.indexOf(from);
    if (key === "ArrowRight" || key === "ArrowLeft") return all[at + (key === "ArrowRight" ? 1 : -1)];
    if (at < 0) return key === "ArrowDown" ? all[0] : null;
    const [down, here] = [key === "ArrowDown", from.getBoundingClientRect()];
    const boxes = all.map((one) => [one, one.getBoundingClientRect()])
      .filter(([, box]) => (down ? box.top > here.top + 4 : box.top < here.top - 4));
    const row = down ? Math.min(...boxes.map(([, b]) => b.top)) : Math.max(...boxes.map(([, b]) => b.top));
    const away = ([, box]) => Math.abs(box.left - here.left);
    return boxes.filter(([, box]) => Math.abs(box.top - row) < 4).sort((a, b) => away(a) - away(b))[0]?.[0] ?? (down ? null : search);
  }

  root.addEventListener("keydown", (event) => {
    const inBox = event.target === search;
    if (event.key === "Enter" && inBox) {
      const first = shown()[0];
      if (first && search.value.trim()) first.click();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp" || (!inBox && /^Arrow/.test(event.key))) {
      const to = next(event.target, event.key);
      to?.focus();
      to?.scrollIntoView({ block: "nearest" });
    } else if (!inBox && event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey) {
      search.focus(); // who types goes on searching
      return;
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  });

  parentElement.querySelector(".gallery")?.remove();
  parentElement.append(root);
  // Not on a phone, where the keyboard would cover the pictures.
  if (window.matchMedia("(hover: hover)").matches) search.focus({ preventScroll: true });
}, (place) => place.querySelector(".gallery").remove());
