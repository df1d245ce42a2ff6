"""The null models of projections against simulation (THEORY 7 and 18)."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from landscape.theory.projections import looks_like_a_minimum, random_walk_shares


@pytest.mark.parametrize(
    ("n_plus", "n_minus", "expected"), [(7, 3, 0.8395), (70, 30, 0.9981), (550, 450, 0.9874), (5, 5, 0.5)]
)
def test_chance_that_a_line_misleads(n_plus, n_minus, expected):
    assert looks_like_a_minimum(n_plus, n_minus) == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize(("n_plus", "n_minus"), [(7, 3), (4, 1), (3, 2), (2, 3), (2, 2), (30, 15)])
def test_chances_against_drawn_planes(n_plus, n_minus):
    rng = np.random.default_rng(n_plus)
    n_drawn = 10_000
    signs = np.repeat([1.0, -1.0], [n_plus, n_minus])
    frames = np.linalg.qr(rng.standard_normal((n_drawn, n_plus + n_minus, 2)))[0]
    blocks = np.einsum("pia,i,pib->pab", frames, signs, frames)
    for dims, seen in ((1, blocks[:, 0, 0] > 0), (2, np.linalg.eigvalsh(blocks)[:, 0] > 0)):
        p = looks_like_a_minimum(n_plus, n_minus, dims)
        assert abs(seen.mean() - p) < 4 * np.sqrt(p * (1 - p) / n_drawn)


def test_the_sure_cases():
    assert looks_like_a_minimum(3, 0) == 1.0
    assert looks_like_a_minimum(0, 3) == 0.0
    assert looks_like_a_minimum(1, 3, slice_dims=2) == 0.0
    with pytest.raises(ValueError, match="as many eigenvalues, not 1 and 0"):
        looks_like_a_minimum(1, 0, slice_dims=2)
    with pytest.raises(ValueError, match="must be 1 or 2, not 3"):
        looks_like_a_minimum(5, 5, slice_dims=3)


def test_principal_components_of_a_random_walk():
    # THEORY 18: 6 / (pi^2 k^2) is .608 and, for two, .760; the exact shares come from the centred sum matrix
    assert_allclose(random_walk_shares(2), [0.608, 0.152], atol=1e-3)
    assert random_walk_shares(2).sum() == pytest.approx(0.760, abs=5e-4)
    steps = 50
    sums = np.tril(np.ones((steps + 1, steps + 1)))[:, 1:]
    sums -= sums.mean(axis=0)
    exact = np.linalg.eigvalsh(sums @ sums.T)[::-1]
    assert_allclose(random_walk_shares(5, steps), (exact / exact.sum())[:5], rtol=1e-10)
    assert random_walk_shares(4, 2)[2:].tolist() == [0.0, 0.0]
    with pytest.raises(ValueError, match="at least 1 step"):
        random_walk_shares(2, 0)
    with pytest.raises(ValueError, match="n_components"):
        random_walk_shares(0)


@pytest.mark.parametrize("n_walks", [2, 5])
def test_principal_components_of_several_walks(n_walks):
    steps = 30
    sums = np.tril(np.ones((steps + 1, steps + 1)))[:, 1:]
    together = np.kron(np.eye(n_walks), sums)
    together -= together.mean(axis=0)
    exact = np.linalg.eigvalsh(together @ together.T)[::-1]
    assert_allclose(random_walk_shares(6, steps, n_walks), (exact / exact.sum())[:6], rtol=1e-10)
    with pytest.raises(ValueError, match="several need n_steps"):
        random_walk_shares(2, n_walks=n_walks)
