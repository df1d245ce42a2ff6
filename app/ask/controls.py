"""Widgets made from ``Parameter`` fields, whatever carries them; none is made for one surface or one optimizer.

A number has a slider for the hand and a box for the exact value; a switch has a toggle. Every widget shows the desk
and edits it; what is refused is said right under the box.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, TypeVar

import streamlit as st

from app.state import Desk
from app.text import caret, plain
from landscape.language import tr
from landscape.parameter import BELOW_ONE, Parameter

R = TypeVar("R")
T = TypeVar("T")

BOX = 88
"""Width of a box for an exact value, in pixels."""

_PER_DECADE = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)
_SHARES = (*(k / 20 for k in range(18)), 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995, 0.9998, 0.9999)


def lasted(desk: Desk[Any], place: str, default: T) -> T:
    """Return what a widget showed last, even if its tab was closed meanwhile."""
    key = desk.key(place)
    if key in st.session_state:
        desk.lasting[place] = st.session_state[key]
    last: T = desk.lasting.get(place, default)
    return last


def lasting(desk: Desk[Any], place: str, default: object) -> dict[str, Any]:
    """Return what a widget is made with that shows what it showed last."""
    return desk.made_with(desk.key(place), lasted(desk, place, default))


@lru_cache(maxsize=4096)
def text_of(value: float) -> str:
    """Return a number as its box shows it: all its digits, no more."""
    if value == int(value) and abs(value) < 1e6:
        return str(int(value))
    return min(repr(value), f"{value:.17g}", key=len)


def stops(p: Parameter, value: float) -> list[float] | None:
    """Return the values that a stepped slider offers, ``value`` among them, or ``None`` where an even one serves.

    Logarithmic parameters get ten stops a decade; shares below one get closer together towards one.
    """
    if p.log:
        low = p.low if p.low > 0 else min(x for x in (p.high * 1e-6, abs(value) or math.inf) if x > 0)
        decades = range(math.floor(math.log10(low)), math.ceil(math.log10(p.high)) + 1)
        offered = {float(f"{m * 10.0**d:.3g}") for d in decades for m in _PER_DECADE}
        if p.integer:
            offered = {x for x in offered if x == int(x)}
    elif p.maximum == BELOW_ONE and p.high > 0.9:
        offered, low = set(_SHARES), p.low
    else:
        return None
    return sorted({x for x in offered if low <= x <= p.high} | {p.low, p.high, value})


def even_step(p: Parameter) -> float:
    """Return the step of an even slider: 1, 2 or 5 times a power of ten, a hundred steps or more in its range."""
    if p.integer:
        return 1
    width = (p.high - p.low) / 100
    decade = 10.0 ** math.floor(math.log10(width))
    return float(f"{max(m * decade for m in (1, 2, 5) if m * decade <= width * 1.0000001):.3g}")


def say(desk: Desk[Any], place: str) -> None:
    """Say what was refused at ``place``, with a caret under the fault where it has a place of its own."""
    problem = desk.problems.get(place)
    if problem is None:
        return
    with st.container(gap=None):
        st.error(plain(problem.sentence))
        if problem.position is not None and problem.typed is not None:
            st.code(caret(problem.typed, problem.position), language=None)


def box(
    desk: Desk[R],
    place: str,
    label: str,
    value: float,
    change: Callable[[R, float], R],
    *,
    check: Callable[[str], float] = float,
    label_visibility: Any = "visible",
    width: Any = "stretch",
) -> None:
    """Show a box for one number. ``check`` turns what was typed into the number or raises."""
    key = desk.key(f"{place}.box")
    problem = desk.problems.get(place)
    shown = text_of(value) if problem is None or problem.typed is None else problem.typed

    def typed(text: str) -> None:
        desk.edit(place, lambda recipe: change(recipe, check(text.replace("−", "-").strip())), text)

    asking = desk.asking(key, shown, typed)
    st.text_input(label, label_visibility=label_visibility, max_chars=40, width=width, **asking)


def number(
    desk: Desk[R],
    place: str,
    p: Parameter,
    value: float,
    change: Callable[[R, float], R],
    label: str | None = None,
    label_visibility: Any = "visible",
) -> None:
    """Show one parameter: a toggle, or a slider with a box for the exact value. Refusals are said underneath."""
    label = label or p.title
    if p.boolean:
        _toggle(desk, place, p, bool(value), change, label)
        return
    if p.integer:
        value = int(value)
    with st.container(horizontal=True, vertical_alignment="bottom", wrap=False):
        _slider(desk, place, p, value, change, label, label_visibility)
        exact = tr("{label}, exact value", label=label)
        box(desk, place, exact, value, change, check=p.read, label_visibility="collapsed", width=BOX)
    say(desk, place)


def slider_of(desk: Desk[Any], place: str) -> str:
    """Return the key of the slider of a number."""
    return desk.key(f"{place}.slider")


def _toggle(desk: Desk[R], place: str, p: Parameter, value: bool, change: Callable[[R, float], R], label: str) -> None:

    def switched(on: bool) -> None:
        desk.edit(place, lambda recipe: change(recipe, on))

    st.toggle(label, help=p.description or None, **desk.asking(desk.key(f"{place}.toggle"), value, switched))
    say(desk, place)


def _slider(
    desk: Desk[R],
    place: str,
    p: Parameter,
    value: float,
    change: Callable[[R, float], R],
    label: str,
    label_visibility: Any,
) -> None:
    options = stops(p, value)

    def moved(to: float) -> None:
        desk.edit(place, lambda recipe: change(recipe, p.check(to)))

    shared = desk.asking(slider_of(desk, place), value, moved)
    shared |= {"help": p.description or None, "label_visibility": label_visibility}
    if options is not None:
        st.select_slider(label, options, format_func=text_of, **shared)
    else:
        kind = int if p.integer else float
        low, high = kind(min(p.low, value)), kind(max(p.high, value))
        st.slider(label, low, high, step=kind(even_step(p)), format="%d" if p.integer else "%.6g", **shared)


def numbers(
    desk: Desk[R],
    place: str,
    parameters: Sequence[Parameter],
    values: Callable[[str], float],
    change: Callable[[R, str, float], R],
    *,
    of: str = "",
    label_visibility: Any = "visible",
) -> None:
    """Show all parameters of one thing: ``values(name)`` are their present values, ``change`` sets one of them.

    ``of`` names the thing where there are several with the same parameters.
    """
    for p in parameters:

        def set_one(recipe: R, value: float, name: str = p.name) -> R:
            return change(recipe, name, value)

        label = tr("{parameter} of {owner}", parameter=p.title, owner=plain(of)) if of else p.title
        number(desk, f"{place}.{p.name}", p, values(p.name), set_one, label, label_visibility)


def choice(
    desk: Desk[R],
    place: str,
    label: str,
    options: Sequence[str],
    value: str,
    titles: Callable[[str], str],
    change: Callable[[R, str], R],
    *,
    help: str | None = None,
    label_visibility: Any = "visible",
    edit: Callable[[str, Callable[[R], R]], bool] | None = None,
) -> None:
    """Show a drop-down list of which one is chosen; ``edit`` is the desk's own, unless another one is given."""

    def chosen(name: str) -> None:
        (edit or desk.edit)(place, lambda recipe: change(recipe, name))

    st.selectbox(
        label,
        list(options),
        format_func=titles,
        help=help,
        placeholder=label,
        label_visibility=label_visibility,
        **desk.asking(desk.key(f"{place}.choice"), value, chosen, index=[*options].index(value)),
    )
    say(desk, place)
