"""Softmax regression: regions and straight boundaries in training, and the arithmetic of one example."""

from __future__ import annotations

from functools import cache

from app import frame, work
from app.ask import data, length, optimizers, questions, table
from app.below import example, export, recipe, verdicts
from app.figured import Entry
from app.limits import Limits
from app.page import Page
from app.runs import on_one
from app.state import Desk, Rules
from app.text import plain
from landscape.experiment import Experiment
from landscape.figures.softmax import FIGURE, model_of
from landscape.language import mark, tr, trn
from landscape.optimizers import optimizer
from landscape.recipe.cost import Budget
from landscape.recipe.starts import Random
from landscape.surfaces.networks import Softmax

Bench = Desk[Experiment]

ONE = mark("this page trains softmax regression")
QUESTION = mark("Why are the boundaries straight?")
LOOK = mark(
    "Between two classes the scores are equal where a linear function is zero: a straight line, whatever the weights. "
    "Watch the lines turn while the loss falls; the accuracy is there long before the loss has settled."
)

LIMITS = Limits(dims=(), steps=5_000, starts=4)
BUDGET = Budget(dims=100_000)
"""What a training may take here: its weights, its points and its steps."""


@cache
def first() -> Experiment:
    """Return the run that the page opens with."""
    model = Softmax(data.data_of("iris"))
    return Experiment(
        model,
        (optimizer("sgd", learning_rate=0.1), optimizer("adam", learning_rate=0.05)),
        Random(1),
        n_steps=300,
    )


def allow(experiment: Experiment) -> None:
    """Raise ``ValueError`` or ``TypeError`` where this page cannot compute an experiment."""
    model = experiment.surface
    if not isinstance(model, Softmax):
        raise TypeError(tr(ONE))
    LIMITS.allow(experiment)
    if model.data.n_features < 2:
        raise ValueError(tr("this page draws two features; {data} has one", data=model.data.title))
    BUDGET.allow(experiment)


rules = Rules(first, on_one("softmax", ONE, BUDGET.allow_surface), Experiment.to_query, allow, FIGURE.views)


def _question(desk: Bench) -> str:
    return tr(QUESTION) if desk.is_first else plain(desk.recipe.surface.title)


def _look(desk: Bench) -> str:
    model = model_of(desk.recipe)
    shares = ", ".join(
        f"{run.optimizer.title} {float(model.accuracy(run.final_points[0])):.1%}"
        for run in work.run(desk.recipe).trajectories
    )
    look = tr(LOOK) if desk.is_first else plain(desk.recipe.surface.info.teaches)
    right = tr("Right in the end: {shares}.", shares=plain(shares))
    return f"{look} {right}"


def _switches(desk: Bench) -> None:
    titles = {str(k): one.title for k, one in enumerate(desk.recipe.optimizers[:8])}
    if len(titles) > 1:
        frame.switch(desk, "shown", mark("Regions of"), titles)


def _ask(desk: Bench) -> None:
    learned = data.data_in(desk.recipe)
    drawn = (mark("Which two features are drawn?"), data.drawn(desk), data.axes)
    classes = trn("{n} class", "{n} classes", len(learned.classes))
    asked = (
        (mark("Which data?"), f"{learned.title}, {classes}", data.which),
        *([drawn] if learned.n_features > 2 else []),
        (mark("Which optimizers?"), optimizers.names(desk, 99), optimizers.optimizers),
        (mark("How long, and how noisy?"), length.counted(desk), length.length),
    )
    questions.fold(desk, asked)


page = Page(
    Entry("softmax", mark("Softmax regression"), ":material/category:", "classify"),
    rules,
    question=_question,
    look=_look,
    ask=_ask,
    switches=_switches,
    over=lambda desk: table.line(data.data_in(desk.recipe)),
    figure=FIGURE,
    on_pick=data.put_point,
    mark=data.point,
    under=example.line,
    tabs={
        mark("One example"): example.show,
        mark("Verdicts"): verdicts.show,
        mark("Export"): export.show,
        mark("Recipe"): recipe.show,
    },
    file=lambda desk: "landscape-softmax",
    holds=True,
)
