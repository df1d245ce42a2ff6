"""Which data? Those that are offered, or a table of somebody's own; and which two of their features are drawn."""

from __future__ import annotations

import dataclasses
from functools import partial
from typing import Any

import streamlit as st

from app.ask import surface, table
from app.ask.controls import choice, number
from app.state import Desk
from app.text import plain
from landscape.experiment import Experiment
from landscape.figures.softmax import AXES, features, model_of
from landscape.language import mark, tr
from landscape.parameter import Parameter
from landscape.recipe.starts import Random
from landscape.surfaces.networks import Data
from landscape.surfaces.networks.datasets import data as make
from landscape.surfaces.networks.datasets import rule

Bench = Desk[Experiment]

OFFERED: dict[str, tuple[str, str, dict[str, Any]]] = {
    "iris": (mark("Iris, petal length and width"), "iris", {"columns": (2, 3)}),
    "iris4": (mark("Iris, all four measures"), "iris", {}),
    "digits": (mark("Handwritten digits"), "digits", {}),
    "blobs": (mark("Blobs"), "blobs", {}),
    "spirals": (mark("Spirals"), "spirals", {}),
    "moons": (mark("Two moons"), "moons", {}),
}
"""What is offered: a marked title, the name of the data in ``DATA`` and the settings that differ from its own."""

COUNTED = ("blobs", "spirals")
"""Data of which the number of classes can be chosen."""

OWN = "own"
CLASSES = Parameter(mark("number of classes"), 4, 2, 8, integer=True, minimum=2, maximum=8)


def data_of(name: str, n_classes: int = 4) -> Data:
    """Return the data that a name of ``OFFERED`` stands for."""
    _, key, settings = OFFERED[name]
    return make(key, **settings, **({"n_classes": n_classes} if name in COUNTED else {}))


def name_of(data: Data) -> str | None:
    """Return the name under which data are offered, by the rule they carry; ``None`` for others."""
    for name, (_, key, settings) in OFFERED.items():
        if data.name == key:
            free = {"n_classes": len(data.classes)} if name in COUNTED else {}
            if rule(key, **settings, **free) == data.recipe():
                return name
    return None


def data_in(experiment: Experiment) -> Data:
    """Return the data that it learns from."""
    return model_of(experiment).data


def on_data(experiment: Experiment, data: Data) -> Experiment:
    """Return the experiment on other data, from a start drawn for them."""
    model = dataclasses.replace(model_of(experiment), data=data)
    return experiment.replace(surface=model, starts=Random(1, experiment.seed))


def drawn(desk: Bench) -> str:
    """Return which two features are drawn, in one line."""
    across, up = (data_in(desk.recipe).features[k] for k in features(desk.recipe, desk.looks()))
    return tr("{across} across, {up} up", across=across, up=up)


def which(desk: Bench) -> None:
    """Ask which data, with what can be set about them, or for a table of somebody's own."""
    data = data_in(desk.recipe)
    name = name_of(data) or OWN
    choice(
        desk,
        "data",
        tr("Data"),
        [*OFFERED, *([OWN] if name == OWN else [])],
        name,
        lambda key: tr(OFFERED[key][0]) if key in OFFERED else data.title,
        lambda recipe, key: recipe if key == OWN else on_data(recipe, data_of(key)),
        label_visibility="collapsed",
    )
    if name in COUNTED:
        number(
            desk,
            "classes",
            CLASSES,
            len(data.classes),
            lambda recipe, value: on_data(recipe, data_of(name, int(value))),
        )
    surface.settings(desk, "model")

    def put(data: Data) -> bool:
        return desk.edit("table", lambda recipe: on_data(recipe, data))

    table.upload(desk, put)
    table.reading(desk, data, put)
    if data.source:
        st.caption(plain(tr("Source: {reference}", reference=data.source), 400))


def axes(desk: Bench) -> None:
    """Ask which two features are drawn."""
    data, drawn = data_in(desk.recipe), features(desk.recipe, desk.looks())
    for axis, (label, feature) in enumerate(zip((tr("Across"), tr("Up")), drawn, strict=True)):
        key = desk.key(f"view.{AXES[axis]}")
        st.selectbox(
            label,
            range(data.n_features),
            format_func=data.features.__getitem__,
            placeholder=label,
            **desk.asking(key, feature, partial(_turn, desk, axis), index=feature),
        )


def _turn(desk: Bench, axis: int, chosen: int) -> None:
    """Draw a feature along an axis; the one that is drawn along the other swaps the two."""
    now = list(features(desk.recipe, desk.looks()))
    if chosen == now[1 - axis]:
        now.reverse()
    else:
        now[axis] = chosen
    for name, feature in zip(AXES, now, strict=True):
        desk.set_view(name, str(feature))
    forget_point(desk)


def point(desk: Bench) -> tuple[float, ...] | None:
    """Return the point that was clicked last, ``None`` where there is none."""
    clicked: tuple[float, ...] | None = st.session_state.get(desk.key("point"))
    return clicked


def put_point(desk: Bench, clicked: tuple[float, ...]) -> None:
    """Remember a point that was clicked."""
    st.session_state[desk.key("point")] = clicked


def forget_point(desk: Bench) -> None:
    """Forget it: it meant something else."""
    st.session_state.pop(desk.key("point"), None)
