from __future__ import annotations

import numpy as np
import pytest

import landscape as ls
from landscape.analysis.basins import MAX_PIXELS
from tests.executors import Dying


def test_a_double_well_of_two_parabolas_divides_at_the_exact_separatrix() -> None:
    # min((x + 1)^2, (x - 1)^2) + 2 y^2: gradient descent contracts towards the well on whose side it is, x = 0 between.
    well = ls.formula("(abs(x) - 1)^2 + 2*y^2", domain=((-2, 2), (-1, 1)))
    b = ls.basins(well, ls.SGD(learning_rate=0.1), shape=(40, 12), n_steps=200)
    assert [m.x.round(6).tolist() for m in b.minima] == [[-1.0, 0.0], [1.0, 0.0]]
    np.testing.assert_array_equal(b.labels[0], np.broadcast_to(b.x > 0, (12, 40)))
    assert b.summary[0].shares[ls.Outcome.MINIMUM] == 1.0


def test_a_turned_double_well_divides_along_its_turned_separatrix() -> None:
    # The same well in u = .6 x + .8 y, v = .6 y - .8 x, shifted: gradient descent does not know how it is turned.
    well = ls.formula("(abs(0.6*x + 0.8*y - 0.3) - 1)^2 + 2*(0.6*y - 0.8*x)^2", domain=((-2, 2), (-2, 2)))
    b = ls.basins(well, ls.SGD(learning_rate=0.1), shape=(37, 41), n_steps=300)
    u = 0.6 * b.x[None] + 0.8 * b.y[:, None] - 0.3
    assert np.abs(u).min() > 1e-9
    right = b.minima[0].x @ [0.6, 0.8] > 0.3
    np.testing.assert_array_equal(b.labels[0] == 0, (u > 0) == right)


def test_steps_of_a_double_well_are_those_of_the_closed_form() -> None:
    # In a well |x| - 1 and y shrink by 1 - 2 lr and 1 - 4 lr a step; at rest where the gradient norm is below 1e-3.
    well = ls.formula("(abs(x) - 1)^2 + 2*y^2", domain=((-2, 2), (-1, 1)))
    b = ls.basins(well, ls.SGD(learning_rate=0.1), shape=(40, 12), n_steps=200)
    t = np.arange(201)
    u, v = (np.abs(b.x) - 1)[None, :, None] * 0.8**t, b.y[:, None, None] * 0.6**t
    np.testing.assert_array_equal(b.steps[0], (np.hypot(2 * u, 4 * v) < 1e-3).argmax(axis=-1))


def test_momentum_carries_starts_over_the_ridge_that_stops_gradient_descent() -> None:
    # Heavy ball swings back to about 0.69 of the distance on the other side of a well: over the ridge from |x| > 2.5.
    well = ls.formula("(abs(x) - 1)^2 + 2*y^2", domain=((-4, 4), (-1, 1)))
    b = ls.basins(well, (ls.SGD(learning_rate=0.1), ls.Momentum(learning_rate=0.1)), shape=(40, 4), n_steps=400)
    assert (b.labels[0] == (b.x > 0)).all()
    near = np.abs(b.x) < 2.3
    assert (b.labels[1][:, near] == (b.x > 0)[near]).all()
    assert not (b.labels[1] == (b.x > 0)).all()


def test_labels_agree_with_the_ends_of_single_descents() -> None:
    surface, rules = ls.surface("himmelblau"), (ls.SGD(learning_rate=0.01), ls.Adam(learning_rate=0.1))
    b = ls.basins(surface, rules, shape=(7, 5), n_steps=600)
    grid = np.stack(np.meshgrid(b.x, b.y), axis=-1).reshape(-1, 2)
    for number, rule in enumerate(rules):
        t = ls.descend(surface, rule, grid, 600)
        assert t.outcomes == tuple(np.array(list(ls.Outcome), dtype=object)[b.codes[number].ravel()])
        rests = b.labels[number].ravel()
        for end, label in zip(t.final_points[rests >= 0], rests[rests >= 0], strict=True):
            assert np.linalg.norm(end - b.minima[label].x) < 1e-2


def test_a_saddle_and_divergence_are_told_apart() -> None:
    saddle = ls.surface("escaping_saddle")
    b = ls.basins(saddle, ls.SGD(learning_rate=0.1), shape=(3, 3), n_steps=300)
    assert b.ended(ls.Outcome.SADDLE)[0, 1].all()  # y = 0 is the stable manifold
    assert (b.labels[0, 1] == -1).all()
    assert (b.labels[0, [0, 2]] >= 0).all()
    wild = ls.basins(ls.surface("rosenbrock"), ls.SGD(learning_rate=0.1), shape=(4, 4), n_steps=50)
    assert wild.summary[0].shares[ls.Outcome.DIVERGED] > 0.5
    assert sum(wild.summary[0].shares.values()) == pytest.approx(1.0)
    assert np.isnan(wild.summary[0].median_steps) == (wild.labels < 0).all()


def test_refining_ends_with_the_same_map_and_computes_no_pixel_twice() -> None:
    surface, rules = ls.surface("six_hump_camel"), (ls.SGD(learning_rate=0.02), ls.Momentum(learning_rate=0.02))
    whole = ls.basins(surface, rules, shape=(33, 21), n_steps=200)
    steps = list(ls.refine_basins(surface, rules, (33, 21), 200, coarsest=10))
    assert steps[0].basins.labels.shape == (2, 6, 9)
    assert [r.share for r in steps] == sorted({r.share for r in steps})
    assert steps[-1].done == steps[-1].total == 2 * 33 * 21
    for name in ("labels", "codes", "steps"):
        np.testing.assert_array_equal(getattr(steps[-1].basins, name), getattr(whole, name))
        np.testing.assert_array_equal(getattr(steps[0].basins, name)[:, 1, 2], getattr(whole, name)[:, 4, 8])


def test_what_cannot_be_a_map_is_refused_at_once() -> None:
    surface, sgd = ls.surface("himmelblau"), ls.SGD()
    with pytest.raises(ValueError, match=f"100,000,000 starts.* at most {MAX_PIXELS:,}"):
        ls.basins(surface, sgd, shape=(10_000, 10_000))
    with pytest.raises(ValueError, match="two dimensions"):
        ls.basins(ls.surface("plateau_1d"), sgd)
    with pytest.raises(ValueError, match="two dimensions"):
        ls.refine_basins(ls.surface("ackley", n_dims=3), sgd)
    with pytest.raises(ValueError, match="at least one optimizer"):
        ls.basins(surface, ())
    with pytest.raises(ValueError, match="2 × 2"):
        ls.basins(surface, sgd, shape=(1, 50))


def test_a_pole_and_a_line_of_minima_have_answers() -> None:
    pole = ls.basins(ls.formula("1/x + y^2", domain=((-1, 1), (-1, 1))), ls.SGD(), shape=(3, 3), n_steps=20)
    assert pole.ended(ls.Outcome.UNDEFINED)[0, :, 1].all()
    line = ls.basins(ls.formula("x^2 + 0*y", domain=((-1, 1), (-1, 1))), ls.SGD(learning_rate=0.2), (5, 5), 200)
    assert line.summary[0].shares[ls.Outcome.MINIMUM] == 1.0
    assert len(line.minima) == 1
    ring = ls.basins(ls.formula("(x^2 + y^2 - 1)^2", domain=((-2, 2), (-2, 2))), ls.SGD(learning_rate=0.01), (30, 30))
    assert len(ring.minima) == 1


def test_what_was_done_before_a_worker_died_is_kept() -> None:
    surface, rules = ls.surface("himmelblau"), (ls.SGD(learning_rate=0.01), ls.Momentum(learning_rate=0.001))
    with pytest.raises(ls.BasinsError, match=r"Momentum: part 1 of 1 .*the worker is gone") as failed:
        ls.basins(surface, rules, (12, 12), 200, executor=Dying(2))
    whole = ls.basins(surface, rules, (12, 12), 200)
    np.testing.assert_array_equal(failed.value.partial.codes[0], whole.codes[0])
    assert failed.value.partial.ended(ls.Outcome.UNDEFINED)[1].all()
