"""From where does a swarm flow, and what counts as flat? Very many starts by a rule, and the way here from a run."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from app import frame
from app.ask.controls import choice, number
from app.state import Desk
from app.text import plain, sentence
from landscape.analysis.survival import MAX_SWARM
from landscape.experiment import Experiment
from landscape.language import mark, tr, trn
from landscape.parameter import Parameter
from landscape.recipe.starts import Grid, Random, Starts
from landscape.surfaces.base import Surface

USUAL = 5000
COUNT = Parameter("starts", USUAL, 1000, MAX_SWARM, log=True, integer=True, minimum=1, maximum=MAX_SWARM)
SEED = Parameter("seed", 0, 0, 100, mark("which draw"), integer=True, minimum=0)
RANDOM, GRID = Random.key, Grid.key
TITLES: dict[str, type[Starts]] = {RANDOM: Random, GRID: Grid}


def summary(desk: Desk[Experiment]) -> str:
    """Return the answer to "From where?" in one line."""
    rule, n = desk.recipe.starts, desk.recipe.n_starts
    counted = trn("{n:,} start", "{n:,} starts", n)
    return f"{counted}, {TITLES[rule.key].title.lower()}" if rule.key in TITLES else counted


def ask(desk: Desk[Experiment]) -> None:
    """Ask for the number of starts and how they lie."""
    recipe = desk.recipe
    rule = GRID if isinstance(recipe.starts, Grid) else RANDOM

    def put(name: str, n: int) -> Callable[[Experiment], Experiment]:
        return lambda experiment: experiment.replace(starts=_laid(name, n, experiment))

    number(desk, "swarm.n", COUNT, recipe.n_starts, lambda e, n: put(rule, int(n))(e))
    choice(
        desk,
        "swarm.rule",
        tr("They lie"),
        [RANDOM, GRID],
        rule,
        lambda name: TITLES[name].title,
        lambda e, name: put(name, e.n_starts)(e),
    )
    if isinstance(recipe.starts, Random):
        n = recipe.n_starts
        number(desk, "swarm.seed", SEED, recipe.starts.seed, lambda e, s: e.replace(starts=Random(n, int(s))))


def _laid(rule: str, n: int, experiment: Experiment) -> Starts:
    if rule == GRID:
        return Grid(sides(experiment.surface, n))
    return Random(n, experiment.starts.seed if isinstance(experiment.starts, Random) else experiment.seed)


def sides(surface: Surface, n: int) -> tuple[int, ...]:
    """Return how many cells a grid of about ``n`` has along each axis, that they are nearly square."""
    if surface.n_dims == 1:
        return (n,)
    wide, high = surface.domain.widths.tolist()
    across = min(max(round((n * wide / high) ** 0.5), 1), n)
    return across, max(n // across, 1)


def release(desk: Desk[Experiment], allow: Callable[[Experiment], None], url: str) -> None:
    """Offer to release a swarm on what is watched: the same surface, optimizers and rates."""
    swarm = desk.recipe.replace(starts=Random(USUAL, 0), title="")
    why = ""
    try:
        allow(swarm)
    except (ValueError, TypeError) as error:
        why = plain(sentence(error))
    if st.button(
        tr("Release {n:,} starts", n=USUAL),
        key=desk.key("release"),
        icon=":material/grain:",
        disabled=bool(why),
        help=why or tr("A swarm on this surface under these optimizers: how many starts are still where"),
    ):
        frame.go_to(url, swarm.to_query())
