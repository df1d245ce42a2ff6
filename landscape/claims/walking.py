"""Steps that claims make outside of a run: many learning rates side by side, or points that are no surface's."""

from __future__ import annotations

from typing import Any

from landscape.optimizers.first_order import SGD

_HYPER = SGD(1.0).hyper


def descended(x: Any, gradient: Any, rate: Any) -> Any:
    """Return where gradient descent goes from ``x``: numbers or arrays, one learning rate for all or one each."""
    rule: Any = SGD.rule  # plain arithmetic, so that a rate may be an array; its other setting is the weight decay, 0
    return rule(x, gradient, 1, rate, (), _HYPER)[0]
