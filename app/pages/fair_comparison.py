"""Fair comparison: every optimizer at every learning rate of one grid, with the same gradients to spend."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import streamlit as st

from app import compute_tuning, export, frame, output, questions
from app.player import player
from app.state import Desk, Rules, mirror, open_desk, presenting
from app.text import number as words
from app.text import plain
from landscape.analysis.tuning import asks_for_gradients_only
from landscape.experiment import Experiment
from landscape.optimizers import optimizer
from landscape.surfaces import SURFACES
from landscape.words import count

Bench = Desk[Experiment]

VIEWS = {"maps": ("off", "on")}
QUESTION = "Is Adam better, or only better tuned?"
LOOK = (
    "Each optimizer spends the same 200 gradients at each of the same 25 learning rates. Compare the lowest points of "
    "the curves, not one rate: SGD and momentum diverge where Adam is at its best, and momentum's best lies far below "
    "SGD's at the same learning rate."
)


@cache
def first() -> Experiment:
    """Return the comparison that the page opens with."""
    return Experiment(
        surface=SURFACES["rosenbrock"],
        optimizers=tuple(optimizer(name) for name in ("sgd", "momentum", "rmsprop", "adam")),
        starts=((-1.0, 1.5),),
        n_steps=200,
    )


def _read(query: Mapping[str, str]) -> tuple[Experiment, tuple[str, ...]]:
    return questions.read(query, first())


@cache
def rules() -> Rules[Experiment]:
    """Return what the desk needs to know of comparisons."""
    return Rules(default=first(), read=_read, write=Experiment.to_query, allow=compute_tuning.allow, views=VIEWS)


def page() -> None:
    desk = open_desk("tuning", rules())
    theme = st.context.theme.type or "light"
    if presenting():
        _picture(desk, "dark" if theme == "dark" else "projector", present=True)
        return
    with st.sidebar:
        questions.ask(desk)
    frame.refused(desk)
    newcomer = desk.recipe == first()
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.subheader(QUESTION if newcomer else plain(desk.recipe.surface.title), anchor=False, width="stretch")
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            frame.switch(desk, "maps", "Grid", {"off": "Learning rate", "on": "And momentum"})
            frame.present_button(desk)
    st.markdown(LOOK if newcomer else plain(desk.recipe.surface.info.teaches, 1000))
    if _picture(desk, theme):
        _rates(desk)
        below = st.tabs(["Grid", "Export", "Recipe"])
        with below[0]:
            _grid(desk)
        with below[1]:
            export.panel(desk, lambda: compute_tuning.scene(desk.recipe, _maps(desk)), "landscape-fair-comparison")
        with below[2]:
            _recipe(desk)
    mirror(desk)


def _maps(desk: Bench) -> bool:
    return desk.view("maps") == "on"


def _picture(desk: Bench, theme: str, present: bool = False) -> bool:
    """Show the comparison and tell whether there is one: a start may lie where the surface has no value."""
    try:
        payload = compute_tuning.payload(desk.recipe, _maps(desk), theme)
    except ValueError as error:
        st.error(plain(f"{error}."))
        return False
    player(payload, key=desk.key("present" if present else "player"), present=present)
    return True


def _rates(desk: Bench) -> None:
    """Show the best rate of each optimizer, and the way to the main page with them."""
    found = compute_tuning.compared(desk.recipe, _maps(desk))
    with st.container(horizontal=True, vertical_alignment="center"):
        text = (
            f"For every optimizer {count(found.n_steps, 'gradient')} from each start, at "
            f"{len(found.learning_rates)} learning rates from {words(float(found.learning_rates[0]))} to "
            f"{words(float(found.learning_rates[-1]))}."
        )
        if not all(map(asks_for_gradients_only, found.optimizers)):
            text += (
                f" Who asks for more takes fewer steps: a Hessian costs {found.surface.n_dims}, a product with it 1."
            )
        st.markdown(text, width="stretch")
        if st.button("Use these rates", key=desk.key("use"), icon=":material/landscape:"):
            frame.open_in_descent(desk.recipe.replace(optimizers=found.tuned()))
    rows = ["| optimizer | best learning rate | loss there | diverges from |", "| --- | --: | --: | --: |"]
    for index, one in enumerate(found.optimizers):
        best, gone = found.best(index), found.diverges_from(index)
        cells = [
            plain(one.title),
            "none: it diverges at all" if best is None else words(float(found.learning_rates[best]), 3),
            "–"
            if best is None
            else words(float(found.losses[index, best]), 3)
            + (" (outside the picture)" if found.left[index, best] > 0.5 else ""),
            "–" if gone is None else words(gone, 3),
        ]
        rows.append(f"| {' | '.join(cells)} |")
    st.markdown("\n".join(rows))


def _grid(desk: Bench) -> None:
    found = compute_tuning.compared(desk.recipe, _maps(desk))
    titles = [f"{index + 1}. {one.title}" for index, one in enumerate(found.optimizers)]
    st.caption("The loss at every learning rate of the grid; ∞ where the median start diverged.")
    st.dataframe(
        [
            {"learning rate": words(rate, 3)}
            | {title: words(loss, 4).replace("inf", "∞") for title, loss in zip(titles, losses, strict=True)}
            for rate, losses in zip(found.learning_rates.tolist(), found.losses.T.tolist(), strict=True)
        ],
        hide_index=True,
        width="stretch",
    )


def _recipe(desk: Bench) -> None:
    """Show the link, and the Python script that makes the same figure."""
    other = f", other={list(compute_tuning.MEMORIES)}" if _maps(desk) else ""
    st.caption("The link that opens this comparison again:")
    st.code(desk.link(), language=None, wrap_lines=True)
    st.caption("The same figure in Python:")
    st.code(
        "import landscape as ls\n"
        "from landscape.scenes.tuning import tuning_scene\n\n"
        f"x = ls.Experiment.from_json({desk.recipe.to_json()!r})\n"
        "found = ls.tuning(\n"
        f"    x.surface, x.optimizers, x.starts, x.n_steps{other}, schedule=x.schedule, seed=x.seed\n"
        ")\n"
        'tuning_scene(found).save("fair-comparison.pdf")\n',
        language="python",
    )
    output.files(desk)
