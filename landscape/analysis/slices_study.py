"""One saddle through many planes: what random slices show of it, and what its own directions show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from landscape.analysis.slices import eigen_plane, random_plane, share_that_look_like_minima, slice_surface
from landscape.language import tr
from landscape.recipe.points import known_saddle
from landscape.surfaces.base import Array, Surface
from landscape.surfaces.saddles import SpectralSaddle
from landscape.theory.projections import looks_like_a_minimum

N_RANDOM = 5
PLANES_MEASURED = 200


@dataclass(frozen=True, eq=False)
class SlicesStudy:
    """The loss on ``N_RANDOM`` random planes through a saddle and, last, on that of its extreme eigenvectors.

    ``at`` (G,) are the places on both axes, ``losses`` (N_RANDOM + 1, G, G). ``lines`` and ``planes`` are the shares of
    ``n_planes`` random ones that look like a minimum; ``exact`` are the probabilities of the two, where they are known.
    """

    surface: Surface
    seed: int
    at: Array
    losses: Array
    n_planes: int
    lines: float
    planes: float
    exact: tuple[float, float] | None


def closed_form(surface: Surface) -> tuple[float, float] | None:
    """Return the chances that a random line and a random plane through the saddle curve upwards only.

    Known in closed form where the Hessian has two eigenvalues +-l; ``None`` elsewhere.
    """
    if not isinstance(surface, SpectralSaddle):
        return None
    values = surface.eigenvalues
    if not np.allclose(np.abs(values), np.abs(values[0]), rtol=1e-12) or values[0] == 0:
        return None
    below = int((values < 0).sum())
    line, plane = (looks_like_a_minimum(len(values) - below, below, dims) for dims in (1, 2))
    return line, plane


def slices_study(surface: Surface, seed: int = 0, grid: int = 31, n_planes: int = PLANES_MEASURED) -> SlicesStudy:
    """Slice the known saddle of a surface.

    Raises ``ValueError`` where no saddle of the surface is known, ``NotConverged`` as ``eigen_plane``.
    """
    saddle = known_saddle(surface)
    if saddle is None:
        raise ValueError(tr("no saddle of {surface} is known here, so there is none to slice", surface=surface.title))
    reach = float(min(surface.domain.widths)) / 3
    at = np.linspace(-reach, reach, grid)
    planes = [*(random_plane(saddle, seed + k) for k in range(N_RANDOM)), eigen_plane(surface, saddle)]
    losses = np.stack([slice_surface(surface, plane, at, at).values for plane in planes])
    lines, minima = share_that_look_like_minima(surface, saddle, n_planes, seed)
    return SlicesStudy(surface, seed, at, losses, n_planes, lines, minima, closed_form(surface))
