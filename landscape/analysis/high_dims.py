"""What there is to know of paths in many dimensions: their plane, what it hides, and curvature along them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from landscape.analysis.slices import (
    Plane,
    PlanePath,
    eigen_plane,
    fitting_axes,
    path_on_plane,
    principal_plane,
    random_plane,
    slice_surface,
)
from landscape.curvature.along import COUNTED_DIMS, PROBES, STEPS, spectrum_along
from landscape.curvature.spectrum import NotConverged
from landscape.descent.trajectory import Trajectory, trajectories_of
from landscape.errors import lookup
from landscape.language import listed, mark, tr, trn
from landscape.progress import Progress, counting
from landscape.recipe.cost import Demand
from landscape.recipe.given import whole
from landscape.recipe.points import SADDLE_DIMS, known_saddle
from landscape.surfaces.base import Array, Surface
from landscape.surfaces.saddles import SpectralSaddle

PLANES = {
    "principal": mark("Principal components of all paths"),
    "random": mark("Random plane"),
    "extreme": mark("Extreme eigenvectors at the saddle"),
    "last": mark("Extreme eigenvectors at the end"),
}
"""The planes to choose from: key -> title."""

DENSE_DIMS = 100
"""Up to here the whole Hessian is taken apart, along every path; beyond it Lanczos looks along the first."""

PANELS = {
    "plane": "the loss on the plane, and the paths over it",
    "loss": "loss along the paths",
    "gradient_norm": "gradient norm along the paths",
    "off_plane": "distance from the plane",
    "unstable": "distance from the saddle where it falls",
    "stable": "distance from the saddle where it rises",
    "smallest": "smallest eigenvalue of the Hessian",
    "index": "number of its negative eigenvalues",
    "spectrum": "histogram of its eigenvalues",
}
"""What there is to show, by key: only what is asked for is computed."""

_OF_PLANE, _OF_SADDLE, _OF_SPECTRUM = ("plane", "off_plane"), ("unstable", "stable"), ("smallest", "index", "spectrum")

DENSE_LOOKS, LOOKS, SPARSE_LOOKS, DEAR_LOOKS = 12, 41, 4, 3
BINS = 41

GRID, DEAR_GRID = 51, 25
"""Points along each axis of the plane, and where a gradient takes long."""

DEAR = 250_000.0
"""What a gradient takes (``Surface.gradient_cost``) from which on there are fewer looks and points, 2 ms."""

_DEAR_STEPS, _DEAR_PRODUCTS = 48, 300
"""Lanczos steps, from one vector, of a look where a gradient takes long. In thousands of dimensions one vector sees
nearly what four do, and both ends are found; what the bounds of the index leave open, more steps would too. With the
ends, a look takes so many Hessian-vector products, of two gradients each."""

_PASSES = 40
"""How often every coordinate of every kept point is read: for the plane, the way on and off it, and the modes."""

_PRODUCTS, _CALLS, _ORTHOGONAL = 700, 340, 7000
"""What one look by Lanczos takes where both ends converge as usual: Hessian-vector products, calls for them (probes go
four at once), and moves of each coordinate to keep the vectors at right angles."""


@dataclass(frozen=True, eq=False)
class Looks:
    """Spectra along one path: ``steps`` (K,), ``smallest`` (K,), ``index`` (K,), bins ``edges``, ``shares`` (K, B).

    The number of negative eigenvalues is ``index`` to within ``index_error`` (K,), 0 where they were counted.
    """

    steps: NDArray[np.int64]
    smallest: Array
    index: Array
    index_error: Array
    edges: Array
    shares: Array
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class HighDimsStudy:
    """Paths of several optimizers, those of one after those of the other, on one plane and off it.

    ``instead`` says why the plane is not the one that was asked for. ``seen`` holds each path on the plane; ``apart``
    each one's distances from the saddle along its rising and its falling eigenvectors, ``None`` where no saddle is
    known; ``looks`` the spectra along all paths, or along the first where all would take too long. ``losses`` (B, A)
    are those of the plane at ``b`` and ``a``. ``panels`` are those of ``PANELS`` that were asked for: what belongs to
    others is empty, and ``plane`` ``None``.
    """

    surface: Surface
    panels: tuple[str, ...]
    plane: Plane | None
    instead: str
    seen: tuple[PlanePath, ...]
    apart: tuple[tuple[Array, Array] | None, ...]
    looks: tuple[Looks, ...]
    a: Array
    b: Array
    losses: Array


def high_dims_study(
    trajectories: Trajectory | Sequence[Trajectory],
    kind: str = "principal",
    *,
    seed: int = 0,
    grid: int | None = None,
    panels: Sequence[str] = tuple(PANELS),
    progress: Progress = None,
) -> HighDimsStudy:
    """Look at paths on a plane (``PLANES``) of ``grid`` x ``grid`` points, and at what happens off it.

    Only what ``panels`` (``PANELS``) show is computed. Where a gradient takes more than about 2 ms (``DEAR``), a
    ``grid`` that was not asked for is coarser, and the spectrum is looked at in fewer steps of the first path and less
    closely: its bounds for the index say how closely. The runs may be lean (``keep=...``): what needs points then looks
    at the steps that were kept. Where the plane does not exist a random one stands for it. ``progress`` is told what is
    at work (``landscape.progress``).

    Raises ``TypeError`` for what are no trajectories, ``ValueError`` for an unknown kind and a grid of fewer than 2
    points, ``UnknownName`` for an unknown panel.
    """
    wanted = shown_panels(panels)
    trajectories = trajectories_of(trajectories)
    surface = trajectories[0].surface
    n_grid = (DEAR_GRID if surface.gradient_cost > DEAR else GRID) if grid is None else whole("grid", grid, 2)
    paths = [(t, start) for t in trajectories for start in range(t.n_starts)]
    n_points = sum(len(t.point_steps) for t, _ in paths)
    on_plane, on_map, curved = (any(key in wanted for key in keys) for keys in (_OF_PLANE, ("plane",), _OF_SPECTRUM))
    n_products = _cost_of_looks(surface, len(paths)) / max(surface.gradient_cost, 1.0) if curved else 0.0
    total = max(1, n_points * on_plane + n_grid**2 * on_map + round(n_products))
    plane, instead, seen = None, "", tuple[PlanePath, ...]()
    a, b, losses = np.empty(0), np.empty(0), np.empty((0, 0))
    with counting(total, tr("high dimensions"), progress) as told:
        if on_plane:
            with (
                told.part(n_points, tr("the paths on the plane")),
                np.errstate(all="ignore"),
            ):  # a gap: what is not finite
                plane, instead = shown_plane(trajectories, kind, seed)
                seen = tuple(
                    path_on_plane(surface, plane, near(surface, t.points[start]), t.values[start][t.point_steps])
                    for t, start in paths
                )
        if plane is not None and on_map:
            a, b = fitting_axes(seen, (n_grid, n_grid))
            with told.part(n_grid**2, tr("the loss on the plane")):
                losses = slice_surface(surface, plane, a, b).values
        apart: tuple[tuple[Array, Array] | None, ...] = (None,) * len(paths)
        if any(key in wanted for key in _OF_SADDLE):
            apart = tuple(stable_and_unstable(surface, t.points[start]) for t, start in paths)
        looks: tuple[Looks, ...] = ()
        if curved:
            with told.part(n_products, tr("the spectrum along the paths")):
                looks = _looks(surface, paths)
    return HighDimsStudy(surface, wanted, plane, instead, seen, apart, looks, a, b, losses)


def shown_panels(panels: Sequence[str]) -> tuple[str, ...]:
    """Return keys of ``PANELS``, each once, in their order there.

    Raises ``UnknownName`` for another, ``ValueError`` for none and ``TypeError`` for a text in place of a list.
    """
    if isinstance(panels, str):
        raise TypeError(tr("panels is a list of keys, as [{panels!r}]", panels=panels))
    for key in panels:
        lookup(PANELS, key, tr("panel"))
    if not panels:
        raise ValueError(tr("there is no panel to show; there are: {listed}", listed=listed(PANELS)))
    return tuple(key for key in PANELS if key in panels)


def cost_of_study(surface: Surface, n_paths: int, n_points: int) -> Demand:
    """Return what ``high_dims_study`` takes for ``n_paths`` paths with ``n_points`` kept points each.

    Nothing is built for it. Beside the points counts what is asked of the Hessian: nothing where the surface knows its
    eigenvectors, n^3 / 10 for those at a saddle, a whole one at each look up to ``COUNTED_DIMS``, beyond it Lanczos.
    """
    n = float(surface.n_dims)
    points = n_paths * n_points * n
    moves, numbers = _PASSES * points, 2 * points
    if isinstance(surface, SpectralSaddle):
        return Demand(moves, numbers)
    if n <= COUNTED_DIMS:
        return Demand(moves + _cost_of_looks(surface, n_paths), numbers + 4 * n**2)
    return Demand(moves + _cost_of_looks(surface, n_paths), numbers + _PRODUCTS * n)


def _cost_of_looks(surface: Surface, n_paths: int) -> float:
    """Return what it takes to look at the Hessian, at a saddle too."""
    n = float(surface.n_dims)
    if isinstance(surface, SpectralSaddle):
        return 0.0
    if n <= COUNTED_DIMS:
        n_looks = n_paths * DENSE_LOOKS if n <= DENSE_DIMS else SPARSE_LOOKS
        at_saddle = 1 if n <= SADDLE_DIMS else 0
        return (n_looks + at_saddle) * (surface.hessian_cost + n**3 / 10)
    if surface.gradient_cost > DEAR:
        return DEAR_LOOKS * _DEAR_PRODUCTS * (2 * surface.gradient_cost + surface.call_cost)
    return SPARSE_LOOKS * (_PRODUCTS * surface.gradient_cost + _CALLS * surface.call_cost + _ORTHOGONAL * n)


def _looks(surface: Surface, paths: Sequence[tuple[Trajectory, int]]) -> tuple[Looks, ...]:
    known = isinstance(surface, SpectralSaddle)
    shown = paths if known or surface.n_dims <= DENSE_DIMS else paths[:1]
    looks = []
    with counting(1000 * len(shown), tr("spectra")) as told:
        for path in shown:
            with told.part(1000, tr("the spectrum along {optimizer}", optimizer=path[0].optimizer.label)):
                looks.append(looks_along(*path))
    if known:
        # One set of bins for all paths, so that their outlines can be told apart.
        low, high = min(one.edges[0] for one in looks), max(one.edges[-1] for one in looks)
        looks = [looks_along(*path, np.linspace(low, high, BINS + 1)) for path in shown]
    return tuple(looks)


@lru_cache(maxsize=4)
def _modes_at(surface: Surface, saddle: tuple[float, ...]) -> tuple[Array, Array]:
    """Return eigenvalues and eigenvectors, in columns, of the Hessian at a saddle."""
    values, vectors = np.linalg.eigh(surface.hessian(saddle))
    return values, vectors


def plane_of(trajectories: Sequence[Trajectory], kind: str = "principal", seed: int = 0) -> Plane:
    """Return the plane that all paths share; ``kind`` is a key of ``PLANES``.

    Raises ``ValueError`` for an unknown kind or where it needs a saddle that is not known, ``SingularPlane`` where
    the directions span no plane (paths that never move), ``NotConverged`` where Lanczos found no eigenvector.
    """
    surface = trajectories[0].surface
    if kind not in PLANES:
        raise ValueError(tr("plane must be {listed}, not {kind!r}", listed=listed(PLANES, any_of=True), kind=kind))
    if kind == "principal":
        shown = [near(surface, t.points) for t in trajectories]
        if all(np.isfinite(points[:, 1:]).sum() == 0 for points in shown):
            raise ValueError(tr("all paths leave the domain at once: lower the learning rates"))
        return principal_plane(shown)
    if kind == "last":
        return eigen_plane(surface, trajectories[0].final_points[0])
    saddle = known_saddle(surface)
    if kind == "random":
        return random_plane(trajectories[0].points[0, 0] if saddle is None else saddle, seed)
    if saddle is None:
        raise ValueError(tr("no saddle of {surface} is known here", surface=surface.title))
    return eigen_plane(surface, saddle)


def shown_plane(trajectories: Sequence[Trajectory], kind: str, seed: int) -> tuple[Plane, str]:
    """Return ``plane_of``, or where that does not exist a random plane and the sentence that says so.

    Everything beside the map is as true on one plane as on another; a plane that fails must not take it away.
    """
    try:
        return plane_of(trajectories, kind, seed), ""
    except (ValueError, NotConverged) as error:
        if kind == "random" or kind not in PLANES:
            raise
        said = tr("{plane}: {problem}. The map shows a random plane instead.", plane=tr(PLANES[kind]), problem=error)
        return plane_of(trajectories, "random", seed), said


def near(surface: Surface, points: Array) -> Array:
    """Return ``points`` (..., n), NaN where one is more than a domain's width outside: runaways blow up no map."""
    if surface.sphere is not None:
        return points  # nothing runs away from a sphere
    lower, upper = np.array(surface.domain.lower), np.array(surface.domain.upper)
    wide = upper - lower
    inside = np.all((points >= lower - wide) & (points <= upper + wide), axis=-1)
    return points if inside.all() else np.where(inside[..., None], points, np.nan)


def stable_and_unstable(surface: Surface, points: Array) -> tuple[Array, Array] | None:
    """Return how far ``points`` (T, n) are from the saddle along its rising and along its falling eigenvectors.

    Two arrays (T,), or ``None`` where no saddle is known.
    """
    saddle = known_saddle(surface)
    if saddle is None:
        return None
    if isinstance(surface, SpectralSaddle):
        z, falling = surface.modes(points), surface.unstable()
    else:
        values, vectors = _modes_at(surface, tuple(saddle.tolist()))
        z, falling = (points - saddle) @ vectors, values < 0
    return np.linalg.norm(z[..., ~falling], axis=-1), np.linalg.norm(z[..., falling], axis=-1)


def looks_along(trajectory: Trajectory, start: int, edges: Array | None = None) -> Looks:
    """Return the spectrum of the Hessian at some steps of a path, exact where the surface knows its eigenvectors."""
    surface, n = trajectory.surface, trajectory.surface.n_dims
    dear = n > COUNTED_DIMS and surface.gradient_cost > DEAR
    most = LOOKS if isinstance(surface, SpectralSaddle) else DENSE_LOOKS if n <= DENSE_DIMS else SPARSE_LOOKS
    most = DEAR_LOOKS if dear else most
    there = np.flatnonzero(
        trajectory.point_steps <= trajectory.last[start]
    )  # of a lean run, those whose points were kept
    looked_at = there[np.unique(np.linspace(0, len(there) - 1, most).round().astype(np.int64))]
    steps, points = trajectory.point_steps[looked_at], trajectory.points[start, looked_at]
    if isinstance(surface, SpectralSaddle):
        spectra = np.sort(surface.eigenvalues + 3 * surface.wall * surface.modes(points) ** 2, axis=-1)
        if edges is None:
            low, high = float(spectra.min()), float(spectra.max())
            room = 0.05 * (high - low) or 1.0
            edges = np.linspace(low - room, high + room, BINS + 1)
        shares = np.array([np.histogram(row, edges)[0] / n for row in spectra])
        index = (spectra < 0).sum(axis=1).astype(float)
        return Looks(steps, spectra[:, 0], index, np.zeros(len(steps)), edges, shares)
    n_probes, n_lanczos = (1, _DEAR_STEPS) if dear else (PROBES, STEPS)
    found = spectrum_along(surface, points, steps, 1.0, n_bins=BINS, n_probes=n_probes, n_lanczos=n_lanczos)
    notes = found.notes
    if np.any(found.index_error > 0):
        notes += (
            tr(
                "Falling directions are bounded here, not counted: the two lines are the least and the most, 99 times "
                "in 100."
            )
            + " "
            + trn(
                "The spectrum shows crowds of eigenvalues, not each one: {n_lanczos} Lanczos steps from {n} random "
                "vector. Steps of the path looked at: {looks}.",
                "The spectrum shows crowds of eigenvalues, not each one: {n_lanczos} Lanczos steps from {n} random "
                "vectors. Steps of the path looked at: {looks}.",
                n_probes,
                n_lanczos=n_lanczos,
                looks=len(steps),
            ),
        )
    return Looks(steps, found.smallest, found.index, found.index_error, found.edges, found.shares, notes)
