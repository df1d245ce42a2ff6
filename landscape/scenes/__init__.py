"""What pictures show, with no renderer in them: the types of a scene, and one builder a file."""

from landscape.picture.scene import (
    Axis,
    Field,
    Line,
    MovingField,
    MovingLine,
    Panel,
    Path,
    Points,
    Samples,
    Spans,
    Tangent,
    Track,
)
from landscape.scene import Scene
from landscape.scenes.descent import descent_scene

__all__ = [
    "Axis",
    "Field",
    "Line",
    "MovingField",
    "MovingLine",
    "Panel",
    "Path",
    "Points",
    "Samples",
    "Scene",
    "Spans",
    "Tangent",
    "Track",
    "descent_scene",
]
