"""Critical points that are not isolated: whole lines of them, traced."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from landscape.curvature.definite import certain_signs
from landscape.curvature.newton import certified_many, newton_many
from landscape.curvature.point import CriticalPoint, eigensystem
from landscape.surfaces.base import Array, Domain, Surface
from landscape.surfaces.counted import Spent

STEP = 0.008
"""Distance between two points of a traced line, as a share of the domain's diagonal."""

MIN_POINTS = 4
"""Points that a line has at least."""

MAX_LINES = 100
"""Lines that are traced from given points; there may be more."""

MAX_POINTS = 1500
"""Points of one line; a longer one is cut there."""

_SHORTEST = 32  # where a line turns fast a step is shortened to this share of the usual one


def flat_directions(surface: Surface, x: Array) -> Array:
    """Return orthonormal directions without curvature at ``x`` (n,), (k, n)."""
    eigenvalues, (directions,) = eigensystem(surface, x[None])
    return directions[:, certain_signs(surface, x[None], eigenvalues, directions[None])[0] == 0].T


def neighbour(surface: Surface, x: Array, direction: Array, step: float) -> Array | None:
    """Return the critical point about ``step`` from ``x`` (n,) along ``direction``; ``None`` where there is none."""
    ends, at_rest = newton_many(surface, (x + step * direction)[None], max_steps=30)
    if not (at_rest[0] and certified_many(surface, ends)[0]):
        return None
    moved = ends[0] - x
    return ends[0] if 0.5 * step <= moved @ direction and np.linalg.norm(moved) <= 1.5 * step else None


def trace(surface: Surface, point: CriticalPoint, box: Domain) -> list[Array]:
    """Return the lines of critical points through ``point``, each (K, n) in order; none where it is isolated.

    Each is followed both ways until it leaves ``box``, ends or comes back; a closed line ends where it starts.
    """
    step = STEP * surface.domain.diagonal
    lines: list[Array] = []
    for direction in _ways(flat_directions(surface, point.x)):
        if lines and distance_to_lines((point.x + step * direction)[None], lines)[0] < step / 2:
            continue  # along one that is there
        forward = _follow(surface, point.x, direction, step, box)
        if len(forward) > 1 and np.linalg.norm(forward[-1] - point.x) < step / 100:
            lines.append(np.array(forward))
            continue
        backward = _follow(surface, point.x, -direction, step, box)
        line = np.array(backward[:0:-1] + forward)
        # Two isolated points a step apart are no line: of a line the middles between its points are critical too.
        if len(line) >= MIN_POINTS and certified_many(surface, _polished(surface, line)).all():
            lines.append(line)
    return lines


def extended(surface: Surface, lines: Sequence[Array], box: Domain) -> list[Array]:
    """Return lines (K, 2) in the plane followed on where they end inside ``box``, and joined to what they lead into.

    A valley that is much narrower than the cells of a grid is lost there for a stretch, and so is the sharp end of a
    ring. A line that leads back to its own start is closed.
    """
    left, done = list(lines), list[Array]()
    while left:
        line = left.pop(0)
        for _ in range(2):
            line = line[::-1]
            spacing = np.linalg.norm(np.diff(line[-MIN_POINTS:], axis=0), axis=-1)
            step = min(STEP * surface.domain.diagonal, 2 * float(np.median(spacing)))
            if not _may_go_on(line, box, step):
                continue
            known = _dense([*left, *done, line[:-MIN_POINTS]], step)
            try:
                path = _follow(surface, line[-1], line[-1] - line[-2], step, box, first=step / 8, known=known)[1:]
            except Spent:
                return [*done, line, *left]
            line = np.concatenate([line, *(point[None] for point in path)])
            if path and distance_to_lines(line[-1:], [known])[0] <= step:
                line = _joined(line, left, step)
        done.append(line)
    return done


def _joined(line: Array, left: list[Array], step: float) -> Array:
    """Return a line (K, 2) closed, or with what it leads into, which is taken out of ``left``; else as it is."""
    onwards = [onward for other in left for onward in (other, other[::-1])]
    gaps = np.array([np.linalg.norm(onward[0] - line[-1]) for onward in onwards])
    # Round a sharp end it may have gone on beside its own first points.
    first = line[:-MIN_POINTS][:MIN_POINTS]
    own = np.linalg.norm(first - line[-1], axis=-1)
    if own.min(initial=np.inf) <= min(2 * step, gaps.min(initial=np.inf)):
        at = int(own.argmin())
        return np.concatenate([line[at:], line[at : at + 1]])
    way = line[-1] - line[-2]
    for k in np.argsort(gaps, kind="stable"):
        begin, after = onwards[k][:2]
        if gaps[k] <= 2 * step and (way @ (begin - line[-1]) > 0 or way @ (after - begin) > 0):
            del left[k // 2]
            return np.concatenate([line, onwards[k]])
    return line


def _dense(lines: Sequence[Array], step: float) -> Array:
    """Return points (P, 2) of lines (K, 2), no further apart than half a ``step`` along each."""
    points = [np.empty((0, 2))]
    for line in lines:
        way = np.diff(line, axis=0)
        pieces = 1 + (2 * np.linalg.norm(way, axis=-1) / step).astype(int)
        share = np.arange(pieces.sum()) - np.repeat(np.cumsum(pieces) - pieces, pieces)
        piece = np.repeat(way / pieces[:, None], pieces, axis=0)
        points += [np.repeat(line[:-1], pieces, axis=0) + share[:, None] * piece, line[-1:]]
    return np.concatenate(points)


def _may_go_on(line: Array, box: Domain, step: float) -> bool:
    """Tell whether a line (K, 2) has an end, long enough to have a direction, that does not lead out of the box."""
    if len(line) < MIN_POINTS or np.array_equal(line[0], line[-1]):
        return False
    return bool(box.contains(line[-1] + step * _heading(line)))


def _heading(line: Array) -> Array:
    way = line[-1] - line[-min(4, len(line))]
    return way / np.linalg.norm(way)


def _ways(flat: Array) -> Array:
    """Return the directions in which a line may leave: those without curvature, and where two are, those between."""
    if len(flat) < 2:
        return flat
    if len(flat) == flat.shape[1]:
        flat = np.eye(len(flat))  # no direction is better than another: the axes are likely ones
    angles = np.linspace(0, np.pi, 16, endpoint=False)
    between = np.round(np.cos(angles), 15)[:, None] * flat[0] + np.sin(angles)[:, None] * flat[1]
    return np.concatenate([between, flat[2:]])


def _polished(surface: Surface, line: Array) -> Array:
    middles = (line[:-1] + line[1:])[:: max(1, len(line) // 8)] / 2
    return newton_many(surface, middles, max_steps=30)[0]


def _follow(
    surface: Surface,
    start: Array,
    direction: Array,
    step: float,
    box: Domain,
    *,
    first: float | None = None,
    known: Array | None = None,
) -> list[Array]:
    """Return the points from ``start`` on, in one direction; the start once more at the end of a closed line.

    Steps are ``step`` long, the first one ``first``, and shorter where the line turns too fast for that. It ends where
    it comes upon one of the points ``known`` (P, n).
    """
    from scipy.spatial import KDTree

    tree = KDTree(known) if known is not None and len(known) else None
    line, length, direction = [start], first or step, direction / np.linalg.norm(direction)
    while len(line) < MAX_POINTS:
        point = neighbour(surface, line[-1], direction, length)
        if point is None and (first or len(line) > 1) and length > step / _SHORTEST:
            # The line turns: it goes on along its tangent, which the last step was not.
            tangents = flat_directions(surface, line[-1])
            if len(tangents) == 1:
                direction = math.copysign(1.0, tangents[0] @ direction) * tangents[0]
            length /= 2
            continue
        if point is None:
            return line
        direction = (point - line[-1]) / np.linalg.norm(point - line[-1])
        line.append(point)
        if not box.contains(point):
            return line
        if len(line) > 3 and np.linalg.norm(point - start) < 0.75 * length:
            line[-1] = start
            return line
        if tree is not None and tree.query(point)[0] < length / 3:
            return line
        length = min(step, 2 * length)
    return line


def distance_to_lines(points: Array, lines: Sequence[Array]) -> Array:
    """Return how far points (S, n) are from the nearest point of any of the lines, (S,); infinite without lines."""
    if not len(points) or not any(map(len, lines)):
        return np.full(len(points), np.inf)
    from scipy.spatial import KDTree

    return np.asarray(KDTree(np.concatenate(lines)).query(points)[0])
