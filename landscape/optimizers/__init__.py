"""The walkers: every optimizer, and the registries that menus, tests and recipes read."""

from __future__ import annotations

from typing import Any

from landscape.declared import Registry
from landscape.optimizers.adam import Adam, Adamax, AdamW, AMSGrad
from landscape.optimizers.adam_variants import AdaBelief, Lion, NAdam, RAdam, Yogi
from landscape.optimizers.adaptive import Adadelta, AdaGrad, RMSprop
from landscape.optimizers.base import ElementwiseOptimizer, Optimizer, Oracle, Step
from landscape.optimizers.first_order import SGD, Momentum, Nesterov
from landscape.optimizers.noise import NOISES, GaussianNoise, Minibatches, Noise
from landscape.optimizers.perturbed import PerturbedGD
from landscape.optimizers.schedules import SCHEDULES, Schedule, schedule
from landscape.optimizers.second_order import LBFGS, Newton, SaddleFreeNewton, TrustRegion

__all__ = [
    "NOISES",
    "OPTIMIZERS",
    "SCHEDULES",
    "ElementwiseOptimizer",
    "GaussianNoise",
    "Minibatches",
    "Noise",
    "Optimizer",
    "Oracle",
    "Schedule",
    "Step",
    "optimizer",
    "schedule",
]

OPTIMIZERS: Registry[Optimizer] = Registry(
    "optimizer",
    Optimizer,
    (
        SGD,
        Momentum,
        Nesterov,
        AdaGrad,
        Adadelta,
        RMSprop,
        Adam,
        AMSGrad,
        Adamax,
        NAdam,
        RAdam,
        AdamW,
        Lion,
        AdaBelief,
        Yogi,
        PerturbedGD,
        Newton,
        SaddleFreeNewton,
        LBFGS,
        TrustRegion,
    ),
)
"""Key -> class, in the order to show them."""


def optimizer(key: str, **hyper: Any) -> Optimizer:
    """Return the optimizer ``key`` with these hyperparameters (``Registry.make`` says what it raises).

    >>> optimizer("momentum", learning_rate=0.01)
    Momentum(learning_rate=0.01, momentum=0.9, averaged=False, weight_decay=0.0)
    """
    return OPTIMIZERS.make(key, **hyper)
