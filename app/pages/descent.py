"""Watch the descent: optimizers run over one surface, loss and gradient norm move in step."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import streamlit as st

from app import compute, output, questions, starts, verdicts
from app.controls import say, show
from app.player import picked, player
from app.questions import surface_title
from app.state import Desk, Rules, mirror, open_desk, presenting
from app.text import plain, sentence
from landscape.experiment import Experiment
from landscape.optimizers import optimizer
from landscape.query import read_query
from landscape.scenes.base import Scene

VIEWS = {"view": ("map", "relief"), "color": ("log", "linear")}

QUESTION = "Why does SGD stop here?"
LOOK = (
    "All four start a hair's breadth beside the line that leads straight into the saddle. "
    "Watch the gradient norm below the loss: it falls towards zero for every one of them, but SGD's steps shrink with "
    "it, so it lingers where the others are already on their way down to a minimum."
)


@cache
def first() -> Experiment:
    """Return the run that a newcomer meets."""
    return Experiment(
        surface="escaping_saddle",
        optimizers=tuple(optimizer(key, learning_rate=0.01) for key in ("sgd", "momentum", "rmsprop", "adam")),
        starts=((1.6, 1e-4),),
        n_steps=400,
    )


def _read(query: Mapping[str, str]) -> tuple[Experiment, tuple[str, ...]]:
    try:
        experiment, problems = read_query(query, default=first())
    except (ValueError, TypeError) as error:
        return first(), (str(error),)
    return experiment or first(), problems


@cache
def rules() -> Rules[Experiment]:
    """Return what the desk needs to know of experiments."""
    return Rules(default=first(), read=_read, write=Experiment.to_query, allow=compute.allow)


def page() -> None:
    desk = open_desk("descent", rules(), VIEWS)
    theme = st.context.theme.type or "light"
    if presenting():
        _picture(desk, theme, present=True)
        return
    with st.sidebar:
        questions.ask(desk)
    _refused(desk)
    _heading(desk)
    _picture(desk, theme)
    say(desk, "pick")
    verdicts.show(verdicts.lines(compute.run(desk.recipe), _scene(desk).tracks, theme))
    below = st.tabs(["Starts", "Formula", "Export", "Recipe"])
    with below[0]:
        starts.editor(desk)
    with below[1]:
        output.formula(desk.recipe.surface)
    with below[2]:
        output.export(desk, lambda: _scene(desk))
    with below[3]:
        output.recipe(desk)
    mirror(desk)


def _relief(desk: Desk[Experiment]) -> bool:
    return desk.view("view", VIEWS["view"]) == "relief"


def _log_color(desk: Desk[Experiment]) -> bool:
    return desk.view("color", VIEWS["color"]) == "log"


def _scene(desk: Desk[Experiment]) -> Scene:
    return compute.scene(desk.recipe, relief=_relief(desk), log_color=_log_color(desk))


def _picture(desk: Desk[Experiment], theme: str, present: bool = False) -> None:
    payload = compute.payload(desk.recipe, relief=_relief(desk), log_color=_log_color(desk), theme=theme)
    key = desk.key("present" if present else "player")

    def pick() -> None:
        start = picked(key)
        if start is not None:
            starts.add(desk, start[: desk.recipe.surface.n_dims])

    player(payload, key=key, present=present, on_pick=pick)


def _refused(desk: Desk[Experiment]) -> None:
    if not desk.refused:
        return
    listed = "\n".join(f"- {plain(sentence(problem))}" for problem in desk.refused)
    st.warning(f"Not everything in the address could be used; defaults stand in for it.\n{listed}")


def _heading(desk: Desk[Experiment]) -> None:
    recipe = desk.recipe
    words, switches = st.columns([5, 3], vertical_alignment="bottom")
    with words:
        if recipe == first():
            st.subheader(QUESTION, anchor=False)
            st.markdown(LOOK)
        else:
            st.subheader(plain(recipe.title or surface_title(recipe.surface)), anchor=False)
            st.markdown(plain(recipe.surface.info.teaches, 1000))
    with switches, st.container(horizontal=True, horizontal_alignment="right"):
        if recipe.surface.n_dims == 2:
            _switch(desk, "view", "Ground", {"map": "Map", "relief": "Relief"})
            _switch(desk, "color", "Colour", {"log": "Log", "linear": "Linear"})
        st.link_button("Present", f"{desk.link()}&present=1", icon=":material/fullscreen:", type="tertiary")


def _switch(desk: Desk[Experiment], name: str, label: str, titles: dict[str, str]) -> None:
    key = desk.key(f"view.{name}")
    show(key, desk.view(name, VIEWS[name]))
    st.segmented_control(
        label,
        list(titles),
        key=key,
        required=True,
        format_func=titles.__getitem__,
        label_visibility="collapsed",
        on_change=lambda: desk.set_view(name, st.session_state[key]),
    )
