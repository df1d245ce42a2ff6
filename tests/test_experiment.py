"""A recipe comes back the same from JSON, from a URL and from a script, and says what is wrong with a bad one."""

import json
import runpy
from urllib.parse import parse_qsl, urlencode

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

import landscape as ls

PLAIN = ls.Experiment("himmelblau", ("sgd",), [(0.1, 0.2)], 20)
RICH = ls.Experiment(
    surface=ls.surface("rosenbrock", a=1.5, b=20.0),
    optimizers=(ls.SGD(learning_rate=1e-3), ls.Adam(b1=0.8, bias_correction=False), ls.Adam(learning_rate=0.1)),
    starts=[(-1.0, 1 / 3), (0.1 + 0.2, -0.7)],
    n_steps=30,
    schedule=ls.schedule("cosine"),
    noise=ls.GaussianNoise(scale=0.25, decay=0.5),
    seed=7,
    title="Tal & Berg <b>",
)
TYPED = ls.Experiment(
    ls.formula("x^2 - 20x*y + 3", domain=((-2, 2), (-3.5, 2)), title='My "own" $x$'), ("adam",), [(0.5, 0.5)], 10
)
LINE = ls.Experiment("framework_example", ("sgd", "momentum"), [(0.0,), (20.0,)], 15)
ALL = pytest.mark.parametrize("experiment", [PLAIN, RICH, TYPED, LINE], ids=["plain", "rich", "typed", "line"])


@ALL
def test_json_round_trip(experiment):
    assert ls.Experiment.from_json(experiment.to_json()) == experiment


@ALL
def test_query_round_trip_through_a_real_url(experiment):
    query = dict(parse_qsl(urlencode(experiment.to_query()), strict_parsing=True))
    assert ls.Experiment.from_query(query) == experiment


@ALL
def test_the_script_makes_the_same_experiment(experiment, tmp_path):
    path = tmp_path / "script.py"
    path.write_text(experiment.to_script(), encoding="utf-8")
    assert runpy.run_path(str(path), run_name="not_main")["experiment"] == experiment


def test_experiments_compare_by_what_they_say():
    assert ls.Experiment("himmelblau", "sgd", [(0.1, 0.2)], 20) == PLAIN
    assert PLAIN.replace(seed=1) != PLAIN
    assert hash(PLAIN.replace(seed=0)) == hash(PLAIN)


def test_every_optimizer_gets_the_same_starts_and_budget():
    run = RICH.run()
    assert len(run.trajectories) == 3
    for trajectory in run.trajectories:
        assert_array_equal(trajectory.points[:, 0], RICH.points)
        assert trajectory.evaluations.tolist() == [30, 30]


def test_running_twice_gives_the_same_numbers():
    first, second = RICH.run(), RICH.run()
    for a, b in zip(first.trajectories, second.trajectories, strict=True):
        assert_array_equal(a.points, b.points)


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({"surface": "rosenbrok"}, ls.UnknownName, "rosenbrock"),
        ({"surface": 3}, TypeError, "surface must be"),
        ({"optimizers": ()}, ValueError, "at least one optimizer"),
        ({"optimizers": ("adamm",)}, ls.UnknownName, "adam"),
        ({"optimizers": (3,)}, TypeError, "optimizer must be an Optimizer"),
        ({"n_steps": -1}, ValueError, "n_steps"),
        ({"n_steps": 2.5}, ValueError, "n_steps"),
        ({"seed": -1}, ValueError, "seed"),
        ({"starts": [(1.0,)]}, ValueError, "last axis"),
        ({"starts": [(float("nan"), 0.0)]}, ValueError, "not finite"),
    ],
)
def test_a_wrong_experiment_says_what_is_wrong(change, error, says):
    with pytest.raises(error, match=says):
        PLAIN.replace(**change)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "not JSON"),
        ("[1, 2]", "JSON object"),
        ("[" * 100_000, "nested too deeply"),
        ("{}", "lacks surface"),
        ('{"format": 99}', "format 99"),
        (json.dumps(PLAIN.recipe() | {"surprise": 1}), "surprise"),
        (json.dumps(PLAIN.recipe() | {"optimizers": "sgd"}), "list"),
        (json.dumps(PLAIN.recipe() | {"optimizers": [{"name": "sgd", "lr": 1}]}), "lr"),
        (json.dumps(PLAIN.recipe() | {"surface": {"name": "himmelblau", "settings": {"q": 1}}}), "q"),
    ],
)
def test_a_broken_file_says_what_is_wrong(text, says):
    with pytest.raises((ValueError, TypeError), match=says):
        ls.Experiment.from_json(text)


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"surface": "<script>alert(1)</script>"}, "surface"),
        ({"surface": "himmelblau", "opt": "adam,learning_rate:-1"}, "learning_rate"),
        ({"surface": "himmelblau", "opt": "adam,learning_rate:nan"}, "finite"),
        ({"surface": "himmelblau", "opt": "__import__('os')"}, "optimizer"),
        ({"surface": "himmelblau", "start": "1,2,3"}, "coordinates"),
        ({"surface": "himmelblau", "start": "inf,0"}, "finite"),
        ({"surface": "himmelblau", "steps": "-5"}, "whole number"),
        ({"surface": "himmelblau", "steps": "x" * 30_000}, "characters"),
        ({"surface": "himmelblau", "p.q": "1"}, "q"),
        ({"surface": "himmelblau", "domain": "1,0,0,1"}, "low < high"),
        ({"formula": "__import__('os').system('x')"}, "formula"),
        ({"formula": "x+y", "domain": "1,2,3"}, "domain"),
        ({"surface": "himmelblau", "noise": "gaussian,scale:-1"}, "scale"),
        ({"surface": "himmelblau", "schedule": "nosuch"}, "schedule"),
    ],
)
def test_a_hostile_link_opens_with_defaults_and_says_what_was_refused(query, says):
    experiment, problems = ls.Experiment.read_query(query, PLAIN)
    assert experiment is not None
    assert any(says in problem for problem in problems)
    with pytest.raises(ValueError, match=says):
        ls.Experiment.from_query(query)


KEYS = st.sampled_from(["surface", "formula", "domain", "opt", "start", "steps", "seed", "schedule", "noise", "p.a"])
TEXTS = st.text(max_size=30) | st.sampled_from(["himmelblau", "rosenbrock", "sgd", "adam,b1:0.5", "1,2", "3", "x*y"])


@settings(deadline=None, max_examples=150)
@given(st.dictionaries(KEYS, TEXTS, max_size=6))
def test_no_link_whatever_raises(query):
    experiment, _ = ls.Experiment.read_query(query, PLAIN)
    assert isinstance(experiment, ls.Experiment)


def test_start_generators():
    domain = ls.surface("himmelblau").domain
    starts = ls.random_starts(domain, 50, seed=3)
    assert domain.contains(starts).all()
    assert_array_equal(starts, ls.random_starts(domain, 50, seed=3))
    assert ls.grid_starts(domain, 4).shape == (16, 2)
    assert np.unique(ls.grid_starts(domain, 4), axis=0).shape == (16, 2)
    with pytest.raises(ValueError, match="at least 1"):
        ls.random_starts(domain, 0)


def test_who_rests_beside_a_minimum_is_not_said_to_be_at_it():
    run = ls.Experiment("flat_bottom", (ls.SGD(learning_rate=0.1),), [1.5], n_steps=600).run()
    near = ls.Experiment("sphere", (ls.SGD(learning_rate=0.1),), [(1.5, 1.0)], n_steps=200).run()
    (beside,), (at,) = run.trajectories[0].judgements, near.trajectories[0].judgements
    assert beside.away > 0 == at.away
    assert f"{beside.away:.2g} from a minimum" in beside.sentence
    assert "at that minimum smallest Hessian eigenvalue" in beside.sentence
    assert (run.words, near.words) == (
        "After 600 steps: SGD (lr 0.1) beside a minimum.",
        "After 200 steps: SGD (lr 0.1) at a minimum.",
    )
