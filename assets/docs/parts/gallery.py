"""The gallery is what ``landscape site`` writes; it lies beside the pages, and every link on them leads somewhere."""

from __future__ import annotations

import re
import subprocess
import sys
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective, SphinxRole

from landscape.surfaces import GROUPS, SURFACES
from landscape.surfaces.formula import Formula


class InGallery(SphinxRole):
    """``:surface:`title <key>``` leads to a surface's page in the gallery, ``:gallery:`words <file>``` to any file."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the link."""
        title, _, place = self.text.rstrip(">").rpartition(" <")
        if self.name == "surface":
            place = f"surfaces/{place}.html"
        up = "../" * self.env.docname.count("/")
        return [nodes.reference("", title, refuri=f"{up}gallery/{place}")], []


class Cards(SphinxDirective):
    """``.. cards::``: every surface with its picture, by group, each leading to its page in the gallery."""

    def run(self) -> list[nodes.Node]:
        """Return a heading and cards for each group."""
        made: list[nodes.Node] = []
        for group, title in GROUPS.items():
            cards = "".join(card(one) for one in SURFACES.values() if one.info.group == group)
            section = nodes.section(ids=[nodes.make_id(f"group {group}")])
            section += nodes.title("", title)
            section += nodes.raw("", f'<ul class="ls-cards">{cards}</ul>', format="html")
            made.append(section)
        return made


def card(surface: Formula) -> str:
    """Return the card of a surface, its picture in light and in dark."""
    picture = f"gallery/pictures/surfaces/{surface.name}"
    images = "".join(
        f'<img class="only-{theme}" src="{picture}-{theme}.png" alt="" loading="lazy">' for theme in ("light", "dark")
    )
    title, teaches = escape(surface.title), escape(surface.info.teaches)
    return f'<li><a href="gallery/surfaces/{surface.name}.html">{images}<b>{title}</b></a><span>{teaches}</span></li>'


def begin(app: Sphinx) -> None:
    """Let the command write the gallery while the tutorials are executed."""
    if app.config.gallery and app.builder.name == "html":
        command = (sys.executable, "-m", "landscape", "site", str(app.outdir / "gallery"))
        app.gallery = subprocess.Popen(command, stderr=subprocess.PIPE)  # type: ignore[attr-defined]


def end(app: Sphinx, failure: Exception | None) -> None:
    """Wait for the gallery, and see that no page has a link that leads nowhere."""
    # What is raised here is told to all who wait for the end, once more to this one.
    command: subprocess.Popen[bytes] | None = vars(app).pop("gallery", None)
    if command is None:
        return
    if failure:
        command.terminate()
    told = command.communicate()[1]
    if failure:
        return
    if command.returncode:
        raise ExtensionError(f"landscape site failed: {told.decode(errors='replace')[-2000:]}")
    lost = sorted({f"{page}: {link}" for page, link in lost_links(Path(app.outdir))})
    if lost:
        raise ExtensionError("links that lead nowhere:\n" + "\n".join(lost))


def lost_links(folder: Path) -> list[tuple[str, str]]:
    """Return (page, link) of every link of our pages to a file or a place that is not there; the gallery has tests."""
    ours = (path for path in folder.rglob("*.html") if path.relative_to(folder).parts[0] != "gallery")
    texts = {path: path.read_text(encoding="utf-8") for path in ours}
    places = {path: set(re.findall(r'\bid="([^"]+)"', text)) for path, text in texts.items()}
    lost = []
    for page, text in texts.items():
        for link in re.findall(r'<(?:a|link|img|script)\b[^>]*?\b(?:href|src)="([^"]+)"', text):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page.resolve()
            known = places.get(target, {parts.fragment})
            if not target.is_file() or (parts.fragment and parts.fragment not in known):
                lost.append((str(page.relative_to(folder)), link))
    return lost


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx."""
    app.add_config_value("gallery", True, "", bool)
    app.add_directive("cards", Cards)
    app.add_role("surface", InGallery())
    app.add_role("gallery", InGallery())
    app.connect("builder-inited", begin)
    app.connect("build-finished", end)
    return {"parallel_read_safe": True}
