"""The command ``landscape app``: the page, served by this machine."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import landscape
from landscape.language import language, set_language, tr


def place() -> Path:
    """Return the folder in which ``app/`` lies: inside the package in a wheel, beside it in the repository."""
    package = Path(landscape.__file__).parent
    inside = package / "_page"
    return inside if inside.is_dir() else package.parent


def told() -> str:
    """Return what the command does."""
    return tr(
        """\
Open the page in the browser.

It is served by this machine until Ctrl-C, and needs no network. What follows -- goes to Streamlit:

  landscape app --port 8080
  landscape app --no-browser --address 0.0.0.0 -- --server.baseUrlPath=/landscape
"""
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what this command takes."""
    parser.add_argument("--port", type=_port, default=8501, help=tr("where it is served (default: 8501)"))
    parser.add_argument(
        "--address", default="localhost", help=tr("who may come: 0.0.0.0 for everybody (default: this machine)")
    )
    parser.add_argument("--no-browser", action="store_true", help=tr("serve, and open no window"))
    parser.add_argument("streamlit", nargs="*", metavar="-- OPTION", help=tr("options of streamlit run"))


def run(chosen: argparse.Namespace) -> int:
    """Serve the page until it is stopped."""
    from streamlit.web import cli

    main = place() / "app" / "main.py"
    if not main.is_file():
        raise FileNotFoundError(tr("the page is not where it should be, {path}; install the package again", path=main))
    # Sessions run in threads of their own, in the language of the process.
    set_language(language())
    # The page is a package that stands on nobody's path but its own server's.
    sys.path.insert(0, str(place()))
    options = {
        "server.port": chosen.port,
        "server.address": chosen.address,
        "server.headless": str(chosen.no_browser).lower(),
        "server.fileWatcherType": "none",
        "server.showEmailPrompt": "false",
    }
    flags = [f"--{name}={value}" for name, value in options.items()]
    try:
        cli.main(["run", str(main), *flags, *chosen.streamlit], prog_name="streamlit")
    except SystemExit as left:
        # Streamlit has said why; its 1 would mean here that a claim failed.
        return 2 if left.code else 0
    return 0


def _port(typed: str) -> int:
    if not (typed.isascii() and typed.isdigit() and 0 < int(typed) < 65536):
        raise argparse.ArgumentTypeError(tr("must be a whole number from 1 to 65535, not {typed!r}", typed=typed))
    return int(typed)
