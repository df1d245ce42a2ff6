"""The script that Streamlit runs: the page that is asked for."""

from __future__ import annotations

import streamlit as st

from app.frame import remember
from app.sitemap import pages
from app.state import presenting
from app.work import yield_point
from landscape.stopping import asking

# Room for the picture: the page's margins are the one thing that the theme cannot set.
# A picture that another one will replace dims where that takes long, and what was said of it goes.
# Words of a run dim, too, while the paths in the picture are those of another one, moved by hand.
# A table that is wider than a phone scrolls by itself, not with the page; long sentences in it stay readable.
# The names of buttons that show an icon alone are there to be read aloud.
STYLE = """<style>
.stMainBlockContainer { padding-inline: clamp(0.75rem, 2.5vw, 2.5rem); }
[data-testid="stMarkdownContainer"]:has(> table) { overflow-x: auto; }
h1 { font-size: clamp(1.35rem, 2.2vw, 1.75rem) !important; padding-block: 0.25rem !important; }
h2 { font-size: 1.2rem !important; }
.skip { position: absolute; z-index: 999990; }
.skip:not(:focus) { clip-path: inset(50%); }
[data-stale="true"]:has(.ls-player) { opacity: 0.4; transition: opacity 0.2s 0.4s; }
[data-stale="true"] :is(.ls-verdict, .st-key-verdicts table) { visibility: hidden; transition: visibility 0s 0.4s; }
.stMain:has(.ls-changed) :is(h1, .st-key-of-the-run, .st-key-verdicts) { opacity: 0.25; transition: opacity 0.2s; }
.st-key-verdicts td:nth-last-child(5) { min-width: 15rem; }
[class*="-icons "] button [data-testid="stMarkdownContainer"] { position: absolute; clip-path: inset(50%); }
</style>"""

# First of all: without an icon of its own the browser would be sent to a server for that of the page.
st.set_page_config(page_icon="⛰️", layout="wide", initial_sidebar_state=320)
listed = pages()
chosen = st.navigation([*listed.values()], position="hidden" if presenting() else "sidebar")
st.set_page_config(page_title=f"{chosen.title} · landscape")
st.html(STYLE)
remember(listed)
# What a page computes in its own script stops with it; the rest is up to the shelf (app.work).
with asking(yield_point):
    chosen.run()
