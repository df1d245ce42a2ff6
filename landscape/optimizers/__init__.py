"""The walkers: every optimizer, and the registries that menus, tests and recipes read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from landscape.declared import Registry
from landscape.language import mark
from landscape.optimizers.adam import Adam, Adamax, AdamW, AMSGrad
from landscape.optimizers.adam_memories import ADOPT, Adan, AdEMAMix
from landscape.optimizers.adam_variants import AdaBelief, Lion, NAdam, RAdam, Yogi
from landscape.optimizers.adaptive import Adadelta, AdaGrad, RMSprop
from landscape.optimizers.averages import ASGD, ScheduleFreeAdamW, ScheduleFreeSGD
from landscape.optimizers.base import Block, ElementwiseOptimizer, Optimizer, Oracle, Step
from landscape.optimizers.first_order import SGD, Momentum, Nesterov, NesterovAsWritten
from landscape.optimizers.matrices import SOAP, Adafactor, Muon, Shampoo
from landscape.optimizers.noise import NOISES, GaussianNoise, Minibatches, Noise
from landscape.optimizers.perturbed import PerturbedGD
from landscape.optimizers.schedules import SCHEDULES, Schedule, schedule
from landscape.optimizers.second_look import SAM, Sophia
from landscape.optimizers.second_order import LBFGS, Newton, SaddleFreeNewton, TrustRegion
from landscape.optimizers.signs import Rprop, Signum
from landscape.optimizers.whole_vector import LAMB, PolyakStep, Prodigy
from landscape.optimizers.wrappers import Clipped, Lookahead, MovingAverage, ReduceOnPlateau, StochasticWeightAverage

__all__ = [
    "NOISES",
    "OPTIMIZERS",
    "SCHEDULES",
    "Block",
    "ElementwiseOptimizer",
    "GaussianNoise",
    "Minibatches",
    "Noise",
    "Optimizer",
    "Oracle",
    "Schedule",
    "Step",
    "fitting",
    "optimizer",
    "schedule",
]

OPTIMIZERS: Registry[Optimizer] = Registry(
    mark("optimizer"),
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
        NesterovAsWritten,
        Rprop,
        Signum,
        AdEMAMix,
        ADOPT,
        Adan,
        ASGD,
        ScheduleFreeSGD,
        ScheduleFreeAdamW,
        PolyakStep,
        Prodigy,
        LAMB,
        SAM,
        Sophia,
        Clipped,
        Lookahead,
        MovingAverage,
        StochasticWeightAverage,
        ReduceOnPlateau,
        Muon,
        Shampoo,
        SOAP,
        Adafactor,
    ),
)
"""Key -> class, in the order to show them."""


def fitting(blocks: Sequence[Block] = ()) -> dict[str, type[Optimizer]]:
    """Return the optimizers that are rules for points made of these arrays: on a plain vector all but the matrices'.

    >>> "muon" in fitting(), "adam" in fitting()
    (False, True)
    """
    return {key: kind for key, kind in OPTIMIZERS.items() if _fits(OPTIMIZERS.make(key), blocks)}


def _fits(rule: Optimizer, blocks: Sequence[Block]) -> bool:
    try:
        rule.check_blocks(blocks)
    except ValueError:
        return False
    return True


def optimizer(key: str, **hyper: Any) -> Optimizer:
    """Return the optimizer ``key`` with these hyperparameters (``Registry.make`` says what it raises).

    >>> optimizer("momentum", learning_rate=0.01)
    Momentum(learning_rate=0.01, momentum=0.9, averaged=False, weight_decay=0.0)
    """
    return OPTIMIZERS.make(key, **hyper)
