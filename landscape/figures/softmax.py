"""Regions and boundaries of softmax regression over two features while it is trained."""

from __future__ import annotations

from landscape.experiment import Experiment
from landscape.figures.base import Figure, Keep, Views, run
from landscape.language import tr
from landscape.scene import Scene
from landscape.scenes.softmax import softmax_scene
from landscape.surfaces.networks import Softmax
from landscape.surfaces.networks.tables.cells import MAX_COLUMNS

AXES = ("across", "up")
COLUMNS = tuple(map(str, range(MAX_COLUMNS)))


def model_of(experiment: Experiment) -> Softmax:
    """Return the softmax regression that is trained; raise ``TypeError`` where something else is."""
    if not isinstance(experiment.surface, Softmax):
        raise TypeError(
            tr("this picture is one of softmax regression, not of {surface}", surface=experiment.surface.title)
        )
    return experiment.surface


def features(experiment: Experiment, views: Views) -> tuple[int, int]:
    """Return the two features that are drawn: those that were chosen, where these data have them."""
    last = model_of(experiment).data.n_features - 1
    across, up = (min(int(views[name]), last) for name in AXES)
    return across, up if up != across else int(across == 0)


def which(experiment: Experiment, views: Views) -> int:
    """Return the number of the optimizer whose regions are shown."""
    return min(int(views["shown"]), len(experiment.optimizers) - 1)


def draw(experiment: Experiment, views: Views, keep: Keep) -> Scene:
    """Return the regions of one optimizer over two features, and the loss of all."""
    drawn = features(experiment, views)
    return softmax_scene(run(experiment, keep), shown=(which(experiment, views), 0), features=drawn)


FIGURE = Figure(
    "softmax",
    draw,
    Experiment,
    {"shown": COLUMNS[:8], "across": COLUMNS, "up": ("1", "0", *COLUMNS[2:])},
)
