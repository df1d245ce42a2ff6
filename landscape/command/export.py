"""The command ``landscape export``: a figure, a film or a table of a recipe."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from landscape.claims import CLAIMS
from landscape.command.read import text_of
from landscape.command.spoken import tell
from landscape.errors import lookup
from landscape.experiment import Experiment
from landscape.figures import FIGURES
from landscape.language import tr
from landscape.lecture import Slide
from landscape.picture.sizes import PAGES, SCREENS
from landscape.picture.themes import THEMES
from landscape.progress import bar, telling
from landscape.recipe import plain
from landscape.render import FORMATS, save
from landscape.render.formats import ending_of, format_of
from landscape.scene import Scene
from landscape.words import clean

USUAL = "descent"
OPTIONS = ("theme", "size", "dpi", "step", "arithmetic", "seconds", "fps", "pages")


def _ways(choices: tuple[str, ...]) -> str:
    """Return the choices of a view, the middle ones of very many left out."""
    return "|".join(choices if len(choices) <= 8 else (*choices[:2], "…", choices[-1]))


def told() -> str:
    """Return what the command does."""
    figures = [
        [f"  {figure.key:18}", *(f"{n}={_ways(w)}" for n, w in figure.views.items())] for figure in FIGURES.values()
    ]
    return tr(
        """\
Make a figure, a film or a table of a recipe.

RECIPE is what the page saves under "Recipe", the JSON of a run; or that of a claim's result, or of one slide of a
lecture. The ending of OUT says what is made:

{formats}

An experiment may be shown as any figure that is made of one, and looked at in its ways:

{figures}

  landscape export run.json -o figure.pdf --size column --theme print
  landscape export run.json -o film.mp4 --seconds 8
  landscape export run.json -o relief.svg --look view=relief --step 40
  landscape export run.json -o basins.png --figure basins --look pixels=100
""",
        formats="\n".join(f"  .{ending:10} {format.title}" for ending, format in FORMATS.items()),
        figures="\n".join(map(" ".join, figures)),
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what this command takes."""
    parser.add_argument("recipe", type=Path, metavar="RECIPE", help=tr("a JSON file"))
    parser.add_argument("-o", "--output", type=Path, metavar="OUT", required=True, help=tr("the file that is made"))
    parser.add_argument("--figure", metavar="NAME", help=tr("what is shown (default: {figure})", figure=USUAL))
    parser.add_argument(
        "--look", type=_look, metavar="NAME=CHOICE", action="append", default=[], help=tr("how it is looked at")
    )
    parser.add_argument("--title", help=tr("the headline (default: what it is of itself)"))
    parser.add_argument("--theme", choices=[*THEMES], help=tr("its colours"))
    parser.add_argument(
        "--size",
        type=_size,
        help=tr(
            "{pages} or inches, of a film {screens} or pixels, as 8x5",
            pages=", ".join(PAGES),
            screens=", ".join(SCREENS),
        ),
    )
    parser.add_argument("--dpi", type=float, help=tr("dots an inch, of pictures"))
    parser.add_argument("--step", type=int, help=tr("where the playhead stands, in pictures (default: at the end)"))
    parser.add_argument(
        "--arithmetic", metavar="PATH", help=tr("the path whose step is told in numbers below a picture")
    )
    parser.add_argument("--seconds", type=float, help=tr("how long a film plays"))
    parser.add_argument("--fps", type=float, help=tr("frames a second, of films"))
    parser.add_argument("--pages", type=int, help=tr("how many pages at most, where each moment has one"))


def drawing_of(path: Path, figure: str | None, looks: Mapping[str, str]) -> Callable[[], Scene | None]:
    """Return what draws a recipe; raise ``ValueError`` that says what is wrong, and in which file."""
    text = text_of(path)
    try:
        data = plain.read(text, tr("a recipe"))
        if not isinstance(data, dict):
            raise TypeError(tr("a recipe is a JSON object"))
        if "slides" in data:
            raise ValueError(tr("this is a whole lecture; it is made into a file by: landscape lecture"))
        if {"claim", "figure", "experiment"} & set(data):
            if figure or looks:
                raise ValueError(tr("it says itself which figure it shows, and how"))
            return (Slide.from_recipe(data) if "title" in data else _claimed(data)).scene
        shown = lookup(FIGURES, figure or USUAL, tr("figure"))
        made = Experiment.from_json(text) if shown.of_experiment else shown.made(data)
        return partial(shown.scene, made, shown.looks(looks))
    except (ValueError, TypeError) as error:
        raise ValueError(f"{path}: {error}") from None


def _claimed(data: Mapping[str, Any]) -> Slide:
    """Return the slide of a claim's result."""
    claim = lookup(CLAIMS, data.get("claim", ""), tr("claim"))
    return Slide(claim.title, claim=claim.key, settings=data.get("settings", {}), seed=data.get("seed", 0))


def run(chosen: argparse.Namespace) -> int:
    """Make the file and say what it is called."""
    known = format_of(chosen.output, FORMATS).options
    options = {name: value for name in OPTIONS if (value := getattr(chosen, name)) is not None}
    wrong = next((name for name in options if name not in known), None)
    if wrong is not None:
        raise ValueError(tr(".{ending} has no --{option}", ending=ending_of(chosen.output.name, FORMATS), option=wrong))
    draw = drawing_of(chosen.recipe, chosen.figure, dict(chosen.look))
    with bar() as told, telling(told):
        scene = draw()
        if scene is None:
            raise ValueError(tr("{path}: a slide of words alone has nothing to draw", path=chosen.recipe))
        titled = scene if chosen.title is None else replace(scene, title=clean(chosen.title))
        saved = save(titled, chosen.output, **options)
    tell(saved.notes)
    print(chosen.output)
    return 0


def _look(typed: str) -> tuple[str, str]:
    name, equals, choice = typed.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(tr("must be NAME=CHOICE, not {typed!r}", typed=typed))
    return name, choice


def _size(typed: str) -> str | tuple[float, float]:
    if typed in PAGES or typed in SCREENS:
        return typed
    try:
        width, height = (float(side) for side in typed.split("x"))
    except ValueError:
        raise argparse.ArgumentTypeError(
            tr("must be a name or two lengths as 8x5, not {typed!r}", typed=typed)
        ) from None
    whole = width.is_integer() and height.is_integer()
    return (int(width), int(height)) if whole else (width, height)
