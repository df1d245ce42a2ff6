"""Vectors of 512 bits on processors for which LLVM prefers 256: this one is made such a processor."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numba.core.registry import cpu_target

import landscape as ls
from landscape.ensemble import build, kernels, machine
from landscape.ensemble.store import Machine
from landscape.ensemble.walk import _Walk
from landscape.optimizers.base import ElementwiseOptimizer

pytestmark = pytest.mark.skipif("+avx512f" not in machine.processor()[2], reason="this processor has no such vectors")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path) -> list[tuple[Machine, Machine]]:
    """What was asked to be compared."""
    triple, cpu, features = machine.processor()
    for room in (machine, build):
        monkeypatch.setattr(room, "processor", lambda: (triple, cpu, f"{features},+prefer-256-bit"))
    monkeypatch.setenv("LANDSCAPE_CACHE", str(tmp_path))
    monkeypatch.setattr(kernels, "_addresses", {})
    pairs, compare = [], kernels._quicker

    def told(loop: Any, surface: ls.Surface, rule: ls.Optimizer, narrow: Machine, wide: Machine) -> Machine:
        pairs.append((narrow, wide))
        return compare(loop, surface, rule, narrow, wide)

    monkeypatch.setattr(kernels, "_quicker", told)
    return pairs


def _loop(surface: ls.Surface, rule: ls.Optimizer) -> kernels.Loop:
    loop = kernels.loop_of(surface, rule)
    assert loop is not None
    return loop


@pytest.mark.parametrize(
    ("surface", "key"),
    [
        *((ls.surface("himmelblau"), key) for key in ("sgd", "momentum", "adam", "lion")),
        (ls.surface("rosenbrock", 10), "adam"),
    ],
    ids=str,
)
def test_wide_and_narrow_vectors_end_in_the_same_bits(
    surface: ls.Surface, key: str, asked: list[tuple[Machine, Machine]]
) -> None:
    rule = ls.optimizer(key, learning_rate=1e-4)
    assert isinstance(rule, ElementwiseOptimizer)
    starts = surface.domain.sample(np.random.default_rng(0), 700)
    walker = _Walk(_loop(surface, rule), rule, np.full(100, 1e-2), 1e-6)
    ((narrow, wide),) = asked
    assert narrow.code != wide.code
    ends = []
    for one in (narrow, wide):
        walker.kernel = kernels._callable(machine.load(one))
        blocks = walker._first(starts, walker.blocks(len(starts)))
        walker._steps(blocks, 0, 100)
        ends.append(blocks[:, :, : walker.block.lanes].copy())
    np.testing.assert_array_equal(*ends)


def test_functions_of_whole_vectors_stay_as_they_are(asked: list[tuple[Machine, Machine]]) -> None:
    """Those of glibc may differ in the last bit from one width to another."""
    if not machine.vector_math():
        pytest.skip("this C library has none")
    _loop(ls.formula("sin(x) + y^2", domain=((-1, 1), (-1, 1))), ls.SGD())
    assert not asked


def test_numba_is_left_as_it_was() -> None:
    generator = cpu_target.target_context.codegen()
    usual = generator._tm
    with pytest.raises(Exception, match="nothing_of_this_name"):
        build._compiled("def kernel(a, b, c, d, e, i, j, k, u):\n    nothing_of_this_name(u)\n", {}, wide=True)
    assert generator._tm is usual
