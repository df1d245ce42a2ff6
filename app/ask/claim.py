"""Which claim, and what do you expect of it? One that is open, with its settings, by address."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import streamlit as st

from app.ask.controls import choice, number, numbers
from app.state import Desk, presenting
from app.text import number as words
from app.text import plain
from landscape.claims import CLAIMS, POINTS, Claim, Result
from landscape.errors import UnknownName, lookup
from landscape.language import mark, tr
from landscape.parameter import Parameter

SEED = Parameter("seed", 0, 0, 100, mark("chooses every draw"), integer=True, minimum=0, maximum=1_000_000)
COSTS = {
    "instant": mark("It is measured at once."),
    "seconds": mark("It takes a few seconds."),
    "minute": mark("It takes up to a minute."),
}
_SETTING = "p."
_SAID = "said.{}"
"""Place of what was predicted for a claim; NaN where it was to be shown at once."""


@dataclass(frozen=True)
class Chosen:
    """A claim by its key ("" where none is open), the settings that differ from its defaults, and the seed."""

    claim: str = ""
    settings: Mapping[str, float] = field(default_factory=dict)
    seed: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "seed", int(SEED.check(self.seed)))
        if self.claim:
            opened = lookup(CLAIMS, self.claim, tr("claim"))
            defaults = {p.name: p.default for p in opened.parameters}
            checked = opened.settings(**self.settings)
            changed = {name: value for name, value in checked.items() if value != defaults[name]}
            object.__setattr__(self, "settings", changed)

    @property
    def opened(self) -> Claim:
        """The claim that is open."""
        return CLAIMS[self.claim]

    @property
    def values(self) -> dict[str, float]:
        """All settings of the open claim."""
        return self.opened.settings(**self.settings)

    def changed(self, name: str, value: float) -> Chosen:
        """Return it with another setting."""
        return dataclasses.replace(self, settings={**self.settings, name: value})


def read(query: Mapping[str, str], default: Chosen = Chosen()) -> tuple[Chosen, tuple[str, ...]]:
    """Return the claim that URL parameters name, with what was refused."""
    problems: list[str] = []
    chosen = default
    try:
        chosen = Chosen(query.get("claim", "")[:100])
    except UnknownName as error:
        problems.append(f"claim: {error}")
    try:
        chosen = dataclasses.replace(chosen, seed=int(SEED.read(query.get("seed", "0"))))
    except (ValueError, TypeError) as error:
        problems.append(str(error))
    for name in query:
        if chosen.claim and name.startswith(_SETTING):
            text = query[name]
            try:
                known = {p.name: p for p in chosen.opened.parameters}
                setting = lookup(
                    known, name.removeprefix(_SETTING)[:40], tr("parameter of {owner}", owner=chosen.claim)
                )
                chosen = chosen.changed(setting.name, setting.read(text))
            except (ValueError, TypeError) as error:
                problems.append(str(error))
    return chosen, tuple(problems)


def write(chosen: Chosen) -> dict[str, str]:
    """Return the URL parameters of a claim that is open."""
    made = {"claim": chosen.claim} if chosen.claim else {}
    made |= {f"{_SETTING}{name}": repr(value) for name, value in chosen.settings.items()}
    return made | ({"seed": str(chosen.seed)} if chosen.seed else {})


def ask(desk: Desk[Chosen]) -> None:
    """Ask what can be set about a claim that was measured, and for another one: their titles give answers away."""
    recipe = desk.recipe
    if not recipe.claim:
        return
    if guess(desk) is None:
        back = ":material/arrow_back:"
        st.button(tr("All claims"), key=desk.key("all"), icon=back, type="tertiary", on_click=_open, args=(desk, ""))
        return
    titles = {"": tr("All claims"), **{key: _named(desk, claim) for key, claim in CLAIMS.items()}}
    choice(
        desk,
        "claim",
        tr("Claim"),
        list(titles),
        recipe.claim,
        titles.__getitem__,
        lambda _, key: Chosen(key),
    )
    numbers(
        desk,
        f"settings.{recipe.claim}",
        recipe.opened.parameters,
        lambda name: recipe.values[name],
        lambda old, name, value: old.changed(name, value),
    )
    number(desk, "seed", SEED, recipe.seed, lambda old, value: dataclasses.replace(old, seed=int(value)))


def cards(desk: Desk[Chosen]) -> None:
    """Show every claim under its point, to be opened."""
    for point, says in POINTS.items():
        claims = [claim for claim in CLAIMS.values() if claim.point == point]
        says = tr(says)
        named = tr("Claim {point}: {says}", point=point, says=says) if point.startswith("(") else says
        st.markdown(f"## {plain(named)}")
        for row in range(0, len(claims), 3):
            for column, claim in zip(st.columns(3), claims[row : row + 3], strict=False):
                with column:
                    _card(desk, claim)


def _is_answered(desk: Desk[Chosen], claim: Claim) -> bool:
    """Tell whether its measurement was asked for, so that its title gives no answer away."""
    return desk.key(_SAID.format(claim.key)) in st.session_state


def _named(desk: Desk[Chosen], claim: Claim) -> str:
    return claim.title if _is_answered(desk, claim) else claim.question.text


def _card(desk: Desk[Chosen], claim: Claim) -> None:
    with st.container(border=True, height="stretch"):
        if _is_answered(desk, claim):
            st.markdown(f"**{plain(claim.title)}**")
            st.caption(plain(claim.statement))
        else:
            st.markdown(plain(claim.question.text, 1000))
        st.button(
            tr("Predict and measure"),
            key=desk.key(f"open.{claim.key}"),
            help=tr(COSTS[claim.cost]),
            on_click=_open,
            args=(desk, claim.key),
        )


def _open(desk: Desk[Chosen], key: str) -> None:
    desk.edit("claim", lambda _: Chosen(key))


def guess(desk: Desk[Chosen]) -> float | None:
    """Return what was predicted for the open claim: the number of an option, or a number."""
    said: float | None = st.session_state.get(desk.key(_SAID.format(desk.recipe.claim)))
    return said


def question(desk: Desk[Chosen]) -> None:
    """Ask what is expected of the open claim, before it is measured."""
    claim = desk.recipe.opened
    st.title(tr("What do you expect?"), anchor=False)
    st.markdown(plain(claim.question.text, 1000))
    key = desk.key(f"guess.{claim.key}")
    if claim.question.options:
        options = claim.question.choices
        guessed: float | None = st.radio(
            tr("Your prediction"),
            range(len(options)),
            index=None,
            key=key,
            format_func=lambda k: plain(options[k]),
            label_visibility="collapsed",
        )
    else:
        guessed = st.number_input(tr("Your prediction"), value=None, key=key, width=240, placeholder=tr("a number"))

    def measure(said: float | None) -> None:
        st.session_state[desk.key(_SAID.format(claim.key))] = said

    with st.container(horizontal=True):
        icon, unsaid = ":material/science:", guessed is None
        st.button(tr("Measure"), type="primary", disabled=unsaid, icon=icon, on_click=measure, args=(guessed,))
        if presenting():
            st.button(tr("Show it at once"), type="tertiary", on_click=measure, args=(math.nan,))


def reply(desk: Desk[Chosen], result: Result) -> None:
    """Say where the prediction stands, apart from the claim."""
    told = answered(desk, result)
    if told and desk.recipe.opened.question.options:
        right = guess(desk) == desk.recipe.opened.question.answer(result)
        says = tr("Your prediction: right") if right else tr("Your prediction: wrong")
        st.badge(says, icon=":material/psychology_alt:", color="gray")
    st.markdown(plain(told))


def answered(desk: Desk[Chosen], result: Result) -> str:
    """Return what was predicted and what is; nothing for other settings than it was asked for."""
    said, question = guess(desk), desk.recipe.opened.question
    if said is None or math.isnan(said) or desk.recipe.settings:
        return ""
    answer = question.answer(result)
    if not question.options:
        return tr("You said {said}. Measured: {measured}.", said=words(said), measured=words(float(answer)))
    options = question.choices
    told, true = options[int(said)], options[int(answer)]
    if said == answer:
        return tr("You said “{said}”, and so it is.", said=told)
    return tr("You said “{said}”. Measured: {measured}.", said=told, measured=true)
