"""Figure, payload and offline page: complete, small, readable by the player, and deaf to whatever was typed."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import math
import re

import numpy as np
import pytest
from numpy.testing import assert_allclose

import landscape as ls
from landscape.picture.scene import Points
from landscape.render.player.html import to_html
from landscape.render.player.payload import player_payload, player_script

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)> & <!-- 한국어"


def decode(payload, value):
    """Put the arrays back into a part of a payload, as the player does."""
    if isinstance(value, list):
        return [decode(payload, item) for item in value]
    if not isinstance(value, dict):
        return value
    if "$" in value:
        stored = payload["arrays"][value["$"]]
        return np.frombuffer(base64.b64decode(stored["bdata"]), "<" + stored["dtype"]).reshape(stored["shape"])
    if "$columns" in value:
        return [decode(payload, {"$": index}) for index in value["$columns"]]
    return {key: decode(payload, item) for key, item in value.items()}


def of_role(traces, role, panel):
    return [trace for trace in traces if trace["meta"]["role"] == role and trace["meta"]["panel"] == panel]


@pytest.fixture(scope="module")
def long_run():
    """More points than are drawn: two optimizers, thirty-six starts, 1500 steps."""
    starts = ls.grid_starts(ls.surface("himmelblau").domain, 6)
    return ls.Experiment("himmelblau", (ls.SGD(learning_rate=0.003), ls.Adam(learning_rate=0.02)), starts, 1500).run()


def test_a_figure_stands_on_its_own(scene):
    figure = scene.to_plotly()
    assert figure.layout.template.layout.to_plotly_json() is not None
    paths = [trace for trace in figure.data if trace.meta["role"] == "path"]
    assert len(paths) == len(scene.tracks) * len(scene.panels)
    assert all(trace.opacity in (None, 1.0) for trace in paths)
    assert [trace.name for trace in figure.data if trace.meta["role"] == "legend"][:4] == [
        track.group for track in scene.tracks
    ]
    assert json.loads(figure.to_json())["data"]


def test_the_payload_is_strict_json_and_holds_the_paths(scene):
    payload = player_payload(scene)
    text = json.dumps(payload, allow_nan=False)
    payload = json.loads(text)
    traces = decode(payload, payload["figure"]["data"])
    (sgd,) = [trace for trace in of_role(traces, "path", "map") if trace["meta"]["group"] == scene.tracks[0].group]
    drawn = next(layer for layer in scene.panel("map").layers if getattr(layer, "track", "") == scene.tracks[0].id)
    assert_allclose(sgd["x"][:-1], drawn.x, rtol=1e-6)
    assert_allclose(sgd["y"][:-1], drawn.y, rtol=1e-6)
    assert math.isnan(sgd["y"][-1])  # the gap between this path and the next one of its group


def test_the_player_can_read_every_array(scene, relief, curve, long_run):
    table = re.search(r"ARRAY_TYPES = \{(.*?)\}", player_script()).group(1)
    readable = set(re.findall(r"(\w+):", table))
    for one in (scene, relief, curve, long_run.scene(), long_run.scene(relief=True)):
        assert {array["dtype"] for array in player_payload(one)["arrays"]} <= readable


def test_what_is_left_out_of_a_long_run_is_said_by_its_steps(long_run):
    scene = long_run.scene()
    payload = player_payload(scene)
    traces = of_role(decode(payload, payload["figure"]["data"]), "path", "loss")
    assert len(traces) == 2
    total = 0
    for trace in traces:
        meta = trace["meta"]
        (trajectory,) = (
            trajectory
            for number, trajectory in enumerate(long_run.trajectories)
            if meta["tracks"][0].startswith(f"{number}-")
        )
        own = [int(track.split("-")[1]) for track in meta["tracks"]]
        for k, (first, count) in enumerate(zip(meta["first"], meta["count"], strict=True)):
            steps = np.asarray(meta["steps"][first : first + count])
            assert (steps[0], steps[-1]) == (0, 1500)
            assert np.all(np.diff(steps) > 0)
            losses = trajectory.values[own[k]][steps]
            shown = np.where(losses > 0, losses, np.nan)  # a logarithmic axis: exactly zero is a gap
            assert_allclose(trace["y"][first : first + count], shown, rtol=1e-6)
            total += count
    assert total < 45_000 < 72 * 1501


def test_each_array_travels_once(make):
    arrays = [array["bdata"] for array in player_payload(make(n_tracks=4))["arrays"]]
    assert len(arrays) == len(set(arrays))


def test_two_hundred_starts_cost_as_many_traces_as_twenty():
    def traces(n):
        starts = ls.random_starts(ls.surface("sphere").domain, n, seed=1)
        return len(player_payload(ls.Experiment("sphere", ("sgd",), starts, 5).run().scene())["figure"]["data"])

    assert traces(200) == traces(20)


def test_what_is_typed_stays_text(make):
    for present in (True, False):
        page = to_html(make(title=HOSTILE, caption=HOSTILE, notes=(HOSTILE,)), present=present)
        assert "<img" not in page.split("<script", 1)[0]
        assert "alert(1)</script>" not in page
        assert page.count("<script") == page.count("</script>") == 3
        assert f"<title>{html.escape(HOSTILE)}</title>" in page


def test_the_page_allows_itself_its_own_scripts_and_nothing_else(tiny):
    page = to_html(tiny)
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page).group(1)
    assert "default-src 'none'" in policy
    scripts = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)
    assert len(scripts) == 2
    for script in scripts:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert "http-equiv" in page
    assert not re.search(r"(src|href)=\"", page.split("<script>", 1)[0])


def test_marks_of_many_starts_leave_the_ground_to_be_seen(make):
    def size(n):
        starts = ls.random_starts(ls.surface("himmelblau").domain, n, seed=1)
        scene = ls.Experiment("himmelblau", ("sgd",), starts, 2).run().scene()
        (marks,) = [t for t in scene.to_plotly().data if t.meta.get("kind") == "start"]
        assert any(isinstance(layer, Points) and len(layer.x) == n for layer in scene.panel("map").layers)
        return marks.marker.size

    assert size(200) < 0.6 * size(10)
