"""Tables, read again by the csv module, by pandas where it is there, and by NumPy."""

import csv
import json

import numpy as np
import pandas as pd
import pytest

import landscape as ls
from landscape.picture.scene import Axis, Panel, Path, Track
from landscape.render import save
from landscape.render.words.tables import table_of
from landscape.scene import Scene


def read(path):
    """The comment lines and the rows as dicts."""
    with path.open(encoding="utf-8", newline="") as file:
        lines = file.read().splitlines()
    comments = [line for line in lines if line.startswith("#")]
    return comments, list(csv.DictReader(line for line in lines if not line.startswith("#")))


def test_a_csv_has_one_row_for_each_track_and_step(scene, tmp_path):
    comments, rows = read(save(scene, tmp_path / "d.csv", comments=True).path)
    assert list(rows[0]) == ["track", "optimizer", "path", "step", "x", "y", "loss", "gradient_norm"]
    assert len(rows) == 4 * 61
    assert {(row["track"], int(row["step"])) for row in rows} == {(t.id, k) for t in scene.tracks for k in range(61)}
    text = "\n".join(comments)
    for said in (scene.title, "loss: loss (dimensionless)", "step (optimizer steps", "Link: ?surface=", "Made with"):
        assert said in text
    recipe = next(line for line in comments if line.startswith("# Recipe: "))
    assert json.loads(recipe.removeprefix("# Recipe: ")) == dict(scene.recipe)


def test_numbers_come_back_bit_for_bit(scene, tmp_path):
    _, rows = read(save(scene, tmp_path / "d.csv").path)
    paths = {layer.track: layer for layer in scene.panel("map").layers if isinstance(layer, Path)}
    for row in rows:
        path, step = paths[row["track"]], int(row["step"])
        assert float(row["x"]) == path.x[step]
        assert float(row["y"]) == path.y[step]
        assert float(row["loss"]) == path.hover["loss"][step]
        assert float(row["gradient_norm"]) == path.hover["gradient norm"][step]


def test_pandas_reads_it(scene, tmp_path):
    frame = pd.read_csv(save(scene, tmp_path / "d.csv").path)
    commented = pd.read_csv(save(scene, tmp_path / "c.csv", comments=True).path, comment="#")
    pd.testing.assert_frame_equal(frame, commented)
    assert frame.shape == (244, 8)
    assert frame.groupby("optimizer")["step"].max().to_dict() == {t.group: 60 for t in scene.tracks}
    assert frame[["x", "y", "loss", "gradient_norm"]].notna().all(axis=None)


def test_npz_has_the_arrays_and_the_recipe(scene, tmp_path):
    with np.load(save(scene, tmp_path / "d.npz").path, allow_pickle=False) as data:
        assert list(data["track"]) == [t.id for t in scene.tracks]
        assert data["x"].shape == (4, 61)
        path = next(layer for layer in scene.panel("map").layers if isinstance(layer, Path))
        assert np.array_equal(data["y"][0], path.y)
        assert np.array_equal(data["step"], np.arange(61))
        assert np.array_equal(data["map_field_z"], scene.panel("map").layers[0].z)
        assert json.loads(str(data["recipe"])) == dict(scene.recipe)
        assert json.loads(str(data["units"]))["loss"] == "loss"
        assert scene.title in str(data["caption"])


def test_rows_end_where_the_data_end(make, tmp_path):
    scene = make(diverged=True)
    last = scene.tracks[0].last
    assert last < 60
    _, rows = read(save(scene, tmp_path / "d.csv").path)
    own = [row for row in rows if row["track"] == "sgd-0"]
    assert [int(row["step"]) for row in own] == list(range(last + 1))
    assert all(row["loss"] for row in own)
    with np.load(save(scene, tmp_path / "d.npz").path) as data:
        assert data["last"][0] == last
        assert np.isfinite(data["loss"][0, : last + 1]).all()
        assert np.isnan(data["loss"][0, last + 1 :]).all()


def test_a_relief_and_a_curve_have_their_own_columns(relief, curve):
    assert list(table_of(relief).columns) == ["x", "y", "loss", "gradient_norm"]
    assert list(table_of(curve).columns) == ["w", "cost", "loss"]


@pytest.mark.parametrize("options", [{"n_steps": 0}, {"n_tracks": 1}, {"n_tracks": 200, "n_steps": 3}, {"hole": True}])
def test_awkward_scenes_make_tables(options, make, tmp_path):
    scene = make(grid=7, **options)
    _, rows = read(save(scene, tmp_path / "d.csv").path)
    assert len(rows) == len(scene.tracks) * (scene.n_steps + 1)
    with np.load(save(scene, tmp_path / "d.npz").path) as data:
        assert data["loss"].shape == (len(scene.tracks), scene.n_steps + 1)


def test_texts_cannot_break_the_table(make, tmp_path):
    title = '안장점, "quoted"\n# 100% <script>\r\n=1+1'
    _, rows = read(save(make(title=title, caption=title, n_steps=2), tmp_path / "d.csv").path)
    assert len(rows) == 12
    steps = np.arange(2.0)
    track = Track("=cmd()", 'a, "b"', "#1, x", "sgd", 1, "line\nbreak")
    panel = Panel("p", "P", Axis("step"), Axis("y, z #2"), (Path("=cmd()", steps, steps + 5),))
    path = save(Scene("S", (panel,), (track,), 1, (("p",),), (1.0,)), tmp_path / "e.csv").path
    _, rows = read(path)
    assert [row["track"] for row in rows] == ["'=cmd()"] * 2
    assert rows[1] == {"track": "'=cmd()", "optimizer": "No. 1, x", "path": 'a, "b"', "step": "1", "y_z_2": "6.0"}


def test_two_panels_that_disagree_keep_their_columns_apart():
    steps = np.arange(3.0)
    panels = tuple(
        Panel(key, key, Axis("step"), Axis("loss"), (Path("t", steps, steps + k),)) for k, key in enumerate("ab")
    )
    scene = Scene("S", panels, (Track("t", "t", "t", "sgd", 2),), 2, (("a",), ("b",)), (1.0, 1.0))
    columns = table_of(scene).columns
    assert columns["loss"].tolist() == [[0, 1, 2]]
    assert columns["b_loss"].tolist() == [[1, 2, 3]]


def test_a_gap_on_one_panel_is_filled_from_another():
    steps, value = np.arange(3.0), np.array([1.0, 0.0, 2.0])
    shown = Path("t", steps, np.where(value > 0, value, np.nan), hover={"loss": value})
    panel = Panel("p", "P", Axis("step"), Axis("loss", "log"), (shown,))
    scene = Scene("S", (panel,), (Track("t", "t", "t", "sgd", 2),), 2, (("p",),), (1.0,))
    assert table_of(scene).columns["loss"].tolist() == [[1.0, 0.0, 2.0]]


def test_thinned_paths_keep_their_steps():
    path = Path("t", np.array([0.0, 4.0]), np.array([3.0, 7.0]), steps=np.array([0, 4]))
    panel = Panel("p", "P", Axis("x"), Axis("y"), (path,))
    columns = table_of(Scene("S", (panel,), (Track("t", "t", "t", "sgd", 4),), 4, (("p",),), (1.0,))).columns
    assert np.array_equal(columns["y"][0], [3, np.nan, np.nan, np.nan, 7], equal_nan=True)


def test_a_picture_without_paths_is_a_table_of_its_curves_and_points(tmp_path):
    straight = ls.straight_path("himmelblau", [3.0, 2.0], [0.0, 0.0])
    bent = ls.bezier_path("himmelblau", [3.0, 2.0], [0.0, 0.0], n_steps=3)
    found = ls.critical_points("himmelblau")
    for scene, n_rows, values in (
        (ls.connectivity_scene(straight, bent), 2 * 61, [*straight.values, *bent.values]),
        (ls.census_scene(found), 9, [point.index for point in found.points]),
    ):
        scene.save(tmp_path / "still.csv", comments=True)
        table = pd.read_csv(tmp_path / "still.csv", comment="#")
        assert list(table.columns) == ["panel", "curve", "x", "y"]
        assert sorted(table.y.tolist()) == sorted(map(float, values))
        assert len(table) == n_rows
