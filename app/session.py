"""Widgets and runs of a session, where Streamlit's own ways to them would end a run or lose what was typed."""

from __future__ import annotations

from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from landscape.language import language

_TOLD = "session.told"


def _told() -> dict[str, str]:
    """Return in which language each widget was last told what it shows."""
    told: dict[str, str] = st.session_state.setdefault(_TOLD, {})
    return told


def made_with(key: str, value: object, *, again: bool = False, **default: object) -> dict[str, Any]:
    """Let the widget ``key`` show ``value``; return what it is made with.

    A widget that shows it already is left alone, so typing goes on, unless it is told ``again``. Browsers know what is
    chosen by its label: in another language they are told once more.

    One that is made anew has it as its own default, which is ``value=value`` unless ``default`` is given. A browser may
    never hear of what a run set: where the run was broken off, or where the browser is slow and draws what the next one
    says; it would show an empty widget, and tell of that as if somebody had emptied it.
    """
    told = _told()
    is_old = key in st.session_state
    is_new = again or (is_old and (st.session_state[key] != value or told.get(key) != language()))
    told[key] = language()
    if is_new:
        st.session_state[key] = value
        return {"key": key}  # Streamlit warns of a default beside what is set
    return {"key": key, **(default or {"value": value})}


def value_of(key: str) -> Any:
    """Return what somebody set the widget ``key`` to, for its callback; ``None`` where it was never shown.

    Streamlit ends a run, callbacks and all, where it reads ``st.session_state[key]`` once another run is due: what was
    set would be lost, and the widget put back.
    """
    return st.session_state.to_dict().get(key)


def walked() -> bool:
    """Tell whether this run was started by going back or forward in the browser."""
    run = get_script_run_ctx()
    return run is not None and run.is_history_navigation
