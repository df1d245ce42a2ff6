"""What moves with the playhead: as artists of a figure, and drawn straight onto the pixels of a film."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.picture.scene import Array
from landscape.picture.strokes import Dash

# Points of a line closer together than this many pixels are one: the head still stands where it belongs.
FINE = 0.4


@dataclass(frozen=True)
class Moving:
    """What changes with the playhead: Matplotlib artists, and ``show(step)`` which sets them.

    ``heads`` are drawn after the ``artists`` of all layers.
    """

    artists: Sequence[Any]
    show: Callable[[int], None]
    heads: Sequence[Any] = ()
    trail: Trail | None = None


@dataclass(frozen=True, eq=False)
class Strand:
    """Those stretches of a track that look the same: their line, its dash, and which points (n,) belong to them."""

    line: Any
    dash: Dash
    held: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Trail:
    """A track's line and head in one panel: at step s the first n = ``count(s)`` points of the line are shown.

    ``coordinates`` are x, y (and z in space) on the axes' own scales; ``heads[n - 1]`` is the point at which the head
    stands, nowhere where that is negative. There it is ``head``, or ``ring`` where ``head`` would hide one of the
    points ``critical`` (k, 2 or 3). ``beads`` are small markers along the line, and ``spacing`` says where the first is
    and how far they are apart, as shares of the panel's diagonal.
    """

    strands: tuple[Strand, ...]
    head: Any | None
    ring: Any | None
    coordinates: tuple[Array, ...]
    steps: NDArray[np.int64]
    heads: NDArray[np.int64]
    critical: Array
    beads: Any | None = None
    spacing: tuple[float, float] = (0.0, 1.0)

    def count(self, step: int) -> int:
        """Return how many points are shown at ``step``."""
        return int(np.searchsorted(self.steps, step, side="right"))

    def head_at(self, step: int) -> int:
        """Return the point at which the head stands at ``step``, -1 for none."""
        n = self.count(step)
        return int(self.heads[n - 1]) if n else -1

    def show(self, step: int) -> None:
        """Set the artists."""
        n = self.count(step)
        for strand in self.strands:
            _set(strand.line, *(np.where(strand.held, values, np.nan)[:n] for values in self.coordinates))
        if self.beads is not None:
            marks = self.marks[self.marks < n]
            _set(self.beads, *(values[marks] for values in self.coordinates))
        at = self.head_at(step)
        shown = self.head_artist(at)
        for artist in self.head_artists:
            _set(artist, *(values[[at]] if artist is shown else [] for values in self.coordinates))

    @property
    def head_artists(self) -> tuple[Any, ...]:
        """The artists of which one at most is shown."""
        return tuple(artist for artist in (self.head, self.ring) if artist is not None)

    def head_artist(self, at: int) -> Any | None:
        """Return what stands at point ``at``: head, ring, or nothing."""
        return None if at < 0 else self.ring if self.ring is not None and self.covers[at] else self.head

    @cached_property
    def covers(self) -> NDArray[np.bool_]:
        """Whether a head at each point (n,) would hide a critical point."""
        assert self.head is not None  # where there is a ring, there is a head
        reach = self.head.get_markersize() * self.head.figure.dpi / 72
        near = np.zeros(len(self.pixels), dtype=bool)
        for place in self._on_page(tuple(self.critical.T)):
            near |= np.hypot(*(self.pixels - place).T) < reach
        return near

    @cached_property
    def pixels(self) -> Array:
        """The points (n, 2) on the page. Call it when the panel has its place for good."""
        return self._on_page(self.coordinates)

    def _on_page(self, coordinates: tuple[Array, ...]) -> Array:
        ax, (x, y) = self.strands[0].line.axes, coordinates[:2]
        ax.apply_aspect()
        if len(coordinates) == 3:
            from mpl_toolkits.mplot3d import proj3d

            x, y, _ = proj3d.proj_transform(*coordinates, ax.get_proj())
        return np.ma.filled(ax.transData.transform(np.column_stack([x, y])), np.nan)

    @cached_property
    def marks(self) -> NDArray[np.int64]:
        """The points that have a small marker: evenly spaced along what is seen of the line."""
        box = self.strands[0].line.axes.bbox
        diagonal = float(np.hypot(*box.size))
        seen = np.all((self.pixels >= box.min - 1) & (self.pixels <= box.max + 1), axis=1)
        return spaced(np.where(seen[:, None], self.pixels, np.nan), *(share * diagonal for share in self.spacing))

    def moving(self) -> Moving:
        """Return line and head as what moves."""
        beads = () if self.beads is None else (self.beads,)
        return Moving((*(strand.line for strand in self.strands), *beads), self.show, self.head_artists, self)


def _set(line: Any, *values: Any) -> None:
    line.set_data_3d(*values) if len(values) == 3 else line.set_data(*values)


class Tracer:
    """Draws one trail straight onto pixels: a frame of a film asks no artist to work out its place again.

    Make it when the canvas has its layout for good.
    """

    def __init__(self, trail: Trail, renderer: Any) -> None:
        self._trail = trail
        self._strands = [_StrandTracer(strand, trail, renderer) for strand in trail.strands]
        self._bead = None if trail.beads is None else _Stamp(trail.beads, renderer)
        self._heads = {artist: _Stamp(artist, renderer) for artist in trail.head_artists}

    def draw_line(self, renderer: Any, step: int) -> None:
        """Draw the line up to ``step``."""
        shown = self._trail.count(step)
        for strand in self._strands:
            strand.draw(renderer, shown)
        if self._bead is not None:
            marks = self._trail.marks[self._trail.marks < shown]
            if marks.size:
                self._bead.draw(renderer, self._trail.pixels[marks])

    def draw_head(self, renderer: Any, step: int) -> None:
        """Draw the head at ``step``, if there is one in the panel."""
        at = self._trail.head_at(step)
        artist = self._trail.head_artist(at)
        if artist is not None:
            self._heads[artist].draw(renderer, self._trail.pixels[[at]])


class _StrandTracer:
    """Draws the stretches of one look."""

    def __init__(self, strand: Strand, trail: Trail, renderer: Any) -> None:
        line, pixels = strand.line, np.where(strand.held[:, None], trail.pixels, np.nan)
        self._kept = thinned(pixels, FINE)
        self._points = pixels[self._kept]
        self._effects = line.get_path_effects()
        self._gc = _context(line, renderer)
        self._gc.set_foreground(line.get_color())
        self._gc.set_linewidth(line.get_linewidth())
        self._gc.set_dashes(0, [length * line.get_linewidth() for length in strand.dash] or None)
        self._gc.set_capstyle(line.get_dash_capstyle() if strand.dash else line.get_solid_capstyle())
        self._gc.set_joinstyle(line.get_dash_joinstyle() if strand.dash else line.get_solid_joinstyle())

    def draw(self, renderer: Any, shown: int) -> None:
        """Draw what of the first ``shown`` points of the track belongs to the strand."""
        from matplotlib.path import Path
        from matplotlib.patheffects import PathEffectRenderer
        from matplotlib.transforms import IdentityTransform

        n = int(np.searchsorted(self._kept, shown))
        if n >= 2:
            pen = PathEffectRenderer(self._effects, renderer) if self._effects else renderer
            pen.draw_path(self._gc, Path(self._points[:n]), IdentityTransform())


def thinned(points: Array, least: float) -> NDArray[np.int64]:
    """Return the indices of points (n, 2) that lie in another cell of a grid of width ``least`` than the one before.

    Gaps (NaN) stay, and the last point.
    """
    cells = np.floor(points / least)
    moved = np.ones(len(points), dtype=bool)
    moved[1:] = np.any((cells[1:] != cells[:-1]), axis=1)  # NaN differs from everything
    if len(moved):
        moved[-1] = True
    return np.flatnonzero(moved)


def spaced(points: Array, offset: float, every: float) -> NDArray[np.int64]:
    """Return the indices of points (n, 2) at lengths ``offset``, ``offset + every``, ... along their line.

    The line has no length where it has a gap (NaN).
    """
    if not len(points):
        return np.zeros(0, dtype=np.int64)
    lengths = np.hypot(*np.diff(points, axis=0, prepend=points[:1]).T)
    along = np.cumsum(np.nan_to_num(lengths, nan=0.0))
    found = np.unique(np.searchsorted(along, np.arange(offset, along[-1], every)))
    return found[np.all(np.isfinite(points[found]), axis=1)]


def _context(artist: Any, renderer: Any) -> Any:
    """Return a graphics context with the artist's clipping."""
    gc = renderer.new_gc()
    if artist.get_clip_on():
        gc.set_clip_rectangle(artist.get_clip_box())
        gc.set_clip_path(artist.get_clip_path())
    gc.set_antialiased(True)
    return gc


class _Stamp:
    """The marker of an artist, ready to be drawn at any place."""

    def __init__(self, artist: Any, renderer: Any) -> None:
        from matplotlib.colors import to_rgba
        from matplotlib.markers import MarkerStyle
        from matplotlib.transforms import Affine2D

        style, size = MarkerStyle(artist.get_marker()), renderer.points_to_pixels(artist.get_markersize())
        snap = style.get_snap_threshold()
        self._effects = artist.get_path_effects()
        self._gc = _context(artist, renderer)
        self._gc.set_foreground(artist.get_markeredgecolor())
        self._gc.set_linewidth(artist.get_markeredgewidth())
        self._gc.set_joinstyle(style.get_joinstyle())
        self._gc.set_capstyle(style.get_capstyle())
        self._gc.set_snap(None if snap is None else size >= snap)
        self._shape = style.get_path().transformed(style.get_transform())
        self._size = Affine2D().scale(size)
        self._face = to_rgba(artist.get_markerfacecolor())

    def draw(self, renderer: Any, places: Array) -> None:
        """Draw the marker at places (n, 2) in pixels."""
        from matplotlib.path import Path
        from matplotlib.patheffects import PathEffectRenderer
        from matplotlib.transforms import IdentityTransform

        pen = PathEffectRenderer(self._effects, renderer) if self._effects else renderer
        pen.draw_markers(self._gc, self._shape, self._size, Path(places), IdentityTransform(), self._face)
