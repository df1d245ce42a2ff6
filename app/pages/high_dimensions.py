"""High dimensions: optimizers leave saddles that no map shows, and what a slice hides stands beside it."""

from __future__ import annotations

from functools import cache

import streamlit as st

from app import frame, work
from app.ask import family, length, optimizers, questions
from app.ask import surface as ground
from app.below import export, formula, verdicts
from app.figured import Entry
from app.limits import Limits
from app.page import Page, Shown, opening
from app.state import Desk, Rules
from app.text import plain
from landscape.analysis.high_dims import PLANES
from landscape.experiment import Experiment
from landscape.figures.high_dims import FIGURE, demand, kept, run
from landscape.language import mark, tr
from landscape.optimizers import optimizer
from landscape.recipe.cost import Budget
from landscape.recipe.starts import Beside, Random
from landscape.surfaces.families import family as make

LIMITS = Limits(dims=(), steps=20_000)
BUDGET = Budget(family.MOST_DIMS)

QUESTION = mark("Where does a path leave a saddle of 1000 dimensions?")
LOOK = mark(
    "Beside the saddle 700 directions rise to both sides and 300 fall. Watch the distance from the saddle: each "
    "optimizer leaves along the falling directions, in its own time, while their number (the index) goes to 0."
)
LIES = mark("Your slice lies")
LIE = mark(
    "All six maps show the same saddle. A random direction averages over all eigenvalues, so that the falling ones "
    "drown wherever most rise; only the map along the Hessian's own extreme eigenvectors is sure to show the way down."
)

Bench = Desk[Experiment]


@cache
def first() -> Experiment:
    """Return the run that the page opens with: four optimizers beside a saddle of index 300 in 1000 dimensions."""
    slow = optimizer("sgd", learning_rate=0.05), optimizer("momentum", learning_rate=0.05, momentum=0.8)
    scaled = optimizer("rmsprop", learning_rate=0.01), optimizer("adam", learning_rate=0.01)
    surface = make("two_point_saddle", n_dims=1000, index=300)
    return Experiment(surface, (*slow, *scaled), Beside(family.OFFSET), n_steps=300)


def allow(experiment: Experiment) -> None:
    """Raise ``ValueError`` or ``TypeError`` where this page cannot compute an experiment."""
    surface = experiment.surface
    if surface.n_dims < 2:
        raise ValueError(tr("one dimension has no plane; this page takes at least 2"))
    if not isinstance(experiment.starts, Beside | Random) or experiment.n_starts > 1:
        raise ValueError(tr("this page starts from one point, drawn at random or beside the saddle"))
    LIMITS.allow(experiment)
    for one in experiment.optimizers:
        one.init(experiment.points)  # refuses what it has no room for
    BUDGET.allow(experiment, kept(experiment), demand(experiment))


rules = Rules(first, family.read, Experiment.to_query, allow, FIGURE.views)


def _sliced(desk: Bench) -> bool:
    return desk.view("show") == "slices"


def _question(desk: Bench) -> str:
    surface = desk.recipe.surface
    return plain(tr("{surface} in {n:,} dimensions", surface=surface.title, n=surface.n_dims))


def _switches(desk: Bench) -> None:
    frame.switch(desk, "show", mark("Show"), {"paths": mark("The run"), "slices": LIES})
    if not _sliced(desk):
        frame.switch(desk, "view", mark("Shown as"), {"map": mark("Map"), "relief": mark("Relief")})


def _planes(desk: Bench) -> None:
    if not _sliced(desk):
        with st.container(horizontal=True):
            frame.switch(desk, "plane", mark("Plane"), PLANES)
            frame.switch(desk, "panels", mark("Panels"), {"few": mark("Three panels"), "all": mark("All panels")})


def _ask(desk: Bench) -> None:
    recipe = desk.recipe
    offset = family.offset_of(recipe)
    start = tr("a random point") if offset is None else tr("{offset:g} beside the saddle", offset=offset)
    asked = (
        (mark("Which surface?"), f"{recipe.surface.title}, n = {recipe.surface.n_dims:,}", family.which),
        (mark("Which optimizers?"), optimizers.names(desk, 99), optimizers.optimizers),
        (mark("From where?"), start, family.start),
        (mark("How long?"), length.words(desk), length.pace),
    )
    questions.fold(desk, asked)


def _verdicts(shown: Shown[Experiment]) -> None:
    """Show how each path ended and what it asked of the surface; of the slices there is nothing to tell."""
    if _sliced(shown.desk):
        st.caption(tr("The slices show the loss alone; the run has the verdicts."))
        return
    verdicts.show(shown, run(shown.desk.recipe, work.result))


page = Page(
    Entry("high_dimensions", mark("High dimensions"), ":material/filter_9_plus:", "many-dimensions"),
    rules,
    question=opening(LIES, opening(QUESTION, _question), _sliced),
    look=opening(LIE, opening(LOOK, ground.teaches), _sliced),
    ask=_ask,
    switches=_switches,
    over=_planes,
    figure=FIGURE,
    tabs={mark("Verdicts"): _verdicts, mark("Formula"): formula.of_many, mark("Export"): export.show},
    wait=mark("Stepping and looking"),
    file=lambda desk: ground.file_name(desk.recipe.surface),
    holds=True,
)
