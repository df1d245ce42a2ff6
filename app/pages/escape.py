"""Escape from a saddle: steps to leave it, measured beside the closed forms, down to offsets of 1e-12."""

from __future__ import annotations

import streamlit as st

from app import fields, work
from app.below import export
from app.figured import Entry
from app.page import Page, Shown
from app.text import plain, table
from landscape.figures.escape import FIGURE, Escaping, study
from landscape.language import mark, tr

LOOK = mark(
    "Start at (1, offset), almost on the line y = 0 that leads into the saddle (its stable manifold). Each time the "
    "offset is divided by ten, gradient descent and momentum wait as much longer again; Adam, RMSprop and sign descent "
    "hardly notice."
)
NEVER = mark(
    "A start exactly on the stable manifold, the line into the saddle, at offset 0, never leaves: the gradient has no "
    "part along y, and no rule here makes one; Newton's method even looks for the saddle, from everywhere. Only the "
    "random steps of perturbed gradient descent get away. Until its gradient is small it is gradient descent: its "
    "marks leave that line where noise comes first. Adam and sign descent, 20 steps each from a small offset, share "
    "theirs."
)


rules = fields.rules(Escaping(), FIGURE.views)


def steps(shown: Shown[Escaping]) -> None:
    """Show the steps of every optimizer as a table."""
    rows = []
    for walk, track in zip(study(shown.desk.recipe, work.result).walks, shown.scene().tracks, strict=True):
        late = tr("not in {n}", n=walk.found.n_steps)
        closed = tr("none") if walk.theory is None else str(walk.theory)
        if walk.theory is not None and not walk.found.exact:
            closed = tr("{steps} (limit of a small offset)", steps=walk.theory)
        rows.append(
            [
                plain(track.label),
                late if walk.measured is None else str(walk.measured),
                closed,
                tr("never") if walk.held else late if walk.on_manifold is None else str(walk.on_manifold),
            ]
        )
    st.markdown(table([tr("Optimizer"), tr("Measured"), tr("Closed form"), tr("From offset 0")], rows))
    st.caption(tr(NEVER))


page = Page(
    Entry("escape", mark("Escape from a saddle"), ":material/exit_to_app:", "off-a-saddle"),
    rules,
    question=lambda desk: tr("How long does it take to leave a saddle?"),
    look=lambda desk: tr(LOOK),
    ask=lambda desk: fields.ask(desk, offset=mark("Offset of the start"), curvature=mark("Negative curvature")),
    figure=FIGURE,
    tabs={mark("Steps"): steps, mark("Export"): export.show},
    wait=mark("Leaving the saddle"),
    file=lambda desk: "landscape-escape",
)
