"""The spectrum of the Hessian at a point, its ends, density, trace and index, and those of other matrices beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from landscape import stopping
from landscape.curvature.along import COUNTED_DIMS
from landscape.curvature.density import Estimate, Interval, SpectralDensity, hessian_trace, spectral_density
from landscape.curvature.point import zero_tolerance
from landscape.curvature.products import MATRICES, Matrix
from landscape.curvature.spectrum import Ends, hessian_eigenvalues, top_eigenvalues
from landscape.language import tr
from landscape.progress import Count, Progress, counting
from landscape.recipe.given import whole
from landscape.surfaces.base import Array, Surface
from landscape.surfaces.registry import a_surface

_WORK = 100  # parts as which a matrix is counted


@dataclass(frozen=True, eq=False)
class Spectrum:
    """The eigenvalues of one of ``MATRICES`` at a point, as far as they are known.

    ``eigenvalues`` (n,) are all of them, or ``None`` where there are too many; ``spread`` is then the estimate of their
    distribution. ``ends`` are the k smallest and largest, ``trace`` their sum, and ``index`` the number of negative
    ones: exact where all are known.
    """

    matrix: Matrix
    ends: Ends
    trace: Estimate
    index: Interval
    eigenvalues: Array | None
    spread: SpectralDensity | None

    def density(self, at: ArrayLike, width: float) -> Array:
        """Return the density of the eigenvalues at the numbers ``at`` (K,), each spread to a Gaussian, (K,)."""
        if self.spread is not None:
            return self.spread.density(at, width)
        assert self.eigenvalues is not None, "a spectrum has its eigenvalues or an estimate of them"
        away = (np.asarray(at, dtype=float)[:, None] - self.eigenvalues) / width
        return np.exp(-(away**2) / 2).mean(axis=1) / (width * np.sqrt(2 * np.pi))


@dataclass(frozen=True, eq=False)
class Spectra:
    """The spectra of several matrices at one point of a surface, as ``spectrum`` found them.

    ``each`` has one for each matrix, in the order asked for: its ``ends`` (``smallest`` and ``largest``, (k,) each,
    rising), ``trace`` and ``index`` with their errors, and all ``eigenvalues`` (n,) where they were computed.
    """

    surface: Surface
    each: tuple[Spectrum, ...]


def spectrum(
    surface: Surface | str,
    x: ArrayLike,
    matrices: Matrix | Sequence[Matrix] = "hessian",
    *,
    k: int = 5,
    seed: int = 0,
    n_probes: int = 4,
    n_steps: int = 80,
    dense_dims: int = COUNTED_DIMS,
    progress: Progress = None,
) -> Spectra:
    """Return the spectra of ``matrices`` (``landscape.curvature.products.MATRICES``) at the point ``x`` (n,).

    Up to ``dense_dims`` dimensions all eigenvalues are computed. Beyond, the ``k`` at both ends by Lanczos, density and
    index by stochastic Lanczos quadrature with ``n_probes`` vectors of ``n_steps`` steps, and the trace by Hutchinson's
    method with 8 times as many vectors. ``progress`` is told how far it is (``landscape.progress``).

    Raises ``NotConverged``, ``TypeError`` and ``ValueError`` as ``top_eigenvalues``, and ``ValueError`` for no matrix
    or one that is named twice.

    >>> import landscape as ls
    >>> saddle = spectrum(ls.formula("x^2 - 3y^2", ((-1, 1), (-1, 1))), [0, 0], k=1).each[0]
    >>> saddle.eigenvalues.tolist(), saddle.index.value, saddle.trace.value
    ([-6.0, 2.0], 1.0, -4.0)
    """
    surface = a_surface(surface)
    wanted: tuple[Matrix, ...] = (matrices,) if isinstance(matrices, str) else tuple(matrices)
    if not wanted or len(set(wanted)) < len(wanted):
        raise ValueError(tr("matrices must be one or several different ones, not {matrices!r}", matrices=matrices))
    k = whole("k", k, 1)
    with counting(_WORK * len(wanted), tr("spectra"), progress) as count:
        found = [_spectrum(surface, x, one, k, seed, n_probes, n_steps, dense_dims, count) for one in wanted]
    return Spectra(surface, tuple(found))


def _spectrum(
    surface: Surface,
    x: ArrayLike,
    matrix: Matrix,
    k: int,
    seed: int,
    n_probes: int,
    n_steps: int,
    dense_dims: int,
    count: Count,
) -> Spectrum:
    """Return the spectrum of one matrix, ``_WORK`` parts of ``count``."""
    stopping.check()
    n, title = surface.n_dims, tr(MATRICES[matrix]) if matrix in MATRICES else str(matrix)
    if n <= dense_dims:
        with count.part(_WORK, title):
            values = hessian_eigenvalues(surface, x, matrix)
            negative = float(np.sum(values < -zero_tolerance(values)))
            trace, index = Estimate(float(values.sum()), 0.0, n), Interval(negative, negative, n)
            ends = top_eigenvalues(surface, x, min(k, len(values)), matrix, dense_dims=dense_dims)
        return Spectrum(matrix, ends, trace, index, values, None)
    with count.part(_WORK // 2, title):
        ends = top_eigenvalues(surface, x, k, matrix, seed=seed, dense_dims=dense_dims)
    with count.part(_WORK // 4):
        spread = spectral_density(surface, x, n_probes, n_steps, seed, matrix)
    share = spread.share_below(-zero_tolerance(np.array([ends.smallest[0], ends.largest[-1]])))
    total = spread.n_eigenvalues
    index = Interval(share.low * total, share.high * total, share.n_products)
    with count.part(_WORK // 4):
        trace = hessian_trace(surface, x, 8 * n_probes, seed, matrix)
    return Spectrum(matrix, ends, trace, index, None, spread)
