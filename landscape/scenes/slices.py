"""One saddle through many planes, as small maps."""

from __future__ import annotations

import numpy as np

from landscape.analysis.slices_study import N_RANDOM, SlicesStudy
from landscape.picture.scene import Axis, Panel, Points
from landscape.scene import Scene
from landscape.scenes.scales import fields_to_compare


def slices_scene(study: SlicesStudy) -> Scene:
    """Return small maps of the saddle: the random planes and the one of its extreme eigenvectors.

    The notes hold the share of random planes that show a minimum beside the probability, where that is known.
    """
    surface, at = study.surface, study.at
    fields = fields_to_compare(at, at, list(study.losses), log=False)
    panels = []
    for k, field in enumerate(fields):
        title = f"Random plane {k + 1}" if k < N_RANDOM else "Extreme eigenvectors"
        labels = ("direction 1", "direction 2") if k < N_RANDOM else ("smallest eigenvalue", "largest eigenvalue")
        marker = Points(np.zeros(1), np.zeros(1), "saddle", (f"the saddle, {title.lower()}",))
        layers = (field, marker)
        edges = (float(at[0]), float(at[-1]))
        panels.append(Panel(f"slice{k}", title, Axis(labels[0], range=edges), Axis(labels[1], range=edges), layers))
    keys = [panel.key for panel in panels]
    return Scene(
        title=f"One saddle of {surface.title} in {surface.n_dims:,} dimensions, six slices",
        panels=tuple(panels),
        tracks=(),
        n_steps=0,
        columns=tuple((keys[k], keys[k + 3]) for k in range(3)),
        widths=(1.0, 1.0, 1.0),
        caption=f"{surface.title}, seed {study.seed}",
        notes=(_words(study),),
    )


def _words(study: SlicesStudy) -> str:
    words = (
        f"Of {study.n_planes} random planes through this saddle {study.planes:.1%} show a minimum; "
        f"of as many random lines {study.lines:.1%}."
    )
    if study.exact is None:
        return words + " A closed form is known for two eigenvalues of equal size; these are others."
    plane, line = ("above 99.999%" if p > 0.99999 else f"{p:.3%}" for p in (study.exact[1], study.exact[0]))
    return words + f" The exact probabilities: {plane} and {line}."
