"""From Python functions of plain arithmetic to machine code, by way of Numba and LLVM."""

from __future__ import annotations

import math
import re
import types
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

import llvmlite.binding as llvm
import numba
import numpy as np
from numba import types as machine_types
from numba.core.compiler_lock import global_compiler_lock
from numba.core.registry import cpu_target

from landscape.ensemble.machine import processor, target_machine, vector_math
from landscape.ensemble.store import Machine
from landscape.errors import RuleError
from landscape.language import tr
from landscape.optimizers.rules import said_line

_POINTER = machine_types.CPointer(machine_types.float64)

_WIDEST = 8  # numbers in a vector of 512 bits

# No fastmath: it would let LLVM take NaN and infinity for impossible, and round otherwise than NumPy does.
_OPTIONS: dict[str, Any] = {"error_model": "numpy", "no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def jit(function: Callable[..., Any]) -> Any:
    """Return ``function`` as something that a kernel may call."""
    return numba.njit(**_OPTIONS)(function)


def function_of_numbers(source: str, name: str) -> Any:
    """Return the function of single numbers that ``source`` defines; it may call NumPy by bare names."""
    functions = {name: jit(meaning) for name, meaning in OF_NUMBERS.items()}
    return jit(_defined(source, name, vars(np) | functions))


def rule_of_numbers(rule: types.FunctionType) -> Any:
    """Return an update rule as a function of single numbers; what it takes of NumPy is that of ``NUMPY``."""
    space = {name: _of_numbers(value) for name, value in rule.__globals__.items() if name in rule.__code__.co_names}
    cells = tuple(types.CellType(_of_numbers(cell.cell_contents)) for cell in rule.__closure__ or ())
    return jit(types.FunctionType(rule.__code__, space, rule.__name__, None, cells))


def _of_numbers(value: Any) -> Any:
    """Return what stands for NumPy, or for one of its functions, where numbers are single."""
    if value is np:
        return _numpy()
    name = getattr(value, "__name__", "")
    return getattr(_numpy(), name) if getattr(np, name, None) is value else value


@cache
def _numpy() -> types.ModuleType:
    """Return NumPy with functions of our own where Numba has none, or one that gives something else."""
    room = types.ModuleType("numpy")
    vars(room).update(vars(np))
    vars(room).update({name: jit(meaning) for name, meaning in NUMPY.items()})
    return room


@contextmanager
def said_of(optimizer: type) -> Iterator[None]:
    """Let what the compiler has against the rule of an optimizer be said in a sentence."""
    try:
        yield
    except numba.core.errors.NumbaError as problem:
        rule = optimizer.rule  # type: ignore[attr-defined]
        line = getattr(getattr(problem, "loc", None), "line", 0) or rule.__code__.co_firstlineno
        said = str(problem.args[0]).strip().splitlines()[0] if problem.args else type(problem).__name__
        where = f"{optimizer.__name__}.rule, {said_line(rule, line)}"
        raise RuleError(
            tr(
                "{line}, cannot be compiled: {problem}; derive from ls.Optimizer, which is not",
                line=where,
                problem=said,
            )
        ) from None


def compile_kernel(
    source: str, functions: Mapping[str, Any], quicker: Callable[[Machine, Machine], Machine]
) -> Machine:
    """Return the machine code of ``kernel(5 pointers, 3 whole numbers, 1 number)``, which ``source`` defines.

    Before its own arguments the machine code takes two pointers more, and it returns a status that is always 0:
    that is how Numba calls. Where LLVM prefers vectors of half the width that the processor has, ``quicker`` chooses
    between the two: the results are the same bits. They might not be where functions such as sin are called for a
    whole vector, so that LLVM's choice stands there.
    """
    machine, lanes = _compiled(source, functions, wide=False)
    if lanes >= _WIDEST or "+avx512f" not in processor()[2] or set(machine.externals) & set(vector_math().values()):
        return machine
    return quicker(machine, _compiled(source, functions, wide=True)[0])


def _compiled(source: str, functions: Mapping[str, Any], wide: bool) -> tuple[Machine, int]:
    """Return the machine code of a kernel, and how many numbers its longest vectors have."""
    kernel = _defined(source, "kernel", {"np": np, **functions})
    signature = machine_types.void(*[_POINTER] * 5, *[machine_types.intp] * 3, machine_types.float64)
    tuner = target_machine(wide)
    with _optimizing_for(tuner):
        compiled: Any = next(iter(numba.njit(signature, **_OPTIONS)(kernel).overloads.values()))
    text = compiled.library.get_llvm_str()
    lanes = max((int(found) for found in re.findall(r"<(\d+) x double>", text)), default=1)
    for intrinsic, replacement in vector_math().items():
        text = text.replace(f"@{intrinsic}(", f"@{replacement}(")
    module = llvm.parse_assembly(text)
    symbol = compiled.fndesc.llvm_func_name
    externals = tuple(f.name for f in module.functions if f.is_declaration and not f.name.startswith("llvm."))
    return Machine(symbol, externals, tuner.emit_object(module)), lanes


@contextmanager
def _optimizing_for(tuner: Any) -> Iterator[None]:
    """Let Numba vectorize in this block for ``tuner``; it has no public way to choose the width of vectors."""
    with global_compiler_lock:
        generator = cpu_target.target_context.codegen()
        usual, generator._tm = generator._tm, tuner
        try:
            yield
        finally:
            generator._tm = usual


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


# What functions of NumPy are for one number, where Numba gives an array of one, something else, or nothing.
NUMPY: dict[str, Callable[..., Any]] = {
    "where": lambda condition, yes, no: yes if condition else no,
    "clip": lambda u, low, high: np.minimum(np.maximum(u, low), high),
    "heaviside": lambda u, middle: u if u != u else 0.0 if u < 0.0 else middle if u == 0.0 else 1.0,
    "floor_divide": lambda u, v: u // v,
}

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
