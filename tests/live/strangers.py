"""Rules as strangers write them."""

from __future__ import annotations

import dataclasses

import numpy as np

from landscape.optimizers.base import ElementwiseOptimizer

SHARE = 0.25


class Written(ElementwiseOptimizer):
    """What the rules below share."""

    key, title, n_slots = "written", "Written", 1


def of(body):
    """Return an optimizer with this rule and two hyperparameters."""
    namespace = {
        "__annotations__": {"learning_rate": float, "a": float, "b": float},
        "learning_rate": 0.1,
        "a": 0.5,
        "b": 3.0,
        "rule": staticmethod(body),
    }
    return dataclasses.dataclass(frozen=True)(type("Rule", (Written,), namespace))


def early(x, g, t, learning_rate, slots, hyper):
    a, b = hyper
    (m,) = slots
    if t < b:
        if a > 0.25 and not t <= 1:
            return x - learning_rate * g, (m + g,)
        m = m - 1.0
    elif b:
        a *= 0.5
        m = m * a
    else:
        return x, slots
    return x - learning_rate * m, (m,)


def ternary(x, g, t, learning_rate, slots, hyper):
    rate: float = learning_rate / (t // 2 + 1) if t % 2 == 0 or hyper[0] > 1.0 else learning_rate
    m = np.where(np.abs(g) > SHARE, np.clip(g, -0.5, 0.5), np.minimum(slots[-1], g))
    pair = (m, rate)
    (y, scale), z = pair, 0.0
    return x - scale * y + z * np.pi, [m]


def ufuncs(x, g, t, learning_rate, slots, hyper):
    (m,) = slots
    m = np.tanh(np.multiply(m, 0.9)) + np.square(g) - np.hypot(g, x) + np.arctan2(g, x) + np.exp2(-abs(x))
    k = max(min(float(t), 5.0), 1.5)
    return x - learning_rate * m**3 / k - np.reciprocal(1.0 + g**2) * np.cbrt(x), (np.log1p(np.fabs(m)),)


def chained(x, g, t, learning_rate, slots, hyper):
    warm = 1 < t <= 4
    return x - learning_rate * (g if warm else np.sign(g)), (np.zeros_like(x) + warm,)


def forgetful(x, g, t, learning_rate, slots, hyper):
    """Hands on what it never named, and returns a name."""
    before = slots[0]
    turned = before * g < 0.0
    size, flat = np.where(turned, hyper[0] * learning_rate, learning_rate), -g
    x = x + size * np.sign(flat) - (-x) ** 2 * 1e-3
    return x, (g - -1.5 * SHARE,)


def whole(x, g, t, learning_rate, slots, hyper):
    """Returns what it has put together before."""
    a, b = hyper
    a, b = b, a
    result: tuple = x - learning_rate * (a - (b - g)) / (1.0 / (2.0 + abs(x)) / 3.0), slots
    return result


STRANGERS = {body.__name__: body for body in (early, ternary, ufuncs, chained, forgetful, whole)}
