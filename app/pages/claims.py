"""Claims: predict, then measure, then compare with theory."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from functools import cache, partial
from typing import Any

import streamlit as st

from app import frame, work
from app.ask.claim import SEED, Chosen, read, write
from app.ask.controls import choice, number, numbers
from app.below import export
from app.page import Entry
from app.player import player
from app.state import Desk, Rules, mirror, open_desk, presenting
from app.text import number as words
from app.text import plain
from landscape.claims import CLAIMS, PASS, POINTS, Claim, Result
from landscape.render.player.payload import player_payload
from landscape.scene import Scene

Table = Desk[Chosen]

TITLE = "How do you know?"
LOOK = (
    "Every claim of the lecture can be measured here and now, and held against the number that theory expects. Open "
    "one, say what you think, and see: the measurement runs when you ask for it, never before."
)
COSTS = {"instant": "at once", "seconds": "a few seconds", "minute": "up to a minute"}


@cache
def rules() -> Rules[Chosen]:
    """Return what the desk needs to know of claims."""
    return Rules(default=Chosen(), read=read, write=write, allow=lambda _: None)


def scene(recipe: Chosen) -> Scene:
    """Return the picture of the open claim's result."""
    return work.result(("claim scene", *_key(recipe)), lambda: recipe.opened.scene(result(recipe)))


def result(recipe: Chosen, watch: Callable[[float], None] | None = None) -> Result:
    """Return the result of the open claim, measured now unless it was lately; ``watch`` is told how far it is."""
    return work.result(
        ("claim", *_key(recipe)), lambda: recipe.opened.run(recipe.seed, work.tell, **recipe.settings), watch
    )


def _key(recipe: Chosen) -> tuple[str, ...]:
    return recipe.claim, json.dumps(recipe.values, sort_keys=True), str(recipe.seed)


def _payload(recipe: Chosen, theme: str) -> dict[str, Any]:
    made = partial(player_payload, scene(recipe), theme=theme)
    return work.result(("claim payload", *_key(recipe), theme), made)


def _show() -> None:
    desk = open_desk("claims", rules())
    if presenting() and desk.recipe.claim:
        _measured(desk)
        player(_payload(desk.recipe, frame.theme(present=True)), key=desk.key("present"), present=True)
        return
    with st.sidebar:
        _ask(desk)
    frame.refused(desk)
    if not desk.recipe.claim:
        _cards(desk)
    elif _guess(desk) is None:
        _question(desk)
    else:
        _answer(desk)
    mirror(desk)


def _open(desk: Table, key: str) -> None:
    desk.edit("claim", lambda _: Chosen(key))


def _ask(desk: Table) -> None:
    """The claim and, once it was measured, what can be set about it."""
    recipe = desk.recipe
    choice(
        desk,
        "claim",
        "Claim",
        ["", *CLAIMS],
        recipe.claim,
        lambda key: CLAIMS[key].title if key else "All claims",
        lambda _, key: Chosen(key),
    )
    if not recipe.claim or _guess(desk) is None:
        return
    numbers(
        desk,
        f"settings.{recipe.claim}",
        recipe.opened.parameters,
        lambda name: recipe.values[name],
        lambda old, name, value: old.changed(name, value),
    )
    number(desk, "seed", SEED, recipe.seed, lambda old, value: dataclasses.replace(old, seed=int(value)))


def _cards(desk: Table) -> None:
    st.subheader(TITLE, anchor=False)
    st.markdown(LOOK)
    for point, says in POINTS.items():
        claims = [claim for claim in CLAIMS.values() if claim.point == point]
        name = f"Claim {point}: " if point.startswith("(") else ""
        st.markdown(f"#### {plain(name + says)}")
        for row in range(0, len(claims), 3):
            for column, claim in zip(st.columns(3), claims[row : row + 3], strict=False):
                with column:
                    _card(desk, claim)


def _card(desk: Table, claim: Claim) -> None:
    with st.container(border=True, height="stretch"):
        st.markdown(f"**{plain(claim.title)}**")
        st.caption(plain(claim.statement))
        st.button(
            "Predict and measure",
            key=desk.key(f"open.{claim.key}"),
            help=f"It takes {COSTS[claim.cost]}.",
            on_click=_open,
            args=(desk, claim.key),
        )


# Predict


def _guess(desk: Table) -> float | None:
    """Return what was predicted for the open claim: the number of an option, or a number."""
    said: float | None = st.session_state.get(desk.key(f"said.{desk.recipe.claim}"))
    return said


def _question(desk: Table) -> None:
    claim = desk.recipe.opened
    st.subheader("What do you expect?", anchor=False)
    st.markdown(plain(claim.question.text, 1000))
    key = desk.key(f"guess.{claim.key}")
    if claim.question.options:
        options = claim.question.options
        guessed: float | None = st.radio(
            "Your prediction",
            range(len(options)),
            index=None,
            key=key,
            format_func=lambda k: plain(options[k]),
            label_visibility="collapsed",
        )
    else:
        guessed = st.number_input("Your prediction", value=None, key=key, width=240, placeholder="a number")
    if st.button("Measure", type="primary", disabled=guessed is None, icon=":material/science:"):
        st.session_state[desk.key(f"said.{claim.key}")] = guessed
        st.rerun()


# Reveal


def _measured(desk: Table) -> Result:
    """Return the result; a bar tells how far it is while it is measured."""
    place = st.empty()

    def tell(share: float) -> None:
        place.progress(min(max(share, 0.0), 1.0), text=f"Measuring: {desk.recipe.opened.title}")

    found = result(desk.recipe, tell)
    place.empty()
    return found


def _answer(desk: Table) -> None:
    claim = desk.recipe.opened
    frame.heading(desk, plain(claim.title))
    st.markdown(plain(claim.statement, 1000))
    found = _measured(desk)
    _compare(desk, found)
    player(_payload(desk.recipe, frame.theme()), key=desk.key("player"))
    tabs = {
        "Measured and expected": lambda: _numbers(found),
        "Why": lambda: _why(claim),
        "Export": lambda: export.panel(desk, lambda: scene(desk.recipe), f"claim-{claim.key}"),
        "Recipe": lambda: _recipe(desk.recipe),
    }
    frame.tabs(desk, tabs)


def _why(claim: Claim) -> None:
    for paragraph in claim.explanation:
        st.markdown(plain(paragraph, 2000))
    for reference in claim.references:
        st.caption(plain(reference, 500))


def _compare(desk: Table, result: Result) -> None:
    """Say the verdict, and where the prediction stands; that was asked for the settings the claim opens with."""
    passed = result.verdict == PASS
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(
            result.verdict,
            icon=":material/check:" if passed else ":material/close:",
            color="green" if passed else "red",
        )
        said, question = _guess(desk), desk.recipe.opened.question
        if said is None or desk.recipe.settings:
            return
        answer = question.answer(result)
        if question.options:
            right = int(said) == int(answer)
            told, true = question.options[int(said)], question.options[int(answer)]
            text = f"You said “{told}”, and so it is." if right else f"You said “{told}”. Measured: {true}."
        else:
            text = f"You said {words(said)}. Measured: {words(float(answer))}."
        st.markdown(plain(text))


def _numbers(result: Result) -> None:
    rows = [
        {
            "number": check.name,
            "measured": words(check.measured, 6),
            "expected": words(check.expected, 6),
            "tolerance": check.tolerance,
            "verdict": "PASS" if check.passed else "FAIL",
        }
        for check in result.checks
    ]
    st.dataframe(rows, hide_index=True)
    st.caption(f"Measured in {result.seconds:.2f} s with seed {result.seed}. Another seed draws anew.")


def _recipe(recipe: Chosen) -> None:
    settings = "".join(f", {name}={value!r}" for name, value in recipe.settings.items())
    st.code(
        "import landscape as ls\n\n"
        f"claim = ls.CLAIMS[{recipe.claim!r}]\n"
        f"result = claim.run(seed={recipe.seed}{settings})\n"
        "print(result.verdict, result.measured, result.expected)\n"
        'claim.scene(result).save("claim.pdf")\n',
        language="python",
    )
    if not settings:
        st.code(f"python -m landscape.claims {recipe.claim} --seed {recipe.seed}", language="bash")


page = Entry("Claims", ":material/fact_check:", "how-do-you-know", _show)
