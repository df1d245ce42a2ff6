"""Run by each kernel as it starts: a scene is shown as its payload, which ``players.js`` plays."""

from typing import Any

from IPython import get_ipython

from landscape.recording import Recording
from landscape.render.player.in_notebook import themed_payload
from landscape.scene import Scene
from landscape.site.pages import data


def of_scene(scene: Scene, include: object = None, exclude: object = None) -> dict[str, Any]:
    """Return what a page holds of a scene."""
    return {
        "text/html": '<div class="ls-scene"><noscript>This picture needs JavaScript.</noscript></div>'
        f'<script type="application/json">{data(themed_payload(scene))}</script>'
    }


def of_recording(recording: Recording, include: object = None, exclude: object = None) -> dict[str, Any]:
    """Return what a page holds of a recorded run: its scene."""
    return of_scene(recording.scene())


bundles = get_ipython().display_formatter.mimebundle_formatter
bundles.for_type(Scene, of_scene)
bundles.for_type(Recording, of_recording)
