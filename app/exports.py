"""Files that take longer than a click: made apart from the page, told, cancelled, and kept for who asked for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app import work
from app.line import Line
from landscape.language import later
from landscape.progress import Clock, Told
from landscape.render import save
from landscape.render.scratch import scratch
from landscape.scene import Scene

AT_A_TIME, WAITING = 2, 6
"""Exports that one server makes at a time, and that may wait; who comes after them is asked to come again."""

LARGEST = 120_000_000
"""Bytes of a file that the server keeps until it is fetched."""

REFUSALS = (ValueError, TypeError, OSError, MemoryError)
"""What goes wrong with an export and is said where its file would be."""

LINE = Line(AT_A_TIME, AT_A_TIME + WAITING)


@dataclass(frozen=True)
class Made:
    """A file, and what there is to tell of it."""

    data: bytes
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Export:
    """A file in the making: its name, and the job, whose latest is (parts done, parts in all, seconds left)."""

    name: str
    job: work.Job[Made]


Writer = Callable[[Path, Told], Sequence[str]]
"""Makes a file and returns what there is to tell."""


def writer_of(scene: Scene, options: Mapping[str, Any]) -> Writer:
    """Return what writes a scene with these options."""
    return lambda path, progress: save(scene, path, **options, progress=progress).notes


def start(name: str, ending: str, write: Writer) -> Export:
    """Start an export apart from the page; raise ``ValueError`` where too many wait already.

    What it raises, and what the making does of its own, is said in the language in which it is read.
    ``write(path, progress)`` is given a name with that ``ending``.
    """
    place = LINE.place(1.0)
    if place is None:
        raise ValueError(later("this server is busy with other people's films; try again in a minute"))

    def make() -> Made:
        # On disk while it grows, in memory once it is known to be small enough; the folder goes in any case.
        with work.turn_of(LINE, place), scratch() as folder:
            path = folder / f"made.{ending}"
            clock = Clock()
            notes = write(path, lambda done, total, what: work.tell((done, total, clock.left(done, total))))
            size = path.stat().st_size
            if size > LARGEST:
                raise ValueError(
                    later(
                        "the file has {size:.0f} MB; this page keeps at most {most:g}",
                        size=size / 1e6,
                        most=LARGEST / 1e6,
                    )
                )
            return Made(path.read_bytes(), tuple(notes))

    return Export(name, work.alone(make))
