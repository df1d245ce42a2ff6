"""What the loss of a small network is like, with and without batch normalization, seen in one of several ways."""

from __future__ import annotations

from landscape.figures.base import Figure, Keep, Views
from landscape.language import language
from landscape.recipe.cost import of_seconds
from landscape.scene import Scene
from landscape.scenes.network_views import VIEWS, Study


def draw(study: Study, views: Views, keep: Keep) -> Scene:
    """Return one view of a study; what several views look at is computed once."""
    name = views["view"]
    view = VIEWS[name]
    if view.of_its_own:
        # As far as the view depends on it, so that the same picture is not computed twice. It holds sentences.
        return keep(
            ("networks", name, study.seed, language()), lambda: view.scene(Study(seed=study.seed)), of_seconds(4.0)
        )
    return view.scene(study, lambda: keep(("networks", study), study.train, study.demand))


FIGURE = Figure("networks", draw, Study, {"view": (*VIEWS,)})
