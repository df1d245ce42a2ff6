"""What projections and slices hide: random planes, principal components, filters (THEORY 7, 18, 19)."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from landscape.claims.base import DRAWN, Claim, Measurement, Question, Result, Settings, Share, Tolerance, number
from landscape.claims.pictures import chart, numbers
from landscape.language import mark, tr
from landscape.picture.scene import Axis, Field, Panel
from landscape.scenes.scales import fields_to_compare


def _counts(settings: Settings) -> tuple[int, int]:
    n = settings["dimensions"]
    minus = max(1, round(settings["falling"] * n))
    return n - minus, minus


def _random_slices(seed: int, progress: Share, settings: Settings) -> Measurement:
    """Look at a saddle along random lines and planes by Hessian-vector products, and along its eigenvectors."""
    from landscape.analysis.slices import eigen_plane, random_plane, share_that_look_like_minima, slice_surface
    from landscape.surfaces.families import family
    from landscape.theory.projections import looks_like_a_minimum

    n, draws = settings["dimensions"], 4000
    plus, minus = _counts(settings)
    saddle = family("two_point_saddle", n, index=minus, rotated=True, seed=seed)
    lines, planes = share_that_look_like_minima(saddle, np.zeros(n), n_planes=draws, seed=seed)
    progress(0.8)
    p = [looks_like_a_minimum(plus, minus, dims) for dims in (1, 2)]
    eigen = eigen_plane(saddle, np.zeros(n))
    assert eigen.curvatures is not None
    axis = np.linspace(-1.0, 1.0, 41)
    return Measurement(
        {
            mark("lines that look like a minimum"): lines,
            mark("planes that look like a minimum"): planes,
            mark("curvature along the lowest eigenvector"): eigen.curvatures[0],
        },
        {
            "lines that look like a minimum": math.sqrt(p[0] * (1 - p[0]) / draws) + 1 / draws,
            "planes that look like a minimum": math.sqrt(p[1] * (1 - p[1]) / draws) + 1 / draws,
        },
        {
            "axis": axis,
            "random": slice_surface(saddle, random_plane(np.zeros(n), seed), axis, axis).values,
            "eigen": slice_surface(saddle, eigen, axis, axis).values,
        },
    )


def _slice_theory(settings: Settings) -> dict[str, float]:
    from landscape.theory.projections import looks_like_a_minimum

    plus, minus = _counts(settings)
    return {
        "lines that look like a minimum": looks_like_a_minimum(plus, minus),
        "planes that look like a minimum": looks_like_a_minimum(plus, minus, 2),
        "curvature along the lowest eigenvector": -1.0,
    }


def _two_slices(result: Result) -> tuple[Panel, ...]:
    axis = result.details["axis"]

    def panel(key: str, title: str, labels: tuple[str, str]) -> Panel:
        field = Field(axis, axis, result.details[key], label=tr("loss"))
        return Panel(key, title, Axis(labels[0]), Axis(labels[1]), (field,), equal_aspect=True)

    return (
        panel("random", tr("a random plane through the saddle"), (tr("random direction 1"), tr("random direction 2"))),
        panel("eigen", tr("the same saddle, extreme eigenvectors"), (tr("lowest curvature"), tr("highest"))),
    )


SLICES = Claim(
    key="slices",
    title=mark("A random slice lies"),
    statement=mark(
        "A random plane through a saddle of many dimensions nearly always shows a minimum, though a third of all "
        "directions fall."
    ),
    point="(a)",
    measuring=_random_slices,
    expecting=_slice_theory,
    tolerance=DRAWN,
    tolerances={"curvature along the lowest eigenvector": Tolerance("absolute", 1e-3)},
    drawing=_two_slices,
    question=Question(
        mark(
            "A saddle in 100 dimensions, where 30 directions fall and 70 rise alike. You draw the loss on a random "
            "plane through it. How often does the picture show a minimum?"
        ),
        lambda result: 1.001 - result.measured["planes that look like a minimum"],
        {
            mark("in 9% of the pictures"): 0.91,
            mark("in half of them"): 0.51,
            mark("in 70%"): 0.3,
            mark("in 99%"): 0.012,
        },
    ),
    explanation=(
        mark(
            "Along a random direction the curvature is the mean of all eigenvalues, weighted by squares that are "
            "nearly equal: P(curvature > 0) = P(Beta(N_plus / 2, N_minus / 2) > 1/2). With 30 of 100 directions "
            "falling that is .998, and for a plane .989. In high dimensions a slice shows the mean curvature, not the "
            "worst one."
        ),
        mark(
            "So a picture of a loss on two random directions that looks like a smooth bowl is no evidence of a "
            "minimum. The plane of the two extreme eigenvectors, on the right, shows what is there."
        ),
    ),
    references=(mark("S. Boettcher, P. Wheeler et al., on projections of loss landscapes, arXiv 2208.13219"),),
    cost="seconds",
    parameters=(
        number("dimensions", 100, 4, 300, mark("dimensions N"), integer=True, log=True),
        number("falling", 0.3, 0.02, 0.6, mark("share of the directions that fall")),
    ),
)


def _walk(seed: int, progress: Share, settings: Settings) -> Measurement:
    """Take the principal components of pure random walks, several of them for the spread."""
    from landscape.analysis.slices import principal_plane

    rng = np.random.default_rng([seed, 18])
    steps, dims = settings["steps"], settings["dimensions"]
    shares = []
    for k in range(4):
        walk = np.cumsum(rng.standard_normal((steps + 1, dims)), axis=0)
        plane = principal_plane([walk])
        shares.append(plane.explained)
        progress((k + 1) / 4)
    centred = walk - plane.origin
    mean = np.mean(np.array(shares), axis=0)
    return Measurement(
        {mark("first component"): float(mean[0]), mark("first two components"): float(mean.sum())},
        details={"path": centred @ plane.directions.T},
    )


def _walk_theory(settings: Settings) -> dict[str, float]:
    from landscape.theory.projections import random_walk_shares

    first, second = random_walk_shares(2, settings["steps"])
    return {"first component": float(first), "first two components": float(first + second)}


def _walk_scene(result: Result) -> tuple[Panel, ...]:
    path = result.details["path"]
    plane = chart(
        "plane",
        tr("a random walk in the plane of its principal components"),
        Axis(tr("first component")),
        Axis(tr("second component")),
        (path[:, 0], path[:, 1]),
    )
    return plane, numbers(result, title=tr("share of the variance"), panels=2)


WALK = Claim(
    key="random_walk",
    title=mark("Chance alone looks like a plan"),
    statement=mark(
        "Two principal components explain three quarters of a pure random walk in many dimensions, and more in few."
    ),
    point="projections",
    measuring=_walk,
    expecting=_walk_theory,
    tolerance=Tolerance("absolute", 0.03),
    drawing=_walk_scene,
    question=Question(
        mark(
            "A path of 500 purely random steps in 2000 dimensions is drawn in the plane of its two principal "
            "components. Which share of the path's variance lies in that plane?"
        ),
        lambda result: result.measured["first two components"],
        {mark("a thousandth"): 0.001, "5%": 0.05, mark("a quarter"): 0.25, mark("three quarters"): 0.76},
    ),
    explanation=(
        mark(
            "The centred positions of a random walk have a covariance in time whose eigenvectors are cosines, and the "
            "k-th of them carries 6 / (π² k²) of the variance: .608 and .152 in many dimensions. In few, chance aligns "
            "more: of 500 steps both together carry .78 in 20 dimensions, .86 in 5, .91 in 3. So a smooth arc in the "
            "plane of its principal components says nothing yet about a training."
        ),
        mark(
            "Whoever shows a trajectory in its principal plane should say these numbers beside it. This project's "
            "planes carry them in the labels of their axes."
        ),
    ),
    references=(
        mark(
            "J. Antognini, J. Sohl-Dickstein, PCA of high dimensional random walks with comparison to neural network "
            "training, 2018, eq. (8)"
        ),
    ),
    cost="seconds",
    parameters=(
        number("steps", 500, 100, 800, mark("steps of the walk"), integer=True),
        number("dimensions", 2000, 1000, 4000, mark("dimensions"), integer=True),
    ),
)


def _filters(seed: int, progress: Share, settings: Settings) -> Measurement:
    """Compare a filter-normalized slice of a network with that of the same function with longer weights."""
    from landscape.analysis.slices import filter_normalized_plane, random_plane, slice_surface
    from landscape.surfaces.networks import Perceptron, moons

    model = Perceptron(moons(n=40), widths=(6, 5), batch_norm=True, eps=0.0)
    x = model.starts(1, seed=seed)[0]
    longer = x.copy()
    for name in ("W1", "W2"):
        longer[model.block(name).slice] *= settings["factor"]
    axis = np.linspace(-1, 1, 21)
    planes = [filter_normalized_plane(point, model.filters, seed=seed + 1000) for point in (x, longer)]
    one, other = (slice_surface(model, plane, axis, axis).values for plane in planes)
    lengths = [
        np.linalg.norm(planes[0].directions[:, place], axis=1) / np.linalg.norm(x[place]) for place in model.filters
    ]
    naive = [slice_surface(model, random_plane(point, seed + 1000), axis, axis).values for point in (x, longer)]
    return Measurement(
        {
            mark("shortest filter of a direction"): float(np.min(lengths)),
            mark("longest filter of a direction"): float(np.max(lengths)),
            mark("largest difference of the slices"): float(np.abs(one - other).max()),
        },
        details={"axis": axis, "short": naive[0], "long": naive[1], "normalized": other},
    )


def _filter_scene(result: Result) -> tuple[Panel, ...]:
    axis = result.details["axis"]
    titles = {
        "short": tr("random directions"),
        "long": tr("the same function, weights × {factor:g}", factor=result.settings["factor"]),
        "normalized": tr("filter-normalized: alike for both"),
    }
    # One scale of colours: what looks flatter must be flatter.
    fields = fields_to_compare(axis, axis, [result.details[key] for key in titles], log=False)
    ends = (float(axis[0]), float(axis[-1]))
    x, y = Axis(tr("direction 1"), range=ends), Axis(tr("direction 2"), range=ends)
    panels = [
        Panel(key, title, x, y, (replace(field, contours=False, label=tr("loss")),), equal_aspect=True)
        for (key, title), field in zip(titles.items(), fields, strict=True)
    ]
    return tuple(panels)


FILTERS = Claim(
    key="filter_normalization",
    title=mark("A sharp picture may be a matter of scale"),
    statement=mark(
        "Weights before a batch normalization can be made longer without changing the network; random slices "
        "then look flatter, filter-normalized ones stay the same."
    ),
    point="projections",
    measuring=_filters,
    expecting=lambda settings: {
        "shortest filter of a direction": 1.0,
        "longest filter of a direction": 1.0,
        "largest difference of the slices": 0.0,
    },
    tolerance=Tolerance("absolute", 1e-9),
    drawing=_filter_scene,
    question=Question(
        mark(
            "All weights before a batch normalization are made three times as long: the same network. Does its loss on "
            "two random directions look the same?"
        ),
        lambda result: int(
            np.abs(result.details["short"] - result.details["long"]).max()
            > 100 * result.measured["largest difference of the slices"] + 1e-6
        ),
        {mark("yes: the function is the same"): 0, mark("no: it looks flatter"): 1},
    ),
    explanation=(
        mark(
            "A step of length 1 means much to short weights and little to long ones. Filter normalization gives each "
            "filter of a Gaussian direction the length of that filter in the weights, so that the axes count in units "
            "of the weights themselves. Two networks that are one function then have one picture."
        ),
        mark(
            "It takes away the scale, not the other deception: the two directions are still random, and a slice still "
            "shows a mean of curvatures."
        ),
    ),
    references=(
        "H. Li, Z. Xu, G. Taylor, C. Studer, T. Goldstein, Visualizing the loss landscape of neural nets, 2018",
    ),
    parameters=(number("factor", 3.0, 1.5, 10.0, mark("how many times as long the weights become")),),
)
