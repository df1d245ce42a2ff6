"""The framework example: w^2 - 20 w + 100 by hand, in four libraries, and in two precisions."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import streamlit as st

from app import compute, export, frame, output, questions, verdicts
from app.compute_framework import payload, scene
from app.controls import numbers
from app.player import picked, player
from app.state import Desk, Rules, mirror, open_desk, presenting
from app.text import number as words
from app.text import plain
from landscape.experiment import Experiment
from landscape.optimizers import optimizer
from landscape.query import read_query
from landscape.surfaces import SURFACES
from landscape.theory.frameworks import PROGRAMS, minimum, program

Bench = Desk[Experiment]

NAME = "framework_example"
TITLES = {"landscape": "landscape", "tensorflow": "TensorFlow", "pytorch": "PyTorch", "jax": "JAX"}
QUESTION = "Does it matter which framework computes this?"
LOOK = (
    "One step of gradient descent with learning rate 0.01 takes w from 0 to 0.2, a thousand take it to 10. The "
    "programs say the same in four languages. What differs is the precision: in single precision the steps become too "
    "small to change w, and it stalls at 9.999977."
)


@cache
def first() -> Experiment:
    """Return the lecture's program."""
    return Experiment(SURFACES[NAME], (optimizer("sgd", learning_rate=0.01),), ((0.0,),), n_steps=1000)


def _read(query: Mapping[str, str]) -> tuple[Experiment, tuple[str, ...]]:
    if query.get("surface", NAME) != NAME or "formula" in query:
        return first(), ("surface: this page has one surface, the framework example",)
    try:
        experiment, problems = read_query(query, default=first())
    except (ValueError, TypeError) as error:
        return first(), (str(error),)
    return experiment or first(), problems


def _allow(experiment: Experiment) -> None:
    if experiment.surface.name != NAME:
        raise ValueError("this page has one surface, the framework example")
    compute.allow(experiment)


@cache
def rules() -> Rules[Experiment]:
    """Return what the desk needs to know of runs of the example."""
    return Rules(default=first(), read=_read, write=Experiment.to_query, allow=_allow)


def page() -> None:
    desk = open_desk("framework", rules())
    theme = st.context.theme.type or "light"
    if presenting():
        _picture(desk, "dark" if theme == "dark" else "projector", present=True)
        return
    with st.sidebar:
        _ask(desk)
    frame.refused(desk)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.subheader(QUESTION, anchor=False, width="stretch")
        frame.present_button(desk)
    st.markdown(LOOK if desk.recipe == first() else _result(desk))
    _picture(desk, theme)
    below = st.tabs(["Programs", "Verdicts", "Export", "Recipe"])
    with below[0]:
        _programs(desk)
    with below[1]:
        verdicts.show(verdicts.lines(compute.run(desk.recipe), scene(desk.recipe).tracks, theme))
    with below[2]:
        export.panel(desk, lambda: scene(desk.recipe), "landscape-framework-example")
    with below[3]:
        output.recipe(desk)
    mirror(desk)


def _coefficients(desk: Bench) -> list[list[float]]:
    return [[desk.recipe.surface.settings[name]] for name in "abc"]


def _result(desk: Bench) -> str:
    place, cost = minimum(_coefficients(desk))
    points = compute.run(desk.recipe).trajectories[0].points[0, :, 0]
    last = len(points) - 1
    return plain(
        f"The minimum is at w = {words(place, 6)}, where the cost is {words(cost, 6)}. "
        f"{desk.recipe.optimizers[0].title} is at {words(float(points[1]), 8)} after one step and at "
        f"{words(float(points[last]), 8)} after {last}."
    )


def _picture(desk: Bench, theme: str, present: bool = False) -> None:
    key = desk.key("present" if present else "player")

    def pick() -> None:
        point = picked(key)
        if point is not None:
            desk.edit("pick", lambda recipe: recipe.replace(starts=((point[0],),)))

    player(payload(desk.recipe, theme), key=key, present=present, on_pick=pick)


def _ask(desk: Bench) -> None:
    asked = (
        ("Which coefficients?", ", ".join(words(row[0], 6) for row in _coefficients(desk)), _surface),
        ("Which optimizers?", ", ".join(one.title for one in desk.recipe.optimizers), questions.optimizers),
        ("How long, and how noisy?", f"{desk.recipe.n_steps} steps", questions.length),
    )
    frame.ask(desk, asked)


def _surface(desk: Bench) -> None:
    surface = desk.recipe.surface
    numbers(
        desk,
        "coefficients",
        surface.parameters,
        lambda name: surface.settings[name],
        lambda recipe, name, value: recipe.replace(surface=recipe.surface.with_settings(**{name: value})),
    )
    st.caption("Click on the curve to start somewhere else.")


def _programs(desk: Bench) -> None:
    recipe = desk.recipe
    rate = recipe.optimizers[0].learning_rate
    st.caption("Gradient descent with the learning rate of the first optimizer, from w = 0.")
    for name, tab in zip(PROGRAMS, st.tabs([TITLES[name] for name in PROGRAMS]), strict=True):
        with tab:
            st.code(program(name, _coefficients(desk), rate, recipe.n_steps), language="python")
