"""Runs made elsewhere: what arrays tell, what a recorder keeps of a long way, and what cannot be known is said."""

import tracemalloc

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import landscape as ls
from landscape.analysis.slices import principal_plane
from landscape.picture.scene import Path
from landscape.picture.strokes import stroke
from landscape.recording import RANK
from landscape.render import FORMATS

WAY = np.linspace([2.0, 1.0], [0.0, 0.5], 40) ** 2
LOSSES = (WAY**2).sum(axis=1)


def home(steps=400):
    return ls.descend("himmelblau", ls.Adam(learning_rate=0.1), [[1.0, 1.0]], steps)


def test_a_run_recorded_at_every_step_is_the_trajectory_that_it_was():
    run = home()
    again = ls.record(run.points[0], run.values[0], surface="himmelblau", label="mine").trajectory
    assert again.verdicts == run.verdicts
    for name in ("points", "values", "gradient_norms", "last"):
        assert_array_equal(getattr(again, name), getattr(run, name))
    assert again.optimizer.label == "mine"
    with pytest.raises(ValueError, match="cannot be run again"):
        ls.descend("himmelblau", again.optimizer, [[1.0, 1.0]], 5)


def test_of_some_steps_the_end_is_known_and_no_step_is_counted():
    run = home()
    some = ls.record(run.points[0, ::8], run.values[0, ::8], surface="himmelblau", steps=range(0, 401, 8))
    assert some.outcome is run.outcomes[0] is ls.Outcome.MINIMUM
    assert some.verdict.endswith("(at step 400, the last one recorded)")
    with pytest.raises(ValueError, match="only some were recorded"):
        _ = some.trajectory
    scene = some.scene(ls.record(run.points[0], run.values[0], surface="himmelblau"))
    (path,) = [p for p in scene.panel("map").layers if isinstance(p, Path) and p.track == "0"]
    assert_array_equal(path.steps, np.arange(0, 401, 8))
    assert_array_equal(path.x, run.points[0, ::8, 0])


def test_what_cannot_be_known_is_said():
    bare, drawn = ls.record(losses=LOSSES), ls.record(projections=WAY, losses=LOSSES)
    assert [p.key for p in bare.scene().panels] == ["loss"]
    assert [p.key for p in drawn.scene().panels] == ["plane", "loss"]
    for run in (bare, drawn):
        assert run.outcome is None
        assert not run.scene().tracks[0].verdict
        assert "without its surface" in run.scene().notes[-1]
    no_end = ls.record(losses=LOSSES, surface="himmelblau")
    assert "parameters at its end were not recorded" in no_end.scene().notes[-1]


def test_what_diverged_ends_where_it_was_finite_last():
    losses = np.append(LOSSES, [np.nan, np.inf])
    run = ls.record(np.vstack([WAY, [[1.0, 1.0]] * 2]), losses, surface="himmelblau")
    assert len(run.steps) == 40
    assert run.broke_at == 40
    assert run.verdict.startswith("not finite any more at step 40")


def test_each_run_has_its_colour_and_its_name():
    runs = [ls.record(losses=LOSSES, label="run", color=color) for color in ("", "", "adam", "#ff00aa", "blue")]
    tracks = runs[0].scene(*runs[1:]).tracks
    assert len({track.label for track in tracks}) == 5
    assert [track.style for track in tracks][2:] == ["adam", "#ff00aa", "blue"]
    assert len({stroke(track.style, track.variant) for track in tracks}) == 5
    assert stroke("#ff00aa").color == "#ff00aa"


@pytest.mark.parametrize("ending", sorted(set(FORMATS) - {"mp4", "gif", "zip", "py", "json"}))
def test_every_file_is_written(ending, tmp_path):
    ls.record(WAY, LOSSES, label="<b>a & b</b>").scene().save(tmp_path / f"run.{ending}")
    assert (tmp_path / f"run.{ending}").stat().st_size


@pytest.mark.parametrize("ending", ["py", "json"])
def test_what_needs_a_recipe_is_refused_in_a_sentence(ending, tmp_path):
    with pytest.raises(ValueError, match="recipe"):
        ls.record(WAY, LOSSES).scene().save(tmp_path / f"run.{ending}")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({}, "needs its losses"),
        ({"losses": []}, "at least one loss"),
        ({"losses": ["a"]}, "real numbers"),
        ({"losses": 1j * LOSSES}, "real numbers"),
        ({"losses": LOSSES[None]}, "one axis"),
        ({"losses": LOSSES, "points": WAY[1:]}, "40 losses and 39 points"),
        ({"losses": LOSSES, "points": WAY[:, 0]}, "two axes"),
        ({"losses": LOSSES, "points": WAY, "projections": WAY}, "not both"),
        ({"losses": LOSSES, "projections": np.ones((40, 3))}, "on a plane"),
        ({"losses": LOSSES, "gradient_norms": -LOSSES}, "negative"),
        ({"losses": LOSSES, "steps": range(39)}, "39 steps"),
        ({"losses": LOSSES, "steps": np.zeros(40)}, "each larger"),
        ({"losses": LOSSES, "steps": np.arange(40) + 0.5}, "whole numbers"),
        ({"losses": LOSSES, "steps": np.arange(40) * 10**9}, "in thousands"),
        ({"losses": np.where(np.arange(40) == 3, np.nan, LOSSES)}, "at step 3, but all is finite again"),
        ({"losses": LOSSES * np.nan}, "at the first recorded step"),
        ({"losses": LOSSES, "points": np.ones((40, 3)), "surface": "himmelblau"}, "3 coordinates"),
        ({"losses": LOSSES, "points": [[1.0, 2.0], [3.0]]}, "points have rows of different lengths"),
        ({"losses": np.ma.masked_less(LOSSES, 1.0)}, "masked in places"),
        ({"losses": LOSSES, "color": "bleu"}, "blue"),
        ({"losses": LOSSES, "color": 3}, "color must be text"),
        ({"losses": LOSSES, "label": None}, "label must be text"),
    ],
)
def test_refusals(given, refusal):
    with pytest.raises((TypeError, ValueError), match=refusal):
        ls.record(**given)


def test_runs_that_share_no_plane_are_not_drawn_on_one():
    with_points, drawn = ls.record(WAY, LOSSES), ls.record(projections=WAY, losses=LOSSES)
    longer = ls.record(np.ones((40, 5)), LOSSES)
    with pytest.raises(ValueError, match="no common plane"):
        with_points.scene(drawn)
    with pytest.raises(ValueError, match="different numbers of parameters: 2, 5"):
        with_points.scene(longer)


def walk(n=300, steps=120, seed=0):
    """A way in n dimensions that bends slowly, with noise of its own in every direction."""
    rng = np.random.default_rng(seed)
    t = np.linspace(0, 3, steps)[:, None]
    bend = np.exp(-t) * rng.standard_normal(n) + np.sin(t) * rng.standard_normal(n)
    return bend + 1e-2 * np.cumsum(rng.standard_normal((steps, n)), axis=0)


def kept(path, **options):
    with ls.recorder(**options) as recorder:
        for x in path:
            recorder(x @ x, [x[:100], x[100:]], {"g": 2 * x})
    return recorder.recording


def test_a_recorder_finds_the_principal_plane_while_it_goes_on():
    path = walk()
    run = kept(path)
    frame = run.frame
    assert run.points.shape == (len(path), RANK)
    assert_allclose(run.losses, (path**2).sum(axis=1))
    assert_allclose(run.gradient_norms, 2 * np.linalg.norm(path, axis=1))
    assert_allclose(frame.directions @ frame.directions.T, np.eye(RANK), atol=1e-12)
    squares = ((path - path[0]) ** 2).sum()
    assert_allclose(frame.lost, 1 - (run.points**2).sum() / squares, atol=1e-12)
    assert 0 < frame.lost < 0.05
    exact, found = principal_plane([path]), principal_plane([run.points])
    cosines = np.linalg.svd(exact.directions @ (found.directions @ frame.directions).T)[1]
    assert cosines.min() > 0.999


def test_runs_of_recorders_share_a_plane_in_which_distances_are_right():
    paths = [walk(seed=seed)[:RANK] for seed in (1, 2)]
    scene = kept(paths[0], label="one").scene(kept(paths[1], label="two"))
    plane = principal_plane(paths)
    for path, drawn in zip(paths, [p for p in scene.panel("plane").layers if isinstance(p, Path)], strict=True):
        seen = plane.coordinates(path)
        assert_allclose(np.hypot(np.diff(drawn.x), np.diff(drawn.y)), np.linalg.norm(np.diff(seen, axis=0), axis=1))


def test_the_memory_of_a_recorder_does_not_grow_with_the_steps():
    def peak(steps):
        rng, recorder, x = np.random.default_rng(0), ls.recorder(), np.zeros(50_000)
        tracemalloc.start()
        for _ in range(steps):
            x = x + rng.standard_normal(len(x))
            recorder(1.0, x, x)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    assert peak(120) < 1.2 * peak(20)


def test_a_recorder_looks_at_each_so_many_th_call_and_stops_where_nothing_is_finite():
    recorder = ls.recorder(every=3, label="mine", surface="himmelblau")
    for step in range(20):
        recorder(1.0 if step < 14 else np.nan, [1.0 + step, 2.0], [1.0, 0.0])
    run = recorder.recording
    assert run.steps.tolist() == [0, 3, 6, 9, 12]
    assert_array_equal(run.points, [[1.0 + step, 2.0] for step in run.steps])
    assert run.broke_at == 15


class Module:
    """What a recorder asks of a module, without torch."""

    def __init__(self, *parameters):
        self.held = parameters

    def parameters(self):
        return iter(self.held)


class Parameter(np.ndarray):
    requires_grad, grad = True, None


def test_a_module_is_read_where_its_gradients_are():
    weights, frozen = np.ones(3).view(Parameter), np.ones(2).view(Parameter)
    frozen.requires_grad = False
    recorder = ls.recorder(Module(weights, frozen))
    with pytest.raises(ValueError, match="no gradients yet"):
        recorder(1.0)
    weights.grad = np.array([3.0, 4.0, 0.0])
    recorder(1.0)
    assert recorder.recording.gradient_norms.tolist() == [5.0]
    assert recorder.recording.end.tolist() == [1.0, 1.0, 1.0]
    assert recorder.recording.label == "Module"


@pytest.mark.parametrize(
    ("act", "refusal"),
    [
        (lambda: ls.recorder(every=0), "every"),
        (lambda: ls.recorder(object()), "has no parameters"),
        (lambda: ls.recorder()(1.0), "brings its own"),
        (lambda: ls.recorder()(1.0, [1.0]), "gradients are missing"),
        (lambda: ls.recorder(Module())(1.0), "no trainable parameters"),
        (lambda: ls.recorder().recording, "nothing finite was recorded"),
        (lambda: kept([np.ones(120), np.ones(119)]), "120 parameters, and now there are 119"),
        (lambda: kept([np.ones(120)], surface="himmelblau"), "120 parameters and the surface 2"),
        # Before the training, not after it.
        (lambda: ls.recorder(surface="himelblau"), "himmelblau"),
        (lambda: ls.recorder(color="bleu"), "blue"),
        (lambda: ls.recorder(label=3), "label must be text"),
        (lambda: ls.recorder(Module), "Module is a class"),
        (lambda: ls.recorder()(1.0, [1.0, 2.0], [1.0]), "2 parameters and 1 gradients"),
        (lambda: ls.recorder()(1.0, [], []), "parameters are empty"),
        (lambda: ls.recorder()("low", [1.0], [1.0]), "the loss must be real numbers"),
        (lambda: ls.recorder()(None, [1.0], [1.0]), "the loss must be real numbers"),
        (lambda: ls.recorder()(np.ones(3), [1.0], [1.0]), "the loss must be one number"),
        (lambda: ls.recorder()(1.0, [1.0j], [1.0]), "parameters must be real numbers"),
        (lambda: ls.record(WAY, LOSSES).scene([ls.record(WAY, LOSSES)]), "one by one, not list"),
    ],
)
def test_what_a_recorder_refuses(act, refusal):
    with pytest.raises((TypeError, ValueError), match=refusal):
        act()


def test_a_real_training_loop_with_minibatches():
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    torch.manual_seed(0)
    inputs = torch.randn(256, 2)
    labels = (inputs[:, 0] * inputs[:, 1] > 0).long()
    model = torch.nn.Sequential(torch.nn.Linear(2, 8), torch.nn.Tanh(), torch.nn.Linear(8, 2))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    surface = ls.from_torch(model, lambda m: torch.nn.functional.cross_entropy(m(inputs), labels))
    with ls.recorder(model, every=4, label="Adam", surface=surface) as recorder:
        for _ in range(200):
            some = torch.randperm(256)[:32]
            optimizer.zero_grad()
            loss = torch.nn.functional.cross_entropy(model(inputs[some]), labels[some])
            loss.backward()
            recorder(loss)
            optimizer.step()
    run = recorder.recording
    assert len(run.steps) == 50
    assert run.outcome is ls.Outcome.MOVING
    assert run.losses[-1] < 0.5 * run.losses[0]
    assert [panel.key for panel in run.scene().panels] == ["plane", "loss", "gradient_norm"]
