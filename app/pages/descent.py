"""Watch the descent: optimizers run over one surface, loss and gradient norm move in step."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import streamlit as st

from app import compute, critical, export, frame, output, questions, starts, verdicts
from app.controls import say
from app.player import picked, player
from app.questions import surface_title
from app.state import Desk, Rules, mirror, open_desk, presenting
from app.text import plain
from landscape.experiment import Experiment
from landscape.optimizers import optimizer
from landscape.outcome import SMALL_GRADIENT
from landscape.picture.scene import Scene
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
        starts=((1.6, 1e-12),),
        n_steps=200,
    )


def _read(query: Mapping[str, str]) -> tuple[Experiment, tuple[str, ...]]:
    return questions.read(query, first())


@cache
def rules() -> Rules[Experiment]:
    """Return what the desk needs to know of experiments."""
    return Rules(default=first(), read=_read, write=Experiment.to_query, allow=compute.allow, views=VIEWS)


def page() -> None:
    desk = open_desk("descent", rules())
    theme = st.context.theme.type or "light"
    if presenting():
        _picture(desk, "dark" if theme == "dark" else "projector", present=True)
        return
    with st.sidebar:
        questions.ask(desk)
    frame.refused(desk)
    _heading(desk)
    _picture(desk, theme)
    say(desk, "pick")
    below = st.tabs(["Verdicts", "Starts", "Formula", "Export", "Recipe", "Critical points"])
    with below[0]:
        verdicts.show(verdicts.lines(compute.run(desk.recipe), _scene(desk).tracks, theme, _flat(desk)))
        _ask_flat(desk)
    with below[1]:
        starts.editor(desk)
    with below[2]:
        output.formula(desk.recipe.surface)
    with below[3]:
        export.panel(desk, lambda: _scene(desk), output.file_name(desk))
        output.files(desk)
    with below[4]:
        output.recipe(desk)
    with below[5]:
        critical.show(desk)
    mirror(desk)


def _relief(desk: Desk[Experiment]) -> bool:
    return desk.view("view") == "relief"


def _log_color(desk: Desk[Experiment]) -> bool:
    return desk.view("color") != "linear"


def _flat(desk: Desk[Experiment]) -> compute.Flat:
    """Return what the page calls a plateau."""
    return compute.Flat(float(desk.view("flat")), desk.view("flat_of") == "largest")


def _ask_flat(desk: Desk[Experiment]) -> None:
    st.caption(
        "A plateau, shaded in the picture, is where the gradient norm stays below this number, or below this share of "
        f"the largest one on the path. How a path ended is always judged at {SMALL_GRADIENT:g}."
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        frame.switch(desk, "flat", "Plateau: gradient norm below", {name: name for name in sorted(VIEWS["flat"])})
        frame.switch(desk, "flat_of", "Plateau: measured", {"norm": "absolute", "largest": "of the path's largest"})


def _looks_deeper(desk: Desk[Experiment]) -> bool:
    """Whether the ground shows more than the run itself asks for: then, and only then, it is searched."""
    deeper = desk.view("overlay") != "off" or desk.view("color") in ("gradient", "curvature")
    return deeper and desk.recipe.surface.n_dims == 2


def _scene(desk: Desk[Experiment]) -> Scene:
    if _looks_deeper(desk):
        return compute.looked_into(
            desk.recipe,
            relief=_relief(desk),
            color=desk.view("color"),
            overlay=desk.view("overlay"),
            flat=_flat(desk),
        )
    return compute.scene(desk.recipe, relief=_relief(desk), log_color=_log_color(desk), flat=_flat(desk))


def _picture(desk: Desk[Experiment], theme: str, present: bool = False) -> None:
    if _looks_deeper(desk):
        payload = compute.looked_into_payload(
            desk.recipe,
            relief=_relief(desk),
            color=desk.view("color"),
            overlay=desk.view("overlay"),
            flat=_flat(desk),
            theme=theme,
        )
    else:
        payload = compute.payload(
            desk.recipe, relief=_relief(desk), log_color=_log_color(desk), flat=_flat(desk), theme=theme
        )
    key = desk.key("present" if present else "player")

    def pick() -> None:
        start = picked(key)
        if start is not None:
            starts.add(desk, start[: desk.recipe.surface.n_dims])

    player(payload, key=key, present=present, on_pick=pick)


def _heading(desk: Desk[Experiment]) -> None:
    recipe = desk.recipe
    newcomer = recipe == first()
    title = QUESTION if newcomer else plain(recipe.title or surface_title(recipe.surface))
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.subheader(title, anchor=False, width="stretch")
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            if recipe.surface.n_dims == 2:
                frame.switch(desk, "view", "Ground", {"map": "Map", "relief": "Relief"})
                deeper = {
                    name: critical.COLORS[name] for name in ("gradient", "curvature") if name == desk.view("color")
                }
                frame.switch(desk, "color", "Colour", {"log": "Log colour", "linear": "Linear"} | deeper)
            frame.present_button(desk)
    st.markdown(LOOK if newcomer else plain(recipe.surface.info.teaches, 1000))
