"""The first three steps of what torch does not have, worked by hand on given gradients 4, -1, 2 from x = 1.

Every expected number is written as the arithmetic that gives it, in the order of the published recurrence.
"""

from math import sqrt

import numpy as np
import pytest
from numpy.testing import assert_allclose

import landscape as ls
from landscape.optimizers import (
    AdaBelief,
    Adam,
    AdamW,
    AMSGrad,
    Lion,
    Momentum,
    Step,
    Yogi,
)


def steps(walker, learning_rate=0.1, gradients=(4.0, -1.0, 2.0), x=1.0):
    """Return the points after each step and the slots after the last."""
    x = np.array([[x]])
    state, path = walker.init(x), []
    for t, g in enumerate(gradients, start=1):
        x, state = walker.update(Step(x, np.array([[g]]), t, learning_rate), state)
        path.append(float(x[0, 0]))
    return path, [float(slot[0, 0]) for slot in state]


def test_averaged_momentum():
    """v <- .75 v + .25 g, x <- x - .1 v."""
    v1 = 0.25 * 4  # 1
    v2 = 0.75 * 1 + 0.25 * -1  # .5
    v3 = 0.75 * 0.5 + 0.25 * 2  # .875
    path, slots = steps(Momentum(momentum=0.75, averaged=True))
    assert_allclose(path, [1 - 0.1, 0.9 - 0.05, 0.85 - 0.0875], rtol=1e-15)
    assert_allclose((v1, v2, v3), (1, 0.5, 0.875))
    assert_allclose(slots, [v3], rtol=1e-15)


def test_averaged_momentum_is_the_heavy_ball_with_a_smaller_learning_rate():
    averaged, _ = steps(Momentum(momentum=0.9, averaged=True), learning_rate=0.1)
    heavy, _ = steps(Momentum(momentum=0.9), learning_rate=0.01)
    assert_allclose(averaged, heavy, rtol=1e-15)


def test_adam_without_bias_correction():
    """m <- .9 m + .1 g, v <- .99 v + .01 g^2, x <- x - .1 m / (sqrt(v) + .001)."""
    m1, v1 = 0.1 * 4, 0.01 * 16  # .4, .16
    m2, v2 = 0.9 * 0.4 + 0.1 * -1, 0.99 * 0.16 + 0.01 * 1  # .26, .1684
    m3, v3 = 0.9 * 0.26 + 0.1 * 2, 0.99 * 0.1684 + 0.01 * 4  # .434, .206716
    x1 = 1 - 0.1 * m1 / (sqrt(v1) + 0.001)
    x2 = x1 - 0.1 * m2 / (sqrt(v2) + 0.001)
    x3 = x2 - 0.1 * m3 / (sqrt(v3) + 0.001)
    path, slots = steps(Adam(b1=0.9, b2=0.99, eps=0.001, bias_correction=False))
    assert_allclose(path, [x1, x2, x3], rtol=1e-14)
    assert_allclose(slots, [0.434, 0.206716], rtol=1e-14)
    assert_allclose(path[0], 1 - 0.04 / 0.401, rtol=1e-15)
    assert_allclose((m3, v3), (0.434, 0.206716))


def test_adams_first_step_is_one_learning_rate_and_without_correction_a_multiple():
    corrected, _ = steps(Adam(eps=1e-300))
    raw, _ = steps(Adam(eps=1e-300, bias_correction=False))
    assert_allclose(corrected[0], 1 - 0.1, rtol=1e-15)
    assert_allclose(raw[0], 1 - 0.1 * (1 - 0.9) / sqrt(1 - 0.999), rtol=1e-13)


def test_amsgrad_without_bias_correction():
    """The largest v so far: with b2 = .5 it is 8, 8, 8 where v is 8, 4.5, 4.25."""
    assert 0.5 * 16 == 8
    assert 0.5 * 8 + 0.5 * 1 == 4.5
    assert 0.5 * 4.5 + 0.5 * 4 == 4.25
    m1 = 0.5 * 4  # 2
    m2 = 0.5 * 2 + 0.5 * -1  # .5
    m3 = 0.5 * 0.5 + 0.5 * 2  # 1.25
    denominator = sqrt(8) + 0.5
    path, slots = steps(AMSGrad(b1=0.5, b2=0.5, eps=0.5, bias_correction=False))
    x1 = 1 - 0.1 * m1 / denominator
    x2 = x1 - 0.1 * m2 / denominator
    assert_allclose(path, [x1, x2, x2 - 0.1 * m3 / denominator], rtol=1e-14)
    assert_allclose(slots, [1.25, 4.25, 8.0], rtol=1e-15)


def test_adamw_without_bias_correction():
    """x first shrinks by 1 - .1 * .5 = .95; the gradient step does not see the decay."""
    x1 = 0.95 * 1 - 0.1 * 2 / (sqrt(8) + 0.5)
    x2 = 0.95 * x1 - 0.1 * 0.5 / (sqrt(4.5) + 0.5)
    x3 = 0.95 * x2 - 0.1 * 1.25 / (sqrt(4.25) + 0.5)
    path, _ = steps(AdamW(b1=0.5, b2=0.5, eps=0.5, weight_decay=0.5, bias_correction=False))
    assert_allclose(path, [x1, x2, x3], rtol=1e-14)


def test_lion():
    """c = .75 m + .25 g decides the sign, m <- .5 m + .5 g remembers."""
    # t = 1: c = .25 * 4 = 1;                     m = .5 * 4 = 2
    # t = 2: c = .75 * 2 + .25 * -1 = 1.25;       m = .5 * 2 + .5 * -1 = .5
    # t = 3: c = .75 * .5 + .25 * -8 = -1.625;    m = .5 * .5 + .5 * -8 = -3.75
    path, slots = steps(Lion(b1=0.75, b2=0.5), gradients=(4.0, -1.0, -8.0))
    assert_allclose(path, [0.9, 0.8, 0.9], rtol=1e-15)
    assert slots == [-3.75]


def test_lion_decays_apart_from_the_sign():
    """x <- x - .1 (sign c + .5 x)."""
    x1 = 1 - 0.1 * (1 + 0.5 * 1)  # .85
    x2 = x1 - 0.1 * (1 + 0.5 * x1)
    x3 = x2 - 0.1 * (-1 + 0.5 * x2)
    path, _ = steps(Lion(b1=0.75, b2=0.5, weight_decay=0.5), gradients=(4.0, -1.0, -8.0))
    assert_allclose(path, [x1, x2, x3], rtol=1e-15)
    assert_allclose(x1, 0.85)


def test_lion_without_b1_is_signed_descent():
    path, _ = steps(Lion(b1=0.0), gradients=(1e-200, 0.0, -3.0))
    assert_allclose(path, [0.9, 0.9, 1.0], rtol=1e-15)


def test_adabelief():
    """m <- .5 m + .5 g, s <- .75 s + .25 (g - m)^2 + eps, both corrected; eps = .125 enters twice."""
    m1, s1 = 2.0, 0.25 * (4 - 2) ** 2 + 0.125  # 1.125
    m2 = 0.5 * 2 + 0.5 * -1  # .5
    s2 = 0.75 * 1.125 + 0.25 * (-1 - 0.5) ** 2 + 0.125  # 1.53125
    m3 = 0.5 * 0.5 + 0.5 * 2  # 1.25
    s3 = 0.75 * 1.53125 + 0.25 * (2 - 1.25) ** 2 + 0.125  # 1.4140625
    x1 = 1 - 0.1 * (m1 / 0.5) / (sqrt(s1 / 0.25) + 0.125)
    x2 = x1 - 0.1 * (m2 / 0.75) / (sqrt(s2 / (1 - 0.75**2)) + 0.125)
    x3 = x2 - 0.1 * (m3 / 0.875) / (sqrt(s3 / (1 - 0.75**3)) + 0.125)
    path, slots = steps(AdaBelief(b1=0.5, b2=0.75, eps=0.125))
    assert_allclose(path, [x1, x2, x3], rtol=1e-14)
    assert_allclose(slots, [1.25, 1.4140625], rtol=1e-15)


@pytest.mark.parametrize("corrected", [False, True])
def test_yogi(corrected):
    """v <- v - .25 sign(v - g^2) g^2: up by 4 towards 16, down by .25 towards 1, up by 1 towards 4."""
    v1 = 0 + 0.25 * 16  # 4
    v2 = 4 - 0.25 * 1  # 3.75
    v3 = 3.75 + 0.25 * 4  # 4.75
    m1, m2, m3 = 2.0, 0.5, 1.25  # as for AdaBelief
    c = [(1 - 0.5**t, 1 - 0.75**t) if corrected else (1.0, 1.0) for t in (1, 2, 3)]
    x1 = 1 - 0.1 * (m1 / c[0][0]) / (sqrt(v1 / c[0][1]) + 0.001)
    x2 = x1 - 0.1 * (m2 / c[1][0]) / (sqrt(v2 / c[1][1]) + 0.001)
    x3 = x2 - 0.1 * (m3 / c[2][0]) / (sqrt(v3 / c[2][1]) + 0.001)
    path, slots = steps(Yogi(b1=0.5, b2=0.75, bias_correction=corrected))
    assert_allclose(path, [x1, x2, x3], rtol=1e-14)
    assert_allclose(slots, [1.25, 4.75], rtol=1e-15)


def test_nesterov_as_written_looks_where_nesterov_stands():
    """In exact arithmetic x + momentum v is the path of the form that torch has."""
    surface, starts = ls.surface("himmelblau"), [[1.0, 2.5], [-0.5, -1.0]]
    written = ls.NesterovAsWritten(learning_rate=1e-3, momentum=0.8)
    t = ls.descend(surface, written, starts, 60)
    v = np.diff(t.points, axis=1)
    shown = ls.descend(surface, ls.Nesterov(learning_rate=1e-3, momentum=0.8), starts, 60)
    assert_allclose(t.points[:, 1:] + 0.8 * v, shown.points[:, 1:], rtol=1e-12)
    assert t.gradients.tolist() == [60, 60]
