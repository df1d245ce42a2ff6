"""Fair comparison: every optimizer at every learning rate of one grid, with the same gradients to spend."""

from __future__ import annotations

from functools import cache

import streamlit as st

from app import frame, work
from app.ask import length, optimizers, questions, surface
from app.below import export, recipe
from app.figured import Entry
from app.limits import Limits
from app.page import Page, Shown, opening
from app.runs import on_gallery
from app.state import Desk, Rules
from app.text import number as words
from app.text import table_of
from landscape.analysis.tuning import Tuning
from landscape.experiment import Experiment
from landscape.figures.tuning import FIGURE, MEMORIES, compared, demand
from landscape.language import mark, tr
from landscape.optimizers import optimizer
from landscape.recipe.cost import MOVES, Budget
from landscape.recipe.starts import Given
from landscape.scenes.tuning import tuning_script
from landscape.surfaces import SURFACES

Bench = Desk[Experiment]

QUESTION = mark("Is Adam better, or only better tuned?")
LOOK = mark(
    "Each optimizer spends the same 200 gradients at each of the same 25 learning rates. Compare the lowest points of "
    "the curves, not one rate: SGD and momentum diverge where Adam is at its best, and momentum's best lies far below "
    "SGD's at the same learning rate."
)

LIMITS = Limits(starts=100, optimizers=6, no_noise=mark("learning rates are compared without noise here"))
BUDGET = Budget(dims=2, moves=2 * MOVES)
"""What a whole comparison with its maps may take: more than a run."""


def allow(experiment: Experiment) -> None:
    """Raise ``ValueError`` where this page cannot compare."""
    LIMITS.allow(experiment)
    BUDGET.allow_work(
        experiment.n_steps,
        demand(experiment, maps=True),
        mark(
            "{steps:,} steps of these optimizers take this page too long; {most:,} steps do not; fewer starts or "
            "optimizers allow more"
        ),
    )


@cache
def first() -> Experiment:
    """Return the comparison that the page opens with."""
    return Experiment(
        surface=SURFACES["rosenbrock"],
        optimizers=tuple(optimizer(name) for name in ("sgd", "momentum", "rmsprop", "adam")),
        starts=Given(((-1.0, 1.5),)),
        n_steps=200,
    )


rules = Rules(first, on_gallery, Experiment.to_query, allow, FIGURE.views)


def _found(desk: Bench) -> Tuning:
    return compared(desk.recipe, desk.view("maps") == "on", work.result)


def _rates(desk: Bench) -> None:
    """Show the best rate of each optimizer, and the way to the main page with them."""
    found = _found(desk)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(found.words, width="stretch")
        if st.button(tr("Use these rates"), key=desk.key("use"), icon=":material/landscape:"):
            frame.open_in_descent(desk.recipe.replace(optimizers=found.tuned()))
    st.markdown(table_of(*found.table()))


def _grid(shown: Shown[Experiment]) -> None:
    found = _found(shown.desk)
    titles = [f"{index + 1}. {one.title}" for index, one in enumerate(found.optimizers)]
    st.caption(tr("The loss at every learning rate of the grid; ∞ where the median start diverged or broke off."))
    st.dataframe(
        [
            {tr("learning rate"): words(rate, 3)}
            | {title: words(loss, 4).replace("inf", "∞") for title, loss in zip(titles, losses, strict=True)}
            for rate, losses in zip(found.learning_rates.tolist(), found.losses.T.tolist(), strict=True)
        ],
        hide_index=True,
        width="stretch",
    )


def _recipe(shown: Shown[Experiment]) -> None:
    memories = MEMORIES if shown.desk.view("maps") == "on" else ()
    recipe.show(shown, mark("The link that opens this comparison again:"), tuning_script(shown.desk.recipe, memories))
    recipe.files(shown)


page = Page(
    Entry("tuning", mark("Fair comparison"), ":material/tune:", "fair-comparison"),
    rules,
    question=opening(QUESTION, surface.heading),
    look=opening(LOOK, surface.teaches),
    ask=questions.four,
    switches=lambda desk: frame.switch(
        desk, "maps", mark("Grid"), {"off": mark("Learning rate"), "on": mark("And momentum")}
    ),
    figure=FIGURE,
    sliders=lambda desk: {**optimizers.sliders(desk), **length.sliders(desk), **surface.sliders(desk)},
    under=_rates,
    tabs={mark("Grid"): _grid, mark("Export"): export.show, mark("Recipe"): _recipe},
    wait=mark("Descending at every rate of the grid"),
    file=lambda desk: "landscape-fair-comparison",
)
