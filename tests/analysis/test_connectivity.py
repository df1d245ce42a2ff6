"""THEORY 17: barriers between trained networks, straight and along a trained Bezier curve."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import landscape as ls
from landscape.analysis.connectivity import bezier_path, straight_path
from landscape.surfaces.networks import Perceptron, moons
from landscape.surfaces.networks.symmetries import permute_hidden


def trained(width, n_networks, n_steps=800, rows=200):
    model = Perceptron(moons(n=rows), widths=(width,))
    run = ls.descend(model, ls.Adam(learning_rate=0.03), model.starts(n_networks), n_steps)
    return model, run.final_points


def test_straight_path_is_what_it_says():
    s = ls.surface("himmelblau")
    a, b = np.array([3.0, 2.0]), s.minima[1]
    path = straight_path(s, a, b, n=5)
    assert_allclose(path.points, a + np.linspace(0, 1, 5)[:, None] * (b - a), rtol=1e-14)
    assert_allclose(path.values, s.value(path.points))
    assert float(path.barrier) == pytest.approx(path.values.max(), abs=1e-12)
    assert path.control is None


def test_barrier_is_measured_from_the_line_between_the_ends():
    s = ls.formula("x", domain=((-1, 1),))
    assert float(straight_path(s, [0.0], [5.0]).barrier) == 0.0
    s = ls.formula("x - x**2", domain=((-1, 1),))
    assert float(straight_path(s, [0.0], [1.0]).barrier) == pytest.approx(0.25)
    valley = ls.formula("x**2", domain=((-1, 1),))
    assert float(straight_path(valley, [-1.0], [1.0]).barrier) == 0.0


def test_bezier_goes_round_a_hill():
    """A round hill between two points of a flat plain: the straight line climbs it, the curve does not."""
    hill = ls.formula("exp(-3*(x**2 + (y - 0.1)**2))", domain=((-2, 2), (-2, 2)))
    a, b = [-2.0, 0.0], [2.0, 0.0]
    curve = bezier_path(hill, a, b, n_steps=800, learning_rate=0.05)
    assert float(straight_path(hill, a, b).barrier) > 0.9
    assert float(curve.barrier) < 0.05
    assert_allclose(curve.points[[0, -1]], [a, b], atol=1e-15)
    middle = curve.points[30]
    assert_allclose(middle, 0.25 * np.array(a) + 0.5 * curve.control + 0.25 * np.array(b), rtol=1e-12)


def test_pairs_side_by_side_are_the_pairs_alone():
    model, x = trained(4, 4, n_steps=50, rows=40)
    both = bezier_path(model, x[:2], x[2:], n_steps=30)
    alone = bezier_path(model, x[1], x[3], n_steps=30)
    assert_allclose(both.values[1], alone.values, rtol=1e-9)
    assert both.values.shape == (2, 61)
    assert both.barrier.shape == (2,)
    assert straight_path(model, x[0], x).values.shape == (4, 61)


def test_no_steps_is_the_straight_line():
    model, x = trained(3, 2, n_steps=20, rows=40)
    line, curve = straight_path(model, x[0], x[1]), bezier_path(model, x[0], x[1], n_steps=0)
    assert_allclose(curve.values, line.values, rtol=1e-12)


def test_wide_networks_are_connected_and_narrow_ones_are_not():
    """Median over 6 pairs. Recorded for width 3 .243 and for width 8 .016 along the curve; straight .78 and .61."""
    barriers = {}
    for width in (3, 8):
        model, x = trained(width, 12)
        straight, curve = straight_path(model, x[:6], x[6:]), bezier_path(model, x[:6], x[6:])
        barriers[width] = np.median(straight.barrier), np.median(curve.barrier)
    assert 0.1 < barriers[3][1] < 0.6
    assert barriers[8][1] < 0.05
    assert barriers[3][0] > 0.5
    assert barriers[8][0] > 0.3


@pytest.mark.long
@pytest.mark.parametrize("width", [32, 128])
def test_wider_ones_too(width):
    """Recorded .007 and .010 along the curve, .28 and 1.5 straight."""
    model, x = trained(width, 12, n_steps=400, rows=100)
    straight = straight_path(model, x[:6], x[6:])
    curve = bezier_path(model, x[:6], x[6:], n_steps=300, learning_rate=0.04)
    assert np.median(straight.barrier) > 0.1
    assert np.median(curve.barrier) < 0.03


def test_a_permuted_copy_is_the_same_network_behind_a_barrier():
    """Loss equal to 1e-16, and a straight barrier between .19 and 1.5 as recorded, for most orders."""
    model, x = trained(8, 1)
    rng = np.random.default_rng(2)
    copies = np.array([permute_hidden(model, x[0], 1, rng.permutation(8)) for _ in range(8)])
    assert np.abs(model.value(copies) - model.value(x[0])).max() < 1e-16
    barrier = straight_path(model, x[0], copies).barrier
    assert 0.19 < np.median(barrier) < 1.5
    assert (barrier > 0.1).all()


@pytest.mark.parametrize(
    "call",
    [
        lambda s: straight_path(s, [0.0, 0.0], [1.0, 1.0], n=2),
        lambda s: straight_path(s, [0.0], [1.0, 1.0]),
        lambda s: bezier_path(s, [0.0, 0.0], [1.0, 1.0], n_steps=-1),
        lambda s: bezier_path(s, [0.0, 0.0], [1.0, 1.0], n_nodes=0),
    ],
)
def test_refused(call):
    with pytest.raises(ValueError, match=r"positions|last axis|n_steps"):
        call(ls.surface("himmelblau"))
