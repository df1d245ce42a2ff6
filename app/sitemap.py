"""The pages of the app, in the order of the navigation; the first one is where people arrive."""

from __future__ import annotations

import streamlit as st
from streamlit.navigation.page import Page

from app.pages import descent


def pages() -> list[Page]:
    """Return the pages, made anew for every run of the script: Streamlit ties them to it.

    A new page is a file in app/pages with a function ``page`` and a line here. Its address must not be the file's
    name: before the first st.navigation of a server's life Streamlit takes app/pages/x.py for the script at /x, and a
    script that only defines a function is an empty page.
    """
    return [
        st.Page(descent.page, title="Watch the descent", icon=":material/landscape:", url_path="watch", default=True),
    ]
