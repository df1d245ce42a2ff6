"""What ``streamlit run app/main.py`` is given: the app, and the plotly.js of the installed Plotly beside it."""

from __future__ import annotations

from pathlib import Path

import plotly
import streamlit as st
from starlette.responses import FileResponse
from starlette.routing import Route

from app.player import PLOTLY_ROUTE

PLOTLY_JS = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"


def plotly_js(request: object) -> FileResponse:
    """Serve plotly.min.js. Its version is in the address, so a browser may keep it for good."""
    return FileResponse(
        PLOTLY_JS,
        media_type="text/javascript",
        headers={"Cache-Control": "public, max-age=31536000, immutable"},
    )


app = st.App(Path(__file__).parent / "script" / "router.py", routes=[Route(PLOTLY_ROUTE, plotly_js)])
