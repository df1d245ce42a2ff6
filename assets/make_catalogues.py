"""Collect every message from the code into the catalogues: ``python assets/make_catalogues.py [language ...]``.

``--only room ...`` leaves the catalogues of all other rooms alone.
For each language that has catalogues, and those that are named, ``landscape/locale/<language>/<room>.po`` gets the
messages of its room; what is no longer said goes, and what another room has translated already is taken from there.
The end tells what has no translation.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Collection, Mapping
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from landscape.declared import summary
from landscape.optimizers import OPTIMIZERS

HERE = Path(__file__).resolve().parents[1]
LOCALE = HERE / "landscape" / "locale"
KEYWORDS = {"tr": None, "trn": (1, 2), "mark": None, "later": None, "later_n": (1, 2)}
NO_CODE = {"plotly.min.js"}


def room_of(path: Path) -> str:
    """Return the catalogue of a file: the folder under ``landscape`` in which it lies, or ``app``, or ``landscape``."""
    parts = path.relative_to(HERE).parts
    return parts[1] if parts[0] == "landscape" and len(parts) > 2 else parts[0]


def extracted() -> dict[str, Catalog]:
    """Return the messages of all rooms, by room."""
    rooms: dict[str, Catalog] = defaultdict(Catalog)
    for root in ("app", "landscape"):
        for path in sorted((HERE / root).rglob("*.py")) + sorted((HERE / root).rglob("*.js")):
            if path.name in NO_CODE:
                continue
            method = "python" if path.suffix == ".py" else "javascript"
            with path.open("rb") as file:
                for _, message, comments, _ in extract(method, file, KEYWORDS, ["Translators:"], {"encoding": "utf-8"}):
                    at = path.relative_to(HERE).as_posix()
                    rooms[room_of(path)].add(message, locations=[(at, 0)], auto_comments=comments)
    for kind in OPTIMIZERS.values():
        if not kind.__module__.startswith("landscape.optimizers."):
            continue  # somebody's own, registered beside ours
        rooms["app"].add(summary(kind), locations=[("app/ask/optimizers.py", 0)])
    return dict(rooms)


def read(language: str) -> dict[str, Catalog]:
    """Return the catalogues that there are in a language, by room."""
    made = {}
    for path in sorted((LOCALE / language).glob("*.po")):
        with path.open("rb") as file:
            made[path.stem] = read_po(file, locale=language, abort_invalid=True)
    return made


def lacking(catalog: Catalog) -> list[Message]:
    """Return the messages that have no translation, or one that nobody looked at."""
    return [m for m in catalog if m.id and (m.fuzzy or not m.string or not all(m.string))]


def update(language: str, rooms: Mapping[str, Catalog], only: Collection[str] = ()) -> dict[str, Catalog]:
    """Bring the catalogues of a language up to the messages of the code, all or ``only`` some; return them by room."""
    known = read(language)
    translated = {m.id: m.string for catalog in known.values() for m in catalog if m.id and m not in lacking(catalog)}
    made = {}
    for room, template in rooms.items():
        if only and room not in only:
            continue
        about = f"# What is said in {room}, in the language {language}; assets/make_catalogues.py collects it."
        since = known[room].creation_date if room in known else None  # a date of today would change with every run
        catalog = made[room] = Catalog(
            locale=language,
            header_comment=about,
            charset="utf-8",
            fuzzy=False,
            creation_date=since,
            revision_date=since,
        )
        for message in template:
            if message.id:
                string = translated.get(message.id, "")
                catalog.add(message.id, string, message.locations, message.flags, message.auto_comments)
        folder = LOCALE / language
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / f"{room}.po").open("wb") as file:
            write_po(file, catalog, width=120, omit_header=False, include_lineno=False)
    for gone in known.keys() - rooms.keys():
        (LOCALE / language / f"{gone}.po").unlink()
    return made


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description="Collect every message from the code into the catalogues.")
    asked.add_argument("languages", nargs="*", help="languages to begin")
    asked.add_argument("--only", nargs="+", default=(), metavar="ROOM")
    given = asked.parse_args()
    rooms = extracted()
    there = {folder.name for folder in LOCALE.iterdir() if folder.is_dir()}
    for language in sorted(there.union(given.languages)):
        for room, catalog in update(language, rooms, given.only).items():
            print(f"{language} {room}: {len(catalog)} messages, {len(lacking(catalog))} without a translation")
