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
from landscape.language import mark, tr, trn
from landscape.picture.scene import Track
from landscape.picture.strokes import stroke


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
                    outcome=trajectory.outcomes[start].title,
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
    products, hessians = int(trajectory.hessian_vector_products[start]), int(trajectory.hessians[start])
    if not products and not hessians:
        return total
    kinds = [trn("{n} gradient", "{n} gradients", int(trajectory.gradients[start]))]
    if products:
        kinds.append(trn("{n} Hessian-vector product", "{n} Hessian-vector products", products))
    if hessians:
        kinds.append(trn("{n} Hessian", "{n} Hessians", hessians))
    return f"{total} ({', '.join(kinds)})"


def _left(step: int | None) -> str:
    if step is None:
        return tr("never")
    return tr("none met") if step == 0 else tr("step {step}", step=step)


def _unbroken(text: str) -> str:
    return plain(text).replace(" ", "\u00a0")


def table(found: list[Line]) -> str:
    """Return the lines as a Markdown table."""
    several = len({line.start for line in found}) > 1
    head = [tr("Path"), *([tr("From")] if several else []), tr("Ended"), tr("Left plateau"), tr("Evaluations")]
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
    said = []
    for (color, label), outcomes in groups.items():
        ends = ", ".join(tr("{n} {outcome}", n=n, outcome=outcome) for outcome, n in outcomes.most_common())
        counted = trn("{n} path: {ends}", "{n} paths: {ends}", sum(outcomes.values()), ends=ends)
        said.append(f'- :color[●]{{foreground="{color}"}} **{plain(label)}** {counted}')
    return "\n".join(said)


def show(shown: Shown[Experiment], run: Run | None = None, flat: Flat = FLAT) -> None:
    """Show how every path of the run ended; the run is that of the recipe unless it is another one."""
    found = lines(run or work.run(shown.desk.recipe), shown.scene().tracks, shown.theme, flat)
    many = len(found) > MOST_LINES
    if many:
        st.markdown(counts(found))
    with st.container(height=360 if many else "content", border=many, key="verdicts"):
        st.markdown(table(found))
    st.caption(
        tr(
            "Evaluations count in gradients: a product with the Hessian is one, a Hessian n of them. The index of a "
            "saddle is the number of directions in which the surface falls."
        )
    )


def with_plateaus(shown: Shown[Experiment]) -> None:
    """Show them, and ask what a plateau is."""
    desk = shown.desk
    show(shown, flat=flat(desk.looks()))
    st.caption(
        tr(
            "A plateau, shaded in the picture, is where the gradient norm stays below this number, or below this share "
            "of the largest one on the path. How a path ended is always judged at {norm:g}.",
            norm=SMALL_GRADIENT,
        )
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        frame.switch(
            desk,
            "flat",
            mark("Plateau: gradient norm below"),
            {norm: number(float(norm)) for norm in sorted(FIGURE.views["flat"])},
        )
        measured = {"norm": mark("absolute"), "largest": mark("of the path's largest")}
        frame.switch(desk, "flat_of", mark("Plateau: measured"), measured)
