"""Hyperparameters that many optimizers share: one name, one meaning and one valid range for all of them."""

from __future__ import annotations

from typing import Any

from landscape.language import mark
from landscape.parameter import BELOW_ONE, parameter

# The least eps: with none at all a gradient that is exactly zero would make 0/0.
LEAST_EPS = 1e-300


def step_size(default: float, high: float = 1.0) -> Any:
    """Return the field ``learning_rate``."""
    return parameter(default, 1e-5, high, mark(mark("step size")), log=True, minimum=0.0)


def decay(default: float, description: str, high: float = 0.9999) -> Any:
    """Return a field for the share of a running average that is kept from step to step, 0 <= share < 1."""
    return parameter(default, 0.0, high, description, minimum=0.0, maximum=BELOW_ONE)


def epsilon(default: float, low: float = 1e-12) -> Any:
    """Return the field ``eps``, which keeps a denominator away from zero."""
    return parameter(default, low, 1e-2, mark(mark("keeps the denominator from zero")), log=True, minimum=LEAST_EPS)


def l2_penalty() -> Any:
    """Return the field ``weight_decay`` of the coupled kind: weight_decay * x is added to the gradient."""
    return parameter(0.0, 0.0, 0.1, mark(mark("L2 penalty added to the gradient")), minimum=0.0)


def decoupled_decay(default: float) -> Any:
    """Return the field ``weight_decay`` of the decoupled kind: x shrinks apart from the gradient step."""
    return parameter(default, 0.0, 0.1, mark(mark("shrinks x directly, apart from the gradient")), minimum=0.0)


def switch(default: bool, description: str) -> Any:
    """Return a field that is true or false."""
    return parameter(default, 0, 1, description, boolean=True)
