"""Spectra of the Hessian along a path: its ends, how many eigenvalues are negative, its histogram, its sharpness."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from landscape import stopping
from landscape.curvature.density import spectral_density
from landscape.curvature.point import ZERO_EIGENVALUE, zero_tolerance
from landscape.curvature.spectrum import (
    TOLERANCE,
    NotConverged,
    extreme_eigenvalues,
    hessian_eigenvalues,
    rounding_of,
)
from landscape.language import tr, trn
from landscape.progress import Progress, counting
from landscape.surfaces.base import Array, Surface
from landscape.surfaces.registry import a_surface

COUNTED_DIMS = 2000
"""Up to this many dimensions eigenvalues are counted, all of them computed; beyond, their number is bounded."""

PROBES, STEPS = 4, 120
"""Of a histogram along a path: few probes seen sharply, since what a quadrature cannot resolve is wider than their
spread."""


@dataclass(frozen=True, eq=False)
class SpectrumPath:
    """Spectra at some ``steps`` (K,) of a path.

    ``smallest`` and ``largest`` (K,) are NaN where Lanczos did not converge or the Hessian was not finite, ``smallest``
    is 0 where its error is as large as it is; ``notes`` say so. ``index`` (K,) counts the negative eigenvalues, to
    within ``index_error``: 0 where all were computed, else half an interval (``SpectralDensity.share_below``) of which
    ``index`` is the middle. ``shares`` (K, B) is the share of eigenvalues between the ``edges`` (B+1,).
    ``gauge`` (K,) is largest x learning rate / 2: gradient
    descent is unstable above 1.
    """

    steps: Array
    smallest: Array
    largest: Array
    index: Array
    index_error: Array
    gauge: Array
    edges: Array
    shares: Array
    n_products: int
    notes: tuple[str, ...]


def spectrum_along(
    surface: Surface | str,
    points: ArrayLike,
    steps: ArrayLike,
    learning_rate: float | ArrayLike,
    n_bins: int = 41,
    seed: int = 0,
    dense_dims: int = COUNTED_DIMS,
    *,
    n_probes: int = PROBES,
    n_lanczos: int = STEPS,
    progress: Progress = None,
) -> SpectrumPath:
    """Return spectra at the ``points`` (K, n) that a path passed at ``steps`` (K,), rising.

    ``learning_rate`` is one number, or (K,) the rates of those steps. Up to ``dense_dims`` dimensions every
    eigenvalue is computed; beyond, stochastic Lanczos quadrature with ``n_probes`` vectors of ``n_lanczos`` steps gives
    the histogram, bounds for the index, and the ends where it found them to 1e-4 of the width; else these are found
    by ``extreme_eigenvalues``.
    Points that are not finite are left out, with a note; ``ValueError`` is raised for points or steps of another shape.
    ``progress`` is told each point (``landscape.progress``).
    """
    surface = a_surface(surface)
    points, steps = _path(surface, points), np.asarray(steps)
    n_points = len(points)
    if steps.shape != (n_points,):
        raise ValueError(
            trn(
                "there is {n} point and steps of shape {shape}",
                "there are {n} points and steps of shape {shape}",
                n_points,
                shape=steps.shape,
            )
        )
    smallest, largest = np.full(n_points, np.nan), np.full(n_points, np.nan)
    index, error = np.full(n_points, np.nan), np.full(n_points, np.nan)
    found: list[tuple[Array, Array] | None] = []
    notes, n_products = [], 0
    with counting(n_points, tr("spectra"), progress) as count:
        for k, x in enumerate(points):
            stopping.check()
            found.append(None)
            try:
                if surface.n_dims <= dense_dims:
                    values = hessian_eigenvalues(surface, x)
                    found[k] = values, np.full(len(values), 1 / len(values))
                    smallest[k], largest[k] = values[0], values[-1]
                    low_error = rounding_of(values)
                    index[k], error[k] = np.sum(values < -zero_tolerance(values)), 0.0
                    n_products += surface.n_dims
                else:
                    spread = spectral_density(surface, x, n_probes, n_lanczos, seed)
                    found[k] = spread.nodes.ravel(), spread.weights.ravel() / len(spread.nodes)
                    below = spread.share_below(-zero_tolerance(spread.nodes.ravel()))
                    index[k], error[k] = below.value * spread.n_eigenvalues, below.error * spread.n_eigenvalues
                    n_products += spread.n_products
                    (low, high), (low_error, high_error) = spread.ends
                    if max(low_error, high_error) > TOLERANCE * (high - low):
                        ends = extreme_eigenvalues(surface, x, seed=seed, dense_dims=dense_dims)
                        low, high, low_error = ends.smallest, ends.largest, ends.smallest_error
                        n_products += ends.n_products
                    smallest[k], largest[k] = low, high
                if low_error >= abs(smallest[k]):  # not even its sign is known
                    smallest[k] = 0.0
                    if low_error > ZERO_EIGENVALUE:
                        notes.append(
                            tr(
                                "step {step}: the smallest eigenvalue is zero to within {error:.2g}, all that can be "
                                "told beside the largest, {largest:.2g}",
                                step=steps[k],
                                error=low_error,
                                largest=largest[k],
                            )
                        )
            except (NotConverged, ValueError) as problem:
                notes.append(tr("step {step}: {problem}", step=steps[k], problem=problem))
            count.advance()
    edges = _edges([pair[0] for pair in found if pair is not None], n_bins)
    shares = np.full((n_points, n_bins), np.nan)
    for k, pair in enumerate(found):
        if pair is not None:
            shares[k] = np.histogram(pair[0], edges, weights=pair[1])[0]
    gauge = largest * np.broadcast_to(np.asarray(learning_rate, dtype=float), (n_points,)) / 2
    return SpectrumPath(steps, smallest, largest, index, error, gauge, edges, shares, n_products, tuple(notes))


def _path(surface: Surface, points: ArrayLike) -> Array:
    """Return points along a path, (K, n); raise ``ValueError`` for another shape."""
    along = surface.points(points)
    if along.ndim != 2:
        raise ValueError(tr("the points along a path are an array (K, n), not one of shape {shape}", shape=along.shape))
    return along


def sharpness_along(surface: Surface | str, points: ArrayLike, seed: int = 0, *, progress: Progress = None) -> Array:
    """Return the largest eigenvalue of the Hessian at the ``points`` (K, n), (K,), as along a path.

    NaN where there is no number: where Lanczos did not converge, or the Hessian is not finite. Raises ``ValueError``
    for points of another shape. Gradient descent is
    unstable along that eigenvector where it is above 2 / learning rate. ``progress`` is told each point
    (``landscape.progress``).

    >>> import landscape as ls
    >>> sharpness_along(ls.formula("x^4 + y^2", ((-2, 2), (-2, 2))), [[0.0, 1.0], [1.0, 1.0]]).tolist()
    [2.0, 12.0]
    """
    surface = a_surface(surface)
    points = _path(surface, points)
    sharpness = np.full(len(points), np.nan)
    with counting(len(sharpness), "sharpness", progress) as count:
        for k, x in enumerate(points):
            with suppress(NotConverged, ValueError):
                sharpness[k] = extreme_eigenvalues(surface, x, seed=seed).largest
            count.advance()
    return sharpness


def _edges(spectra: list[Array], n_bins: int) -> Array:
    """Return the edges of ``n_bins`` equal bins that hold all of the spectra."""
    if not spectra:
        return np.linspace(-1.0, 1.0, n_bins + 1)
    low, high = min(s.min() for s in spectra), max(s.max() for s in spectra)
    room = 1e-9 * max(abs(low), abs(high), 1e-300) if high > low else max(abs(low), 1.0) / 2
    return np.linspace(low - room, high + room, n_bins + 1)
