"""Every optimizer and schedule that torch has, against what torch 2.13 recorded (record_torch.py)."""

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from landscape import descend, surface
from landscape.optimizers import OPTIMIZERS, SCHEDULES, ElementwiseOptimizer, Step, optimizer, schedule

with np.load(Path(__file__).with_name("torch_optim.npz")) as recorded:
    POINTS, STEPS, META = recorded["points"], recorded["steps"], json.loads(str(recorded["meta"]))


def rosenbrock(p):
    x, y = p[..., 0], p[..., 1]
    return np.stack([-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)], axis=-1)


def himmelblau(p):
    x, y = p[..., 0], p[..., 1]
    a, b = x * x + y - 11, x + y * y - 7
    return np.stack([4 * x * a + 2 * b, 2 * a + 4 * y * b], axis=-1)


def beale(p):
    x, y = p[..., 0], p[..., 1]
    a, b, c = 1.5 - x + x * y, 2.25 - x + x * y**2, 2.625 - x + x * y**3
    return np.stack(
        [2 * a * (y - 1) + 2 * b * (y**2 - 1) + 2 * c * (y**3 - 1), 2 * x * (a + 2 * y * b + 3 * y**2 * c)], axis=-1
    )


GRADIENTS = {"rosenbrock": rosenbrock, "himmelblau": himmelblau, "beale": beale}


def assert_same_points(ours, torchs):
    """Each point within 1e-12 of its own length (a coordinate that crosses zero has no relative error)."""
    distance, length = np.linalg.norm(ours - torchs, axis=-1), np.linalg.norm(torchs, axis=-1)
    assert ours.shape == torchs.shape
    assert np.max(distance / length) <= 1e-12


def name(case):
    return "-".join([case["optimizer"], case["surface"], *(f"{k}={v}" for k, v in case["hyper"].items())])


@pytest.mark.parametrize("i", range(len(POINTS)), ids=[name(case) for case in META["cases"]])
def test_trajectory_is_torchs(i):
    case = META["cases"][i]
    walker = optimizer(case["optimizer"], **case["hyper"])
    x = np.array(case["starts"])
    state = walker.init(x)
    kept = [x]
    for t in range(1, STEPS[-1] + 1):
        g = GRADIENTS[case["surface"]](x)
        x, state = walker.update(Step(x, g, t, walker.learning_rate), state)
        if t in STEPS:
            kept.append(x)
    assert_same_points(np.array(kept), POINTS[i])


@pytest.mark.parametrize("name", GRADIENTS)
def test_the_whole_road_gives_torchs_trajectory(name):
    """The registered surface with its derived gradient, and the recording loop, in place of this file's own."""
    for case, points in zip(META["cases"], POINTS, strict=True):
        if case["surface"] == name:
            walker = optimizer(case["optimizer"], **case["hyper"])
            run = descend(surface(name), walker, case["starts"], int(STEPS[-1]))
            assert_same_points(run.points[:, STEPS].swapaxes(0, 1), points)


@pytest.mark.parametrize(("key", "defaults"), META["defaults"].items(), ids=META["defaults"])
def test_defaults_are_torchs(key, defaults):
    assert issubclass(OPTIMIZERS[key], ElementwiseOptimizer)
    ours = OPTIMIZERS[key]().recipe()
    assert {name: ours[name] for name in defaults} == defaults


@pytest.mark.parametrize(
    "case", META["schedules"], ids=lambda case: "-".join([case["name"], *map(str, case["settings"].values())])
)
def test_schedule_is_torchs(case):
    ours = schedule(case["name"], **case["settings"]).factors(len(case["factors"]))
    # torch multiplies the last value step by step where we have the closed form: at the end it has rounded n times.
    assert_allclose(ours, case["factors"], rtol=1e-12, atol=1e-15)


def test_every_schedule_is_recorded():
    assert {case["name"] for case in META["schedules"]} == set(SCHEDULES)
