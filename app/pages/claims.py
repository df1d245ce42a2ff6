"""Claims: predict, then measure, then compare with theory."""

from __future__ import annotations

import json
from collections.abc import Callable

import streamlit as st

from app import work
from app.ask import claim
from app.ask.claim import Chosen
from app.below import export
from app.figured import Entry
from app.page import Page, Shown
from app.state import Desk, Rules
from app.text import number as words
from app.text import plain
from landscape.claims import PASS, Result
from landscape.figures.base import Figure
from landscape.language import mark, tr
from landscape.lecture import Slide

TITLE = mark("How do you know?")
LOOK = mark(
    "Every claim of the lecture can be measured here and now, and held against the number that theory expects. Open "
    "one, say what you think, and see: the measurement runs when you ask for it, never before."
)


def result(recipe: Chosen, watch: Callable[[float], None] | None = None) -> Result:
    """Return the result of the open claim, measured now unless it was lately; ``watch`` is told how far it is."""
    name = ("claim", recipe.claim, json.dumps(recipe.values, sort_keys=True), recipe.seed)
    opened = recipe.opened

    def measure() -> Result:
        return opened.run(recipe.seed, progress=lambda done, total, _: work.tell(done / total), **recipe.settings)

    return work.result(name, measure, opened.demand, watch)


def _before(desk: Desk[Chosen]) -> Callable[[Desk[Chosen]], None] | None:
    if not desk.recipe.claim:
        return _cards
    return claim.question if claim.guess(desk) is None else None


def _cards(desk: Desk[Chosen]) -> None:
    st.title(tr(TITLE), anchor=False)
    st.markdown(tr(LOOK))
    claim.cards(desk)


def _measured(desk: Desk[Chosen], theme: str, question: str | None) -> bool:
    """Show the result; a bar tells how far it is while it is measured."""
    place = st.empty()

    def tell(share: float) -> None:
        measuring = tr("Measuring: {claim}", claim=desk.recipe.opened.title)
        place.progress(min(max(share, 0.0), 1.0), text=measuring)

    found = result(desk.recipe, tell)
    place.empty()
    if question is not None:
        said = tr("{claim}: {verdict}.", claim=question, verdict=tr(found.verdict))
        return page.show(desk, theme, f"{said} {claim.answered(desk, found)}".strip())
    passed = found.verdict == PASS
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(
            tr("The claim: {verdict}", verdict=tr(found.verdict)),
            icon=":material/check:" if passed else ":material/close:",
            color="green" if passed else "red",
        )
    with st.container(horizontal=True, vertical_alignment="center"):
        claim.reply(desk, found)
    return page.show(desk, theme)


def _numbers(shown: Shown[Chosen]) -> None:
    found = result(shown.desk.recipe)
    rows = [
        {
            tr("number"): check.title,
            tr("measured"): words(check.measured, 6),
            tr("expected"): words(check.expected, 6),
            tr("tolerance"): check.tolerance,
            tr("verdict"): tr(check.verdict),
        }
        for check in found.checks
    ]
    st.dataframe(rows, hide_index=True)
    st.caption(
        tr(
            "Measured in {seconds:.2f} s with seed {seed}. Another seed draws anew.",
            seconds=found.seconds,
            seed=found.seed,
        )
    )


def _why(shown: Shown[Chosen]) -> None:
    opened = shown.desk.recipe.opened
    for paragraph in opened.explanation:
        st.markdown(plain(paragraph, 2000))
    for reference in opened.references:
        st.caption(plain(reference, 500))


def _recipe(shown: Shown[Chosen]) -> None:
    recipe = shown.desk.recipe
    st.code(recipe.opened.script(recipe.seed, **recipe.settings), language="python")
    if not recipe.settings:
        st.code(f"landscape claims {recipe.claim} --seed {recipe.seed}", language="bash")


rules = Rules(Chosen, claim.read, claim.write)
page = Page(
    Entry("claims", mark("Claims"), ":material/fact_check:", "how-do-you-know"),
    rules,
    before=_before,
    question=lambda desk: plain(desk.recipe.opened.title),
    look=lambda desk: plain(desk.recipe.opened.statement, 1000),
    ask=claim.ask,
    figure=Figure("claim", lambda recipe, views, keep: recipe.opened.scene(result(recipe)), Chosen),
    picture=_measured,
    as_slide=lambda title, words, figure, recipe, view: Slide(
        title, notes=words, claim=recipe.claim, settings=recipe.settings, seed=recipe.seed
    ),
    tabs={
        mark("Measured and expected"): _numbers,
        mark("Why"): _why,
        mark("Export"): export.show,
        mark("Recipe"): _recipe,
    },
    file=lambda desk: f"claim-{desk.recipe.claim}",
)
