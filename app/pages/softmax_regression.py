"""Softmax regression: regions and straight boundaries in training, and the arithmetic of one example."""

from __future__ import annotations

import math
from functools import cache

import streamlit as st

from app import compute_softmax, frame
from app.ask import length, optimizers, questions, table
from app.ask.controls import choice, number, numbers, show
from app.below import export, recipe, verdicts
from app.compute_softmax import accuracies, logistic_difference
from app.page import Entry, Shown
from app.player import picked, player
from app.softmax_recipe import COUNTED, TITLES, allow, data_of, first, name_of, on_data, read
from app.state import Desk, Rules, mirror, open_desk, presenting
from app.text import number as words
from app.text import plain
from landscape.experiment import Experiment
from landscape.parameter import Parameter
from landscape.picture.scene import Scene
from landscape.render.player.payload import player_payload
from landscape.scenes.softmax_example import example_scene
from landscape.surfaces.networks import Data
from landscape.surfaces.networks.tables.cells import MAX_COLUMNS
from landscape.theory.softmax import Arithmetic, arithmetic, scores_of
from landscape.words import count

Bench = Desk[Experiment]

OWN = "own"
AXES = ("across", "up")
FEATURES = tuple(map(str, range(MAX_COLUMNS)))
VIEWS = {"shown": FEATURES[:8], "across": FEATURES, "up": ("1", "0", *FEATURES[2:])}
CLASSES = Parameter("number of classes", 4, 2, 8, integer=True, minimum=2, maximum=8)
TEMPERATURE = Parameter("temperature", 1.0, 0.05, 20, "softmax of z / T", log=True, minimum=1e-3, maximum=1e3)
QUESTION = "Why are the boundaries straight?"
LOOK = (
    "Between two classes the scores are equal where a linear function is zero: a straight line, whatever the weights. "
    "Watch the lines turn while the loss falls; the accuracy is there long before the loss has settled."
)
# The lecture's example: y = [0, 1, 0, 0] and these probabilities.
LECTURE = (0.3, 0.2, 0.1, 0.4)


@cache
def rules() -> Rules[Experiment]:
    """Return what the desk needs to know of trainings."""
    return Rules(default=first(), read=read, write=Experiment.to_query, allow=allow, views=VIEWS)


def _show() -> None:
    desk = open_desk("softmax", rules())
    theme = st.context.theme.type or "light"
    if presenting():
        _picture(desk, "dark" if theme == "dark" else "projector", present=True)
        return
    with st.sidebar:
        _ask(desk)
    frame.refused(desk)
    _heading(desk)
    _picture(desk, theme)
    shown = Shown(desk, lambda: _scene(desk), theme, "landscape-softmax")
    below = st.tabs(["One example", "Verdicts", "Export", "Recipe"])
    with below[0]:
        _example(desk, theme)
    with below[1]:
        verdicts.show(shown)
    with below[2]:
        export.show(shown)
    with below[3]:
        recipe.show(shown)
    mirror(desk)


def _shown(desk: Bench) -> int:
    return min(int(desk.view("shown")), len(desk.recipe.optimizers) - 1)


def _features(desk: Bench) -> tuple[int, int]:
    """Return the two features that are drawn: those that were chosen, where these data have them."""
    last = _data(desk).n_features - 1
    across, up = (min(int(desk.view(name)), last) for name in AXES)
    return across, up if up != across else int(across == 0)


def _scene(desk: Bench) -> Scene:
    return compute_softmax.scene(desk.recipe, _shown(desk), _features(desk))


def _picture(desk: Bench, theme: str, present: bool = False) -> None:
    payload = compute_softmax.payload(desk.recipe, _shown(desk), _features(desk), theme)
    key = desk.key("present" if present else "player")

    def pick() -> None:
        point = picked(key)
        if point is not None:
            st.session_state[desk.key("point")] = point

    player(payload, key=key, present=present, on_pick=pick)


def _data(desk: Bench) -> Data:
    data = getattr(desk.recipe.surface, "data", None)
    assert isinstance(data, Data), "the page's rule"
    return data


def _heading(desk: Bench) -> None:
    newcomer = desk.recipe == first()
    titles = {str(k): one.title for k, one in enumerate(desk.recipe.optimizers[:8])}
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.subheader(QUESTION if newcomer else plain(desk.recipe.surface.title), anchor=False, width="stretch")
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            if len(titles) > 1:
                frame.switch(desk, "shown", "Regions of", titles)
            frame.present_button(desk)
    shares = ", ".join(
        f"{one.title} {100 * share:.1f} %"
        for one, share in zip(desk.recipe.optimizers, accuracies(desk.recipe), strict=True)
    )
    st.markdown(f"{LOOK if newcomer else plain(desk.recipe.surface.info.teaches)} Right in the end: {plain(shares)}.")
    table.line(_data(desk))


# The questions


def _ask(desk: Bench) -> None:
    data = _data(desk)
    across, up = (data.features[feature] for feature in _features(desk))
    drawn = ("Which two features are drawn?", f"{across} across, {up} up", _axes)
    asked = (
        ("Which data?", f"{data.title}, {count(len(data.classes), 'class', 'classes')}", _which),
        *([drawn] if data.n_features > 2 else []),
        ("Which optimizers?", optimizers.names(desk, 99), optimizers.optimizers),
        ("How long, and how noisy?", count(desk.recipe.n_steps, "step"), length.length),
    )
    questions.fold(desk, asked)


def _which(desk: Bench) -> None:
    data = _data(desk)
    name = name_of(data) or OWN
    choice(
        desk,
        "data",
        "Data",
        [*TITLES, *([OWN] if name == OWN else [])],
        name,
        lambda key: TITLES.get(key, data.title),
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
    surface = desk.recipe.surface
    numbers(
        desk,
        "model",
        surface.parameters,
        lambda field: surface.settings[field],
        lambda recipe, field, value: recipe.replace(surface=recipe.surface.with_settings(**{field: value})),
    )

    def put(data: Data) -> bool:
        return desk.edit("table", lambda recipe: on_data(recipe, data))

    table.upload(desk, put)
    table.reading(desk, data, put)
    if data.source:
        st.caption(plain(f"Source: {data.source}", 400))


def _axes(desk: Bench) -> None:
    data, drawn = _data(desk), _features(desk)
    for name, label, feature in zip(AXES, ("Across", "Up"), drawn, strict=True):
        key = desk.key(f"view.{name}")
        show(key, feature)
        st.selectbox(
            label, range(data.n_features), key=key, format_func=data.features.__getitem__, on_change=_turn, args=(desk,)
        )


def _turn(desk: Bench) -> None:
    """Draw the features that were chosen; the same one on both axes swaps the two."""
    before = _features(desk)
    now = tuple(st.session_state[desk.key(f"view.{name}")] for name in AXES)
    for name, feature in zip(AXES, now if now[0] != now[1] else before[::-1], strict=True):
        desk.set_view(name, str(feature))
    _forget(desk)


# One example


def _example(desk: Bench, theme: str) -> None:
    point = st.session_state.get(desk.key("point"))
    if point is None:
        st.markdown(
            "The lecture's example: y = [0, 1, 0, 0] and a = [0.3, 0.2, 0.1, 0.4]. Click in the picture above for "
            "the arithmetic of that point."
        )
        board, classes = arithmetic(scores_of(LECTURE), label=1), tuple("ABCD")
    else:
        board, classes = compute_softmax.board(desk.recipe, _shown(desk), point, _features(desk)), _data(desk).classes
        who = plain(desk.recipe.optimizers[_shown(desk)].title)
        st.markdown(
            f"The point ({words(point[0])}, {words(point[1])}) under {who} "
            "after the last step; y is the class of the nearest row."
        )
        st.button("The lecture's example again", key=desk.key("lecture"), on_click=_forget, args=(desk,))
    key = desk.key("temperature")
    show(key, st.session_state.get(key, TEMPERATURE.default))
    temperature = st.select_slider("Temperature T", [0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0], key=key)
    picture = example_scene(board, classes, float(temperature))
    player(player_payload(picture, theme=theme), key=desk.key("example"))
    st.markdown(_arithmetic(board, classes))
    if len(_data(desk).classes) == 2:
        off = logistic_difference(desk.recipe, _shown(desk))
        st.markdown(
            "Two classes: softmax is logistic regression with w = w₁ − w₀ and b = b₁ − b₀. Over all rows the "
            f"probabilities of the two differ by at most {words(off, 2)}."
        )


def _forget(desk: Bench) -> None:
    st.session_state.pop(desk.key("point"), None)


def _arithmetic(board: Arithmetic, classes: tuple[str, ...]) -> str:
    """Return the arithmetic as a Markdown table, a class a row."""
    head = "| class | z | e^z | a = e^z / sum | y | −y ln a | dz = a − y |\n|---|--:|--:|--:|--:|--:|--:|"
    rows = [
        f"| {plain(name)} | {words(board.z[k])} | {words(board.e[k])} | {words(board.a[k])} | {words(board.y[k], 1)} "
        f"| {words(board.terms[k], 7)} | {words(board.dz[k])} |"
        for k, name in enumerate(classes)
    ]
    shifted = "" if math.isclose(board.shift, 0.0) else f" (e^(z − {words(board.shift)}), so that nothing overflows)"
    return "\n".join([head, *rows]) + f"\n\nsum = {words(board.total)}{shifted}; loss = {words(board.loss, 7)}"


page = Entry("Softmax regression", ":material/category:", "classify", _show)
