"""The data that come with the package: two shipped tables and the usual toys, each made from a seed."""

from __future__ import annotations

import functools
import gzip
import inspect
import math
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.declared import Functions
from landscape.language import later, mark, tr
from landscape.surfaces.base import Array
from landscape.surfaces.networks.data import Data, table

MAX_MADE = 20_000
"""The most rows that are made on request."""

UCI = "UCI Machine Learning Repository, CC BY 4.0"


def iris(columns: Sequence[int] = (0, 1, 2, 3), standardize: bool = True) -> Data:
    """Return Fisher's 150 irises of 3 species; ``columns`` picks among sepal length and width, petal length and width.

    Each column is scaled to mean 0 and standard deviation 1 unless ``standardize`` is false.

    >>> iris().inputs.shape, iris(columns=(2, 3)).features
    ((150, 4), ('petal length', 'petal width'))
    """
    cells = _shipped("iris.csv")
    chosen = [int(c) for c in columns]
    numbers = np.array([row[:-1] for row in cells[1:]], dtype=float)
    species = [row[-1] for row in cells[1:]]
    classes = tuple(dict.fromkeys(species))
    made = Data(
        name="iris",
        title="Iris",
        inputs=numbers,
        labels=np.array([classes.index(name) for name in species]),
        classes=classes,
        features=(mark("sepal length"), mark("sepal width"), mark("petal length"), mark("petal width")),
        source=f"R. A. Fisher (1936), Iris, {UCI}, doi.org/10.24432/C56C76",
    )
    if chosen != [0, 1, 2, 3]:
        made = made.select(chosen)
    if standardize:
        made = made.standardized()
    return _named(made, "iris", columns=chosen, standardize=bool(standardize))


def digits(classes: Sequence[int] = tuple(range(10))) -> Data:
    """Return 1797 handwritten digits as 8 × 8 pictures, grey levels divided by 16; ``classes`` keeps some digits only.

    >>> data = digits()
    >>> data.inputs.shape, len(data.classes), float(data.inputs.max())
    ((1797, 64), 10, 1.0)
    """
    chosen = sorted({int(c) for c in classes})
    if len(chosen) < 2 or not 0 <= chosen[0] <= chosen[-1] <= 9:
        raise ValueError(tr("classes must be at least two of the digits 0 to 9, not {given}", given=list(classes)))
    cells = np.array(_shipped("digits.csv.gz")[1:], dtype=float)
    kept = cells[np.isin(cells[:, -1], chosen)]
    pixels: Any = tuple(later("pixel {row} {column}", row=i // 8, column=i % 8) for i in range(64))
    made = Data(
        name="digits",
        title=mark("Handwritten digits"),
        inputs=kept[:, :-1] / 16.0,
        labels=np.searchsorted(chosen, kept[:, -1]),
        classes=tuple(map(str, chosen)),
        features=pixels,
        source=f"E. Alpaydin, C. Kaynak (1998), Optical Recognition of Handwritten Digits, {UCI}, "
        "doi.org/10.24432/C50P49",
        image=(8, 8),
    )
    return _named(made, "digits", classes=chosen)


def moons(n: int = 200, noise: float = 0.15, seed: int = 0) -> Data:
    """Return two half circles of radius 1 that reach into each other, ``n`` points in all, 2 classes."""
    rng = _rng(n, 2, noise, seed)
    first = (n + 1) // 2
    angle = np.pi * np.concatenate([_even(first), _even(n - first)])
    lower = np.arange(n) >= first
    points = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    points[lower] = np.array([1.0, 0.5]) - points[lower]
    points += noise * rng.standard_normal(points.shape)
    return _plane("moons", mark("Two moons"), points, lower, n=n, noise=noise, seed=seed)


def spirals(n_classes: int = 2, n: int = 200, noise: float = 0.05, turns: float = 1.0, seed: int = 0) -> Data:
    """Return spiral arms of ``turns`` turns out to radius 1, one a class."""
    n_classes = _whole("n_classes", n_classes, 2, 8)
    rng = _rng(n, n_classes, noise, seed)
    turns = _real("turns", turns, 0.01, 5.0)
    labels = np.arange(n) % n_classes
    radius = 0.1 + 0.9 * (np.arange(n) // n_classes) / max(1, math.ceil(n / n_classes) - 1)
    angle = 2.0 * np.pi * (turns * radius + labels / n_classes)
    points = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    points += noise * rng.standard_normal(points.shape)
    settings = {"n_classes": n_classes, "n": n, "noise": noise, "turns": turns, "seed": seed}
    return _plane("spirals", mark("Spirals"), points, labels, **settings)


def blobs(n_classes: int = 4, n: int = 200, spread: float = 0.5, seed: int = 0) -> Data:
    """Return Gaussian clouds of standard deviation ``spread`` round points evenly spaced on a circle of radius 2."""
    n_classes = _whole("n_classes", n_classes, 2, 8)
    rng = _rng(n, n_classes, spread, seed)
    labels = np.arange(n) % n_classes
    angle = 2.0 * np.pi * (labels / n_classes + 0.125)
    points = 2.0 * np.stack([np.cos(angle), np.sin(angle)], axis=-1) + spread * rng.standard_normal((n, 2))
    return _plane("blobs", mark("Blobs"), points, labels, n_classes=n_classes, n=n, spread=spread, seed=seed)


def chebyshev(degree: int = 4, n: int = 20) -> Data:
    """Return the Chebyshev polynomial T_degree at ``n`` evenly spaced points of [-1, 1], to be fitted.

    >>> chebyshev(degree=2, n=3).values.ravel().tolist()
    [1.0, -1.0, 1.0]
    """
    degree, n = _whole("degree", degree, 1, 20), _whole("n", n, 2, MAX_MADE)
    x = np.linspace(-1.0, 1.0, n)
    values = np.polynomial.chebyshev.chebval(x, np.eye(degree + 1)[degree])
    title: Any = later("Chebyshev polynomial of degree {degree}", degree=degree)
    made = Data("chebyshev", title, x[:, None], values=values, features=("x",))
    return _named(made, "chebyshev", degree=degree, n=n)


def linear_map(strengths: Sequence[float] = (4.0, 2.0, 1.0, 0.5), n: int = 6, seed: int = 0) -> Data:
    """Return data that a linear map of rank len(strengths) makes: singular values ``strengths``, seeded directions.

    The n inputs are sqrt(n) times the unit vectors, so that they are white, (1/m) X X^T = I, and a mean squared error
    over them is the squared distance of the network's matrix from the map (Saxe et al. 2014, section 1).
    """
    s = np.asarray(strengths, dtype=float)
    if s.ndim != 1 or not 1 <= len(s) <= n or not (np.isfinite(s) & (s > 0.0)).all():
        raise ValueError(tr("strengths must be 1 to {n} positive numbers, not {given!r}", n=n, given=strengths))
    rng = np.random.default_rng(seed)
    left, right = (np.linalg.qr(rng.standard_normal((n, n)))[0][:, : len(s)] for _ in range(2))
    inputs = np.sqrt(n) * np.eye(n)
    made = Data("linear_map", mark("a linear map"), inputs, values=inputs @ right @ np.diag(s) @ left.T)
    return _named(made, "linear_map", strengths=s.tolist(), n=n, seed=seed)


DATA: Functions[Data] = Functions(mark("data"), Data, (blobs, moons, spirals, iris, digits, chebyshev, linear_map))
"""Name -> function that makes the data, in the order to show them."""


def data(name: str, **settings: Any) -> Data:
    """Return registered data (``ls.DATA``), or with the name "table" data made of arrays (``data.table``).

    >>> moons = data("moons", n=100, seed=1)
    >>> moons.inputs.shape, moons.classes
    ((100, 2), ('A', 'B'))

    Raises ``UnknownName`` for a name that is none, ``TypeError`` for an unknown setting.
    """
    if name == "table":
        return table(**settings)
    made = DATA.named(name)
    known = inspect.signature(made).parameters
    takes_all = any(one.kind is one.VAR_KEYWORD for one in known.values())
    for one in settings:
        if one not in known and not takes_all:
            places = {"owner": name, "name": one, "names": ", ".join(known)}
            raise TypeError(tr("{owner} has no parameter {name!r}; it has: {names}", **places))
    return made(**settings)


def rule(name: str, **settings: Any) -> dict[str, Any]:
    """Return what ``data(name, **settings).recipe()`` is, without making the data.

    >>> rule("blobs", n_classes=3) == blobs(n_classes=3).recipe()
    True
    """
    whole = inspect.signature(DATA.named(name)).bind(**settings)
    whole.apply_defaults()
    plain = {key: list(value) if isinstance(value, tuple) else value for key, value in whole.arguments.items()}
    return {"name": name, **plain}


def from_recipe(recipe: Mapping[str, Any]) -> Data:
    """Return the data that ``Data.recipe`` described; raise ``ValueError`` or ``TypeError`` where it cannot.

    >>> from_recipe(moons(n=50).recipe()) == moons(n=50)
    True
    """
    if not isinstance(recipe, Mapping) or "name" not in recipe:
        raise TypeError(tr("the recipe of data is an object with a name"))
    settings = {key: value for key, value in recipe.items() if key != "name"}
    return data(recipe["name"], **settings)


@functools.cache
def _shipped(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the cells of a shipped file, names of the columns first."""
    packed = files("landscape.surfaces.networks").joinpath("files", name).read_bytes()
    text = (gzip.decompress(packed) if name.endswith(".gz") else packed).decode("ascii")
    return tuple(tuple(line.split(",")) for line in text.splitlines())


def _named(made: Data, name: str, **settings: Any) -> Data:
    """Return the data with the recipe that makes them."""
    object.__setattr__(made, "name", name)
    object.__setattr__(made, "settings", settings)
    return made


def _plane(name: str, title: str, points: Array, labels: NDArray[Any], **settings: Any) -> Data:
    """Return points (n, 2) with classes named A, B, ..."""
    classes = tuple("ABCDEFGH"[: int(labels.max()) + 1])
    made = Data(name, title, points, labels=labels.astype(np.int64), classes=classes)
    return _named(made, name, **settings)


def _rng(n: int, n_classes: int, noise: float, seed: int) -> np.random.Generator:
    _whole("n", n, 2 * n_classes, MAX_MADE)
    _real("noise", noise, 0.0, 10.0)
    return np.random.default_rng(_whole("seed", seed, 0, 2**63))


def _real(name: str, number: Any, low: float, high: float) -> float:
    if isinstance(number, bool) or not isinstance(number, int | float | np.floating):
        raise TypeError(tr("{name} must be a number, not {number!r}", name=name, number=number))
    if not low <= number <= high:
        raise ValueError(
            tr(
                "{name} must be between {low:g} and {high:g}, not {number:g}",
                name=name,
                low=low,
                high=high,
                number=number,
            )
        )
    return float(number)


def _whole(name: str, number: Any, low: int, high: int) -> int:
    if isinstance(number, bool) or not isinstance(number, int | np.integer):
        raise TypeError(tr("{name} must be a whole number, not {number!r}", name=name, number=number))
    if not low <= number <= high:
        raise ValueError(
            tr(
                "{name} must be between {low:,} and {high:,}, not {number:,}",
                name=name,
                low=low,
                high=high,
                number=number,
            )
        )
    return int(number)


def _even(n: int) -> Array:
    return (np.arange(n) + 0.5) / n
