"""Where the paths begin: clicked on the map, typed into a table, drawn at random, laid on a grid or beside a saddle."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import streamlit as st

from app.ask.controls import BOX, say
from app.language import in_callback
from app.session import value_of
from app.state import Desk
from landscape.experiment import Experiment
from landscape.language import later, mark, tr, trn
from landscape.parameter import Parameter
from landscape.recipe.points import declared_saddles
from landscape.recipe.starts import Given, Grid, IntoSaddle, Random, Starts

PLACE = "starts"
MOST_RANDOM = 200
MOST_GRID = 14
COUNT = Parameter(mark("number of starts"), 8, 1, MOST_RANDOM, integer=True, minimum=1, maximum=MOST_RANDOM)
SIDE = Parameter(mark("starts on a side"), 3, 1, MOST_GRID, integer=True, minimum=1, maximum=MOST_GRID)
BESIDE = Parameter(mark("distance from the stable manifold"), 1e-6, 0, 1, minimum=0.0)
EMPTY = mark("there is no start left: click on the map or add a row; until then the picture shows the last run")


def _flag(desk: Desk[Experiment]) -> str:
    return desk.key("starts.cleared")


def cleared(desk: Desk[Experiment]) -> bool:
    """Tell whether all starts were taken away and none has been put down since."""
    return bool(st.session_state.get(_flag(desk), False))


def put(desk: Desk[Experiment], starts: Starts, place: str = PLACE, typed: str | None = None) -> None:
    """Run from the points that a rule makes."""
    change(desk, lambda experiment: experiment.replace(starts=starts), place, typed)


def change(
    desk: Desk[Experiment], to: Callable[[Experiment], Experiment], place: str, typed: str | None = None
) -> None:
    """Run what has starts, whatever else of it is new."""
    if desk.edit(place, to, typed):
        st.session_state[_flag(desk)] = False
        desk.forget(PLACE)


def clear(desk: Desk[Experiment]) -> None:
    """Take all starts away: the last picture stays, and the page says so."""
    in_callback()
    st.session_state[_flag(desk)] = True
    desk.refuse(PLACE, later(EMPTY))


def add(desk: Desk[Experiment], start: Sequence[float]) -> None:
    """Run from one more start."""
    put(desk, Given((*map(tuple, _shown(desk)), tuple(start))))


def summary(desk: Desk[Experiment]) -> str:
    """Return the answer to "From where?" in one line."""
    if cleared(desk):
        return tr("no start")
    return trn("{n} start", "{n} starts", desk.recipe.n_starts)


def generators(desk: Desk[Experiment]) -> None:
    """Show the buttons that make starts."""
    st.caption(tr("Click on the map to add a start, or edit them in the Starts tab."))
    _counted(desk, "random", tr("Random"), COUNT, lambda n: Random(n, _draw(desk)))
    grid = tr("Grid") if desk.recipe.surface.n_dims == 1 else tr("Grid n × n")
    _counted(desk, "grid", grid, SIDE, Grid)
    _manifold(desk)
    st.button(tr("Clear"), key=desk.key("starts.clear"), on_click=lambda: clear(desk), width="stretch")
    say(desk, PLACE)


def _manifold(desk: Desk[Experiment]) -> None:
    if not declared_saddles(desk.recipe.surface):
        return
    place = "starts.manifold"
    key = desk.key("starts.beside")

    def pressed() -> None:
        in_callback()
        typed = value_of(key)
        start = desk.tried(place, lambda: IntoSaddle(BESIDE.read(typed)), typed)
        if start is not None:
            put(desk, start, place, typed)

    with st.container(horizontal=True, vertical_alignment="bottom", wrap=False):
        st.button(
            tr("Into the saddle"),
            key=desk.key(place),
            on_click=pressed,
            width="stretch",
            help=tr(
                "Starts on the line along which gradient flow runs into the saddle, as far off it as the number says."
            ),
        )
        st.text_input(
            tr(BESIDE.name), "1e-6", key=key, label_visibility="collapsed", max_chars=12, on_change=pressed, width=BOX
        )
    say(desk, place)


def _draw(desk: Desk[Experiment]) -> int:
    """Return the seed of the next draw: another one each time, the same ones in every session."""
    key = desk.key("starts.draws")
    st.session_state[key] = st.session_state.get(key, 0) + 1
    return desk.recipe.seed + st.session_state[key] - 1


def _counted(desk: Desk[Experiment], name: str, label: str, p: Parameter, make: Callable[[int], Starts]) -> None:
    place = f"starts.{name}"
    key = desk.key(f"{place}.n")

    def pressed() -> None:
        in_callback()
        typed = value_of(key)
        n = desk.tried(place, lambda: int(p.read(typed)))
        if n is not None:
            put(desk, make(n), place)

    with st.container(horizontal=True, vertical_alignment="bottom", wrap=False):
        st.button(label, key=desk.key(f"{place}.make"), on_click=pressed, width="stretch")
        st.text_input(
            tr(p.name),
            str(p.default),
            key=key,
            label_visibility="collapsed",
            max_chars=12,
            on_change=pressed,
            width=BOX,
        )
    say(desk, place)


def _shown(desk: Desk[Experiment]) -> list[list[float]]:
    return [] if cleared(desk) else desk.recipe.points.tolist()


def editor(desk: Desk[Experiment]) -> None:
    """Show the table of starts: edit a cell, add a row, delete rows."""
    names = list(desk.recipe.surface.variables)
    shown = _shown(desk)
    key_of_base = desk.key("starts.base")
    base = st.session_state.get(key_of_base)
    # The table keeps its own edits; it starts afresh only where the starts were changed elsewhere.
    if base is None or base["result"] != shown or base["names"] != names:
        revision = 0 if base is None else base["revision"] + 1
        base = {"rows": shown, "result": shown, "names": names, "revision": revision}
        st.session_state[key_of_base] = base
    key = desk.key(f"starts.table.{base['revision']}")

    def edited() -> None:
        in_callback()
        rows = after_edits(base["rows"], value_of(key), names)
        complete = [[x for x in row if x is not None] for row in rows if None not in row]
        if complete:
            put(desk, Given(tuple(map(tuple, complete))))
        elif not rows:
            clear(desk)
        if len(complete) < len(rows):
            desk.refuse(PLACE, later("a row without all of {names} is no start yet", names=", ".join(names)))
        base["result"] = _shown(desk)

    columns = np.reshape(np.array(base["rows"], dtype=float), (-1, len(names))).T
    st.data_editor(
        dict(zip(names, columns, strict=True)),
        key=key,
        num_rows="dynamic",
        hide_index=True,
        on_change=edited,
        width="stretch",
        height=min(38 + 35 * (len(base["rows"]) + 2), 400),
        column_config={name: st.column_config.NumberColumn(name, required=True, step=None) for name in names},
        alt=tr("Start points"),
    )
    say(desk, PLACE)
    outside = sum(not inside for inside in desk.recipe.surface.domain.contains(desk.recipe.points).tolist())
    if outside and not cleared(desk):
        st.caption(
            trn(
                "{n} start lies outside the picture; its path may come into view.",
                "{n} starts lie outside the picture; their paths may come into view.",
                outside,
            )
        )


def after_edits(rows: Sequence[Sequence[float]], edits: Any, names: Sequence[str]) -> list[list[float | None]]:
    """Return the rows with the edits that ``st.data_editor`` reports applied."""
    changed: list[list[float | None]] = [list(row) for row in rows]
    for index, cells in edits["edited_rows"].items():
        for name, value in cells.items():
            changed[int(index)][names.index(name)] = value
    gone = set(edits["deleted_rows"])
    kept = [row for index, row in enumerate(changed) if index not in gone]
    return kept + [[row.get(name) for name in names] for row in edits["added_rows"]]
