"""The questions of the sidebar, each folded to the line that says its answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import streamlit as st

from app.ask import length, optimizers, starts, surface
from app.state import Desk
from app.text import plain
from landscape.experiment import Experiment
from landscape.language import mark, tr

D = TypeVar("D", bound=Desk[Any])


def fold(desk: D, asked: Iterable[tuple[str, str, Callable[[D], None]]]) -> None:
    """Show questions, which are marked: (question, answer, widgets)."""
    for question, answer, widgets in asked:
        with st.container(gap="xxsmall"):
            st.caption(tr(question))
            # With a key of its own it stays open when the answer, its label, changes.
            with st.expander(plain(answer), key=desk.key(f"ask.{question}")):
                widgets(desk)


def four(desk: Desk[Experiment]) -> None:
    """Ask which surface, which optimizers, from where, how long and how noisy."""
    asked = (
        (mark("Which surface?"), surface.title(desk.recipe.surface), surface.ask),
        (mark("Which optimizers?"), optimizers.names(desk), optimizers.optimizers),
        (mark("From where?"), starts.summary(desk), starts.generators),
        (mark("How long, and how noisy?"), length.words(desk), length.length),
    )
    fold(desk, asked)
