"""Data in Plotly's figure and in the player's payload: samples stand, regions and boundaries bring all their frames."""

import json

import numpy as np
import pytest

import landscape as ls
from landscape.render.player.payload import player_payload
from landscape.scenes.softmax import softmax_scene


@pytest.fixture(scope="module")
def scene():
    model = ls.network("softmax", data=ls.data("blobs", n_classes=3, n=60))
    run = ls.Experiment(model, (ls.SGD(0.1), ls.Adam(0.05)), model.starts(1), 40).run()
    return softmax_scene(run, grid=21, frames=12)


def by_role(data, role):
    return [trace for trace in data if trace["meta"]["role"] == role]


def array(payload, reference):
    import base64

    stored = payload["arrays"][reference["$"]]
    return np.frombuffer(base64.b64decode(stored["bdata"]), stored["dtype"]).reshape(stored["shape"])


def test_a_still_figure_shows_the_last_frame_and_carries_no_others(scene):
    figure = json.loads(scene.to_plotly().to_json())
    (field,) = by_role(figure["data"], "moving_field")
    moving = next(layer for layer in scene.panels[0].layers if type(layer).__name__ == "MovingField")
    shown = scene.to_plotly().data[[t["meta"]["role"] for t in figure["data"]].index("moving_field")].z
    assert np.array_equal(np.asarray(shown), moving.z[-1])
    assert "frames" not in field["meta"]
    assert len(by_role(figure["data"], "moving_line")) == 3
    assert [trace["name"] for trace in by_role(figure["data"], "samples")] == list(moving.classes)


def test_the_payload_has_every_frame(scene):
    payload = player_payload(scene)
    assert payload == json.loads(json.dumps(payload))
    moving = next(layer for layer in scene.panels[0].layers if type(layer).__name__ == "MovingField")
    (field,) = by_role(payload["figure"]["data"], "moving_field")
    assert np.array_equal(array(payload, field["meta"]["frames"]), moving.z.reshape(len(moving.z), -1))
    assert np.array_equal(array(payload, field["meta"]["steps"]), moving.steps)
    assert [sign["label"] for sign in payload["signs"] if sign["shape"] == "mark"][-3:] == list(moving.classes)
    assert "boundary" in [sign["label"] for sign in payload["signs"] if sign["shape"] == "line"]
