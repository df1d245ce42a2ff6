"""One saddle through many planes: what random slices show of it, and what its own directions show."""

from __future__ import annotations

import numpy as np

from landscape.analysis.slices import eigen_plane, random_plane, share_that_look_like_minima, slice_surface
from landscape.picture.scene import Axis, Panel, Points, Scene
from landscape.scenes.high_dims import saddle_of
from landscape.scenes.scales import fields_to_compare
from landscape.surfaces.base import Surface
from landscape.surfaces.saddles import SpectralSaddle
from landscape.theory.projections import looks_like_a_minimum

N_RANDOM = 5
PLANES_MEASURED = 200


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


def slices_scene(surface: Surface, seed: int = 0, grid: int = 31, n_planes: int = PLANES_MEASURED) -> Scene:
    """Return small maps of the saddle: ``N_RANDOM`` random planes and the one of its extreme eigenvectors.

    The notes hold the share of ``n_planes`` random planes that show a minimum beside the probability, where that is
    known. Raises ``ValueError`` where no saddle of the surface is known, ``NotConverged`` as ``eigen_plane``.
    """
    saddle = saddle_of(surface)
    if saddle is None:
        raise ValueError(f"no saddle of {surface.title} is known here, so there is none to slice")
    reach = float(min(surface.domain.widths)) / 3
    at = np.linspace(-reach, reach, grid)
    # An even row first: the eigenvectors' map comes last.
    planes = [*(random_plane(saddle, seed + k) for k in range(N_RANDOM)), eigen_plane(surface, saddle)]
    fields = fields_to_compare(at, at, [slice_surface(surface, plane, at, at).values for plane in planes], log=False)
    panels = []
    for k, field in enumerate(fields):
        title = f"Random plane {k + 1}" if k < N_RANDOM else "Extreme eigenvectors"
        labels = ("direction 1", "direction 2") if k < N_RANDOM else ("smallest eigenvalue", "largest eigenvalue")
        marker = Points(np.zeros(1), np.zeros(1), "saddle", (f"the saddle, {title.lower()}",))
        layers = (field, marker)
        edges = (-reach, reach)
        panels.append(Panel(f"slice{k}", title, Axis(labels[0], range=edges), Axis(labels[1], range=edges), layers))
    keys = [panel.key for panel in panels]
    return Scene(
        title=f"One saddle of {surface.title} in {surface.n_dims:,} dimensions, six slices",
        panels=tuple(panels),
        tracks=(),
        n_steps=0,
        columns=tuple((keys[k], keys[k + 3]) for k in range(3)),
        widths=(1.0, 1.0, 1.0),
        caption=f"{surface.title}, seed {seed}",
        notes=(_words(surface, saddle, n_planes, seed),),
    )


def _words(surface: Surface, saddle: np.ndarray, n_planes: int, seed: int) -> str:
    lines, planes = share_that_look_like_minima(surface, saddle, n_planes, seed)
    words = (
        f"Of {n_planes} random planes through this saddle {planes:.1%} show a minimum; "
        f"of as many random lines {lines:.1%}."
    )
    exact = closed_form(surface)
    if exact is None:
        return words + " A closed form is known for two eigenvalues of equal size; these are others."
    plane, line = ("above 99.999%" if p > 0.99999 else f"{p:.3%}" for p in (exact[1], exact[0]))
    return words + f" The exact probabilities: {plane} and {line}."
