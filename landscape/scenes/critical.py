"""Over the map: critical points that were found, which way they curve, what leads into saddles and out of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from landscape.analysis.critical_points import CriticalPoints, eigenvectors
from landscape.analysis.manifolds import ALLOWED, Branch, manifolds
from landscape.analysis.plateaus import ground
from landscape.language import tr
from landscape.picture.scene import CRITICAL, Array, Field, Layer, Line, Points
from landscape.scene import Scene
from landscape.scenes.ground import LIFT
from landscape.scenes.marks import KINDS, critical_marks
from landscape.surfaces.base import Surface
from landscape.surfaces.counted import Counted

GroundColor = Literal["gradient", "curvature"]

MOST_ARROWS = 60
"""Critical points that get arrows; of more, none does."""

MOST_SADDLES = 24
"""Saddles whose manifolds are followed; of more, none is."""

LONGEST_ARROW = 0.05
"""Half the length of the longest arrow, as a share of the domain's diagonal."""


def all_manifolds(surface: Surface, found: CriticalPoints) -> tuple[Branch, ...]:
    """Return the branches of all saddles that were found; none where there are more than ``MOST_SADDLES``."""
    saddles = found.of_kind("saddle")
    if len(saddles) > MOST_SADDLES:
        return ()
    counted, branches = Counted(surface, ALLOWED), list[Branch]()
    for number, saddle in enumerate(saddles):
        with counted.within(1 / (len(saddles) - number)):
            branches += manifolds(counted, saddle)
    return tuple(branches)


def curvature_arrows(surface: Surface, found: CriticalPoints) -> tuple[Line, ...]:
    """Return a double arrow for each eigenvector of each point: pointing out where f falls, in where it rises.

    The length goes with the root of the curvature's size over the largest one, so that weak directions can be seen. On
    a tip, where the Hessian is not finite, there is none.
    """
    if len(found) > MOST_ARROWS:
        return ()
    with_spectrum = [point for point in found if np.isfinite(point.eigenvalues).all()]
    spectra = [eigenvectors(surface, point) for point in with_spectrum]
    largest = max((float(np.abs(values).max()) for values, _ in spectra), default=0.0)
    if largest == 0:
        return ()
    reach = LONGEST_ARROW * surface.domain.diagonal
    pieces = [
        _arrow(point.x, np.sqrt(abs(value) / largest) * reach * vector, outwards=value < 0)
        for point, (values, vectors) in zip(with_spectrum, spectra, strict=True)
        for value, vector in zip(values, vectors, strict=True)
    ]
    # One line with gaps: a glyph each would be as many layers.
    x, y = np.concatenate(pieces).T
    return (Line(x, y, label=tr("eigenvectors: arrows out where the loss falls, in where it rises"), role="boundary"),)


def _arrow(middle: Array, half: Array, outwards: bool) -> Array:
    """Return the strokes (K, 2) of a double arrow through ``middle``, a row of NaN after each."""
    gap = np.full((1, 2), np.nan)
    strokes = [np.array([middle - half, middle + half]), gap]
    across = np.array([-half[1], half[0]])
    for side in (1.0, -1.0):
        tip, back = (1.0, 0.72) if outwards else (0.72, 1.0)
        wings = [middle + side * (back * half + w * 0.14 * across) for w in (1.0, -1.0)]
        strokes += [np.array([wings[0], middle + side * tip * half, wings[1]]), gap]
    return np.concatenate(strokes)


def colored(field: Field, surface: Surface, color: GroundColor) -> Field:
    """Return the field of a map with colours for steepness or for the smallest curvature instead of for the loss."""
    made = ground(surface, (len(field.x), len(field.y)))
    if color == "gradient":
        steep = np.where(np.isfinite(made.log_gradient), made.log_gradient, np.nan)
        return replace(field, color=steep, color_label=tr("log10 of gradient norm"), color_ticks=())
    # A signed root: curvatures of both signs stay apart though they span orders of magnitude, and zero stays zero.
    root = np.sign(made.lowest_curvature) * np.sqrt(np.abs(made.lowest_curvature))
    return replace(
        field, color=root, color_label=tr("signed root of smallest curvature"), color_ticks=(), palette="diverging"
    )


def over_map(
    scene: Scene,
    surface: Surface,
    *,
    found: CriticalPoints | None = None,
    branches: Sequence[Branch] = (),
    color: GroundColor | None = None,
) -> Scene:
    """Return a descent scene with more on its map: the critical points ``found``, ``branches``, another ``color``.

    On a relief they lie on the surface, without arrows: these would pierce it. A scene with neither comes back as it
    is. What was left out for being too much is said in a note.
    """
    panel = next((panel for panel in scene.panels if panel.key in ("map", "relief")), None)
    if panel is None:
        return scene
    flat = panel.key == "map"
    under: list[Layer] = []
    above: list[Layer] = []
    for layer in panel.layers:
        if isinstance(layer, Field):
            under.append(layer if color is None else colored(layer, surface, color))
        elif isinstance(layer, Points) and layer.kind in CRITICAL and found is not None:
            above += _not_among(layer, found, surface)
        else:
            above.append(layer)
    notes = list(scene.notes)
    if found is not None:
        for branch in branches:
            # One text for all of a kind, so that the key names each kind once.
            stable = branch.kind == "stable"
            label = tr("stable manifold: into a saddle") if stable else tr("unstable manifold: out of a saddle")
            under.append(Line(branch.points[:, 0], branch.points[:, 1], label, f"manifold_{branch.kind}"))
        arrows = curvature_arrows(surface, found) if flat else ()
        under += [
            Line(
                line[:, 0],
                line[:, 1],
                tr("a line of critical points, by samples: {kind}", kind=tr(KINDS[kind])),
                "boundary",
            )
            for line, kind in zip(found.lines, found.line_kinds, strict=True)
        ]
        under += [*arrows, *critical_marks(surface, found)]
        counted = ", ".join(tr("{n} {kind}", n=n, kind=tr(KINDS[kind])) for kind, n in found.counts.items())
        notes.append(
            tr(
                "Critical points found, by kind: {counted}. {statement}.",
                counted=counted or tr("none"),
                statement=found.statement[:1].upper() + found.statement[1:],
            )
        )
        if arrows:
            notes.append(
                tr("Arrows are eigenvectors: out where the loss falls, in where it rises, by root of curvature.")
            )
        if branches:
            notes.append(
                tr("Dashed: stable manifolds, which lead into saddles. Dotted: unstable ones, which lead out.")
            )
        if any(branch.is_cut_short for branch in branches):
            notes.append(tr("Manifolds that wind through narrow valleys are not followed to their ends."))
        if flat and len(found) > MOST_ARROWS:
            notes.append(tr("No arrows are drawn for more than {most} points.", most=MOST_ARROWS))
        if len(found.of_kind("saddle")) > MOST_SADDLES:
            notes.append(tr("No manifolds are followed for more than {most} saddles.", most=MOST_SADDLES))
    if not flat:
        under = _on_the_ground(under)
    changed = replace(panel, layers=(*under, *above))
    return replace(scene, panels=tuple(changed if p is panel else p for p in scene.panels), notes=tuple(notes))


def _not_among(declared: Points, found: CriticalPoints, surface: Surface) -> list[Points]:
    """Return the declared points that were not found: at a kink or a cusp nothing can be certified."""
    places = np.array([point.x for point in found]).reshape(-1, 2)
    gaps = np.linalg.norm(places[None] - np.stack([declared.x, declared.y], axis=-1)[:, None], axis=-1)
    missing = np.min(gaps, axis=1, initial=np.inf) > 1e-3 * surface.domain.diagonal
    if not missing.any():
        return []
    labels = tuple(
        tr("{point} (declared, not certified)", point=label)
        for label, m in zip(declared.labels, missing, strict=True)
        if m
    )
    z = None if declared.z is None else declared.z[missing]
    return [replace(declared, x=declared.x[missing], y=declared.y[missing], z=z, labels=labels)]


def _on_the_ground(layers: Sequence[Layer]) -> list[Layer]:
    """Return the layers of a relief with lines and marks lifted onto it; what is outside it becomes a gap."""
    from scipy.interpolate import RegularGridInterpolator

    field = next(layer for layer in layers if isinstance(layer, Field))
    height = RegularGridInterpolator((field.y, field.x), field.z, bounds_error=False)
    lift = LIFT * float(np.nanmax(field.z) - np.nanmin(field.z))
    return [
        replace(layer, z=height(np.stack([layer.y, layer.x], axis=-1)) + lift)
        if isinstance(layer, Line | Points) and layer.z is None
        else layer
        for layer in layers
    ]
