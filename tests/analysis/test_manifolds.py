"""Manifolds of saddles against those known in closed form."""

import numpy as np
import pytest

import landscape as ls


def saddle_of(surface):
    return ls.critical_points(surface).of_kind("saddle")[0]


def test_the_separatrix_of_a_double_well_is_its_middle_line():
    surface = ls.formula("(x**2 - 1)**2 + y**2", domain=((-2, 2), (-2, 2)))
    branches = ls.manifolds(surface, saddle_of(surface))
    assert [b.kind for b in branches] == ["stable", "stable", "unstable", "unstable"]
    for branch in branches[:2]:
        assert np.abs(branch.points[:, 0]).max() < 1e-9
        assert abs(abs(branch.points[-1, 1]) - 2) < 1e-6
    for branch in branches[2:]:
        assert np.abs(branch.points[:, 1]).max() < 1e-9
        assert abs(abs(branch.points[-1, 0]) - 1) < 1e-5


def test_a_bent_manifold_keeps_its_invariant():
    """f = x^2/2 - y^2/2 + b x^2 y on the line x = 0 falls along y: the unstable manifold is straight, exactly."""
    surface = ls.formula("x**2/2 - y**2/2 + 0.3*x**2*y", domain=((-1, 1), (-1, 1)))
    saddle = min(ls.critical_points(surface).of_kind("saddle"), key=lambda p: float(np.linalg.norm(p.x)))
    for branch in ls.manifolds(surface, saddle):
        if branch.kind == "unstable":
            assert np.abs(branch.points[:, 0]).max() < 1e-9
        else:  # y = -0.3 x^2 / 3 + ..., from the quadratic terms of the invariance equation
            near = np.abs(branch.points[:, 0]) < 0.05
            np.testing.assert_allclose(branch.points[near, 1], 0.1 * branch.points[near, 0] ** 2, atol=1e-6)


def test_gradient_descent_from_the_manifold_arrives_and_beside_it_does_not():
    surface = ls.surface("escaping_saddle")
    saddle = saddle_of(surface)
    branch = next(one for one in ls.manifolds(surface, saddle) if one.kind == "stable")
    on = branch.points[np.searchsorted(branch.lengths, 0.8)]
    beside = np.add(on, [0.0, 1e-3])
    run = ls.descend(surface, ls.SGD(learning_rate=0.05), [on, beside], 600)
    assert np.linalg.norm(run.points[0, -1] - saddle.x) < 1e-9
    assert np.linalg.norm(run.points[1, -1] - saddle.x) > 0.5


def test_what_has_no_manifolds_is_refused():
    surface = ls.surface("himmelblau")
    with pytest.raises(ValueError, match="the kind of this point: minimum"):
        ls.manifolds(surface, ls.critical_points(surface)[0])


def test_a_branch_that_winds_through_a_steep_valley_is_cut_short_and_says_so():
    surface = ls.formula("1e4*(y - sin(5*x))^2 + x^4 - x^2")
    (saddle,) = ls.critical_points(surface).of_kind("saddle")
    branches = ls.manifolds(surface, saddle)
    assert [branch.is_cut_short for branch in branches] == [False, False, True, True]
    for branch in branches:
        assert len(branch.points) == len(branch.lengths) >= 2
        np.testing.assert_array_equal(branch.points[0], saddle.x)
