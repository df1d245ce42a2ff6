"""What ``streamlit run app/main.py`` is given: the app, and beside it what pages need under whatever prefix."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import streamlit as st
from starlette.convertors import StringConvertor, register_url_convertor
from starlette.responses import HTMLResponse
from starlette.routing import Route

from app import player, served
from landscape.declared import load_entry_points
from landscape.render.files import text_of
from landscape.render.scratch import sweep

HERE = Path(__file__).parent
INDEX = Path(st.__file__).parent / "static" / "index.html"


class PageAddress(StringConvertor):
    """Words that are addresses of pages, not names of files."""

    regex = "[a-z][a-z-]*"


def index(request: object) -> HTMLResponse:
    """Serve Streamlit's page with our styles, told where its server is and what the first picture will ask for."""
    script, style = (text_of("app", name) for name in ("base.js", "page.css"))
    ahead = "".join(
        f'<link rel="preload" as="{kind}" href="{file.address}"{more}>' for file, kind, more in player.FILES
    )
    told = f"<head><script>{script}</script><style>{style}</style>{ahead}"
    page = INDEX.read_text(encoding="utf-8").replace("<head>", told, 1)
    return HTMLResponse(page, headers={"Cache-Control": "no-cache"})


sweep()
# What pages compute with takes a second or two to import: it is there before anybody comes.
for name in ("app.sitemap", "sympy"):
    import_module(name)
load_entry_points()  # what other packages offer is in every menu; the router tells what of it failed
register_url_convertor("page", PageAddress())

# Streamlit mounts what is its own under this prefix; routes of our own stay where they are put.
base = st.get_option("server.baseUrlPath").strip("/")
prefix = f"/{base}" if base else ""
app = st.App(
    HERE / "script" / "router.py",
    routes=[
        Route(f"{prefix}/{served.FOLDER}/{{name}}", served.answer),
        *(Route(f"{prefix}/{address}", index) for address in ("", "{page:page}")),
    ],
)
