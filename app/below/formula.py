"""The tab Formula: f, its gradient and its Hessian, what the surface teaches, and its critical points."""

from __future__ import annotations

import streamlit as st

from app.page import Shown
from app.text import number, plain, point
from landscape.curvature.critical import declared_points
from landscape.experiment import Experiment
from landscape.language import tr
from landscape.scenes.marks import KINDS
from landscape.surfaces.formula import Formula


def of_many(shown: Shown[Experiment]) -> None:
    """Show f in any number of dimensions, and what the surface teaches."""
    surface = shown.desk.recipe.surface
    st.latex(surface.latex())
    st.markdown(plain(surface.info.teaches, 1000))


def show(shown: Shown[Experiment]) -> None:
    """Show f, its gradient and its Hessian, what the surface teaches, and its critical points."""
    surface = shown.desk.recipe.surface
    arguments = ", ".join(surface.variables)
    st.latex(rf"f({arguments}) = {surface.latex()}")
    if isinstance(surface, Formula):
        left, right = st.columns(2)
        left.latex(rf"\nabla f = {surface.gradient_latex()}")
        right.latex(rf"\nabla^2 f = {surface.hessian_latex()}")
    st.markdown(plain(surface.info.teaches, 1000))
    if not surface.info.smooth:
        st.caption(tr("This surface is not smooth everywhere: derivatives are those beside the kinks."))
    if surface.info.reference:
        st.caption(plain(tr("Source: {reference}", reference=surface.info.reference), 1000))
    if declared_points(surface):
        st.dataframe(
            [
                {
                    tr("critical point"): point(tuple(critical.x.tolist())),
                    tr("kind"): tr(KINDS[critical.kind]),
                    tr("loss"): number(critical.value, 6),
                    tr("Hessian eigenvalues"): ", ".join(number(e) for e in critical.eigenvalues),
                }
                for critical in declared_points(surface)
            ],
            hide_index=True,
            width="stretch",
        )
