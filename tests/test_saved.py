"""What was saved is read again, bit for bit; pickles never are."""

import dataclasses
import json
import pickle
import zipfile

import numpy as np
import pytest

import landscape as ls
from landscape.errors import UnknownName
from landscape.surfaces.families import FAMILIES


def own():
    return ls.from_functions(lambda x: (x**2).sum(axis=-1), lambda x: 2 * x, 3)


KINDS = {
    **{f"gallery: {name}": surface for name, surface in list(ls.SURFACES.items())[::7]},
    **{f"family: {name}": ls.surface(name) for name in FAMILIES},
    **{f"network: {name}": ls.network(name) for name in ls.NETWORKS},
    "formula": ls.formula("x^2 - y^2 + y^4/4", ((-2, 2), (-3, 3))),
    "other settings": ls.surface("two_point_saddle", 8, index=3),
}


def same(one, other):
    """Assert that two things have the same fields, arrays bit for bit."""
    assert type(one) is type(other)
    for field in dataclasses.fields(one):
        a, b = getattr(one, field.name), getattr(other, field.name)
        if isinstance(a, np.ndarray):
            assert a.dtype == b.dtype
            np.testing.assert_array_equal(a, b)
        elif dataclasses.is_dataclass(a) and not getattr(a, "__eq__", None):
            same(a, b)
        elif field.name == "surface":
            assert (a is None and b is None) or a.recipe() == b.recipe()
        elif field.name not in ("frame", "_judged"):
            assert a == b


@pytest.mark.parametrize("kind", KINDS)
def test_a_trajectory_comes_back_whatever_its_surface(kind, tmp_path):
    surface = KINDS[kind]
    rng = np.random.default_rng(0)
    start = (
        surface.starts(1)[0] if hasattr(surface, "starts") else surface.retract(rng.uniform(-0.5, 0.5, surface.n_dims))
    )
    run = ls.descend(surface, ls.Adam(learning_rate=0.02), start, 3)
    same(ls.load(ls.save(run, tmp_path / "run.npz")), run)


def test_lean_runs_second_order_rules_and_diverged_ones_come_back(tmp_path):
    lean = ls.descend("rosenbrock", "newton", [[1.0, 2.0], [0.0, 0.5]], 30, keep=5, directions=[[1.0, 0.0]])
    lost = ls.descend("himmelblau", ls.SGD(learning_rate=1.0), [[5.0, 5.0]], 20)
    for run in (lean, lost):
        again = ls.load(ls.save(run, tmp_path / "run.npz"))
        same(again, run)
        assert again.verdicts == run.verdicts
        np.testing.assert_array_equal(again.final_points, run.final_points)


def test_an_experiment_and_its_run_come_back(tmp_path):
    experiment = ls.Experiment("himmelblau", ("sgd", "adam"), ls.Random(3, seed=1), 10, noise=ls.GaussianNoise(0.1))
    assert ls.load(ls.save(experiment, tmp_path / "e.json")) == experiment
    assert ls.load(experiment.run().scene().save(tmp_path / "s.json").path) == experiment
    run = experiment.run()
    again = ls.load(ls.save(run, tmp_path / "run.npz"))
    assert again.experiment == experiment
    for one, other in zip(again.trajectories, run.trajectories, strict=True):
        same(one, other)
    assert again.words == run.words


def test_a_run_on_a_surface_of_ones_own_asks_for_it(tmp_path):
    surface = own()
    run = ls.descend(surface, "adam", [1.0, 2.0, 3.0], 5)
    path = ls.save(run, tmp_path / "own.npz")
    with pytest.raises(ValueError, match=r"own.npz: this run was on a surface of your own, '.*': give it"):
        ls.load(path)
    with pytest.raises(ValueError, match="of 3 dimensions, and this one has 2"):
        ls.load(path, surface="sphere")
    assert ls.load(path, surface=surface).surface is surface
    whole = ls.Experiment(surface, ("adam",), [(1.0, 2.0, 3.0)], 5).run()
    with pytest.raises(ValueError, match="save its trajectories one by one"):
        ls.save(whole, tmp_path / "whole.npz")


def test_recordings_come_back(tmp_path):
    way = np.linspace([2.0, 1.0], [0.0, 0.0], 9)
    losses = (way**2).sum(axis=1)
    with ls.recorder(every=2) as recorder:
        for k in range(9):
            recorder(1.0 / (k + 1), np.full(20, 1.0 + k) + np.eye(20)[k], np.ones(20))
    for run in (
        ls.record(way, losses, surface="sphere", label="mine", color="blue"),
        ls.record(losses=losses, gradient_norms=losses, steps=np.arange(9) * 10),
        ls.record(losses=losses, projections=way),
        recorder.recording,
    ):
        again = ls.load(ls.save(run, tmp_path / "r.npz"))
        same(again, run)
        assert again.verdict == run.verdict
        assert (again.frame is None) == (run.frame is None)
        if run.frame is not None:
            np.testing.assert_array_equal(again.frame.directions, run.frame.directions)
    sphere = ls.record(way, losses, surface="sphere")
    with pytest.raises(ValueError, match="save the recording"):
        ls.save(sphere.trajectory, tmp_path / "t.npz")


@pytest.mark.parametrize("ending", ["npz", "csv"])
def test_the_paths_of_a_scene_come_back_as_recordings(ending, tmp_path):
    run = ls.Experiment("himmelblau", ("sgd", "adam"), [(1.0, 2.0)], 12).run()
    path = run.scene().save(tmp_path / f"s.{ending}").path
    found = ls.load(path, surface="himmelblau")
    assert [one.label for one in found] == [track.label for track in run.scene().tracks]
    for one, trajectory in zip(found, run.trajectories, strict=True):
        np.testing.assert_array_equal(one.losses, trajectory.values[0])
        np.testing.assert_array_equal(one.points, trajectory.points[0])
        np.testing.assert_array_equal(one.gradient_norms, trajectory.gradient_norms[0])
        assert one.verdict == trajectory.verdicts[0]
    assert ls.load(path)[0].surface is None
    one = ls.Experiment("himmelblau", ("sgd",), [(1.0, 2.0)], 3).run().scene()
    assert isinstance(ls.load(one.save(tmp_path / f"one.{ending}", panels=["loss"]).path), ls.Recording)
    if ending == "csv":
        commented = run.scene().save(tmp_path / "c.csv", comments=True).path
        np.testing.assert_array_equal(ls.load(commented)[1].losses, found[1].losses)


class Trap:
    def __reduce__(self):
        return (print, ("it was run",))


def test_pickles_are_never_read(tmp_path, capsys):
    for name in ("run.pkl", "run.pt", "run.npy", "model.joblib"):
        (tmp_path / name).write_bytes(pickle.dumps(Trap()))
        with pytest.raises(ValueError, match=f"{name} may hold a pickle, and pickles are never read"):
            ls.load(tmp_path / name)
    np.savez(tmp_path / "objects.npz", loss=np.array([Trap()], dtype=object))
    (tmp_path / "plain.npz").write_bytes(pickle.dumps(Trap()))
    for name in ("objects.npz", "plain.npz"):
        with pytest.raises(ValueError, match=f"{name}: it holds pickled objects, and pickles are never read"):
            ls.load(tmp_path / name)
    assert capsys.readouterr().out == ""


def changed(path, **changes):
    """Write the archive again with some arrays changed, or left out where they are None."""
    with np.load(path) as archive:
        arrays = {name: archive[name] for name in archive.files} | changes
    np.savez(path, **{name: array for name, array in arrays.items() if array is not None})


def test_what_is_no_saved_run_is_refused(tmp_path):
    run = ls.descend("himmelblau", "adam", [[1.0, 2.0]], 3)

    def refused(message, **changes):
        path = ls.save(run, tmp_path / "run.npz")
        changed(path, **changes)
        with pytest.raises(ValueError, match=message):
            ls.load(path)

    refused("run.npz: it lacks 'values'", values=None)
    refused("do not go together", points=np.zeros((1, 4, 3)))
    refused("saved by another version", about=np.array(json.dumps({"format": 9, "kind": "trajectory"})))
    refused("not JSON", about=np.array("{"))
    refused("unknown kind of run 'walk'", about=np.array(json.dumps({"format": 1, "kind": "walk"})))
    (tmp_path / "empty.npz").write_bytes(b"")
    (tmp_path / "text.npz").write_text("hello")
    with zipfile.ZipFile(tmp_path / "zip.npz", "w") as archive:
        archive.writestr("a.txt", "hello")
    for name in ("empty.npz", "text.npz", "zip.npz"):
        with pytest.raises(ValueError, match=f"^{name}: "):
            ls.load(tmp_path / name)
    (tmp_path / "t.csv").write_text("a,b\n1,2\n")
    with pytest.raises(ValueError, match="no table of a scene"):
        ls.load(tmp_path / "t.csv")
    (tmp_path / "e.json").write_text("[1]")
    with pytest.raises(ValueError, match="a recipe is a JSON object"):
        ls.load(tmp_path / "e.json")
    with pytest.raises(UnknownName, match="there are: npz, csv, json"):
        ls.load(tmp_path / "run.h5")
    with pytest.raises(FileNotFoundError):
        ls.load(tmp_path / "nothing.npz")
    with pytest.raises(TypeError, match=r"not Scene; a picture is saved by its scene: scene.save\(path\)"):
        ls.save(ls.Experiment("sphere", ("sgd",), [(1.0, 1.0)], 3).run().scene(), tmp_path / "s.npz")
    with pytest.raises(ValueError, match=r"this is saved as .npz, and 'run.json' ends otherwise"):
        ls.save(run, tmp_path / "run.json")
