import itertools

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from landscape.optimizers import noise
from landscape.optimizers.noise import GaussianNoise


def drawn(scale=1.0, decay=0.0, seed=0, n_starts=3, n_dims=2, n_steps=50):
    return np.array(list(GaussianNoise(scale, decay).stream(seed, n_starts, n_dims, n_steps)))


def test_each_start_draws_from_its_own_generator():
    expected = [np.random.default_rng([5, start]).standard_normal((50, 2)) for start in range(3)]
    assert_array_equal(drawn(seed=5), np.stack(expected, axis=1))


def test_neighbours_do_not_matter():
    assert_array_equal(drawn(n_starts=7)[:, :3], drawn(n_starts=3))


def test_a_longer_run_begins_with_the_same_numbers():
    assert_array_equal(drawn(n_steps=400)[:50], drawn(n_steps=50))


@pytest.mark.parametrize("chunk", [1, 7, 60, 10**9])
def test_chunks_do_not_show(monkeypatch, chunk):
    whole = drawn(decay=0.5)
    monkeypatch.setattr(noise, "CHUNK", chunk)
    assert_array_equal(drawn(decay=0.5), whole)


def test_no_more_is_drawn_than_a_chunk_holds():
    """A million steps cost nothing before they are taken."""
    stream = GaussianNoise().stream(0, 4, 2, 10**12)
    assert [step.shape for step in itertools.islice(stream, 3)] == [(4, 2)] * 3


def test_seeds_differ_and_repeat():
    assert_array_equal(drawn(seed=1), drawn(seed=1))
    assert not np.any(drawn(seed=1) == drawn(seed=2))


def test_scale_and_decay():
    plain = drawn()
    t = np.arange(1.0, 51.0)[:, None, None]
    assert_allclose(drawn(scale=0.3, decay=0.55), 0.3 * plain / t**0.55, rtol=1e-14)


def test_standard_deviation_of_neelakantan():
    """sigma_k^2 = eta / (1 + k)^gamma with eta = .3, gamma = .55 at k = t - 1, as the docstring maps it."""
    eta, gamma, n = 0.3, 0.55, 10_000
    sample = drawn(scale=np.sqrt(eta), decay=gamma / 2, n_starts=n, n_dims=1, n_steps=3)[..., 0]
    variance = eta / (1 + np.arange(3)) ** gamma
    assert_allclose(sample.var(axis=1), variance, rtol=4 * np.sqrt(2 / n))
    assert_allclose(sample.mean(axis=1), 0, atol=4 * np.sqrt(eta / n))


def test_no_steps():
    assert list(GaussianNoise().stream(0, 2, 2, 0)) == []


def test_lanes_are_apart():
    """Lane 0 is [seed, start] itself; another lane shares no number with it."""
    noise_lane, other = noise.generators(3, 2)[1], noise.generators(3, 2, lane=1)[1]
    first = noise_lane.standard_normal(100)
    assert_array_equal(first, np.random.default_rng([3, 1]).standard_normal(100))
    assert not np.any(np.isin(first, other.standard_normal(100)))
