"""A scene in a notebook: the player where widgets are there, else the Plotly figure."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from landscape.picture.scene import Picture
from landscape.render.screen.figure import to_plotly


def mimebundle(scene: Picture) -> dict[str, Any]:
    """Return what a notebook may show of a scene, as IPython's ``_repr_mimebundle_``: MIME type -> data.

    With anywidget (the extra ``notebook``) that is the player, which needs no kernel once it is shown:
    the first one of a kernel brings plotly.js and the player's script, 0.8 MB, and each its own payload. The Plotly
    figure stands beside it for frontends that show no widgets, as in a notebook that is not trusted. Without
    anywidget there is the figure alone, in the way that ``plotly.io.renderers`` says.
    """
    words = {"text/plain": repr(scene)}
    figure = to_plotly(scene)
    if find_spec("anywidget") is None:
        return {**words, **(figure._repr_mimebundle_() or {})}
    from plotly.io import renderers

    from landscape.render.widget import player

    shown, _ = player(scene)._repr_mimebundle_()
    return {**renderers["plotly_mimetype"].to_mimebundle(figure.to_dict()), **shown, **words}
