"""Surfaces that are formulas: declared ones of the gallery, and those that somebody types."""

from landscape.surfaces.formula.surface import Formula, declare, formula

__all__ = ["Formula", "declare", "formula"]
