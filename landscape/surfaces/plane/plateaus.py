"""Plateaus: a gradient near zero for a long time."""

from __future__ import annotations

from landscape.surfaces.formula import Formula

PLATEAUS: tuple[Formula, ...] = ()
