"""How paths and lines are drawn: hue, dash and marker of every optimizer, and the looks of still lines.

Dashes are lengths in units of the line width, on and off in turn, as Matplotlib has them; ``()`` is a solid line.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from landscape.errors import lookup
from landscape.language import tr
from landscape.optimizers import OPTIMIZERS
from landscape.picture.colors import HUES, shade
from landscape.picture.themes import LIGHT, Theme, theme_of

Dash = tuple[float, ...]

SOLID: Dash = ()
DASHES: tuple[Dash, ...] = (
    SOLID,
    (4.0, 1.8),
    (1.3, 1.5),
    (8.0, 2.0),
    (5.0, 1.6, 1.2, 1.6),
    (5.0, 1.6, 1.2, 1.6, 1.2, 1.6),
    (2.5, 1.2),
    (8.0, 1.8, 2.5, 1.8),
    (10.0, 1.6, 1.2, 1.6),
    (1.3, 3.0),
    (12.0, 3.0),
    (3.0, 1.2, 3.0, 3.2),
)
# The nearest of the six dashes that have a name, for renderers that take no other (Plotly in space).
DASH_NAMES = (
    *("solid", "dash", "dot", "longdash", "dashdot", "dashdot", "dash", "longdashdot", "longdashdot"),
    *("dot", "longdash", "dash"),
)

Look = tuple[str, int]
"""A hue by its name and the number of a dash."""
N_LOOKS = len(HUES) * len(DASHES)


@dataclass(frozen=True)
class Stroke:
    """How one track is drawn, in every panel and every file: colour, dash, the dash's nearest name, marker."""

    color: str
    dash: Dash
    dash_name: str
    marker: str


@dataclass(frozen=True)
class LineStyle:
    """How a still line is drawn; ``width`` is a factor of the theme's line width."""

    color: str
    dash: Dash
    dash_name: str
    width: float


# Line roles -> which of the theme's neutral colours, dash, width as a factor of the theme's.
_LINES: dict[str, tuple[str, int, float]] = {
    "graph": ("ink", 0, 0.8),
    "second graph": ("ink", 3, 0.8),
    "third graph": ("ink", 4, 0.8),
    "fourth graph": ("muted", 0, 0.9),
    "theory": ("ink", 1, 0.8),
    "threshold": ("muted", 2, 0.7),
    "manifold_stable": ("ink", 3, 0.7),
    "manifold_unstable": ("ink", 2, 0.9),
    "boundary": ("muted", 0, 0.6),
}
_GREYS = ("#111111", "#6A6A6A", "#9C9C9C", "#404040")
# Further tracks of one optimizer are darker on bright paper and brighter on dark: away from what is under them.
_SHADES = (0.0, 0.08, 0.16)


def looks() -> Mapping[str, Look]:
    """Return hue and dash of each registered optimizer by its key, no two the same.

    Those that compare often name their own (``Optimizer.look``); the others get what is free.
    """
    return _looks(tuple((key, vars(cls).get("look")) for key, cls in OPTIMIZERS.items()))


@lru_cache(maxsize=8)
def _looks(wanted: tuple[tuple[str, Look | None], ...]) -> Mapping[str, Look]:
    found: dict[str, Look] = {}
    for key, look in wanted:
        if look is not None and look not in found.values():
            found[key] = look
    for key, _ in wanted:
        if key not in found:
            found[key] = _free(key, found.values())
    return {key: found[key] for key, _ in wanted}


def _free(key: str, taken: Collection[Look]) -> Look:
    """Return a hue and dash that nobody has, if there is one left: in the hue that the key names, else by the key.

    Those come first that are free on grey paper too, where hue and dash become a dash and a grey.
    """
    hues = tuple(HUES)
    start = zlib.crc32(key.encode())
    every = [(hues[(start + k) % len(hues)], (start + k) // len(hues) % len(DASHES)) for k in range(N_LOOKS)]
    greys = {_on_paper(look) for look in taken}
    free = [look for look in every if look not in taken]
    on_paper = [look for look in free if _on_paper(look) not in greys]
    return [*(look for look in free if look[0] == key), *on_paper, *free, *every][0]


def _on_paper(look: Look) -> tuple[int, int]:
    """Return the number of the grey and of the dash that a look becomes on grey paper."""
    hue, dash = look
    turn, grey = divmod(dash, len(_GREYS))
    return grey, (tuple(HUES).index(hue) + turn * len(HUES)) % len(DASHES)


def stroke(key: str, variant: int = 0, theme: str | Theme = LIGHT, *, dashed: bool = False) -> Stroke:
    """Return how the tracks of an optimizer key are drawn: one hue, dash and marker in every picture, no two alike.

    ``variant`` 1, 2, ... are further tracks of the same optimizer (another learning rate): same hue, another shade
    and dash. A key that is not registered, the name of a hue among them, gets a look that no registered one has; a
    colour as "#rrggbb" is that colour. In a monochrome theme the hue becomes a dash, the dash becomes a grey; with
    ``dashed`` the hue is told by a dash too.

    >>> stroke("sgd").color, stroke("sgd", 1).dash
    ('#2A70D4', (8.0, 2.0))
    """
    theme = theme_of(theme)
    known = looks()
    name, slot = known[key] if key in known else _free(key, known.values())
    hue = lookup(HUES, name, tr("hue"))
    row = tuple(HUES).index(name)
    if theme.monochrome:
        grey, dash = _on_paper((name, slot))
        index = (dash + variant) % len(DASHES)
        return Stroke(_GREYS[(grey + variant) % len(_GREYS)], DASHES[index], DASH_NAMES[index], hue.marker)
    index = (row + slot + variant if dashed else slot + 3 * variant + variant // 4) % len(DASHES)
    amount = _SHADES[(variant + variant // 3) % 3] * (1 if theme.dark else -1)
    color = key if key.startswith("#") else hue.on_dark if theme.dark else hue.color
    return Stroke(shade(color, amount) if amount else color, DASHES[index], DASH_NAMES[index], hue.marker)


def in_dashes(strokes: Iterable[Stroke]) -> list[Stroke]:
    """Return strokes, each with a dash that none before it has, its own where that is free, as long as there are any.

    >>> [one.dash_name for one in in_dashes([stroke("sgd"), stroke("adam")])]
    ['solid', 'dash']
    """
    found: list[Stroke] = []
    taken: set[int] = set()
    for look in strokes:
        own = DASHES.index(look.dash)
        nearest = ((own + away) % len(DASHES) for away in range(len(DASHES)))
        index = next((one for one in nearest if one not in taken), own)
        taken.add(index)
        found.append(replace(look, dash=DASHES[index], dash_name=DASH_NAMES[index]))
    return found


def line_style(role: str, theme: str | Theme = LIGHT) -> LineStyle:
    """Return how a still line of this role is drawn."""
    theme = theme_of(theme)
    color, dash, width = lookup(_LINES, role, tr("role of a line"))
    return LineStyle(getattr(theme, color), DASHES[dash], DASH_NAMES[dash], width)
