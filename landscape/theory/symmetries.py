"""Copies of one minimum: what may be exchanged in a network without changing what it computes.

In a network with one hidden layer of h units under an odd activation (tanh) the units can be put in any order, and each
may change the signs of all its weights: h! 2^h points with the same function, the same loss and the same Hessian
eigenvalues. They are apart unless two units are equal. R. Hecht-Nielsen, "On the algebraic structure of feedforward
network weight spaces", 1990.
"""

from __future__ import annotations

import math


def copies(hidden: int) -> int:
    """Return in how many points of weight space a network of ``hidden`` tanh units computes the same: h! 2^h.

    >>> [copies(h) for h in (1, 2, 3, 8)]
    [2, 8, 48, 10321920]
    """
    return math.factorial(hidden) * 2**hidden
