"""Watch the descent: optimizers run over one surface, loss and gradient norm move in step."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from app import frame, work
from app.ask import length, lesson, optimizers, predict, questions, release, starts, surface
from app.below import critical, export, formula, recipe, verdicts
from app.figured import Entry
from app.limits import allow
from app.page import Page, Shown
from app.pages import swarm
from app.state import Desk, Rules, presenting
from app.text import plain
from landscape.experiment import Experiment
from landscape.figures.descent import DEEPER, FIGURE
from landscape.language import mark
from landscape.live.change import changed
from landscape.surfaces import SURFACES


@cache
def first() -> Experiment:
    """Return the run that a newcomer meets."""
    return lesson.opened(SURFACES["escaping_saddle"])


def _looks(asked: Experiment) -> dict[str, str]:
    """Return how a lesson is seen."""
    shown = lesson.of(asked)
    if shown is None:
        return {}
    flat = next(name for name in FIGURE.views["flat"] if float(name) == shown.threshold)
    return {"view": "relief" if shown.relief else "map", "flat": flat}


rules = Rules(first, lesson.read, Experiment.to_query, allow, FIGURE.views, _looks)


def _question(desk: Desk[Experiment]) -> str:
    shown = lesson.of(desk.recipe)
    if presenting() and predict.told(desk):
        return predict.told(desk)
    return shown.question if shown else plain(desk.recipe.title or surface.title(desk.recipe.surface))


def _look(desk: Desk[Experiment]) -> str:
    """Return what the lesson says, true of this very run; of any other run what it shows itself."""
    asked, shown = desk.recipe, lesson.of(desk.recipe)
    if shown and shown.words:
        return shown.words
    teaches = "" if asked.surface.name == surface.OWN else asked.surface.info.teaches
    try:
        return plain(f"{work.run(asked).words} {teaches}".strip(), 4000)
    except (ValueError, ArithmeticError):  # said in the picture's place
        return plain(teaches, 1000)


def _switches(desk: Desk[Experiment]) -> None:
    if desk.recipe.surface.n_dims == 2:
        frame.switch(desk, "view", mark("Shown as"), {"map": mark("Map"), "relief": mark("Relief")})
        deeper = {name: critical.COLORS[name] for name in DEEPER if name == desk.view("color")}
        frame.switch(desk, "color", mark("Colour"), {"log": mark("Log colour"), "linear": mark("Linear")} | deeper)


def _start(desk: Desk[Experiment], point: tuple[float, ...]) -> None:
    starts.add(desk, point[: desk.recipe.surface.n_dims])


def _change(desk: Desk[Experiment], told: Mapping[str, Any]) -> None:
    starts.change(desk, lambda experiment: changed(experiment, told), "pick")


def _ask(desk: Desk[Experiment]) -> None:
    questions.four(desk)
    lesson.back(desk)
    predict.switch(desk)


def _export(shown: Shown[Experiment]) -> None:
    export.show(shown)
    recipe.files(shown)


page = Page(
    Entry("descent", mark("Watch the descent"), ":material/landscape:", "watch"),
    rules,
    question=_question,
    look=_look,
    ask=_ask,
    before=predict.before,
    over=predict.reply,
    switches=_switches,
    figure=FIGURE,
    under=lambda desk: release.release(desk, swarm.allow, swarm.page.entry.url),
    on_pick=_start,
    on_change=_change,
    sliders=lambda desk: {**optimizers.sliders(desk), **length.sliders(desk)},
    tabs={
        mark("Verdicts"): verdicts.with_plateaus,
        mark("Starts"): lambda shown: starts.editor(shown.desk),
        mark("Formula"): formula.show,
        mark("Export"): _export,
        mark("Recipe"): recipe.show,
        mark("Critical points"): critical.show,
    },
    file=lambda desk: surface.file_name(desk.recipe.surface),
    holds=True,
    present=predict.present_button,
)
