"""How far ahead a gradient can be trusted, and how sharp the surface is, along a path."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from landscape.language import tr
from landscape.surfaces.base import Array, Surface


@dataclass(frozen=True, eq=False)
class Smoothness:
    """What a step along the negative gradient meets, from K points of a path, for J step sizes.

    ``losses`` (K, J) are the values after the step; ``gradient_changes`` (K, J) how far the gradient there is from
    the one at the start of the step (gradient predictiveness: small is predictable); ``betas`` (K,) the largest
    change divided by the distance moved (effective beta-smoothness, a lower bound of the Lipschitz constant of the
    gradient there). What is not finite comes from a step that left the finite range.

    S. Santurkar et al., "How Does Batch Normalization Help Optimization?", 2018, section 3.1 and figure 4.
    """

    steps: Array
    step_sizes: Array
    losses: Array
    gradient_changes: Array
    betas: Array


def smoothness_along(surface: Surface, points: ArrayLike, steps: ArrayLike, step_sizes: ArrayLike) -> Smoothness:
    """Return the smoothness at ``points`` (K, n) passed at ``steps`` (K,), for the ``step_sizes`` (J,), above 0.

    From each point x it goes to x - step_size * gradient(x). On a quadratic with curvature c along the gradient the
    change is c step_size |gradient| and beta is c.

    >>> import landscape as ls
    >>> bowl = ls.formula("3 * x**2", domain=((-2, 2),))
    >>> smoothness_along(bowl, [[1.0]], [0], [0.01, 0.1]).betas.round(9).tolist()
    [6.0]
    """
    x, sizes = surface.points(points), np.asarray(step_sizes, dtype=float)
    if x.ndim != 2:
        raise ValueError(tr("points must be one path, (K, n), not {shape}", shape=x.shape))
    if sizes.ndim != 1 or len(sizes) == 0 or not (np.isfinite(sizes) & (sizes > 0.0)).all():
        raise ValueError(tr("step_sizes must be finite numbers above 0"))
    gradient = surface.gradient(x)
    # a step may leave the finite range: that shows as inf or NaN in the result
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        ahead = x[:, None, :] - sizes[:, None] * gradient[:, None, :]
        losses, there = surface.value_and_gradient(ahead)
        changes = np.linalg.norm(there - gradient[:, None, :], axis=-1)
        moved = sizes * np.linalg.norm(gradient, axis=-1)[:, None]
        betas = np.where(moved > 0.0, changes / np.where(moved > 0.0, moved, 1.0), 0.0).max(axis=-1)
    return Smoothness(np.asarray(steps), sizes, losses, changes, betas)


def preconditioned_sharpness(surface: Surface, x: ArrayLike, scale: ArrayLike) -> float:
    """Return the largest eigenvalue of D^(-1/2) H D^(-1/2) at ``x`` (n,), with D = diag(``scale``), scale (n,) above 0.

    It is the sharpness that an adaptive method feels: Adam with scale = sqrt(v / (1 - b2^t)) + eps is at its edge of
    stability where this times learning_rate is (2 + 2 b1) / (1 - b1), 38 for b1 = .9 (J. Cohen et al., "Adaptive
    Gradient Methods at the Edge of Stability", 2022, section 3). scale = 1 gives the sharpness itself.
    """
    point, root = surface.points(x), np.sqrt(np.asarray(scale, dtype=float))
    if root.shape != point.shape or not (root > 0.0).all():
        raise ValueError(tr("scale must be {n_dims} numbers above 0", n_dims=surface.n_dims))
    hessian = surface.hessian(point) / root / root[:, None]
    return float(np.linalg.eigvalsh(hessian)[-1])
