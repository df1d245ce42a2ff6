"""Networks: what the ground under a small network is like, with and without batch normalization."""

from __future__ import annotations

from functools import cache

import streamlit as st

from app import compute_networks, export, frame
from app.controls import choice, number
from app.networks_recipe import ACTIVATIONS, PARAMETERS, TITLES, Study, read
from app.player import player
from app.state import Desk, Rules, mirror, open_desk, presenting

Bench = Desk[Study]

VIEWS = {
    "norm": "Batch normalization",
    "slices": "Slices",
    "spectrum": "Spectrum",
    "sharpness": "Sharpness",
    "minima": "Minima",
    "widths": "Widths",
    "plateaus": "Plateaus",
}
QUESTIONS = {
    "norm": (
        "What does batch normalization change?",
        "The same network on the same data, from the same weights, without and with batch normalization. Watch which "
        "loss falls first, and on the right how well the gradient predicts itself one step ahead: better with it is "
        "what is often said. The medians below say whether it holds here; it depends on network, data and seed.",
    ),
    "slices": (
        "What does the ground round the last point look like?",
        "Above, a random plane with filters normalized; below, the plane of the smallest and the largest curvature. "
        "Where the curvatures differ in sign, the plane below shows a way down that a random plane may hide.",
    ),
    "spectrum": (
        "How many directions curve down?",
        "All eigenvalues of the Hessian, smallest first, at the last look before the playhead. Most lie near 0, "
        "a few are large, and those below the line are ways down.",
    ),
    "sharpness": (
        "Why does the sharpness stop rising?",
        "A 1-20-20-1 network learns a Chebyshev polynomial by gradient descent at two learning rates. Sharpness times "
        "learning rate over 2 settles near 1, where a quadratic would become unstable.",
    ),
    "minima": (
        "Is there a pass between two trained networks?",
        "Two trainings from different starts: the straight way between them mostly crosses a ridge, and a bent one "
        "finds a way round. On the right the same network with its neurons in another order: another point, the same "
        "loss.",
    ),
    "widths": (
        "Does a wider network get stuck less often?",
        "A teacher with 8 neurons, and 24 students each with 8, 9 and 10. A line that stays high is a student in a "
        "bad minimum, or one that is still on a plateau. The wider students have not stopped at their last loss: their "
        "minima are flat valleys, in which descent slows, and 3200 steps take them hundreds of times lower.",
    ),
    "plateaus": (
        "Why does the loss fall in steps?",
        "A deep linear network learns a map of four modes, the strong ones first; between them the loss stands on a "
        "plateau. The theory of Saxe, McClelland and Ganguli lies over what is measured.",
    ),
}


@cache
def rules() -> Rules[Study]:
    """Return what the desk needs to know of studies: whatever can be made is small enough to be computed."""
    return Rules(default=Study(), read=read, write=Study.to_query, allow=lambda study: None, views={"view": (*VIEWS,)})


def page() -> None:
    desk = open_desk("networks", rules())
    theme = st.context.theme.type or "light"
    if presenting():
        _picture(desk, "dark" if theme == "dark" else "projector", present=True)
        return
    with st.sidebar:
        _ask(desk)
    frame.refused(desk)
    view = desk.view("view")
    question, look = QUESTIONS[view]
    frame.switch(desk, "view", "View", VIEWS)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.subheader(question, anchor=False, width="stretch")
        frame.present_button(desk)
    st.markdown(look)
    _picture(desk, theme)
    scene = compute_networks.scene(desk.recipe, view)
    (below,) = st.tabs(["Export"])
    with below:
        export.panel(desk, lambda: scene, f"landscape-networks-{view}")
    mirror(desk)


def _picture(desk: Bench, theme: str, present: bool = False) -> None:
    with st.spinner("Computing this view ..."):
        payload = compute_networks.payload(desk.recipe, desk.view("view"), theme)
    player(payload, key=desk.key("present" if present else "player"), present=present)


def _ask(desk: Bench) -> None:
    study = desk.recipe
    if desk.view("view") not in compute_networks.OWN_NETWORK:
        st.caption("This view has a network of its own; only the start can be drawn anew.")
        _number(desk, "seed")
        return
    sizes = "-".join([str(study.width)] * study.depth)
    asked = (
        ("Which data?", TITLES[study.data], _data),
        ("Which network?", f"{sizes} {study.activation}", _network),
        ("From where?", f"start {study.seed}", lambda desk: _number(desk, "seed")),
        ("How long?", f"{study.n_steps} steps, learning rate {study.learning_rate:g}", _length),
    )
    frame.ask(desk, asked)


def _number(desk: Bench, name: str) -> None:
    p = next(p for p in PARAMETERS if p.name == name)
    number(desk, name, p, getattr(desk.recipe, name), lambda study, value: study.replace(**{name: value}))


def _data(desk: Bench) -> None:
    choice(
        desk,
        "data",
        "Data",
        list(TITLES),
        desk.recipe.data,
        TITLES.__getitem__,
        lambda study, name: study.replace(data=name),
        label_visibility="collapsed",
    )


def _network(desk: Bench) -> None:
    choice(
        desk,
        "activation",
        "Activation",
        ACTIVATIONS,
        desk.recipe.activation,
        str,
        lambda study, name: study.replace(activation=name),
    )
    _number(desk, "width")
    _number(desk, "depth")


def _length(desk: Bench) -> None:
    _number(desk, "n_steps")
    _number(desk, "learning_rate")
