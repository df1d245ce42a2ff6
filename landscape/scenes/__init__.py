"""What pictures show, with no renderer in them: the types of a scene, and one builder a file."""

from landscape.scenes.base import (
    Axis,
    Field,
    Line,
    Panel,
    Path,
    Points,
    Scene,
    Spans,
    Tangent,
    Track,
)
from landscape.scenes.descent import descent_scene

__all__ = [
    "Axis",
    "Field",
    "Line",
    "Panel",
    "Path",
    "Points",
    "Scene",
    "Spans",
    "Tangent",
    "Track",
    "descent_scene",
]
