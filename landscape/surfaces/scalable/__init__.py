"""The classics of optimization in any number of dimensions."""

from __future__ import annotations

from landscape.surfaces.scalable.chained import DixonPrice, Powell, Rosenbrock, Trid
from landscape.surfaces.scalable.coupled import Ackley, Griewank, Zakharov
from landscape.surfaces.scalable.separable import Levy, Rastrigin, Separable, StyblinskiTang, SumOfCosines

__all__ = [
    "Ackley",
    "DixonPrice",
    "Griewank",
    "Levy",
    "Powell",
    "Rastrigin",
    "Rosenbrock",
    "Separable",
    "StyblinskiTang",
    "SumOfCosines",
    "Trid",
    "Zakharov",
]
