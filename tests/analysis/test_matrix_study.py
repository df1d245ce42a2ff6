"""Singular values along a run, held against NumPy's at single steps, and what Muon does beside Adam."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import landscape as ls
from landscape.analysis.matrix_study import matrix_study
from landscape.figures import FIGURES
from landscape.picture.scene import Path
from landscape.surfaces.families import FAMILIES
from landscape.surfaces.matrices import OverMatrix

MATRICES = [name for name, kind in FAMILIES.items() if hasattr(kind, "matrix_of")]


@pytest.mark.parametrize("name", MATRICES)
def test_a_study_is_what_numpy_says_of_each_matrix(name):
    surface = ls.surface(name)
    assert isinstance(surface, OverMatrix)
    t = ls.descend(surface, ls.Adam(learning_rate=0.02), surface.starts(2), 40)
    study = matrix_study([t])
    for start, path in enumerate(study.paths):
        for step in (0, 7, 40):
            x = surface.matrix_of(t.points[start, step])
            assert_allclose(path.singular_values[step], np.linalg.svd(x, compute_uv=False), atol=1e-14)
            cosine = np.sum(x * surface.target) / np.linalg.norm(x) / np.linalg.norm(surface.target)
            assert path.alignment[step] == pytest.approx(cosine)
    assert_allclose(study.target, np.linalg.svd(surface.target, compute_uv=False))


@pytest.mark.parametrize("side", [2, 6, 12])
def test_singular_values_rise_together_under_muon_and_apart_under_adam(side):
    surface = ls.surface("matrix_quadratic", rows=side, cols=side, condition=100.0)
    runs = [ls.descend(surface, o, np.zeros((1, side * side)), 8) for o in (
        ls.Muon(learning_rate=0.01, weight_decay=0.0), ls.Adam(learning_rate=0.01))]  # fmt: skip
    muon, adam = (path.singular_values[4] for path in matrix_study(runs).paths)
    assert muon[0] / muon[-1] < 2.5
    assert adam[0] / adam[-1] > 5


def test_polar_steps_do_not_feel_the_condition():
    """Steps of one length in every direction take as many as the target is long; gradient descent takes kappa."""
    surface = ls.surface("matrix_quadratic", condition=1000.0)
    start = np.zeros((1, 36))
    polar = ls.descend(surface, ls.Muon(learning_rate=0.01, momentum=0.0, weight_decay=0.0), start, 400)
    plain = ls.descend(surface, ls.SGD(learning_rate=1.0), start, 400)
    assert polar.values[0].min() < 1e-4 < plain.values[0].min()


def test_the_first_shampoo_step_is_the_polar_factor():
    g = np.random.default_rng(0).standard_normal((6, 6))
    u, _, v = np.linalg.svd(g)
    shampoo = ls.Shampoo(learning_rate=1.0, eps=1e-300)
    x = np.zeros((1, 6, 6))
    moved, _ = shampoo.turn(x, g[None], 1, 1.0, shampoo.begin(x))
    assert_allclose(-moved[0], u @ v, atol=1.5e-14)


@pytest.mark.parametrize("key", ["muon", "shampoo", "soap", "adafactor"])
@pytest.mark.parametrize("rank", [0, 1])
def test_a_matrix_of_low_rank_moves_only_where_it_has_a_gradient(key, rank):
    rng = np.random.default_rng(1)
    g = rng.standard_normal((4, rank)) @ rng.standard_normal((rank, 5)) if rank else np.zeros((4, 5))
    rule = ls.OPTIMIZERS[key](learning_rate=0.1, **({} if key == "shampoo" else {"weight_decay": 0.0}))
    x = np.ones((1, 4, 5))
    state = rule.begin(x)
    for t in (1, 2, 3):
        new, state = rule.turn(x, g[None], t, 0.1, state)
        assert np.isfinite(new).all()
    assert np.array_equal(new, x) == (rank == 0)


@pytest.mark.parametrize("key", ["muon", "shampoo", "soap", "adafactor"])
def test_a_path_that_is_no_longer_finite_ends_alone(key):
    surface = ls.surface("matrix_quadratic")
    starts = np.stack([1e200 * np.ones(36), np.zeros(36)])
    t = ls.descend(surface, ls.optimizer(key, learning_rate=0.01), starts, 20)
    alone = ls.descend(surface, ls.optimizer(key, learning_rate=0.01), starts[1:], 20)
    assert_allclose(t.points[1], alone.points[0], rtol=1e-13, atol=1e-15)
    assert t.last[1] == 20
    for rate in (0.0, 1e30):
        ls.descend(surface, ls.optimizer(key, learning_rate=rate), starts[1:], 5).verdicts  # noqa: B018


@pytest.mark.parametrize("shape", [(1, 5), (5, 1), (1, 1)])
@pytest.mark.parametrize("key", ["muon", "shampoo", "soap", "adafactor"])
def test_a_row_or_a_column_is_no_matrix(key, shape):
    surface = ls.surface("matrix_quadratic", rows=shape[0], cols=shape[1])
    for call in (ls.descend, ls.ensemble):
        with pytest.raises(ValueError, match=r"is a rule for matrices: on a column it is"):
            call(surface, key, surface.starts(1), 3)
    with pytest.raises(ValueError, match="is a rule for matrices"):
        ls.Experiment("himmelblau", (key,), [(1.0, 1.0)], 3)


def test_muon_on_a_column_is_the_sentence_that_is_said():
    g = np.random.default_rng(2).standard_normal((7, 1))
    from landscape.optimizers.matrices import orthogonalized

    assert_allclose(orthogonalized(g), 0.69644 * g / np.linalg.norm(g), rtol=1e-5)


def test_networks_take_matrix_rules_and_move_their_vectors_as_adam_does():
    network = ls.network("perceptron", data=ls.data("moons"), widths=(6,))
    start = network.starts(1)
    muon, adam = (ls.descend(network, o, start, 5).points[0] for o in (
        ls.Muon(learning_rate=0.01), ls.Adam(learning_rate=0.01)))  # fmt: skip
    bias, weights = network.block("b1").slice, network.block("W1").slice
    assert_allclose(muon[1, bias], adam[1, bias], rtol=1e-12)
    assert not np.allclose(muon[1, weights], adam[1, weights])


def test_the_figure_shows_each_optimizer_beside_the_target():
    recipe = ls.Experiment("linear_layer", (ls.Muon(), "adam", "sgd"), ls.Random(1), 12)
    scene = FIGURES["matrices"].scene(recipe)
    assert [p.key for p in scene.panels][:3] == ["singular_0", "singular_1", "singular_2"]
    with pytest.raises(ValueError, match="are no matrices"):
        FIGURES["matrices"].scene(ls.Experiment("himmelblau", ("adam",), [(1.0, 1.0)], 3))


def test_a_loss_of_zero_is_told_as_such_and_optimizers_without_a_panel_are_named():
    surface = ls.surface("matrix_quadratic", rows=2, cols=2, condition=1.0)  # SGD at rate 1 is there in one step
    walkers = (ls.SGD(learning_rate=1.0), "adam", ls.Muon(), "shampoo", "soap")
    scene = FIGURES["matrices"].scene(ls.Experiment(surface, walkers, ls.Random(1), 6))
    assert "The singular values of 1 further optimizer are not shown." in scene.notes
    assert any(note.startswith("Exactly zero at some steps") for note in scene.notes)
    for key, name in (("loss", "loss"), ("gradient_norm", "gradient norm")):
        panel = next(panel for panel in scene.panels if panel.key == key)
        sgd = next(layer for layer in panel.layers if isinstance(layer, Path))
        assert sgd.hover[name][-1] == 0.0
    assert np.isnan(sgd.y[-1])  # the axis of the norm is logarithmic
