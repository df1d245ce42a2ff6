"""Networks: what the loss of a small network is like, with and without batch normalization."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from app import fields, frame
from app.ask import questions
from app.ask.controls import choice
from app.below import export
from app.page import Entry, Page
from app.state import Desk
from landscape.figures.networks import FIGURE
from landscape.scenes.network_views import ACTIVATIONS, TITLES, VIEWS, Study
from landscape.words import count

rules = fields.rules(Study(), FIGURE.views)


def _ask(desk: Desk[Study]) -> None:
    study = desk.recipe
    if VIEWS[desk.view("view")].of_its_own:
        st.caption("This view has a network of its own; only the start can be drawn anew.")
        fields.ask(desk, "seed")
        return
    sizes = "-".join([str(study.width)] * study.depth)
    asked = (
        ("Which data?", TITLES[study.data], _data),
        ("Which network?", f"{sizes} {study.activation}", _network),
        ("From where?", f"start {study.seed}", lambda desk: fields.ask(desk, "seed")),
        (
            "How long?",
            f"{count(study.n_steps, 'step')}, learning rate {study.learning_rate:g}",
            lambda desk: fields.ask(desk, "n_steps", "learning_rate"),
        ),
    )
    questions.fold(desk, asked)


def _data(desk: Desk[Study]) -> None:
    choice(
        desk,
        "data",
        "Data",
        list(TITLES),
        desk.recipe.data,
        TITLES.__getitem__,
        lambda study, name: replace(study, data=name),
        label_visibility="collapsed",
    )


def _network(desk: Desk[Study]) -> None:
    choice(
        desk,
        "activation",
        "Activation",
        ACTIVATIONS,
        desk.recipe.activation,
        str,
        lambda study, name: replace(study, activation=name),
    )
    fields.ask(desk, "width", "depth")


page = Page(
    Entry("networks", "Networks", ":material/hub:", "trained-networks"),
    rules,
    above=lambda desk: frame.switch(desk, "view", "View", {name: view.title for name, view in VIEWS.items()}),
    question=lambda desk: VIEWS[desk.view("view")].question,
    look=lambda desk: VIEWS[desk.view("view")].look,
    ask=_ask,
    figure=FIGURE,
    tabs={"Export": export.show},
    wait="Computing this view ...",
    file=lambda desk: f"landscape-networks-{desk.view('view')}",
    holds=True,
)
