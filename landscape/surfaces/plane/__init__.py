"""The gallery of one- and two-dimensional surfaces, grouped by what they teach."""

from __future__ import annotations

from landscape.language import mark
from landscape.surfaces.formula import Formula
from landscape.surfaces.plane.first_steps import FIRST_STEPS
from landscape.surfaces.plane.local_minima import LOCAL_MINIMA
from landscape.surfaces.plane.plateaus import PLATEAUS
from landscape.surfaces.plane.ravines import RAVINES
from landscape.surfaces.plane.saddles import SADDLES

GROUPS = {
    "first_steps": mark("First steps"),
    "ravines": mark("Ravines"),
    "local_minima": mark("Local minima"),
    "saddles": mark("Saddles"),
    "plateaus": mark("Plateaus"),
}
"""Groups of the gallery: key -> title as it is marked, in the order to show."""

GALLERY: dict[str, tuple[Formula, ...]] = {
    "first_steps": FIRST_STEPS,
    "ravines": RAVINES,
    "local_minima": LOCAL_MINIMA,
    "saddles": SADDLES,
    "plateaus": PLATEAUS,
}
"""The surfaces of each group, in the order to show."""
