"""The framework example: w^2 - 20 w + 100 by hand, in four libraries, and in two precisions."""

from __future__ import annotations

from functools import cache

import streamlit as st

from app import limits, work
from app.ask import length, optimizers, questions, surface
from app.below import export, recipe, verdicts
from app.figured import Entry
from app.page import Page, Shown
from app.runs import on_one
from app.state import Desk, Rules
from app.text import number as words
from app.text import plain
from landscape.experiment import Experiment
from landscape.figures.framework_example import FIGURE
from landscape.language import mark, tr
from landscape.optimizers import optimizer
from landscape.recipe.starts import Given
from landscape.surfaces import SURFACES
from landscape.theory.frameworks import PROGRAMS, minimum, program

Bench = Desk[Experiment]

NAME = "framework_example"
ONE = mark("this page has one surface, the framework example")
TITLES = {"landscape": "landscape", "tensorflow": "TensorFlow", "pytorch": "PyTorch", "jax": "JAX"}
LOOK = mark(
    "One step of gradient descent with learning rate 0.01 takes w from 0 to 0.2, a thousand take it to 10. The "
    "programs say the same in four languages. What differs is the precision: in single precision the steps become too "
    "small to change w, and it stalls at 9.999977."
)


@cache
def first() -> Experiment:
    """Return the lecture's program."""
    return Experiment(SURFACES[NAME], (optimizer("sgd", learning_rate=0.01),), Given(((0.0,),)), n_steps=1000)


def _allow(experiment: Experiment) -> None:
    if experiment.surface.name != NAME:
        raise ValueError(tr(ONE))
    limits.allow(experiment)


rules = Rules(first, on_one(NAME, ONE, limits.PLANE.allow_surface), Experiment.to_query, _allow, FIGURE.views)


def _coefficients(experiment: Experiment) -> list[list[float]]:
    return [[experiment.surface.settings[name]] for name in "abc"]


def _look(desk: Bench) -> str:
    if desk.is_first:
        return tr(LOOK)
    place, cost = minimum(_coefficients(desk.recipe))
    points = work.run(desk.recipe).trajectories[0].points[0, :, 0]
    last = len(points) - 1
    return plain(
        tr(
            "The minimum is at w = {w}, where the cost is {cost}. {optimizer} is at {first} after one step and at "
            "{last} after {n}.",
            w=words(place, 6),
            cost=words(cost, 6),
            optimizer=desk.recipe.optimizers[0].title,
            first=words(float(points[1]), 8),
            last=words(float(points[last]), 8),
            n=last,
        )
    )


def _ask(desk: Bench) -> None:
    answer = ", ".join(words(row[0], 6) for row in _coefficients(desk.recipe))
    asked = (
        (mark("Which coefficients?"), answer, _coefficients_of),
        (mark("Which optimizers?"), optimizers.names(desk), optimizers.optimizers),
        (mark("How long, and how noisy?"), length.counted(desk), length.length),
    )
    questions.fold(desk, asked)


def _coefficients_of(desk: Bench) -> None:
    surface.settings(desk, "coefficients")
    st.caption(tr("Click on the curve to start somewhere else."))


def _start(desk: Bench, point: tuple[float, ...]) -> None:
    desk.edit("pick", lambda experiment: experiment.replace(starts=Given(((point[0],),))))


def _programs(shown: Shown[Experiment]) -> None:
    experiment = shown.desk.recipe
    if experiment.optimizers[0].of_step is not None:
        st.info(tr("The programs take a learning rate that is a number; that of the first optimizer is a function."))
        return
    rate = experiment.optimizers[0].constant_rate
    st.caption(tr("Gradient descent with the learning rate of the first optimizer, from w = 0."))
    for name, tab in zip(PROGRAMS, st.tabs([TITLES[name] for name in PROGRAMS]), strict=True):
        with tab:
            st.code(program(name, _coefficients(experiment), rate, experiment.n_steps), language="python")


page = Page(
    Entry("framework", mark("The framework example"), ":material/code:", "first-program"),
    rules,
    question=lambda desk: tr("Does it matter which framework computes this?"),
    look=_look,
    ask=_ask,
    figure=FIGURE,
    on_pick=_start,
    tabs={
        mark("Programs"): _programs,
        mark("Verdicts"): verdicts.show,
        mark("Export"): export.show,
        mark("Recipe"): recipe.show,
    },
    file=lambda desk: "landscape-framework-example",
    holds=True,
)
