"""The walkers: every optimizer, and the registry that menus, tests and recipes read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landscape.errors import lookup
from landscape.optimizers.adam import Adam, Adamax, AdamW, AMSGrad
from landscape.optimizers.adam_variants import AdaBelief, Lion, NAdam, RAdam, Yogi
from landscape.optimizers.adaptive import Adadelta, AdaGrad, RMSprop
from landscape.optimizers.base import ElementwiseOptimizer, Optimizer, Oracle
from landscape.optimizers.first_order import SGD, Momentum, Nesterov
from landscape.optimizers.noise import GaussianNoise, Minibatches, Noise, noise_from_recipe
from landscape.optimizers.perturbed import PerturbedGD
from landscape.optimizers.recipes import build, name_and_settings
from landscape.optimizers.schedules import SCHEDULES, Schedule, schedule, schedule_from_recipe
from landscape.optimizers.second_order import LBFGS, Newton, SaddleFreeNewton, TrustRegion

__all__ = [
    "OPTIMIZERS",
    "SCHEDULES",
    "ElementwiseOptimizer",
    "GaussianNoise",
    "Minibatches",
    "Noise",
    "Optimizer",
    "Oracle",
    "Schedule",
    "from_recipe",
    "noise_from_recipe",
    "optimizer",
    "schedule",
    "schedule_from_recipe",
]

# In the order to show them. The key is the class's own.
OPTIMIZERS: dict[str, type[Optimizer]] = {
    cls.key: cls
    for cls in (
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
    )
}


def optimizer(key: str, **hyper: Any) -> Optimizer:
    """Return the optimizer ``key`` with these hyperparameters, its own defaults for the others.

    Raises ``UnknownName`` for a key or a hyperparameter that there is not, ``TypeError`` or ``ValueError`` for a
    value that cannot be.

    >>> optimizer("momentum", learning_rate=0.01)
    Momentum(learning_rate=0.01, momentum=0.9, averaged=False, weight_decay=0.0)
    """
    return build(lookup(OPTIMIZERS, key, "optimizer"), hyper)


def from_recipe(recipe: Mapping[str, Any]) -> Optimizer:
    """Return the optimizer that ``Optimizer.recipe`` described.

    >>> from_recipe({"name": "adam", "bias_correction": False}).label
    'Adam, no bias correction (lr 0.001)'
    """
    name, hyper = name_and_settings(recipe, "optimizer")
    return optimizer(name, **hyper)
