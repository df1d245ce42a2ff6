"""Which surface? One of the gallery with its settings, or a formula that somebody types."""

from __future__ import annotations

import dataclasses

import streamlit as st

from app.ask.controls import box, choice, numbers, say, show
from app.ask.lesson import on_surface
from app.state import Desk
from app.text import plain
from landscape.experiment import Experiment
from landscape.parameter import Parameter
from landscape.surfaces import GROUPS, SURFACES, formula
from landscape.surfaces.base import Surface
from landscape.surfaces.formula import Formula
from landscape.surfaces.formula.build import understand

OWN = "formula"
OWN_TITLE = "Your own formula"
FIRST_FORMULA = "x^2 - y^2 + y^4/4"
FORMULA_HELP = (
    "In x and y, in one letter alone, or in a pair such as u and v, w0 and w1, θ and φ: + - * / ^ and brackets, "
    "numbers, π, e, |x|, and functions such as sin, exp, log, sqrt, tanh. Pasted signs (− · x²) and products such as "
    "3xy are understood."
)

Bench = Desk[Experiment]


def title(surface: Surface) -> str:
    """Return the name under which a surface is offered."""
    return OWN_TITLE if surface.name == OWN else surface.title


def heading(desk: Bench) -> str:
    """Return the name of the surface, as Markdown."""
    return plain(desk.recipe.surface.title)


def teaches(desk: Bench) -> str:
    """Return what the surface teaches, as Markdown."""
    return plain(desk.recipe.surface.info.teaches, 1000)


def file_name(surface: Surface) -> str:
    """Return what files about a surface are called, without their endings."""
    return f"landscape-{surface.name.replace('_', '-')}"


def gallery(desk: Bench) -> None:
    """Ask for a surface of the gallery, by what it teaches, with its settings; or for a formula."""
    surface = desk.recipe.surface
    group = OWN if surface.name == OWN else surface.info.group
    titles = {one.info.group: one.info.group for one in SURFACES.values()} | GROUPS | {OWN: OWN_TITLE}
    choice(desk, "group", "To learn about", list(titles), group, titles.__getitem__, _first_of, edit=desk.open)
    if group == OWN:
        own(desk)
        return
    names = [name for name, one in SURFACES.items() if one.info.group == group]
    choice(
        desk,
        "surface",
        "Surface",
        names,
        surface.name,
        lambda name: SURFACES[name].title,
        lambda experiment, name: on_surface(experiment, SURFACES[name]),
        label_visibility="collapsed",
        edit=desk.open,
    )
    st.caption(plain(surface.info.teaches, 1000))
    settings(desk)


def of_the_plane(desk: Bench) -> None:
    """Ask for any surface of two dimensions with its settings, or for a formula."""
    surface = desk.recipe.surface
    choice(
        desk,
        "surface",
        "Surface",
        [*(name for name, one in SURFACES.items() if one.n_dims == 2), OWN],
        surface.name,
        lambda name: OWN_TITLE if name == OWN else SURFACES[name].title,
        lambda experiment, name: on_surface(experiment, first_formula() if name == OWN else SURFACES[name]),
        label_visibility="collapsed",
    )
    if surface.name == OWN:
        own(desk)
    else:
        settings(desk)


def settings(desk: Bench, place: str = "") -> None:
    """Ask for the numbers of the surface, at ``place`` or one of its own."""
    surface = desk.recipe.surface
    numbers(
        desk,
        place or f"surface.{surface.name}",
        surface.parameters,
        lambda name: surface.settings[name],
        lambda experiment, name, value: experiment.replace(surface=experiment.surface.with_settings(**{name: value})),
    )


def _first_of(experiment: Experiment, group: str) -> Experiment:
    if group == OWN:
        return on_surface(experiment, first_formula())
    return on_surface(experiment, next(one for one in SURFACES.values() if one.info.group == group))


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
        show(key, typed if understood == text and typed is not None else text)
    else:
        show(key, problem.typed)

    def changed() -> None:
        written = st.session_state[key]
        if desk.edit("formula", lambda experiment: on_surface(experiment, _retyped(experiment, written)), written):
            st.session_state[accepted] = (written, _text_of(desk.recipe.surface))
            desk.forget("domain")

    st.text_input("f", key=key, live="250ms", on_change=changed, help=FORMULA_HELP, max_chars=2000)
    say(desk, "formula")
    if problem is None and isinstance(surface, Formula) and _is_rewritten(surface):
        st.caption(f"Understood as {plain(surface.understood, 1000)}")
    for axis, name in enumerate(surface.variables):
        left, right = st.columns(2, wrap=False)
        for column, side, label in ((left, "lower", f"{name} from"), (right, "upper", "to")):
            with column:
                _edge(desk, axis, side, label)
        say(desk, f"domain.{axis}.lower")
        say(desk, f"domain.{axis}.upper")


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
    return Parameter("an edge of the picture", 0, 0, 0).read(text)
