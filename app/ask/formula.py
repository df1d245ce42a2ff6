"""A formula that somebody types, with the box in which it is drawn."""

from __future__ import annotations

import dataclasses
import json

import streamlit as st

from app import work
from app.ask.controls import box, say
from app.ask.lesson import on_surface
from app.state import Desk
from app.text import plain
from landscape.analysis.fitting import fitting, nearby_minima
from landscape.experiment import Experiment
from landscape.language import mark, tr
from landscape.parameter import Parameter
from landscape.surfaces import formula
from landscape.surfaces.base import Domain, Surface
from landscape.surfaces.formula import Formula
from landscape.surfaces.formula.build import understand

OWN = "formula"
OWN_TITLE = mark("Your own formula")
FIRST_FORMULA = "x^2 - y^2 + y^4/4"
FORMULA_HELP = mark(
    "In x and y, in one letter alone, or in a pair such as u and v, w0 and w1, θ and φ: + - * / ^ and brackets, "
    "numbers, π, e, |x|, and functions such as sin, exp, log, sqrt, tanh. Pasted signs (− · x²) and products such as "
    "3xy are understood."
)

Bench = Desk[Experiment]


def first_formula() -> Surface:
    """Return what stands in the box before somebody types a formula."""
    return formula(FIRST_FORMULA, domain=((-3, 3), (-3, 3)))


def _text_of(surface: Surface) -> str:
    return surface.expression if isinstance(surface, Formula) else FIRST_FORMULA


def own(desk: Bench) -> None:
    """Ask for a formula and its box."""
    surface = desk.recipe.surface
    key, accepted = desk.key("formula.text"), desk.key("formula.accepted")
    problem = desk.problems.get("formula")
    typed, understood = st.session_state.get(accepted, (None, None))
    text = _text_of(surface)
    if problem is None or problem.typed is None:
        shown = typed if understood == text and typed is not None else text
    else:
        shown = problem.typed

    st.text_input(
        "f",
        live="250ms",
        help=tr(FORMULA_HELP),
        max_chars=2000,
        **desk.asking(key, shown, lambda text: put(desk, text)),
    )
    say(desk, "formula")
    if problem is None and isinstance(surface, Formula) and _is_rewritten(surface):
        st.caption(tr("Understood as {formula}", formula=plain(surface.understood, 1000)))
    for axis, name in enumerate(surface.variables):
        left, right = st.columns(2, wrap=False)
        edges = (left, "lower", tr("{axis} from", axis=name)), (right, "upper", tr("{axis} to", axis=name))
        for column, side, label in edges:
            with column:
                _edge(desk, axis, side, label)
        say(desk, f"domain.{axis}.lower")
        say(desk, f"domain.{axis}.upper")
    _fit(desk)


def _fit(desk: Bench) -> None:
    """Offer a box that holds the minima nearby and the paths, where one of them lies outside."""
    surface = desk.recipe.surface
    try:
        minima = work.result(("nearby minima", json.dumps(surface.recipe())), lambda: nearby_minima(surface))
        box = fitting(work.run(desk.recipe), minima)
    except (ValueError, ArithmeticError):  # said in the picture's place
        return
    if box is not None:
        st.button(
            tr("Fit the picture"),
            key=desk.key("domain.fit"),
            icon=":material/fit_screen:",
            help=tr("A minimum or a path lies outside"),
            width="stretch",
            on_click=_widen,
            args=(desk, box),
        )


def put(desk: Bench, written: str) -> bool:
    """Put a typed formula on the desk, in the box that is there; tell whether it was understood."""
    done = desk.edit(OWN, lambda experiment: on_surface(experiment, _retyped(experiment, written)), written)
    if done:
        st.session_state[desk.key("formula.accepted")] = (written, _text_of(desk.recipe.surface))
        desk.forget("domain")
    return done


def _widen(desk: Bench, box: Domain) -> None:
    desk.edit("domain", lambda experiment: experiment.replace(surface=formula(_text_of(experiment.surface), box)))


def _is_rewritten(surface: Formula) -> bool:
    """Tell whether a formula was understood with signs that are not in what was typed."""
    spaces, typed = str.maketrans("", "", " "), surface.expression.replace("**", "^")
    return typed.translate(spaces) != surface.understood.translate(spaces)


def _retyped(experiment: Experiment, text: str) -> Surface:
    """Return the surface of a newly typed formula in the same box, as far as the box has its axes."""
    bounds = experiment.surface.domain.bounds
    n_dims = len(understand(text).variables)
    return formula(text, domain=(bounds * n_dims)[:n_dims])


def _edge(desk: Bench, axis: int, side: str, label: str) -> None:
    domain = desk.recipe.surface.domain

    def change(experiment: Experiment, value: float) -> Experiment:
        surface = experiment.surface
        edges = list(getattr(surface.domain, side))
        edges[axis] = value
        moved = dataclasses.replace(surface.domain, **{side: tuple(edges)})
        return experiment.replace(surface=formula(_text_of(surface), moved))

    box(desk, f"domain.{axis}.{side}", label, getattr(domain, side)[axis], change, check=_finite)


def _finite(text: str) -> float:
    return Parameter(mark("an edge of the picture"), 0, 0, 1).read(text)
