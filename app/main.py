"""What ``streamlit run app/main.py`` is given: the app, and beside it what pages need under whatever prefix."""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path

import streamlit as st
from starlette.convertors import StringConvertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from app.player import PLOTLY_FILE
from landscape.render.player.payload import plotly_script
from landscape.render.scratch import sweep

HERE = Path(__file__).parent
INDEX = Path(st.__file__).parent / "static" / "index.html"


class PageAddress(StringConvertor):
    """Words that are addresses of pages, not names of files."""

    regex = "[a-z][a-z-]*"


@cache
def _plotly(packed: bool) -> bytes:
    script = plotly_script().encode("utf-8")
    return gzip.compress(script, mtime=0) if packed else script


def plotly_js(request: Request) -> Response:
    """Serve plotly.js. A digest of it is in the address, so a browser may keep it for good."""
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    headers |= {"Content-Encoding": "gzip"} if packed else {}
    return Response(_plotly(packed), media_type="text/javascript", headers=headers)


def index(request: object) -> HTMLResponse:
    """Serve Streamlit's page to whoever comes by a page's address, with the place of its server."""
    told = f"<head><script>{(HERE / 'base.js').read_text(encoding='utf-8')}</script>"
    page = INDEX.read_text(encoding="utf-8").replace("<head>", told, 1)
    return HTMLResponse(page, headers={"Cache-Control": "no-cache"})


sweep()
register_url_convertor("page", PageAddress())

# Streamlit mounts what is its own under this prefix; routes of our own stay where they are put.
base = st.get_option("server.baseUrlPath").strip("/")
prefix = f"/{base}" if base else ""
app = st.App(
    HERE / "script" / "router.py",
    routes=[Route(f"{prefix}/{PLOTLY_FILE}", plotly_js), Route(f"{prefix}/{{page:page}}", index)],
)
