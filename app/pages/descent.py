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
from landscape.recipe.lesson import lesson_of
from landscape.scene import Scene
from landscape.scenes.critical import GroundColor, over_map
from landscape.surfaces import SURFACES
from landscape.surfaces.lesson import Lesson

VIEWS = {
    "view": ("map", "relief"),
    "color": ("log", "linear", "gradient", "curvature"),
    "overlay": ("off", "critical", "manifolds"),
    "flat": ("1e-3", "1e-1", "1e-2", "1e-4", "1e-5", "1e-6"),
    "flat_of": ("norm", "largest"),
}


@cache
def first() -> Experiment:
    """Return the run that a newcomer meets."""
    return surface.lesson(SURFACES["escaping_saddle"])


def _read(query: Mapping[str, str]) -> tuple[Experiment, tuple[str, ...]]:
    return surface.read_lesson(query, first())


def _lesson(asked: Experiment) -> Lesson | None:
    """Return the lesson that a run is, ``None`` where something in it was changed."""
    ground = surface.declared(asked.surface)
    return lesson_of(ground) if asked == surface.lesson(ground) else None


def _looks(asked: Experiment) -> dict[str, str]:
    """Return how a lesson is seen."""
    lesson = _lesson(asked)
    if lesson is None:
        return {}
    flat = next(name for name in VIEWS["flat"] if float(name) == lesson.threshold)
    return {"view": "relief" if lesson.relief else "map", "flat": flat}


@cache
def rules() -> Rules[Experiment]:
    """Return what the desk needs to know of experiments."""
    return Rules(default=first(), read=_read, write=Experiment.to_query, allow=allow, views=VIEWS, looks=_looks)


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
    lesson = _lesson(desk.recipe)
    return lesson.question if lesson else plain(desk.recipe.title or surface.title(desk.recipe.surface))


def _look(desk: Desk[Experiment]) -> str:
    """Return what the lesson says, true of this very run; of any other run what it shows itself."""
    asked, lesson = desk.recipe, _lesson(desk.recipe)
    if lesson and lesson.words:
        return lesson.words
    teaches = "" if asked.surface.name == surface.OWN else asked.surface.info.teaches
    try:
        return plain(f"{work.run(asked).words} {teaches}".strip(), 4000)
    except (ValueError, ArithmeticError):  # said in the picture's place
        return plain(teaches, 1000)


def _ask(desk: Desk[Experiment]) -> None:
    questions.four(desk)
    ground = surface.declared(desk.recipe.surface)

    def bring() -> None:
        desk.open("lesson", lambda _: surface.lesson(ground))

    if desk.recipe != surface.lesson(ground):
        st.button(
            "As the lesson has it",
            icon=":material/school:",
            key=desk.key("lesson"),
            on_click=bring,
            help=f"Starts, optimizers and steps with which {surface.title(ground)} is best seen",
            width="stretch",
        )


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
    look=_look,
    ask=_ask,
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
