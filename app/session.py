"""Widgets and runs of a session, where Streamlit's own ways to them would end a run or lose what was typed."""

from __future__ import annotations

from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from landscape.language import language

_TOLD = "session.told"


def show(key: str, value: object) -> bool:
    """Let the widget ``key`` show ``value``; a widget that shows it already is left alone, so typing goes on.

    Browsers know what is chosen by its label: in another language they are told once more. Returns whether it is told.
    """
    told = _told()
    is_new = key not in st.session_state or st.session_state[key] != value or told.get(key) != language()
    if is_new:
        st.session_state[key] = value
    told[key] = language()
    return is_new


def _told() -> dict[str, str]:
    """Return in which language each widget was last told what it shows."""
    told: dict[str, str] = st.session_state.setdefault(_TOLD, {})
    return told


def made_with(key: str, value: object, **default: object) -> dict[str, Any]:
    """Let the widget ``key`` show ``value``, as ``show`` does; return what it is made with.

    One that is made anew has it as its own default, which is ``value=value`` unless ``default`` is given: a browser may
    never hear of what a run that is broken off set.
    """
    if key not in st.session_state:
        _told()[key] = language()
    elif show(key, value):
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
