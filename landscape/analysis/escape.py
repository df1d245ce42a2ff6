"""Steps it takes to leave a saddle, measured beside what theory says: f = x^2/2 - curvature y^2/2 from (1, offset).

The stable manifold of the saddle is the x axis: a start with offset 0 would never leave it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landscape.descent import descend
from landscape.language import tr
from landscape.optimizers import Optimizer
from landscape.optimizers.adam import Adam
from landscape.optimizers.adam_variants import Lion
from landscape.optimizers.adaptive import RMSprop
from landscape.optimizers.first_order import SGD, Momentum, Nesterov
from landscape.progress import Progress
from landscape.recipe.given import an_optimizer
from landscape.surfaces import Surface, formula
from landscape.theory import escape_times


@dataclass(frozen=True, eq=False)
class Escapes:
    """Steps of one optimizer until |y| >= ``radius``, for each of the ``offsets`` (K,).

    ``measured`` and ``theory`` (K,) are ``None`` where the path had not left after ``n_steps``, and where there is no
    closed form; ``exact`` tells whether the closed form is one for every offset or a limit for small ones.
    """

    optimizer: Optimizer
    offsets: tuple[float, ...]
    radius: float
    n_steps: int
    measured: tuple[int | None, ...]
    theory: tuple[int | None, ...]
    exact: bool


def straight_saddle(curvature: float) -> Surface:
    """Return f = x^2/2 - curvature y^2/2 on [-1.5, 1.5]^2."""
    if not 0 < curvature < float("inf"):
        raise ValueError(tr("{argument} must be positive, not {number}", argument="curvature", number=curvature))
    return formula(f"x^2/2 - {curvature!r}*y^2/2", domain=((-1.5, 1.5), (-1.5, 1.5)))


def escapes(
    optimizer: Optimizer | str,
    offsets: float | Sequence[float],
    curvature: float = 1.0,
    radius: float = 1.0,
    n_steps: int = 5000,
    *,
    progress: Progress = None,
) -> Escapes:
    """Return how many steps ``optimizer`` takes from (1, offset) until |y| >= ``radius``, beside the closed form.

    The saddle is f = x^2/2 - curvature y^2/2. Each step of gradient descent multiplies y by 1 + learning_rate
    curvature:

        steps = ceil(ln(radius / offset) / ln(1 + learning_rate curvature))

    The other closed forms are in ``landscape.theory.escape_times``; ``theory`` is ``None`` where there is none.
    ``progress`` is told every step (``landscape.progress``). Raises ``ValueError`` for no offset, and for a curvature,
    an offset or a radius that is not positive.

    >>> import landscape as ls
    >>> found = escapes(ls.SGD(learning_rate=0.01), (1e-4, 1e-8))
    >>> found.measured, found.theory
    ((926, 1852), (926, 1852))
    """
    optimizer, offsets = an_optimizer(optimizer), tuple(np.atleast_1d(offsets).tolist())
    if len(offsets) == 0:
        raise ValueError(tr("give at least one offset"))
    for what, numbers in (("offset", offsets), ("radius", (radius,))):
        for one in numbers:
            if not np.finfo(float).tiny <= one < float("inf"):
                raise ValueError(
                    tr(
                        "{argument} must be positive and at least {least:.3g}, not {number}",
                        argument=what,
                        least=np.finfo(float).tiny,
                        number=one,
                    )
                )
    run = descend(straight_saddle(curvature), optimizer, [[1.0, one] for one in offsets], n_steps, progress=progress)
    outside = abs(run.points[:, :, 1]) >= radius
    theory, exact = closed_form(optimizer, offsets, curvature, radius)
    return Escapes(optimizer, tuple(offsets), radius, n_steps, _first(outside), theory, exact)


def _first(outside: NDArray[np.bool_]) -> tuple[int | None, ...]:
    return tuple(int(row.argmax()) if row.any() else None for row in outside)


def closed_form(
    optimizer: Optimizer, offsets: Sequence[float], curvature: float, radius: float
) -> tuple[tuple[int | None, ...], bool]:
    """Return the steps that theory gives for each offset, and whether that is exact; ``None`` where it has no form."""
    rate = optimizer.constant_rate
    if getattr(optimizer, "weight_decay", 0.0):
        return (None,) * len(offsets), False
    if isinstance(optimizer, SGD):
        return tuple(escape_times.gradient_descent(curvature, d, radius, rate) for d in offsets), True
    if isinstance(optimizer, Momentum):
        b = optimizer.momentum
        pace = (1 - b) * rate if optimizer.averaged else rate
        return tuple(escape_times.heavy_ball(curvature, d, radius, pace, b) for d in offsets), True
    if isinstance(optimizer, Nesterov):
        return tuple(escape_times.nesterov(curvature, d, radius, rate, optimizer.momentum) for d in offsets), True
    if isinstance(optimizer, Lion) and optimizer.b1 == 0:
        return tuple(escape_times.signed_descent(d, radius, rate) for d in offsets), True
    if optimizer.key == "saddle_free_newton" and rate == 1.0:
        return tuple(escape_times.saddle_free_newton(d, radius) for d in offsets), True
    if type(optimizer) is RMSprop:
        return (escape_times.rmsprop(radius, rate, optimizer.b2),) * len(offsets), False
    if type(optimizer) is Adam:
        steps = escape_times.adam(radius, rate, optimizer.b1, optimizer.b2, optimizer.bias_correction)
        return (steps,) * len(offsets), False
    return (None,) * len(offsets), False
