"""A table of somebody's own: opening a file, and saying how it is read where that was found out wrongly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from app.ask.controls import say
from app.language import in_callback
from app.session import value_of
from app.state import Desk
from app.text import plain
from landscape.language import tr, translated
from landscape.surfaces.networks import Data, parse_table
from landscape.surfaces.networks.reading import DECIMALS, DELIMITERS
from landscape.surfaces.networks.tables.encodings import ENCODINGS

FOUND = ""
"""The answer to a question that is left to be found out."""

LARGEST = 2_000_000
"""The largest file that is opened here, in bytes."""

ENDINGS = ("csv", "tsv", "tab", "txt", "dat", "data")

Put = Callable[[Data], bool]


@dataclass
class Opened:
    """A file that a session opened, what was said about it, and the data that were read last."""

    name: str
    raw: bytes
    said: dict[str, Any] = field(default_factory=dict)
    data: Data | None = None


def upload(desk: Desk[Any], put: Put) -> None:
    """Ask for a file; ``put`` brings its data to the desk."""
    key = desk.key("table")

    def opened() -> None:
        file = value_of(key)
        if file is not None:
            _read(desk, Opened(file.name, file.getvalue()), put)

    st.file_uploader(tr("Your own table"), type=list(ENDINGS), key=key, on_change=opened)
    say(desk, "table")


def reading(desk: Desk[Any], data: Data, put: Put) -> None:
    """Ask how the opened file is read, if it is the one on the desk or could not be read as it was."""
    opened: Opened | None = st.session_state.get(desk.key("opened"))
    if opened is None or (opened.data != data and "table" not in desk.problems):
        return
    # What a column is called hangs on the questions before; a new answer to one of them takes theirs back.
    texts: tuple[tuple[str, str, dict[Any, str]], ...] = (
        ("encoding", tr("Encoding"), {name: name for name in ENCODINGS}),
        ("delimiter", tr("Cells are parted by"), translated(DELIMITERS)),
        ("decimal", tr("Decimal sign"), translated(DECIMALS)),
        ("header", tr("First line"), {True: tr("names of columns"), False: tr("an example like the others")}),
    )
    for name, label, titles in texts:
        _ask(desk, opened, name, label, titles, ("target", "features"), put)
    if opened.data is None or opened.data.reading is None:
        return
    how = opened.data.reading
    columns = [how.target, *opened.data.features, *(name for name, _ in how.left_out)]
    _ask(desk, opened, "target", tr("Column of the class"), {name: name for name in columns}, ("features",), put)
    key = desk.key("table.features")
    learned = list(opened.data.features)

    def chosen(names: list[str]) -> None:
        _read(desk, Opened(opened.name, opened.raw, opened.said | {"features": names}), put)

    asked = tr("Columns to learn from")
    st.multiselect(asked, columns[1:], placeholder=asked, **desk.asking(key, learned, chosen, default=learned))


def _ask(
    desk: Desk[Any], opened: Opened, name: str, label: str, titles: dict[Any, str], over: tuple[str, ...], put: Put
) -> None:
    """Show one question, with the answer that was found out until somebody gives another."""
    key = desk.key(f"table.{name}")
    given, options = opened.said.get(name, FOUND), [FOUND, *titles]
    how = opened.data.reading if opened.data is not None and name not in opened.said else None
    found = tr("found out")
    if how is not None:
        found = tr("found out: {answer}", answer=titles.get(getattr(how, name), getattr(how, name)))

    def chosen(answer: Any) -> None:
        said = {what: value for what, value in opened.said.items() if what not in over}
        said.pop(name, None)
        _read(desk, Opened(opened.name, opened.raw, said if answer == FOUND else said | {name: answer}), put)

    st.selectbox(
        label,
        options,
        format_func=lambda value: found if value == FOUND else titles[value],
        placeholder=label,
        **desk.asking(key, given, chosen, index=options.index(given)),
    )


def _read(desk: Desk[Any], opened: Opened, put: Put) -> None:
    """Read the file and put its data on the desk, or say why not; it stays open either way."""
    in_callback()
    before: Opened | None = st.session_state.get(desk.key("opened"))
    st.session_state[desk.key("opened")] = opened
    if before is not None and before.raw is opened.raw:
        opened.data = before.data

    def parsed() -> Data:
        if len(opened.raw) > LARGEST:
            raise ValueError(
                tr("a table of {n:,} bytes is too large here; at most {most:,}", n=len(opened.raw), most=LARGEST)
            )
        return parse_table(opened.raw, opened.name, **opened.said).standardized()

    data = desk.tried("table", parsed)
    if data is not None and put(data):
        opened.data = data


def line(data: Data) -> None:
    """Say in one line how the data were read."""
    if data.reading is not None:
        st.caption(plain(data.reading.sentence, 4_000))
