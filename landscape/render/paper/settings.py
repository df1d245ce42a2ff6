"""Matplotlib's global settings, held still while a figure is made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import RLock
from typing import Any

from landscape.render.paper.fonts import has_cubic_outlines

_LOCK = RLock()


@contextmanager
def settings(fonts: Sequence[str]) -> Iterator[None]:
    """Draw with Matplotlib's own defaults and these font families, whatever the caller's settings are.

    Matplotlib keeps what a PDF embeds, how an SVG writes text and which fonts formulas use in one global table. It
    is set here under a lock, so that exports in several threads wait for each other instead of mixing theirs up,
    and put back afterwards.
    """
    import matplotlib as mpl

    with _LOCK, mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_ours(fonts))
        yield


def _ours(fonts: Sequence[str]) -> Any:
    first = fonts[0]
    return {
        # An SVG names its fonts: where it is read without them, another face without serifs does.
        "font.family": [*fonts, "sans-serif"],
        "font.sans-serif": [first, "Arial", "Helvetica"],
        # Powers of ten on logarithmic axes are set in the same face as the rest.
        "mathtext.fontset": "custom",
        "mathtext.rm": first,
        "mathtext.it": f"{first}:italic",
        "mathtext.bf": f"{first}:bold",
        "mathtext.sf": first,
        "mathtext.cal": first,
        "mathtext.tt": first,
        "mathtext.fallback": "stixsans",
        # Embedded as TrueType, which PostScript outlines are not: some readers refuse such a file, so those become
        # Type 3. The text stays text either way.
        "pdf.fonttype": 3 if any(map(has_cubic_outlines, fonts)) else 42,
        "svg.fonttype": "none",
        # A fixed salt gives the same ids, hence the same bytes, each time.
        "svg.hashsalt": "landscape",
    }
