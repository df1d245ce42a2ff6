"""The script that Streamlit runs: the page that is asked for."""

from __future__ import annotations

import streamlit as st

from app.frame import remember
from app.language import speak_here, switch
from app.sitemap import pages
from app.state import presenting
from app.text import plain
from app.work import yield_point
from landscape.declared import load_entry_points
from landscape.stopping import asking

# First of all: without an icon of its own the browser would be sent to a server for that of the page.
st.set_page_config(page_icon="⛰️", layout="wide", initial_sidebar_state=320)
speak_here()
listed = pages()
chosen = st.navigation([*listed.values()], position="hidden" if presenting() else "sidebar", expanded=True)
st.set_page_config(page_title=f"{chosen.title} · landscape")
remember(listed)
if not presenting():
    switch()
    for problem in load_entry_points():
        st.sidebar.warning(plain(f"{problem[0].upper()}{problem[1:]}"))
# What a page computes in its own script stops with it; the rest is up to the shelf (app.work).
with asking(yield_point):
    chosen.run()
