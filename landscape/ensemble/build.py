"""From Python functions of plain arithmetic to machine code, by way of Numba and LLVM."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import llvmlite.binding as llvm
import numba
import numpy as np
from numba import types

from landscape.ensemble.machine import target_machine, vector_math
from landscape.ensemble.store import Machine

_POINTER = types.CPointer(types.float64)

# No fastmath: it would let LLVM take NaN and infinity for impossible, and round otherwise than NumPy does.
_OPTIONS: dict[str, Any] = {"error_model": "numpy", "no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def jit(function: Callable[..., Any]) -> Any:
    """Return ``function`` as something that a kernel may call."""
    return numba.njit(**_OPTIONS)(function)


def function_of_numbers(source: str, name: str) -> Any:
    """Return the function of single numbers that ``source`` defines; it may call NumPy by bare names."""
    functions = {name: jit(meaning) for name, meaning in OF_NUMBERS.items()}
    return jit(_defined(source, name, vars(np) | functions))


def compile_kernel(source: str, functions: Mapping[str, Any]) -> Machine:
    """Return the machine code of ``kernel(4 pointers, 3 whole numbers, 1 number)``, which ``source`` defines.

    Before its own arguments the machine code takes two pointers more, and it returns a status that is always 0:
    that is how Numba calls.
    """
    kernel = _defined(source, "kernel", {"np": np, **functions})
    signature = types.void(*[_POINTER] * 4, *[types.intp] * 3, types.float64)
    compiled: Any = next(iter(numba.njit(signature, **_OPTIONS)(kernel).overloads.values()))
    text = compiled.library.get_llvm_str()
    for intrinsic, replacement in vector_math().items():
        text = text.replace(f"@{intrinsic}(", f"@{replacement}(")
    module = llvm.parse_assembly(text)
    symbol = compiled.fndesc.llvm_func_name
    externals = tuple(f.name for f in module.functions if f.is_declaration and not f.name.startswith("llvm."))
    return Machine(symbol, externals, target_machine().emit_object(module))


def _defined(source: str, name: str, space: dict[str, Any]) -> Callable[..., Any]:
    """Return the function that ``source`` defines: text written by ``landscape.ensemble.kernels``, never typed in."""
    exec(compile(source, f"<{name}>", "exec"), space)
    return space[name]


def _sigmoid(u: Any) -> Any:
    e = np.exp(-abs(u))
    return (1.0 if u >= 0.0 else e) / (1.0 + e)


def _relu(u: Any) -> Any:
    return u if u > 0.0 or u != u else 0.0


def _step(u: Any) -> Any:
    return 1.0 if u > 0.0 else u if u != u else 0.0


def _larger(u: Any, v: Any) -> Any:
    return u if u >= v or u != u else v


# What the functions of ``landscape.surfaces.formula.functions`` are for one number: NaN in, NaN out.
OF_NUMBERS: dict[str, Callable[..., Any]] = {
    "sigmoid": _sigmoid,
    "softplus": lambda u: max(u, 0.0) + np.log1p(np.exp(-abs(u))),
    "tanh": lambda u: np.tanh(u),
    "signum": lambda u: np.sign(u),
    "absolute": lambda u: abs(u),
    "step": _step,
    "relu": _relu,
    "root": lambda u: np.sqrt(u) + 1e-60,
    "larger": _larger,
    "erf": lambda u: math.erf(u),
}
