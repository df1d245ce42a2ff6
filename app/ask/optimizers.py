"""Which optimizers? Each with its learning rate at hand and all its settings behind a button."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import streamlit as st

from app.ask.controls import choice, numbers, say, slider_of
from app.session import value_of
from app.state import Desk
from app.text import plain
from landscape.declared import part_names, summary
from landscape.experiment import Experiment
from landscape.language import tr
from landscape.optimizers import OPTIMIZERS, Optimizer, fitting, optimizer
from landscape.picture.strokes import stroke

Bench = Desk[Experiment]


def names(desk: Bench, most: int = 4) -> str:
    """Return the answer in one line; of more than ``most`` names the first ones."""
    titles = [one.title for one in desk.recipe.optimizers]
    return ", ".join(titles) if len(titles) <= most else f"{', '.join(titles[:3])} + {len(titles) - 3}"


def optimizers(desk: Bench) -> None:
    """Ask for the optimizers and their settings."""
    for index, one in enumerate(desk.recipe.optimizers):
        variant = sum(other.key == one.key for other in desk.recipe.optimizers[:index])
        place = _place(index, one)
        color = stroke(one.key, variant).color
        rate, *rest = one.parameters
        with st.container(gap="xxsmall"):
            row = desk.key(f"{place}.icons")
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", wrap=False, key=row):
                st.markdown(
                    f':color[●]{{foreground="{color}"}} **{plain(one.title)}**: {rate.title.lower()}',
                    help=plain(tr(summary(type(one))), 400),
                    width="stretch",
                )
                if rest:
                    settings = st.popover(
                        tr("All settings of {optimizer}", optimizer=plain(one.title)),
                        icon=":material/tune:",
                        type="tertiary",
                        help=tr("All settings of {optimizer}", optimizer=one.title),
                        key=desk.key(f"{place}.settings"),
                        on_change="rerun",
                    )
                    if settings.open:  # a third of a page's widgets, and mostly nobody looks at them
                        with settings:
                            numbers(desk, place, rest, one.recipe().__getitem__, _tune(index), of=one.title)
                            _inside(desk, place, index, one)
                st.button(
                    tr("Remove {optimizer}", optimizer=plain(one.title)),
                    icon=":material/close:",
                    key=desk.key(f"{place}.remove"),
                    type="tertiary",
                    on_click=_remove,
                    args=(desk, index),
                    help=tr("Remove {optimizer}", optimizer=one.title),
                )
            # Its label stands in the row above.
            bare = {"of": one.title, "label_visibility": "collapsed"}
            if one.of_step is None:
                numbers(desk, place, [rate], one.recipe().__getitem__, _tune(index), **bare)
            else:
                st.caption(tr("{rate}, a function of the step", rate=plain(one.of_step.title)))
    say(desk, "optimizers")
    key = desk.key("optimizers.add")

    def add() -> None:
        chosen = value_of(key)
        if chosen is not None:
            desk.edit("optimizers", lambda e: e.replace(optimizers=(*e.optimizers, optimizer(chosen))))
        st.session_state[key] = None

    st.selectbox(
        tr("Add an optimizer"),
        _menu(desk),
        index=None,
        key=key,
        format_func=_named,
        placeholder=tr("Add an optimizer"),
        label_visibility="collapsed",
        on_change=add,
    )


def sliders(desk: Bench) -> dict[str, Sequence[int]]:
    """Return, by the keys of their sliders, the numbers of optimizer and setting, in the order of its fields."""
    return {
        slider_of(desk, f"{_place(index, one)}.{field.name}"): (index, number)
        for index, one in enumerate(desk.recipe.optimizers)
        for number, field in enumerate(dataclasses.fields(one))
    }


def _place(index: int, one: Optimizer) -> str:
    return f"optimizer.{index}.{one.key}"


def _menu(desk: Bench) -> list[str]:
    """Return the optimizers that fit the surface, each with its group, groups in the order of their first member."""
    groups = {key: kind.group for key, kind in OPTIMIZERS.items()}
    order = list(dict.fromkeys(groups.values()))
    return sorted(fitting(desk.recipe.surface.blocks), key=lambda key: order.index(groups[key]))


def _named(key: str) -> str:
    """Return how a menu has an optimizer; typing a part of either word finds it."""
    return f"{OPTIMIZERS[key].title} · {OPTIMIZERS[key].group}"


def _inside(desk: Bench, place: str, index: int, one: Optimizer) -> None:
    """Ask which optimizer stands in another one, and for its settings."""
    for name in part_names(one):
        inner: Optimizer = getattr(one, name)
        offered = [key for key in _menu(desk) if not part_names(OPTIMIZERS[key])]
        choice(
            desk,
            f"{place}.{name}",
            tr("{optimizer} of", optimizer=one.title),
            offered if inner.key in offered else [*offered, inner.key],
            inner.key,
            _named,
            partial(_put_inside, index, name),
        )
        _, *rest = inner.parameters
        tune = partial(_tune_inside, index, name)
        numbers(desk, f"{place}.{name}.{inner.key}", rest, inner.recipe().__getitem__, tune, of=inner.title)


def _with(experiment: Experiment, index: int, name: str, value: Any) -> Experiment:
    tuned = list(experiment.optimizers)
    tuned[index] = dataclasses.replace(tuned[index], **{name: value})
    return experiment.replace(optimizers=tuple(tuned))


def _put_inside(index: int, name: str, experiment: Experiment, key: str) -> Experiment:
    return _with(experiment, index, name, key)


def _tune_inside(index: int, name: str, experiment: Experiment, field: str, value: float) -> Experiment:
    inner = getattr(experiment.optimizers[index], name)
    return _with(experiment, index, name, dataclasses.replace(inner, **{field: value}))


def _tune(index: int) -> Callable[[Experiment, str, float], Experiment]:
    return lambda experiment, name, value: _with(experiment, index, name, value)


def _remove(desk: Bench, index: int) -> None:
    left = desk.recipe.optimizers[:index] + desk.recipe.optimizers[index + 1 :]
    if desk.edit("optimizers", lambda experiment: experiment.replace(optimizers=left)):
        desk.forget("optimizer")
