"""Which matrix is to be found, how large, and from which draw of small entries."""

from __future__ import annotations

from collections.abc import Mapping

from app import runs
from app.ask.controls import number, numbers
from app.ask.family import choose
from app.ask.length import SEED
from app.runs import Read
from app.state import Desk
from landscape.experiment import Experiment
from landscape.language import tr
from landscape.recipe.cost import Budget
from landscape.recipe.starts import Random
from landscape.surfaces.families import FAMILIES, family
from landscape.surfaces.matrices import OverMatrix

Bench = Desk[Experiment]

BUDGET = Budget(dims=2_048)

OFFERED = {name: kind for name, kind in FAMILIES.items() if hasattr(kind, "matrix_of")}
"""The families whose points stand for matrices."""


def read(query: Mapping[str, str], default: Experiment) -> Read:
    """Return the experiment that URL parameters describe, with what was refused."""
    return runs.read(query, default, BUDGET.allow_surface)


def allow_surface(experiment: Experiment) -> None:
    """Raise ``ValueError`` for a surface whose points are no matrices."""
    if not isinstance(experiment.surface, OverMatrix):
        raise ValueError(
            tr(
                "this page takes surfaces over matrices: {names}; not {surface}",
                names=", ".join(OFFERED),
                surface=experiment.surface.title,
            )
        )


def which(desk: Bench) -> None:
    """Ask for the surface and its numbers."""
    surface = choose(desk, OFFERED, lambda e, name: e.replace(surface=family(name), starts=Random(1, e.seed)))
    numbers(desk, f"surface.{surface.name}", surface.parameters, lambda name: surface.settings[name], _with_setting)


def start(desk: Bench) -> None:
    """Ask which small random matrix paths begin from."""
    number(
        desk, "start.seed", SEED, desk.recipe.seed,
        lambda e, value: e.replace(seed=int(value), starts=Random(1, int(value))),
    )  # fmt: skip


def _with_setting(experiment: Experiment, name: str, value: float) -> Experiment:
    changed = experiment.surface.with_settings(**{name: value})
    return experiment.replace(surface=changed, starts=Random(1, experiment.seed))
