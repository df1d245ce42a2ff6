"""Writes the site: what is shown is drawn here, how its pages look is in ``pages``."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from landscape.claims import CLAIMS
from landscape.experiment import Experiment
from landscape.language import of_scripts, tr
from landscape.lecture import Lecture
from landscape.lecture.deck import deck_css, deck_data, deck_script, words_data
from landscape.lecture.handout import write_sheets
from landscape.lecture.sheets import sheet_of
from landscape.picture.sizes import Size
from landscape.progress import Count, Progress, counting
from landscape.recipe.lesson import lesson_of
from landscape.render import save
from landscape.render.files import text_of
from landscape.render.paper.stepped import WORK
from landscape.render.player.payload import MORE, payloads, player_css, player_script, plotly_script, shipped
from landscape.render.thumbnail import thumbnail
from landscape.scene import Scene
from landscape.scenes.ground import stamp
from landscape.site import pages
from landscape.site.pages import Card
from landscape.site.runs import rules_data
from landscape.surfaces import SURFACES, groups
from landscape.surfaces.formula import Formula
from landscape.version import __version__

HERE = "landscape.site"
MARK = "landscape-site.json"
"""The file by which a folder is known as a site that may be replaced."""

SIDE = 120
"""Pixels of the picture of a surface."""

STILL = Size("Card", 4.0, 2.5, 8.0)
STILL_DPI = 80.0

PRESENTED = "projector"
"""The theme of decks."""


def site(
    folder: str | os.PathLike[str],
    lectures: Sequence[Lecture] = (),
    *,
    progress: Progress = None,
    tell: Callable[[str], object] = warnings.warn,
) -> Path:
    """Write a site with these lectures, every surface and every claim; return where its first page is.

    The folder appears whole or not at all, and replaces an older site. Raises ``ValueError`` for a folder that is
    something else, and the system's ``OSError`` where it cannot be written. ``progress`` is told how far it is;
    ``tell`` is given what there is to tell of its pictures and handouts, once, by default as a warning.
    """
    target = Path(folder)
    n_parts = len(SURFACES) + len(CLAIMS) + sum(map(len, lectures))
    with replaced(target) as made, counting(n_parts, tr("pages"), progress) as count:
        written = Site(made, count)
        written.write(lectures)
    # Others would say the same of other letters.
    for note in written.notes[:1]:
        tell(note)
    return target / "index.html"


@contextmanager
def replaced(target: Path) -> Iterator[Path]:
    """Yield an empty folder that takes the place of ``target`` at the end, where that is a site or nothing."""
    place = Path(os.path.realpath(target))
    if place.exists() and not place.is_dir():
        raise ValueError(tr("{path} is a file, not a folder for a site", path=target))
    if place.exists() and any(place.iterdir()) and not (place / MARK).is_file():
        raise ValueError(tr("{path} holds something that is no site of landscape; choose another folder", path=target))
    if not place.parent.is_dir():
        raise FileNotFoundError(
            tr("there is no folder {folder} to write {name} into", folder=place.parent, name=place.name)
        )
    part = place.with_name(f".{place.name[:80]}.{secrets.token_hex(6)}.part")
    old = part.with_suffix(".old")
    part.mkdir()
    try:
        yield part
        if place.exists():
            os.replace(place, old)
        os.replace(part, place)
    except BaseException:
        shutil.rmtree(part)
        if old.exists():
            os.replace(old, place)
        raise
    if old.exists():
        shutil.rmtree(old)


class Site:
    """A site in the making in ``folder``; each of its pictures is counted."""

    def __init__(self, folder: Path, count: Count) -> None:
        self.folder, self.count, self.done = folder, count, 0
        self.notes: list[str] = []

    def write(self, lectures: Sequence[Lecture]) -> None:
        """Write everything."""
        talks = [self.lecture(lecture, name) for lecture, name in zip(lectures, _names(lectures), strict=True)]
        surfaces = {
            title: [self.surface(one) for one in SURFACES.values() if one.info.group == group]
            for group, title in groups().items()
        }
        claims = [self.claim(key) for key in CLAIMS]
        self.put("index.html", pages.index(talks, surfaces, claims))
        scripts = {"plotly.min.js": plotly_script(), "player.js": player_script(MORE), "deck.js": deck_script()}
        scripts |= {name: text_of(HERE, name) for name in ("site.js", "runs.js")}
        said = pages.data(of_scripts("landscape/site"))
        scripts["words.js"] = f"const tr = (() => {{\n{shipped('speaker.js')}return speaker({said});\n}})();\n"
        scripts["rules.js"] = f"const landscapeRules = {pages.data(rules_data())};\n"
        styles = {"player.css": player_css(), "deck.css": deck_css(), "site.css": text_of(HERE, "site.css")}
        for name, text in (scripts | styles).items():
            self.put(name, text)
        self.put(MARK, json.dumps({"made by": f"landscape {__version__}"}) + "\n")

    def surface(self, surface: Formula) -> Card:
        """Write the page of a surface: the run of its lesson."""
        self.at(surface.title)
        lesson, name = lesson_of(surface), surface.name
        experiment = Experiment.from_lesson(surface)
        self.scene(f"surfaces/{name}", experiment.run().scene(threshold=lesson.threshold), ("light", "dark"))
        panel = stamp(surface, SIDE)
        for theme in ("light", "dark"):
            self.put(f"pictures/surfaces/{name}-{theme}.png", thumbnail(panel, SIDE, theme))
        self.put(f"surfaces/{name}.html", pages.surface(surface, lesson, experiment.to_query()))
        return Card(f"surfaces/{name}.html", f"pictures/surfaces/{name}", lesson.question, surface.title, themed=True)

    def claim(self, key: str) -> Card:
        """Measure a claim and write its page."""
        claim = CLAIMS[key]
        self.at(claim.title)
        result = claim.run()
        scene = claim.scene(result)
        self.scene(f"claims/{key}", scene, ("light", "dark"))
        self.still(f"claims/{key}", scene)
        self.put(f"claims/{key}.html", pages.claim(claim, result))
        return Card(
            f"claims/{key}.html", f"pictures/claims/{key}", claim.title, claim.question.text, tr(result.verdict)
        )

    def lecture(self, lecture: Lecture, name: str) -> pages.Talk:
        """Write a lecture: a page for each of its pictures, the deck and the handout."""
        folder, cards, scenes = f"lectures/{name}", [], []
        for number, slide in enumerate(lecture.slides, 1):
            self.at(f"{lecture.title}: {slide.title}")
            scene = slide.scene()
            scenes.append(scene)
            if scene is None:
                continue
            key = f"{folder}/{number:02}"
            self.scene(key, scene, ("light", "dark", PRESENTED))
            self.still(key, scene)
            self.put(f"{key}.html", pages.slide(lecture, number, slide, key))
            cards.append(Card(f"{key}.html", f"pictures/{key}", slide.title, slide.points[0] if slide.points else ""))
        shown = {number for number, scene in enumerate(scenes, 1) if scene is not None}
        told = [
            words_data(slide) | ({"scene": f"{folder}/{number:02}"} if number in shown else {"payload": None})
            for number, slide in enumerate(lecture.slides, 1)
        ]
        self.put(f"{folder}/deck.html", pages.deck(lecture, deck_data(lecture, told, PRESENTED), sorted(shown), folder))
        sheets = [sheet_of(slide, scene) for slide, scene in zip(lecture.slides, scenes, strict=True)]
        with counting(WORK * len(lecture), tr("handout")) as count:
            self.notes += write_sheets(lecture, sheets, self.place(f"{folder}/handout.pdf"), count)
        return pages.Talk(lecture.title, f"{folder}/deck.html", f"{folder}/handout.pdf", cards)

    def scene(self, key: str, scene: Scene, themes: Sequence[str]) -> None:
        """Write a scene as a script, which pages of a folder may load where they may not read data."""
        made = payloads(scene, themes)
        told = {"arrays": made[0]["arrays"]} | {
            theme: one | {"arrays": []} for theme, one in zip(themes, made, strict=True)
        }
        self.put(f"scenes/{key}.js", f"landscapeScenes[{pages.data(key)}] = {pages.data(told)};\n")

    def still(self, key: str, scene: Scene) -> None:
        """Write the picture of a scene for its card."""
        options: dict[str, Any] = {"size": STILL, "dpi": STILL_DPI, "legend": False, "title": False, "caption": False}
        self.notes += save(scene, self.place(f"pictures/{key}.png"), **options).notes

    def at(self, words: str) -> None:
        """Tell what is being made now."""
        self.count.reach(self.done, words)
        self.done += 1

    def place(self, name: str) -> Path:
        """Return where a file is written, its folder made."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def put(self, name: str, content: str | bytes) -> None:
        """Write a file, the same bytes on every system."""
        self.place(name).write_bytes(content.encode("utf-8") if isinstance(content, str) else content)


def _names(lectures: Sequence[Lecture]) -> list[str]:
    """Return a name for the folder of each lecture, in letters that every address takes."""
    names: list[str] = []
    for lecture in lectures:
        name = "-".join(re.findall(r"[a-z0-9]+", lecture.title.lower()))[:60] or "lecture"
        twins = sum(re.fullmatch(rf"{name}(-\d+)?", other) is not None for other in names)
        names.append(f"{name}-{twins + 1}" if twins else name)
    return names
