"""High dimensions: optimizers leave saddles that no map shows, and what a slice hides stands beside it."""

from __future__ import annotations

from functools import cache

import streamlit as st

from app import compute_high_dims as compute
from app import export, frame, output, questions, verdicts
from app import high_dims_recipe as recipes
from app.controls import choice, number, numbers
from app.player import player
from app.questions import SEED
from app.state import Desk, Rules, mirror, open_desk, presenting
from app.text import plain, sentence
from landscape.analysis.high_dims import PLANES
from landscape.experiment import Experiment
from landscape.parameter import Parameter
from landscape.picture.scene import Scene
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
    return Rules(recipes.first(), recipes.read, recipes.write, recipes.allow, VIEWS)


def page() -> None:
    desk = open_desk("high_dimensions", rules())
    theme = st.context.theme.type or "light"
    if presenting():
        _picture(desk, "dark" if theme == "dark" else "projector", present=True)
        return
    with st.sidebar:
        _ask(desk)
    frame.refused(desk)
    _heading(desk)
    if _picture(desk, theme):
        below = st.tabs(["Verdicts", "Formula", "Export"])
        with below[0]:
            _verdicts(desk, theme)
        with below[1]:
            st.latex(desk.recipe.surface.latex())
            st.markdown(plain(desk.recipe.surface.info.teaches, 1000))
        with below[2]:
            export.panel(desk, lambda: _scene(desk), output.file_name(desk))
    mirror(desk)


def _ask(desk: Bench) -> None:
    recipe = desk.recipe
    offset = recipes.offset_of(recipe)
    asked = (
        ("Which surface?", f"{recipe.surface.title}, n = {recipe.surface.n_dims:,}", _surface),
        ("Which optimizers?", ", ".join(one.title for one in recipe.optimizers), questions.optimizers),
        ("From where?", "a random point" if offset is None else f"{offset:g} beside the saddle", _start),
        ("How long?", questions.length_of(desk), questions.pace),
    )
    frame.ask(desk, asked)


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
        lambda e, name: e.replace(
            starts=recipes.anywhere(e.surface, e.seed)
            if name == "random"
            else recipes.beside(e.surface, recipes.OFFSET, e.seed)
        ),
        label_visibility="collapsed",
    )
    if offset is not None:
        number(desk, "offset", OFFSET, offset, lambda e, v: e.replace(starts=recipes.beside(e.surface, v, e.seed)))
    number(desk, "start.seed", SEED, recipe.seed, lambda e, value: recipes.reseeded(e, int(value)))


def _heading(desk: Bench) -> None:
    newcomer = desk.recipe == recipes.first()
    sliced = desk.view("show") == "slices"
    surface = desk.recipe.surface
    title = QUESTION if newcomer else plain(f"{surface.title} in {surface.n_dims:,} dimensions")
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.subheader("Your slice lies" if sliced else title, anchor=False, width="stretch")
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            frame.switch(desk, "show", "Show", {"paths": "The run", "slices": "Your slice lies"})
            if not sliced:
                frame.switch(desk, "view", "Ground", {"map": "Map", "relief": "Relief"})
            frame.present_button(desk)
    st.markdown(LIE if sliced else LOOK if newcomer else plain(surface.info.teaches, 1000))
    if not sliced:
        frame.switch(desk, "plane", "Plane", PLANES)


def _verdicts(desk: Bench, theme: str) -> None:
    """Show how each path ended and what it asked of the surface; of the slices there is nothing to tell."""
    if desk.view("show") == "slices":
        st.caption("The slices show the ground alone; the run has the verdicts.")
        return
    verdicts.show(verdicts.lines(compute.run(desk.recipe), _scene(desk).tracks, theme))
    st.caption("Evaluations count in gradients: a Hessian-vector product is one, a Hessian n of them.")


def _scene(desk: Bench) -> Scene:
    if desk.view("show") == "slices":
        return compute.slices(desk.recipe)
    return compute.scene(desk.recipe, desk.view("plane"), desk.view("view") == "relief")


def _picture(desk: Bench, theme: str, present: bool = False) -> bool:
    """Show the picture, or say why there is none: a plane that does not exist, Lanczos that did not converge."""
    try:
        with st.spinner("Stepping and looking", show_time=True):
            if desk.view("show") == "slices":
                payload = compute.slices_payload(desk.recipe, theme)
            else:
                payload = compute.payload(desk.recipe, desk.view("plane"), desk.view("view") == "relief", theme)
    except (ValueError, ArithmeticError) as error:
        st.error(plain(sentence(error)))
        return False
    player(payload, key=desk.key("present" if present else f"player.{desk.view('show')}"), present=present)
    return True
