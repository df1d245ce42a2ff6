"""A wrong sign, factor or index anywhere, in a rule, a surface or a formula, turns the PASS of its claims into FAIL."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from landscape.claims import CLAIMS
from landscape.optimizers import OPTIMIZERS, ElementwiseOptimizer

SMALL = {
    "random_landscapes": {"dimensions": 2},
    "spin_glass": {"instances": 2, "spins": 30},
    "newton_and_descent": {"starts": 50},
    "edge_of_stability": {"steps": 3000},
    "width": {"students": 60},
    "gradient_flat": {"starts": 30},
    "trainability": {"zoom": 2},
}


@pytest.fixture(autouse=True, scope="module")
def rules_are_checked():
    """A rule is checked once, before it is changed here: what stands in its place need not be allowed."""
    for optimizer in map(OPTIMIZERS.make, OPTIMIZERS):
        if isinstance(optimizer, ElementwiseOptimizer):
            optimizer.check()


def verdict(key):
    return CLAIMS[key].run(0, **SMALL.get(key, {})).verdict


def changed(monkeypatch, where, change):
    """Put ``change(original)`` in the place of a function or method, named as module:attribute.attribute."""
    from importlib import import_module

    module, _, path = where.partition(":")
    owner, *names = import_module(module), *path.split(".")
    for name in names[:-1]:
        owner = getattr(owner, name)
    original = owner.__dict__[names[-1]]
    if isinstance(original, staticmethod):
        monkeypatch.setattr(owner, names[-1], staticmethod(change(original.__func__)))
    else:
        monkeypatch.setattr(owner, names[-1], change(original))


def times(factor):
    """Return a change that multiplies what a function returns."""
    return lambda original: lambda *a, **k: factor * np.asarray(original(*a, **k))


def shifted(original):
    """An index that is one off."""
    return lambda *a, **k: np.roll(original(*a, **k), 1)


def uphill(rule):
    """The step goes the wrong way."""

    def wrong(x, g, *rest):
        return rule(x, -g, *rest)

    return wrong


def longer(rule):
    """The step is a tenth too long."""

    def wrong(x, g, t, learning_rate, *rest):
        return rule(x, g, t, 1.1 * learning_rate, *rest)

    return wrong


SGD = "landscape.optimizers.first_order:SGD.rule"
MOMENTUM = "landscape.optimizers.first_order:Momentum.rule"
NESTEROV = "landscape.optimizers.first_order:Nesterov.rule"
ADAM = "landscape.optimizers.adam:Adam.rule"
RMSPROP = "landscape.optimizers.adaptive:RMSprop.rule"
THEORY = "landscape.theory."

MUTATIONS = [
    ("random_matrices", THEORY + "random_matrices:positive_definite_probability", times(1.2)),
    ("random_matrices", THEORY + "random_matrices:goe", lambda f: lambda n, m, rng: f(n, m, rng) + 0.1 * np.eye(n)),
    ("random_landscapes", THEORY + "kac_rice:index_fractions", shifted),
    ("separable", "math:comb", lambda f: lambda n, k: f(n + 1, k)),
    ("spin_glass", THEORY + "p_spin:index_share", lambda f: lambda u, p: 1 - f(u, p)),
    ("spin_glass", THEORY + "p_spin:index_share", lambda f: lambda u, p: f(0.7 * np.asarray(u), p)),
    ("autoencoder", THEORY + "linear_autoencoder:critical_index", lambda f: lambda *a: f(*a) + 1),
    ("autoencoder", THEORY + "linear_autoencoder:critical_loss", times(2.0)),
    ("newton_and_descent", MOMENTUM, uphill),
    ("slices", THEORY + "projections:looks_like_a_minimum", lambda f: lambda p, m, d=1: f(m, p, d)),
    ("saturated_neuron", SGD, longer),
    ("saturated_neuron", THEORY + "saturated_neuron:squared_error_time", times(0.9)),
    ("deep_linear", THEORY + "deep_linear:learning_time", times(1.05)),
    ("deep_linear", THEORY + "deep_linear:learning_time",
     lambda f: lambda s, u0, depth=2: f(s, u0, depth - 1 if depth > 2 else depth)),
    ("deep_linear", SGD, longer),
    ("escape", SGD, longer),
    ("escape", MOMENTUM, longer),
    ("escape", ADAM, longer),
    ("escape", "landscape.optimizers.second_order:SaddleFreeNewton.update",
     lambda f: lambda self, step, state: f(self, step._replace(learning_rate=step.learning_rate / 2), state)),
    ("escape", RMSPROP, longer),
    ("escape", THEORY + "escape_times:heavy_ball", lambda f: lambda c, d, r, eta, b: f(c, d, r, eta, b / 2)),
    ("sequential_saddles", SGD, longer),
    ("sequential_saddles", THEORY + "sequential_saddles:escape_steps", lambda f: lambda n, r: f(n + 1, r)[1:]),
    ("quadratic_rates", SGD, longer),
    ("quadratic_rates", NESTEROV, longer),
    ("quadratic_rates", MOMENTUM, lambda rule: lambda x, g, t, eta, s, h: rule(x, g, t, eta, s, (h[0] ** 0.5, *h[1:]))),
    ("stability_edges", MOMENTUM, longer),
    ("stability_edges", THEORY + "stability_edge:nesterov", lambda f: lambda eta, b: f(eta, b) * (1 + 2 * b)),
    ("edge_of_stability", SGD, longer),
    ("edge_of_stability", ADAM, longer),
    ("edge_of_stability", "landscape.analysis.smoothness:preconditioned_sharpness", times(0.9)),
    ("catapult", SGD, longer),
    ("catapult", THEORY + "catapult:step", lambda f: lambda a, s, eta, m: (f(a, s, eta, m)[0], f(a, s, eta, m + 1)[1])),
    ("width", SGD, uphill),
    ("curvature_estimates", "landscape.surfaces.saddles:SpectralSaddle.hessian_vector_product", times(1.1)),
    ("gradient_flat", "landscape.analysis.census:certify",
     lambda f: lambda surface, x: replace(f(surface, x), critical=True)),
    ("mode_connectivity", ADAM, uphill),
    ("mode_connectivity", "landscape.analysis.connectivity:_on_curve",
     lambda f: lambda a, b, c, t: f(a, None, c, t)),
    ("random_walk", THEORY + "projections:random_walk_shares",
     lambda f: lambda k, n=None, walks=1: f(k + 1, n, walks)[1:]),
    ("filter_normalization", "landscape.surfaces.networks.layers:BatchNorm.forward",
     lambda f: lambda self, p, x: (lambda out, kept: (out + 0.01 * x, kept))(*f(self, p, x))),
    ("self_stabilization", SGD, longer),
    ("self_stabilization", THEORY + "self_stabilization:mean_square", times(1.01)),
    ("central_flow", SGD, longer),
    ("central_flow", THEORY + "central_flow:_covariance", times(0.5)),
    ("period_doubling", SGD, longer),
    ("period_doubling", THEORY + "period_doubling:pair", lambda f: lambda rate: f(1.01 * rate)),
    ("river_valley", SGD, longer),
    ("river_valley", THEORY + "river_valley:hill_losses", times(1.05)),
    ("bounces", "landscape.optimizers.signs:Signum.rule", longer),
    ("bounces", "landscape.optimizers.second_look:SAM.update",
     lambda f: lambda self, step, state: f(replace(self, radius=1.1 * self.radius), step, state)),
    ("bounces", THEORY + "two_cycles:sam_amplitude", times(1.01)),
    ("bounces", THEORY + "two_cycles:sign_amplitude", times(1.01)),
    ("saddle_to_saddle", SGD, longer),
    ("saddle_to_saddle", THEORY + "saddle_to_saddle:visits", lambda f: lambda h, c: (1.1 * f(h, c)[0], f(h, c)[1])),
    ("copies", THEORY + "symmetries:copies", times(2.0)),
    ("copies", "landscape.surfaces.networks.symmetries:permute_hidden", lambda f: lambda network, x, *a: x),
    ("trainability", SGD, longer),
    ("trainability", THEORY + "trainability:converges", lambda f: lambda h, rates: f(h, 1.1 * np.asarray(rates))),
    ("softmax", THEORY + "softmax:softmax", times(1.01)),
    ("softmax", THEORY + "softmax:as_logistic", lambda f: lambda w, b: (-f(w, b)[0], f(w, b)[1])),
    ("batch_norm", THEORY + "batch_norm:squared_gradient_norm", times(1.001)),
    ("batch_norm", THEORY + "batch_norm:scaled", lambda f: lambda c: f(c**2)),
    ("framework_example", SGD, longer),
    ("framework_example", ADAM, longer),
    ("framework_example", THEORY + "framework_example:points", lambda f: lambda k, eta: f(np.asarray(k) + 1, eta)),
]  # fmt: skip


HEAVY = ("random_landscapes", "spin_glass", "newton_and_descent", "edge_of_stability", "width", "mode_connectivity",
         "central_flow", "trainability")  # fmt: skip
CASES = [
    pytest.param(*case, id=f"{case[0]}-{case[1]}", marks=[pytest.mark.long] if case[0] in HEAVY else [])
    for case in MUTATIONS
]


@pytest.mark.parametrize(("key", "where", "change"), CASES)
def test_what_is_broken_fails(monkeypatch, key, where, change):
    changed(monkeypatch, where, change)
    with np.errstate(all="ignore"):
        assert verdict(key) == "FAIL"
