from __future__ import annotations

import numpy as np
import pytest

import landscape as ls
from landscape.analysis.fitting import fitting, nearby_minima


def fitted(text, bounds, start, optimizer="sgd", n_steps=200):
    surface = ls.formula(text, bounds)
    return fitting(ls.Experiment(surface, (optimizer,), [start], n_steps).run(), nearby_minima(surface))


@pytest.mark.parametrize(
    ("text", "bounds", "minima"),
    [
        ("(x-5)^2+y^2", ((-2, 2), (-2, 2)), [(5, 0)]),
        ("(x^2-9)^2/50+y^2", ((-2, 2), (-2, 2)), [(-3, 0), (3, 0)]),
        ("(x+4)^2*(y-4)^2+(x+4)^2+(y-4)^2", ((-2, 2), (-2, 2)), [(-4, 4)]),
        ("cosh(x-2)", ((-1, 1),), [(2,)]),
    ],
)
def test_minima_outside_come_into_the_picture_with_room_round_them(text, bounds, minima):
    box = fitted(text, bounds, [0.1] * len(bounds), n_steps=1)
    for point in np.array(minima, dtype=float):
        assert box.contains(point)
        for edge in (box.lower, box.upper):
            assert np.abs(np.subtract(edge, point)).min() > 0.05
    assert np.all(np.less_equal(box.lower, [low for low, _ in bounds]))
    assert np.all(np.greater_equal(box.upper, [high for _, high in bounds]))


def test_a_path_that_leaves_and_comes_to_rest_is_shown_whole():
    box = fitted("(x-40)^2/2 + y^2", ((-4, 4), (-4, 4)), [0.0, 1.0], n_steps=1000)
    assert box.upper[0] > 15
    assert (box.lower, box.upper[1]) == ((-4.0, -4.0), 4.0)


@pytest.mark.parametrize(
    ("text", "bounds", "start"),
    [
        ("x^2-y^2", ((-2, 2), (-2, 2)), (1.0, 0.1)),  # falls for ever
        ("x^2+y^2", ((-2, 2), (-2, 2)), (1.0, 0.1)),  # all is inside
        ("log(x)", ((0.1, 2),), (1.0,)),
        ("x^3", ((-1, 1),), (0.5,)),
    ],
)
def test_what_runs_away_or_is_inside_asks_for_no_other_picture(text, bounds, start):
    assert fitted(text, bounds, start) is None
