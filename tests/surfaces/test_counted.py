"""A surface that counts what is asked of it: same numbers, no more than allowed, shares that end where they should."""

import numpy as np
import pytest

import landscape as ls
from landscape.surfaces.counted import Counted, Spent

SURFACES = (ls.surface("himmelblau"), ls.formula("sin(x)"), ls.from_functions(lambda x: x @ x, lambda x: 2 * x, 2))


@pytest.mark.parametrize("surface", SURFACES, ids=lambda surface: surface.name)
def test_it_is_the_same_surface_until_enough_was_asked(surface):
    counted = Counted(surface, np.inf)
    x = np.full((3, surface.n_dims), 0.7)
    np.testing.assert_array_equal(counted.value(x), surface.value(x))
    np.testing.assert_array_equal(counted.gradient(x), surface.gradient(x))
    np.testing.assert_array_equal(counted.hessian(x), surface.hessian(x))
    assert counted.operations == sum(counted.cost(order, 3) for order in (0, 1, 2))
    few = Counted(surface, 2.5 * counted.cost(0, 3))
    few.value(x)
    few.value(x)
    with pytest.raises(Spent):
        few.value(x)
    assert (few.operations, few.n_refused) == (2 * counted.cost(0, 3), 1)


def test_a_block_takes_its_share_of_what_is_left():
    surface = ls.surface("sphere")
    one = Counted(surface, np.inf).cost(0, 1)
    counted, asked = Counted(surface, 10 * one), []
    for share in (0.5, 0.4, 1.0):
        with counted.within(share):
            while True:
                counted.value([1.0, 1.0])
                asked.append(share)
    assert [asked.count(share) for share in (0.5, 0.4, 1.0)] == [5, 2, 3]


def test_a_longer_formula_and_more_points_cost_more():
    short, long = (Counted(ls.formula(text), np.inf) for text in ("x*y", "sin(x*y)+sin(2*x*y)+sin(3*x*y)"))
    for order in (0, 1, 2):
        assert short.cost(order, 100) < long.cost(order, 100) < long.cost(order, 10_000)
