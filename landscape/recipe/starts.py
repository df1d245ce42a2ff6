"""Where paths begin, as the rule that makes the points: a recipe keeps the rule, and the points follow from it.

A rule knows how many points it makes before it makes them, and is written the same way whatever its kind: as JSON
``{"name": "random", "n": 4, "seed": 0}``, in a URL ``random:4,seed:0``, in a script ``ls.Random(n=4, seed=0)``. Points
that somebody gave are a rule too, ``Given``, but one without a name: they are written as they are.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike

from landscape.declared import Declared, Registry
from landscape.language import mark, tr
from landscape.parameter import ROWS, parameter
from landscape.recipe.given import numbers, whole
from landscape.recipe.points import (
    MAX_STARTS,
    SADDLE_DIMS,
    declared_saddles,
    grid_sides,
    grid_starts,
    known_saddle,
    random_starts,
    stable_directions,
    stable_manifold_starts,
)
from landscape.surfaces.base import Array, Surface

MAX_NUMBERS = 500_000_000
"""The most coordinates that a rule makes, of all its points (4 GB)."""

Point = tuple[float, ...]


@runtime_checkable
class HasStarts(Protocol):
    """A surface that draws its own random starts, as networks do."""

    def starts(self, n: int, seed: int = 0) -> Array:
        """Return ``n`` points (n, n_dims)."""


@dataclass(frozen=True)
class Starts(Declared):
    """A rule that makes start points on a surface; a recipe keeps the rule, and the points follow from it.

    One of your own is a frozen dataclass with ``key``, ``title``, ``count(surface)`` and ``on(surface)``, registered by
    ``ls.register``. The fields of a final class are numbers, or rows of numbers (``parameter.ROWS``); in a URL the
    first one stands right after the name.
    """

    @abstractmethod
    def count(self, surface: Surface) -> int:
        """Return how many points there are on ``surface``, without making them.

        Raises ``ValueError`` where the rule makes none there.
        """

    @abstractmethod
    def on(self, surface: Surface) -> Array:
        """Return the points on ``surface``, (count, n_dims)."""

    def recipe(self) -> Any:
        made = {name: list(value) if isinstance(value, tuple) else value for name, value in super().recipe().items()}
        return {name: value for name, value in made.items() if value is not None}


@dataclass(frozen=True, eq=False, repr=False)
class Given(Starts):
    """The points themselves, (S, n). It reads like the tuple of its points: length, places, ``==``.

    >>> Given([[1.0, 2.0], [3.0, 4.0]])[1]
    (3.0, 4.0)
    """

    points: tuple[Point, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "points", tuple(map(tuple, _rows(self.points).tolist())))

    def __repr__(self) -> str:
        """Return the points, or where these are many numbers how many of them there are."""
        n_points, n_dims = len(self.points), len(self.points[0])
        if n_points * n_dims <= 24:
            return f"Given({self.points})"
        return tr("<Given: {points} points of {n} numbers>", points=n_points, n=n_dims)

    def count(self, surface: Surface) -> int:
        """Return the number of points; raise ``ValueError`` where they have another number of coordinates."""
        n_coordinates = len(self.points[0])
        if n_coordinates != surface.n_dims:
            places = {"n": n_coordinates, "dims": surface.n_dims}
            raise ValueError(tr("each start has {n} coordinates; the surface has {dims}", **places))
        return len(self.points)

    def on(self, surface: Surface) -> Array:
        return surface.points(self.points)

    def recipe(self) -> Any:
        return [list(point) for point in self.points]

    def __len__(self) -> int:
        return len(self.points)

    def __iter__(self) -> Iterator[Point]:
        return iter(self.points)

    def __getitem__(self, place: Any) -> Any:
        return self.points[place]

    def __eq__(self, other: object) -> bool:
        return self.points == (other.points if isinstance(other, Given) else other)

    def __hash__(self) -> int:
        return hash(self.points)


@dataclass(frozen=True)
class Random(Starts):
    """``n`` points drawn by ``seed``: uniformly from the domain, or as the surface draws its own, as networks do.

    >>> import landscape as ls
    >>> Random(3, seed=1).on(ls.surface("himmelblau")).shape
    (3, 2)
    """

    n: int = parameter(8, 1, 200, mark("number of starts"), integer=True, minimum=1, maximum=MAX_STARTS)
    seed: int = parameter(0, 0, 100, mark("which draw"), integer=True, minimum=0)

    key, title = "random", mark("At random")

    def count(self, surface: Surface) -> int:
        return self.n

    def on(self, surface: Surface) -> Array:
        if isinstance(surface, HasStarts):
            return surface.starts(self.n, self.seed)
        return random_starts(surface.domain, self.n, self.seed)


@dataclass(frozen=True)
class Grid(Starts):
    """The middles of equal cells of the domain: ``shape`` cells along every axis, or (k1, k2, ...) along each.

    >>> import landscape as ls
    >>> Grid((3, 2)).count(ls.surface("himmelblau"))
    6
    """

    shape: int | tuple[int, ...] = field(default=3, metadata=ROWS)

    key, title = "grid", mark("On a grid")

    def __post_init__(self) -> None:
        if isinstance(self.shape, Sequence) and not isinstance(self.shape, str):
            sides = tuple(whole("shape", side, 1) for side in self.shape)
            object.__setattr__(self, "shape", sides)
        else:
            object.__setattr__(self, "shape", whole("shape", self.shape, 1))

    def count(self, surface: Surface) -> int:
        return math.prod(grid_sides(surface, self.shape))

    def on(self, surface: Surface) -> Array:
        return grid_starts(surface, self.shape)


@dataclass(frozen=True)
class Beside(Starts):
    """One start, ``offset`` away from ``point`` in a direction that ``seed`` draws, the same in all directions.

    x = point + offset u with u = z / |z|, z ~ N(0, I). Without a point it is the saddle that the surface is known to
    have; a recipe is refused with a ``ValueError`` where it has none.

    >>> import landscape as ls
    >>> start = Beside(0.01).on(ls.surface("two_point_saddle", 100))
    >>> start.shape, round(float(np.linalg.norm(start)), 12)
    ((1, 100), 0.01)
    """

    offset: float = parameter(0.01, 1e-6, 10.0, mark("distance"), log=True, minimum=1e-300, maximum=100.0)
    seed: int = parameter(0, 0, 100, mark("which direction"), integer=True, minimum=0)
    point: Point | None = field(default=None, metadata=ROWS)

    key, title = "beside", mark("Beside a point")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.point is not None:
            object.__setattr__(self, "point", Given((self.point,)).points[0])

    def count(self, surface: Surface) -> int:
        """Return 1; raise ``ValueError`` where there is no such point to be beside of."""
        self._middle(surface)
        return 1

    def on(self, surface: Surface) -> Array:
        drawn = np.random.default_rng(self.seed).standard_normal(surface.n_dims)
        return np.atleast_2d(self._middle(surface) + self.offset / np.linalg.norm(drawn) * drawn)

    def _middle(self, surface: Surface) -> Array:
        if self.point is not None:
            return surface.points(self.point)
        saddle = known_saddle(surface)
        if saddle is None:
            message = tr("no saddle of {surface} is known here; start from a random point", surface=surface.title)
            raise ValueError(message)
        return saddle


@dataclass(frozen=True)
class IntoSaddle(Starts):
    """Points from which gradient flow runs into the declared saddles, moved ``offset`` off that line.

    Two for each direction of positive curvature of every declared saddle, ``share`` of the domain's shortest side
    away (``points.stable_manifold_starts``). A recipe is refused with a ``ValueError`` where no saddle is declared,
    and above ``points.SADDLE_DIMS`` dimensions.

    >>> import landscape as ls
    >>> IntoSaddle(1e-6).on(ls.surface("saddle")).shape
    (2, 2)
    """

    offset: float = parameter(1e-6, 0.0, 1.0, mark("distance from the stable manifold"), minimum=0.0, maximum=100.0)
    share: float = parameter(0.3, 0.01, 0.5, mark("of the domain's shortest side"), minimum=1e-6, maximum=10.0)

    key, title = "into_saddle", mark("Into the saddle")

    def count(self, surface: Surface) -> int:
        """Return two for each direction; raise ``ValueError`` where no saddle is declared."""
        if surface.n_dims > SADDLE_DIMS:
            raise ValueError(tr("lines into a saddle are followed in up to {most:,} dimensions", most=SADDLE_DIMS))
        saddles = declared_saddles(surface)
        if not saddles:
            raise ValueError(tr("no saddle of {surface} is known here", surface=surface.title))
        return 2 * sum(len(stable_directions(surface, saddle)) for saddle in saddles)

    def on(self, surface: Surface) -> Array:
        self.count(surface)
        ends = [stable_manifold_starts(surface, one, self.offset, self.share) for one in declared_saddles(surface)]
        return np.concatenate(ends)


STARTS: Registry[Starts] = Registry(mark("rule for starts"), Starts, (Random, Grid, Beside, IntoSaddle))
"""Name -> rule. Only points that were given are in no need of a name."""


def starts_from_recipe(recipe: Any) -> Starts:
    """Return the rule that ``Starts.recipe`` described: one by its name, or the list of points that were given."""
    if isinstance(recipe, Sequence) and not isinstance(recipe, str):
        return Given(tuple(recipe))
    return STARTS.from_recipe(recipe)


def a_rule(given: Starts | ArrayLike, surface: Surface) -> Starts:
    """Return a rule that makes points on ``surface``, or the points that were given as one.

    Raises ``ValueError`` or ``TypeError`` for a rule that makes none there, and for what ``start_points`` refuses.
    """
    rule = given if isinstance(given, Starts) else Given(tuple(map(tuple, start_points(surface, given).tolist())))
    n_starts = rule.count(surface)
    if n_starts * surface.n_dims > MAX_NUMBERS:
        raise ValueError(
            tr(
                "{n:,} starts in {dims:,} dimensions do not fit in memory; at most {most:,} do",
                n=n_starts,
                dims=surface.n_dims,
                most=MAX_NUMBERS // surface.n_dims,
            )
        )
    return rule


def start_points(surface: Surface, starts: Starts | ArrayLike) -> Array:
    """Return the points (S, n) of a rule, or those given: (S, n), one point (n,), in one dimension bare numbers (S,).

    On a surface that lives on a sphere they are moved to it.
    """
    if isinstance(starts, Starts):
        return surface.retract(a_rule(starts, surface).on(surface))
    x = numbers("starts", starts)
    return surface.retract(surface.points(_rows(x.reshape(-1, 1) if surface.n_dims == 1 and x.ndim <= 1 else x)))


def _rows(given: ArrayLike) -> Array:
    """Return points as an array (S, n) of finite numbers; raise ``ValueError`` or ``TypeError`` else."""
    rows = np.atleast_2d(numbers("starts", given))
    if rows.size == 0:
        raise ValueError(tr("starts must hold at least one point"))
    if rows.ndim != 2:
        shape = rows.shape
        raise ValueError(tr("starts must be an array of shape (S, n) with S at least 1, not {shape}", shape=shape))
    finite = np.isfinite(rows)
    if not finite.all():
        bad = np.flatnonzero(~finite.all(axis=1))
        raise ValueError(tr("start {n} is not finite: {point}", n=bad[0], point=rows[bad[0]].tolist()))
    return rows
