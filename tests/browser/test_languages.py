"""Every page in Korean and in the pseudo-language: nothing on it is English by mistake, and everything has its room."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from playwright.sync_api import TimeoutError, expect

from app.ask.data import OFFERED, data_of
from app.sitemap import PAGES
from landscape.claims import CLAIMS
from landscape.language.pseudo import PSEUDO, accented
from landscape.surfaces import SURFACES

SIZES = ({"width": 1280, "height": 720}, {"width": 390, "height": 844})
ADDRESSES = {
    "predict": "?predict=1",
    **{page.entry.url: "?predict=0" if page is PAGES[0] else page.entry.url for page in PAGES},
    "claim": "how-do-you-know?claim=stability_edges",
    "projector": "?predict=0&present=1",
}

# What stays in Latin letters in every language (landscape/locale/README.md): people, optimizers, programs, formats.
NAMES = set(
    re.findall(
        r"\S+",
        "Adam RMSprop SGD Muon Shampoo AdaGrad Newton Nesterov Rosenbrock Himmelblau Gauss Kac Rice Kac-Rice GOE "
        "Iris setosa versicolor virginica relu tanh float landscape Python PyTorch TensorFlow JAX "
        "PowerPoint Beamer LaTeX Markdown JSON HTML CSV PDF SVG PNG GIF zip Esc Enter eps beta",
    )
)
# Streamlit has no translations of its own words and no place for ours; what it lets one set is set.
STREAMLITS = re.compile(
    r"Help( for .*)?|Sidebar|App pages|Skip to main content|(Collapse|Expand) sidebar|Open|Close|Link to heading"
    r"|Upload|file upload|\d+MB per file|• .*|Shortcut.*|Increment|Decrement|Copy to clipboard|Fullscreen.*|Search.*"
    r"|Download as CSV.*|Show/hide columns.*|Add row.*|Delete row.*|<p>You need to enable JavaScript.*",
    re.DOTALL,
)
REFERENCES = {
    *(reference for claim in CLAIMS.values() for reference in claim.references),
    *(surface.info.reference for surface in SURFACES.values() if surface.info.reference),
    *(data_of(name).source for name in OFFERED if data_of(name).source),
}

# Every text, and every name of a control, also in what is folded. Code and formulas are in no language.
SEEN = """() => {
  const none = 'code, pre, .katex, script, style, noscript, [data-testid="stIconMaterial"], [aria-label$=" icon"], ' +
    '.st-key-language-switch';
  const seen = new Set();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    if (!walk.currentNode.parentElement.closest(none)) seen.add(walk.currentNode.data.trim());
  }
  for (const name of ['aria-label', 'title', 'placeholder', 'alt', 'aria-description'])
    for (const one of document.querySelectorAll(`[${name}]`))
      if (!one.closest(none)) seen.add(one.getAttribute(name));
  return [...seen];
}"""
AT_REST = """async () => {
  let before = '';
  for (let same = 0; same < 4; same++) {
    await new Promise((done) => setTimeout(done, 100));
    const works = !document.querySelector('[data-testid=stApp][data-test-script-state=notRunning]');
    const now = document.body.innerText;
    if (works || now !== before) same = 0;
    before = now;
  }
}"""
WIDER = """() => [document.documentElement, ...document.querySelectorAll('.stMain, .player-present')]
  .filter((one) => one.scrollWidth > one.clientWidth).map((one) => `${one.className} ${one.scrollWidth}`)"""


def english(text: str) -> set[str]:
    """Return the English words in a Korean text, but for names and for terms in brackets behind the Korean ones."""
    if STREAMLITS.fullmatch(text) or any(reference in text for reference in REFERENCES):
        return set()
    korean = re.sub(r"(?<=[가-힣])\s?\([^()]*\)", "", text)
    return set(re.findall(r"[A-Za-z][A-Za-z’'-]{2,}", korean)) - NAMES


def unaccented(text: str) -> set[str]:
    """Return phrases of three words and more in a text of the pseudo-language that nobody translated into it."""
    if STREAMLITS.fullmatch(text) or any(reference in text for reference in REFERENCES):
        return set()
    phrases = re.findall(r"(?:\b[A-Za-z]{2,},? ){2,}[A-Za-z]{2,}\b", text)
    return {one for one in phrases if not set(re.findall(r"\w+", one)) <= NAMES}


def test_the_checks_find_english_and_what_nobody_marked() -> None:
    assert english("안장점(saddle point)은 Adam이 벗어난다") == set()
    assert english("안장점 saddle (point)") == {"saddle", "point"}
    assert unaccented(accented("where the paths end")) == set()
    assert unaccented(f"{accented('It ends')} where the paths end") == {"where the paths end"}


def settled(page: Any) -> None:
    """Wait until nothing is computed and no words have come or gone for a while."""
    page.evaluate(AT_REST)


def looks(page: Any, url: str, language: str, tabs: bool) -> Iterator[str]:
    """Open all pages one after another, and all their tabs; give the name of each look while it is there.

    A page is reached by its link where it has one: opened by its address, all of Streamlit is loaded again.
    What a tab of the same name holds is written by the same code on every page: two pages show it.
    """
    opened: Counter[str] = Counter()
    for name, address in ADDRESSES.items():
        link = page.locator(f"[data-testid=stSidebarNavLink][href$='/{address}']")
        if link.count():
            link.click()
            page.wait_for_url(f"**/{address}?*")
        else:
            page.goto(f"{url}/{address}{'&' if '?' in address else '?'}lang={language}")
        page.wait_for_selector("h1")
        settled(page)
        if name == "claim":
            page.locator("[data-testid=stRadio] [role=radiogroup] label").first.click()
            page.locator("[data-testid=stBaseButton-primary]").click()
            page.wait_for_selector(".ls-player .main-svg")
            settled(page)
        page.wait_for_function("language => document.documentElement.lang === language", arg=language)
        yield name
        of_page = page.locator(".stMain [role=tablist]").first.get_by_role("tab")
        for tab in of_page.all()[1:] if tabs else ():
            opened[tab.inner_text()] += 1
            if opened[tab.inner_text()] > 2:
                continue
            tab.click()
            settled(page)
            yield f"{name}: {tab.inner_text()}"


def test_every_page_is_in_its_language_and_no_wider_than_the_window(browser_page: Any, app_url: str) -> None:
    page, found = browser_page, {}
    page.emulate_media(reduced_motion="reduce")  # nothing plays: what stands at the end stands there at once
    for language, missed, tabs in (("ko", english, True), (PSEUDO, unaccented, False)):
        page.set_viewport_size(SIZES[0])
        for look in looks(page, app_url, language, tabs):
            words = {text: missed(text) for text in page.evaluate(SEEN)}
            found |= {(language, look, text): of for text, of in words.items() if of}
            if ": " in look:
                continue
            for size in SIZES[::-1]:
                page.set_viewport_size(size)
                try:  # what is drawn follows the window a little later
                    page.wait_for_function(f"({WIDER})().length === 0")
                except TimeoutError:
                    found[language, look, f"{size['width']} pixels"] = page.evaluate(WIDER)
    assert found == {}


def test_a_switch_keeps_all_that_is_on_the_page(browser_page: Any, app_url: str, drawn: Callable[[Any], None]) -> None:
    page = browser_page
    page.goto(f"{app_url}/first-program?steps=40&opt=sgd%2Clearning_rate:0.02")
    drawn(page)
    assert "lang=" not in page.url
    page.get_by_role("tab", name="Recipe").click()
    if page.locator(".ls-play").get_attribute("aria-label") == "Pause":
        page.locator(".ls-play").click()
    page.locator(".ls-slider").fill("17")
    # By keys alone.
    page.get_by_role("radio", name="English").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    page.get_by_role("tab", name="레시피", selected=True).wait_for()
    settled(page)
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    expect(page.locator(".ls-slider")).to_have_value("17")
    holds = re.compile(r"[?&]steps=40&.*lang=ko(&|$)")
    page.wait_for_url(holds)
    expect(page.locator(".stMain [data-testid=stCode]").first).to_have_text(holds)
    expect(page.get_by_role("link", name="발표하기")).to_have_attribute("href", holds)
    # What was chosen by its label is chosen still, and what is touched next changes nothing else.
    page.get_by_role("radio", name="점선").or_(page.get_by_role("button", name="점선")).click()
    page.wait_for_url("**lines=dashed**")
    assert "steps=40" in page.url
    settled(page)
    page.get_by_role("link", name="안장점 탈출").click()
    page.get_by_role("heading", name="안장점을 벗어나는 데 얼마나 걸리는가?").wait_for()
    # The link has an entry of its own in the history, and the language that is written into it may have another.
    page.go_back()
    page.go_back()
    page.get_by_role("heading", name="어떤 프레임워크로").wait_for()


def test_an_unknown_language_is_said_until_something_is_done(browser_page: Any, app_url: str) -> None:
    page = browser_page
    page.goto(f"{app_url}/off-a-saddle?lang=tlh")
    said = page.get_by_text("There is no catalogue for the language 'tlh'")
    said.wait_for()
    page.get_by_role("tab", name="Export").click()
    settled(page)
    assert said.is_visible()
    page.locator(".st-key-escape-curvature-box input").fill("2")
    page.locator(".st-key-escape-curvature-box input").press("Enter")
    said.wait_for(state="detached")
