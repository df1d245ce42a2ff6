// Every scene on the page plays in the reader's theme: the page's own switch, or the system's where it says "auto".
const systemIsDark = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => document.body.dataset.theme === "dark" || (document.body.dataset.theme !== "light" && systemIsDark.matches);

addEventListener("DOMContentLoaded", () => {
  for (const root of document.querySelectorAll(".ls-scene")) {
    const { arrays, ...themes } = JSON.parse(root.nextElementSibling.textContent);
    const payload = () => ({ ...themes[isDark() ? "dark" : "light"], arrays });
    let shown = isDark();
    root.replaceChildren();
    const player = mountPlayer(root, payload(), { Plotly, autoplay: false });
    const follow = () => {
      if (shown !== isDark()) player.update(payload());
      shown = isDark();
    };
    systemIsDark.addEventListener("change", follow);
    new MutationObserver(follow).observe(document.body, { attributeFilter: ["data-theme"] });
  }
});
