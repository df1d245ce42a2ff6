"""The language of a session: what its address asks for, else that of its browser, until somebody switches."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import streamlit as st

from app.components import component
from app.session import value_of, walked
from landscape.language import ENGLISH, closest, language, languages, no_catalogue, of_process, speak, tr

LANGUAGE = "lang"
"""The name of the URL parameter."""

F = TypeVar("F", bound=Callable[..., Any])

_SPOKEN = "language"
_SWITCH = "language.switch"
_UNKNOWN = "language.unknown"
_TOLD = "language.told"

_tell = component("language")


def speak_here() -> None:
    """Say everything in this run in the language of its session, which is asked for once.

    Like a desk, an address speaks when it is opened and when the browser goes back or forward.
    """
    asked = st.query_params.get(LANGUAGE)
    spoken = st.session_state.get(_SPOKEN)
    if spoken is None or (asked is not None and walked()):
        spoken = closest(asked if asked is not None else of_browser()) or ENGLISH
        st.session_state[_SPOKEN] = spoken
        if asked is not None and closest(asked) is None:
            st.session_state[_UNKNOWN] = asked
    speak(spoken)
    _tell(key=_TOLD, data={"language": spoken})


def refused() -> tuple[str, ...]:
    """Return, once, what there is to say of a language that the address asked for and there is not."""
    asked = st.session_state.pop(_UNKNOWN, None)
    return () if asked is None else (no_catalogue(asked),)


def of_browser() -> str:
    """Return the language that the browser asks for, English where it asks for one that there is not.

    Whoever serves the page in another language, as ``landscape --language ko app`` does, has asked for all browsers.
    """
    return of_process() if of_process() != ENGLISH else closest(st.context.locale or "") or ENGLISH


def in_callback() -> None:
    """Say everything in the language of the session from here on: a callback comes before its run has begun."""
    speak(value_of(_SPOKEN) or ENGLISH)


def _in_part(show: F) -> F:
    """Return what shows a part of a page, in the language of the session: Streamlit runs it again without the page."""

    @wraps(show)
    def spoken(*args: Any, **named: Any) -> Any:
        in_callback()
        return show(*args, **named)

    return spoken  # type: ignore[return-value]


def fragment(show: F, run_every: float | None = None) -> F:
    """Return ``st.fragment`` of what shows a part of a page."""
    return st.fragment(_in_part(show), run_every=run_every)


def dialog(title: str, show: F, **how: Any) -> F:
    """Return ``st.dialog`` of what shows its inside, under a title that is marked."""
    made: F = st.dialog(tr(title), **how)(_in_part(show))
    return made


def written() -> dict[str, str]:
    """Return the URL parameter that brings the language back, where the address would not do so without it."""
    return {LANGUAGE: language()} if {language(), of_browser()} != {ENGLISH} else {}


def switch() -> None:
    """Show, where there is more than one language, what switches between them, each by its own name."""

    def switched() -> None:
        st.session_state[_SPOKEN] = value_of(_SWITCH)
        in_callback()

    if len(languages()) > 1 or language() != ENGLISH:
        st.session_state[_SWITCH] = language()
        st.sidebar.segmented_control(
            tr("Language"),
            [*dict.fromkeys((*languages(), language()))],
            key=_SWITCH,
            required=True,
            label_visibility="collapsed",
            format_func=_own_name,
            on_change=switched,
        )


def _own_name(key: str) -> str:
    """Return what a language calls itself; the pseudo-language has no name but its key."""
    from babel.core import Locale, UnknownLocaleError

    try:
        return Locale.parse(key, sep="-").get_display_name() or key
    except UnknownLocaleError:
        return key
