"""The lecture pack: one zip with the present picture in every form, and a README that says what is what."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from landscape.language import mark, tr
from landscape.picture.camera import View
from landscape.picture.scene import Picture
from landscape.picture.sizes import PageSize, ScreenSize, page, screen
from landscape.picture.themes import Theme, theme_of
from landscape.progress import counting
from landscape.render import FORMATS
from landscape.render.files import zip_entry
from landscape.render.film.video import Plan
from landscape.render.formats import Format
from landscape.render.scratch import scratch
from landscape.render.words.caption import SOFTWARE, caption_of
from landscape.render.words.texts import script_of

# File -> what the README says of it.
FILES: dict[str, str] = {
    "figure.pdf": mark("the picture for LaTeX and for print: vector graphics, fonts embedded"),
    "figure.svg": mark("the picture for the web and for drawing programs: vector graphics, text stays text"),
    "figure.png": mark("the picture for documents that take pixels, 200 to the inch"),
    "film.mp4": mark("the film for PowerPoint and Keynote: H.264"),
    "film.gif": mark("the film for web pages and chats; it repeats"),
    "slide.html": mark("the live slide: open it in any browser, no network needed; space plays, arrows step"),
    "data.csv": mark("the data, one row a track and step; lines that start with # explain the columns"),
    "data.npz": mark("the data as NumPy arrays, with the recipe: numpy.load('data.npz')"),
    "caption.txt": mark("the caption"),
    "caption.tex": mark("a LaTeX figure with figure.pdf and the caption"),
    "caption.md": mark("figure.png with the caption in Markdown"),
    "recipe.json": mark("the recipe: landscape.Experiment.from_json opens it, and so does the page"),
    "script.py": mark("a Python script that makes the picture again"),
}
# What a file costs beside one frame of a film, for the progress bar.
_COST = {"pdf": 20, "svg": 20, "png": 20, "html": 8}


def write(
    scene: Picture,
    path: Path,
    *,
    size: PageSize = "16:9",
    theme: str | Theme = "light",
    video_size: ScreenSize = "1080p",
    gif_size: ScreenSize = "720p",
    seconds: float = 6.0,
    view: View | None = None,
    address: str = "",
) -> Sequence[str]:
    """Write every file of ``FILES`` and a README.txt into a zip; return what there is to tell.

    What is counted of it (``landscape.progress``) are frames, other files in proportion to their work. The same scene
    and options give the same bytes.
    """
    wanted = list(FILES)
    notes: list[str] = []
    page(size), screen(video_size), screen(gif_size), theme_of(theme)
    try:
        script_of(scene)
    except ValueError as error:
        wanted.remove("script.py")
        notes.append(tr("There is no script.py: {why}", why=error))
    if not scene.recipe:
        wanted.remove("recipe.json")
    sizes = {"mp4": video_size, "gif": gif_size}
    options: dict[str, Any] = {"size": size, "theme": theme, "view": view, "seconds": seconds, "address": address}
    frames = {ending: Plan.of(scene.n_steps, seconds, fps, 1.5).n_frames for ending, fps in (("mp4", 30), ("gif", 20))}
    costs = {name: frames.get(_ending(name), _COST.get(_ending(name), 1)) for name in wanted}
    with scratch() as folder, zipfile.ZipFile(path, "w") as pack, counting(sum(costs.values()), tr("files")) as count:
        for name in wanted:
            kind, file = FORMATS[_ending(name)], folder / name
            chosen = options | ({"size": sizes[_ending(name)]} if _ending(name) in sizes else {})
            with count.part(costs[name], name):
                notes += _write(kind, scene, file, chosen)
            _add(pack, name, file)
            file.unlink()
        notes = list(dict.fromkeys(notes))
        text = _readme(scene, [*wanted], notes, address)
        pack.writestr(zip_entry("README.txt"), text.encode())
    return notes


def _ending(name: str) -> str:
    return name.rsplit(".", 1)[1]


def _write(kind: Format, scene: Picture, file: Path, options: dict[str, Any]) -> Sequence[str]:
    """Write one file with those of the options that its format has."""
    notes: Sequence[str] = kind.write(scene, file, **{k: v for k, v in options.items() if k in kind.options})
    return notes


def _add(pack: zipfile.ZipFile, name: str, file: Path) -> None:
    with file.open("rb") as source, pack.open(zip_entry(name), "w") as target:
        shutil.copyfileobj(source, target)


def _readme(scene: Picture, names: Sequence[str], notes: Sequence[str], address: str) -> str:
    caption = caption_of(scene, address)
    title = caption.title or tr("Lecture pack")
    width = max(map(len, FILES)) + 2
    lines = [
        title,
        "=" * len(title),
        "",
        caption.text(),
        "",
        *(f"{name:<{width}}{tr(FILES[name])}" for name in names),
        "",
        *notes,
        *([""] if notes else []),
        tr("All files show the same run. Their colours are the same for the same optimizer, on the page and here."),
        tr("Made with {software} (MIT licence).", software=SOFTWARE),
    ]
    return "\n".join(lines) + "\n"
