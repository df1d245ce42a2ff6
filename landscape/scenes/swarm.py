"""A swarm: very many starts as points, a map an optimizer, beside the shares of them that are still where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from landscape.analysis.survival import Fate, Survival
from landscape.descent.outcome import NEARBY
from landscape.language import ENGLISH, mark, speaking, tr, trn
from landscape.live.swarm import swarm_offer
from landscape.picture.key import grain
from landscape.picture.numbers import typeset
from landscape.picture.scene import Array, Axis, Layer, MovingPoints, Panel, Path, Track
from landscape.scene import Scene
from landscape.scenes.descent import recipe_words
from landscape.scenes.ground import ground_panels
from landscape.scenes.marks import critical_marks
from landscape.scenes.paths import group_labels

if TYPE_CHECKING:
    from landscape.recipe.recipe import Recipe

SEEN = 0.01
"""The share below which a curve would not leave the axis: it has no panel."""

MOST_MINIMA = 4
"""Minima with a panel of their own, those that most starts come to; the others share one."""

MOST_MARKS = 60
"""Up to so many critical points are marked; of more only those that the surface declares."""

MANY = 4
"""Panels of shares that stand above each other; more stand in two columns."""

OBLONG = 1.3
"""Two maps that are so many times as wide as high stand above each other."""

SHARES = ((0.0, "0"), (0.5, "50%"), (1.0, "100%"))


def swarm_scene(survival: Survival, recipe: Recipe) -> Scene:
    """Return the maps with the swarm of every optimizer, and a panel of survival curves for each place it can be at.

    ``survival`` was counted along ``recipe``. The points are those that were ``filmed``; a player that has the lists
    of the recipe makes all of them itself, step by step.
    """
    surface, labels = survival.surface, group_labels(survival.optimizers)
    seen: Counter[str] = Counter()
    tracks = []
    for number, (optimizer, label) in enumerate(zip(survival.optimizers, labels, strict=True)):
        variant = seen[optimizer.key]
        seen[optimizer.key] += 1
        verdict = trn(
            "after {n} step {shares}",
            "after {n} steps {shares}",
            survival.n_steps,
            shares=told(survival.fates, survival.shares[number, -1]),
        )
        tracks.append(Track(str(number), label, label, optimizer.key, survival.n_steps, verdict, variant))
    maps = _maps(survival, tracks)
    shown = _shown(survival)
    with speaking(ENGLISH):  # as heads of tables of data
        names = [name for _, name, _ in _shown(survival)]
    shares = tuple(
        _share_panel(survival, tracks, key, title, name, fates)
        for (key, title, fates), name in zip(shown, names, strict=True)
    )
    panel_of = {fate: key for key, _, fates in shown for fate in fates}
    live = partial(
        swarm_offer,
        recipe,
        survival.places.centers,
        survival.places.radii,
        survival.places.fate.tolist(),
        [(panel_of.get(number, ""), typeset(fate.words)) for number, fate in enumerate(survival.fates)],
        survival.threshold,
        grain(survival.n_starts),
    )
    wide, high = surface.domain.widths if surface.n_dims == 2 else (2.0, 1.0)
    stacked = len(maps) == 1 or (len(maps) == 2 and wide > OBLONG * high)
    side = 1 if stacked else 2 if len(maps) <= 4 else 3
    rows = 1 if len(shares) <= MANY else 2
    columns = [
        *([panel.key for panel in maps[column::side]] for column in range(side)),
        *([panel.key for panel in shares[column::rows]] for column in range(rows)),
    ]
    return Scene(
        title=trn("{n} start on {surface}", "{n:,} starts on {surface}", survival.n_starts, surface=surface.title),
        panels=(*maps, *shares),
        tracks=tuple(tracks),
        n_steps=survival.n_steps,
        columns=tuple(map(tuple, columns)),
        widths=(1.0,) * len(columns),
        caption=recipe_words(recipe),
        recipe=recipe.recipe(),
        query=recipe.link(),
        notes=tuple(_notes(survival, shown)),
        live=live,
    )


def told(fates: Sequence[Fate], shares: Array) -> str:
    """Return where the starts are, in words, the largest share first."""
    order = [number for number in np.argsort(-shares, kind="stable") if shares[number] >= SEEN / 2]
    return ", ".join(
        tr("{percent}% {where}", percent=round(100 * shares[number]), where=fates[number].words) for number in order
    )


def _maps(survival: Survival, tracks: Sequence[Track]) -> tuple[Panel, ...]:
    surface = survival.surface
    (bare,) = ground_panels(surface, (), False, True, 121)
    ground = bare.layers[0]
    marks: tuple[Layer, ...] = tuple(bare.layers[1:])
    if surface.n_dims == 2 and len(survival.found) <= MOST_MARKS:
        marks = tuple(critical_marks(surface, survival.found))
    panels = []
    for number, track in enumerate(tracks):
        x = survival.points[number, ..., 0]
        y = survival.points[number, ..., 1] if surface.n_dims == 2 else survival.values[number]
        swarm = MovingPoints(track.id, x, y, survival.frames)
        panels.append(
            Panel(
                f"swarm{number}",
                track.label,
                bare.x,
                bare.y,
                (ground, swarm, *marks),
                equal_aspect=bare.equal_aspect,
            )
        )
    return tuple(panels)


def _shown(survival: Survival) -> list[tuple[str, str, list[int]]]:
    """Return key, title and fates of each panel of shares: all but what moves, as far as there is something to see."""
    most = survival.shares.max(axis=(0, 1))
    minima = [number for number, fate in enumerate(survival.fates) if fate.kind == "minimum" and most[number] >= SEEN]
    largest = sorted(sorted(minima, key=lambda number: -most[number])[:MOST_MINIMA])
    others = [number for number in minima if number not in largest]
    found: list[tuple[str, str, list[int]]] = []
    for number, fate in enumerate(survival.fates):
        own = number in largest if fate.kind == "minimum" else fate.kind != "moving" and most[number] >= SEEN
        if own:
            found.append((f"share{number}", _titled(fate), [number]))
        if number + 1 == len(survival.fates) and others:
            found.insert(
                len(found) - (fate.kind == "gone" and own),
                ("share_others", _others(len(others)), others),
            )
    return found or [("share0", tr("Still moving"), [0])]


def _others(n: int) -> str:
    return trn("At another minimum", "At one of {n} other minima", n)


def _titled(fate: Fate) -> str:
    return typeset(fate.words[0].upper() + fate.words[1:])


def _share_panel(
    survival: Survival, tracks: Sequence[Track], key: str, title: str, name: str, fates: list[int]
) -> Panel:
    steps = None if len(survival.looks) == survival.n_steps + 1 else survival.looks
    paths = tuple(
        Path(track.id, survival.looks.astype(float), share, steps=steps)
        for track, share in zip(tracks, survival.shares[..., fates].sum(axis=-1), strict=True)
    )
    step = Axis.of(mark("step"), range=(0.0, float(max(survival.n_steps, 1))))
    return Panel(key, title, step, Axis("", range=(0.0, 1.0), ticks=SHARES, name=name), paths)


def _notes(survival: Survival, shown: Sequence[tuple[str, str, list[int]]]) -> list[str]:
    reach = NEARBY * survival.surface.domain.diagonal
    notes = [
        tr(
            "Counted by gradient norm and place. At a critical point: a norm below {threshold:g} within {reach:.2g} "
            "of it ({share:.0%} of the diagonal), or half the way to the next one. On a flat stretch: such a norm "
            "anywhere else. Gone: no finite number any more. All others still move.",
            threshold=survival.threshold,
            reach=reach,
            share=NEARBY,
        )
    ]
    drawn = {number for _, _, fates in shown for number in fates}
    most = survival.shares.max(axis=(0, 1))
    rare = [fate for number, fate in enumerate(survival.fates) if number not in drawn and 0 < most[number] < SEEN]
    kinds = dict.fromkeys(tr("at another minimum") if fate.kind == "minimum" else fate.words for fate in rare)
    if kinds:
        notes.append(tr("At no step more than 1% of the starts: {places}.", places=", ".join(kinds)))
    if survival.n_starts > len(survival.filmed) > 0:
        drawn_in_files = {"drawn": len(survival.filmed), "starts": survival.n_starts}
        notes.append(tr("Files draw {drawn:,} of the {starts:,} starts; all are counted.", **drawn_in_files))
    return notes
