"""The way out of the present mode: a quiet cross in the corner, and Escape, whatever else is on the screen."""

from __future__ import annotations

from collections.abc import Callable

from app.components import component
from app.state import PREDICT, PRESENT
from landscape.language import tr
from landscape.render.files import text_of

_mount = component("leave", css=text_of("app", "leave.css"))


def leave(key: str, on_leave: Callable[[], None] | None = None) -> None:
    """Offer the way out: to the same address without the present mode, or by ``on_leave`` in this session."""
    _mount(
        key=key,
        data={
            "names": [PRESENT, PREDICT, "embed"],
            "stay": on_leave is not None,
            "label": tr("Back to the page"),
            "title": tr("Back to the page (Esc)"),
        },
        on_leave_change=on_leave or (lambda: None),
    )
