"""What a caller gave, as what it stands for: names for surfaces and rules, and refusals that say what to give."""

from __future__ import annotations

import operator
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from landscape import optimizers as walkers
from landscape.errors import of_kind
from landscape.language import tr
from landscape.optimizers.base import Optimizer
from landscape.optimizers.noise import Noise, noise_of
from landscape.optimizers.schedules import Schedule, schedule_of
from landscape.surfaces.base import Array, Domain, Surface
from landscape.surfaces.registry import a_surface

__all__ = [
    "a_domain",
    "a_noise",
    "a_schedule",
    "a_surface",
    "an_optimizer",
    "numbers",
    "optimizers_of",
    "whole",
    "words",
]


def an_optimizer(given: Optimizer | str) -> Optimizer:
    """Return an optimizer, or the one with this key and its own hyperparameters.

    Raises ``TypeError`` for anything else, ``RuleError`` for a rule that holds what none may.
    """
    meant = walkers.optimizer(given) if isinstance(given, str) else given
    found = of_kind(meant, Optimizer, tr("optimizer must be an Optimizer, as ls.Adam(), or the key of one"))
    found.check()
    return found


def optimizers_of(given: Optimizer | str | Iterable[Optimizer | str]) -> tuple[Optimizer, ...]:
    """Return one optimizer or several as a tuple; raise as ``an_optimizer`` does."""
    if isinstance(given, str | Optimizer) or not isinstance(given, Iterable):
        return (an_optimizer(given),)
    return tuple(map(an_optimizer, given))


def a_schedule(given: Schedule | Callable[[int], float] | str | None) -> Schedule | None:
    """Return a schedule, or the one with this key or of this function, or none; raise ``TypeError`` for others."""
    if callable(given) and not isinstance(given, type):
        return schedule_of(given)
    meant: Any = walkers.schedule(given) if isinstance(given, str) else given
    wanted = tr("schedule must be a Schedule, the key of one, a function of the step, or None")
    found: Schedule | None = None if meant is None else of_kind(meant, Schedule, wanted)
    return found


def a_noise(given: Noise | Callable[..., Any] | None) -> Noise | None:
    """Return a noise, or the one of this function, or none; raise ``TypeError`` for others."""
    if callable(given) and not isinstance(given, type):
        return noise_of(given)
    wanted = tr("noise must be ls.GaussianNoise(...), ls.Minibatches(...), a function of (rng, gradient, t), or None")
    meant: Any = given
    found: Noise | None = None if meant is None else of_kind(meant, Noise, wanted)
    return found


def a_domain(given: Domain | Surface) -> Domain:
    """Return a domain, or that of a surface; raise ``TypeError`` for anything else."""
    meant = given.domain if isinstance(given, Surface) else given
    return of_kind(meant, Domain, tr("domain must be a Domain, or a Surface that has one"))


def whole(name: str, given: int, least: int = 0) -> int:
    """Return a whole number of at least ``least``; raise ``TypeError`` or ``ValueError`` that names the argument."""
    try:
        number = operator.index(given)
    except TypeError:
        raise TypeError(tr("{name} must be a whole number, not {given!r}", name=name, given=given)) from None
    if number < least and least:
        raise ValueError(tr("{name} must be at least {least}, not {number}", name=name, least=least, number=number))
    if number < 0:
        raise ValueError(tr("{name} must be 0 or more, not {number}", name=name, number=number))
    return number


def numbers(name: str, given: Any) -> Array:
    """Return an array of float64.

    Raises ``TypeError`` for text and truth values, ``ValueError`` for a ragged one and for masked numbers.
    """
    _refuse_what_is_no_number(name, given)
    if np.ma.is_masked(given):  # NumPy would take what is masked for numbers
        raise ValueError(tr("{name} are masked in places: leave these out", name=name))
    try:
        array = np.asarray(given)
        if array.dtype.kind not in "iufO":
            raise TypeError(tr("{name} must be numbers, not {given}", name=name, given=array.dtype.name))
        return np.array(array, dtype=float)
    except OverflowError:
        raise ValueError(tr("{name} has a number that is too large", name=name)) from None
    except (ValueError, RecursionError):
        raise ValueError(tr("{name} must be rows of numbers, all of one length", name=name)) from None


def _refuse_what_is_no_number(name: str, given: Any) -> None:
    """Raise ``TypeError`` for text, truth values and nothing in lists: NumPy would take all of them for numbers."""
    level = [given]
    while level:
        for one in level:
            if one is None or isinstance(one, str | bytes | bool):
                raise TypeError(tr("{name} must be numbers, not {given}", name=name, given=repr(one)[:40]))
        level = [one for rows in level if isinstance(rows, list | tuple) for one in rows]


def words(name: str, given: Any, most: int) -> str:
    """Return text that every file can hold; raise ``TypeError`` or ``ValueError`` that names it where it is not.

    Control characters and halves of surrogate pairs are none: a file could not be written with them.
    """
    if not isinstance(given, str):
        raise TypeError(tr("{name} must be text, not {given}", name=name, given=type(given).__name__))
    if len(given) > most:
        raise ValueError(tr("{name} may have {most:,} letters, not {n:,}", name=name, most=most, n=len(given)))
    bad = next((c for c in given if unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\r\t"), None)
    if bad is not None:
        code = f"U+{ord(bad):04X}"
        raise ValueError(tr("{name} has a character that no file can hold: {code}", name=name, code=code))
    return given
