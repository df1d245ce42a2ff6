"""What the player needs to show a scene, as JSON data; and the player itself, as text."""

from __future__ import annotations

import base64
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.language import of_scripts, tr
from landscape.picture.axes import called
from landscape.picture.colors import mixed
from landscape.picture.glyphs import class_colors, glyph
from landscape.picture.key import MOST_ROWS, PALE, has_ground, leaders, notes_of, ring, sign_data, signs_of, thinness
from landscape.picture.numbers import typeset
from landscape.picture.scene import Path, Picture, Tangent
from landscape.picture.sharing import GAP
from landscape.picture.themes import Theme, theme_of
from landscape.render.files import text_of
from landscape.render.screen.figure import figure
from landscape.render.screen.layout import aspect, has_bar, seats
from landscape.render.screen.pen import Columns, Pen, compact

HERE = "landscape.render.player"
# Read in this order they are one script, of which others see the PUBLIC names alone.
SCRIPTS = tuple(
    f"{part}.js"
    for part in (
        *("speaker", "data", "above", "layout", "pens", "plane", "space", "ground", "stage", "controls", "events"),
        *("picture", "spoken", "live", "follow", "drag", "knobs", "lens", "arithmetic", "player", "sized", "embed"),
    )
)
PUBLIC = "{ mountPlayer, mountSized, mountEmbedded, speaker }"
MORE = {
    "swarm": ("swarm.js", "cloud.js"),
    "map": ("domain.js", "glsl.js", "ends.js", "reached.js", "basins.js"),
    "grid": ("domain.js", "grid.js"),
}
"""What pictures need beside them, by what is ``live`` in them (``landscape.live``: ``swarm``, ``maps``, ``rates``)."""


def player_payload(scene: Picture, theme: str | Theme = "light") -> dict[str, Any]:
    """Return the scene as plain JSON data for ``mountPlayer`` in player.js.

    ``figure`` is the Plotly figure; each of its arrays stands once in ``arrays``, as base64 of its bytes, and is
    named by ``{"$": index}`` wherever it is used (``{"$columns": [...]}`` for a table). ``groups`` and ``signs`` are
    the key, ``tracks`` the paths with their verdicts, ``panels`` and ``columns`` say how the panels are laid out.
    ``words`` are the player's own, translated (``tr`` in data.js); ``called`` says what quantities and settings are
    called, by their English names, where that is something else. ``live`` is what the player runs the paths anew with
    (``landscape.live.offer``), ``None`` where it cannot.
    """
    return payloads(scene, (theme,))[0]


def payloads(scene: Picture, themes: Sequence[str | Theme]) -> list[dict[str, Any]]:
    """Return what ``player_payload`` does for each theme, with one list of arrays for all of them."""
    store, live = _Store(), scene.live()
    made = [_payload(scene, theme_of(theme), live, store) for theme in themes]
    arrays = as_text(made[0])["arrays"] if made else []
    return [one | {"arrays": arrays} for one in made]


def raw_payload(scene: Picture, theme: str | Theme = "light") -> dict[str, Any]:
    """Return what ``player_payload`` does with the bytes of the arrays themselves, in ``data``."""
    return _payload(scene, theme_of(theme), scene.live(), _Store())


def as_text(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return a raw payload as plain JSON data."""

    def written(data: bytes, **told: Any) -> dict[str, Any]:
        return told | {"bdata": base64.b64encode(data).decode("ascii")}

    return {**payload, "arrays": [written(**array) for array in payload["arrays"]]}


def _payload(scene: Picture, theme: Theme, live: Mapping[str, Any] | None, store: _Store) -> dict[str, Any]:
    pen = Pen(scene, theme)
    data, layout = figure(scene, theme)
    drawn_in_full = leaders(scene)
    return {
        "version": 1,
        "words": of_scripts("landscape/render/player"),
        "title": scene.title,
        "caption": scene.caption,
        "query": scene.query,
        "notes": list(notes_of(scene)),
        "n_steps": scene.n_steps,
        "figure": {"data": store.pack(data), "layout": store.pack(layout)},
        "called": _called(scene, live),
        "tracks": [
            {"id": t.id, "label": t.label, "group": t.group, "last": t.last, "verdict": typeset(t.verdict)}
            | ({"brief": typeset(t.brief)} if t.brief else {})
            | ({} if t.id in drawn_in_full else {"quiet": True})
            for t in scene.tracks
        ],
        "groups": [
            {
                "name": group.name,
                "color": group.stroke.color,
                "pale": mixed(group.stroke.color, theme.background, PALE),
                "dash": list(group.stroke.dash),
                "marker": group.stroke.marker,
                "ring": dict(zip(("symbol", "size"), ring(number, group.stroke, theme), strict=True)),
                "tracks": [track.id for track in group.tracks],
            }
            for number, group in enumerate(pen.groups)
        ],
        "signs": [sign_data(sign) for sign in signs_of(scene, theme)],
        "tangents": [
            {"panel": panel.key, "track": layer.track, "half_width": layer.half_width}
            | {name: store.pack(compact(getattr(layer, name))) for name in ("x", "y", "slope")}
            for panel in scene.panels
            for layer in panel.layers
            if isinstance(layer, Tangent) and layer.track in drawn_in_full
        ],
        "panels": [
            {
                "key": seat.panel.key,
                "title": seat.panel.title,
                "kind": seat.panel.kind,
                "axes": dict(seat.axes),
                "aspect": aspect(seat.panel),
                "clickable": seat.panel.clickable,
                "bar": has_bar(seat.panel),
                # Plotly has no symmetric logarithm: coordinates on one come transformed (``picture.axes.scaled``).
                "symlog": seat.panel.y.linear_within if seat.panel.y.scale == "symlog" else None,
                "ground": has_ground(seat.panel),
                "quantity": seat.panel.y.name,
            }
            for seat in seats(scene)
        ],
        "columns": [list(keys) for keys in scene.columns],
        "widths": list(scene.widths),
        "line_width": pen.line_width,
        "gap": GAP,
        "thinness": thinness(scene),
        "few": len(scene.tracks) <= MOST_ROWS,
        "theme": {
            name: getattr(theme, name)
            for name in (
                *("name", "dark", "background", "surface", "ink", "muted", "grid", "line", "accent", "on_accent"),
                *("outline", "edge", "line_width", "font_family", "font_size", "title_size", "head_size", "point_size"),
                "span_opacity",
            )
        },
        "live": None if live is None else store.pack(dict(live) | _in_colors(live, theme)),
        "arrays": store.arrays,
    }


def _called(scene: Picture, live: Mapping[str, Any] | None) -> dict[str, str]:
    settings = (name for walker in (live or {}).get("walkers", ()) for _, name, *_ in walker["knobs"])
    names = {name: tr(name).replace("_", " ") for name in settings}
    for panel in scene.panels:
        names |= {axis.name: called(panel, axis) for axis in (panel.x, panel.y) if axis.name}
        hovers = (layer.hover for layer in panel.layers if isinstance(layer, Path))
        names |= {name: tr(name) for hover in hovers for name in hover if name not in names}
    return {name: shown for name, shown in names.items() if shown != name.replace("_", " ")}


def _in_colors(live: Mapping[str, Any], theme: Theme) -> dict[str, Any]:
    """Return what is drawn anew with colours: a map with those of its classes and greys, a grid with its marks."""
    if "grid" in live:
        looks = {kind: glyph(kind, theme) for kind in ("best", "diverged")}
        marks = {kind: asdict(look) | {"size": theme.point_size * look.size} for kind, look in looks.items()}
        return {"grid": {**live["grid"], "marks": marks}}
    if "map" not in live:
        return {}
    levels, most, n_apart = live["map"]["levels"], live["map"]["most"], len(live["map"]["apart"])
    greys = [class_colors(k, levels, k, theme) for k in range(1, n_apart + 1)]
    return {"map": {**live["map"], "colors": class_colors(most + 1, levels, theme=theme), "greys": greys}}


def more_of(payload: Mapping[str, Any] | None) -> frozenset[str]:
    """Return which of ``MORE`` the player of a payload needs."""
    return frozenset(MORE) & set((payload or {}).get("live") or ())


def player_script(more: Collection[str] = ()) -> str:
    """Return the player as one script that defines the ``PUBLIC`` names, with these of ``MORE``."""
    names = (*SCRIPTS, *(name for part in MORE if part in more for name in MORE[part]))
    parts = "\n".join(shipped(name) for name in dict.fromkeys(names))
    return f'const {PUBLIC} = (() => {{\n"use strict";\n{parts}\nreturn {PUBLIC};\n}})();\n'


def shipped(name: str) -> str:
    """Return one of the ``SCRIPTS`` as it is shipped."""
    return bare(text_of(HERE, name))


def bare(script: str) -> str:
    """Return a script without its comments, its empty lines and its indentation."""
    return re.sub(r"^ *//.*\n|^ +|^\n|(?<=[;,{\[(]) +// .*$", "", script, flags=re.MULTILINE)


def plotly_script() -> str:
    """Return plotly.js with the types of traces that our figures use (``assets/plotly/build.js``), as a script."""
    return text_of(HERE, "plotly.min.js")


def player_css() -> str:
    """Return the player's style sheet."""
    return text_of(HERE, "player.css")


class _Store:
    """Arrays by their bytes, each once."""

    def __init__(self) -> None:
        self.arrays: list[dict[str, Any]] = []
        self._index: dict[tuple[str, tuple[int, ...], bytes], int] = {}

    def pack(self, value: Any) -> Any:
        """Return plain data in which arrays are references; numbers that JSON has no word for become ``None``."""
        if isinstance(value, dict):
            return {key: self.pack(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.pack(item) for item in value]
        if isinstance(value, Columns):
            return {"$columns": [self._place(array) for array in value.arrays]}
        if isinstance(value, np.ndarray):
            return {"$": self._place(value)}
        return value

    def _place(self, array: NDArray[Any]) -> int:
        array = np.ascontiguousarray(array)
        little = array.astype(array.dtype.newbyteorder("<"), copy=False)
        raw = little.tobytes()
        key = (little.dtype.str, little.shape, raw)
        if key not in self._index:
            self._index[key] = len(self.arrays)
            self.arrays.append({"dtype": little.dtype.str[1:], "shape": list(little.shape), "data": raw})
        return self._index[key]
