"""The linear autoencoder: loss and index of every critical point from the covariance's eigenvalues alone.

Reference: Baldi and Hornik, Neural networks and principal component analysis, Neural Networks 2, 1989, facts 3 and 4.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from landscape.language import tr


def critical_loss(eigenvalues: Sequence[float], kept: Collection[int]) -> float:
    """Return the loss where the components ``kept`` pass through: half the sum of the other ``eigenvalues``.

    >>> critical_loss([5, 4, 3, 2, 1], {0, 1})
    3.0
    """
    return sum(value for i, value in enumerate(eigenvalues) if i not in kept) / 2


def critical_index(eigenvalues: Sequence[float], kept: Collection[int], hidden: int) -> int:
    """Return the saddle index there, with ``hidden`` units: the better components left out, and the unused units.

    #{i kept, j not kept: l_j > l_i} + (hidden - r) (n - r), r the number kept. 0 for the largest ``hidden`` alone.

    >>> critical_index([5, 4, 3, 2, 1], {0, 1}, hidden=2), critical_index([5, 4, 3, 2, 1], {4}, hidden=2)
    (0, 8)
    """
    n, r = len(eigenvalues), len(kept)
    if r > hidden:
        raise ValueError(tr("{hidden} hidden units cannot keep {components} components", hidden=hidden, components=r))
    passed_over = sum(eigenvalues[j] > eigenvalues[i] for i in kept for j in range(n) if j not in kept)
    return passed_over + (hidden - r) * (n - r)
