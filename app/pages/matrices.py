"""Matrices: what optimizers do to the singular values of a matrix that is to be found."""

from __future__ import annotations

from functools import cache

from app import work
from app.ask import length, matrix, optimizers, questions
from app.ask import surface as ground
from app.below import export, formula, verdicts
from app.figured import Entry
from app.limits import Limits
from app.page import Page, Shown, opening
from app.state import Desk, Rules
from app.text import plain
from landscape.analysis.matrix_study import cost_of_study
from landscape.experiment import Experiment
from landscape.figures.base import run
from landscape.figures.matrices import FIGURE
from landscape.language import mark, tr
from landscape.optimizers import optimizer
from landscape.recipe.starts import Random
from landscape.surfaces.families import family as make

LIMITS = Limits(dims=(), steps=5_000, starts=1, optimizers=8)

QUESTION = mark("Which directions of a matrix are learned first?")
LOOK = mark(
    "Each line is a singular value. Muon makes all singular values of its step alike, so they rise together until "
    "each meets its own target. Adam moves every entry by as much, which is few directions of the matrix: one "
    "singular value runs ahead, the others follow late. SGD learns steep directions first."
)


@cache
def first() -> Experiment:
    """Return the run that the page opens with."""
    muon = optimizer("muon", learning_rate=0.01, weight_decay=0.0)
    others = optimizer("adam", learning_rate=0.01), optimizer("shampoo", learning_rate=0.05)
    return Experiment(make("matrix_quadratic"), (muon, *others, optimizer("sgd", learning_rate=1.0)), Random(1), 300)


def allow(experiment: Experiment) -> None:
    """Raise ``ValueError`` or ``TypeError`` where this page cannot compute an experiment."""
    matrix.allow_surface(experiment)
    LIMITS.allow(experiment)
    takes = cost_of_study(experiment.surface, len(experiment.optimizers), experiment.n_steps)
    matrix.BUDGET.allow(experiment, study=takes)


rules = Rules(first, matrix.read, Experiment.to_query, allow, FIGURE.views)


def _ask(desk: Desk[Experiment]) -> None:
    surface = desk.recipe.surface
    asked = (
        (mark("Which matrix?"), surface.title, matrix.which),
        (mark("Which optimizers?"), optimizers.names(desk, 99), optimizers.optimizers),
        (mark("From where?"), tr("small random entries, seed {seed}", seed=desk.recipe.seed), matrix.start),
        (mark("How long?"), length.words(desk), length.pace),
    )
    questions.fold(desk, asked)


def _verdicts(shown: Shown[Experiment]) -> None:
    verdicts.show(shown, run(shown.desk.recipe, work.result))


page = Page(
    Entry("matrices", mark("Matrices"), ":material/grid_on:", "matrices"),
    rules,
    question=opening(QUESTION, lambda desk: plain(desk.recipe.surface.title)),
    look=opening(LOOK, ground.teaches),
    ask=_ask,
    figure=FIGURE,
    tabs={mark("Verdicts"): _verdicts, mark("Formula"): formula.of_many, mark("Export"): export.show},
    wait=mark("Stepping matrices"),
    file=lambda desk: ground.file_name(desk.recipe.surface),
    holds=True,
)
