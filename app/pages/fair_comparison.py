"""Fair comparison: every optimizer at every learning rate of one grid, with the same gradients to spend."""

from __future__ import annotations

from functools import cache

import streamlit as st

from app import frame, work
from app.ask import questions
from app.below import export, recipe
from app.limits import MAX_SEED
from app.page import Page, Shown
from app.runs import on_gallery
from app.state import Desk, Rules
from app.text import number as words
from app.text import plain
from landscape.analysis.tuning import Tuning, asks_for_gradients_only, default_rates, memory_of
from landscape.experiment import Experiment
from landscape.figures.tuning import FIGURE, MEMORIES, compared
from landscape.optimizers import optimizer
from landscape.optimizers.base import Optimizer
from landscape.optimizers.second_order import TrustRegion
from landscape.recipe.starts import Given
from landscape.surfaces import SURFACES
from landscape.words import count

Bench = Desk[Experiment]

QUESTION = "Is Adam better, or only better tuned?"
LOOK = (
    "Each optimizer spends the same 200 gradients at each of the same 25 learning rates. Compare the lowest points of "
    "the curves, not one rate: SGD and momentum diverge where Adam is at its best, and momentum's best lies far below "
    "SGD's at the same learning rate."
)

MOST_OPTIMIZERS = 6
MOST_STARTS = 100
SLOWER = 4  # what a step of the second order takes, in steps of the first
MOST_WORK = 600_000
"""Descents times steps of a whole comparison with its maps: some 30 microseconds each where nothing is compiled."""


def allow(experiment: Experiment) -> None:
    """Raise ``ValueError`` where this page cannot compare."""
    surface, walkers, steps = experiment.surface, experiment.optimizers, experiment.n_steps
    if surface.n_dims > 2:
        raise ValueError(f"this page takes surfaces of one and two dimensions; {surface.title} has {surface.n_dims}")
    if experiment.noise is not None:
        raise ValueError("learning rates are compared without noise here")
    if len(walkers) > MOST_OPTIMIZERS:
        raise ValueError(f"this page compares at most {MOST_OPTIMIZERS} optimizers, not {len(walkers)}")
    if experiment.n_starts > MOST_STARTS:
        raise ValueError(f"this page takes at most {MOST_STARTS} starts, not {experiment.n_starts}")
    if experiment.seed > MAX_SEED:
        raise ValueError(f"seed must be at most {MAX_SEED}, not {experiment.seed}")
    descents = len(default_rates()) * sum(
        (1 if memory_of(one) is None else 1 + len(MEMORIES)) * _slowness(one, experiment.n_starts) for one in walkers
    )
    if not 1 <= steps <= MOST_WORK // descents:
        raise ValueError(f"with these optimizers this page takes 1 to {MOST_WORK // descents:,} steps, not {steps:,}")


def _slowness(optimizer: Optimizer, n_starts: int) -> int:
    """Return what a step costs, in steps of the first order from few starts."""
    if asks_for_gradients_only(optimizer):
        return 1
    # The trust region goes from start to start, the others take all at once.
    return SLOWER * (n_starts if isinstance(optimizer, TrustRegion) else 1 + n_starts // 30)


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
        text = (
            f"For every optimizer {count(found.n_steps, 'gradient')} from each start, at "
            f"{len(found.learning_rates)} learning rates from {words(float(found.learning_rates[0]))} to "
            f"{words(float(found.learning_rates[-1]))}."
        )
        if not all(map(asks_for_gradients_only, found.optimizers)):
            text += (
                f" Who asks for more takes fewer steps: a Hessian costs {found.surface.n_dims}, a product with it 1."
            )
        st.markdown(text, width="stretch")
        if st.button("Use these rates", key=desk.key("use"), icon=":material/landscape:"):
            frame.open_in_descent(desk.recipe.replace(optimizers=found.tuned()))
    rows = ["| optimizer | best learning rate | loss there | diverges from |", "| --- | --: | --: | --: |"]
    for index, one in enumerate(found.optimizers):
        best, gone = found.best(index), found.diverges_from(index)
        cells = [
            plain(one.title),
            "none: it diverges at all" if best is None else words(float(found.learning_rates[best]), 3),
            "–"
            if best is None
            else words(float(found.losses[index, best]), 3)
            + (" (outside the picture)" if found.left[index, best] > 0.5 else ""),
            "–" if gone is None else words(gone, 3),
        ]
        rows.append(f"| {' | '.join(cells)} |")
    st.markdown("\n".join(rows))


def _grid(shown: Shown[Experiment]) -> None:
    found = _found(shown.desk)
    titles = [f"{index + 1}. {one.title}" for index, one in enumerate(found.optimizers)]
    st.caption("The loss at every learning rate of the grid; ∞ where the median start diverged.")
    st.dataframe(
        [
            {"learning rate": words(rate, 3)}
            | {title: words(loss, 4).replace("inf", "∞") for title, loss in zip(titles, losses, strict=True)}
            for rate, losses in zip(found.learning_rates.tolist(), found.losses.T.tolist(), strict=True)
        ],
        hide_index=True,
        width="stretch",
    )


def _recipe(shown: Shown[Experiment]) -> None:
    """Show the link, and the Python script that makes the same figure."""
    desk = shown.desk
    other = f", other={list(MEMORIES)}" if desk.view("maps") == "on" else ""
    st.caption("The link that opens this comparison again:")
    st.code(desk.link(), language=None, wrap_lines=True)
    st.caption("The same figure in Python:")
    st.code(
        "import landscape as ls\n"
        "from landscape.scenes.tuning import tuning_scene\n\n"
        f"x = ls.Experiment.from_json({desk.recipe.to_json()!r})\n"
        "found = ls.tuning(\n"
        f"    x.surface, x.optimizers, x.starts, x.n_steps{other}, schedule=x.schedule, seed=x.seed\n"
        ")\n"
        'tuning_scene(found).save("fair-comparison.pdf")\n',
        language="python",
    )
    recipe.files(shown)


page = Page(
    key="tuning",
    title="Fair comparison",
    icon=":material/tune:",
    url="fair-comparison",
    rules=rules,
    question=lambda desk: QUESTION if desk.is_first else plain(desk.recipe.surface.title),
    look=lambda desk: LOOK if desk.is_first else plain(desk.recipe.surface.info.teaches, 1000),
    ask=questions.four,
    switches=lambda desk: frame.switch(desk, "maps", "Grid", {"off": "Learning rate", "on": "And momentum"}),
    figure=FIGURE,
    under=_rates,
    tabs={"Grid": _grid, "Export": export.show, "Recipe": _recipe},
    wait="Descending at every rate of the grid",
    file=lambda desk: "landscape-fair-comparison",
)
