"""The pages of the app, in the order of the navigation; the first one is where people arrive."""

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
    networks,
    saddles_or_minima,
    softmax_regression,
)


def pages() -> list[Page]:
    """Return the pages, made anew for every run of the script: Streamlit ties them to it.

    A new page is a file in app/pages with a function ``page``, and a line here.
    """
    return [
        st.Page(descent.page, title="Watch the descent", icon=":material/landscape:", url_path="watch", default=True),
        st.Page(softmax_regression.page, title="Softmax regression", icon=":material/category:", url_path="classify"),
        st.Page(networks.page, title="Networks", icon=":material/hub:", url_path="trained-networks"),
        st.Page(
            framework_example.page, title="The framework example", icon=":material/code:", url_path="first-program"
        ),
        st.Page(
            high_dimensions.page, title="High dimensions", icon=":material/filter_9_plus:", url_path="many-dimensions"
        ),
        st.Page(basins.page, title="Basins", icon=":material/water_drop:", url_path="which-minimum"),
        st.Page(fair_comparison.page, title="Fair comparison", icon=":material/tune:", url_path="fair-comparison"),
        st.Page(escape.page, title="Escape from a saddle", icon=":material/exit_to_app:", url_path="off-a-saddle"),
        st.Page(
            saddles_or_minima.page,
            title="Saddles against minima",
            icon=":material/balance:",
            url_path="how-many-minima",
        ),
        st.Page(claims.page, title="Claims", icon=":material/fact_check:", url_path="how-do-you-know"),
        st.Page(lecture.page, title="Lecture", icon=":material/co_present:", url_path="give-a-lecture"),
    ]
