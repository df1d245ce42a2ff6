"""The gallery of surfaces: their pictures in groups, one search over all that is said of them, and formulas."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import streamlit as st

from app import work
from app.ask import formula
from app.ask.controls import say
from app.ask.formula import OWN, OWN_TITLE
from app.ask.lesson import on_surface
from app.components import component
from app.language import dialog
from app.session import value_of
from app.state import Desk, browser_theme
from landscape.experiment import Experiment
from landscape.language import ENGLISH, mark, speaking, tr, translated
from landscape.render.files import text_of
from landscape.render.thumbnail import thumbnail
from landscape.scenes.ground import stamp
from landscape.surfaces import GROUPS, SURFACES
from landscape.surfaces import groups as groups_of_surfaces
from landscape.surfaces.base import Surface

SIDE = 80
"""Pixels of a picture's side."""

MOST_RECENT = 6
_RECENT = "gallery.recent"

_mount = component("gallery", css=text_of("app", "gallery.css"))


def picture(surface: Surface, theme: str) -> str:
    """Return the picture of a surface as an address that holds it."""
    return "data:image/png;base64," + base64.b64encode(thumbnail(stamp(surface, SIDE), SIDE, theme)).decode("ascii")


def pictures(theme: str) -> Mapping[str, str]:
    """Return the pictures of all surfaces by name, drawn once for everybody."""
    names = tuple(SURFACES)
    return work.result(("gallery", theme, names), lambda: {name: picture(SURFACES[name], theme) for name in names})


def remember(surface: Surface) -> None:
    """Put a surface, declared or typed, first among those that this session used lately."""
    used: list[Surface] = st.session_state.setdefault(_RECENT, [])
    used[:] = [surface, *(one for one in used if _key(one) != _key(surface))][:MOST_RECENT]


def _key(surface: Surface) -> str:
    return surface.name if surface.name in SURFACES else f"{OWN}:{surface.recipe()}"


def _recent(n_dims: tuple[int, ...]) -> list[Surface]:
    """Return what this session used lately, of so many dimensions or, where none is named, of any."""
    return [one for one in st.session_state.get(_RECENT, ()) if not n_dims or one.n_dims in n_dims]


def found_by(one: Surface) -> list[str]:
    """Return what a surface is found by: its name, its formula and all that is said of it, in English too."""
    found = [one.name.replace("_", " "), getattr(one, "expression", ""), *_said(one)]
    with speaking(ENGLISH):
        found += _said(one)
    return [*dict.fromkeys(found)]


def _said(one: Surface) -> list[str]:
    info = one.info
    dims = tr("1-D one dimension") if one.n_dims == 1 else tr("2-D two dimensions")
    of_lesson = [info.lesson.question, info.lesson.words] if info.lesson else []
    return [info.title, info.teaches, info.reference, *of_lesson, dims, translated(GROUPS.get(info.group, info.group))]


def _groups(n_dims: tuple[int, ...], theme: str) -> list[dict[str, Any]]:
    """Return the groups with what is said of each surface, those used lately first."""
    drawn = pictures(theme)

    def item(one: Surface, title: str) -> dict[str, Any]:
        key = _key(one)
        image = drawn.get(key) or work.result(("gallery", theme, key), lambda: picture(one, theme))
        return {"key": key, "title": title, "says": one.info.teaches, "also": " ".join(found_by(one)), "picture": image}

    fit = [one for one in SURFACES.values() if one.n_dims in n_dims]
    groups = [
        (tr("Used lately"), [item(one, one.title) for one in _recent(n_dims)]),
        *(
            (title, [item(one, one.title) for one in fit if one.info.group == group])
            for group, title in groups_of_surfaces().items()
        ),
        (tr("Your own"), [item(formula.first_formula(), tr(OWN_TITLE))]),
    ]
    return [{"title": title, "items": items} for title, items in groups if items]


def offer(desk: Desk[Experiment], n_dims: tuple[int, ...]) -> None:
    """Offer to open the gallery of the surfaces of so many dimensions."""
    if st.button(tr("All surfaces"), key=desk.key("gallery"), icon=":material/grid_view:", width="stretch"):
        st.session_state.pop(desk.key("gallery.done"), None)
        dialog(mark("Surfaces"), _open, width="large")(desk, n_dims)


def _open(desk: Desk[Experiment], n_dims: tuple[int, ...]) -> None:
    if st.session_state.pop(desk.key("gallery.done"), False):
        st.rerun()  # closes it
    key = desk.key("gallery.cards")
    with st.spinner(tr("Drawing the surfaces"), show_time=True):
        groups = _groups(n_dims, browser_theme())
    data = {
        "groups": groups,
        "chosen": _key(desk.recipe.surface),
        "placeholder": tr("Search by name or by what it teaches, or type a formula"),
        "typed": tr("Use “{formula}” as a formula"),
        "nothing": tr("Nothing is called so, or teaches that."),
    }
    _mount(key=key, data=data, on_chosen_change=lambda: _choose(desk, value_of(key).chosen))
    say(desk, OWN)


def _choose(desk: Desk[Experiment], chosen: Any) -> None:
    told = chosen if isinstance(chosen, dict) else {}
    known = {_key(one): one for one in (formula.first_formula(), *SURFACES.values(), *_recent(()))}
    if isinstance(told.get(OWN), str):
        done = formula.put(desk, told[OWN])
        if done:
            remember(desk.recipe.surface)
    else:
        done = told.get("key") in known and choose(desk, known[told["key"]])
    st.session_state[desk.key("gallery.done")] = done


def choose(desk: Desk[Experiment], surface: Surface) -> bool:
    """Open a surface on its lesson; tell whether that was possible."""
    opened = desk.open("surface", lambda experiment: on_surface(experiment, surface))
    if opened:
        desk.forget(OWN, "domain")
        remember(desk.recipe.surface)
    return opened
