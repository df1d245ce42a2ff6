"""Lines and heads drawn straight onto pixels: a frame of a film asks no artist to work out its place again."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.render.pen import Trail
from landscape.scenes.base import Array

# Points of a line closer together than this many pixels are one: the head still stands where it belongs.
FINE = 0.4


class Tracer:
    """Draws one track up to a step, at its place on a canvas that no longer changes its layout.

    Make it when the line holds all its points and has been drawn once, so that points in space know their place.
    """

    def __init__(self, trail: Trail, renderer: Any) -> None:
        from matplotlib.markers import MarkerStyle

        line = trail.line
        transformed = line.get_transform().transform_path(line.get_path())
        self._places: Array = np.ma.filled(transformed.vertices.astype(float), np.nan)
        self._all_steps, self._heads = trail.steps, trail.heads
        kept = thinned(self._places, FINE)
        self._points, self._steps = self._places[kept], trail.steps[kept]
        self._effects = line.get_path_effects()
        self._gc = _context(line, renderer)
        self._gc.set_foreground(line.get_color())
        self._gc.set_linewidth(line.get_linewidth())
        self._gc.set_dashes(0, [length * line.get_linewidth() for length in trail.dash] or None)
        self._gc.set_capstyle(line.get_dash_capstyle() if trail.dash else line.get_solid_capstyle())
        self._gc.set_joinstyle(line.get_dash_joinstyle() if trail.dash else line.get_solid_joinstyle())
        self._marks = np.zeros(0, dtype=np.int64)
        if trail.marks is not None:
            diagonal = float(np.hypot(*line.axes.bbox.size))
            self._marks = spaced(self._points, *(share * diagonal for share in trail.marks))
            self._mark_style = MarkerStyle(line.get_marker()), line
        self._head_style = None if trail.head is None else (MarkerStyle(trail.head.get_marker()), trail.head)

    def draw_line(self, renderer: Any, step: int) -> None:
        """Draw the line up to ``step``."""
        from matplotlib.path import Path
        from matplotlib.patheffects import PathEffectRenderer
        from matplotlib.transforms import IdentityTransform

        n = int(np.searchsorted(self._steps, step, side="right"))
        if n >= 2:
            pen = PathEffectRenderer(self._effects, renderer) if self._effects else renderer
            pen.draw_path(self._gc, Path(self._points[:n]), IdentityTransform())
        marks = self._marks[self._marks < n]
        if marks.size:
            _draw_markers(renderer, self._points[marks], *self._mark_style)

    def draw_head(self, renderer: Any, step: int) -> None:
        """Draw the head at ``step``, if there is one in the panel."""
        n = int(np.searchsorted(self._all_steps, step, side="right"))
        if self._head_style is not None and n and self._heads[n - 1] >= 0:
            _draw_markers(renderer, self._places[self._heads[n - 1]][None], *self._head_style)


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
    """Return the indices of points (n, 2) at lengths ``offset``, ``offset + every``, ... along their line."""
    lengths = np.hypot(*np.diff(points, axis=0, prepend=points[:1]).T)
    along = np.cumsum(np.nan_to_num(lengths, nan=0.0))
    if not along.size or not np.isfinite(along[-1]):
        return np.zeros(0, dtype=np.int64)
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


def _draw_markers(renderer: Any, places: Array, style: Any, artist: Any) -> None:
    from matplotlib.path import Path
    from matplotlib.transforms import IdentityTransform

    gc = _context(artist, renderer)
    gc.set_foreground(artist.get_markeredgecolor())
    gc.set_linewidth(artist.get_markeredgewidth())
    gc.set_joinstyle(style.get_joinstyle())
    gc.set_capstyle(style.get_capstyle())
    size = renderer.points_to_pixels(artist.get_markersize())
    gc.set_snap(size >= style.get_snap_threshold() if style.get_snap_threshold() is not None else None)
    shape = style.get_transform().scale(size)
    face = _rgba(artist.get_markerfacecolor())
    renderer.draw_markers(gc, style.get_path(), shape, Path(places), IdentityTransform(), face)
    gc.restore()


def _rgba(color: Any) -> tuple[float, float, float, float]:
    from matplotlib.colors import to_rgba

    return to_rgba(color)
