"""The playhead of a picture that stands still, and what is told of a path there."""

from __future__ import annotations

from landscape.errors import lookup
from landscape.language import tr
from landscape.picture.scene import InNumbers, Picture

Steps = int | None
"""A step of a picture; ``None`` is the last one."""

PathName = str
"""The label of a path; nothing is none."""


def step_of(scene: Picture, step: Steps) -> int:
    """Return ``step`` as a step of the scene; raise ``ValueError`` where there is none such."""
    if step is None:
        return scene.n_steps
    if isinstance(step, bool) or not isinstance(step, int) or not 0 <= step <= scene.n_steps:
        raise ValueError(
            tr("step must be a whole number from 0 to {last}, not {step!r}", last=scene.n_steps, step=step)
        )
    return step


def told_paths(scene: Picture) -> tuple[str, ...]:
    """Return the labels of the paths whose steps can be told in numbers."""
    return tuple(track.label for track in scene.tracks if track.id in scene.in_numbers)


def in_numbers(scene: Picture, path: PathName, step: Steps = None) -> InNumbers | None:
    """Return the step of a path that begins at ``step`` in numbers; ``None`` without a path.

    Raises ``UnknownName`` for a path that is not there or whose steps are not told.
    """
    if not path:
        return None
    ids = {track.label: track.id for track in scene.tracks if track.id in scene.in_numbers}
    return scene.in_numbers[lookup(ids, path, tr("path"))](step_of(scene, step))
