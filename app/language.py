"""The language of a session: what its address asks for, else that of its browser, until somebody switches."""

from __future__ import annotations

import streamlit as st

from app.session import value_of, walked
from app.text import plain
from landscape.language import ENGLISH, closest, language, languages, no_catalogue, speak, tr

LANGUAGE = "lang"
"""The name of the URL parameter."""

_SPOKEN = "language"
_SWITCH = "language.switch"


def speak_here() -> None:
    """Say everything in this run in the language of its session, which is asked for once.

    Like a desk, an address speaks when it is opened and when the browser goes back or forward.
    """
    asked = st.query_params.get(LANGUAGE)
    spoken = st.session_state.get(_SPOKEN)
    if spoken is None or (asked is not None and walked()):
        spoken = closest(asked if asked is not None else of_browser()) or ENGLISH
        st.session_state[_SPOKEN] = spoken
    speak(spoken)
    if asked is not None and closest(asked) is None:
        st.sidebar.warning(plain(no_catalogue(asked)))


def of_browser() -> str:
    """Return the language that the browser asks for, English where it asks for one that there is not."""
    return closest(st.context.locale or "") or ENGLISH


def in_callback() -> None:
    """Say everything in the language of the session from here on: a callback comes before its run has begun."""
    speak(value_of(_SPOKEN) or ENGLISH)


def written() -> dict[str, str]:
    """Return the URL parameter that brings the language back, where the address would not do so without it."""
    return {LANGUAGE: language()} if {language(), of_browser()} != {ENGLISH} else {}


def switch() -> None:
    """Show, where there is more than one language, what switches between them, each by its own name."""
    from babel.core import Locale

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
            format_func=lambda key: Locale.parse(key, sep="-").get_display_name() or key,
            on_change=switched,
        )
