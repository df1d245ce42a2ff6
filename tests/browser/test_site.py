"""The site in the browser: from a disk without a network, under a path of a server, on paper."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest

import landscape as ls
from tests.site.conftest import small_site

__all__ = ["small_site"]


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    def handle_error(self, *arguments: object) -> None:
        """Say nothing of a browser that went on before all was sent."""


@pytest.fixture
def served(small_site: Path) -> Iterator[str]:
    """Serve the folder above the site, so that the site stands under a path."""
    handler = partial(Quiet, directory=str(small_site.parent))
    with Server(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/{small_site.name}"
        server.shutdown()


def test_every_link_leads_to_a_page_that_plays_without_a_network(small_site, open_browser):
    page = open_browser(offline=True)
    first = small_site.joinpath("index.html").as_uri()
    seen, waiting = set(), [first]
    while waiting:
        url = waiting.pop()
        seen.add(url)
        page.goto(url)
        for root in page.locator(".scene, .deck-seat").all():
            root.locator(".ls-heads").wait_for(state="attached")
        for image in page.locator(".card img").all():
            image.scroll_into_view_if_needed()
            page.wait_for_function("(image) => image.complete && image.naturalWidth > 0", arg=image.element_handle())
        links = page.eval_on_selector_all("a[href]", "(all) => all.map((one) => one.href.split('#')[0])")
        waiting += [link for link in dict.fromkeys(links) if link.endswith(".html") and link not in {*seen, *waiting}]
    assert len(seen) == len(list(small_site.rglob("*.html")))


def test_no_page_is_wider_than_a_phone(small_site, open_browser):
    page = open_browser(viewport={"width": 360, "height": 640})
    for file in small_site.rglob("*.html"):
        page.goto(file.as_uri())
        for root in page.locator(".scene, .deck-seat").all():
            root.locator(".ls-heads").wait_for(state="attached")
        page.wait_for_function("document.documentElement.scrollWidth <= 360")


RUN = "opt=adam,learning_rate:0.2;lion,learning_rate:0.05;sgd&start=-1.0,-1.0;3.0,-4.0&steps=60"


@pytest.mark.parametrize("from_disk", [True, False], ids=["disk", "served"])
def test_a_link_of_the_app_is_computed_as_python_does(from_disk, small_site, served, open_browser):
    page = open_browser(reduced_motion="reduce")
    start = small_site.joinpath("index.html").as_uri() if from_disk else f"{served}/"
    page.goto(f"{start}?surface=himmelblau&{RUN}")
    page.wait_for_url("**/surfaces/himmelblau.html?*")
    page.locator(".ls-readout td.ls-number[data-name=loss]").nth(5).wait_for()
    page.wait_for_function("document.querySelector('.ls-changed .ls-counter')?.textContent === '60 / 60'")
    shown = [float(text.replace("−", "-")) for text in page.locator("td[data-name=loss]").all_text_contents()]
    assert page.locator("tbody th").all_text_contents()[:2] == ["Adam (lr 0.2), start 1", "Adam (lr 0.2), start 2"]
    asked = ls.Experiment.from_query(dict(part.split("=") for part in f"surface=himmelblau&{RUN}".split("&")))
    expected = [loss for trajectory in asked.run().trajectories for loss in trajectory.values[:, -1]]
    np.testing.assert_allclose(shown, expected, rtol=2e-3)
    assert "asked for by a link" in page.locator("#told").text_content()
    assert page.locator("h1").text_content() == "Himmelblau"
    assert page.locator(".words").count() == 0


def test_what_a_page_cannot_compute_is_said(small_site, open_browser):
    page = open_browser(offline=True)
    for query, said in (
        ("surface=rosenbrock_of_somebody", "no page of the surface “rosenbrock_of_somebody”"),
        ("surface=himmelblau&opt=newton&start=1,1", "cannot compute the optimizer newton"),
        ("surface=himmelblau&opt=__proto__&start=1,1", "cannot compute the optimizer __proto__"),
        ("surface=himmelblau&opt=sgd,learning_rate:fast", "cannot compute learning_rate:fast of SGD"),
        ("surface=himmelblau&start=random:5,seed:1", "starts by a rule"),
        ("surface=himmelblau&start=1,2,3", "cannot compute the starts 1,2,3"),
        ("surface=himmelblau&steps=1e9", "cannot compute 1e9 steps"),
        ("surface=himmelblau&steps=900000", "cannot compute 4 paths of 900000 steps"),
        ("surface=himmelblau&noise=gaussian,scale:1", "cannot compute noise"),
        ("surface=himmelblau&schedule=cosine,final:0.1", "cannot compute the schedule cosine"),
        ("surface=double_well&p.tilt=3", "cannot compute the surface with tilt = 3"),
        ("surface=himmelblau&domain=-1,1,-1,1", "cannot compute the surface with domain = -1,1,-1,1"),
        ("surface=himmelblau&view=relief", "cannot show view = relief"),
        ("surface=double_well&p.tilt=0.30&steps=7", "asked for by a link"),
        ("formula=x^2", "A formula that somebody typed is drawn by the app"),
        ("claim=softmax&seed=7", "cannot measure with seed = 7"),
        ("claim=nothing", "no page of the claim “nothing”"),
        ("classes=3", "only the app computes"),
    ):
        page.goto(f"{small_site.joinpath('index.html').as_uri()}?{quote(query, safe='=&')}")
        page.locator("#told", has_text=said).wait_for()


def test_an_address_may_be_pasted(small_site, open_browser):
    page = open_browser(offline=True)
    page.goto(small_site.joinpath("index.html").as_uri())
    page.get_by_label("address").fill("https://example.org/lecture/?surface=himmelblau&steps=30#there")
    page.get_by_label("address").press("Enter")
    page.wait_for_url("**/surfaces/himmelblau.html?surface=himmelblau&steps=30")
    page.get_by_label("Step", exact=True).wait_for()
    assert page.get_by_label("Step", exact=True).get_attribute("max") == "30"


def test_a_page_prints_its_picture(small_site, open_browser):
    page = open_browser(offline=True, reduced_motion="reduce")
    page.goto(small_site.joinpath("surfaces", "himmelblau.html").as_uri())
    drawn = page.locator(".on-paper[src]")
    drawn.wait_for(state="attached")
    assert not drawn.is_visible()
    page.emulate_media(media="print")
    assert drawn.is_visible()
    assert drawn.evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 1000
    for hidden in (".ls-stage", ".ls-transport", "nav"):
        assert not page.locator(hidden).is_visible()
    assert "at a minimum" in page.locator(".ls-readout").inner_text()
