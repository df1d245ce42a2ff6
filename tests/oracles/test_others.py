"""Every optimizer that torch's plain list has not, against what optax and the reference implementations recorded."""

import json
from pathlib import Path

import numpy as np
import pytest

import landscape as ls
from landscape.optimizers import OPTIMIZERS, Step, fitting, optimizer
from landscape.surfaces.networks.blocks import Block
from tests.oracles.cases import matrices
from tests.oracles.test_torch import META as TORCH


def read(name):
    """Return the cases of a file, each with its points and the kept steps."""
    with np.load(Path(__file__).with_name(f"{name}.npz")) as recorded:
        steps, meta = recorded["steps"], json.loads(str(recorded["meta"]))
        return [
            case | {"from": name, "steps": steps, "points": points}
            for case, points in zip(meta["cases"], recorded["points"], strict=True)
        ]


CASES = [case for name in ("optax", "reference") for case in read(name)]
BY_OTHER_TESTS = {"lion", "adabelief", "yogi", "perturbed_gd", "newton", "saddle_free_newton", "lbfgs", "trust_region"}
BY_OTHER_TESTS |= {"nesterov_as_written"}
"""Those that no recorded library has in our variant: by hand, or by their theory (tests/optimizers)."""


def name(case):
    where = case.get("surface") or "x".join(map(str, case["shape"]))
    return "-".join([case["from"], case["optimizer"], where, *(f"{k}={v}" for k, v in case["hyper"].items())])


def on_a_matrix(case):
    """Return the points of a run on 1/2 tr (X - T)' A (X - T)."""
    walker = optimizer(case["optimizer"], **case["hyper"])
    a, target, _ = matrices(case["shape"])
    x = np.array(case["starts"])
    state, kept, block = walker.init(x), [x], Block("X", 0, tuple(case["shape"]), "weights")
    for t in range(1, case["steps"][-1] + 1):
        g = (a @ (block.of(x) - target)).reshape(len(x), -1)
        x, state = walker.update(Step(x, g, t, walker.learning_rate, blocks=(block,)), state)
        if t in case["steps"]:
            kept.append(x)
    return np.array(kept)


@pytest.mark.parametrize("case", CASES, ids=name)
def test_trajectory_is_the_recorded_one(case):
    if "shape" in case:
        points = on_a_matrix(case)
    else:
        walker = optimizer(case["optimizer"], **case["hyper"])
        run = ls.descend(case["surface"], walker, case["starts"], int(case["steps"][-1]))
        points = run.points[:, case["steps"]].swapaxes(0, 1)
    recorded = case["points"][..., : points.shape[-1]]
    distance, length = np.linalg.norm(points - recorded, axis=-1), np.linalg.norm(recorded, axis=-1)
    assert np.max(distance / length) <= 1e-12


def test_every_optimizer_has_an_oracle_with_each_of_its_numbers_moved():
    everywhere = [*CASES, *TORCH["cases"]]
    recorded = {case["optimizer"] for case in everywhere}
    ours = {key for key, kind in OPTIMIZERS.items() if kind.__module__.startswith("landscape.")}
    assert recorded | BY_OTHER_TESTS == ours
    for key in recorded:
        moved = {name for case in everywhere if case["optimizer"] == key for name in case["hyper"]}
        assert moved | {"bias_correction"} >= {p.name for p in OPTIMIZERS[key]().parameters}, key


def test_matrices_are_recorded_for_matrix_rules():
    on_matrices = {case["optimizer"] for case in CASES if "shape" in case}
    assert on_matrices >= set(OPTIMIZERS) - set(fitting())
