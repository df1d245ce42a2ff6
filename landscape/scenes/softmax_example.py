"""One example on its way through softmax: probabilities as bars, beside those at another temperature and hardmax."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from landscape.language import mark, tr
from landscape.picture.scene import Array, Axis, Layer, Line, Panel
from landscape.scene import Scene
from landscape.theory.softmax import Arithmetic, hardmax, softmax

WIDTH = 0.36


def example_scene(board: Arithmetic, classes: Sequence[str], temperature: float = 1.0) -> Scene:
    """Return the probabilities of each class as bars: softmax of z, softmax of z / ``temperature``, and hardmax.

    Nothing in it moves. Raises ``ValueError`` where there is not a name for each score.
    """
    if len(classes) != len(board.z):
        raise ValueError(
            tr("there are {scores} scores and {names} names of classes", scores=len(board.z), names=len(classes))
        )
    names = tuple((float(k), name) for k, name in enumerate(classes))
    drawn: list[tuple[str, str, Array]] = [
        (tr("softmax"), "graph", board.a),
        (
            tr("softmax at temperature {temperature:g}", temperature=temperature),
            "theory",
            softmax(board.z, temperature),
        ),
        (tr("hardmax"), "threshold", hardmax(board.z)),
    ]
    if temperature == 1.0:
        del drawn[1]
    layers: list[Layer] = [Line(*bars(a, k, len(drawn)), name, role) for k, (name, role, a) in enumerate(drawn)]
    x = Axis.of(mark("class"), range=(-0.6, len(classes) - 0.4), ticks=names)
    scores = Panel("scores", tr("Scores z"), x, Axis("z"), (Line(*bars(board.z, 0, 1), "z", "graph"),))
    chances = Panel("probabilities", tr("Probabilities a"), x, Axis("a", range=(0.0, 1.05)), tuple(layers))
    right = int(board.y.argmax())
    said = tr(
        "y is {true_class}: loss −ln {probability:.6g} = {loss:.6f}",
        true_class=classes[right],
        probability=board.a[right],
        loss=board.loss,
    )
    return Scene(tr("From scores to probabilities"), (scores, chances), (), 0, (("scores",), ("probabilities",)),
                 (1.0, 1.4), caption=said)  # fmt: skip


def bars(heights: Array, place: int, of: int) -> tuple[Array, Array]:
    """Return the outline (x, y) of a bar for each height, the ``place``-th of ``of`` that stand side by side."""
    each = 2 * WIDTH / of
    left = np.arange(len(heights)) - WIDTH + place * each
    right, zero, gap = left + 0.9 * each, np.zeros(len(heights)), np.full(len(heights), np.nan)
    x = np.stack([left, left, right, right, left, gap], axis=1).ravel()
    return x, np.stack([zero, heights, heights, zero, zero, gap], axis=1).ravel()
