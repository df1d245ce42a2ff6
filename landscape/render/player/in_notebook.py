"""What the player needs in a notebook: its script, a payload that has both themes, and the module that shows it."""

from __future__ import annotations

import base64
import gzip
import hashlib
from functools import cache
from typing import Any

from landscape.picture.scene import Picture
from landscape.render.files import text_of
from landscape.render.player.payload import HERE, MORE, payloads, player_script, plotly_script


def themed_payload(scene: Picture) -> dict[str, Any]:
    """Return the payload in both themes: "light" and "dark" without arrays, and the "arrays" of both."""
    light, dark = payloads(scene, ("light", "dark"))
    arrays = light["arrays"]
    return {"arrays": arrays, **{made["theme"]["name"]: made | {"arrays": []} for made in (light, dark)}}


@cache
def script() -> tuple[str, str]:
    """Return plotly.js and the player as one module of JavaScript, as base64 of its gzip, and a name of its own.

    Text, since JupyterLab saves the bytes of a model as an empty object.
    """
    module = f"{plotly_script()}\n{player_script(MORE)}\nexport {{ Plotly, mountPlayer }};\n"
    packed = gzip.compress(module.encode("utf-8"), 6, mtime=0)
    return base64.b64encode(packed).decode("ascii"), hashlib.sha256(packed).hexdigest()[:16]


def view_script() -> str:
    """Return the module that shows one picture, as anywidget takes it."""
    return text_of(HERE, "notebook.js")
