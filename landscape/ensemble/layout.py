"""How starts lie in memory while a kernel takes them through their steps, and what it writes beside them."""

from __future__ import annotations

import dis
from functools import cache
from typing import NamedTuple

from landscape.optimizers.base import ElementwiseOptimizer

TICK = 2.0**24
"""A start's clock is TICK * (one more than the last step with a large gradient) + (the last finite step)."""

VALUE, NORM, QUIET, STATE, CLOCK, X = range(6)
"""The rows of a block: what is written at the end of a stretch, the clock, and from ``X`` on each coordinate with its
slots. ``QUIET`` is the step since when the gradient norm is small (with a fraction, to be cut off), ``STATE`` how the
lane goes on: 0.0 as before, 1.0 at rest, -1.0 not finite."""


class Block(NamedTuple):
    """A block of starts: ``n_rows`` rows of ``stride`` numbers, the first ``lanes`` of which are starts.

    Each start goes through the same vector instructions wherever it lies, since the number of lanes is fixed and blocks
    are filled up: results do not depend on how the starts are divided. A coordinate and its slots are ``width`` rows.
    """

    lanes: int
    stride: int
    width: int
    n_rows: int

    @classmethod
    def of(cls, lanes: int, stride: int, n_dims: int, n_slots: int) -> Block:
        """Return a block for points of so many coordinates."""
        return cls(lanes, stride, 1 + n_slots, X + n_dims * (1 + n_slots))

    @property
    def coordinates(self) -> slice:
        """The rows of the coordinates themselves."""
        return slice(X, None, self.width)


@cache
def knows_time(optimizer: type[ElementwiseOptimizer]) -> bool:
    """Tell whether the rule looks at the number of the step, its third argument, by whatever name."""
    t = optimizer.rule.__code__.co_varnames[2]
    # Newer Pythons load two variables by one instruction, whose argument is a tuple of names.
    read = (one.argval for one in dis.get_instructions(optimizer.rule) if "LOAD" in one.opname)
    return any(t == names or (isinstance(names, tuple) and t in names) for names in read)


def hyperparameters(optimizer: ElementwiseOptimizer) -> str:
    """Return the source of the tuple ``hyper`` of a rule: what is 0 or 1 (switches, mostly) is written into it.

    What such a switch turns off costs nothing then; the others are arguments of the kernel.
    """
    return tupled([repr(h) if h in (0.0, 1.0) else f"hyper[{k}]" for k, h in enumerate(optimizer.hyper)])


def tupled(items: list[str]) -> str:
    """Return the source of a tuple."""
    return f"({''.join(f'{item}, ' for item in items)})"
