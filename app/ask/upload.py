"""Open a JSON file of somebody's own: what it holds goes on the desk, or the reason why it cannot stands below it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st

from app.ask.controls import say
from app.language import in_callback
from app.session import value_of
from app.state import Desk
from landscape.language import tr

R = TypeVar("R")


def ask(desk: Desk[Any], label: str, megabytes: int, take: Callable[[bytes], None]) -> None:
    """Show the box for a file; ``take`` is told of its bytes."""
    key = desk.key("open")

    def opened() -> None:
        in_callback()
        file = value_of(key)
        if file is not None:
            take(file.getvalue())

    st.file_uploader(label, type="json", key=key, on_change=opened, max_upload_size=megabytes)
    say(desk, "open")


def put(desk: Desk[R], raw: bytes, largest: int, read: Callable[[str], R]) -> None:
    """Put what ``read`` makes of the text of a file on the desk, or note why it cannot be."""

    def opened(_: R) -> R:
        if len(raw) > largest:
            raise ValueError(
                tr("a file of {n:,} bytes is too large to be opened here; at most {most:,}", n=len(raw), most=largest)
            )
        try:
            return read(raw.decode("utf-8"))
        except UnicodeDecodeError:
            raise ValueError(tr("the file is not UTF-8 text")) from None
        except KeyError as error:
            raise ValueError(str(error)) from error

    if desk.edit("open", opened):
        desk.put(desk.recipe)
