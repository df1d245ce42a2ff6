"""The tab One example: softmax and cross-entropy of one input, every number of it."""

from __future__ import annotations

import math

import streamlit as st

from app import work
from app.ask import data
from app.ask.controls import lasting
from app.page import Shown
from app.parcel import pack
from app.player import player
from app.state import Desk
from app.text import number as words
from app.text import plain, point, table
from landscape.analysis.classified import arithmetic_of, logistic_difference
from landscape.experiment import Experiment
from landscape.figures.softmax import features, model_of, which
from landscape.language import tr
from landscape.parameter import Parameter
from landscape.render.player.payload import raw_payload
from landscape.scenes.softmax_example import example_scene
from landscape.theory.softmax import Arithmetic, arithmetic, scores_of

TEMPERATURE = Parameter("temperature", 1.0, 0.05, 20, log=True, minimum=1e-3, maximum=1e3)
# The lecture's example: y = [0, 1, 0, 0] and these probabilities.
LECTURE = (0.3, 0.2, 0.1, 0.4)
# Classes that a line has room for.
MOST = 5


def line(desk: Desk[Experiment]) -> None:
    """Say in one line what becomes of the point that was clicked."""
    clicked = data.point(desk)
    if clicked is None:
        return
    board, model = _board(desk, clicked), model_of(desk.recipe)
    label = int(board.y.argmax())
    z, a = (", ".join(words(value, 3) for value in row[:MOST]) for row in (board.z, board.a))
    more = ", …" if len(board.z) > MOST else ""
    st.markdown(
        tr(
            "The ring at {point}: z = ({z}), so a = ({a}). The nearest row is {class_name}: loss −ln {share} = {loss}.",
            point=point(clicked),
            z=z + more,
            a=a + more,
            class_name=plain(model.data.classes[label]),
            share=words(float(board.a[label]), 3),
            loss=words(board.loss, 3),
        )
    )


def _board(desk: Desk[Experiment], clicked: tuple[float, ...]) -> Arithmetic:
    """Return the arithmetic of a point after the last step of the optimizer that is looked at."""
    end = work.run(desk.recipe).trajectories[which(desk.recipe, desk.looks())].final_points[0]
    return arithmetic_of(model_of(desk.recipe), end, clicked, features(desk.recipe, desk.looks()))


def show(shown: Shown[Experiment]) -> None:
    """Show the arithmetic of the point that was clicked, or of the lecture's example."""
    desk, clicked = shown.desk, data.point(shown.desk)
    model, number = model_of(desk.recipe), which(desk.recipe, desk.looks())
    if clicked is None:
        st.markdown(
            tr(
                "The lecture's example: y = [0, 1, 0, 0] and a = [0.3, 0.2, 0.1, 0.4]. Click in the picture above for "
                "the arithmetic of that point."
            )
        )
        board, classes = arithmetic(scores_of(LECTURE), label=1), tuple("ABCD")
    else:
        board = _board(desk, clicked)
        classes, who = model.data.classes, plain(desk.recipe.optimizers[number].title)
        st.markdown(
            tr(
                "The point {point} under {optimizer} after the last step; y is the class of the nearest row.",
                point=point(clicked),
                optimizer=who,
            )
        )
        again = tr("The lecture's example again")
        st.button(again, key=desk.key("lecture"), on_click=data.forget_point, args=(desk,))
    made = lasting(desk, "temperature", TEMPERATURE.default)
    temperature = st.select_slider(tr("Temperature T"), [0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0], **made)
    picture = example_scene(board, classes, float(temperature))
    player(pack(raw_payload(picture, theme=shown.theme)), key=desk.key("example"))
    st.markdown(_arithmetic(board, classes))
    if len(model.data.classes) == 2:
        end = work.run(desk.recipe).trajectories[number].final_points[0]
        off = logistic_difference(model, end)
        st.markdown(
            tr(
                "Two classes: softmax is logistic regression with w = w₁ − w₀ and b = b₁ − b₀. Over all rows the "
                "probabilities of the two differ by at most {difference}.",
                difference=words(off, 2),
            )
        )


def _arithmetic(board: Arithmetic, classes: tuple[str, ...]) -> str:
    """Return the arithmetic as a Markdown table, a class a row."""
    head = [tr("class"), "z", "e^z", "a = e^z / Σ e^z", "y", "−y ln a", "dz = a − y"]
    columns = ((board.z, 4), (board.e, 4), (board.a, 4), (board.y, 1), (board.terms, 7), (board.dz, 4))
    rows = [[plain(name), *(words(values[k], d) for values, d in columns)] for k, name in enumerate(classes)]
    numbers = {"total": words(board.total), "loss": words(board.loss, 7)}
    if math.isclose(board.shift, 0.0):
        below = tr("Σ e^z = {total}; loss = {loss}", **numbers)
    else:
        below = tr(
            "Σ e^(z − {shift}) = {total}, shifted so that nothing overflows; loss = {loss}",
            shift=words(board.shift),
            **numbers,
        )
    return f"{table(head, rows)}\n\n{below}"
