"""How long gradient descent needs for one saddle after the other, when leaving one takes it nearer to the next.

While one coordinate escapes, x <- (1 + 2 learning_rate gamma) x, the next one is drawn to its saddle,
x <- (1 - 2 learning_rate L) x = x / 2 at learning_rate = 1 / (4 L). From 1/2 to 1 the k-th coordinate then needs

    d_k = ceil((d_1 + ... + d_{k-1} + 1) ln 2 / ln(1 + gamma / (2 L)))   steps:

each saddle takes 1 + ln 2 / ln(1 + gamma / (2 L)) times as long as the one before. S. Du, C. Jin, J. Lee, M. Jordan,
B. Poczos, A. Singh, "Gradient descent can take exponential time to escape saddle points", 2017, simplified.
"""

from __future__ import annotations

import math

from landscape.language import tr


def escape_steps(n: int, ratio: float = 1.0) -> tuple[int, ...]:
    """Return the steps spent at each of ``n`` saddles one after the other; ``ratio`` is L / gamma, above 0.

    >>> escape_steps(7)
    (2, 6, 16, 43, 117, 317, 859)
    """
    if n < 0 or not 0.0 < ratio < math.inf:
        raise ValueError(tr("n must be 0 or more and ratio above 0, not {n} and {ratio}", n=n, ratio=ratio))
    steps: list[int] = []
    for _ in range(n):
        steps.append(math.ceil((sum(steps) + 1) * math.log(2.0) / math.log1p(0.5 / ratio)))
    return tuple(steps)


def growth(ratio: float = 1.0) -> float:
    """Return the factor from one saddle to the next in the long run: 1 + ln 2 / ln(1 + gamma / (2 L)).

    >>> round(growth(1.0), 4)
    2.7095
    """
    return 1.0 + math.log(2.0) / math.log1p(0.5 / ratio)
