"""One saddle through many planes, as small maps."""

from __future__ import annotations

import numpy as np

from landscape.analysis.slices_study import N_RANDOM, SlicesStudy
from landscape.language import mark, tr
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
        is_random = k < N_RANDOM
        title = tr("Random plane {k}", k=k + 1) if is_random else tr("Extreme eigenvectors")
        label = tr("the saddle, random plane {k}", k=k + 1) if is_random else tr("the saddle, extreme eigenvectors")
        marker = Points(np.zeros(1), np.zeros(1), "saddle", (label,))
        layers = (field, marker)
        edges = (float(at[0]), float(at[-1]))
        ways = (mark("smallest eigenvalue"), mark("largest eigenvalue"))
        x, y = (
            Axis(tr("direction {k}", k=d + 1), range=edges, name=f"direction {d + 1}")
            if is_random
            else Axis.of(way, range=edges)
            for d, way in enumerate(ways)
        )
        panels.append(Panel(f"slice{k}", title, x, y, layers))
    keys = [panel.key for panel in panels]
    return Scene(
        title=tr(
            "One saddle of {surface} in {n_dims:,} dimensions, six slices", surface=surface.title, n_dims=surface.n_dims
        ),
        panels=tuple(panels),
        tracks=(),
        n_steps=0,
        columns=tuple((keys[k], keys[k + 3]) for k in range(3)),
        widths=(1.0, 1.0, 1.0),
        caption=tr("{surface}, seed {seed}", surface=surface.title, seed=study.seed),
        notes=(_words(study),),
    )


def _words(study: SlicesStudy) -> str:
    words = tr(
        "Of {planes} random planes through this saddle {share:.1%} show a minimum; of as many random lines "
        "{share_of_lines:.1%}.",
        planes=study.n_planes,
        share=study.planes,
        share_of_lines=study.lines,
    )
    if study.exact is None:
        exact = tr("A closed form is known for two eigenvalues of equal size; these are others.")
    else:
        line, plane = (tr("above 99.999%") if p > 0.99999 else f"{p:.3%}" for p in study.exact[:2])
        exact = tr("The exact probabilities: {plane} and {line}.", plane=plane, line=line)
    return f"{words} {exact}"
