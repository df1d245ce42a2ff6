"""Pictures of one look at a surface: a slice, spectra at a point, critical points by height and index."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from landscape.analysis.census import Census
from landscape.analysis.critical_points import CriticalPoints
from landscape.analysis.slices import Slice
from landscape.analysis.spectra import Spectra, Spectrum
from landscape.curvature.products import MATRICES
from landscape.errors import returned
from landscape.language import mark, tr, trn
from landscape.picture.scene import Array, Axis, Line, Panel, PointKind, Points
from landscape.scene import Scene
from landscape.scenes.high_dims import plane_axes
from landscape.scenes.scales import LossScale

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
    plane = returned("cut", cut, Slice, "ls.slice_surface").plane
    x, y = plane_axes(plane, cut.a, cut.b)
    field = LossScale.fit(cut.values).field(cut.a, cut.b, cut.values)
    panel = Panel("plane", tr("Slice: {plane}", plane=plane.title), x, y, (field,))
    notes = [tr("The map is one plane, through the point at 0, 0: the loss off it may be anything.")]
    if plane.curvatures is not None:
        notes.append(
            tr(
                "Its directions are those of the smallest and the largest curvature, {smallest:.3g} and {largest:.3g}.",
                smallest=plane.curvatures[0],
                largest=plane.curvatures[1],
            )
        )
    return Scene(
        title or tr("A slice"), (panel,), (), 0, (("plane",),), (1.0,), caption=plane.title, notes=tuple(notes)
    )


def spectrum_scene(spectra: Spectra) -> Scene:
    """Return the density of the eigenvalues of each matrix of ``ls.spectrum``, and its k smallest and k largest.

    Each eigenvalue is spread to a Gaussian as wide as a hundredth of the spectrum; the density integrates to 1.
    """
    each = returned("spectra", spectra, Spectra, "ls.spectrum").each
    low, high = min(s.ends.smallest[0] for s in each), max(s.ends.largest[-1] for s in each)
    width = float(_WIDTH * (high - low)) or _WIDTH * max(abs(float(high)), 1.0)
    at = np.linspace(low - 5 * width, high + 5 * width, 601)
    densities = [s.density(at, width) for s in each]
    top = float(max(density.max() for density in densities))
    lines = tuple(
        Line(at, np.where(density > _FLOOR * top, density, np.nan), tr(MATRICES[s.matrix]), role)
        for s, density, role in zip(each, densities, _ROLES, strict=False)
    )
    title = trn("Density of {n} eigenvalue", "Density of {n} eigenvalues", spectra.surface.n_dims)
    density = Panel("density", title, Axis.of(mark("eigenvalue")), Axis.of(mark("density"), "log"), lines)

    def end(key: str, title: str, across: str, rows: list[Array]) -> Panel:
        number = Axis.of(across, range=(0.5, max(map(len, rows)) + 0.5))
        values = tuple(
            Line(np.arange(1.0, len(row) + 1), row, tr(MATRICES[s.matrix]), role)
            for s, row, role in zip(each, rows, _ROLES, strict=False)
        )
        return Panel(key, title, number, Axis.of(mark("eigenvalue")), values)

    largest = end(
        "largest",
        tr("The largest eigenvalues"),
        mark("number of the eigenvalue, from the largest"),
        [s.ends.largest[::-1] for s in each],
    )
    smallest = end(
        "smallest",
        tr("The smallest eigenvalues"),
        mark("number of the eigenvalue, from the smallest"),
        [s.ends.smallest for s in each],
    )
    name = spectra.surface.title
    return Scene(
        tr("Spectrum: {surface}", surface=name),
        (density, largest, smallest),
        (),
        0,
        (("density",), ("largest", "smallest")),
        (1.3, 1.0),
        caption=name,
        notes=tuple(_told(s) for s in each),
    )


def _told(s: Spectrum) -> str:
    trace = f"{s.trace.value:.4g}" + (f" ± {s.trace.standard_error:.2g}" if s.trace.standard_error else "")
    said = {"matrix": tr(MATRICES[s.matrix]), "trace": trace}
    if s.index.low == s.index.high:
        return trn(
            "{matrix}: {n} negative eigenvalue; trace {trace}.",
            "{matrix}: {n} negative eigenvalues; trace {trace}.",
            round(s.index.low),
            **said,
        )
    return tr(
        "{matrix}: {low:.0f} to {high:.0f}, 99 times in 100, negative eigenvalues; trace {trace}.",
        low=s.index.low,
        high=s.index.high,
        **said,
    )


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
        searched = trn("searched from {n} start", "searched from {n} starts", found.n_starts)
        missing = tr("all were found") if found.complete else tr("others may be missing")
        said = f"{searched}; {missing}"
    else:
        returned("found", found, CriticalPoints, "ls.critical_points")
        values = np.array([p.value for p in found])
        indices = np.array([p.index for p in found], dtype=float)
        dims, said = max((len(p.eigenvalues) for p in found), default=0), found.statement
        flat = np.array([p.kind == "degenerate" for p in found], dtype=bool)
    if not len(values):
        raise ValueError(tr("there is no critical point to show: {why}", why=said))
    kinds: tuple[tuple[PointKind, NDArray[np.bool_]], ...] = (
        ("degenerate", flat),
        ("minimum", ~flat & (indices == 0)),
        ("maximum", ~flat & (indices == dims)),
        ("saddle", ~flat & (indices > 0) & (indices < dims)),
    )
    labels = np.array(
        [
            tr("f = {value:.4g}, index {index:.0f}", value=value, index=index)
            for value, index in zip(values, indices, strict=True)
        ]
    )
    points = tuple(Points(values[of], indices[of], kind, tuple(labels[of])) for kind, of in kinds if of.any())
    height, index = Axis("f"), Axis.of(mark("index"), range=(-0.5, dims + 0.5))
    panel = Panel("census", tr("Critical points by height and index"), height, index, points)
    note = trn("{n} critical point: {said}.", "{n} critical points: {said}.", len(values), said=said)
    return Scene(tr("Critical points"), (panel,), (), 0, (("census",),), (1.0,), caption=note, notes=(note,))
