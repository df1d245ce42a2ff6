"""High dimensions: optimizers leave saddles that no map shows, and what a slice hides stands beside it."""

from __future__ import annotations

from functools import cache

import streamlit as st

from app import frame, work
from app import high_dims_recipe as recipes
from app.ask import length, optimizers, questions
from app.ask.controls import choice, number, numbers
from app.ask.length import SEED
from app.ask.surface import file_name
from app.below import export, verdicts
from app.page import Page, Shown, Views
from app.state import Desk, Rules
from app.text import plain
from landscape.analysis.high_dims import PLANES, high_dims_study
from landscape.analysis.slices_study import slices_study
from landscape.experiment import Experiment, Run
from landscape.parameter import Parameter
from landscape.picture.scene import Scene
from landscape.recipe.starts import Beside, Random
from landscape.scenes.high_dims import high_dims_scene
from landscape.scenes.slices import slices_scene
from landscape.surfaces.families import family

VIEWS = {"show": ("paths", "slices"), "plane": tuple(PLANES), "view": ("map", "relief")}

DIMS = Parameter("n", 1000, 2, recipes.MOST_DIMS, "number of dimensions", log=True, integer=True, minimum=2)
OFFSET = Parameter("offset", recipes.OFFSET, 1e-6, 10, "distance from the saddle", log=True, minimum=1e-12)

QUESTION = "Where does a path leave a saddle of 1000 dimensions?"
LOOK = (
    "Beside the saddle 700 directions rise to both sides and 300 fall. Watch the two distances from the saddle: each "
    "optimizer leaves where the ground falls, in its own time, while the index goes from 300 to 0."
)
LIE = (
    "All six maps show the same saddle. A random direction averages over all eigenvalues, so that the falling ones "
    "drown wherever most rise; only the map along the Hessian's own extreme eigenvectors is sure to show the way down."
)

Bench = Desk[Experiment]


@cache
def rules() -> Rules[Experiment]:
    """Return what the desk needs to know of experiments in many dimensions."""
    return Rules(recipes.first(), recipes.read, Experiment.to_query, recipes.allow, VIEWS)


def _run(experiment: Experiment) -> Run:
    return work.run(experiment, recipes.kept(experiment))


def scene(experiment: Experiment, views: Views) -> Scene:
    """Return the run on a plane, or slices through the saddle."""
    if views["show"] == "slices":
        return slices_scene(slices_study(experiment.surface, seed=experiment.seed))
    run = _run(experiment)
    study = high_dims_study(run.trajectories, views["plane"], seed=experiment.seed)
    return high_dims_scene(run, study, relief=views["view"] == "relief")


def _sliced(desk: Bench) -> bool:
    return desk.view("show") == "slices"


def _question(desk: Bench) -> str:
    surface = desk.recipe.surface
    if _sliced(desk):
        return "Your slice lies"
    return QUESTION if desk.recipe == recipes.first() else plain(f"{surface.title} in {surface.n_dims:,} dimensions")


def _look(desk: Bench) -> str:
    if _sliced(desk):
        return LIE
    return LOOK if desk.recipe == recipes.first() else plain(desk.recipe.surface.info.teaches, 1000)


def _switches(desk: Bench) -> None:
    frame.switch(desk, "show", "Show", {"paths": "The run", "slices": "Your slice lies"})
    if not _sliced(desk):
        frame.switch(desk, "view", "Ground", {"map": "Map", "relief": "Relief"})


def _planes(desk: Bench) -> None:
    if not _sliced(desk):
        frame.switch(desk, "plane", "Plane", PLANES)


def _ask(desk: Bench) -> None:
    recipe = desk.recipe
    offset = recipes.offset_of(recipe)
    asked = (
        ("Which surface?", f"{recipe.surface.title}, n = {recipe.surface.n_dims:,}", _surface),
        ("Which optimizers?", optimizers.names(desk, 99), optimizers.optimizers),
        ("From where?", "a random point" if offset is None else f"{offset:g} beside the saddle", _start),
        ("How long?", length.words(desk), length.pace),
    )
    questions.fold(desk, asked)


def _surface(desk: Bench) -> None:
    surface = desk.recipe.surface
    choice(
        desk,
        "surface",
        "Surface",
        list(recipes.OFFERED),
        surface.name,
        lambda name: recipes.OFFERED[name].label,
        lambda e, name: recipes.placed(e, family(name), recipes.OFFSET),
        label_visibility="collapsed",
    )
    st.caption(plain(surface.info.teaches, 1000))
    if recipes.chooses_dims(surface):
        number(desk, "n_dims", DIMS, surface.n_dims, lambda e, value: recipes.resized(e, int(value)), "Dimensions n")
    numbers(
        desk, f"surface.{surface.name}", surface.parameters, lambda name: surface.settings[name], recipes.with_setting
    )


def _start(desk: Bench) -> None:
    recipe = desk.recipe
    offset = recipes.offset_of(recipe)
    titles = {"beside": "Beside the saddle", "random": "At a random point"}
    choice(
        desk,
        "start",
        "Start",
        list(titles),
        "random" if offset is None else "beside",
        titles.__getitem__,
        lambda e, name: e.replace(starts=Random(1, e.seed) if name == "random" else Beside(recipes.OFFSET, e.seed)),
        label_visibility="collapsed",
    )
    if offset is not None:
        number(desk, "offset", OFFSET, offset, lambda e, v: e.replace(starts=Beside(v, e.seed)))
    number(desk, "start.seed", SEED, recipe.seed, lambda e, value: recipes.reseeded(e, int(value)))


def _verdicts(shown: Shown[Experiment]) -> None:
    """Show how each path ended and what it asked of the surface; of the slices there is nothing to tell."""
    if _sliced(shown.desk):
        st.caption("The slices show the ground alone; the run has the verdicts.")
        return
    verdicts.show(shown, _run(shown.desk.recipe))
    st.caption("Evaluations count in gradients: a Hessian-vector product is one, a Hessian n of them.")


def _formula(shown: Shown[Experiment]) -> None:
    surface = shown.desk.recipe.surface
    st.latex(surface.latex())
    st.markdown(plain(surface.info.teaches, 1000))


page = Page(
    key="high_dimensions",
    title="High dimensions",
    icon=":material/filter_9_plus:",
    url="many-dimensions",
    rules=rules,
    question=_question,
    look=_look,
    ask=_ask,
    switches=_switches,
    over=_planes,
    scene=scene,
    tabs={"Verdicts": _verdicts, "Formula": _formula, "Export": export.show},
    wait="Stepping and looking",
    file=lambda desk: file_name(desk.recipe.surface),
)
