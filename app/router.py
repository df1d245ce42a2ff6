"""The script that Streamlit runs: the list of pages, and the one that is asked for."""

from __future__ import annotations

import streamlit as st

from app.pages import descent
from app.state import presenting

# A new page is a file in app/pages with a function ``page`` and a line here. Its address must not be the file's name:
# before the first st.navigation of a server's life Streamlit takes app/pages/x.py for the script at /x, and a script
# that only defines a function is an empty page.
PAGES = [
    st.Page(descent.page, title="Watch the descent", icon=":material/landscape:", url_path="watch", default=True),
]

# Room for the picture: the page's margins are the one thing that the theme cannot set.
STYLE = "<style>.stMainBlockContainer { padding-inline: clamp(0.75rem, 2.5vw, 2.5rem); }</style>"

st.set_page_config(page_title="landscape", page_icon="⛰️", layout="wide", initial_sidebar_state=320)
st.html(STYLE)
st.navigation(PAGES, position="hidden" if presenting() else "sidebar").run()
