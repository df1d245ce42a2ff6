"""Widgets for the options of a format, read from the function that writes it: none is made for one format."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from app.session import made_with, value_of
from landscape.language import mark, tr
from landscape.picture.sizes import PAGES, SCREENS
from landscape.picture.steps import told_paths
from landscape.picture.themes import THEMES
from landscape.render import FORMATS
from landscape.render.film.video import RATES, SIZES
from landscape.scene import Scene

# What the page knows itself, and what makes no difference in a format.
_OURS = ("address", "file")
_IDLE = {("mp4", "loop")}

_TITLES = {
    "fps": mark("Frames a second"),
    "dpi": mark("Dots an inch"),
    "hold": mark("Hold the last frame, seconds"),
    "seconds": mark("Seconds"),
    "loop": mark("Repeat for ever"),
    "size": mark("Size"),
    "theme": mark("Theme"),
    "title": mark("Title"),
    "legend": mark("Legend"),
    "video_size": mark("Size of the film"),
    "gif_size": mark("Size of the GIF"),
    "transparent": mark("Transparent background"),
    "present": mark("Fill the window"),
    "pages": mark("At most so many pages"),
    "caption": mark("Recipe below the picture"),
    "step": mark("Playhead at step"),
    "arithmetic": mark("One step in numbers of"),
}
# Lowest, highest and step of the numbers that this page takes; scripts have more room.
_BOUNDS = {
    "dpi": (50.0, 600.0, 10.0),
    "seconds": (0.5, 60.0, 0.5),
    "fps": (5.0, 60.0, 1.0),
    "hold": (0.0, 10.0, 0.5),
    "pages": (2.0, 100.0, 1.0),
}
_WIDTH, _WIDE = 170, 260
_THEME_TITLES = {
    "light": mark("Light"),
    "dark": mark("Dark"),
    "projector": mark("Projector"),
    "print": mark("Print in grey"),
}


@dataclass(frozen=True)
class Option:
    """One option of a format: its name, which kind of widget it takes, and what it is unless chosen.

    ``alone`` is the format where its default is that format's own.
    """

    name: str
    kind: str
    default: Any
    alone: str = ""

    @property
    def title(self) -> str:
        """The label of its widget."""
        return tr(_TITLES.get(self.name, self.name.replace("_", " ").capitalize()))

    @property
    def place(self) -> str:
        """The key of the choice: formats that share an option and its default share what was chosen."""
        return f"{self.name}.{self.kind}{self.alone}"


def options_of(ending: str, scene: Scene) -> tuple[Option, ...]:
    """Return the options that a format takes for this scene, in the order of its own signature."""
    found = []
    spatial = any(panel.kind == "space" for panel in scene.panels)
    for p in inspect.signature(FORMATS[ending].write).parameters.values():
        if p.kind is not inspect.Parameter.KEYWORD_ONLY or p.name in _OURS or (ending, p.name) in _IDLE:
            continue
        kind = _kind(str(p.annotation))
        if (kind == "view" and not spatial) or (kind == "step" and scene.n_steps < 1):
            continue
        if kind == "path" and not told_paths(scene):
            continue
        alone = f".{ending}" if p.default is None and kind not in ("step", "view") else ""
        found.append(Option(p.name, kind, _default(ending, p.name, p.default, scene), alone))
    return tuple(found)


def _kind(annotation: str) -> str:
    """Return which widget an annotation asks for."""
    for word, kind in (
        ("ScreenSize", "screen"),
        ("PageSize", "page"),
        ("Theme", "theme"),
        ("Steps", "step"),
        ("PathName", "path"),
        ("View", "view"),
    ):
        if word in annotation:
            return kind
    return "switch" if annotation == "bool" else "number"


def _default(ending: str, name: str, default: Any, scene: Scene) -> Any:
    if default is None:
        view = next((panel.view for panel in scene.panels if panel.kind == "space"), None)
        return {"view": view, "size": SIZES.get(ending), "fps": RATES.get(ending), "step": scene.n_steps}[name]
    return default


def ask(
    options: tuple[Option, ...], chosen: dict[str, Any], key: Callable[[str], str], scene: Scene
) -> Mapping[str, Any]:
    """Show a widget for each option; return what is chosen. ``chosen`` keeps it when the widgets are gone."""
    values: dict[str, Any] = {}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        for option in options:
            if option.kind not in ("switch", "view"):
                values[option.name] = _ask(option, chosen, key(option.place), scene)
    with st.container(horizontal=True, gap="medium"):
        for option in options:
            if option.kind == "switch":
                values[option.name] = _ask(option, chosen, key(option.place), scene)
    for option in options:
        if option.kind == "view":
            values[option.name] = _view(option, chosen, key(option.place))
    return values


def _ask(option: Option, chosen: dict[str, Any], key: str, scene: Scene) -> Any:
    value = chosen.get(option.place, option.default)
    if option.kind == "step":
        value = min(value, scene.n_steps)
    elif option.kind == "number":
        value = float(value)
    elif option.kind == "path" and value not in told_paths(scene):
        value = option.default

    def choose() -> None:
        # What is at its default follows it: the last step of each run, the title switched on.
        chosen[option.place] = value_of(key)
        if chosen[option.place] == option.default:
            del chosen[option.place]

    if option.kind in ("switch", "step", "number"):
        kind = made_with(key, value) | {"on_change": choose}
        if option.kind == "switch":
            return st.toggle(option.title, **kind)
        if option.kind == "step":
            return st.number_input(option.title, 0, scene.n_steps, width=_WIDTH, **kind)
        low, high, step = _BOUNDS[option.name]
        return st.number_input(option.title, low, high, step=step, format="%g", width=_WIDTH, **kind)
    of_path = option.kind == "path"
    titles = {"": tr("no path"), **{path: path for path in told_paths(scene)}} if of_path else _titles(option.kind)
    return st.selectbox(
        option.title,
        list(titles),
        format_func=titles.__getitem__,
        on_change=choose,
        placeholder=option.title,
        width=_WIDE if of_path else _WIDTH,
        **made_with(key, value, index=[*titles].index(value)),
    )


def _view(option: Option, chosen: dict[str, Any], key: str) -> tuple[float, float]:
    """Show two sliders for the direction from which a relief is seen."""
    angles = chosen.get(option.place, option.default)
    up, turned = f"{key}.up", f"{key}.turned"

    def choose() -> None:
        chosen[option.place] = (float(value_of(up)), float(value_of(turned)))

    with st.container(horizontal=True, gap="medium"):
        kind: dict[str, Any] = {"step": 5.0, "format": "%d°", "on_change": choose, "width": 260}
        st.slider(tr("Seen from above by"), 0.0, 90.0, **made_with(up, angles[0]), **kind)
        st.slider(tr("Turned by"), -180.0, 180.0, **made_with(turned, angles[1]), **kind)
    view: tuple[float, float] = chosen.get(option.place, option.default)
    return view


def title_of_theme(name: str) -> str:
    """Return what a theme is called."""
    return tr(_THEME_TITLES.get(name, name.capitalize()))


def _titles(kind: str) -> dict[str, str]:
    if kind == "theme":
        return {name: title_of_theme(name) for name in THEMES}
    if kind == "page":
        return {name: size.title for name, size in PAGES.items()}
    return {name: f"{name}, {width} × {height}" for name, (width, height) in SCREENS.items()}
