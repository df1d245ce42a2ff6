"""One network looked at in several ways: with and without batch normalization, in slices, in spectra, beside others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from landscape.analysis.connectivity import LossPath, bezier_path, straight_path
from landscape.analysis.slices import Plane, eigen_plane, filter_normalized_plane, slice_surface
from landscape.analysis.smoothness import smoothness_along
from landscape.curvature.along import sharpness_along
from landscape.curvature.spectrum import hessian_eigenvalues
from landscape.descent import descend
from landscape.descent.trajectory import Trajectory, trajectories_of
from landscape.language import tr
from landscape.optimizers.first_order import SGD
from landscape.progress import Progress, counting
from landscape.surfaces.base import Array
from landscape.surfaces.networks import Perceptron, TeacherStudent
from landscape.surfaces.networks.symmetries import permute_hidden

STUCK = 1e-3
"""A student whose loss stays above this has not found its teacher."""

STEP_FACTORS = (0.5, 1.0, 2.0, 4.0)
"""Multiples of the learning rate over which the change of the gradient is measured."""


@dataclass(frozen=True, eq=False)
class Pair:
    """The same network ``plain`` and ``normalized``, with a gradient descent of each from the same weights."""

    models: tuple[Perceptron, Perceptron]
    runs: tuple[Trajectory, Trajectory]

    @property
    def ends(self) -> tuple[Array, Array]:
        """The last points (n,) of both."""
        return self.runs[0].final_points[0], self.runs[1].final_points[0]


def train_pair(model: Perceptron, learning_rate: float, n_steps: int, seed: int = 0) -> Pair:
    """Return gradient descent on ``model`` without and with batch normalization, from the same weights.

    The hidden layers have biases without it, and scales 1 and shifts 0 with it; all weights and the last biases are
    the same. Raises ``ValueError`` for less than one step.
    """
    if n_steps < 1:
        raise ValueError(tr("there must be at least 1 step, not {n_steps}", n_steps=n_steps))
    plain, norm = replace(model, batch_norm=False), replace(model, batch_norm=True)
    start = plain.starts(1, seed)
    other = norm.starts(1, seed)
    names = {block.name for block in plain.blocks}
    for block in norm.blocks:
        if block.name in names:
            block.of(other)[...] = plain.block(block.name).of(start)
    optimizer = SGD(learning_rate=learning_rate)
    return Pair((plain, norm), (descend(plain, optimizer, start, n_steps), descend(norm, optimizer, other, n_steps)))


@dataclass(frozen=True, eq=False)
class PairSmoothness:
    """At ``steps`` of each path: ``changes`` of the gradient within a step, and ``betas``, both (K,) for each network.

    A change is the largest over ``STEP_FACTORS`` learning rates, divided by the gradient's own length, for the two
    networks have different parameters; beta is the largest change per distance (``smoothness_along``).
    """

    pair: Pair
    steps: tuple[NDArray[np.int64], ...]
    changes: tuple[Array, ...]
    betas: tuple[Array, ...]


def pair_smoothness(pair: Pair, looks: int = 40) -> PairSmoothness:
    """Return how far the gradient turns within a step, and how fast, at ``looks`` even steps of both paths."""
    steps, changes, betas = [], [], []
    for model, run in zip(pair.models, pair.runs, strict=True):
        at = even_steps(run, 0, looks)
        smooth = smoothness_along(model, run.points[0, at], at, run.learning_rates[0] * np.array(STEP_FACTORS))
        norms = run.gradient_norms[0, at]
        steps.append(at)
        changes.append(smooth.gradient_changes.max(axis=1) / np.where(norms > 0, norms, np.nan))
        betas.append(smooth.betas)
    return PairSmoothness(pair, tuple(steps), tuple(changes), tuple(betas))


@dataclass(frozen=True, eq=False)
class PairSlices:
    """The loss round both last points, at the places ``at`` (G,) on both axes of each plane.

    ``by_filters`` and ``by_hessian`` hold a plane and its losses (G, G) for each network: a filter-normalized plane,
    and that of the Hessian's extreme eigenvectors.
    """

    pair: Pair
    at: Array
    by_filters: tuple[tuple[Plane, Array], ...]
    by_hessian: tuple[tuple[Plane, Array], ...]


def pair_slices(pair: Pair, grid: int = 61, reach: float = 1.0, seed: int = 0) -> PairSlices:
    """Slice the loss round both last points, ``reach`` each way: in filter norms, and in lengths.

    Raises ``NotConverged`` as ``eigen_plane``.
    """
    at = np.linspace(-reach, reach, grid)

    def sliced(model: Perceptron, plane: Plane) -> tuple[Plane, Array]:
        return plane, slice_surface(model, plane, at, at).values

    ends = tuple(zip(pair.models, pair.ends, strict=True))
    by_filters = tuple(sliced(model, filter_normalized_plane(end, model.filters, seed)) for model, end in ends)
    return PairSlices(pair, at, by_filters, tuple(sliced(model, eigen_plane(model, end)) for model, end in ends))


@dataclass(frozen=True, eq=False)
class PairSpectra:
    """All Hessian eigenvalues, smallest first, (K, n) for each network, at the ``steps`` (K,) of its path."""

    pair: Pair
    looks: int
    steps: tuple[NDArray[np.int64], ...]
    eigenvalues: tuple[Array, ...]


def pair_spectra(pair: Pair, looks: int = 8) -> PairSpectra:
    """Take the whole Hessian apart at ``looks`` even steps of both paths."""
    steps = tuple(even_steps(run, 0, looks) for run in pair.runs)
    values = tuple(
        np.array([np.sort(hessian_eigenvalues(model, run.points[0, step])) for step in at])
        for model, run, at in zip(pair.models, pair.runs, steps, strict=True)
    )
    return PairSpectra(pair, looks, steps, values)


@dataclass(frozen=True, eq=False)
class TwoMinima:
    """Two trainings of a network, the ways between their ends, and the way from one to its permuted copy.

    The copy, ``apart`` away, has the neurons of the first hidden layer in the reverse order: another point, the same
    function. Its loss differs by ``difference``.
    """

    model: Perceptron
    run: Trajectory
    straight: LossPath
    bezier: LossPath
    to_copy: LossPath
    apart: float
    difference: float


def two_minima(model: Perceptron, learning_rate: float, n_steps: int, seed: int = 0) -> TwoMinima:
    """Train the network without batch normalization from two starts, and measure the loss between the ends."""
    plain = replace(model, batch_norm=False)
    run = descend(plain, SGD(learning_rate=learning_rate), plain.starts(2, seed), n_steps)
    one, other = run.final_points
    copy = permute_hidden(plain, one, 1, tuple(reversed(range(plain.widths[0]))))
    return TwoMinima(
        plain,
        run,
        straight_path(plain, one, other),
        bezier_path(plain, one, other, seed=seed),
        straight_path(plain, one, copy),
        float(np.linalg.norm(copy - one)),
        abs(float(plain.value(copy) - plain.value(one))),
    )


@dataclass(frozen=True, eq=False)
class Students:
    """Students of each width, ``extras`` neurons more than their teacher's, and which of them are stuck."""

    teacher: int
    extras: tuple[int, ...]
    runs: tuple[Trajectory, ...]

    def stuck(self, number: int) -> NDArray[np.bool_]:
        """Tell of each student of a width whether its last loss is above ``STUCK``; what is not finite is."""
        return ~(self.runs[number].values[:, -1] <= STUCK)


def students(
    teacher: int = 8, extras: Sequence[int] = (0, 1, 2), n_students: int = 24, n_steps: int = 800, seed: int = 0
) -> Students:
    """Train ``n_students`` students of each width by gradient descent (rate .4) on the loss over Gaussian inputs."""
    models = [TeacherStudent(teacher=teacher, neurons=teacher + extra) for extra in extras]
    runs = tuple(descend(m, SGD(learning_rate=0.4), m.starts(n_students, seed), n_steps) for m in models)
    return Students(teacher, tuple(extras), runs)


@dataclass(frozen=True, eq=False)
class EdgeStudy:
    """Of one path: at ``steps`` (K,) sharpness (largest Hessian eigenvalue), ``gauge`` = sharpness x rate / 2, beta."""

    steps: NDArray[np.int64]
    sharpness: Array
    gauge: Array
    betas: Array


def edge_study(
    trajectories: Trajectory | Sequence[Trajectory],
    looks: int = 30,
    step_factors: tuple[float, ...] = STEP_FACTORS,
    *,
    progress: Progress = None,
) -> tuple[EdgeStudy, ...]:
    """Return how near each path is to the edge of stability, at ``looks`` even steps: those of one run after another.

    Beta is the largest change of the gradient per distance moved, over steps of ``step_factors`` times the largest
    learning rate along the negative gradient. ``progress`` is told each look (``landscape.progress``).

    Raises ``TypeError`` for what are no trajectories, ``ValueError`` for fewer than 2 looks or no step.
    """
    trajectories = trajectories_of(trajectories)
    n_steps = trajectories[0].n_steps
    if looks < 2 or n_steps < 1:
        raise ValueError(
            tr("there must be at least 2 looks and 1 step, not {looks} and {n_steps}", looks=looks, n_steps=n_steps)
        )
    found = []
    paths = [(trajectory, start) for trajectory in trajectories for start in range(trajectory.n_starts)]
    with counting(looks * len(paths), tr("sharpness"), progress) as count:
        for trajectory, start in paths:
            steps, points = trajectory.known(start, even_steps(trajectory, start, looks))
            # the scheduled rate of the step that follows; after the last one, that of the last
            rates = np.append(trajectory.learning_rates, trajectory.learning_rates[-1:])[steps]
            with count.part(looks, trajectory.optimizer.label):
                sharpness = sharpness_along(trajectory.surface, points)
            smooth = smoothness_along(trajectory.surface, points, steps, rates.max() * np.array(step_factors))
            found.append(EdgeStudy(steps, sharpness, sharpness * rates / 2, smooth.betas))
    return tuple(found)


def even_steps(trajectory: Trajectory, start: int, looks: int) -> NDArray[np.int64]:
    """Return at most ``looks`` even steps of a path, its first and its last finite one among them."""
    return np.unique(np.linspace(0, trajectory.last[start], looks).round().astype(np.int64))
