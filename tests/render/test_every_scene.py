"""Every picture that the package makes leaves in every format, whatever its layers are."""

from __future__ import annotations

import io
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import av
import numpy as np
import pandas
import pytest
from PIL import Image

import landscape as ls
from landscape.analysis.connectivity import bezier_path, straight_path
from landscape.analysis.counts import counts_study
from landscape.analysis.escape_study import escape_study
from landscape.analysis.high_dims import high_dims_study
from landscape.analysis.network_studies import edge_study
from landscape.analysis.slices_study import slices_study
from landscape.figures import FIGURES
from landscape.language import speaking
from landscape.language.pseudo import PSEUDO
from landscape.optimizers import OPTIMIZERS
from landscape.render import save, to_bytes
from landscape.render.player.payload import player_payload, plotly_script
from landscape.render.words.caption import caption_of
from landscape.render.words.texts import script_of
from landscape.scene import Scene
from landscape.scenes.basins import basins_scene
from landscape.scenes.counts import counts_scene
from landscape.scenes.escape import escape_scene
from landscape.scenes.framework_example import framework_scene
from landscape.scenes.high_dims import high_dims_scene
from landscape.scenes.networks import connectivity_scene, deep_linear_scene, sharpness_scene
from landscape.scenes.slices import slices_scene
from landscape.scenes.softmax import softmax_scene
from landscape.scenes.softmax_example import example_scene
from landscape.scenes.toolbox import census_scene, slice_scene, spectrum_scene
from landscape.scenes.tuning import tuning_scene
from landscape.surfaces.families import family
from landscape.theory.softmax import arithmetic

TINY = (160, 90)


def _run(surface: str, start: tuple[float, ...], n_steps: int = 12, learning_rate: float = 0.01) -> ls.Run:
    optimizers = (ls.SGD(learning_rate=learning_rate), ls.Adam(learning_rate=learning_rate))
    return ls.Experiment(surface, optimizers, [start], n_steps).run()


def _beside_a_saddle() -> ls.Run:
    surface = family("two_point_saddle", n_dims=6, index=2)
    return ls.Experiment(surface, (ls.SGD(learning_rate=0.05),), [(0.1,) * 6], 10).run()


def _many_dimensions(run: ls.Run, *, relief: bool = False) -> Scene:
    return high_dims_scene(run, high_dims_study(run.trajectories, "random", grid=9), relief=relief)


def _sharpness(run: ls.Run) -> Scene:
    return sharpness_scene(run, edge_study(run.trajectories, looks=3))


def _softmax() -> Scene:
    model = ls.Softmax(ls.data("blobs", n_classes=3, n=30))
    return softmax_scene(ls.Experiment(model, ("sgd",), model.starts(1), n_steps=8).run(), grid=9, frames=3)


def _deep_linear() -> Scene:
    model = ls.DeepLinear(ls.data("linear_map", strengths=[2.0, 1.0], n=3), widths=(4,))
    return deep_linear_scene(ls.Experiment(model, "sgd", [model.balanced_start(0.01)], n_steps=10).run())


MOONS = ls.Perceptron(ls.data("moons", n=20), widths=(3,))


def _slice() -> Scene:
    x, at = MOONS.starts(1)[0], np.linspace(-1, 1, 7)
    return slice_scene(ls.slice_surface(MOONS, ls.filter_normalized_plane(x, MOONS.filters), at, at))


def _connectivity() -> Scene:
    model = ls.Perceptron(ls.data("moons", n=20), widths=(4,))
    a, b = model.starts(2)
    return connectivity_scene(straight_path(model, a, b), bezier_path(model, a, b, n_steps=3))


def _fair_comparison() -> Scene:
    optimizers = (ls.SGD(), ls.Momentum(), ls.Adam(), ls.Adam(b1=0.5))
    rates = np.geomspace(1e-3, 1.0, 7)
    return tuning_scene(ls.tuning(ls.surface("himmelblau"), optimizers, [(0.5, 3.5)], 20, rates, other=[0.0, 0.9]))


def _basins() -> Scene:
    surface, optimizers = ls.surface("himmelblau"), (ls.SGD(learning_rate=0.01), ls.Adam(learning_rate=0.1))
    run = ls.Experiment(surface, optimizers, [(0.5, 3.5)], 30).run()
    return basins_scene(ls.basins(surface, optimizers, (20, 20), 30), run)


def _swarm() -> Scene:
    optimizers = (ls.SGD(learning_rate=0.01), ls.Adam(learning_rate=0.1))
    return FIGURES["swarm"].scene(ls.Experiment("himmelblau", optimizers, ls.Random(300), 30))


MAKERS: dict[str, Callable[[], Scene]] = {
    "map": lambda: _run("himmelblau", (0.0, 0.0)).scene(grid=21),
    "relief": lambda: _run("himmelblau", (0.0, 0.0)).scene(relief=True, grid=21),
    "curve": lambda: _run("plateau_1d", (1.0,)).scene(),
    "many dimensions": lambda: ls.Experiment(ls.surface("ackley", n_dims=5), "sgd", [(1.0,) * 5], 6).run().scene(),
    "diverged": lambda: _run("rosenbrock", (-1.0, 1.5), learning_rate=0.05).scene(grid=21),
    "softmax": _softmax,
    "deep linear": _deep_linear,
    "sharpness": lambda: _sharpness(_run("sphere", (1.0, 0.5))),
    "connectivity": _connectivity,
    "high dimensions": lambda: _many_dimensions(_beside_a_saddle()),
    "lean": lambda: _many_dimensions(_beside_a_saddle().experiment.run(keep=4), relief=True),
    "counts": lambda: counts_scene(counts_study(2, n_fields=1, n_instances=1)),
    "escape": lambda: escape_scene(escape_study()),
    "basins": _basins,
    "matrices": lambda: FIGURES["matrices"].scene(
        ls.Experiment("linear_layer", (ls.Muon(), "adam"), ls.Random(1), n_steps=10)
    ),
    "swarm": _swarm,
    "slices": lambda: slices_scene(slices_study(family("two_point_saddle", n_dims=6, index=2), grid=5, n_planes=50)),
    "one slice": _slice,
    "spectra": lambda: spectrum_scene(ls.spectrum(MOONS, MOONS.starts(1)[0], ("hessian", "gauss_newton", "fisher"))),
    "census": lambda: census_scene(ls.critical_points("himmelblau")),
    "fair comparison": _fair_comparison,
    "one example": lambda: example_scene(arithmetic([5.0, 2.0, -1.0, 3.0], label=0), ("A", "B", "C", "D"), 2.0),
    "framework example": lambda: framework_scene(ls.Experiment("framework_example", "sgd", [(0.0,)], 20).run()),
}


@cache
def scene_of(name: str) -> Scene:
    return MAKERS[name]()


SHOWN = {"title", "caption", "notes", "label", "verdict", "text", "hovertext", "hovertemplate", "ticktext"}
"""Keys of a payload under which there is text for people."""

NAMES = {word for kind in OPTIMIZERS.values() for word in kind.title.split()} | {"Kac", "Rice", "beta", "tanh"}


def _shown(data: object, *, here: bool = False) -> Iterator[str]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _shown(value, here=key in SHOWN)
    elif isinstance(data, list):
        for value in data:
            yield from _shown(value, here=here)
    elif here and isinstance(data, str):
        yield data


@pytest.mark.parametrize("name", MAKERS)
def test_every_text_of_a_picture_is_a_message(name):
    """In the pseudo-language a word has accents, so that one without is nobody's message, or a name."""
    with speaking(PSEUDO):
        scene = MAKERS[name]()
        payload, caption = player_payload(scene), caption_of(scene)
        texts = [
            *_shown({key: value for key, value in payload.items() if key not in ("words", "live")}),
            *payload["called"].values(),
            *(one["name"] for one in (*payload["groups"], *payload["figure"]["data"]) if "name" in one),
            *(words for _, words in (payload["live"] or {}).get("swarm", {}).get("told", ())),
            *(event.what for event in scene.events()),
            *(tell(0).head for tell in scene.in_numbers.values()),
            *(caption.body, caption.details),
        ]
    assert len(texts) > 5
    bare = [re.sub(rf"<[^>]*>|%\{{[^}}]*\}}|landscape {ls.__version__}", "", text) for text in texts]
    plain = {word: text for text in bare for word in re.findall(r"(?<![\w.])[A-Za-z]{3,}(?!\w)", text)}
    assert {word: text for word, text in plain.items() if re.search("[aceinosuy]", word) and word not in NAMES} == {}


@pytest.fixture(params=MAKERS)
def any_scene(request: pytest.FixtureRequest) -> Scene:
    return scene_of(request.param)


def test_it_stays_a_scene_that_saves_itself(any_scene: Scene, tmp_path: Path) -> None:
    changed = replace(any_scene, title="Another title")
    assert isinstance(any_scene, ls.Scene)
    assert isinstance(changed, ls.Scene)
    assert "Another title" in changed.save(tmp_path / "f.txt").path.read_text(encoding="utf-8")


def test_it_prints(any_scene: Scene) -> None:
    with Image.open(io.BytesIO(to_bytes(any_scene, "png", dpi=30))) as picture:
        assert len(picture.convert("RGB").getcolors(1 << 20)) > 10
    text = " ".join(ET.fromstring(to_bytes(any_scene, "svg", theme="print", dpi=30)).itertext())
    for panel in any_scene.panels:
        # A long title is set in two lines.
        assert panel.title.split()[0] in text


def test_it_is_filmed(any_scene: Scene, tmp_path: Path) -> None:
    options = {"size": TINY, "seconds": 0.2, "fps": 10, "hold": 0.1}
    with av.open(str(save(any_scene, tmp_path / "f.mp4", **options).path)) as film:
        frames = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
    assert len(frames) == 3
    if any_scene.n_steps:
        assert np.abs(frames[0].astype(int) - frames[1]).max() > 40, "nothing moves"
    # The second coding of a still picture mends single pixels; on the whole it is the same one.
    assert np.abs(frames[1].astype(int) - frames[2]).mean() < 0.5, "the last frame is held"


def test_it_plays_offline(any_scene: Scene) -> None:
    page = to_bytes(any_scene, "html").decode()
    inside = page.split('id="scene">', 1)[1].split("</script>", 1)[0]
    payload = json.loads(inside)["payload"]
    assert [panel["key"] for panel in payload["panels"]] == [panel.key for panel in any_scene.panels]
    assert len(payload["tracks"]) == len(any_scene.tracks)
    known = re.search(r"plotly\.js [\d.]+ \(([\w ]+)\)", plotly_script()).group(1).split()
    assert {trace["type"] for trace in payload["figure"]["data"]} <= set(known)


def test_its_data_leave(any_scene: Scene) -> None:
    table = pandas.read_csv(io.BytesIO(to_bytes(any_scene, "csv")), comment="#", dtype={"track": str})
    if any_scene.tracks:
        assert set(table["track"]) == {track.id for track in any_scene.tracks}
    else:
        assert list(table.columns) == ["panel", "curve", "x", "y"]
        assert set(table["panel"]) <= {panel.key for panel in any_scene.panels}
    with np.load(io.BytesIO(to_bytes(any_scene, "npz"))) as arrays:
        assert list(arrays["track"]) == [track.id for track in any_scene.tracks]
        assert json.loads(str(arrays["recipe"])) == json.loads(json.dumps(dict(any_scene.recipe)))


def test_its_words_leave(any_scene: Scene) -> None:
    if any_scene.recipe:
        assert json.loads(to_bytes(any_scene, "json")) == json.loads(json.dumps(dict(any_scene.recipe)))
    else:
        with pytest.raises(ValueError, match="no recipe"):
            to_bytes(any_scene, "json")
    assert r"\begin{figure}" in to_bytes(any_scene, "tex").decode()
    if "starts" in any_scene.recipe:
        compile(to_bytes(any_scene, "py"), "script.py", "exec")
    else:
        with pytest.raises(ValueError, match="no recipe"):
            script_of(any_scene)
