"""Files that are text: captions, the recipe, the script."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from landscape.language import ENGLISH, speaking, tr
from landscape.picture.scene import Field, MovingPoints, Picture
from landscape.picture.steps import PathName, Steps, in_numbers
from landscape.recipe import script
from landscape.render.words.caption import caption_of, recipe_json
from landscape.words import clean

if TYPE_CHECKING:
    from landscape.experiment import Experiment

DESCENT = ("map", "relief", "curve", "loss", "gradient_norm")
"""The panels of ``scenes.descent``, the picture that a script makes."""


def write_txt(scene: Picture, path: Path, *, address: str = "") -> Sequence[str]:
    """Write the caption as plain text."""
    return _write(path, caption_of(scene, address).text() + "\n")


def write_tex(
    scene: Picture,
    path: Path,
    *,
    file: str = "figure.pdf",
    step: Steps = None,
    arithmetic: PathName = "",
    address: str = "",
) -> Sequence[str]:
    """Write a LaTeX figure that includes ``file`` with the caption, and under it the step of a path in numbers."""
    told = in_numbers(scene, arithmetic, step)
    needed = tr("It needs {package}.", package=r"\usepackage{amsmath}")
    under = "" if told is None else f"\n% {clean(told.head)}\n% {needed}\n{told.latex}\n"
    return _write(path, caption_of(scene, address).latex(file) + under)


def write_md(scene: Picture, path: Path, *, file: str = "figure.png", address: str = "") -> Sequence[str]:
    """Write Markdown that shows ``file`` with the caption."""
    return _write(path, caption_of(scene, address).markdown(file))


def write_json(scene: Picture, path: Path, *, address: str = "") -> Sequence[str]:
    """Write the recipe as JSON, as ``Experiment.from_json`` reads it; raise ``ValueError`` where there is none."""
    if not scene.recipe:
        raise ValueError(tr("this scene has no recipe: what it shows was not made by one"))
    return _write(path, recipe_json(scene))


def script_of(scene: Picture) -> str:
    """Return a Python script that makes the scene again; raise ``ValueError`` where its recipe is no experiment's.

    Other pictures of an experiment than the descent get the script of its run, which says so.
    """
    from landscape.experiment import Experiment

    try:
        experiment = Experiment.from_recipe(scene.recipe)
    except (TypeError, ValueError) as error:
        raise ValueError(tr("this scene has no recipe that a script could follow: {why}", why=error)) from error
    with speaking(ENGLISH):
        return _script(scene, experiment)


def _script(scene: Picture, experiment: Experiment) -> str:
    layers = [layer for panel in scene.panels for layer in panel.layers]
    if any(isinstance(layer, MovingPoints) for layer in layers):
        return script.swarm(scene.recipe, experiment.surface.title)
    relief = any(panel.key == "relief" for panel in scene.panels)
    fields = [layer for layer in layers if isinstance(layer, Field)]
    log_color = all(field.color_ticks for field in fields)
    written = experiment.to_script(relief=relief, log_color=log_color, dashed=scene.dashed)
    if all(panel.key in DESCENT for panel in scene.panels):
        return written
    return f"# The run behind the picture; the figure here is that of its descent.\n{written}"


def has_script(scene: Picture) -> bool:
    """Tell whether there is a script that makes the scene again; see ``script_of``."""
    try:
        script_of(scene)
    except ValueError:
        return False
    return True


def write_script(scene: Picture, path: Path, *, address: str = "") -> Sequence[str]:
    """Write a Python script that makes the scene again."""
    return _write(path, script_of(scene))


def _write(path: Path, text: str) -> Sequence[str]:
    # The same bytes on every system.
    path.write_text(text, encoding="utf-8", newline="\n")
    return []
