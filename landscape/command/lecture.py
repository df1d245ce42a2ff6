"""The command ``landscape lecture``: a deck, a handout or slides of a lecture."""

from __future__ import annotations

import argparse
from pathlib import Path

from landscape.command.read import text_of
from landscape.command.spoken import tell
from landscape.language import tr
from landscape.lecture import LECTURES, Lecture
from landscape.lecture.files import FORMATS, save
from landscape.picture.sizes import PAGES
from landscape.picture.themes import THEMES
from landscape.progress import bar
from landscape.render.formats import ending_of, format_of

OPTIONS = ("theme", "size", "pages", "seconds")


def told() -> str:
    """Return what the command does."""
    return tr(
        """\
Make a deck, a handout or slides of a lecture.

FILE is what the page Lecture saves, or the name of a prepared lecture ({lectures}). The ending of
OUT says what is made:

{formats}

  landscape lecture local_optima -o deck.html
  landscape lecture mine.json -o handout.pdf --theme print
  landscape lecture mine.json -o slides.pptx --size 4:3
""",
        lectures=", ".join(LECTURES),
        formats="\n".join(f"  .{ending:10} {format.title}" for ending, format in FORMATS.items()),
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what this command takes."""
    parser.add_argument("lecture", metavar="FILE", help=tr("the lecture"))
    parser.add_argument("-o", "--output", type=Path, metavar="OUT", required=True, help=tr("the file that is made"))
    parser.add_argument("--theme", choices=[*THEMES], help=tr("its colours (default: what suits the format)"))
    parser.add_argument("--size", choices=[*PAGES], help=tr("the size of slides (default: 16:9)"))
    parser.add_argument(
        "--pages", type=int, help=tr("how many pages a slide has at most, where it has one for each moment")
    )
    parser.add_argument("--seconds", type=float, help=tr("how long each film plays"))


def lecture_of(named: str) -> Lecture:
    """Return the prepared lecture of this name, or that of a file; raise ``ValueError`` that says what is wrong."""
    if named in LECTURES:
        return LECTURES[named]()
    path = Path(named)
    text = text_of(path)
    try:
        return Lecture.from_json(text)
    except (ValueError, TypeError) as error:
        raise ValueError(f"{path}: {error}") from None


def run(chosen: argparse.Namespace) -> int:
    """Make the file and say what it is called."""
    lecture = lecture_of(chosen.lecture)
    known = format_of(chosen.output, FORMATS).options
    wanted = {name: value for name in OPTIONS if (value := getattr(chosen, name)) is not None}
    wrong = next((name for name in wanted if name not in known), None)
    if wrong is not None:
        raise ValueError(tr(".{ending} has no --{option}", ending=ending_of(chosen.output.name, FORMATS), option=wrong))
    notes: list[str] = []
    with bar() as told:
        save(lecture, chosen.output, progress=told, tell=notes.append, **wanted)
    tell(notes)
    print(chosen.output)
    return 0
