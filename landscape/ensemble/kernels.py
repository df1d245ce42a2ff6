"""The kernel of one surface and one update rule: many starts, a block at a time, through many steps."""

from __future__ import annotations

import ctypes
import hashlib
import threading
from collections.abc import Callable
from functools import cache, partial
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np

from landscape.ensemble import store, sweep_source
from landscape.ensemble.layout import (
    CLOCK,
    NORM,
    QUIET,
    STATE,
    TICK,
    VALUE,
    Block,
    X,
    hyperparameters,
    knows_time,
    tupled,
)
from landscape.ensemble.sweep_source import SweepSource
from landscape.ensemble.sweeps import sweeps_of
from landscape.language import tr
from landscape.optimizers.base import ElementwiseOptimizer, Optimizer
from landscape.optimizers.rules import meaning_of
from landscape.surfaces.base import Array, Surface
from landscape.surfaces.formula import Formula

LANES, STRIDE = 256, 264
"""Starts in a block of a formula's kernel, and numbers between two rows: a power of two would put all rows into the
same few lines of the cache."""

GROUP = 8
"""Blocks that go through a step together where the rule knows the time: what depends on it alone (Adam's powers) is
computed once for them. Else each block goes alone and stays in the innermost cache."""

MOST_NUMBERS = 2**23
"""Numbers in a block (64 MB): a surface of more coordinates goes through NumPy."""

Kernel = Callable[..., None]

_TRIED, _TRIES = 2**20, 5  # numbers that are moved, and how often, by which kernels are compared


class Loop(NamedTuple):
    """The compiled ``kernel(blocks, scratch, settings, hyper, rates, first, last, n_blocks, threshold)``.

    It takes every lane of ``n_blocks`` blocks through the steps ``first + 1`` to ``last``, keeps its clock, and
    writes the other rows (``layout``) for its new point. At rest is a lane of which one more step would change
    neither the point nor the memory (none, where the rule knows the time). A start whose value, point or gradient
    norm is not finite gets NaN as its point and its clock stands still. The first five arguments are addresses;
    there is one rate more than steps, ``scratch`` has room for ``n_scratch`` rows, and ``settings`` are given here.
    """

    kernel: Kernel
    block: Block
    settings: Array
    n_scratch: int


def loop_of(surface: Surface, optimizer: Optimizer) -> Loop | None:
    """Return the loop of a surface and a rule: it is in this process, or on the disk, or it is compiled now.

    ``None`` where there is none: for a rule that is not elementwise, and for a surface that is neither a formula nor
    sweeps over its coordinates.
    """
    if not isinstance(optimizer, ElementwiseOptimizer):
        return None
    rule: Any = type(optimizer).rule
    ahead: Any = type(optimizer).ahead
    if isinstance(surface, Formula):
        block = Block.of(LANES, STRIDE, surface.n_dims, optimizer.n_slots)
        source, settings, n_scratch = kernel_source(surface, optimizer), np.array([*surface.settings.values(), 0.0]), 0
        identity = repr((surface.expression, surface.variables_, tuple(surface.settings), source, meaning_of(rule)))
        identity += "" if ahead is None else meaning_of(ahead)
    else:
        if ahead is not None:  # a sweep over the coordinates has no place to look at the surface again
            return None
        block = Block.of(sweep_source.LANES, sweep_source.LANES, surface.n_dims, optimizer.n_slots)
        sweeps = sweeps_of(surface) if block.n_rows * block.stride <= MOST_NUMBERS else None
        if sweeps is None:
            return None
        written = SweepSource(sweeps, optimizer)
        source, settings, n_scratch = written.text, written.settings, written.n_scratch
        identity = repr((source, meaning_of(rule)))

    def loop(address: int) -> Loop:
        return Loop(_callable(address), block, settings, n_scratch)

    def make() -> store.Machine:
        from landscape.ensemble import build

        functions: dict[str, Any] = {}
        if isinstance(surface, Formula):
            functions["f"] = build.function_of_numbers(gradient_source(surface), "f")
        with build.said_of(type(optimizer)):
            functions["rule"] = build.rule_of_numbers(rule)
            if ahead is not None:
                functions["ahead"] = build.rule_of_numbers(ahead)
            return build.compile_kernel(source, functions, partial(_quicker, loop, surface, optimizer))

    return loop(_address(identity, make))


def gradient_source(surface: Formula) -> str:
    """Return the source of ``f``: value and partial derivatives from coordinates and settings, all single numbers."""
    tape = surface.tape(1)
    return "\n".join(
        [
            f"def f({', '.join(map(str, tape.arguments))}):",
            *(f"    {name} = {code}" for name, code in tape.statements()),
            f"    return {tupled(tape.results())}",
            "",
        ]
    )


def kernel_source(surface: Formula, optimizer: ElementwiseOptimizer) -> str:
    """Return the source of the kernel, but for the surface ``f`` and the update ``rule`` that it calls."""
    dims, slots, n_settings = range(surface.n_dims), range(optimizer.n_slots), len(surface.settings)
    block = Block.of(LANES, STRIDE, surface.n_dims, optimizer.n_slots)

    def row(k: int) -> str:
        return f"blocks[i + {k * STRIDE}]"

    x = [f"x{d}" for d in dims]
    g = [f"g{d}" for d in dims]
    at = [row(X + d * block.width) for d in dims]
    slot = [[row(X + d * block.width + 1 + k) for k in slots] for d in dims]
    looks_ahead = type(optimizer).ahead is not None
    rests = not (knows_time(type(optimizer)) or looks_ahead)
    settings = [f"p{k}" for k in range(n_settings)]
    evaluate = [
        *(f"{x[d]} = {at[d]}" for d in dims),
        f"value, {', '.join(g)} = f({', '.join([*x, *settings])})",
        # Squared gradient norm; NaN or infinite where anything is. One product for all the rest: a cheap step feels it.
        f"q = {' + '.join(f'{u} * {u}' for u in g)} + 0.0 * ({' + '.join(['value', *x])})",
    ]
    clock = row(CLOCK)
    group = GROUP if knows_time(type(optimizer)) else 1
    lines = [
        "def kernel(blocks, scratch, settings, hyper, rates, first, last, n_blocks, threshold):",
        f"    h = {hyperparameters(optimizer)}",
        "    limit = threshold * threshold",
        *(f"    {p} = settings[{k}]" for k, p in enumerate(settings)),
        f"    for group in range(0, n_blocks, {group}):",
        f"        end = min(group + {group}, n_blocks)",
        "        for t in range(first, last):",
        "            now = float(t)",
        f"            loud = (now + 1.0) * {TICK!r} + now",
        "            rate = rates[t]",
        "            for block in range(group, end):",
        f"                start = block * {block.n_rows * STRIDE}",
        f"                for i in range(start, start + {LANES}):",
        *(f"                    {line}" for line in evaluate),
        f"                    clock = {clock}",
        "                    quiet = clock + 1.0 if q < limit else loud",
        f"                    {clock} = quiet if q < np.inf else clock",
    ]
    if looks_ahead:
        there = [f"ahead({x[d]}, now + 1.0, rate, {tupled(slot[d])}, h)" for d in dims]
        lines.append(f"                    _, {', '.join(g)} = f({', '.join([*there, *settings])})")
    for d in dims:
        lines.append(f"                    y, s = rule({x[d]}, {g[d]}, now + 1.0, rate, {tupled(slot[d])}, h)")
        lines.append(f"                    {at[d]} = y{' if q < np.inf else np.nan' if d == 0 else ''}")
        lines += [f"                    {name} = s[{k}]" for k, name in enumerate(slot[d])]
    lines += [
        "        rate = rates[last]",
        "        for block in range(group, end):",
        f"            start = block * {block.n_rows * STRIDE}",
        f"            for i in range(start, start + {LANES}):",
        *(f"                {line}" for line in evaluate),
        "                norm = np.sqrt(q)",
        f"                quiet = max({clock}, 0.0) * {1 / TICK!r}",
        f"                {row(VALUE)} = value",
        f"                {row(NORM)} = norm",
        f"                {row(QUIET)} = quiet if norm < threshold else last + 1.0",
        f"                rest = {1.0 if rests else 0.0}",
    ]
    for d in dims if rests else ():
        lines.append(f"                y, s = rule({x[d]}, {g[d]}, last + 1.0, rate, {tupled(slot[d])}, h)")
        unchanged = [f"y == {x[d]}", *(f"s[{k}] == {name}" for k, name in enumerate(slot[d]))]
        lines += [f"                rest = rest if {equal} else 0.0" for equal in unchanged]
    lines.append(f"                {row(STATE)} = rest if q < np.inf else -1.0")
    return "\n".join(lines) + "\n"


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


def _quicker(
    loop: Callable[[int], Loop], surface: Surface, optimizer: ElementwiseOptimizer, *machines: store.Machine
) -> store.Machine:
    """Return the machine code whose ``loop`` is quicker at some steps of length 0 from the middle of the domain."""
    from landscape.ensemble import machine

    loops = [loop(machine.load(one)) for one in machines]
    block = loops[0].block
    n_blocks = max(min(_TRIED // (8 * block.n_rows * block.stride), GROUP), 1)
    blocks = np.zeros((n_blocks, block.n_rows, block.stride))
    blocks[:, block.coordinates] = surface.domain.center[:, None]
    scratch, hyper = np.empty((loops[0].n_scratch, block.lanes)), np.array([*optimizer.hyper, 0.0])
    n_steps = max(_TRIED // (n_blocks * surface.n_dims * block.lanes), 1)
    rates = np.zeros(n_steps + 1)
    addresses = [array.ctypes.data for array in (blocks, scratch, loops[0].settings, hyper, rates)]

    def seconds(one: Loop) -> float:
        begin = perf_counter()
        one.kernel(*addresses, 0, n_steps, n_blocks, 0.0)
        return perf_counter() - begin

    for one in loops:
        seconds(one)  # a processor needs some time to wake its widest units
    times = [min(seconds(one) for _ in range(_TRIES)) for one in loops]
    return machines[int(np.argmin(times))]


@cache
def _callable(address: int) -> Kernel:
    kinds = [*[ctypes.c_void_p] * 7, *[ctypes.c_ssize_t] * 3, ctypes.c_double]
    function = ctypes.CFUNCTYPE(ctypes.c_int32, *kinds)(address)

    def call(*arguments: Any) -> None:
        unused = (ctypes.c_void_p * 2)()
        status = function(ctypes.addressof(unused), ctypes.addressof(unused), *arguments)
        if status:  # Numba's word for an exception
            raise ArithmeticError(tr("the compiled rule raised an exception, as for a whole number divided by 0"))

    return call
