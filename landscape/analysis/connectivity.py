"""Is there a pass between two minima? The loss along the straight line, and along a curve bent round the ridge."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from landscape import stopping
from landscape.language import tr
from landscape.optimizers.adam import Adam
from landscape.optimizers.base import Step
from landscape.progress import Progress, counting
from landscape.surfaces.base import Array, Surface
from landscape.surfaces.registry import a_surface


@dataclass(frozen=True, eq=False)
class LossPath:
    """The loss along a curve between points a and b: ``values`` (..., N) at the positions ``t`` (N,) from 0 to 1.

    ``points`` (..., N, n) are the points passed; ``control`` (..., n) is the control point of a Bezier curve, ``None``
    for the straight line. Leading axes are pairs (a, b) side by side.
    """

    t: Array = field(repr=False)
    points: Array = field(repr=False)
    values: Array = field(repr=False)
    control: Array | None = field(default=None, repr=False)

    @property
    def barrier(self) -> Array:
        """How far the loss rises above the line from f(a) to f(b) at most, (...); 0 where it does nowhere.

        The error barrier of linear mode connectivity (Frankle et al. 2020; Entezari et al. 2022, definition 1).
        """
        ends = self.values[..., :1] * (1.0 - self.t) + self.values[..., -1:] * self.t
        return np.maximum((self.values - ends).max(axis=-1), 0.0)


def straight_path(surface: Surface | str, a: ArrayLike, b: ArrayLike, n: int = 61) -> LossPath:
    """Return the loss along (1 - t) a + t b at ``n`` even values of t, for points (..., n_dims).

    >>> import landscape as ls
    >>> wells = ls.formula("(x**2 - 1)**2", domain=((-2, 2),))
    >>> float(straight_path(wells, [-1.0], [1.0]).barrier)
    1.0
    """
    surface = a_surface(surface)
    t = _positions(n)
    points = _on_curve(surface.points(a), None, surface.points(b), t)
    return LossPath(t, points, surface.value(points))


def bezier_path(
    surface: Surface | str,
    a: ArrayLike,
    b: ArrayLike,
    n_steps: int = 600,
    learning_rate: float = 0.02,
    n_nodes: int = 8,
    seed: int = 0,
    n: int = 61,
    *,
    progress: Progress = None,
) -> LossPath:
    """Return the loss along the quadratic Bezier curve (1-t)^2 a + 2 t (1-t) c + t^2 b with a trained control point c.

    c starts in the middle and descends the mean loss over the curve by Adam, for ``n_steps`` steps. Each step looks
    at ``n_nodes`` values of t, one drawn from each n_nodes-th of (0, 1), seeded; the rate falls to 0 along a half
    cosine. a and b (..., n) stay where they are. ``progress`` is told every step
    (``landscape.progress``).

    Reference: T. Garipov et al., "Loss Surfaces, Mode Connectivity, and Fast Ensembling of DNNs", 2018, equations (2)
    and (3).
    """
    surface = a_surface(surface)
    start, end = np.broadcast_arrays(surface.points(a), surface.points(b))
    if n_steps < 0 or n_nodes < 1:
        raise ValueError(
            tr(
                "n_steps must be 0 or more and n_nodes 1 or more, not {n_steps} and {n_nodes}",
                n_steps=n_steps,
                n_nodes=n_nodes,
            )
        )
    rng = np.random.default_rng(seed)
    optimizer = Adam(learning_rate=learning_rate)
    control = 0.5 * (start + end)
    state = optimizer.init(control)
    with counting(n_steps, tr("Bezier path"), progress) as count:
        for step in range(1, n_steps + 1):
            stopping.check()
            t = (np.arange(n_nodes) + rng.random(n_nodes)) / n_nodes
            gradient = surface.gradient(_on_curve(start, control, end, t))
            # d point / d control = 2 t (1 - t)
            slope = np.einsum("k,...kn->...n", 2.0 * t * (1.0 - t), gradient) / n_nodes
            rate = learning_rate * 0.5 * (1.0 + np.cos(np.pi * (step - 1) / n_steps))
            control, state = optimizer.update(Step(control, slope, step, rate), state)
            count.advance()
    t = _positions(n)
    points = _on_curve(start, control, end, t)
    return LossPath(t, points, surface.value(points), control)


def _positions(n: int) -> Array:
    if n < 3:
        raise ValueError(tr("a path needs at least 3 positions, not {given}", given=n))
    return np.linspace(0.0, 1.0, n)


def _on_curve(a: Array, control: Array | None, b: Array, t: Array) -> Array:
    """Return the points (..., len(t), n_dims) of the line, or of the Bezier curve."""
    t = t[:, None]
    if control is None:
        return (1.0 - t) * a[..., None, :] + t * b[..., None, :]
    bent = 2.0 * t * (1.0 - t) * control[..., None, :]
    return (1.0 - t) ** 2 * a[..., None, :] + bent + t**2 * b[..., None, :]
