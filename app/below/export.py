"""The tab Export of every page: any format of ``landscape.render``, made from the scene that is shown.

Small files are made when their button is pressed. Films and packs are made apart (``app.exports``): the panel tells
how far they are, and what is done waits for whoever went to look at something else. Nothing here touches what the
player shows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import streamlit as st

from app import exports, work
from app.ask.controls import lasted
from app.below.options import ask, options_of
from app.language import fragment, in_callback
from app.page import Shown
from app.session import made_with
from app.state import Desk
from app.text import is_public, plain, sentence
from landscape.language import tr
from landscape.picture.sizes import PAGES, check_dpi, page, screen
from landscape.picture.steps import in_numbers
from landscape.picture.themes import LIGHT
from landscape.render import FORMATS, to_bytes
from landscape.render.film.video import SIZES, Plan
from landscape.render.paper.pen import Pen
from landscape.render.player.snippets import snippets
from landscape.render.words.caption import caption_of
from landscape.render.words.texts import has_script
from landscape.scene import Scene

EXPORT = "export.export"
"""Where a session keeps its one export in the making, the same on every page."""

MOST_PIXELS = 40_000_000
MOST_FILMED = 16_000_000_000
"""Pixels of a picture, and of all frames of a film, that this page makes."""

_TEXTS = {"txt": None, "tex": "latex", "md": "markdown", "json": "json", "py": "python"}
_PRINTED = ("title", "legend", "caption", "step", "transparent", "arithmetic")
_ICONS = {"zip": ":material/folder_zip:", "pptx": ":material/slideshow:", "steps.pdf": ":material/picture_as_pdf:"}
_SCREEN = 900
"""Width of the preview in pixels."""


@dataclass
class _Kept:
    """What a page's panel remembers: format, choices, why a start was refused, the last preview with what it shows."""

    ending: str = "pdf"
    chosen: dict[str, Any] = field(default_factory=dict)
    refused: ValueError | None = None
    preview: tuple[Scene, Mapping[str, Any], bytes] | None = None


def show(shown: Shown[Any]) -> None:
    """Offer what is on the screen."""
    panel(shown.desk, shown.scene, shown.file, shown.question)


def panel(desk: Desk[Any], scene: Callable[[], Scene], name: str, question: str = "") -> None:
    """Offer the scene as a file in every format, apart from the page: to choose one draws neither it nor its player.

    ``name`` is the file's name without its ending, ``question`` its headline, where there is one.
    """
    fragment(_panel)(desk, scene, name, question)


def _panel(desk: Desk[Any], scene: Callable[[], Scene], name: str, question: str) -> None:
    kept: _Kept = st.session_state.setdefault(desk.key("export"), _Kept())
    drawn = scene()
    # The link in a caption is the page's own: it brings back the views too, and whatever else the page asks.
    address, query = desk.link().split("?", 1)
    address = address if is_public(address) else ""  # others could not open what runs on this machine
    shown = replace(drawn, query=query, title=question or drawn.title)
    key = desk.key("export.format")
    offered = [
        ending for ending in FORMATS if (ending != "py" or has_script(shown)) and (ending != "json" or shown.recipe)
    ]
    wanted = (st.session_state.get(key), kept.ending, offered[0])
    ending = next(one for one in wanted if one in offered)
    kept.ending = ending = st.selectbox(
        tr("Format"),
        offered,
        format_func=lambda one: f"{FORMATS[one].title} (.{one})",
        placeholder=tr("Format"),
        width=340,
        **made_with(key, ending, index=offered.index(ending)),
    )
    chosen = ask(options_of(ending, shown), kept.chosen, lambda place: desk.key(f"export.{place}"), shown)
    options = {**chosen, **({"address": address} if "address" in FORMATS[ending].options else {})}
    problem = _refusal(ending, shown, options)
    if problem:
        st.error(plain(sentence(problem)))
    elif FORMATS[ending].slow:
        _start_button(desk, kept, shown, f"{name}.{ending}", ending, options)
    else:
        st.download_button(
            tr("Download {format}", format=FORMATS[ending].title),
            data=partial(to_bytes, shown, ending, **options),
            file_name=f"{name}.{ending}",
            icon=":material/download:",
            key=desk.key("export.download"),
            on_click="ignore",
            type="primary",
        )
    note = Pen(shown, LIGHT, 1.0).note if "theme" in chosen and ending != "html" else ""
    if note:
        st.warning(plain(note, 1000))
    tell_progress(desk)
    if not problem and ending in _TEXTS:
        st.code(to_bytes(shown, ending, **options).decode(), language=_TEXTS[ending], wrap_lines=True, height=320)
    _preview(desk, kept, drawn, chosen, question)
    if ending == "html":
        _decks(f"{name}.html", shown)
    _captions(shown, address)
    _arithmetic(shown, chosen)


def _export() -> exports.Export | None:
    export: exports.Export | None = st.session_state.get(EXPORT)
    return export


def _refusal(ending: str, scene: Scene, options: Mapping[str, Any]) -> str:
    """Return why this page does not make the file, or nothing."""
    try:
        if "dpi" in options:
            size = page(options["size"])
            pixels = size.width * size.height * check_dpi(options["dpi"], size) ** 2
            if pixels > MOST_PIXELS:
                most = int((MOST_PIXELS / (size.width * size.height)) ** 0.5)
                return tr(
                    "that many dots are too much for this page; at this size it takes at most {most} an inch", most=most
                )
        if "fps" in options:
            if ending == "gif" and options["fps"] > 50:
                return tr("a GIF shows at most 50 frames a second: viewers slow faster ones down")
            plan = Plan.of(scene.n_steps, options["seconds"], options["fps"], options["hold"])
            width, height = screen(options["size"] if ending in SIZES else "1080p")
            if width * height * plan.n_frames > MOST_FILMED:
                most = MOST_FILMED // (width * height)
                return tr(
                    "{n} frames of this size are too many for this page; it makes at most {most}",
                    n=plan.n_frames,
                    most=most,
                )
    except (ValueError, TypeError) as error:
        return str(error)
    return ""


def _start_button(
    desk: Desk[Any], kept: _Kept, scene: Scene, name: str, ending: str, options: Mapping[str, Any]
) -> None:
    def start() -> None:
        in_callback()
        kept.refused = begin(name, ending, exports.writer_of(scene, options))

    st.button(
        tr("Make {format}", format=FORMATS[ending].title),
        icon=_ICONS.get(ending, ":material/movie:"),
        key=desk.key("export.make"),
        type="primary",
        disabled=is_busy(),
        on_click=start,
        help=tr("It is made apart from the page: the player goes on, and the file waits here."),
    )
    if kept.refused:
        st.error(plain(sentence(kept.refused)))


def begin(name: str, ending: str, write: exports.Writer) -> ValueError | None:
    """Start the session's export (``exports.start``); return what refused it, if anything did."""
    try:
        st.session_state[EXPORT] = exports.start(name, ending, write)
    except ValueError as error:
        return error
    return None


def is_busy() -> bool:
    """Tell whether the session's export is being made."""
    export = _export()
    return export is not None and not export.job.ended.is_set()


def tell_progress(desk: Desk[Any]) -> None:
    """Show how far the session's export is, and ask again every second until it is made."""
    if _export() is not None:
        fragment(_progress, run_every=1.0 if is_busy() else None)(desk)


def _progress(desk: Desk[Any]) -> None:
    """Tell how far the session's export is, or hand over its file."""
    export = _export()
    if export is None:
        return
    polled, name, job = desk.key("export.polled"), plain(export.name), export.job
    if not job.ended.is_set():
        st.session_state[polled] = export
        done, total, left = job.latest or (0, 1, None)
        if left is not None:
            far = tr("{file}: {percent}%, {seconds:.0f} s left", file=name, percent=100 * done // total, seconds=left)
        else:
            far = tr("{file}: waits for its turn", file=name) if job.stands else tr("{file}: getting ready", file=name)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.progress(min(done / total, 1.0), text=far)
            icon, cancel = ":material/close:", partial(work.cancel, job)
            st.button(tr("Cancel"), key=desk.key("export.cancel"), icon=icon, on_click=cancel)
        return
    if st.session_state.pop(polled, None) is export:
        # Once more with everything round it, which stops asking.
        st.rerun()
    if job.stopped:
        st.info(tr("{file} was cancelled; nothing is left of it.", file=name))
        return
    try:
        made = job.result()
    except exports.REFUSALS as error:
        why = plain(sentence(str(error) or type(error).__name__))
        st.error(tr("{file} could not be made: {why}", file=name, why=why))
        return
    st.download_button(
        tr("Download {file} ({size:.1f} MB)", file=name, size=len(made.data) / 1e6),
        data=made.data,
        file_name=export.name,
        icon=":material/download:",
        key=desk.key("export.fetch"),
        on_click="ignore",
        type="primary",
    )
    for note in made.notes:
        st.caption(plain(note, 1000))


def _preview(desk: Desk[Any], kept: _Kept, scene: Scene, chosen: Mapping[str, Any], question: str) -> None:
    """Show the printed figure at the resolution of the screen, once it was asked for."""
    place = "export.preview"
    made = made_with(desk.key(place), lasted(desk, place, False))
    if not st.toggle(tr("Preview the printed figure"), **made):
        return
    size = chosen.get("size")
    wanted = {
        "size": size if size in PAGES else "16:9",
        "theme": chosen.get("theme", "light"),
        "view": chosen.get("view"),
        **{name: chosen[name] for name in _PRINTED if name in chosen},
    }
    if kept.preview is None or kept.preview[0] is not scene or kept.preview[1] != wanted:
        dpi = _SCREEN / page(wanted["size"]).width
        kept.preview = (
            scene,
            wanted,
            to_bytes(replace(scene, title=question or scene.title), "png", dpi=dpi, **wanted),
        )
    st.image(kept.preview[2], width=_SCREEN)


def _arithmetic(scene: Scene, chosen: Mapping[str, Any]) -> None:
    """Show the step that is chosen in numbers, to copy, as text and for LaTeX."""
    told = in_numbers(scene, chosen.get("arithmetic", ""), chosen.get("step"))
    if told is not None:
        with st.expander(tr("One step in numbers to copy")):
            st.code(f"{told.head}\n\n{told.text}", language=None, wrap_lines=True)
            st.code(told.latex, language="latex", wrap_lines=True)


def _decks(file: str, scene: Scene) -> None:
    """Show the lines that put the slide into somebody's own deck."""
    with st.expander(tr("Lines to copy into a deck of your own")):
        st.caption(
            tr(
                "With `?embed` behind its name the slide is transparent, as large as its box, plays when it comes into "
                "sight, and leaves arrow keys, Escape and, at its end, the space bar to the deck. A dark deck takes "
                "the dark theme."
            )
        )
        lines = snippets(file, scene.title)
        for tab, text in zip(st.tabs([*lines]), lines.values(), strict=True):
            tab.code(text, language="html", wrap_lines=True)


def _captions(scene: Scene, address: str) -> None:
    """Show the caption to copy, as text and for LaTeX."""
    with st.expander(tr("Caption to copy")):
        words = caption_of(scene, address)
        st.code(words.text(), language=None, wrap_lines=True)
        st.code(words.latex(), language="latex", wrap_lines=True)
