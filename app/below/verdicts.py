"""The tab Verdicts: how every path of a run ended, one line a path, with what the picture's own table leaves out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import streamlit as st

from app import frame, work
from app.page import Shown
from app.text import number, plain, point
from app.text import table as markdown
from landscape.analysis.plateaus import plateaus
from landscape.descent.outcome import SMALL_GRADIENT
from landscape.descent.trajectory import Trajectory
from landscape.experiment import Experiment, Run
from landscape.figures.descent import FIGURE
from landscape.picture.scene import Track
from landscape.picture.strokes import stroke
from landscape.words import count


class Flat(NamedTuple):
    """Which gradient norm makes a plateau: one below ``threshold``, or below that share of the path's largest."""

    threshold: float = SMALL_GRADIENT
    relative: bool = False


FLAT = Flat()

MOST_LINES = 24
"""Where there are more paths, counts stand first and the lines scroll."""


@dataclass(frozen=True)
class Line:
    """What is said of one path."""

    color: str
    label: str
    start: str
    outcome: str
    left: str
    evaluations: str


def lines(run: Run, tracks: tuple[Track, ...], theme: str, flat: Flat = FLAT) -> list[Line]:
    """Gather what is said of each path, in the order of the tracks: optimizer by optimizer, start by start.

    ``flat`` says what a plateau is.
    """
    found = []
    of_track = iter(tracks)
    for trajectory in run.trajectories:
        left = plateaus(trajectory, flat.threshold, relative=flat.relative).left_at
        for start in range(trajectory.n_starts):
            track = next(of_track)
            found.append(
                Line(
                    color=stroke(track.style, track.variant, theme).color,
                    label=track.group,
                    start=point(run.experiment.points[start]) if trajectory.n_starts > 1 else "",
                    outcome=trajectory.outcomes[start].word,
                    left=_left(left[start]),
                    evaluations=_asked(trajectory, start),
                )
            )
    return found


def flat(views: Mapping[str, str]) -> Flat:
    """Return what such a page calls a plateau."""
    return Flat(float(views["flat"]), views["flat_of"] == "largest")


def _asked(trajectory: Trajectory, start: int) -> str:
    """Return what a path asked of the surface, in gradients; taken apart where it is more than gradients."""
    total = str(trajectory.evaluations[start])
    kinds = (
        (int(trajectory.hessian_vector_products[start]), "Hessian-vector product"),
        (int(trajectory.hessians[start]), "Hessian"),
    )
    beyond = [count(number, kind) for number, kind in kinds if number]
    if not beyond:
        return total
    return f"{total} ({', '.join([count(int(trajectory.gradients[start]), 'gradient'), *beyond])})"


def _left(step: int | None) -> str:
    if step is None:
        return "never"
    return "none met" if step == 0 else f"step {step}"


def _unbroken(text: str) -> str:
    return plain(text).replace(" ", "\u00a0")


def table(found: list[Line]) -> str:
    """Return the lines as a Markdown table."""
    several = len({line.start for line in found}) > 1
    head = ["Path", *(["From"] if several else []), "Ended", "Left plateau", "Evaluations"]
    rows = [
        [
            f':color[●]{{foreground="{line.color}"}}\u00a0**{_unbroken(line.label)}**',
            *([_unbroken(line.start)] if several else []),
            line.outcome,
            line.left,
            line.evaluations,
        ]
        for line in found
    ]
    return markdown(head, rows, words=len(head) - 2)


def counts(found: list[Line]) -> str:
    """Return for each optimizer how many of its paths ended how, as a Markdown list."""
    groups: dict[tuple[str, str], Counter[str]] = {}
    for line in found:
        groups.setdefault((line.color, line.label), Counter())[line.outcome] += 1
    return "\n".join(
        f'- :color[●]{{foreground="{color}"}} **{plain(label)}** {count(sum(ends.values()), "path")}: '
        + ", ".join(f"{n} {outcome}" for outcome, n in ends.most_common())
        for (color, label), ends in groups.items()
    )


def show(shown: Shown[Experiment], run: Run | None = None, flat: Flat = FLAT) -> None:
    """Show how every path of the run ended; the run is that of the recipe unless it is another one."""
    found = lines(run or work.run(shown.desk.recipe), shown.scene().tracks, shown.theme, flat)
    many = len(found) > MOST_LINES
    if many:
        st.markdown(counts(found))
    with st.container(height=360 if many else "content", border=many, key="verdicts"):
        st.markdown(table(found))
    st.caption(
        "Evaluations count in gradients: a product with the Hessian is one, a Hessian n of them. The index of a saddle "
        "is the number of directions in which the surface falls."
    )


def with_plateaus(shown: Shown[Experiment]) -> None:
    """Show them, and ask what a plateau is."""
    desk = shown.desk
    show(shown, flat=flat(desk.looks()))
    st.caption(
        "A plateau, shaded in the picture, is where the gradient norm stays below this number, or below this share of "
        f"the largest one on the path. How a path ended is always judged at {SMALL_GRADIENT:g}."
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        frame.switch(
            desk,
            "flat",
            "Plateau: gradient norm below",
            {norm: number(float(norm)) for norm in sorted(FIGURE.views["flat"])},
        )
        frame.switch(desk, "flat_of", "Plateau: measured", {"norm": "absolute", "largest": "of the path's largest"})
