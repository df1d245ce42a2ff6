"""Escape from a saddle: steps to leave it, measured beside the closed forms, down to offsets of 1e-12."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from app import fields, work
from app.below import export
from app.page import Page, Shown, Views
from app.text import plain, table
from landscape.analysis.escape_study import CURVATURES, OFFSETS, EscapeStudy, escape_study
from landscape.parameter import check_fields, parameter
from landscape.scene import Scene
from landscape.scenes.escape import escape_scene

LOOK = (
    "Start at (1, offset), almost on the line y = 0 that leads into the saddle. Each time the offset is divided by "
    "ten, gradient descent and momentum wait as much longer again; Adam, RMSprop and sign descent hardly notice."
)
NEVER = (
    "A start exactly on the stable manifold, offset 0, never leaves: the gradient has no part along y, and no rule "
    "here makes one; Newton's method even looks for the saddle, from everywhere. Only the random steps of perturbed "
    "gradient descent get away. Until its gradient is small it is gradient descent: its marks leave that line where "
    "noise comes first. Adam and sign descent, 20 steps each from a small offset, share theirs."
)


@dataclass(frozen=True)
class Escaping:
    """The saddle's negative curvature, and how far beside its stable manifold the paths start."""

    offset: float = parameter(
        1e-4,
        OFFSETS[-1],
        1.0,
        "y of the start; the table below has exactly 0 too",
        log=True,
        minimum=OFFSETS[-1],
        maximum=OFFSETS[0],
    )
    curvature: float = parameter(
        1.0, *CURVATURES, "how steeply the saddle falls", log=True, minimum=CURVATURES[0], maximum=CURVATURES[1]
    )

    def __post_init__(self) -> None:
        check_fields(self)


rules = fields.rules(Escaping())


def study(recipe: Escaping) -> EscapeStudy:
    """Return what every optimizer does there."""
    return work.result(("escape", recipe), lambda: escape_study(recipe.curvature, recipe.offset))


def scene(recipe: Escaping, views: Views) -> Scene:
    """Return the picture of it."""
    return escape_scene(study(recipe))


def steps(shown: Shown[Escaping]) -> None:
    """Show the steps of every optimizer as a table."""
    rows = []
    for walk, track in zip(study(shown.desk.recipe).walks, shown.scene().tracks, strict=True):
        late = f"not in {walk.found.n_steps}"
        closed = "none" if walk.theory is None else str(walk.theory)
        limit = "" if walk.found.exact or walk.theory is None else " (limit of a small offset)"
        rows.append(
            [
                plain(track.label),
                late if walk.measured is None else str(walk.measured),
                closed + limit,
                "never" if walk.held else late if walk.on_manifold is None else str(walk.on_manifold),
            ]
        )
    st.markdown(table(["Optimizer", "Measured", "Closed form", "From offset 0"], rows))
    st.caption(NEVER)


page = Page(
    key="escape",
    title="Escape from a saddle",
    icon=":material/exit_to_app:",
    url="off-a-saddle",
    rules=rules,
    question=lambda desk: "How long does it take to leave a saddle?",
    look=lambda desk: LOOK,
    ask=lambda desk: fields.ask(desk, offset="Offset of the start", curvature="Negative curvature"),
    scene=scene,
    tabs={"Steps": steps, "Export": export.show},
    wait="Leaving the saddle",
    file=lambda desk: "landscape-escape",
)
