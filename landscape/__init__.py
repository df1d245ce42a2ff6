"""How optimizers move over cost surfaces: minima, saddles and plateaus, watched, measured and exported.

>>> import landscape as ls
>>> surface = ls.surface("escaping_saddle")
>>> run = ls.descend(surface, ls.Adam(learning_rate=0.01), [[1.0, 1e-3]], n_steps=400)
>>> run.outcomes[0].word
'minimum'
"""

from __future__ import annotations

from typing import Any

__version__ = "0.1.0"

# Public name -> the module that has it; a module is imported when one of its names is first used.
_ROOMS = {
    "landscape.errors": ("FormulaError", "UnknownName"),
    "landscape.surfaces": (
        *("SURFACES", "GROUPS", "surface", "formula"),
        *("Surface", "Domain", "Parameter", "CriticalPoint", "Formula"),
    ),
    "landscape.optimizers": (
        *("OPTIMIZERS", "SCHEDULES", "optimizer", "schedule", "Optimizer", "GaussianNoise"),
        *("SGD", "Momentum", "Nesterov", "AdaGrad", "Adadelta", "RMSprop", "Adam", "AMSGrad", "Adamax", "NAdam"),
        *("RAdam", "AdamW", "Lion", "AdaBelief", "Yogi", "PerturbedGD"),
    ),
    "landscape.descent": ("descend",),
    "landscape.trajectory": ("Outcome", "Trajectory"),
    "landscape.starts": ("random_starts", "grid_starts"),
    "landscape.experiment": ("Experiment", "Run"),
    "landscape.scenes": ("Scene",),
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names}

__all__ = ["__version__", *_ROOM_OF]  # noqa: PLE0604 - the names come from the table above


def __getattr__(name: str) -> Any:
    if name not in _ROOM_OF:
        raise AttributeError(f"module 'landscape' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_ROOM_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
