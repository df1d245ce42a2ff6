import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from landscape.optimizers import SCHEDULES, schedule


def naive(key, s, t, n):
    """The definition, one step at a time; k = t - 1 counts steps already taken."""
    k = t - 1
    if key == "constant":
        return 1.0
    if key == "step":
        return s.gamma ** (k // s.every)
    if key == "exponential":
        return s.gamma**k
    if key == "cosine":
        return s.final + (1 - s.final) * (1 + math.cos(math.pi * k / n)) / 2
    if key == "warmup_cosine":
        w = round(s.warmup * n)
        if k < w:
            return s.start + (1 - s.start) * k / w
        return s.final + (1 - s.final) * (1 + math.cos(math.pi * (k - w) / (n - w))) / 2
    if key == "wsd":
        w = round(s.warmup * n)
        d = min(round(s.decay * n), n - w)
        if k < w:
            return s.start + (1 - s.start) * k / w
        return 1 - (1 - s.final) * (k - (n - d)) / d if k >= n - d else 1.0
    if key == "cyclical":
        cycle, within = divmod(k, 2 * s.half)
        height = within / s.half if within <= s.half else 2 - within / s.half
        return s.base + (1 - s.base) * height / (2**cycle if s.halved else 1)
    if key == "warm_restarts":
        period = s.first
        while k >= period:
            k, period = k - period, period * s.longer
        return s.final + (1 - s.final) * (1 + math.cos(math.pi * k / period)) / 2
    if key == "polynomial":
        return ((n - k) / n) ** s.power
    peak, first, end = s.warmup * n - 1, 1 / s.divisor, 1 / (s.divisor * s.final_divisor)
    if k <= peak:
        share = k / peak if peak > 0 else 1.0
        return 1 + (first - 1) * (1 + math.cos(math.pi * share)) / 2
    share = (k - peak) / (n - 1 - peak) if n - 1 > peak else 1.0
    return end + (1 - end) * (1 + math.cos(math.pi * share)) / 2


@pytest.mark.parametrize("key", SCHEDULES)
@settings(deadline=None, max_examples=60)
@given(data=st.data(), n=st.integers(1, 300))
def test_vectorized_equals_step_by_step(key, data, n):
    parameters = SCHEDULES[key]().parameters
    chosen = {
        p.name: data.draw(
            st.booleans()
            if p.boolean
            else st.integers(int(p.low), int(p.high))
            if p.integer
            else st.floats(p.low, p.high)
        )
        for p in parameters
    }
    made = schedule(key, **chosen)
    factors = made.factors(n)
    assert factors.shape == (n,)
    assert np.all((factors >= 0) & (factors <= 1 + 1e-15))
    assert_allclose(factors, [naive(key, made, t, n) for t in range(1, n + 1)], rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("key", SCHEDULES)
@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_short_runs(key, n):
    factors = schedule(key).factors(n)
    assert factors.shape == (n,)
    assert np.all(np.isfinite(factors))


def test_extremes_of_a_share():
    assert_allclose(schedule("warmup_cosine", warmup=0.0).factors(50), schedule("cosine").factors(50))
    assert_allclose(schedule("warmup_cosine", warmup=1.0, start=0.0).factors(4), [0, 0.25, 0.5, 0.75])
    assert_allclose(schedule("one_cycle", warmup=1.0, divisor=2.0).factors(3), [0.5, 0.75, 1.0])
    assert_allclose(schedule("one_cycle", warmup=0.0, divisor=1.0, final_divisor=2.0).factors(1), [0.5])
    assert_allclose(schedule("exponential", gamma=0.0).factors(3), [1, 0, 0])
    assert_allclose(schedule("step", every=2, gamma=0.0).factors(4), [1, 1, 0, 0])


def test_peak_of_one_cycle_is_the_learning_rate():
    factors = schedule("one_cycle", warmup=0.3).factors(100)
    assert np.argmax(factors) == 29
    assert factors[29] == 1.0
    assert_allclose(factors[[0, -1]], [1 / 25, 1 / 25e4])
