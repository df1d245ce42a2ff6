"""Saddles against minima: critical points counted, beside what theory expects of them."""

from __future__ import annotations

from app import fields
from app.below import export
from app.figured import Entry
from app.page import Page
from app.state import Desk
from landscape.analysis.counts import SLOW_DIMS
from landscape.figures.counts import FIGURE, Counted
from landscape.language import mark, tr

LOOK = mark(
    "Ever fewer as dimensions grow, for every direction has to rise. On the left the count lies on the curve "
    "of Kac and Rice's formula, the mean number of critical points of a random landscape: at most a coin toss for each "
    "direction, but far above a random symmetric matrix of Gaussian entries (GOE, the Gaussian orthogonal ensemble), "
    "whose eigenvalues push one another apart. A point's index is the number of directions in which it falls."
)
SLOW = mark("Four dimensions are searched for all of their points too: about a quarter of a minute, once.")


rules = fields.rules(Counted())


def _look(desk: Desk[Counted]) -> str:
    return f"{tr(LOOK)}\n\n{tr(SLOW)}" if desk.recipe.n == SLOW_DIMS else tr(LOOK)


page = Page(
    Entry("saddles", mark("Saddles against minima"), ":material/balance:", "how-many-minima"),
    rules,
    question=lambda desk: tr("How many critical points are minima?"),
    look=_look,
    ask=lambda desk: fields.ask(desk, n=mark("Dimensions n")),
    figure=FIGURE,
    tabs={mark("Export"): export.show},
    wait=mark("Counting critical points of random landscapes"),
    file=lambda desk: "landscape-saddles-against-minima",
)
