"""Paths in many dimensions: on one plane that says what it hides, and what happens off it, in step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import numpy as np
from numpy.typing import NDArray

from landscape.analysis.slices import Plane, PlanePath, fitting_axes, path_on_plane, slice_surface
from landscape.picture.scene import Array, Axis, Field, Layer, MovingLine, Panel, Path, Points, Scene
from landscape.scenes.descent import caption
from landscape.scenes.paths import PathInfo, gather
from landscape.scenes.scales import LossScale, loss_axis, norm_axis
from landscape.surfaces.base import Surface
from landscape.surfaces.saddles import SpectralSaddle

if TYPE_CHECKING:
    from landscape.experiment import Run

PLANES = {
    "principal": "Principal components of all paths",
    "random": "Random plane",
    "extreme": "Extreme eigenvectors at the saddle",
    "last": "Extreme eigenvectors at the end",
}
"""The planes to choose from: key -> title."""

DENSE_DIMS = 100
"""Up to here the whole Hessian is taken apart, along every path; beyond it Lanczos looks along the first."""

SADDLE_DIMS = 1000
"""Up to here the directions of a declared saddle are known, from its whole Hessian."""

DENSE_LOOKS, LOOKS, SPARSE_LOOKS = 12, 41, 4
BINS = 41


@dataclass(frozen=True, eq=False)
class Looks:
    """Spectra along one path: ``steps`` (K,), ``smallest`` (K,), ``index`` (K,), bins ``edges``, ``shares`` (K, B)."""

    steps: NDArray[np.int64]
    smallest: Array
    index: Array
    edges: Array
    shares: Array
    notes: tuple[str, ...] = ()


def saddle_of(surface: Surface) -> Array | None:
    """Return the saddle (n,) that distances are measured from, ``None`` where none is known."""
    if isinstance(surface, SpectralSaddle):
        return np.zeros(surface.n_dims)
    return _known_saddle(surface) if surface.n_dims <= SADDLE_DIMS else None


@lru_cache(maxsize=16)
def _known_saddle(surface: Surface) -> Array | None:
    """Return the first declared critical point at which the surface falls and rises."""
    from landscape.curvature.spectrum import extreme_eigenvalues

    for x in surface.known_points[len(surface.minima) if surface.info.smooth else 0 :][:50]:
        ends = extreme_eigenvalues(surface, x)
        if ends.smallest < -ends.smallest_error and ends.largest > ends.largest_error:
            return np.asarray(x, dtype=float)
    return None


@lru_cache(maxsize=4)
def _modes_at(surface: Surface, saddle: tuple[float, ...]) -> tuple[Array, Array]:
    """Return eigenvalues and eigenvectors, in columns, of the Hessian at a saddle."""
    values, vectors = np.linalg.eigh(surface.hessian(saddle))
    return values, vectors


def plane_of(run: Run, kind: str = "principal", seed: int = 0) -> Plane:
    """Return the plane that all paths of a run share; ``kind`` is a key of ``PLANES``.

    Raises ``ValueError`` for an unknown kind or where it needs a saddle that is not known, ``SingularPlane`` where
    the directions span no plane (paths that never move), ``NotConverged`` where Lanczos found no eigenvector.
    """
    from landscape.analysis.slices import eigen_plane, principal_plane, random_plane

    surface = run.experiment.surface
    if kind not in PLANES:
        raise ValueError(f"plane must be {', '.join(PLANES)}, not {kind!r}")
    if kind == "principal":
        shown = [near(surface, t.points) for t in run.trajectories]
        if all(np.isfinite(points[:, 1:]).sum() == 0 for points in shown):
            raise ValueError("all paths leave the domain at once: lower the learning rates")
        return principal_plane(shown)
    if kind == "last":
        return eigen_plane(surface, run.trajectories[0].final_points[0])
    saddle = saddle_of(surface)
    if kind == "random":
        return random_plane(run.trajectories[0].points[0, 0] if saddle is None else saddle, seed)
    if saddle is None:
        raise ValueError(f"no saddle of {surface.title} is known here")
    return eigen_plane(surface, saddle)


def shown_plane(run: Run, kind: str, seed: int) -> tuple[Plane, str]:
    """Return ``plane_of``, or where that does not exist a random plane and the sentence that says so.

    Everything beside the map is as true on one plane as on another; a plane that fails must not take it away.
    """
    from landscape.curvature.spectrum import NotConverged

    try:
        return plane_of(run, kind, seed), ""
    except (ValueError, NotConverged) as error:
        if kind == "random" or kind not in PLANES:
            raise
        return plane_of(run, "random", seed), f"{PLANES[kind]}: {error}. The map shows a random plane instead."


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
    saddle = saddle_of(surface)
    if saddle is None:
        return None
    if isinstance(surface, SpectralSaddle):
        z, falling = surface.modes(points), surface.unstable()
    else:
        values, vectors = _modes_at(surface, tuple(saddle.tolist()))
        z, falling = (points - saddle) @ vectors, values < 0
    return np.linalg.norm(z[..., ~falling], axis=-1), np.linalg.norm(z[..., falling], axis=-1)


def looks_along(surface: Surface, info: PathInfo, edges: Array | None = None) -> Looks:
    """Return the spectrum of the Hessian at some steps of a path, exact where the surface knows its eigenvectors."""
    n = surface.n_dims
    most = LOOKS if isinstance(surface, SpectralSaddle) else DENSE_LOOKS if n <= DENSE_DIMS else SPARSE_LOOKS
    there = np.flatnonzero(info.point_steps <= info.track.last)  # of a lean run, those whose points were kept
    looked_at = there[np.unique(np.linspace(0, len(there) - 1, most).round().astype(np.int64))]
    steps, points = info.point_steps[looked_at], info.points[looked_at]
    if isinstance(surface, SpectralSaddle):
        spectra = np.sort(surface.eigenvalues + 3 * surface.wall * surface.modes(points) ** 2, axis=-1)
        if edges is None:
            low, high = float(spectra.min()), float(spectra.max())
            room = 0.05 * (high - low) or 1.0
            edges = np.linspace(low - room, high + room, BINS + 1)
        shares = np.array([np.histogram(row, edges)[0] / n for row in spectra])
        return Looks(steps, spectra[:, 0], (spectra < 0).sum(axis=1).astype(float), edges, shares)
    from landscape.curvature.spectrum import spectrum_along

    found = spectrum_along(surface, points, steps, 1.0, n_bins=BINS)
    notes = found.notes
    if np.any(found.index_error > 0):
        notes += (f"The index is an estimate, with a standard error of up to {np.nanmax(found.index_error):.2g}.",)
    return Looks(steps, found.smallest, found.index, found.edges, found.shares, notes)


def high_dims_scene(run: Run, kind: str = "principal", *, relief: bool = False, grid: int = 51) -> Scene:
    """Return the scene of a run in many dimensions on one plane (``PLANES``), as a map or as a relief.

    The run may be lean (``experiment.run(keep=...)``): what needs points is then shown at the steps that were kept.

    Beside it loss, gradient norm and distance from the plane; distance from the saddle along the directions in which
    it falls and in which it rises; smallest eigenvalue, index and spectrum of the Hessian. Where the plane does not
    exist a random one stands for it, with a note; raises ``ValueError`` for an unknown kind.
    """
    experiment, surface = run.experiment, run.experiment.surface
    infos = gather(run)
    plane, instead = shown_plane(run, kind, experiment.seed)
    with np.errstate(all="ignore"):  # what is not finite becomes a gap
        seen = [
            path_on_plane(surface, plane, near(surface, info.points), info.values[info.point_steps]) for info in infos
        ]
    panels = [_plane_panel(surface, plane, infos, seen, relief, grid)]
    step = Axis("step", range=(0.0, float(max(experiment.n_steps, 1))))

    def panel(key: str, title: str, axis: Axis, rows: Sequence[Array], *, kept: bool = False) -> Panel:
        """Return ``rows`` against the step: at every one, or at those whose points were ``kept``."""
        layers = []
        for info, path, row in zip(infos, seen, rows, strict=True):
            steps = info.point_steps if kept else np.arange(len(info.values))
            # What points tell is told at each step that has one.
            hover = _hover(path) if len(steps) == len(info.point_steps) else {}
            shown = np.where(row > 0, row, np.nan) if axis.scale == "log" else row
            whole = len(steps) == len(info.values)
            layers.append(Path(info.track.id, steps.astype(float), shown, steps=None if whole else steps, hover=hover))
        return Panel(key, title, step, axis, tuple(layers))

    values, norms = np.array([i.values for i in infos]), np.array([i.norms for i in infos])
    middle = [
        panel("loss", "True loss", loss_axis(values), list(values)),
        panel("gradient_norm", "Gradient norm", norm_axis(norms), list(norms)),
        panel("off_plane", "Distance from the plane", Axis("distance"), [p.distance for p in seen], kept=True),
    ]
    right: list[Panel] = []
    apart = [stable_and_unstable(surface, info.points) for info in infos]
    told = [pair for pair in apart if pair is not None]
    if told:
        for key, title, k in (("unstable", "where it falls", 1), ("stable", "where it rises", 0)):
            rows = [pair[k] for pair in told]
            right.append(panel(key, f"From the saddle, {title}", Axis("distance"), rows, kept=True))
    notes = [instead, _note(plane, seen)]
    if any(np.isnan(path.distance[i.point_steps <= i.track.last]).any() for i, path in zip(infos, seen, strict=True)):
        notes.append("Where a path is more than a domain's width outside, the map leaves it out.")
    spectrum = _spectra(surface, infos, step)
    notes += ["" if told else "No saddle of this surface is known here, so no distance from one is shown."]
    notes += [spectrum[1]]
    first = [panels[0], *(p for p in spectrum[0] if p.key == "spectrum")]
    right += [p for p in spectrum[0] if p.key != "spectrum"]
    columns = tuple(tuple(p.key for p in column) for column in (first, middle, right) if column)
    return Scene(
        title=experiment.title or f"{surface.title} in {surface.n_dims:,} dimensions",
        panels=(*first, *middle, *right),
        tracks=tuple(info.track for info in infos),
        n_steps=experiment.n_steps,
        columns=columns,
        widths=(1.3, 1.0, 1.0)[: len(columns)],
        caption=caption(run),
        recipe=experiment.recipe() if surface.n_dims * len(experiment.starts) <= 1000 else {},
        query=urlencode(experiment.to_query()) if surface.n_dims * len(experiment.starts) <= 100 else "",
        notes=tuple(note for note in notes if note),
    )


def _note(plane: Plane, seen: Sequence[PlanePath]) -> str:
    farthest = max(float(np.nanmax(path.distance)) for path in seen)
    gap = max(float(np.nanmax(np.abs(path.loss - path.plane_loss))) for path in seen)
    words = (
        f"The map is a slice. Paths leave it by up to {farthest:.3g}, and the loss shown under them there is off by "
        f"up to {gap:.3g}."
    )
    if plane.explained is not None and plane.null is not None:
        words += (
            f" The two components explain {sum(plane.explained):.1%} of the paths' variance; those of as many "
            f"pure random walks explain {sum(plane.null):.1%}."
        )
    return words


def _plane_panel(
    surface: Surface, plane: Plane, infos: Sequence[PathInfo], seen: Sequence[PlanePath], relief: bool, grid: int
) -> Panel:
    a, b = fitting_axes(seen, (grid, grid))
    losses = slice_surface(surface, plane, a, b).values
    scale = LossScale.fit(losses)
    # What stands in brackets (shares of variance) is in the notes: it is too long for an axis.
    across, up = (label.split(" (")[0] for label in plane.labels)
    if relief:  # in space there is no room for long names
        across, up = "direction 1", "direction 2"
    x, y = Axis(across, range=(float(a[0]), float(a[-1]))), Axis(up, range=(float(b[0]), float(b[-1])))
    title = f"Slice: {plane.title}"
    layers: list[Layer] = []
    if relief:
        layers.append(Field(a, b, losses, "loss on the plane"))
        for info, path in zip(infos, seen, strict=True):
            at = path.coordinates
            layers.append(Path(info.track.id, at[:, 0], at[:, 1], path.plane_loss, _steps(info), _hover(path)))
        return Panel("plane", title, x, y, tuple(layers), kind="space", z=Axis("loss"))
    layers.append(scale.field(a, b, losses))
    for info, path in zip(infos, seen, strict=True):
        at = path.coordinates
        layers.append(Path(info.track.id, at[:, 0], at[:, 1], steps=_steps(info), hover=_hover(path)))
    starts = np.array([path.coordinates[0] for path in seen])
    layers.append(Points(starts[:, 0], starts[:, 1], "start", tracks=tuple(i.track.id for i in infos)))
    return Panel("plane", title, x, y, tuple(layers))


def _steps(info: PathInfo) -> NDArray[np.int64] | None:
    """Return the steps whose points are there, ``None`` where all are."""
    return None if len(info.point_steps) == len(info.values) else info.point_steps


def _hover(path: PlanePath) -> dict[str, Array]:
    return {"loss": path.loss, "loss on the plane": path.plane_loss, "distance from the plane": path.distance}


def _spectra(surface: Surface, infos: Sequence[PathInfo], step: Axis) -> tuple[list[Panel], str]:
    """Return the panels of the Hessian along the paths, and why there are none or fewer."""
    many = isinstance(surface, SpectralSaddle)
    shown = infos if many or surface.n_dims <= DENSE_DIMS else infos[:1]
    looks: list[Looks] = []
    for info in shown:
        looks.append(looks_along(surface, info))
    if many:
        # One set of bins for all paths, so that their outlines can be told apart.
        low, high = min(one.edges[0] for one in looks), max(one.edges[-1] for one in looks)
        looks = [looks_along(surface, info, np.linspace(low, high, BINS + 1)) for info in shown]
    panels = []
    for key, title, label in (
        ("smallest", "Smallest eigenvalue", "eigenvalue"),
        ("index", "Falling directions", "index"),
    ):
        rows = [one.smallest if key == "smallest" else one.index for one in looks]
        layers = tuple(
            Path(i.track.id, one.steps.astype(float), row, steps=one.steps)
            for i, one, row in zip(shown, looks, rows, strict=True)
        )
        panels.append(Panel(key, title, step, Axis(label), layers))
    outlines = tuple(
        MovingLine(
            i.track.id,
            np.tile(np.repeat(one.edges, 2)[1:-1], (len(one.steps), 1)),
            np.repeat(one.shares, 2, axis=1),
            one.steps,
            "share of eigenvalues",
            role="graph",
        )
        for i, one in zip(shown[:1], looks[:1], strict=True)
    )
    panels.append(
        Panel("spectrum", f"Hessian spectrum on {shown[0].track.group}", Axis("eigenvalue"), Axis("share"), outlines)
    )
    told = f"The Hessian is that along {shown[0].track.label}." if len(shown) < len(infos) else ""
    notes = dict.fromkeys([told, *(note for one in looks for note in one.notes)])
    return panels, " ".join(note for note in notes if note)
