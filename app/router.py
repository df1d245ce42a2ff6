"""The script that Streamlit runs: the list of pages, and the one that is asked for."""

from __future__ import annotations

import streamlit as st

from app.pages import descent
from app.state import presenting

# A new page is a file in app/pages with a function ``page`` and a line here.
PAGES = [
    st.Page(descent.page, title="Watch the descent", icon=":material/landscape:", url_path="descent", default=True),
]

st.set_page_config(page_title="landscape", page_icon="⛰️", layout="wide", initial_sidebar_state=340)
st.navigation(PAGES, position="hidden" if presenting() else "sidebar").run()
