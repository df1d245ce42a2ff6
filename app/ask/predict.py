"""Predict first: before a lesson runs, one says how a path will end; then it runs, and the answer stands by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from app import frame, work
from app.ask import lesson
from app.ask.controls import lasted
from app.parcel import pack
from app.player import player
from app.state import PREDICT, Desk, browser_theme, in_address, presenting
from app.text import plain
from landscape.experiment import ENDS, Experiment
from landscape.language import tr
from landscape.picture.scene import Path, Tangent, nothing
from landscape.recipe.lesson import lesson_of
from landscape.render.player.payload import raw_payload
from landscape.scene import Scene

OFFERED = ("minimum", "saddle", "plateau", "moving", "outside")
"""Ends that are offered for every run; what happens in this one is offered too."""

Bench = Desk[Experiment]


def switch(desk: Bench) -> None:
    """Show the switch; it is on for who comes by no address, and so for the run that the page opens with."""
    made = desk.made_with(desk.key("predict"), _is_on(desk))
    st.toggle(tr("Predict first"), help=tr("Before a lesson runs, say how it will end"), **made)


def before(desk: Bench) -> Callable[[Bench], None] | None:
    """Return what asks for the prediction, ``None`` where there is nothing to predict or it was said."""
    if not _is_on(desk) or lesson.of(desk.recipe) is None:
        return None
    return _ask if _said(desk) is None else None


def reply(desk: Bench) -> None:
    """Say where the prediction stands, for the run for which it was asked."""
    said = _said(desk)
    if not said:
        return
    end, asked = _ends(desk.recipe)[0], desk.recipe
    found = tr("So it is.")
    if said != end:
        places = {"optimizer": asked.optimizers[0].title, "end": _words(end)}
        found = (
            tr("{optimizer} from its first start: {end}.", **places)
            if asked.n_starts > 1
            else tr("{optimizer}: {end}.", **places)
        )
    st.info(plain(f"{_told(said)} {found}"), icon=":material/psychology_alt:")


def told(desk: Bench) -> str:
    """Return question and prediction, without the answer: the projector shows that once the run is over."""
    said = _said(desk)
    return plain(f"{_question(desk.recipe)} {_told(said)}") if said else ""


def present_button(desk: Bench) -> None:
    """Show the way to the projector, where a lesson is predicted anew if it is predicted here."""
    on = _is_on(desk) and lesson.of(desk.recipe) is not None
    frame.present_button(desk, **({PREDICT: "1"} if on else {}))


def _is_on(desk: Bench) -> bool:
    default = st.query_params.get(PREDICT) == "1" if PREDICT in st.query_params else not in_address() and desk.is_first
    return lasted(desk, "predict", desk.lasting.setdefault("predict", default))


def _said(desk: Bench) -> str | None:
    """Return the end that was predicted for the run on the desk: "" where nobody wanted to, ``None`` before."""
    said: str | None = desk.lasting.get(_place(desk.recipe))
    return said


def _place(asked: Experiment) -> str:
    return f"predict.{asked.to_json()}"


def _question(x: Experiment) -> str:
    places = {"optimizer": x.optimizers[0].title, "step": x.n_steps}
    if x.n_starts > 1:
        return tr("Where will {optimizer} from its first start be at step {step}?", **places)
    return tr("Where will {optimizer} be at step {step}?", **places)


def _told(said: str) -> str:
    return tr("You said: {end}.", end=_words(said))


def _words(end: str) -> str:
    return tr(ENDS.get(end, end))


def _ends(asked: Experiment) -> list[str]:
    """Return how the paths end, that of the first optimizer from the first start before all others."""
    return [verdict.end for trajectory in work.run(asked).trajectories for verdict in trajectory.judgements]


def _ask(desk: Bench) -> None:
    """Ask where the first optimizer will be, beside the surface with its starts."""
    x = desk.recipe

    def tell(what: str) -> None:
        desk.lasting[_place(x)] = what

    asks, shows = st.columns([2, 3], gap="medium")
    with asks:
        st.title(plain(_question(x)), anchor=False)
        st.markdown(tr("{surface}. Say it first; then watch.", surface=plain(x.surface.title)))
        # In a container of their own they break into rows.
        said = st.container().pills(
            tr("Your prediction"),
            [*dict.fromkeys([*OFFERED, *_ends(x)])],
            key=desk.key(f"guess.{x.surface.name}"),
            format_func=_words,
            label_visibility="collapsed",
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                tr("Watch"),
                key=desk.key("predict.watch"),
                type="primary",
                icon=":material/play_arrow:",
                disabled=not said,
                on_click=tell,
                args=(said,),
            )
            st.button(tr("Show it at once"), key=desk.key("predict.skip"), type="tertiary", on_click=tell, args=("",))
    theme = browser_theme(present=presenting())
    made = work.result(("still", x.to_json(), theme), lambda: pack(raw_payload(_still(x), theme=theme)))
    with shows:
        player(made, key=desk.key("still"))


def _still(asked: Experiment) -> Scene:
    """Return the surface and the starts alone."""
    scene = asked.replace(n_steps=0).run().scene(relief=lesson_of(asked.surface).relief)
    panel = scene.panels[0]
    bare = replace(panel, layers=tuple(layer for layer in panel.layers if not isinstance(layer, Path | Tangent)))
    return replace(scene, panels=(bare,), tracks=(), columns=((bare.key,),), widths=(1.0,), notes=(), live=nothing)
