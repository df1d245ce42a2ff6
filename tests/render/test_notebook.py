"""What a notebook is given of a scene; how it looks there is tried in tests/browser/test_notebook.py."""

from __future__ import annotations

import base64
import gzip

import landscape as ls
from landscape.render import notebook
from landscape.render.player import in_notebook
from landscape.render.player.payload import PUBLIC, player_payload, plotly_script

PLOTLY = "application/vnd.plotly.v1+json"
WIDGET = "application/vnd.jupyter.widget-view+json"
SCENE = ls.Experiment("himmelblau", ("sgd", "adam"), [(1.0, -5.0)], n_steps=30).run().scene()


def test_without_widgets_it_is_the_plotly_figure(monkeypatch):
    import plotly.io

    monkeypatch.setattr(notebook, "find_spec", lambda name: None)
    monkeypatch.setattr(plotly.io.renderers, "default", "plotly_mimetype")
    shown = SCENE._repr_mimebundle_()
    assert shown.keys() == {"text/plain", PLOTLY}
    assert len(shown[PLOTLY]["data"]) == len(SCENE.to_plotly().data)
    assert shown["text/plain"] == repr(SCENE)


def test_with_widgets_it_is_the_player_and_the_figure():
    import ipywidgets

    from landscape.render.widget import Player, Script, player

    shown = SCENE._repr_mimebundle_()
    assert shown.keys() == {"text/plain", PLOTLY, WIDGET}
    one, two = player(SCENE), player(SCENE)
    assert isinstance(one, Player)
    state = one.get_state()
    assert state["payload"] == in_notebook.themed_payload(SCENE)
    assert state["shared"] == f"IPY_MODEL_{two.shared.model_id}"
    assert state["_esm"] == in_notebook.view_script()
    ipywidgets.Widget.close_all()
    assert isinstance(player(SCENE).shared, Script)
    assert player(SCENE).shared.comm is not None


def test_both_themes_share_their_arrays():
    both = in_notebook.themed_payload(SCENE)
    for theme in ("light", "dark"):
        assert both[theme] | {"arrays": both["arrays"]} == player_payload(SCENE, theme)


def test_the_script_is_whole_and_of_a_bounded_size():
    packed, name = in_notebook.script()
    assert len(packed) < 1e6
    text = gzip.decompress(base64.b64decode(packed)).decode("utf-8")
    assert plotly_script() in text
    assert f"const {PUBLIC} = " in text
    in_notebook.script.cache_clear()
    assert in_notebook.script() == (packed, name)
