"""The lower, the fewer directions fall: a spin glass, and a small network (THEORY 4 and 6)."""

from __future__ import annotations

import numpy as np

from landscape.claims.base import Claim, Measurement, Question, Result, Settings, Share, Tolerance, number
from landscape.claims.pictures import chart
from landscape.language import mark, tr
from landscape.picture.scene import Axis, Panel, Samples


def _glass(seed: int, progress: Share, settings: Settings) -> Measurement:
    """Find critical points of spherical glasses at many heights; compare the index of each with the curve."""
    from landscape.analysis.census import p_spin_census
    from landscape.surfaces.random_fields import SphericalPSpin
    from landscape.theory.p_spin import index_share

    n, share, height = settings["spins"], [], []
    for k in range(settings["instances"]):
        census = p_spin_census(SphericalPSpin(n_dims=n, p=3, seed=1000 * seed + k), seed=seed)
        share += (census.indices / (n - 1)).tolist()
        height += (census.values / n).tolist()
        progress((k + 1) / settings["instances"])
    measured, at = np.array(share), np.array(height)
    off = measured - index_share(at, 3)
    return Measurement(
        {
            mark("root mean square off the curve"): float(np.sqrt(np.mean(off**2))),
            mark("correlation of index and height"): float(np.corrcoef(measured, at)[0, 1]),
        },
        details={"share": measured, "height": at},
    )


def _glass_scene(result: Result) -> Panel:
    from landscape.theory.p_spin import index_share

    u = np.linspace(-1.8, 1.8, 181)
    return chart(
        "glass",
        tr("{count} critical points of a spin glass", count=len(result.details["share"])),
        Axis(tr("height u (energy per spin)")),
        Axis(tr("share of directions that fall"), range=(-0.03, 1.03)),
        (result.details["height"], result.details["share"]),
        (u, index_share(u, 3)),
    )


GLASS = Claim(
    key="spin_glass",
    title=mark("Low critical points have few falling directions"),
    statement=mark(
        "On the spherical 3-spin glass the share of falling directions at a critical point is a function of its "
        "height alone: bad minima high up do not exist."
    ),
    point="(a)",
    measuring=_glass,
    # Required of N = 40 spins, where the curve is that of infinitely many; measured .020 and .984 there.
    expecting=lambda settings: {
        "root mean square off the curve": 0.03 * 40 / min(settings["spins"], 40),
        "correlation of index and height": 0.97,
    },
    tolerance=Tolerance("at most", 1e-12),
    tolerances={"correlation of index and height": Tolerance("at least", 1e-12)},
    drawing=_glass_scene,
    question=Question(
        mark("A critical point of this landscape lies at middle height. Which share of its directions falls?"),
        lambda result: int(
            np.argmin(
                np.abs(
                    np.array([0.05, 0.25, 0.5])
                    - np.interp(0.0, *_sorted(result.details["height"], result.details["share"]))
                )
            )
        ),
        {mark("nearly none: it is a minimum"): 0, mark("a quarter"): 1, mark("one half"): 2},
    ),
    explanation=(
        mark(
            "The Hessian at a critical point of height u is a semicircle shifted by −p u. Hence the share of falling "
            "directions is α(u) = 1/2 + (t √(1 − t²) + arcsin t) / π with t = u / E, E = 2 √((p − 1) / p). "
            "Below −E it is 0: all minima lie in the thin layer between −E and the ground state."
        ),
        mark(
            "Choromanska and others took this as a picture of the loss of wide networks. It is a picture: the "
            "assumptions that lead from a network to this glass are strong. What it explains is why descent that is "
            "stuck at a high loss is almost surely at a saddle."
        ),
    ),
    references=(
        "A. Auffinger, G. Ben Arous, J. Cerny, Random matrices and complexity of spin glasses, 2013",
        "A. Choromanska et al., The loss surfaces of multilayer networks, 2015",
    ),
    cost="seconds",
    parameters=(
        number("spins", 40, 15, 50, mark("number of spins N"), integer=True),
        number("instances", 4, 2, 8, mark("glasses drawn"), integer=True),
    ),
)


def _sorted(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    order = np.argsort(x)
    return x[order], y[order]


def _network(seed: int, progress: Share, settings: Settings) -> Measurement:
    """Send Newton's method and gradient descent from the same starts over a 21-parameter tanh network."""
    import landscape as ls
    from landscape.curvature.newton import newton_many
    from landscape.surfaces.networks import Perceptron, blobs, table

    clouds = blobs(n_classes=3, n=60, spread=1.0, seed=2)
    model = Perceptron(table(clouds.inputs, values=clouds.targets.T), widths=(3,), l2=1e-3)
    starts = 0.3 * np.random.default_rng([seed, 6]).standard_normal((settings["starts"], model.n_dims))
    points, _ = newton_many(model, starts, max_steps=100)
    progress(0.3)
    norms = np.linalg.norm(model.gradient(points), axis=-1)
    kept = points[np.isfinite(norms) & (norms < 1e-8) & (np.abs(points).max(axis=-1) < 100)]
    index = (np.linalg.eigvalsh(model.hessian(kept)) < -1e-6).sum(axis=1)
    loss = model.value(kept)
    run = ls.descend(model, ls.Momentum(learning_rate=0.3), starts[:40], 4000)
    ends = run.final_points[run.final_gradient_norms < 1e-5]
    lowest = np.linalg.eigvalsh(model.hessian(ends))[:, 0]
    progress(1.0)
    return Measurement(
        {
            mark("critical points Newton reached"): float(len(kept)),
            mark("minima among them"): float((index == 0).sum()),
            mark("correlation of loss and index"): float(np.corrcoef(loss, index)[0, 1]),
            mark("points descent reached"): float(len(ends)),
            mark("saddles among them"): float((lowest < -1e-6).sum()),
        },
        details={"loss": loss, "index": index, "descended": run.final_values[run.final_gradient_norms < 1e-5]},
    )


def _network_scene(result: Result) -> Panel:
    found = result.details
    x = np.concatenate([found["loss"], found["descended"]])
    y = np.concatenate([found["index"], np.zeros(len(found["descended"]))])
    groups = np.repeat([0, 1], [len(found["loss"]), len(found["descended"])])
    both = Samples(x, y, groups, (tr("Newton's method"), tr("gradient descent")))
    return chart("network", tr("where the gradient vanishes"), Axis(tr("loss")), Axis(tr("index")), more=(both,))


NETWORK = Claim(
    key="newton_and_descent",
    title=mark("Newton finds saddles, descent finds minima"),
    statement=mark("From the same starts on one network Newton's method ends at saddles, gradient descent at minima."),
    point="(a)",
    measuring=_network,
    expecting=lambda settings: {
        "critical points Newton reached": 0.4 * settings["starts"],
        "minima among them": 0.0,
        "correlation of loss and index": 0.5,
        "points descent reached": 30.0,
        "saddles among them": 0.0,
    },
    tolerance=Tolerance("at least", 1e-9),
    tolerances={
        "minima among them": Tolerance("absolute", 0.5),
        "saddles among them": Tolerance("absolute", 0.5),
    },
    drawing=_network_scene,
    question=Question(
        mark(
            "Newton's method converges fast near a point of zero gradient with a regular Hessian. Of the "
            "points that it reaches on this network, how many are minima?"
        ),
        lambda result: (
            0
            if result.measured["minima among them"] == 0
            else 1
            if result.measured["minima among them"] < 0.6 * result.measured["critical points Newton reached"]
            else 2
        ),
        {mark("none of them"): 0, mark("about half"): 1, mark("nearly all"): 2},
    ),
    explanation=(
        mark(
            "Newton's method solves ∇f = 0 and does not ask whether f goes down. From small random weights it ends "
            "where critical points are many, and those are saddles: 93 of 150 starts arrived in the run recorded for "
            "this project, none of them at a minimum. Gradient descent from the same starts ends at points of index 0."
        ),
        mark(
            "That the index grows with the loss (recorded correlation .73) is what Dauphin and others found on real "
            "networks. The practical moral is theirs too: a second-order method must use |H|, or trust regions, or "
            "else it is drawn to saddles."
        ),
    ),
    references=(
        "Y. Dauphin et al., Identifying and attacking the saddle point problem in high-dimensional non-convex "
        "optimization, 2014",
        mark("numbers recorded for this project from 150 starts: 93 points, correlation .73"),
    ),
    cost="seconds",
    parameters=(number("starts", 100, 50, 200, mark("starts of Newton's method"), integer=True),),
)
