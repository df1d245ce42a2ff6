"""The lecture pack."""

import io
import json
import zipfile

import numpy as np
import pytest

import landscape as ls
from landscape.render import save
from landscape.render.pack import FILES
from landscape.stopping import Cancelled

SMALL = {"video_size": (192, 108), "gif_size": (192, 108), "seconds": 0.2}


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    scene = ls.Experiment("escaping_saddle", ("sgd", "adam"), [(1.0, 1e-3)], 12, title="안장 $ %").run().scene()
    told = []
    saved = save(
        scene,
        tmp_path_factory.mktemp("pack") / "p.zip",
        progress=lambda *said: told.append(said),
        address="https://example.org/",
        **SMALL,
    )
    return scene, saved, told


def test_a_pack_holds_every_format_and_a_readme(pack):
    scene, saved, _ = pack
    with zipfile.ZipFile(saved.path) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [*FILES, "README.txt"]
        readme = archive.read("README.txt").decode()
        for name in FILES:
            assert f"\n{name} " in readme
        assert scene.title in readme
        assert "https://example.org/?surface=escaping_saddle" in readme
        assert json.loads(archive.read("recipe.json")) == dict(scene.recipe)
        with np.load(io.BytesIO(archive.read("data.npz"))) as data:
            assert data["loss"].shape == (2, 13)
        assert b"figure.pdf" in archive.read("caption.tex")
        assert archive.read("film.gif").startswith(b"GIF89a")
        assert all(info.date_time == (1980, 1, 1, 0, 0, 0) for info in archive.infolist())


def test_progress_only_grows_and_ends_at_its_total(pack):
    told = pack[2]
    done = [a for a, _, _ in told]
    assert done == sorted(done)
    assert len({total for _, total, _ in told}) == 1
    assert done[-1] == told[-1][1]
    assert set(FILES) <= {what for _, _, what in told}


@pytest.mark.parametrize("after", [1, 6])
def test_a_cancelled_pack_leaves_nothing(after, tiny, tmp_path):
    calls = []

    def stop(*said):
        calls.append(said)
        return len(calls) < after

    with pytest.raises(Cancelled):
        save(tiny, tmp_path / "p.zip", progress=stop, **SMALL)
    assert len(calls) == after
    assert not list(tmp_path.iterdir())


def test_a_scene_without_an_experiment_says_what_is_missing(tiny, tmp_path):
    saved = save(tiny, tmp_path / "p.zip", **SMALL)
    assert any("There is no script.py" in note for note in saved.notes)
    with zipfile.ZipFile(saved.path) as archive:
        assert "script.py" not in archive.namelist()
        assert "There is no script.py" in archive.read("README.txt").decode()


def test_wrong_options_are_found_before_the_work_begins(scene, tmp_path):
    for options in ({"size": "A4"}, {"theme": "x"}, {"video_size": "9p"}, {"gif_size": (1, 1)}, {"seconds": -1}):
        with pytest.raises(ValueError, match=r"size|theme|side|seconds"):
            save(scene, tmp_path / "p.zip", **options)
    assert not list(tmp_path.iterdir())
