"""The site as files: what is in it, what it never does, and that it comes whole or not at all."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from landscape.claims import CLAIMS
from landscape.command import main
from landscape.language import speaking
from landscape.language.pseudo import PSEUDO
from landscape.lecture import Lecture, Slide
from landscape.optimizers import OPTIMIZERS
from landscape.optimizers.base import ElementwiseOptimizer
from landscape.site import site
from landscape.site.runs import rules_data
from landscape.site.write import MARK, replaced
from landscape.surfaces import SURFACES
from tests.site.conftest import HOSTILE, MEASURED, SHOWN, run


class Read(HTMLParser):
    """Collects the addresses, the elements and the text of a page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.scripts: list[dict[str, str | None]] = []
        self.elements: list[str] = []
        self.text = ""
        self.said: list[str] = []
        self.in_code = False
        self.language: str | None = None
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        named = dict(attributes)
        self.elements.append(tag)
        self.addresses += [named[name] or "" for name in ("href", "src", "srcset") if name in named]
        if tag == "script":
            self.scripts.append(named)
        self.in_code = self.in_code or tag in ("script", "code")
        if tag == "html":
            self.language = named["lang"]
        self.said += [named[name] or "" for name in ("aria-label", "alt", "title") if named.get(name)]

    def handle_data(self, data: str) -> None:
        self.text += data
        if not self.in_code and data.strip():
            self.said.append(data.strip())

    def handle_endtag(self, tag: str) -> None:
        self.in_code = self.in_code and tag not in ("script", "code")


def pages(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.html"))


def test_there_is_a_page_for_every_surface_claim_and_picture(small_site):
    lectures = set(small_site.joinpath("lectures").iterdir())
    assert len(lectures) == 2, "two lectures of one title have a folder each"
    expected = {f"surfaces/{name}.html" for name in SHOWN} | {f"claims/{key}.html" for key in MEASURED} | {"index.html"}
    expected |= {f"lectures/{one.name}/{page}.html" for one in lectures for page in ("01", "03", "deck")}
    assert {path.relative_to(small_site).as_posix() for path in pages(small_site)} == expected
    first = Read(small_site / "index.html")
    assert expected - {"index.html"} <= set(first.addresses)
    for name in SHOWN:
        assert SURFACES[name].info.lesson.question in first.text
    for key in MEASURED:
        assert CLAIMS[key].question.text in first.text


def test_every_address_is_relative_and_there(small_site):
    for page in pages(small_site):
        for address in set(Read(page).addresses) - {"data:,"}:
            assert not re.match(r"[a-z]+:|/", address)
            assert (page.parent / address.partition("#")[0]).resolve().is_relative_to(small_site.resolve())
            assert (page.parent / address.partition("#")[0]).is_file(), f"{page} names {address}"


def test_what_pages_share_is_there_once(small_site):
    for name in ("plotly.min.js", "player.js", "player.css", "deck.js"):
        assert len(list(small_site.rglob(name))) == 1
    library = (small_site / "plotly.min.js").read_text(encoding="utf-8")[:2000]
    assert all(library not in page.read_text(encoding="utf-8") for page in pages(small_site))


def test_what_somebody_typed_is_text(small_site):
    for page in pages(small_site):
        read = Read(page)
        assert all(script.get("src") or script.get("type") == "application/json" for script in read.scripts)
        assert "i" not in read.elements, "a point of the lecture became markup"
        assert "default-src 'none'" in page.read_text(encoding="utf-8")
    deck = next(small_site.rglob("deck.html")).read_text(encoding="utf-8")
    told = json.loads(re.search(r'id="scene">(.*?)</script>', deck)[1])
    assert told["title"] == HOSTILE


def test_it_speaks_the_language_of_the_moment(tmp_path, monkeypatch):
    for name, every, key in (("SURFACES", SURFACES, "escaping_saddle"), ("CLAIMS", CLAIMS, "saturated_neuron")):
        monkeypatch.setattr(f"landscape.site.write.{name}", {key: every[key]})
    names = {"landscape", *CLAIMS["saturated_neuron"].references}
    with speaking(PSEUDO):
        site(tmp_path / "public", [Lecture("", (Slide("[Words]"), Slide("[A run]", experiment=run())))])
    assert {page.name for page in pages(tmp_path)} >= {"index.html", "escaping_saddle.html", "deck.html", "02.html"}
    for page in pages(tmp_path):
        read = Read(page)
        assert read.language == PSEUDO
        # Accented texts are in brackets; one that has code or mathematics in it comes in pieces.
        plain = [text for text in read.said if re.search("[A-Za-z]{2}", text) and not re.search(r"\[|~\]", text)]
        assert set(plain) <= names, page
    words = (tmp_path / "public" / "words.js").read_text(encoding="utf-8")
    assert all(message in words for message in ("It cannot show {views}.", "the optimizer {key}"))


def test_every_rule_that_a_browser_can_run_is_there():
    told = rules_data()["optimizers"]
    elementwise = {key for key in OPTIMIZERS if isinstance(OPTIMIZERS.make(key), ElementwiseOptimizer)}
    assert set(told) <= elementwise
    assert {"sgd", "momentum", "rmsprop", "adam"} <= set(told)
    for one in told.values():
        assert len(one["fields"]) == len(one["walker"]["values"])


def test_the_command_writes_it_and_replaces_only_a_site(small_site, tmp_path, capsys, monkeypatch):
    for name, every in (("SURFACES", SURFACES), ("CLAIMS", CLAIMS)):
        monkeypatch.setattr(f"landscape.site.write.{name}", dict([next(iter(every.items()))]))
    lecture = tmp_path / "mine.json"
    lecture.write_text('{"format": 1, "lecture": "", "slides": [{"title": "Words"}]}', encoding="utf-8")
    out = tmp_path / "public"
    for _ in range(2):
        assert main(["site", str(out), str(lecture)]) == 0
        assert capsys.readouterr().out == f"{out / 'index.html'}\n"
        assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.json", "public"]
    mine = out / MARK
    mine.unlink()
    assert main(["site", str(out), str(lecture)]) == 2
    assert "no site of landscape" in capsys.readouterr().err
    assert (out / "index.html").is_file()


@pytest.mark.parametrize("older", [None, "empty", "site"])
def test_a_site_that_fails_leaves_what_was_there(older, tmp_path):
    target = tmp_path / "public"
    if older:
        target.mkdir()
    if older == "site":
        (target / MARK).write_text("{}", encoding="utf-8")
        (target / "index.html").write_text("the older one", encoding="utf-8")

    def fail() -> None:
        with replaced(target) as part:
            (part / "index.html").write_text("half", encoding="utf-8")
            raise OSError("No space left on device")

    with pytest.raises(OSError, match="No space"):
        fail()
    assert [path.name for path in tmp_path.iterdir()] == (["public"] if older else [])
    assert (target / "index.html").exists() == (older == "site")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: path.write_text("mine"), "is a file"),
        (lambda path: (path.mkdir(), (path / "mine.txt").write_text("mine")), "no site of landscape"),
        (lambda path: None, "there is no folder"),
    ],
)
def test_what_is_no_site_is_left_alone(make, words, tmp_path):
    target = tmp_path / ("none/public" if words == "there is no folder" else "public")
    make(target)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises((ValueError, FileNotFoundError), match=words), replaced(target):
        pass
    assert sorted(tmp_path.rglob("*")) == before


def test_a_link_to_a_site_is_followed(tmp_path):
    real, link = tmp_path / "real", tmp_path / "link"
    real.mkdir()
    link.symlink_to(real)
    with replaced(link) as part:
        (part / MARK).write_text("{}", encoding="utf-8")
    assert link.is_symlink()
    assert (real / MARK).is_file()
