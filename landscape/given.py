"""What a caller gave, as what it stands for: names for surfaces and rules, and refusals that say what to give."""

from __future__ import annotations

import operator
from collections.abc import Iterable

from landscape import optimizers as walkers
from landscape import surfaces as ground
from landscape.optimizers.base import Optimizer
from landscape.optimizers.noise import Noise
from landscape.optimizers.schedules import Schedule
from landscape.surfaces.base import Domain, Surface


def a_surface(given: Surface | str) -> Surface:
    """Return a surface, or the registered one of this name; raise ``TypeError`` for anything else."""
    if isinstance(given, str):
        return ground.surface(given)
    if not isinstance(given, Surface):
        raise TypeError(f"surface must be a Surface or a registered name, not {_what(given)}")
    return given


def an_optimizer(given: Optimizer | str) -> Optimizer:
    """Return an optimizer, or the one with this key and its own hyperparameters; raise ``TypeError`` else."""
    if isinstance(given, str):
        return walkers.optimizer(given)
    if not isinstance(given, Optimizer):
        raise TypeError(f"optimizer must be an Optimizer, as ls.Adam(), or the key of one, not {_what(given)}")
    return given


def optimizers_of(given: Optimizer | str | Iterable[Optimizer | str]) -> tuple[Optimizer, ...]:
    """Return one optimizer or several as a tuple; raise as ``an_optimizer`` does."""
    if isinstance(given, str | Optimizer) or not isinstance(given, Iterable):
        return (an_optimizer(given),)
    return tuple(map(an_optimizer, given))


def a_schedule(given: Schedule | str | None) -> Schedule | None:
    """Return a schedule, or the one with this key, or none; raise ``TypeError`` for anything else."""
    if isinstance(given, str):
        return walkers.schedule(given)
    if not (given is None or isinstance(given, Schedule)):
        raise TypeError(f"schedule must be a Schedule, the key of one, or None, not {_what(given)}")
    return given


def a_noise(given: Noise | None) -> Noise | None:
    """Return a noise, or none; raise ``TypeError`` for anything else."""
    if not (given is None or isinstance(given, Noise)):
        raise TypeError(f"noise must be ls.GaussianNoise(...), ls.Minibatches(...) or None, not {_what(given)}")
    return given


def a_domain(given: Domain | Surface) -> Domain:
    """Return a domain, or that of a surface; raise ``TypeError`` for anything else."""
    if isinstance(given, Surface):
        return given.domain
    if not isinstance(given, Domain):
        raise TypeError(f"domain must be a Domain, or a Surface that has one, not {_what(given)}")
    return given


def whole(name: str, given: int, least: int = 0) -> int:
    """Return a whole number of at least ``least``; raise ``TypeError`` or ``ValueError`` that names the argument."""
    try:
        number = operator.index(given)
    except TypeError:
        raise TypeError(f"{name} must be a whole number, not {given!r}") from None
    if number < least:
        raise ValueError(f"{name} must be {f'at least {least}' if least else '0 or more'}, not {number}")
    return number


def _what(given: object) -> str:
    """Name a thing that was given by mistake; a class was most likely meant to be called."""
    return f"the class {given.__name__}: call it" if isinstance(given, type) else type(given).__name__
