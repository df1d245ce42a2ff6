"""A scene as one HTML file that plays anywhere: plotly.js, player and data inside, nothing from the network."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from landscape.language import language
from landscape.picture.scene import Picture
from landscape.picture.themes import Theme, theme_of
from landscape.render.files import text_of
from landscape.render.player.payload import HERE, more_of, player_css, player_payload, player_script, plotly_script


def to_html(scene: Picture, theme: str | Theme = "light", present: bool = True) -> str:
    """Return an HTML document that shows and plays the scene with no network at all.

    ``present`` fills the window with the picture, for a projector; otherwise it is a page to scroll. The document
    forbids itself every connection (Content-Security-Policy), runs only the scripts that are in it, and holds all
    text of the scene as data, never as HTML.
    """
    theme = theme_of(theme)
    title, caption = html.escape(scene.title), html.escape(scene.caption)
    # What a panel is headed by is not shown twice, but a page has a heading.
    seen = bool(title) and all(panel.title != scene.title for panel in scene.panels)
    heading = f"<h1>{title}</h1>" if seen else f'<h1 class="unseen">{title or "landscape"}</h1>'
    place = "page present" if present else "page"
    payload = player_payload(scene, theme)
    # On a projector all grows with the window, as in sized.js.
    wide, high = (f"{theme.font_size * 100 / pixels:.4g}" for pixels in (1280, 720))
    size = f"{theme.font_size:g}px"
    font = f"{f'max({size}, min({wide}vw, {high}vh))' if present else size} {theme.font_family}"
    look = f"body {{ background: {theme.background}; color: {theme.ink}; font: {font}; }}"
    return document(
        title=title or "landscape",
        css=f"{look}{text_of(HERE, 'alone.css')}{player_css()}",
        body=f"""<main class="{place}">
{heading}
<div id="player" class="root"></div>
<footer>{caption}</footer>
</main>""",
        data={"payload": payload, "present": present},
        script=player_script(more_of(payload)) + text_of(HERE, "alone.js"),
    )


def write(
    scene: Picture, path: Path, *, theme: str | Theme = "light", present: bool = True, address: str = ""
) -> Sequence[str]:
    """Write the live slide, the same bytes on every system; return what there is to tell."""
    path.write_text(to_html(scene, theme=theme, present=present), encoding="utf-8", newline="\n")
    return []


def document(*, title: str, css: str, body: str, data: Any, script: str) -> str:
    """Return an HTML document with plotly.js and ``script`` in it that may connect to nothing.

    ``data`` is put in as JSON, in the script element "scene". ``title`` and ``body`` are HTML: whatever somebody typed
    must have been escaped.
    """
    plotly, own = _script(plotly_script()), _script(script)
    allowed = " ".join(f"'sha256-{_digest(one)}'" for one in (plotly, own))
    policy = (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    return f"""<!DOCTYPE html>
<html lang="{language()}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{css}</style>
</head>
<body>
{body}
<script type="application/json" id="scene">{_json(data)}</script>
<script>{plotly}</script>
<script>{own}</script>
</body>
</html>
"""


def _script(text: str) -> str:
    """Return a script as it can stand inside a script element, whose end no string in it may look like."""
    return "\n" + text.replace("</script", r"<\/script").replace("<!--", r"<\!--") + "\n"


def _json(data: Any) -> str:
    """Return JSON that can stand inside a script element: no character in it opens or closes anything."""
    text = json.dumps(data, allow_nan=False, separators=(",", ":"))
    return text.replace("<", r"\u003c").replace(">", r"\u003e").replace("&", r"\u0026")


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
