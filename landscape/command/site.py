"""The command ``landscape site``: a folder of pages that need no server."""

from __future__ import annotations

import argparse
from pathlib import Path

from landscape.command.lecture import lecture_of
from landscape.command.spoken import tell
from landscape.language import tr
from landscape.lecture import LECTURES
from landscape.progress import bar


def told() -> str:
    """Return what the command does."""
    return tr(
        """\
Write a folder of pages that need no server.

Every surface with its lesson, every claim as it was measured, and the lectures that are named (by default the
prepared ones), each as a deck, as a handout, and with a page for every picture. For any web host or a USB stick: open
OUT/index.html. An older site in OUT is replaced; a folder that holds anything else is left alone.

  landscape site public
  landscape site public mine.json local_optima
"""
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what this command takes."""
    parser.add_argument("folder", type=Path, metavar="OUT", help=tr("the folder that is made"))
    parser.add_argument(
        "lectures", nargs="*", metavar="LECTURE", help=tr("files of lectures, or names of prepared ones")
    )


def run(chosen: argparse.Namespace) -> int:
    """Write the site and say where its first page is."""
    from landscape.site import site

    lectures = [lecture_of(named) for named in chosen.lectures or LECTURES]
    notes: list[str] = []
    with bar() as told:
        first = site(chosen.folder, lectures, progress=told, tell=notes.append)
    tell(notes)
    print(first)
    return 0
