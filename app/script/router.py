"""The script that Streamlit runs: the page that is asked for."""

from __future__ import annotations

import streamlit as st

from app.frame import remember
from app.sitemap import pages
from app.state import presenting
from app.work import yield_point
from landscape.stopping import asking

# Room for the picture: the page's margins are the one thing that the theme cannot set.
# A table that is wider than a phone scrolls by itself, not with the page; long sentences in it stay readable.
STYLE = """<style>
.stMainBlockContainer { padding-inline: clamp(0.75rem, 2.5vw, 2.5rem); }
[data-testid="stMarkdownContainer"]:has(> table) { overflow-x: auto; }
.st-key-verdicts td:nth-last-child(5) { min-width: 15rem; }
</style>"""

st.set_page_config(page_title="landscape", page_icon="⛰️", layout="wide", initial_sidebar_state=320)
st.html(STYLE)
listed = pages()
chosen = st.navigation([*listed.values()], position="hidden" if presenting() else "sidebar")
remember(listed)
# What a page computes in its own script stops with it; the rest is up to the shelf (app.work).
with asking(yield_point):
    chosen.run()
