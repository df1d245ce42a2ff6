import math

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.optimize import minimize

import landscape as ls
from landscape.descent.loop import CountingOracle
from landscape.optimizers import Step
from landscape.optimizers.second_order import EXACT_DIMS, MAX_DENSE

KEYS = ["newton", "saddle_free_newton", "lbfgs", "trust_region"]


class Parabola:
    """Only the curvature of f = 1/2 sum_i l_i x_i^2."""

    def __init__(self, curvatures):
        self.curvatures, self.n_dims = np.array(curvatures), len(curvatures)

    def hessian(self, x):
        return np.broadcast_to(np.diag(self.curvatures), (len(x), self.n_dims, self.n_dims))

    def hessian_vector_product(self, x, v):
        return self.curvatures * v


@pytest.mark.parametrize("curvature", [0.01, 1.0])
def test_saddle_free_newton_escapes_in_14_steps(curvature):
    """THEORY 10: the distance doubles, ceil(log2(1e4)) = 14 steps from 1e-4 to 1, whatever the curvature."""
    walker = ls.SaddleFreeNewton()
    x, state = np.array([[1.0, 1e-4]]), ()
    oracle = CountingOracle(Parabola([1.0, -curvature]), 1)
    for t in range(1, 20):
        g = x * [1.0, -curvature]
        x, state = walker.update(Step(x, g, t, 1.0, (), oracle), state)
        if abs(x[0, 1]) >= 1:
            break
    assert t == math.ceil(math.log2(1e4)) == 14


def test_newton_goes_to_the_saddle():
    t = ls.descend(ls.surface("escaping_saddle"), ls.Newton(), [[0.3, 0.1]], 12)
    assert_allclose(t.final_gradient_norms, 0, atol=1e-10)
    assert t.outcomes[0] is ls.Outcome.SADDLE
    assert ls.descend(t.surface, ls.SaddleFreeNewton(), [[0.3, 0.1]], 40).outcomes[0] is ls.Outcome.MINIMUM


@pytest.mark.parametrize("start", [[-1.2, 1.0], [2.0, -1.0], [0.0, 3.0]])
@pytest.mark.parametrize("key", ["lbfgs", "trust_region"])
def test_ends_where_scipy_ends(key, start):
    surface = ls.surface("rosenbrock")
    method = {"lbfgs": "L-BFGS-B", "trust_region": "trust-ncg"}[key]
    beyond = {} if key == "lbfgs" else {"hess": surface.hessian}
    theirs = minimize(surface.value, start, jac=surface.gradient, method=method, **beyond)
    ours = ls.descend(surface, ls.optimizer(key), [start], 150)
    assert_allclose(ours.final_values[0], theirs.fun, atol=1e-8)
    assert_allclose(ours.final_points[0], theirs.x, atol=1e-3)


@pytest.mark.parametrize("key", KEYS[2:])
def test_the_loss_never_grows(key):
    starts = np.random.default_rng(0).uniform(-3, 3, (20, 2))
    t = ls.descend(ls.surface("himmelblau"), ls.optimizer(key), starts, 60)
    assert np.diff(t.values, axis=1).max() <= 1e-12
    assert {outcome.word for outcome in t.outcomes} == {"minimum"}


@pytest.mark.parametrize("key", KEYS)
def test_a_start_and_its_count_do_not_depend_on_the_neighbours(key):
    starts = np.random.default_rng(1).uniform(-2, 2, (5, 2))
    surface = ls.surface("himmelblau")
    together = ls.descend(surface, ls.optimizer(key), starts, 25)
    for i, start in enumerate(starts):
        alone = ls.descend(surface, ls.optimizer(key), [start], 25)
        assert_allclose(together.points[i], alone.points[0], rtol=1e-9, atol=1e-9)
        assert together.evaluations[i] == alone.evaluations[0]


def test_each_evaluation_is_counted():
    surface = ls.surface("sphere")
    assert ls.descend(surface, ls.Newton(), [[1.0, 2.0]], 5).evaluations.tolist() == [5 * (1 + 2)]
    assert ls.descend(surface, ls.SGD(), [[1.0, 2.0]], 5).evaluations.tolist() == [5]


@pytest.mark.parametrize("key", KEYS)
def test_ensemble_takes_the_same_road(key):
    starts = np.random.default_rng(2).uniform(-2, 2, (4, 2))
    surface = ls.surface("himmelblau")
    ends = ls.ensemble(surface, ls.optimizer(key), starts, 30)
    assert_allclose(ends.points, ls.descend(surface, ls.optimizer(key), starts, 30).final_points, atol=1e-8)


def test_krylov_step_is_the_dense_one_where_the_space_is_whole():
    """Three different curvatures: three Hessian-vector products see everything."""
    n = EXACT_DIMS + 20
    curvatures = np.resize([-2.0, 0.5, 4.0], n)

    x = np.random.default_rng(0).standard_normal((2, n))
    oracle = CountingOracle(Parabola(curvatures), 2)
    new, _ = ls.SaddleFreeNewton(krylov=5).update(Step(x, curvatures * x, 1, 1.0, (), oracle), ())
    assert_allclose(new, x - np.sign(curvatures) * x, atol=1e-10)
    assert oracle.evaluations.tolist() == [5, 5]


def test_what_is_not_finite_ends_its_own_path_only():
    x, g = np.ones((2, 2)), np.array([[np.nan, 1.0], [2.0, 2.0]])
    for key in KEYS:
        walker = ls.optimizer(key)
        oracle = CountingOracle(ls.surface("sphere"), 2)
        new, _ = walker.update(Step(x, g, 1, 1.0, (), oracle), walker.init(x))
        assert np.isnan(new[0]).any()
        assert np.isfinite(new[1]).all()
        assert oracle.evaluations[0] == 0


def test_newton_refuses_what_does_not_fit_and_says_what_would():
    with pytest.raises(ValueError, match=f"at most {MAX_DENSE} dimensions, not {MAX_DENSE + 1}"):
        ls.Newton().init(np.zeros((1, MAX_DENSE + 1)))


@pytest.mark.parametrize("key", KEYS)
def test_a_critical_point_is_rest(key):
    t = ls.descend(ls.surface("sphere"), ls.optimizer(key), [[0.0, 0.0]], 3)
    assert_array_equal(t.points, 0)


@pytest.mark.parametrize("key", KEYS)
def test_without_an_oracle_it_says_so(key):
    walker, x = ls.optimizer(key), np.ones((1, 2))
    with pytest.raises(ValueError, match="needs an oracle"):
        walker.update(Step(x, x, 1, 1.0), walker.init(x))


def test_each_kind_of_question_is_counted():
    surface, start = ls.surface("himmelblau"), [[1.0, 2.0]]
    newton = ls.descend(surface, ls.Newton(), start, 5)
    assert [int(c[0]) for c in (newton.gradients, newton.hessian_vector_products, newton.hessians)] == [5, 0, 5]
    region = ls.descend(surface, ls.TrustRegion(), start, 5)
    assert region.hessian_vector_products[0] >= 5
    assert region.hessians[0] == 0
    for run in (newton, region, ls.descend(surface, ls.LBFGS(), start, 5)):
        assert_array_equal(run.evaluations, run.gradients + run.hessian_vector_products + 2 * run.hessians)
        assert (np.diff(run.spent[0]) >= 1).all()
