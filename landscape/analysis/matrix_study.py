"""What a run over matrices does to them: singular values step by step, and how far they point to the target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from landscape.descent.trajectory import Trajectory
from landscape.language import tr
from landscape.recipe.cost import Demand
from landscape.surfaces.base import Array, Surface
from landscape.surfaces.matrices import OverMatrix

MOST_STEPS = 400
"""Of a longer run so many evenly spread steps are looked at."""


@dataclass(frozen=True, eq=False)
class MatrixPath:
    """The matrices of one path at the steps ``steps`` (K,).

    ``singular_values`` (K, r), r = min(rows, columns), the largest first; ``alignment`` (K,) is <X, T> / (|X| |T|), the
    cosine of the angle to the target, NaN where X or T is 0. Steps after the path's last finite one are left out.
    """

    steps: NDArray[np.int64]
    singular_values: Array = field(repr=False)
    alignment: Array = field(repr=False)


@dataclass(frozen=True, eq=False)
class MatrixStudy:
    """The paths of a run, optimizer by optimizer and start by start, and the target's singular values (r,)."""

    paths: tuple[MatrixPath, ...]
    target: Array


def over_matrices(surface: Surface) -> OverMatrix:
    """Return a surface whose points stand for matrices; raise ``ValueError`` for another one."""
    if not isinstance(surface, OverMatrix):
        raise ValueError(
            tr(
                "the points of {surface} are no matrices; take matrix_quadratic, linear_layer or matrix_factorization",
                surface=surface.title,
            )
        )
    return surface


def matrix_study(trajectories: Sequence[Trajectory]) -> MatrixStudy:
    """Return what happens to the matrices of a run.

    >>> import landscape as ls
    >>> muon = ls.Muon(learning_rate=0.1, weight_decay=0.0)
    >>> t = ls.descend("matrix_quadratic", muon, np.zeros((1, 36)), 1)
    >>> s = matrix_study([t]).paths[0].singular_values[1]
    >>> bool(s.min() > 0.4 * s.max())  # of the gradient 0.001
    True
    """
    paths = []
    for trajectory in trajectories:
        ground = over_matrices(trajectory.surface)
        target = ground.target
        size = float(np.linalg.norm(target))
        wanted = np.unique(np.linspace(0, trajectory.n_steps, min(trajectory.n_steps, MOST_STEPS) + 1).round())
        for start in range(trajectory.n_starts):
            steps, points = trajectory.known(start, wanted)
            found = ground.matrix_of(points)
            sizes = np.linalg.norm(found, axis=(-2, -1)) * size
            along = np.einsum("kij,ij->k", found, target)
            cosine = np.divide(along, sizes, out=np.full(len(steps), np.nan), where=sizes > 0)
            paths.append(MatrixPath(steps, _sizes(found), cosine))
    return MatrixStudy(tuple(paths), _sizes(over_matrices(trajectories[0].surface).target))


def _sizes(matrices: Array) -> Array:
    return np.asarray(np.linalg.svd(matrices, compute_uv=False), dtype=float)


def cost_of_study(surface: Surface, n_paths: int, n_steps: int) -> Demand:
    """Return what a study takes: a singular value decomposition a step."""
    looked = min(n_steps, MOST_STEPS) + 1
    return Demand(moves=n_paths * looked * (1000.0 + 20.0 * surface.n_dims**1.5))
