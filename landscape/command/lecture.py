"""Make a deck, a handout or slides of a lecture.

FILE is what the page Lecture saves, or the name of a prepared lecture ({lectures}). The ending of
OUT says what is made:

{formats}

  landscape lecture local_optima -o deck.html
  landscape lecture mine.json -o handout.pdf --theme print
"""

from __future__ import annotations

import argparse
from pathlib import Path

from landscape.command.read import text_of
from landscape.lecture import LECTURES, Lecture
from landscape.lecture.files import FORMATS, options_of, save
from landscape.picture.themes import THEMES
from landscape.progress import telling

NAMES = {
    "lectures": ", ".join(LECTURES),
    "formats": "\n".join(f"  .{ending:5} {title}" for ending, (title, _) in FORMATS.items()),
}
"""What the words above leave open."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what this command takes."""
    parser.add_argument("lecture", metavar="FILE", help="the lecture")
    parser.add_argument("-o", "--output", type=Path, metavar="OUT", required=True, help="the file that is made")
    parser.add_argument("--theme", choices=[*THEMES], help="its colours (default: what suits the format)")


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
    known = options_of(chosen.output)
    if chosen.theme and "theme" not in known:
        raise ValueError(f"{chosen.output.suffix} has no --theme")
    wanted = {"theme": chosen.theme} if chosen.theme else {}
    with telling() as tell:

        def made(slides: int, of: int) -> None:
            tell(slides / of, f"slide {min(slides + 1, of)} of {of}")

        save(lecture, chosen.output, **wanted, **({"progress": made} if "progress" in known else {}))
    print(chosen.output)
    return 0
