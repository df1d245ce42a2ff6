"""The moments of a picture that tell its story on paper: where it begins and ends, where something happens, between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from landscape.language import tr
from landscape.picture.key import leaders
from landscape.picture.scene import Picture

MOST = 400
"""The most moments that may be asked for."""


@dataclass(frozen=True)
class Moment:
    """A step of a picture, and what has happened since the moment before it, a sentence each."""

    step: int
    told: tuple[str, ...] = ()


def check_most(most: int) -> int:
    """Return how many moments are wanted; raise ``ValueError`` where that is no whole number from 2 to ``MOST``."""
    whole = isinstance(most, int | float) and not isinstance(most, bool) and float(most).is_integer()
    if not whole or not 2 <= most <= MOST:
        raise ValueError(tr("pages must be a whole number from 2 to {most}, not {pages!r}", most=MOST, pages=most))
    return int(most)


def moments(picture: Picture, most: int = 20) -> tuple[Moment, ...]:
    """Return at most ``most`` moments in the order of their steps; the first step and the last one are among them.

    What happens to a path that is drawn in full comes first, as far as it has room: of two events that are nearer than
    a quarter of an even distance the later one in that order waits for the next moment. The widest gaps are then
    halved. A picture without steps has one moment.
    """
    most, last = check_most(most), picture.n_steps
    happened = sorted(_events(picture, last))
    chosen = {0, last}
    for step, _ in happened:
        if len(chosen) < most and min(abs(step - other) for other in chosen) > last / (4 * most):
            chosen.add(step)
    while len(chosen) < most:
        ordered = sorted(chosen)
        width, left = max(((b - a, a) for a, b in pairwise(ordered)), default=(0, 0))
        if width < 2:
            break
        chosen.add(left + width // 2)
    made, before = [], -1
    for step in sorted(chosen):
        made.append(Moment(step, tuple(words for at, words in happened if before < at <= step)))
        before = step
    return tuple(made)


def _events(picture: Picture, last: int) -> Iterator[tuple[int, str]]:
    """Yield the step of each event, and the event in words that name their track."""
    shown = leaders(picture)
    labels = {track.id: track.label for track in picture.tracks if track.id in shown}
    for event in picture.events():
        if event.track in labels and 0 <= event.step <= last:
            yield event.step, tr("{path} {event}", path=labels[event.track], event=event.what)
