"""Scenes that tutorials show are the player itself, in the reader's theme; all pages share its script."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from landscape.render.player.payload import MORE, player_css, player_script, plotly_script

HERE = Path(__file__).parent
SHOWN = 'class="ls-scene"'


def prepare(app: Sphinx) -> None:
    """Write the player's files beside the pages' own, and let kernels show scenes by ``in_kernels``."""
    made = Path(app.outdir) / "_static"
    made.mkdir(parents=True, exist_ok=True)
    texts = {"plotly.min.js": plotly_script(), "player.js": player_script(MORE), "player.css": player_css()}
    for name, text in texts.items():
        (made / name).write_text(text, encoding="utf-8")
    shutil.copy(HERE / "players.js", made)
    ipython = Path(app.doctreedir) / "ipython"
    startup = ipython / "profile_default" / "startup"
    startup.mkdir(parents=True, exist_ok=True)
    shutil.copy(HERE / "in_kernels.py", startup)
    os.environ["IPYTHONDIR"] = str(ipython)


def on_page(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Load the player on pages that show a scene, and on no other."""
    if SHOWN in context.get("body", ""):
        app.add_css_file("player.css")
        for name in ("plotly.min.js", "player.js", "players.js"):
            app.add_js_file(name, loading_method="defer")


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx."""
    app.connect("builder-inited", prepare)
    app.connect("html-page-context", on_page)
    return {"parallel_read_safe": True}
