"""The kernel of one surface and one update rule: many starts, a block at a time, through many steps."""

from __future__ import annotations

import ctypes
import dis
import hashlib
import threading
from collections.abc import Callable
from functools import cache
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np

from landscape.ensemble import store
from landscape.optimizers.base import ElementwiseOptimizer
from landscape.optimizers.rules import meaning_of
from landscape.surfaces.formula import Formula

LANES = 256
"""Starts in a block. Each goes through the same vector instructions wherever it lies, since the number of lanes is
fixed and blocks are filled up: results do not depend on how the starts are divided."""

GROUP = 8
"""Blocks that go through a step together where the rule knows the time: what depends on it alone (Adam's powers) is
computed once for them. Else each block goes alone and stays in the innermost cache."""

STRIDE = LANES + 8
"""Numbers between two rows of a block: a power of two would put all rows into the same few lines of the cache."""

TICK = 2.0**24
"""A start's clock is TICK * (one more than the last step with a large gradient) + (the last finite step)."""

Kernel = Callable[..., None]

_TRIED, _TRIES = 256, 5  # steps, and how often, by which kernels are compared


class Rows(NamedTuple):
    """Where in a block what lies: n rows of x, n a slot, the clock, and what is written at the end of a stretch.

    That is the value, the gradient norm, the step since when it is small (with a fraction, to be cut off), and how
    the lane goes on: 0.0 as before, 1.0 at rest, -1.0 not finite.
    """

    x: int
    slots: int
    clock: int
    value: int
    norm: int
    quiet: int
    state: int
    n_rows: int


def rows_of(n_dims: int, n_slots: int) -> Rows:
    """Return the layout of a block."""
    clock = n_dims * (1 + n_slots)
    return Rows(0, n_dims, *range(clock, clock + 6))


def kernel(surface: Formula, optimizer: ElementwiseOptimizer) -> Kernel:
    """Return the compiled ``kernel(blocks, settings, hyper, rates, first, last, n_blocks, threshold)``.

    It takes every lane of ``n_blocks`` blocks through the steps ``first + 1`` to ``last``, keeps its clock, and
    writes the rows after it (``Rows``) for its new point. At rest is a lane of which one more step would change
    neither the point nor the memory (none, where the rule knows the time). A start whose value, point or gradient
    norm is not finite gets NaN as its point and its clock stands still. The first four arguments are addresses;
    there is one rate more than steps.
    """
    source = kernel_source(surface.n_dims, len(surface.settings), optimizer)
    rule: Any = type(optimizer).rule

    def make() -> store.Machine:
        from landscape.ensemble import build

        f = build.function_of_numbers(gradient_source(surface), "f")
        with build.said_of(type(optimizer)):
            functions = {"f": f, "rule": build.rule_of_numbers(rule)}
            return build.compile_kernel(source, functions, lambda one, other: _quicker(surface, optimizer, one, other))

    identity = (surface.expression, surface.variables_, tuple(surface.settings), source, meaning_of(rule))
    return _callable(_address(repr(identity), make))


def gradient_source(surface: Formula) -> str:
    """Return the source of ``f``: value and partial derivatives from coordinates and settings, all single numbers."""
    tape = surface.tape(1)
    return "\n".join(
        [
            f"def f({', '.join(map(str, tape.arguments))}):",
            *(f"    {name} = {code}" for name, code in tape.statements()),
            f"    return {_tuple(tape.results())}",
            "",
        ]
    )


def kernel_source(n_dims: int, n_settings: int, optimizer: ElementwiseOptimizer) -> str:
    """Return the source of the kernel, but for the surface ``f`` and the update ``rule`` that it calls.

    Hyperparameters that are 0 or 1 (switches, mostly) are written into it, so that what they switch off costs
    nothing; the others are arguments.
    """
    rows = rows_of(n_dims, optimizer.n_slots)
    dims, slots = range(n_dims), range(optimizer.n_slots)

    def row(k: int) -> str:
        return f"blocks[i + {k * STRIDE}]"

    x = [f"x{d}" for d in dims]
    g = [f"g{d}" for d in dims]
    slot = [[row(rows.slots + k * n_dims + d) for k in slots] for d in dims]
    hyper = [repr(h) if h in (0.0, 1.0) else f"hyper[{k}]" for k, h in enumerate(optimizer.hyper)]
    settings = [f"p{k}" for k in range(n_settings)]
    evaluate = [
        *(f"{x[d]} = {row(d)}" for d in dims),
        f"value, {', '.join(g)} = f({', '.join([*x, *settings])})",
        # Squared gradient norm; NaN or infinite where anything is. One product for all the rest: a cheap step feels it.
        f"q = {' + '.join(f'{u} * {u}' for u in g)} + 0.0 * ({' + '.join(['value', *x])})",
    ]
    clock = row(rows.clock)
    group = GROUP if knows_time(type(optimizer)) else 1
    lines = [
        "def kernel(blocks, settings, hyper, rates, first, last, n_blocks, threshold):",
        f"    h = {_tuple(hyper)}",
        "    limit = threshold * threshold",
        *(f"    {p} = settings[{k}]" for k, p in enumerate(settings)),
        f"    for group in range(0, n_blocks, {group}):",
        f"        end = min(group + {group}, n_blocks)",
        "        for t in range(first, last):",
        "            now = float(t)",
        f"            loud = (now + 1.0) * {TICK!r} + now",
        "            rate = rates[t]",
        "            for block in range(group, end):",
        f"                start = block * {rows.n_rows * STRIDE}",
        f"                for i in range(start, start + {LANES}):",
        *(f"                    {line}" for line in evaluate),
        f"                    clock = {clock}",
        "                    quiet = clock + 1.0 if q < limit else loud",
        f"                    {clock} = quiet if q < np.inf else clock",
    ]
    for d in dims:
        lines.append(f"                    y, s = rule({x[d]}, {g[d]}, now + 1.0, rate, {_tuple(slot[d])}, h)")
        lines.append(f"                    {row(d)} = y{' if q < np.inf else np.nan' if d == 0 else ''}")
        lines += [f"                    {name} = s[{k}]" for k, name in enumerate(slot[d])]
    lines += [
        "        rate = rates[last]",
        "        for block in range(group, end):",
        f"            start = block * {rows.n_rows * STRIDE}",
        f"            for i in range(start, start + {LANES}):",
        *(f"                {line}" for line in evaluate),
        "                norm = np.sqrt(q)",
        f"                quiet = max({clock}, 0.0) * {1 / TICK!r}",
        f"                {row(rows.value)} = value",
        f"                {row(rows.norm)} = norm",
        f"                {row(rows.quiet)} = quiet if norm < threshold else last + 1.0",
        f"                rest = {0.0 if knows_time(type(optimizer)) else 1.0}",
    ]
    for d in dims if not knows_time(type(optimizer)) else ():
        lines.append(f"                y, s = rule({x[d]}, {g[d]}, last + 1.0, rate, {_tuple(slot[d])}, h)")
        unchanged = [f"y == {x[d]}", *(f"s[{k}] == {name}" for k, name in enumerate(slot[d]))]
        lines += [f"                rest = rest if {equal} else 0.0" for equal in unchanged]
    lines.append(f"                {row(rows.state)} = rest if q < np.inf else -1.0")
    return "\n".join(lines) + "\n"


def _tuple(items: list[str]) -> str:
    return f"({''.join(f'{item}, ' for item in items)})"


@cache
def knows_time(optimizer: type[ElementwiseOptimizer]) -> bool:
    """Tell whether the rule looks at the number of the step, its third argument, by whatever name."""
    t = optimizer.rule.__code__.co_varnames[2]
    # Newer Pythons load two variables by one instruction, whose argument is a tuple of names.
    read = (one.argval for one in dis.get_instructions(optimizer.rule) if "LOAD" in one.opname)
    return any(t == names or (isinstance(names, tuple) and t in names) for names in read)


# Machine code ---------------------------------------------------------------------------------------------------

_addresses: dict[str, int] = {}
_lock = threading.Lock()


@cache
def _fingerprint() -> str:
    """Return what every kernel depends on: versions, the processor, and how expressions become code here."""
    from importlib import metadata, resources

    from landscape.ensemble.machine import versions

    rooms = (
        *("landscape.ensemble/build", "landscape.ensemble/machine"),
        *(
            f"landscape.surfaces.formula/{name}"
            for name in ("characters", "names", "language", "build", "functions", "tape")
        ),
    )
    sources = []
    for room in rooms:
        package, name = room.split("/")
        sources.append(resources.files(package).joinpath(f"{name}.py").read_text(encoding="utf-8"))
    digest = hashlib.sha256("".join(sources).encode()).hexdigest()
    return repr((metadata.version("numba"), metadata.version("sympy"), versions(), digest))


def _address(identity: str, make: Callable[[], store.Machine]) -> int:
    """Return the address of a kernel: it is in this process, or on the disk, or it is made now."""
    from landscape.ensemble import machine

    key = hashlib.sha256(f"{_fingerprint()}\0{identity}".encode()).hexdigest()[:40]
    with _lock:
        if key not in _addresses:
            kept = store.load(key)
            if kept is None or not all(map(machine.is_available, kept.externals)):
                kept = make()
                store.keep(key, kept)
            _addresses[key] = machine.load(kept)
        return _addresses[key]


def _quicker(surface: Formula, optimizer: ElementwiseOptimizer, *machines: store.Machine) -> store.Machine:
    """Return whichever machine code takes less time for some steps of length 0 from the middle of the domain."""
    from landscape.ensemble import machine

    rows = rows_of(surface.n_dims, optimizer.n_slots)
    blocks = np.zeros((GROUP, rows.n_rows, STRIDE))
    blocks[:, : surface.n_dims] = surface.domain.center[:, None]
    settings, hyper = (np.array([*numbers, 0.0]) for numbers in (surface.settings.values(), optimizer.hyper))
    rates = np.zeros(_TRIED + 1)
    addresses = [array.ctypes.data for array in (blocks, settings, hyper, rates)]

    def seconds(run: Kernel) -> float:
        begin = perf_counter()
        run(*addresses, 0, _TRIED, GROUP, 0.0)
        return perf_counter() - begin

    runs = [_callable(machine.load(one)) for one in machines]
    for run in runs:
        run(*addresses, 0, _TRIED, GROUP, 0.0)  # a processor needs some time to wake its widest units
    times = [min(seconds(run) for _ in range(_TRIES)) for run in runs]
    return machines[int(np.argmin(times))]


@cache
def _callable(address: int) -> Kernel:
    kinds = [*[ctypes.c_void_p] * 6, *[ctypes.c_ssize_t] * 3, ctypes.c_double]
    function = ctypes.CFUNCTYPE(ctypes.c_int32, *kinds)(address)

    def call(*arguments: Any) -> None:
        unused = (ctypes.c_void_p * 2)()
        status = function(ctypes.addressof(unused), ctypes.addressof(unused), *arguments)
        if status:  # Numba's word for an exception
            raise ArithmeticError("the compiled rule raised an exception, as for a whole number divided by 0")

    return call
