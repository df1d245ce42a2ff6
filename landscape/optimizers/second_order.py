"""Walkers that look at curvature: Newton, saddle-free Newton, L-BFGS and a trust region.

Whatever they ask beyond the gradient at their point is counted, start by start, in ``Trajectory.evaluations``. Noise
reaches only the gradient that they are given; what they ask for themselves is exact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landscape.curvature.lanczos import lanczos
from landscape.language import mark, tr
from landscape.optimizers.base import Array, Optimizer, Oracle, State, Step
from landscape.optimizers.fields import step_size
from landscape.optimizers.schedules import Rate
from landscape.parameter import parameter

MAX_DENSE = 1000
"""The largest number of dimensions in which Newton takes the whole Hessian."""

EXACT_DIMS = 100
"""Up to so many dimensions saddle-free Newton takes the whole Hessian, beyond them a Krylov space."""

_SUFFICIENT = 1e-4
_MOST_HALVINGS = 30


@dataclass(frozen=True)
class Newton(Optimizer):
    """Damped Newton: the step to the critical point of the local parabola, whichever kind it has.

        H = V diag(l) V^T,  l_i <- sign(l_i) max(|l_i|, least_curvature)
        x <- x - learning_rate V diag(1 / l) V^T g

    A learning rate of 1 is Newton's own; a smaller one damps it. It is drawn to saddles and maxima as it is to minima.
    A step costs one gradient and a Hessian, which counts n. Raises ``ValueError`` above ``MAX_DENSE`` dimensions.

    Reference: J. Nocedal and S. J. Wright, "Numerical Optimization", 2006, section 3.3.

    >>> import landscape as ls
    >>> t = ls.descend(ls.surface("sphere"), ls.Newton(), [[3.0, -4.0]], 1)
    >>> t.final_values.tolist(), t.evaluations.tolist()  # one gradient, and a Hessian in two dimensions
    ([0.0], [3])
    """

    learning_rate: Rate = step_size(1.0)
    least_curvature: float = parameter(
        1e-6, 1e-12, 1.0, mark("curvature below which a direction counts as this curved"), log=True, minimum=1e-300
    )

    key, title, group = "newton", mark("Newton"), mark("curvature")
    look = ("grey", 0)

    def init(self, x: Array) -> State:
        if x.shape[-1] > MAX_DENSE:
            raise ValueError(
                tr(
                    "Newton needs the whole Hessian, which fits in at most {most} dimensions, not {n_dims}; "
                    "saddle-free Newton, L-BFGS and the trust region take any number",
                    most=MAX_DENSE,
                    n_dims=x.shape[-1],
                )
            )
        return ()

    def update(self, step: Step, state: State) -> tuple[Array, State]:
        way = _dense_step(step.x, step.gradient, step.asked, self.least_curvature, absolute=False)
        return step.x - step.learning_rate * way, state


@dataclass(frozen=True)
class SaddleFreeNewton(Optimizer):
    """Newton with the sizes of the curvatures: it leaves a saddle as fast as it nears a minimum.

        |H| = V diag(max(|l_i|, least_curvature)) V^T
        x <- x - learning_rate |H|^-1 g

    Along a falling direction a step of learning rate 1 doubles the distance. Up to ``EXACT_DIMS`` dimensions a step
    costs one gradient and a Hessian, which counts n. Beyond them |H| is taken on the Krylov space of g (Lanczos,
    ``krylov`` Hessian-vector products, each counted): |H|^-1 g is replaced by |g| V |T|^-1 e_1.

    Reference: Y. Dauphin et al., "Identifying and attacking the saddle point problem in high-dimensional non-convex
    optimization", 2014, algorithm 1, whose Krylov space it is; the paper adds to |H| a damping that it searches.

    >>> import landscape as ls
    >>> saddle = ls.surface("saddle")
    >>> t = ls.descend(saddle, ls.SaddleFreeNewton(), [[1.0, 1e-4]], 3)
    >>> t.points[0, :, 1].round(8).tolist()
    [0.0001, 0.0002, 0.0004, 0.0008]
    """

    learning_rate: Rate = step_size(1.0)
    least_curvature: float = parameter(
        1e-6, 1e-12, 1.0, mark("curvature below which a direction counts as this curved"), log=True, minimum=1e-300
    )
    krylov: int = parameter(
        20, 1, 100, mark("Hessian-vector products a step in many dimensions"), integer=True, minimum=1
    )

    key, title, group = "saddle_free_newton", mark("Saddle-free Newton"), mark("curvature")
    look = ("grey", 1)

    def init(self, x: Array) -> State:
        return ()

    def update(self, step: Step, state: State) -> tuple[Array, State]:
        x, g = step.x, step.gradient
        if x.shape[-1] <= EXACT_DIMS:
            way = _dense_step(x, g, step.asked, self.least_curvature, absolute=True)
        else:
            way = _krylov_step(x, g, step.asked, self.least_curvature, self.krylov)
        return x - step.learning_rate * way, state


@dataclass(frozen=True)
class LBFGS(Optimizer):
    """Quasi-Newton with a short memory: curvature is learnt from the last ``memory`` steps.

        p = -B g, B from the pairs s = x' - x, y = g' - g by the two-loop recursion; B = s.y / y.y before them
        x <- x + a p, a = learning_rate, learning_rate / 2, ... until f(x + a p) <= f(x) + 1e-4 a p.g

    The first p is -g, at most 1 long. Pairs with s.y <= 0 are left out, so that every p falls. The line search is
    our own, halving: SciPy's L-BFGS-B searches for Wolfe's conditions and cannot be stopped after one step. Each value
    it asks for counts one. Where no halving is enough the path stays where it is.

    Reference: J. Nocedal and S. J. Wright, "Numerical Optimization", 2006, algorithms 7.4 and 3.1.

    >>> import landscape as ls
    >>> t = ls.descend(ls.surface("rosenbrock"), ls.LBFGS(), [[-1.2, 1.0]], 60)
    >>> bool(t.final_values[0] < 1e-12)
    True
    """

    learning_rate: Rate = step_size(1.0)
    memory: int = parameter(10, 1, 30, mark("pairs of steps kept"), integer=True, minimum=1, maximum=1000)

    key, title, group = "lbfgs", "L-BFGS", mark("curvature")
    look = ("grey", 2)

    def init(self, x: Array) -> State:
        """Return the last point and gradient, (S, n) each, and the pairs s and y, (S, memory, n), newest last."""
        pairs = (len(x), self.memory, x.shape[-1])
        return np.full_like(x, np.nan), np.full_like(x, np.nan), np.zeros(pairs), np.zeros(pairs)

    def update(self, step: Step, state: State) -> tuple[Array, State]:
        x, g = step.x, step.gradient
        before, slope, s, y = state
        s, y = s.copy(), y.copy()
        ds, dy = x - before, g - slope
        good = np.flatnonzero(np.einsum("ij,ij->i", ds, dy) > 0)  # NaN, before the first step, is not
        for kept, new in ((s, ds), (y, dy)):
            kept[good, :-1] = kept[good, 1:]
            kept[good, -1] = new[good]
        p = -_two_loops(g, s, y)
        return _halved(x, g, p, _of_each_start(step), step.asked), (x.copy(), g.copy(), s, y)


@dataclass(frozen=True)
class TrustRegion(Optimizer):
    """The best step within a radius in which the local parabola is believed, and a radius that learns.

        p ~ argmin m(p) = g.p + p.H p / 2 over |p| <= r = learning_rate q,  by conjugate gradients (Steihaug)
        rho = (f(x) - f(x + p)) / (-m(p))
        q <- q / 4 where rho < 1/4;  q <- min(2 q, 1000) where rho > 3/4 and |p| = r;  from q = 1
        x <- x + p where rho > 1e-4, else x stays

    A direction of falling curvature is followed to the rim, so that saddles are left. A step costs one gradient, one
    Hessian-vector product for each of at most ``most_products`` inner steps, and two values. SciPy's "trust-ncg" is
    the same method, which runs to its end and not step by step.

    Reference: J. Nocedal and S. J. Wright, "Numerical Optimization", 2006, algorithms 4.1 and 7.2.

    >>> import landscape as ls
    >>> t = ls.descend(ls.surface("rosenbrock"), ls.TrustRegion(), [[-1.2, 1.0]], 60)
    >>> bool(t.final_values[0] < 1e-12)
    True
    """

    learning_rate: Rate = step_size(1.0)
    most_products: int = parameter(50, 1, 200, mark("Hessian-vector products a step, at most"), integer=True, minimum=1)

    key, title, group = "trust_region", mark("Trust region"), mark("curvature")
    look = ("gold", 2)

    def init(self, x: Array) -> State:
        """Return the factor q of each start's radius, (S,)."""
        return (np.ones(len(x)),)

    def update(self, step: Step, state: State) -> tuple[Array, State]:
        x, g, asked = step.x, step.gradient, step.asked
        q = state[0].copy()
        radii = _of_each_start(step) * q
        new = np.where(np.isfinite(g), x, np.nan)
        for i in _finite_rows(x, g).tolist():
            radius = float(radii[i])
            p, model = _steihaug(x[i], g[i], radius, self.most_products, asked, i)
            if model >= 0:
                continue
            row = np.array([i])
            here = asked.value_and_gradient(x[row], row)[0][0]
            there = asked.value_and_gradient(x[row] + p, row)[0][0]
            # Close to a minimum both are smaller than the rounding of f: then the parabola is believed.
            rounding = 10 * np.finfo(float).eps * max(abs(here), 1e-300)
            rho = (here - there + rounding) / (rounding - model)
            if not rho >= 0.25:
                q[i] /= 4
            elif rho > 0.75 and np.linalg.norm(p) >= 0.999 * radius:
                q[i] = min(2 * q[i], 1000.0)
            if rho > _SUFFICIENT:
                new[i] = x[i] + p
        return new, (q,)


def _of_each_start(step: Step) -> Array:
    """Return the learning rate of each start, (S,)."""
    return np.broadcast_to(np.ravel(step.learning_rate), len(step.x))


def _finite_rows(x: Array, g: Array) -> NDArray[np.int64]:
    return np.flatnonzero(np.isfinite(x).all(axis=-1) & np.isfinite(g).all(axis=-1))


def _dense_step(x: Array, g: Array, oracle: Oracle, least: float, *, absolute: bool) -> Array:
    """Return H^-1 g or |H|^-1 g, (S, n); NaN where point, gradient or Hessian is not finite."""
    step = np.full_like(x, np.nan)
    rows = _finite_rows(x, g)
    if not len(rows):
        return step
    h = oracle.hessian(x[rows], rows)
    sound = np.isfinite(h).all(axis=(-2, -1))
    rows, h = rows[sound], h[sound]
    curvatures, v = np.linalg.eigh(h)
    size = np.maximum(np.abs(curvatures), least)
    scale = size if absolute else np.where(curvatures < 0, -size, size)
    step[rows] = np.einsum("sij,sj,skj,sk->si", v, 1 / scale, v, g[rows], optimize=True)
    return step


def _krylov_step(x: Array, g: Array, oracle: Oracle, least: float, k: int) -> Array:
    """Return |g| V |T|^-1 e_1 (S, n) of the Lanczos process that starts at g; NaN as ``_dense_step``."""
    step = np.full_like(x, np.nan)
    rows = _finite_rows(x, g)
    if not len(rows):
        return step
    krylov = lanczos(lambda v: oracle.hessian_vector_product(x[rows], v, rows), g[rows], k)
    curvatures, u = krylov.ritz()
    size = np.linalg.norm(g[rows], axis=-1, keepdims=True)
    along = size * np.einsum("skj,sj->sk", u, u[:, 0] / np.maximum(np.abs(curvatures), least))
    step[rows] = np.einsum("skn,sk->sn", krylov.basis, along)
    return step


def _two_loops(g: Array, s: Array, y: Array) -> Array:
    """Return B g (S, n) from the pairs (S, memory, n), newest last, where zero pairs are none yet."""
    sy = np.einsum("smn,smn->sm", s, y)
    rho = np.where(sy > 0, 1 / np.where(sy > 0, sy, 1.0), 0.0)
    alphas = np.zeros_like(rho)
    p = g.copy()
    for m in range(s.shape[1] - 1, -1, -1):
        alphas[:, m] = rho[:, m] * np.einsum("sn,sn->s", s[:, m], p)
        p -= alphas[:, m, None] * y[:, m]
    yy = np.einsum("sn,sn->s", y[:, -1], y[:, -1])
    first = 1 / np.maximum(np.linalg.norm(g, axis=-1), 1.0)
    p *= np.where(sy[:, -1] > 0, sy[:, -1] / np.where(yy > 0, yy, 1.0), first)[:, None]
    for m in range(s.shape[1]):
        p += (alphas[:, m] - rho[:, m] * np.einsum("sn,sn->s", y[:, m], p))[:, None] * s[:, m]
    return p


def _halved(x: Array, g: Array, p: Array, lengths: Array, oracle: Oracle) -> Array:
    """Return x + a p (S, n) with a = lengths (S,) / 2^j, the least j at which f falls enough; x where none does."""
    new = np.where(np.isfinite(g), x, np.nan)
    rows = _finite_rows(x, g)
    slope = np.einsum("sn,sn->s", p, g)
    rows = rows[slope[rows] < 0]
    if not len(rows):
        return new
    here = oracle.value_and_gradient(x[rows], rows)[0]
    for halvings in range(_MOST_HALVINGS):
        length = lengths[rows] / 2.0**halvings
        trial = x[rows] + length[:, None] * p[rows]
        there = oracle.value_and_gradient(trial, rows)[0]
        falls = there <= here + _SUFFICIENT * length * slope[rows]
        new[rows[falls]] = trial[falls]
        rows, here = rows[~falls], here[~falls]
        if not len(rows):
            break
    return new


def _steihaug(x: Array, g: Array, radius: float, most: int, oracle: Oracle, row: int) -> tuple[Array, float]:
    """Return the step p (n,) in the ball and m(p), by conjugate gradients that stop at the rim."""
    p, hp = np.zeros_like(g), np.zeros_like(g)
    r, d = g.copy(), -g
    norm = np.linalg.norm(g)
    enough = min(0.5, np.sqrt(norm)) * norm
    for _ in range(min(most, 2 * len(g))):
        if (np.linalg.norm(r) <= enough and p.any()) or not d.any() or radius <= 0:
            break
        hd = oracle.hessian_vector_product(x[None], d[None], np.array([row]))[0]
        bend, rr = d @ hd, r @ r
        if not np.isfinite(bend):
            break
        a = rr / bend if bend > 0 else np.inf
        if bend <= 0 or np.linalg.norm(p + a * d) >= radius:
            dd, pd = d @ d, p @ d
            a = (-pd + np.sqrt(np.maximum(pd * pd + dd * (radius**2 - p @ p), 0.0))) / dd
            p, hp = p + a * d, hp + a * hd
            break
        p, hp, r = p + a * d, hp + a * hd, r + a * hd
        d = -r + (r @ r) / rr * d
    return p, float(g @ p + 0.5 * p @ hp)
