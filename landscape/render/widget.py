"""The player as a Jupyter widget; only ``landscape.render.notebook`` imports this, where anywidget is installed."""

from __future__ import annotations

from functools import cache
from typing import Any

import anywidget
import ipywidgets
import traitlets

from landscape.picture.scene import Picture
from landscape.render.player import in_notebook
from landscape.render.player.payload import player_css


class Script(ipywidgets.Widget):
    """plotly.js and the player, which all pictures of a kernel share; see ``in_notebook.script``."""

    script = traitlets.Unicode().tag(sync=True)


class Player(anywidget.AnyWidget):
    """One picture: its payload, and where its script is."""

    _esm = in_notebook.view_script()
    _css = player_css()
    payload = traitlets.Dict().tag(sync=True)
    shared = traitlets.Instance(Script).tag(sync=True, **ipywidgets.widget_serialization)
    version = traitlets.Unicode().tag(sync=True)


@cache
def _shared() -> Script:
    return Script(script=in_notebook.script()[0])


def player(scene: Picture) -> Any:
    """Return a new widget that shows a scene."""
    if _shared().comm is None:  # somebody closed all widgets
        _shared.cache_clear()
    return Player(payload=in_notebook.themed_payload(scene), shared=_shared(), version=in_notebook.script()[1])
