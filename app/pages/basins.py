"""Basins: where every start ends up under each optimizer, and how long it takes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import streamlit as st

from app import frame, work
from app.ask import length, optimizers, questions, surface
from app.ask.controls import choice
from app.below import export, recipe
from app.limits import MAX_PATHS, MAX_SEED
from app.page import Page, Shown
from app.player import picked, player
from app.runs import Read, on_gallery
from app.state import Desk, Rules
from app.text import number as words
from app.text import plain, point
from landscape.analysis.basins import Basins, Refinement, refine_basins
from landscape.experiment import Experiment
from landscape.figures.basins import FIGURE, key_of
from landscape.optimizers import optimizer
from landscape.optimizers.base import ElementwiseOptimizer
from landscape.recipe.starts import Given
from landscape.render.player.payload import player_payload
from landscape.scene import Scene
from landscape.scenes.basins import basins_scene
from landscape.surfaces import SURFACES
from landscape.words import count

Bench = Desk[Experiment]

QUESTION = "Which minimum do you get?"
LOOK = (
    "Every pixel is a start, its colour the minimum where it comes to rest; the darker, the later. SGD mostly takes "
    "the nearest minimum, but momentum swings past it: along the borders the smallest difference decides where it ends."
)
EVERY = 0.4
"""Seconds between two looks at a map in the making."""

MOST_WORK = 1_000_000_000
"""Pixels times steps times optimizers that this page computes: half a minute at most."""

SLOWER = {"newton": 450, "saddle_free_newton": 450, "trust_region": 45_000}
"""What a step of an optimizer that is not compiled takes, in compiled ones (2 ns); others 1000."""

MOST_STEPS = 10_000
MOST_OPTIMIZERS = 6


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
        starts=Given(((0.5, 3.5),)),
        n_steps=600,
    )


def _read(query: Mapping[str, str], default: Experiment) -> Read:
    experiment, problems = on_gallery(query, default)
    return _one_start(experiment), problems


def _one_start(experiment: Experiment) -> Experiment:
    """Return the experiment from its first start; one of very many starts as it is, to be refused."""
    many = experiment.n_starts > MAX_PATHS
    return experiment if many or experiment.n_starts == 1 else experiment.replace(starts=experiment.points[:1])


def _allow(experiment: Experiment) -> None:
    # Coarser maps are offered for what the finest cannot do: the smallest one decides what is possible at all.
    allow(_one_start(experiment), min(map(int, FIGURE.views["pixels"])))


def allow(experiment: Experiment, pixels: int) -> None:
    """Raise ``ValueError`` where this page cannot compute a map."""
    surface, walkers = experiment.surface, len(experiment.optimizers)
    if surface.n_dims != 2:
        raise ValueError(f"a map of basins needs a surface of two dimensions; {surface.title} has {surface.n_dims}")
    if not 1 <= experiment.n_steps <= MOST_STEPS:
        raise ValueError(f"this page takes 1 to {MOST_STEPS:,} steps, not {experiment.n_steps:,}")
    if walkers > MOST_OPTIMIZERS:
        raise ValueError(f"this page compares at most {MOST_OPTIMIZERS} optimizers, not {walkers}")
    if experiment.n_starts > 1:
        raise ValueError(f"this page draws the paths of one start, not of {experiment.n_starts}")
    if experiment.noise is not None:
        raise ValueError("maps of basins are drawn without noise: with it a start has no one end")
    if any(one.draws for one in experiment.optimizers):
        drawing = next(one for one in experiment.optimizers if one.draws)
        raise ValueError(f"{drawing.title} draws random numbers: under it a start has no one end")
    if experiment.seed > MAX_SEED:
        raise ValueError(f"seed must be at most {MAX_SEED}, not {experiment.seed}")
    slowness = sum(
        1 if isinstance(one, ElementwiseOptimizer) else SLOWER.get(one.key, 1000) for one in experiment.optimizers
    )
    if pixels * pixels * slowness * experiment.n_steps > MOST_WORK:
        most = MOST_WORK // (pixels * pixels * slowness)
        raise ValueError(
            f"{pixels} x {pixels} pixels, {walkers} optimizers and {experiment.n_steps:,} steps are more than this "
            f"page computes; at most {most:,} steps, fewer pixels, or optimizers of the first order"
        )


rules = Rules(first, _read, Experiment.to_query, _allow, FIGURE.views)


def making(experiment: Experiment, pixels: int) -> work.Job[Refinement]:
    """Return the map of an experiment once there is something to see of it; it goes on while it is looked at."""
    return work.look(key_of(experiment, pixels), lambda: _refined(experiment, pixels))


def _refined(x: Experiment, pixels: int) -> Refinement:
    refined = refine_basins(x.surface, x.optimizers, (pixels, pixels), x.n_steps, x.schedule, seed=x.seed)
    for latest in refined:
        work.tell(latest)
    return latest


def scene(experiment: Experiment, basins: Basins) -> Scene:
    """Return the picture of a map with the paths from the experiment's start over it."""
    return basins_scene(basins, work.run(experiment))


def _pixels(desk: Bench) -> int:
    return int(desk.view("pixels"))


def _ask(desk: Bench) -> None:
    recipe = desk.recipe
    asked = (
        ("Which surface?", surface.title(recipe.surface), _surface),
        ("Which optimizers?", optimizers.names(desk, 99), optimizers.optimizers),
        ("How long?", f"at most {count(recipe.n_steps, 'step')}", length.steps),
    )
    questions.fold(desk, asked)


def _surface(desk: Bench) -> None:
    choice(
        desk,
        "surface",
        "Surface",
        [*(name for name, one in SURFACES.items() if one.n_dims == 2), surface.OWN],
        desk.recipe.surface.name,
        lambda name: surface.OWN_TITLE if name == surface.OWN else SURFACES[name].title,
        lambda experiment, name: surface.on_surface(
            experiment, surface.first_formula() if name == surface.OWN else SURFACES[name]
        ),
        label_visibility="collapsed",
    )
    if desk.recipe.surface.name == surface.OWN:
        surface.own(desk)
    else:
        surface.settings(desk)


def _live(desk: Bench, theme: str, present: bool) -> bool:
    """Show the map; while it is refined it comes again by itself, and the page beside it stays."""
    # A change of surface may suggest several starts; here one is drawn.
    desk.recipe = _one_start(desk.recipe)
    try:
        allow(desk.recipe, _pixels(desk))
    except ValueError as error:
        st.error(plain(f"{error}."))
        return False
    made = making(desk.recipe, _pixels(desk))

    @st.fragment(run_every=None if made.finished else EVERY)
    def look() -> None:
        if st.session_state.pop(desk.key("picked"), False):
            st.rerun()  # the address and the other tabs tell of the start too
        now = making(desk.recipe, _pixels(desk))
        _show(desk, now, theme, present)
        if now.finished and not made.finished:
            st.rerun()

    look()
    return True


def _show(desk: Bench, made: work.Job[Refinement], theme: str, present: bool) -> None:
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
            desk.edit("pick", lambda experiment: experiment.replace(starts=Given((start,))))

    player(player_payload(scene(desk.recipe, basins), theme=theme), key=key, present=present, on_pick=pick)
    if present:
        return
    if not made.finished:
        st.progress(share, text=f"{100 * share:.0f} % of all starts, {len(basins.x)} x {len(basins.y)} pixels shown")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"The paths start at {plain(point(desk.recipe.points[0]))}. Click in a map for another start.",
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


def _export(shown: Shown[Experiment]) -> None:
    desk = shown.desk
    made = making(desk.recipe, _pixels(desk))
    if made.latest is None or not made.finished:
        st.caption("Files are made once the map is whole.")
        return
    basins = made.latest.basins
    export.panel(desk, lambda: scene(desk.recipe, basins), shown.file)


def _newcomer(desk: Bench) -> bool:
    return desk.recipe.replace(starts=first().starts) == first()


page = Page(
    key="basins",
    title="Basins",
    icon=":material/water_drop:",
    url="which-minimum",
    rules=rules,
    question=lambda desk: QUESTION if _newcomer(desk) else plain(desk.recipe.surface.title),
    look=lambda desk: LOOK if _newcomer(desk) else plain(desk.recipe.surface.info.teaches, 1000),
    ask=_ask,
    switches=lambda desk: frame.switch(
        desk, "pixels", "Pixels a side", {side: f"{side}²" for side in sorted(FIGURE.views["pixels"], key=int)}
    ),
    figure=FIGURE,
    picture=_live,
    tabs={"Export": _export, "Recipe": recipe.show},
    file=lambda desk: "landscape-basins",
)
