"""Where training works, by two learning rates: the boundary of a network's and that of least squares."""

from __future__ import annotations

import math

import numpy as np

from landscape import stopping
from landscape.analysis.box_dimension import boundary, box_dimension
from landscape.claims.base import Claim, Measurement, Question, Result, Settings, Share, Tolerance, number
from landscape.claims.walking import descended
from landscape.language import mark, tr
from landscape.picture.scene import Axis, Field, Panel

HIDDEN, EXAMPLES, STEPS = 3, 3, 300
"""The network v . tanh(w z) has so many hidden units and examples z, and is trained for so long."""
PIXELS, COARSE, NARROWER = 128, 64, 8
"""Pixels of the map on a side and of the maps in which the next window is looked for, each so many times narrower."""
RATES = (-1.0, 3.0)
"""Decimal logarithms of the learning rates of the first window."""
LEAST_SQUARES = np.array([[1.0, 0.6], [0.6, 2.0]])
"""The Hessian of the problem that is compared; its window of rates is ``SMOOTH``."""
SMOOTH = (-0.5, 0.5)

Window = tuple[float, float, float, float]

DIMENSION, SMOOTH_DIMENSION, AGREES = (
    mark("dimension of the network's boundary"),
    mark("dimension of the boundary of least squares"),
    mark("pixels of least squares that are not as their eigenvalues say"),
)


def _grid(window: Window, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the rates of both layers (n^2,), row by row from the lowest second rate."""
    first, second = np.meshgrid(np.linspace(*window[:2], n), np.linspace(*window[2:], n))
    return 10.0 ** first.ravel(), 10.0 ** second.ravel()


def _network(seed: int, window: Window, n: int) -> np.ndarray:
    """Return the last loss over the first (n, n) of a network drawn by ``seed``, for every pair of learning rates."""
    z, y, w0, v0 = np.split(np.random.default_rng([seed, 30]).standard_normal(2 * EXAMPLES + 2 * HIDDEN), 4)
    grids = _grid(window, n)
    ratios = []
    # Rows of pixels that stay in the processor's cache.
    for first, second in zip(*(np.array_split(rates, max(n * n // 2048, 1)) for rates in grids), strict=True):
        rates = np.stack([first, second])[:, None]
        x = np.broadcast_to(np.stack([w0, v0])[..., None], (2, HIDDEN, len(first)))
        with np.errstate(over="ignore", invalid="ignore"):
            for t in range(STEPS + 1):
                stopping.check()
                loss, gradient = _loss_and_gradient(x, z, y)
                if t == 0:
                    start = loss
                x = descended(x, gradient, rates)
            ratios.append(loss / start)
    return np.concatenate(ratios).reshape(n, n)


def _loss_and_gradient(x: np.ndarray, z: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the mean squared error of v . tanh(w z) against y, and its gradient, for x = (w, v) of (2, hidden, P)."""
    w, v = x
    loss, gradient = np.zeros(x.shape[-1]), np.zeros_like(x)
    for at, target in zip(z, y, strict=True):
        active = np.tanh(w * at)
        off = (v * active).sum(axis=0) - target
        loss += off * off / (2 * len(z))
        gradient[0] += off * v * (1.0 - active * active) * at / len(z)
        gradient[1] += off * active / len(z)
    return loss, gradient


def _least_squares(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return which pairs of rates converge on least squares (n, n), by running them and by their eigenvalues."""
    from landscape.theory.trainability import converges

    rates = np.stack(_grid((*SMOOTH, *SMOOTH), n), axis=-1)
    x = np.ones_like(rates)
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(4 * STEPS):
            stopping.check()
            x = descended(x, x @ LEAST_SQUARES, rates)
        ran = (np.abs(x) < 1.0).all(axis=-1)
    return ran.reshape(n, n), converges(LEAST_SQUARES, rates).reshape(n, n)


def _window(seed: int, zoom: int) -> Window:
    """Return the window that is narrowed ``zoom`` times to the eighth in which the most of the boundary lies."""
    window: Window = (*RATES, *RATES)
    for _ in range(zoom):
        edge = boundary(_network(seed, window, COARSE) < 1.0)
        cells = edge.reshape(NARROWER, COARSE // NARROWER, NARROWER, COARSE // NARROWER).sum(axis=(1, 3))
        row, column = (int(k) for k in np.unravel_index(cells.argmax(), cells.shape))
        wide, high = (window[1] - window[0]) / NARROWER, (window[3] - window[2]) / NARROWER
        left, low = window[0] + column * wide, window[2] + row * high
        window = (left, left + wide, low, low + high)
    return window


def _trained(seed: int, progress: Share, settings: Settings) -> Measurement:
    window = _window(seed, settings["zoom"])
    progress(0.3)
    ratio = _network(seed, window, PIXELS)
    progress(0.9)
    ran, told = _least_squares(PIXELS)
    return Measurement(
        {
            DIMENSION: box_dimension(boundary(ratio < 1.0)),
            SMOOTH_DIMENSION: box_dimension(boundary(ran)),
            AGREES: float((ran != told).sum()),
        },
        details={"ratio": ratio, "window": window, "ran": ran},
    )


def _map(key: str, title: str, window: Window, shade: np.ndarray, label: str, axes: tuple[str, str]) -> Panel:
    n = len(shade)
    x, y = np.linspace(*window[:2], n), np.linspace(*window[2:], n)
    field = Field(x, y, shade, label, cells=True, palette="diverging", color_range=(-6.0, 6.0))
    return Panel(
        key,
        title,
        Axis(axes[0], range=window[:2]),
        Axis(axes[1], range=window[2:]),
        (field,),
    )


def _trained_scene(result: Result) -> tuple[Panel, ...]:
    ratio = result.details["ratio"]
    finite = np.where(np.isfinite(ratio), np.maximum(ratio, 1e-6), 1e6)
    label = tr("log₁₀ (last loss / first)")
    return (
        _map(
            "network",
            tr("a small network"),
            result.details["window"],
            np.log10(np.minimum(finite, 1e6)),
            label,
            (tr("log₁₀ of the first layer's rate"), tr("log₁₀ of the second layer's rate")),
        ),
        _map(
            "least squares",
            tr("least squares"),
            (*SMOOTH, *SMOOTH),
            np.where(result.details["ran"], -6.0, 6.0),
            label,
            (tr("log₁₀ of the first rate"), tr("log₁₀ of the second rate")),
        ),
    )


TRAINABILITY = Claim(
    key="trainability",
    title=mark("The edge between training and diverging is ragged"),
    statement=mark(
        "Pairs of learning rates that train a network are divided from those that do not by a boundary that "
        "stays ragged as one looks closer; for least squares it is a smooth curve."
    ),
    point="learning rates",
    measuring=_trained,
    expecting=lambda settings: {DIMENSION: 1.15, SMOOTH_DIMENSION: 1.0, AGREES: 0.0},
    tolerance=Tolerance("absolute", 0.1),
    tolerances={
        DIMENSION: Tolerance("at least", 1e-12),
        # Beside the curve a run needs longer than it is given.
        AGREES: Tolerance("at most", math.ceil(0.001 * PIXELS**2)),
    },
    drawing=_trained_scene,
    question=Question(
        mark(
            "A network has one learning rate a layer. Colour each pair of rates by whether training converges, then "
            "look closer and closer at the edge between both. What is seen?"
        ),
        lambda result: 1.5 if result.measured[DIMENSION] > 1.15 else 1.0,
        {mark("a smooth line, straighter the closer"): 1.0, mark("more and more detail"): 1.5},
    ),
    explanation=(
        mark(
            "A training run is a map applied again and again, and the question is whether it stays bounded, as for "
            "Julia sets. For least squares the map is linear: it converges exactly where the largest eigenvalue of √D "
            "H √D, with the rates in D, is below 2, and that is a smooth curve."
        ),
        mark(
            "A pair of rates counts as training where the loss after 300 steps is below the first. Measured is the box "
            "dimension of what is seen in one window of 128 × 128 pixels: 1 is a curve, 2 an area. It depends on "
            "network and window and is no constant of nature: of 40 networks drawn, one showed a smooth curve in such "
            "a window. In practice: near the largest rate that works, the next digit may decide."
        ),
    ),
    references=("J. Sohl-Dickstein, The boundary of neural network trainability is fractal, 2024",),
    cost="seconds",
    parameters=(number("zoom", 3, 2, 5, mark("how often the window is narrowed to an eighth"), integer=True),),
)
