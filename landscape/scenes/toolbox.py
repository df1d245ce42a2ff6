"""Pictures of one look at a surface: a slice, spectra at a point, critical points by height and index."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from landscape.analysis.census import Census
from landscape.analysis.critical_points import CriticalPoints
from landscape.analysis.slices import Slice
from landscape.analysis.spectra import Spectra, Spectrum
from landscape.curvature.spectrum import MATRICES
from landscape.picture.scene import Array, Axis, Line, Panel, PointKind, Points
from landscape.scene import Scene
from landscape.scenes.scales import LossScale
from landscape.words import count

_ROLES = ("graph", "theory", "threshold")

_WIDTH = 0.01  # of a Gaussian in the density, as a share of the spectrum's width

_FLOOR = 1e-6  # of the largest density; less is not shown


def slice_scene(cut: Slice, title: str = "") -> Scene:
    """Return the map of a surface on a plane (``ls.slice_surface``), and what it hides: it is one plane of many.

    >>> import numpy as np, landscape as ls
    >>> saddle, at = ls.surface("two_point_saddle", 50), np.linspace(-1, 1, 21)
    >>> cut = ls.slice_surface(saddle, ls.eigen_plane(saddle, np.zeros(50)), at, at)
    >>> slice_scene(cut).panels[0].title
    'Slice: plane of the extreme Hessian eigenvectors'
    """
    plane = cut.plane
    x, y = (
        Axis(label.split(" (")[0], range=(float(at[0]), float(at[-1])))
        for label, at in zip(plane.labels, (cut.a, cut.b), strict=True)
    )
    field = LossScale.fit(cut.values).field(cut.a, cut.b, cut.values)
    panel = Panel("plane", f"Slice: {plane.title}", x, y, (field,))
    notes = ["The map is one plane, through the point at 0, 0: the loss off it may be anything."]
    if plane.curvatures is not None:
        smallest, largest = (f"{curvature:.3g}" for curvature in plane.curvatures)
        notes.append(f"Its directions are those of the smallest and the largest curvature, {smallest} and {largest}.")
    return Scene(title or "A slice", (panel,), (), 0, (("plane",),), (1.0,), caption=plane.title, notes=tuple(notes))


def spectrum_scene(spectra: Spectra) -> Scene:
    """Return the density of the eigenvalues of each matrix of ``ls.spectrum``, and its k smallest and k largest.

    Each eigenvalue is spread to a Gaussian as wide as a hundredth of the spectrum; the density integrates to 1.
    """
    each = spectra.each
    low, high = min(s.ends.smallest[0] for s in each), max(s.ends.largest[-1] for s in each)
    width = float(_WIDTH * (high - low)) or _WIDTH * max(abs(float(high)), 1.0)
    at = np.linspace(low - 5 * width, high + 5 * width, 601)
    densities = [s.density(at, width) for s in each]
    top = float(max(density.max() for density in densities))
    lines = tuple(
        Line(at, np.where(density > _FLOOR * top, density, np.nan), MATRICES[s.matrix], role)
        for s, density, role in zip(each, densities, _ROLES, strict=False)
    )
    title = f"Density of {count(spectra.surface.n_dims, 'eigenvalue')}"
    density = Panel("density", title, Axis("eigenvalue"), Axis("density", "log"), lines)

    def end(key: str, of: str, rows: list[Array]) -> Panel:
        number = Axis(f"number of the eigenvalue, from the {of}", range=(0.5, max(map(len, rows)) + 0.5))
        values = tuple(
            Line(np.arange(1.0, len(row) + 1), row, MATRICES[s.matrix], role)
            for s, row, role in zip(each, rows, _ROLES, strict=False)
        )
        return Panel(key, f"The {of} eigenvalues", number, Axis("eigenvalue"), values)

    largest = end("largest", "largest", [s.ends.largest[::-1] for s in each])
    smallest = end("smallest", "smallest", [s.ends.smallest for s in each])
    name = spectra.surface.title
    return Scene(
        f"Spectrum: {name}",
        (density, largest, smallest),
        (),
        0,
        (("density",), ("largest", "smallest")),
        (1.3, 1.0),
        caption=name,
        notes=tuple(_told(s) for s in each),
    )


def _told(s: Spectrum) -> str:
    exact = s.index.low == s.index.high
    negative = f"{s.index.low:.0f}" if exact else f"{s.index.low:.0f} to {s.index.high:.0f}, 99 times in 100,"
    error = f" ± {s.trace.standard_error:.2g}" if s.trace.standard_error else ""
    return f"{MATRICES[s.matrix]}: {negative} negative eigenvalues; trace {s.trace.value:.4g}{error}."


def census_scene(found: Census | CriticalPoints) -> Scene:
    """Return critical points by their height, f, and their index, the number of directions that fall.

    Raises ``ValueError`` where none were found, with what the search says.

    >>> import landscape as ls
    >>> scene = census_scene(ls.critical_points(ls.surface("himmelblau")))
    >>> scene.notes[0].partition(":")[0]
    '9 critical points'
    """
    if isinstance(found, Census):
        values, indices, dims = found.values, found.indices.astype(float), found.manifold_dims
        flat = np.zeros(len(values), dtype=bool)
        missing = "all were found" if found.complete else "others may be missing"
        said = f"searched from {count(found.n_starts, 'start')}; {missing}"
    else:
        values = np.array([p.value for p in found])
        indices = np.array([p.index for p in found], dtype=float)
        dims, said = max((len(p.eigenvalues) for p in found), default=0), found.statement
        flat = np.array([p.kind == "degenerate" for p in found], dtype=bool)
    if not len(values):
        raise ValueError(f"there is no critical point to show: {said}")
    kinds: tuple[tuple[PointKind, NDArray[np.bool_]], ...] = (
        ("degenerate", flat),
        ("minimum", ~flat & (indices == 0)),
        ("maximum", ~flat & (indices == dims)),
        ("saddle", ~flat & (indices > 0) & (indices < dims)),
    )
    labels = np.array([f"f = {value:.4g}, index {index:.0f}" for value, index in zip(values, indices, strict=True)])
    points = tuple(Points(values[of], indices[of], kind, tuple(labels[of])) for kind, of in kinds if of.any())
    height, index = Axis("f"), Axis("index", range=(-0.5, dims + 0.5))
    panel = Panel("census", "Critical points by height and index", height, index, points)
    note = f"{count(len(values), 'critical point')}: {said}."
    return Scene("Critical points", (panel,), (), 0, (("census",),), (1.0,), caption=note, notes=(note,))
