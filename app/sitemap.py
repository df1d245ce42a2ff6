"""The pages of the app, in the order of the navigation; the first one is where people arrive.

A new page is a file in app/pages with a ``page``, and a line here.
"""

from __future__ import annotations

import streamlit as st
from streamlit.navigation.page import Page

from app.pages import (
    basins,
    claims,
    descent,
    escape,
    fair_comparison,
    framework_example,
    high_dimensions,
    lecture,
    matrices,
    networks,
    saddles_or_minima,
    softmax_regression,
    swarm,
)

PAGES = (
    descent.page,
    softmax_regression.page,
    networks.page,
    framework_example.page,
    high_dimensions.page,
    matrices.page,
    basins.page,
    swarm.page,
    fair_comparison.page,
    escape.page,
    saddles_or_minima.page,
    claims.page,
    lecture.page,
)


def pages() -> dict[str, Page]:
    """Return the pages by their addresses, made anew for every run of the script: Streamlit ties them to it."""
    return {
        at.url: st.Page(page, title=at.title, icon=at.icon, url_path=at.url, default=page is PAGES[0])
        for page, at in ((page, page.entry) for page in PAGES)
    }
