"""Networks as links: data, layers and drawn starts come back; hostile ones are refused in a sentence."""

from urllib.parse import parse_qs, urlencode

import numpy as np
import pytest

import landscape as ls

MODEL = ls.Perceptron(ls.data("moons", n=60, noise=0.1), widths=(5, 4), activation="relu", batch_norm=True, l2=0.01)


def through_a_url(experiment):
    sent = urlencode(experiment.to_query())
    assert len(sent) < 2000
    return ls.Experiment.from_query({key: values[0] for key, values in parse_qs(sent).items()})


@pytest.mark.parametrize("seed", [0, 3, 123])
def test_round_trip(seed):
    x = ls.Experiment(MODEL, ("sgd", "adam"), ls.Random(3, seed), n_steps=7, noise=ls.Minibatches(size=10), seed=seed)
    assert through_a_url(x) == x


def test_other_networks_and_a_table():
    data = ls.parse_table("a,b,k\n1,2,x\n2,1,y\n0,5,x")
    for model in (ls.Softmax(data, l2=0.1), ls.Logistic(ls.data("moons", n=10)), ls.DeepLinear(), ls.TeacherStudent()):
        x = ls.Experiment(model, "sgd", ls.Random(1, 4), n_steps=3)
        assert through_a_url(x) == x


@pytest.mark.parametrize("name", ["linear_autoencoder", "matrix_factorization"])
def test_surfaces_whose_settings_make_their_dimensions(name):
    surface = ls.surface(name)
    x = ls.Experiment(surface, "sgd", [surface.domain.center + 0.25], n_steps=3)
    assert through_a_url(x) == x


def test_starts_that_were_not_drawn_are_written_out():
    model = ls.Softmax(ls.data("blobs", n=20))
    x = ls.Experiment(model, "sgd", [[0.25] * model.n_dims], n_steps=3)
    assert "random" not in x.to_query()["start"]
    assert through_a_url(x) == x


def test_random_starts_on_any_surface():
    x, problems = ls.Experiment.read_query({"surface": "himmelblau", "start": "random:3,seed:5"})
    assert problems == ()
    assert x.n_starts == 3


def test_a_network_without_starts_gets_one_of_its_own():
    x, problems = ls.Experiment.read_query({"surface": "softmax"})
    assert problems == ()
    np.testing.assert_array_equal(x.points, x.surface.starts(1))


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"net": "{"}, "not JSON"),
        ({"net": "[1]"}, "must be an object"),
        ({"net": "[" * 15_000}, "nested too deeply"),
        ({"net": '{"widths":[0]}'}, "width must be between"),
        ({"net": '{"widths":[1000000]}'}, "width must be between"),
        ({"net": '{"data":{"name":"mooons"}}'}, "moons"),
        ({"net": '{"data":{"name":"moons","n":100000000}}'}, "n must be between"),
        ({"net": '{"data":{"name":"moons","noise":"x"}}'}, "noise"),
        ({"net": '{"data":{"name":"table","inputs":[[1,2]],"labels":[0]}}'}, "at least 2 rows"),
        ({"net": '{"data":7}'}, "recipe of data"),
        ({"net": '{"colour":7}'}, "colour"),
        ({"net": '{"activation":"<script>"}'}, "activation"),
        ({"start": "random:0,seed:1"}, "n must be at least 1"),
        ({"start": "random:1000000,seed:1"}, "count from 1 to 50,000"),
        ({"start": "random:nan"}, "must be finite"),
        ({"start": "random:2,eed:1"}, "no parameter 'eed'"),
        ({"noise": "minibatches,size:0"}, "size must be at least 1"),
    ],
)
def test_hostile_links(query, says):
    _, problems = ls.Experiment.read_query({"surface": "perceptron"} | query)
    assert any(says in problem for problem in problems), problems


def test_scripts_make_the_same_network():
    data = ls.parse_table("a,b,k\n1,2,x\n2,1,y\n0,5,x")
    for model in (MODEL, ls.Softmax(data, l2=0.1), ls.DeepLinear(), ls.Logistic(), ls.TeacherStudent()):
        x = ls.Experiment(model, "sgd", model.starts(1), n_steps=3, noise=None)
        names: dict = {}
        exec(x.to_script(), names)
        assert names["experiment"] == x


def test_starts_of_a_refused_surface_are_not_those_of_the_one_that_stands_in_for_it():
    default = ls.Experiment("himmelblau", "sgd", [(1.0, 2.0)], 5)
    x, problems = ls.Experiment.read_query({"surface": "nowhere", "start": "random:200,seed:0"}, default)
    assert len(problems) == 1
    assert x is not None
    assert x.starts == default.starts
