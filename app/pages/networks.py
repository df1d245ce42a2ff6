"""Networks: what the loss of a small network is like, with and without batch normalization."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from app import fields, frame
from app.ask import questions
from app.ask.controls import choice
from app.below import export
from app.figured import Entry
from app.page import Page
from app.state import Desk
from landscape.figures.networks import FIGURE
from landscape.language import mark, tr, trn
from landscape.scenes.network_views import ACTIVATIONS, TITLES, VIEWS, Study

rules = fields.rules(Study(), FIGURE.views)


def _ask(desk: Desk[Study]) -> None:
    study = desk.recipe
    if VIEWS[desk.view("view")].of_its_own:
        st.caption(tr("This view has a network of its own; only the start can be drawn anew."))
        fields.ask(desk, "seed")
        return
    sizes = "-".join([str(study.width)] * study.depth)
    asked = (
        (mark("Which data?"), tr(TITLES[study.data]), _data),
        (mark("Which network?"), f"{sizes} {study.activation}", _network),
        (mark("From where?"), tr("start {seed}", seed=study.seed), lambda desk: fields.ask(desk, "seed")),
        (
            mark("How long?"),
            trn(
                "{n} step, learning rate {rate:g}",
                "{n} steps, learning rate {rate:g}",
                study.n_steps,
                rate=study.learning_rate,
            ),
            lambda desk: fields.ask(desk, "n_steps", "learning_rate"),
        ),
    )
    questions.fold(desk, asked)


def _data(desk: Desk[Study]) -> None:
    choice(
        desk,
        "data",
        tr("Data"),
        list(TITLES),
        desk.recipe.data,
        lambda name: tr(TITLES[name]),
        lambda study, name: replace(study, data=name),
        label_visibility="collapsed",
    )


def _network(desk: Desk[Study]) -> None:
    choice(
        desk,
        "activation",
        tr("Activation"),
        ACTIVATIONS,
        desk.recipe.activation,
        str,
        lambda study, name: replace(study, activation=name),
    )
    fields.ask(desk, "width", "depth")


page = Page(
    Entry("networks", mark("Networks"), ":material/hub:", "trained-networks"),
    rules,
    above=lambda desk: frame.switch(desk, "view", mark("View"), {name: view.title for name, view in VIEWS.items()}),
    question=lambda desk: VIEWS[desk.view("view")].question,
    look=lambda desk: VIEWS[desk.view("view")].look,
    ask=_ask,
    figure=FIGURE,
    tabs={mark("Export"): export.show},
    wait=mark("Computing this view ..."),
    file=lambda desk: f"landscape-networks-{desk.view('view')}",
    holds=True,
)
