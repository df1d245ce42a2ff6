"""Watch the descent: optimizers run over one surface, loss and gradient norm move in step."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import streamlit as st

from app import frame, work
from app.ask import questions, starts, surface
from app.below import critical, export, formula, recipe, verdicts
from app.below.verdicts import Flat
from app.limits import allow
from app.page import Page, Shown, Views
from app.state import Desk, Rules
from app.text import plain
from landscape.descent.outcome import SMALL_GRADIENT
from landscape.experiment import Experiment
from landscape.optimizers import optimizer
from landscape.recipe.starts import Given
from landscape.scene import Scene
from landscape.scenes.critical import GroundColor, over_map
from landscape.surfaces import SURFACES

VIEWS = {
    "view": ("map", "relief"),
    "color": ("log", "linear", "gradient", "curvature"),
    "overlay": ("off", "critical", "manifolds"),
    "flat": ("1e-3", "1e-1", "1e-2", "1e-4", "1e-5", "1e-6"),
    "flat_of": ("norm", "largest"),
}

QUESTION = "Why does SGD stop here?"
LOOK = (
    "All four start a hair's breadth off the line that leads straight into a saddle. Watch the gradient norm at the "
    "bottom right: it falls for every one of them, but SGD's step shrinks with the gradient, so SGD stays on the "
    "saddle as if it were a minimum, while the others find the way down."
)


@cache
def first() -> Experiment:
    """Return the run that a newcomer meets."""
    return Experiment(
        surface=SURFACES["escaping_saddle"],
        optimizers=(
            optimizer("sgd", learning_rate=0.05),
            optimizer("momentum", learning_rate=0.05, momentum=0.8),
            optimizer("rmsprop", learning_rate=0.02),
            optimizer("adam", learning_rate=0.05),
        ),
        starts=Given(((1.6, 1e-12),)),
        n_steps=200,
    )


def _read(query: Mapping[str, str]) -> tuple[Experiment, tuple[str, ...]]:
    return surface.read(query, first())


@cache
def rules() -> Rules[Experiment]:
    """Return what the desk needs to know of experiments."""
    return Rules(default=first(), read=_read, write=Experiment.to_query, allow=allow, views=VIEWS)


_DEEPER: dict[str, GroundColor] = {"gradient": "gradient", "curvature": "curvature"}


def scene(experiment: Experiment, views: Views) -> Scene:
    """Return the picture of a run; its ground is searched where the views ask for what is found, and only then."""
    flat, ground = _flat(views), experiment.surface
    made = work.run(experiment).scene(
        relief=views["view"] == "relief",
        log_color=views["color"] != "linear",
        threshold=flat.threshold,
        relative=flat.relative,
    )
    overlay, color = views["overlay"], _DEEPER.get(views["color"])
    if ground.n_dims != 2 or (overlay == "off" and color is None):
        return made
    return over_map(
        made,
        ground,
        found=None if overlay == "off" else critical.points(ground),
        branches=critical.branches(ground) if overlay == "manifolds" else (),
        color=color,
    )


def _flat(views: Views) -> Flat:
    """Return what the page calls a plateau."""
    return Flat(float(views["flat"]), views["flat_of"] == "largest")


def _question(desk: Desk[Experiment]) -> str:
    asked = desk.recipe
    return QUESTION if asked == first() else plain(asked.title or surface.title(asked.surface))


def _switches(desk: Desk[Experiment]) -> None:
    if desk.recipe.surface.n_dims == 2:
        frame.switch(desk, "view", "Ground", {"map": "Map", "relief": "Relief"})
        deeper = {name: critical.COLORS[name] for name in _DEEPER if name == desk.view("color")}
        frame.switch(desk, "color", "Colour", {"log": "Log colour", "linear": "Linear"} | deeper)


def _start(desk: Desk[Experiment], point: tuple[float, ...]) -> None:
    starts.add(desk, point[: desk.recipe.surface.n_dims])


def _verdicts(shown: Shown[Experiment]) -> None:
    desk = shown.desk
    verdicts.show(shown, flat=_flat(desk.looks()))
    st.caption(
        "A plateau, shaded in the picture, is where the gradient norm stays below this number, or below this share of "
        f"the largest one on the path. How a path ended is always judged at {SMALL_GRADIENT:g}."
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        frame.switch(desk, "flat", "Plateau: gradient norm below", {name: name for name in sorted(VIEWS["flat"])})
        frame.switch(desk, "flat_of", "Plateau: measured", {"norm": "absolute", "largest": "of the path's largest"})


def _export(shown: Shown[Experiment]) -> None:
    export.show(shown)
    recipe.files(shown)


page = Page(
    key="descent",
    title="Watch the descent",
    icon=":material/landscape:",
    url="watch",
    rules=rules,
    question=_question,
    look=lambda desk: LOOK if desk.recipe == first() else plain(desk.recipe.surface.info.teaches, 1000),
    ask=questions.four,
    switches=_switches,
    scene=scene,
    on_pick=_start,
    tabs={
        "Verdicts": _verdicts,
        "Starts": lambda shown: starts.editor(shown.desk),
        "Formula": formula.show,
        "Export": _export,
        "Recipe": recipe.show,
        "Critical points": critical.show,
    },
    file=lambda desk: surface.file_name(desk.recipe.surface),
)
