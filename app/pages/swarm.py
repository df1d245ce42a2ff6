"""A swarm: thousands of starts flow at once, beside the shares of them that are still on a flat stretch, or arrived."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from app import frame
from app.ask import length, optimizers, questions, release, surface
from app.below import export, formula, recipe
from app.figured import Entry
from app.limits import Limits
from app.page import Page, Shown, opening
from app.runs import on_gallery
from app.state import Desk, Rules
from app.text import number
from landscape.analysis.survival import MAX_SWARM, check_swarm
from landscape.experiment import Experiment
from landscape.figures.swarm import FIGURE, demand
from landscape.language import mark
from landscape.live.change import changed
from landscape.optimizers import optimizer
from landscape.recipe import script
from landscape.recipe.cost import Budget
from landscape.recipe.starts import Random
from landscape.surfaces import SURFACES

QUESTION = mark("Who is still on the plateau?")
LOOK = mark(
    "Every point is a start. Gradient descent never leaves the plain in the middle, and momentum carries even more "
    "starts onto it than began there; Adam has brought more than half of all to the minimum by the end."
)
LIMITS = Limits(
    steps=5_000,
    starts=MAX_SWARM,
    optimizers=6,
    no_noise=mark("a swarm flows without noise: its draws are not made in the browser"),
    no_draws=mark("a swarm flows in the browser, where they are not made"),
)
BUDGET = Budget(dims=2)


def allow(experiment: Experiment) -> None:
    """Raise ``ValueError`` where this page releases no swarm."""
    check_swarm(experiment.surface, experiment.optimizers)
    LIMITS.allow(experiment)
    BUDGET.allow_work(
        experiment.n_steps,
        demand(experiment),
        mark(
            "{steps:,} steps of {optimizers} optimizers from {starts:,} starts take this page too long; {most:,} steps "
            "do not; fewer starts or optimizers allow more"
        ),
        optimizers=len(experiment.optimizers),
        starts=experiment.n_starts,
    )


@cache
def first() -> Experiment:
    """Return the swarm that the page opens with."""
    rates = {"sgd": 0.01, "momentum": 0.005, "rmsprop": 0.01, "adam": 0.05}
    walkers = tuple(optimizer(name, learning_rate=rate) for name, rate in rates.items())
    return Experiment(SURFACES["plateau"], walkers, Random(release.USUAL), n_steps=400)


rules = Rules(first, on_gallery, Experiment.to_query, allow, FIGURE.views)


def _ask(desk: Desk[Experiment]) -> None:
    asked = (
        (mark("Which surface?"), surface.title(desk.recipe.surface), surface.ask),
        (mark("Which optimizers?"), optimizers.names(desk, 99), optimizers.optimizers),
        (mark("From where?"), release.summary(desk), release.ask),
        (mark("How long?"), length.counted(desk), length.steps),
    )
    questions.fold(desk, asked)


def _change(desk: Desk[Experiment], told: Mapping[str, Any]) -> None:
    desk.edit("pick", lambda experiment: changed(experiment, told))


def _recipe(shown: Shown[Experiment]) -> None:
    x = shown.desk.recipe
    made = script.swarm(x.recipe(), x.surface.title, shown.desk.view("flat"))
    recipe.show(shown, mark("The link that opens this swarm again:"), made)
    recipe.files(shown)


page = Page(
    Entry("swarm", mark("Release a swarm"), ":material/grain:", "swarm"),
    rules,
    question=opening(QUESTION, surface.heading),
    look=opening(LOOK, surface.teaches),
    ask=_ask,
    switches=lambda desk: frame.switch(
        desk,
        "flat",
        mark("Flat is a gradient norm below"),
        {norm: f"‖g‖ < {number(float(norm))}" for norm in ("1e-3", "1e-2", "1e-1")},
    ),
    figure=FIGURE,
    on_change=_change,
    tabs={mark("Formula"): formula.show, mark("Export"): export.show, mark("Recipe"): _recipe},
    wait=mark("Counting the swarm"),
    file=lambda desk: f"{surface.file_name(desk.recipe.surface)}-swarm",
)
