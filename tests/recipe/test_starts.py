"""Every rule for starts: counted before it is built, the same from JSON, a link and a script, refused in a sentence."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

import landscape as ls
from landscape.curvature.critical import declared_points
from landscape.recipe.points import random_starts, stable_manifold_starts
from landscape.recipe.starts import Starts, start_points, starts_from_recipe

GROUND = ls.surface("escaping_saddle")
OTHERS: dict[str, tuple[Starts, ...]] = {
    "random": (ls.Random(7, 2**53 + 1),),
    "grid": (ls.Grid((2, 5)),),
    "beside": (ls.Beside(1 / 3, 9), ls.Beside(1e-12, 2, (0.1, -7.0))),
    "into_saddle": (ls.IntoSaddle(0.0, 0.125),),
}
RULES = [ls.Given(((1.0, 0.5), (1 / 3, -1e-300)))]
RULES += [rule for name, cls in ls.STARTS.items() for rule in (cls(), *OTHERS.get(name, ()))]
every_rule = pytest.mark.parametrize("rule", RULES, ids=repr)


def experiment(rule: Any) -> ls.Experiment:
    return ls.Experiment(GROUND, "sgd", rule, 3)


@every_rule
def test_a_rule_knows_its_count_and_makes_the_same_points_again(rule: Starts) -> None:
    points = rule.on(GROUND)
    assert points.shape == (rule.count(GROUND), 2)
    assert_array_equal(points, rule.on(GROUND))
    assert_array_equal(ls.descend(GROUND, "sgd", rule, 2).points[:, 0], points)


@every_rule
def test_three_writers_write_the_rule_and_not_its_points(rule: Starts) -> None:
    x = experiment(rule)
    assert starts_from_recipe(json.loads(json.dumps(rule.recipe()))) == rule
    assert ls.Experiment.from_json(x.to_json()).starts == rule
    assert ls.Experiment.from_query(x.to_query()).starts == rule
    names: dict[str, Any] = {}
    exec(x.to_script(), names)
    assert names["experiment"] == x
    assert x.replace(seed=1).starts == rule


def test_given_reads_like_the_tuple_that_it_was() -> None:
    x = experiment([(1.0, 2.0), (3.0, 4.0)])
    assert x.starts == ((1.0, 2.0), (3.0, 4.0)) == tuple(x.starts)
    assert (len(x.starts), x.starts[1], x.starts[:1]) == (2, (3.0, 4.0), ((1.0, 2.0),))
    assert_array_equal(np.asarray(x.starts), x.points)
    assert experiment(np.array([1.0, 2.0])).starts == ((1.0, 2.0),)
    assert hash(ls.Given(((1.0, 2.0),))) == hash(ls.Given(((1, 2),)))
    assert ls.Experiment("framework_example", "sgd", [0.0, 3.0], 5).starts == ((0.0,), (3.0,))


def test_rules_make_what_the_functions_make() -> None:
    assert_array_equal(ls.Random(5, 3).on(GROUND), random_starts(GROUND, 5, 3))
    assert_array_equal(ls.Grid(4).on(GROUND), ls.grid_starts(GROUND, 4))
    saddle = next(c for c in declared_points(GROUND) if c.kind == "saddle")
    assert_array_equal(ls.IntoSaddle(1e-3).on(GROUND), stable_manifold_starts(GROUND, saddle, 1e-3))
    network = ls.network("perceptron")
    assert_array_equal(ls.Random(2, 5).on(network), network.starts(2, 5))  # type: ignore[attr-defined]
    assert np.linalg.norm(ls.Beside(0.25, 3).on(GROUND)[0] - saddle.x) == pytest.approx(0.25, rel=1e-12)


def test_points_live_where_the_surface_lives() -> None:
    sphere = ls.surface("p_spin", 5)
    x = ls.Experiment(sphere, "sgd", ls.Random(3), 1)
    np.testing.assert_allclose(np.sum(x.points**2, axis=1), 5)
    with pytest.raises(ValueError, match="read-only"):
        x.points[0] = 0.0


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ({"name": "everywhere"}, "random"),
        ({"name": "random", "m": 3}, "no parameter 'm'"),
        ({"name": "random", "n": "3"}, "must be a number"),
        ({"name": "random", "n": True}, "must be a number"),
        ({"name": "random", "n": 2.5}, "whole number"),
        ({"name": "random", "n": 10**400}, "too large"),
        ({"name": "grid", "shape": "3"}, "whole number"),
        ({"name": "grid", "shape": [3, 3, 3]}, "one for each axis"),
        ({"name": "grid", "shape": [10**9, 10**9]}, "more than 20,000,000"),
        ({"name": "grid", "shape": 10**9}, "at most"),
        ({"name": "beside", "offset": 0}, "at least"),
        ({"name": "beside", "point": [1.0]}, "2"),
        ({"name": "beside", "point": [[1.0, 2.0], [2.0, 3.0]]}, "one point|shape"),
        ({"name": "into_saddle", "offset": -1.0}, "at least 0"),
        ([], "at least one"),
        ([[1.0, "2.0"]], "not '2.0'"),
        ([[1.0, True]], "not True"),
        ([[1.0, None]], "numbers"),
        ([[1.0, 10**400]], "too large"),
        ([[1.0], [1.0, 2.0]], "one length"),
        ([[1.0, float("nan")]], "not finite"),
        ([1.0, 2.0, 3.0], "3 coordinates"),
        ([[[1.0, 2.0]]], "shape"),
        ("random:3", "mapping"),
        (7, "mapping"),
    ],
)
def test_a_wrong_rule_is_refused_in_a_sentence(rule: Any, says: str) -> None:
    with pytest.raises((ValueError, TypeError), match=says):
        ls.Experiment.from_recipe(experiment(ls.Random()).recipe() | {"starts": rule})


def test_a_rule_that_makes_no_points_on_a_surface_is_refused() -> None:
    with pytest.raises(ValueError, match="no saddle"):
        ls.Experiment("sphere", "sgd", ls.IntoSaddle(), 1)
    with pytest.raises(ValueError, match="no saddle"):
        ls.Experiment(ls.surface("rosenbrock", 500), "sgd", ls.Beside(), 1)
    with pytest.raises(ValueError, match="up to 1,000 dimensions"):
        ls.Experiment(ls.surface("two_point_saddle", 2000), "sgd", ls.IntoSaddle(), 1)


def test_points_are_counted_before_they_are_made() -> None:
    far = ls.surface("rastrigin", 1_000_000)
    with pytest.raises(ValueError, match="at most 500 do"):
        ls.Experiment(far, "sgd", ls.Random(501), 1)
    with pytest.raises(ValueError, match="at most 500 do"):
        start_points(far, ls.Random(20_000_000))
