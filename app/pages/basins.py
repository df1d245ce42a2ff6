"""Basins: where every start ends up under each optimizer, and how long it takes."""

from __future__ import annotations

from functools import cache, partial

import streamlit as st

from app import frame, work
from app.ask import length, optimizers, questions, starts, surface
from app.below import recipe
from app.figured import Entry
from app.limits import Limits
from app.live import Live
from app.page import Page, opening
from app.runs import from_one_start, on_gallery
from app.state import Desk, Rules
from app.text import plain, point, table_of
from landscape.analysis.basins import Refinement
from landscape.experiment import Experiment
from landscape.figures.base import Views
from landscape.figures.basins import FIGURE, demand, key_of, versions
from landscape.language import mark, tr, trn
from landscape.live.change import changed
from landscape.optimizers import optimizer
from landscape.recipe.cost import MOVES, Budget
from landscape.recipe.starts import Given
from landscape.scene import Scene
from landscape.scenes.basins import basins_scene
from landscape.surfaces import SURFACES

Bench = Desk[Experiment]

SIDES = sorted(FIGURE.views["pixels"], key=int)
QUESTION = mark("Which minimum do you get?")
LOOK = mark(
    "Every pixel is a start, its colour the minimum where it comes to rest; the darker, the later. SGD mostly takes "
    "the nearest minimum, but momentum swings past it: along the borders the smallest difference decides where it ends."
)
BUDGET = Budget(dims=2, moves=2 * MOVES)
"""What a map may take: more than a run, for it is shown while it comes."""

LIMITS = Limits(
    dims=(2,),
    steps=10_000,
    starts=1,
    optimizers=6,
    no_noise=mark("maps of basins are drawn without noise: with it a start has no one end"),
    no_draws=mark("under it a start has no one end"),
)


@cache
def first() -> Experiment:
    """Return the maps that the page opens with."""
    rates = {"sgd": 0.01, "momentum": 0.01, "rmsprop": 0.01, "adam": 0.1}
    walkers = tuple(optimizer(name, learning_rate=rate) for name, rate in rates.items())
    return Experiment(SURFACES["himmelblau"], walkers, Given(((0.5, 3.5),)), n_steps=600)


def allow(experiment: Experiment, views: Views) -> None:
    """Raise ``ValueError`` where this page cannot compute a map."""
    LIMITS.allow(experiment)
    BUDGET.allow_work(
        experiment.n_steps,
        demand(experiment, views),
        mark(
            "{steps:,} steps of {optimizers} optimizers at {pixels} × {pixels} pixels take this page too long; "
            "{most:,} steps do not; fewer pixels, or optimizers of the first order, allow more"
        ),
        optimizers=len(experiment.optimizers),
        pixels=int(views["pixels"]),
    )


# Coarser maps are offered for what the finest cannot do: the smallest one decides what is possible at all.
rules = Rules(
    first,
    on_gallery,
    Experiment.to_query,
    lambda experiment: allow(experiment, {"pixels": SIDES[0]}),
    FIGURE.views,
    settle=from_one_start,
)


def _draw(experiment: Experiment, views: Views, made: Refinement) -> Scene:
    scene = basins_scene(made.basins, work.run(experiment), whole=made.done == made.total)
    return FIGURE.seen(scene, views)


def _ask(desk: Bench) -> None:
    asked = (
        (mark("Which surface?"), surface.title(desk.recipe.surface), partial(surface.ask, n_dims=(2,))),
        (mark("Which optimizers?"), optimizers.names(desk, 99), optimizers.optimizers),
        (mark("How long?"), trn("at most {n} step", "at most {n} steps", desk.recipe.n_steps), length.steps),
    )
    questions.fold(desk, asked)


def _fared(desk: Bench, made: Refinement) -> None:
    """Show where the paths start, and how all starts fared."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            tr(
                "The paths start at {point}. Click in a map for another start.",
                point=plain(point(desk.recipe.points[0])),
            ),
            width="stretch",
        )
        if st.button(tr("Watch these paths"), key=desk.key("watch"), icon=":material/landscape:"):
            frame.open_in_descent(desk.recipe)
    st.markdown(table_of(*made.basins.table()))


def _at_first(desk: Bench) -> bool:
    return desk.recipe.replace(starts=first().starts) == first()


live = Live(
    allow,
    key_of,
    demand,
    versions,
    _draw,
    _fared,
    on_pick=lambda desk, point: starts.put(desk, Given((point,)), "pick"),
    on_change=lambda desk, told: starts.change(desk, lambda experiment: changed(experiment, told), "pick"),
    sliders=lambda desk: {**optimizers.sliders(desk), **length.sliders(desk), **surface.sliders(desk)},
)
page = Page(
    Entry("basins", mark("Basins"), ":material/water_drop:", "which-minimum"),
    rules,
    question=opening(QUESTION, surface.heading, _at_first),
    look=opening(LOOK, surface.teaches, _at_first),
    ask=_ask,
    switches=lambda desk: frame.switch(desk, "pixels", mark("Pixels a side"), {side: f"{side}²" for side in SIDES}),
    figure=FIGURE,
    picture=live,
    limit=allow,
    tabs={mark("Export"): live.export, mark("Recipe"): recipe.show},
    file=lambda desk: "landscape-basins",
)
