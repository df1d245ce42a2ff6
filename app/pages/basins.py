"""Basins: where every start ends up under each optimizer, and how long it takes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import streamlit as st

from app import compute_basins, export, frame, output, questions
from app.compute_basins import Making
from app.controls import choice, number, numbers, say
from app.player import picked, player
from app.state import Desk, Rules, mirror, open_desk, presenting
from app.text import number as words
from app.text import plain, point
from landscape.analysis.basins import Basins
from landscape.experiment import Experiment
from landscape.optimizers import optimizer
from landscape.surfaces import SURFACES, formula
from landscape.words import count

Bench = Desk[Experiment]

PIXELS = ("200", "100", "300", "400")
VIEWS = {"pixels": PIXELS}
QUESTION = "Which minimum do you get?"
LOOK = (
    "Every pixel is a start, its colour the minimum where it comes to rest; the darker, the later. SGD mostly takes "
    "the nearest minimum, but momentum swings past it: along the borders one hair's breadth decides where it ends."
)
EVERY = 0.4
"""Seconds between two looks at a map in the making."""


@cache
def first() -> Experiment:
    """Return the maps that the page opens with."""
    return Experiment(
        surface=SURFACES["himmelblau"],
        optimizers=(
            optimizer("sgd", learning_rate=0.01),
            optimizer("momentum", learning_rate=0.01),
            optimizer("rmsprop", learning_rate=0.01),
            optimizer("adam", learning_rate=0.1),
        ),
        starts=((0.5, 3.5),),
        n_steps=600,
    )


def _read(query: Mapping[str, str]) -> tuple[Experiment, tuple[str, ...]]:
    experiment, problems = questions.read(query, first())
    return _one_start(experiment), problems


def _one_start(experiment: Experiment) -> Experiment:
    return experiment.replace(starts=experiment.starts[:1])


def _allow(experiment: Experiment) -> None:
    # Coarser maps are offered for what the finest cannot do: the smallest one decides what is possible at all.
    compute_basins.allow(_one_start(experiment), min(map(int, PIXELS)))


@cache
def rules() -> Rules[Experiment]:
    """Return what the desk needs to know of maps."""
    return Rules(default=first(), read=_read, write=Experiment.to_query, allow=_allow, views=VIEWS)


def page() -> None:
    desk = open_desk("basins", rules())
    # A change of surface may suggest several starts; here one is drawn.
    desk.recipe = _one_start(desk.recipe)
    theme = st.context.theme.type or "light"
    if presenting():
        _live(desk, "dark" if theme == "dark" else "projector", True)
        return
    with st.sidebar:
        _ask(desk)
    frame.refused(desk)
    _heading(desk)
    try:
        compute_basins.allow(desk.recipe, _pixels(desk))
    except ValueError as error:
        st.error(plain(f"{error}."))
        mirror(desk)
        return
    _live(desk, theme, False)
    say(desk, "pick")
    below = st.tabs(["Export", "Recipe"])
    with below[0]:
        _export(desk)
    with below[1]:
        output.recipe(desk)
    mirror(desk)


def _pixels(desk: Bench) -> int:
    return int(desk.view("pixels"))


def _heading(desk: Bench) -> None:
    newcomer = desk.recipe.replace(starts=first().starts) == first()
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.subheader(QUESTION if newcomer else plain(desk.recipe.surface.title), anchor=False, width="stretch")
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            frame.switch(desk, "pixels", "Pixels a side", {side: f"{side}²" for side in sorted(PIXELS, key=int)})
            frame.present_button(desk)
    st.markdown(LOOK if newcomer else plain(desk.recipe.surface.info.teaches, 1000))


def _ask(desk: Bench) -> None:
    recipe = desk.recipe
    names = ", ".join(one.title for one in recipe.optimizers)
    asked = (
        ("Which surface?", questions.surface_title(recipe.surface), _surface),
        ("Which optimizers?", names, questions.optimizers),
        ("How long?", f"at most {count(recipe.n_steps, 'step')}", _length),
    )
    frame.ask(desk, asked)


def _surface(desk: Bench) -> None:
    surface = desk.recipe.surface
    choice(
        desk,
        "surface",
        "Surface",
        [*(name for name, one in SURFACES.items() if one.n_dims == 2), questions.OWN],
        surface.name,
        lambda name: questions.OWN_TITLE if name == questions.OWN else SURFACES[name].title,
        lambda experiment, name: questions.on_surface(
            experiment,
            formula(questions.FIRST_FORMULA, domain=((-3, 3), (-3, 3))) if name == questions.OWN else SURFACES[name],
        ),
        label_visibility="collapsed",
    )
    if surface.name == questions.OWN:
        questions.own(desk)
        return
    numbers(
        desk,
        f"surface.{surface.name}",
        surface.parameters,
        lambda name: surface.settings[name],
        lambda experiment, name, value: experiment.replace(surface=experiment.surface.with_settings(**{name: value})),
    )


def _length(desk: Bench) -> None:
    number(desk, "steps", questions.STEPS, desk.recipe.n_steps, lambda e, value: e.replace(n_steps=int(value)))


def _live(desk: Bench, theme: str, present: bool) -> None:
    """Show the map; while it is refined it comes again by itself, and the page beside it stays."""
    made = compute_basins.making(desk.recipe, _pixels(desk))

    @st.fragment(run_every=None if made.finished else EVERY)
    def look() -> None:
        if st.session_state.pop(desk.key("picked"), False):
            st.rerun()  # the address and the other tabs tell of the start too
        now = compute_basins.making(desk.recipe, _pixels(desk))
        _show(desk, now, theme, present)
        if now.finished and not made.finished:
            st.rerun()

    look()


def _show(desk: Bench, made: Making, theme: str, present: bool) -> None:
    if made.error:
        st.error(plain(f"The map could not be computed: {made.error}"))
    if made.latest is None:
        if not made.error:
            st.info("The first picture is still being computed.")
        return
    basins, share = made.latest.basins, made.latest.share
    key = desk.key("present" if present else "player")

    def pick() -> None:
        start = picked(key)
        if start is not None and len(start) == 2:
            st.session_state[desk.key("picked")] = True
            desk.edit("pick", lambda experiment: experiment.replace(starts=(start,)))

    player(compute_basins.payload(desk.recipe, basins, theme), key=key, present=present, on_pick=pick)
    if present:
        return
    if not made.finished:
        st.progress(share, text=f"{100 * share:.0f} % of all starts, {len(basins.x)} x {len(basins.y)} pixels shown")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"The paths start at {plain(point(desk.recipe.starts[0]))}. Click in a map for another start.",
            width="stretch",
        )
        if st.button("Watch these paths", key=desk.key("watch"), icon=":material/landscape:"):
            frame.open_in_descent(desk.recipe)
    st.markdown(_table(basins))


def _table(basins: Basins) -> str:
    """Return how the starts fared as a Markdown table, an optimizer a row."""
    fared = basins.summary
    shown = [outcome for outcome in fared[0].shares if any(one.shares[outcome] for one in fared)]
    head = ["optimizer", *(outcome.word for outcome in shown), "median steps to a minimum"]
    rows = [
        [
            plain(one.optimizer.label),
            *(f"{100 * one.shares[outcome]:.1f} %" for outcome in shown),
            words(one.median_steps) if one.median_steps == one.median_steps else "–",
        ]
        for one in fared
    ]
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _export(desk: Bench) -> None:
    made = compute_basins.making(desk.recipe, _pixels(desk))
    if made.latest is None or not made.finished:
        st.caption("Files are made once the map is whole.")
        return
    basins = made.latest.basins
    export.panel(desk, lambda: compute_basins.scene(desk.recipe, basins), "landscape-basins")
