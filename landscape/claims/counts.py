"""Landscapes whose critical points are all known: separable ones and the linear autoencoder (THEORY 3 and 5)."""

from __future__ import annotations

import itertools
import math

import numpy as np

from landscape.claims.base import Claim, Measurement, Named, Question, Result, Settings, Share, Tolerance, number
from landscape.claims.pictures import chart
from landscape.language import mark, tr
from landscape.picture.scene import Axis, Panel


def _points_of(index: int) -> str:
    return Named(mark("points of index {index}"), index=index)


def _separable(seed: int, progress: Share, settings: Settings) -> Measurement:
    """Find the roots on one axis, put them together in n dimensions, and take the index from the Hessian there."""
    from landscape.analysis.critical_points import critical_points
    from landscape.surfaces.families import family

    n = settings["dimensions"]
    roots = [point.x[0] for point in critical_points(family("styblinski_tang", 1))]
    surface = family("styblinski_tang", n)
    points = np.array(list(itertools.product(roots, repeat=n)))
    norms = np.linalg.norm(surface.gradient(points), axis=1)
    indices = (np.linalg.eigvalsh(surface.hessian(points)) < 0).sum(axis=1)
    counts = np.bincount(indices[norms < 1e-6], minlength=n + 1)
    found = {_points_of(k): float(c) for k, c in enumerate(counts)}
    return Measurement(
        found | {mark("share of minima"): counts[0] / counts.sum()},
        details={"values": surface.value(points), "indices": indices},
    )


def _binomial(settings: Settings) -> dict[str, float]:
    n = settings["dimensions"]
    found = {_points_of(k): float(math.comb(n, k) * 2 ** (n - k)) for k in range(n + 1)}
    return found | {"share of minima": (2 / 3) ** n}


def _by_index(result: Result) -> tuple[Panel, ...]:
    n = int(result.settings["dimensions"])
    counts = [c.measured for c in result.checks[:-1]]
    left = chart(
        "counts",
        tr("{count} critical points by index", count=3**n),
        Axis(tr("index: how many directions fall")),
        Axis(tr("number of points")),
        (np.arange(n + 1), counts),
        (np.arange(n + 1), [c.expected for c in result.checks[:-1]]),
    )
    right = chart(
        "heights",
        tr("the higher, the more directions fall"),
        Axis(tr("loss")),
        Axis(tr("index")),
        (result.details["values"], result.details["indices"]),
    )
    return left, right


SEPARABLE = Claim(
    key="separable",
    title=mark("A surface with 3ᴺ critical points, counted"),
    statement=mark(
        "Styblinski and Tang's surface has C(N, k) 2ᴺ⁻ᵏ critical points of index k; the share of minima is (2/3)ᴺ."
    ),
    point="(a)",
    measuring=_separable,
    expecting=_binomial,
    tolerance=Tolerance("absolute", 1e-9),
    drawing=_by_index,
    question=Question(
        mark(
            "Along each axis the surface has two minima and one maximum between them. In 4 dimensions, which share of "
            "its critical points are minima?"
        ),
        lambda result: result.measured["share of minima"] ** (4 / result.settings["dimensions"]),
        {mark("two thirds"): 2 / 3, mark("one half"): 1 / 2, mark("one fifth"): 1 / 5, mark("one in 81"): 1 / 81},
    ),
    explanation=(
        mark(
            "f = (1/2) Σ (xᵢ⁴ − 16 xᵢ² + 5 xᵢ) falls apart into its axes. On each, f' = 2 x³ − 16 x + 5/2 has three "
            "roots: minima at −2.9035 and 2.7468, a maximum at .1567. A critical point is one root for each axis, and "
            "its index is the number of maxima among them. The roots are found numerically, and gradient and Hessian "
            "are taken in all N dimensions."
        ),
        mark(
            "Even where there is nothing random, saddles win by counting alone: of every three choices along an axis "
            "one falls. And the height follows the index: each maximum among the choices lifts the point."
        ),
    ),
    references=("M. A. Styblinski, T.-S. Tang, Experiments in nonconvex optimization, Neural Networks 3, 1990",),
    parameters=(number("dimensions", 4, 1, 7, mark("dimensions N"), integer=True),),
)


def _classes(seed: int, progress: Share, settings: Settings) -> Measurement:
    """Gradient, loss and index at every critical class of a linear autoencoder, against the formulas for each."""
    from landscape.surfaces.random_fields import LinearAutoencoder
    from landscape.surfaces.random_fields.matrices import join
    from landscape.theory.linear_autoencoder import critical_index, critical_loss

    n, p = settings["inputs"], min(settings["hidden"], settings["inputs"])
    surface = LinearAutoencoder(inputs=n, hidden=p)
    spectrum = [float(n - k) for k in range(n)]
    classes = surface.classes()
    # a random invertible mixing of the hidden units leaves the class as it is, and hides it from simple tests
    rng = np.random.default_rng([seed, 5])
    points = []
    for kept in classes:
        a, b = surface.split(surface.critical_point(kept))
        mixing = np.linalg.qr(rng.standard_normal((p, p)))[0]
        points.append(join(a @ mixing, mixing.T @ b))
    x = np.array(points)
    losses = surface.value(x)
    eigenvalues = np.linalg.eigvalsh(surface.hessian(x))
    indices = (eigenvalues < -1e-9).sum(axis=1)
    right = [
        math.isclose(loss, critical_loss(spectrum, kept), rel_tol=1e-9, abs_tol=1e-9)
        and index == critical_index(spectrum, kept, p)
        for loss, index, kept in zip(losses, indices, classes, strict=True)
    ]
    return Measurement(
        {
            mark("classes as the formula says"): float(sum(right)),
            mark("classes that are minima"): float((indices == 0).sum()),
            mark("largest gradient"): float(np.abs(surface.gradient(x)).max()),
            mark("correlation of loss and index"): float(np.corrcoef(losses, indices)[0, 1]),
        },
        details={"losses": losses, "indices": indices},
    )


def _class_theory(settings: Settings) -> dict[str, float]:
    from landscape.theory.linear_autoencoder import critical_index, critical_loss

    n, p = settings["inputs"], min(settings["hidden"], settings["inputs"])
    spectrum = [float(n - k) for k in range(n)]
    kept = [s for r in range(p + 1) for s in itertools.combinations(range(n), r)]
    pairs = np.array([(critical_loss(spectrum, s), critical_index(spectrum, s, p)) for s in kept])
    return {
        "classes as the formula says": float(len(kept)),
        "classes that are minima": 1.0,
        "largest gradient": 0.0,
        "correlation of loss and index": float(np.corrcoef(pairs.T)[0, 1]),
    }


def _autoencoder_scene(result: Result) -> Panel:
    return chart(
        "classes",
        tr("each critical class: the higher its loss, the more directions fall"),
        Axis(tr("loss")),
        Axis(tr("index")),
        (result.details["losses"], result.details["indices"]),
    )


AUTOENCODER = Claim(
    key="autoencoder",
    title=mark("A network with one minimum and many saddles"),
    statement=mark(
        "A linear autoencoder is not convex, yet all its minima are the same map: every other critical "
        "point is a saddle."
    ),
    point="(a)",
    measuring=_classes,
    expecting=_class_theory,
    tolerance=Tolerance("absolute", 1e-9),
    drawing=_autoencoder_scene,
    question=Question(
        mark("Five inputs, two hidden units: 16 kinds of critical points. How many of them are minima?"),
        lambda result: result.measured["classes that are minima"],
        {mark("one"): 1, mark("three"): 3, mark("five"): 5, mark("eight"): 8},
    ),
    explanation=(
        mark(
            "A critical point lets a set S of principal components through and nothing else. Its loss is half the sum "
            "of the eigenvalues that are left out; its index counts the pairs in which a better component is left out "
            "for a worse one, and the unused units. Only the largest components together have index 0."
        ),
        mark(
            "Here the index is taken from the full Hessian at a randomly turned member of each class, and must agree "
            "class by class. Index and loss go together (correlation .997 for five inputs and two units): what is "
            "still wrong is also what shows the way down."
        ),
    ),
    references=("P. Baldi, K. Hornik, Neural networks and principal component analysis, Neural Networks 2, 1989",),
    parameters=(
        number("inputs", 5, 3, 7, mark("inputs n, with covariance eigenvalues n, ..., 1"), integer=True),
        number("hidden", 2, 1, 3, mark("hidden units p"), integer=True),
    ),
)
