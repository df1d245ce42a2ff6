"""What estimates of curvature and of critical points can miss (THEORY 20 and 21)."""

from __future__ import annotations

import numpy as np

from landscape import stopping
from landscape.claims.base import DRAWN, Claim, Measurement, Question, Result, Settings, Share, Tolerance, number
from landscape.claims.pictures import chart, numbers
from landscape.language import mark, tr
from landscape.picture.scene import Axis, Panel, Samples


def _hutchinson(seed: int, progress: Share, settings: Settings) -> Measurement:
    """Estimate a trace from random signs; then look for negative curvature by power iteration and by Lanczos."""
    from landscape.curvature.density import hessian_trace
    from landscape.curvature.spectrum import extreme_eigenvalues
    from landscape.surfaces.families import family
    from landscape.surfaces.saddles import QuadraticSaddle

    probes = settings["probes"]
    field = family("gaussian_field", 60)
    x = field.domain.sample(np.random.default_rng([seed, 20]), 1)[0]
    a = field.hessian(x)
    variance = 2 * (np.sum(a**2) - np.sum(np.diag(a) ** 2))
    estimate = hessian_trace(field, x, n_probes=probes, seed=seed)
    progress(0.5)
    spectrum = np.full(400, 1.0)
    spectrum[:2] = -0.5, 10.0
    saddle, zero = QuadraticSaddle.of(spectrum, rotated=True, seed=seed), np.zeros(400)
    v = np.random.default_rng([seed, 21]).standard_normal(400)
    for _ in range(200):
        v = saddle.hessian_vector_product(zero, v)
        v /= np.linalg.norm(v)
    ends = extreme_eigenvalues(saddle, zero, seed=seed, dense_dims=3)
    off = (estimate.value - float(np.trace(a))) / np.sqrt(variance / probes)
    return Measurement(
        {
            mark("trace: how far off, in standard errors"): float(off),
            mark("variance against 2 (|A|² − Σ aᵢᵢ²)"): float(estimate.standard_error**2 * probes / variance),
            mark("eigenvalue of power iteration"): float(v @ saddle.hessian_vector_product(zero, v)),
            mark("lowest eigenvalue by Lanczos"): float(ends.smallest),
        },
        {
            "trace: how far off, in standard errors": 1.0,
            "variance against 2 (|A|² − Σ aᵢᵢ²)": float(np.sqrt(2.0 / (probes - 1)) * 1.2),
        },
    )


def _estimates_scene(result: Result) -> Panel:
    return numbers(result)


HUTCHINSON = Claim(
    key="curvature_estimates",
    title=mark("Power iteration can miss what matters"),
    statement=mark(
        "A trace estimated from random signs has the variance 2 (|A|² − Σ aᵢᵢ²); power iteration finds the "
        "largest |curvature| and is blind to a falling direction."
    ),
    point="projections",
    measuring=_hutchinson,
    expecting=lambda settings: {
        "trace: how far off, in standard errors": 0.0,
        "variance against 2 (|A|² − Σ aᵢᵢ²)": 1.0,
        "eigenvalue of power iteration": 10.0,
        "lowest eigenvalue by Lanczos": -0.5,
    },
    tolerance=DRAWN,
    tolerances={
        "eigenvalue of power iteration": Tolerance("absolute", 1e-3),
        "lowest eigenvalue by Lanczos": Tolerance("absolute", 2e-3),
    },
    drawing=_estimates_scene,
    question=Question(
        mark(
            "A Hessian has the eigenvalues 10, once −0.5, and 1 for all the rest. Power iteration is run for 200 "
            "products. Does it tell that this is a saddle?"
        ),
        lambda result: int(result.measured["eigenvalue of power iteration"] > 0),
        {mark("yes, it ends at −0.5"): 0, mark("no, it ends at 10"): 1},
    ),
    explanation=(
        mark(
            "z' A z over random signs z has the mean tr A, and only what is off the diagonal makes it vary: with a "
            "diagonal Hessian a single probe is exact. So an estimate of a trace comes with its own error, which this "
            "project always prints."
        ),
        mark(
            "Power iteration converges to the eigenvalue of largest size. To tell a saddle from a minimum one needs "
            "the smallest: Lanczos at both ends of the spectrum, on the same Hessian-vector products."
        ),
    ),
    references=("M. F. Hutchinson, A stochastic estimator of the trace of the influence matrix, 1990",),
    parameters=(number("probes", 2000, 200, 8000, mark("random sign vectors"), integer=True, log=True),),
)


def _flat(seed: int, progress: Share, settings: Settings) -> Measurement:
    """Minimize |grad f|^2 from many starts on a field whose critical points are all known, and certify the ends."""
    from scipy.optimize import minimize
    from scipy.spatial import cKDTree

    from landscape.analysis.census import certify, torus_census
    from landscape.surfaces.random_fields import TorusField

    field = TorusField(n_dims=3, wave_number=1.0, seed=2 + seed)
    census = torus_census(field, seed=seed)
    progress(0.3)
    tree = cKDTree(census.points, boxsize=2 * np.pi)

    def half_square(x: np.ndarray) -> tuple[float, np.ndarray]:
        stopping.check()
        gradient = field.gradient(x)
        return float(gradient @ gradient / 2), field.hessian_vector_product(x, gradient)

    n = settings["starts"]
    certificates, near = [], []
    for start in np.random.default_rng([seed, 22]).uniform(0, 2 * np.pi, (n, 3)):
        end = minimize(half_square, start, jac=True, method="BFGS", options={"gtol": 1e-12, "maxiter": 500}).x
        certificates.append(certify(field, end))
        near.append(bool(tree.query(np.mod(end, 2 * np.pi))[0] < 1e-6))
    wrong = sum(c.critical != known for c, known in zip(certificates, near, strict=True))
    flat = [c for c in certificates if not c.critical]
    return Measurement(
        {
            mark("certificates that are wrong"): float(wrong),
            mark("ends that are no critical points"): len(flat) / n,
            mark("true critical points found"): float(sum(c.critical for c in certificates) / n),
        },
        details={
            "gradient": np.array([c.relative_gradient for c in certificates]),
            "critical": np.array([c.critical for c in certificates]),
        },
    )


def _flat_scene(result: Result) -> Panel:
    order = np.argsort(result.details["gradient"])
    norms = np.maximum(result.details["gradient"][order], 1e-17)
    groups = 1 - result.details["critical"][order].astype(np.int64)
    ends = Samples(np.arange(1.0, len(order) + 1), norms, groups, (tr("critical"), tr("only flat")))
    return chart(
        "ends",
        tr("the gradient that is left where |∇f|² is least"),
        Axis(tr("end, sorted")),
        Axis(tr("|∇f| / typical"), "log"),
        more=(ends,),
    )


GRADIENT_FLAT = Claim(
    key="gradient_flat",
    title=mark("Points that only look critical"),
    statement=mark(
        "Whoever minimizes |∇f|² to find critical points also stops where the gradient is least without being zero."
    ),
    point="projections",
    measuring=_flat,
    expecting=lambda settings: {
        "certificates that are wrong": 0.0,
        "ends that are no critical points": 0.03,
        "true critical points found": 0.05,
    },
    tolerance=Tolerance("at least", 1e-12),
    tolerances={"certificates that are wrong": Tolerance("absolute", 0.5)},
    drawing=_flat_scene,
    question=Question(
        mark("|∇f|² is minimized from 40 starts until it falls no further. Are all the ends critical points of f?"),
        lambda result: int(result.measured["ends that are no critical points"] > 0),
        {mark("yes: |∇f|² is least where it is 0"): 0, mark("no, some only look like it"): 1},
    ),
    explanation=(
        mark(
            "The gradient of |∇f|² / 2 is H ∇f. It vanishes at critical points, and also where ∇f is not 0 but lies in "
            "the kernel of the Hessian. There the search ends with a small gradient that no iteration makes smaller. "
            "On this field all critical points are known, so that every certificate can be checked."
        ),
        mark(
            "Studies of critical points of networks by this method have counted such points in: in one run 123 of 150. "
            "A critical point should be certified by the size of its gradient, and eigenvalues near zero reported "
            "apart."
        ),
    ),
    references=(
        "C. G. Frye et al., Critical point-finding methods reveal gradient-flat regions of deep network losses, "
        "arXiv 2003.10397",
    ),
    cost="seconds",
    parameters=(number("starts", 40, 30, 100, mark("starts"), integer=True),),
)
