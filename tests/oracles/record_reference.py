"""Record what torch.optim and the reference implementations do: writes reference.npz beside this file.

    python -m venv ../ref-env
    ../ref-env/bin/pip install torch==2.13.0 numpy pytorch_optimizer==4.1.0 schedulefree==1.4.1 prodigyopt==1.1.2
    ../ref-env/bin/python tests/oracles/record_reference.py

All in float64. Two of them compute in less: torch's Muon in bfloat16 and the QR of SOAP in float32; both are told to
stay in float64 here, so that what is recorded is their recurrence and not their rounding.
"""

from pathlib import Path

import numpy as np
import pytorch_optimizer as po
import pytorch_optimizer.optimizer.soap as soap_module
import schedulefree
import torch
from cases import KEPT, N_STEPS, PLANE, SHAPES, Recorded, matrices
from prodigyopt import Prodigy
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

torch.set_default_dtype(torch.float64)
torch.Tensor.bfloat16 = torch.Tensor.clone


class DoubleTorch:
    """torch, where float32 is float64."""

    float32 = torch.float64

    def __getattr__(self, name):
        return getattr(torch, name)


soap_module.torch = DoubleTorch()

o = torch.optim
# (our key, our hyperparameters, the optimizer over parameters)
CASES = [
    ("rprop", {"learning_rate": 0.01}, lambda p: o.Rprop(p, 0.01)),
    ("rprop", {"learning_rate": 0.02, "up": 1.1, "down": 0.3, "shortest": 1e-3, "longest": 0.1},
     lambda p: o.Rprop(p, 0.02, (0.3, 1.1), (1e-3, 0.1))),
    ("asgd", {"learning_rate": 1e-3}, lambda p: o.ASGD(p, 1e-3, t0=0)),
    ("asgd", {"learning_rate": 2e-3, "shrink": 0.1, "power": 0.5, "begin": 7, "weight_decay": 0.1},
     lambda p: o.ASGD(p, 2e-3, lambd=0.1, alpha=0.5, t0=7, weight_decay=0.1)),
    ("signum", {}, lambda p: po.SignSGD(p, 1e-3, momentum=0.9)),
    ("signum", {"learning_rate": 0.002, "momentum": 0.6, "weight_decay": 0.1},
     lambda p: po.SignSGD(p, 0.002, momentum=0.6, weight_decay=0.1, weight_decouple=True)),
    ("adan", {}, lambda p: po.Adan(p, 1e-3)),
    ("adan", {"learning_rate": 0.01, "b1": 0.9, "b2": 0.8, "b3": 0.95, "eps": 1e-4},
     lambda p: po.Adan(p, 0.01, (0.9, 0.8, 0.95), eps=1e-4)),
    ("adan", {"learning_rate": 0.01, "weight_decay": 0.1}, lambda p: po.Adan(p, 0.01, weight_decay=0.1)),
    ("schedule_free_sgd", {"learning_rate": 1e-3, "weight_decay": 0.1},
     lambda p: schedulefree.SGDScheduleFreeReference(p, 1e-3, weight_decay=0.1)),
    ("schedule_free_adamw", {"learning_rate": 0.01, "weight_decay": 0.1},
     lambda p: schedulefree.AdamWScheduleFreeReference(p, 0.01, weight_decay=0.1)),
    ("prodigy", {"weight_decay": 0.01, "smallest": 1e-3},
     lambda p: Prodigy(p, d0=1e-3, weight_decay=0.01, use_bias_correction=True)),
]  # fmt: skip

MATRICES = [
    ("muon", {}, lambda p: o.Muon(p)),
    ("muon", {"learning_rate": 0.02, "momentum": 0.8, "nesterov": False, "weight_decay": 0.0},
     lambda p: o.Muon(p, 0.02, 0.0, 0.8, False)),
    ("muon", {"learning_rate": 0.01, "iterations": 3, "eps": 1e-3}, lambda p: o.Muon(p, 0.01, ns_steps=3, eps=1e-3)),
    ("shampoo", {"learning_rate": 0.05, "eps": 1e-4}, lambda p: po.Shampoo(p, 0.05, matrix_eps=1e-4)),
    ("shampoo", {"learning_rate": 0.01, "eps": 1e-2}, lambda p: po.Shampoo(p, 0.01, matrix_eps=1e-2)),
    # With a small eps the entries off the diagonal, which are rounding at first, are divided by next to nothing.
    ("soap", {"eps": 1e-2}, lambda p: po.SOAP(p, 3e-3, eps=1e-2, weight_decay=0.01)),
    ("soap", {"learning_rate": 0.01, "b1": 0.8, "b2": 0.9, "eps": 1e-2, "every": 3, "weight_decay": 0.0},
     lambda p: po.SOAP(p, 0.01, betas=(0.8, 0.9), eps=1e-2, precondition_frequency=3, weight_decay=0.0)),
    ("adafactor", {}, lambda p: o.Adafactor(p)),
    ("adafactor", {"learning_rate": 0.005, "decay_power": 0.5, "clip": 1.5, "least": 0.1, "weight_decay": 0.1},
     lambda p: o.Adafactor(p, 0.005, beta2_decay=-0.5, eps=(None, 0.1), d=1.5, weight_decay=0.1)),
]  # fmt: skip


def walk(make, cost, shape, after=None, see=None):
    """Return a function from starts (S, n) to the points (kept step, S, n); one start at a time.

    ``after(optimizer)`` makes what is told gradient and loss of each step; ``see`` returns what is shown.
    """

    def from_one(start):
        x = torch.nn.Parameter(torch.tensor(start).reshape(shape))
        optimizer = make([x])
        told = after and after(optimizer, x)
        if hasattr(optimizer, "train"):
            optimizer.train()
        kept = [start]
        for t in range(1, N_STEPS + 1):
            optimizer.zero_grad()
            loss = cost(x)
            loss.backward()
            told and told("before", loss)
            optimizer.step()
            told and told("after", loss)
            if t in KEPT:
                kept.append((see(optimizer, x, told) if see else x).detach().numpy().ravel().copy())
        return np.array(kept)

    return lambda starts: np.stack([from_one(start) for start in starts], axis=1)


def average(optimizer, x, told):
    """Return what schedule-free optimizers and ASGD show."""
    state = optimizer.state[x]
    return state["ax" if "ax" in state else "x"]


def clipping(longest, by_value=False):
    """Return what clips the gradient before a step."""
    clip = torch.nn.utils.clip_grad_value_ if by_value else torch.nn.utils.clip_grad_norm_
    return lambda optimizer, x: lambda when, loss: when == "before" and clip([x], longest)


def plateau(**settings):
    """Return what lowers the rate after a step."""

    def made(optimizer, x):
        schedule = o.lr_scheduler.ReduceLROnPlateau(optimizer, **settings)
        return lambda when, loss: when == "after" and schedule.step(loss.item())

    return made


def averaging(begin, every=1, **settings):
    """Return what averages the parameters after a step, as a module does; EMA from the start, SWA from ``begin``."""

    class Held(torch.nn.Module):
        def __init__(self, x):
            super().__init__()
            self.x = x

    def made(optimizer, x):
        state = {"t": 0}

        def told(when, loss):
            if when == "after":
                state["t"] += 1
                if state["t"] > begin and (state["t"] - begin - 1) % every == 0:
                    state["mean"].update_parameters(state["held"])

        state["held"] = Held(x)
        state["mean"] = AveragedModel(state["held"], **settings)
        if begin == 0:
            state["mean"].update_parameters(state["held"])
        told.state = state
        return told

    return made


def mean(optimizer, x, told):
    """Return the averaged parameters; before there are any, the parameters."""
    state = told.state
    return state["mean"].module.x if state["mean"].n_averaged > 0 else x


AROUND = [
    ("clipped", {"learning_rate": 0.001, "longest": 0.5, "by_value": True, "of": {"name": "momentum", "momentum": 0.5}},
     lambda p: o.SGD(p, 0.001, 0.5), clipping(0.5, by_value=True), None),
    ("moving_average", {"learning_rate": 1e-3, "kept": 0.9}, lambda p: o.SGD(p, 1e-3),
     averaging(0, multi_avg_fn=get_ema_multi_avg_fn(0.9)), mean),
    ("moving_average", {"learning_rate": 0.02, "kept": 0.99, "of": "adam"}, lambda p: o.Adam(p, 0.02),
     averaging(0, multi_avg_fn=get_ema_multi_avg_fn(0.99)), mean),
    ("weight_average", {"learning_rate": 1e-3, "begin": 20}, lambda p: o.SGD(p, 1e-3), averaging(20), mean),
    ("weight_average", {"learning_rate": 0.01, "begin": 10, "every": 4, "of": "adam"},
     lambda p: o.Adam(p, 0.01), averaging(10, 4), mean),
    ("reduce_on_plateau", {"learning_rate": 0.1, "factor": 0.5, "patience": 3, "of": "adam"},
     lambda p: o.Adam(p, 0.1), plateau(factor=0.5, patience=3, eps=0.0), None),
    ("reduce_on_plateau", {"learning_rate": 2e-3, "factor": 0.2, "patience": 5, "threshold": 0.05},
     lambda p: o.SGD(p, 2e-3), plateau(factor=0.2, patience=5, threshold=0.05, eps=0.0), None),
]  # fmt: skip


def main():
    """Run everything and write the file."""
    recorded = Recorded()
    for name, (of_two, starts) in PLANE.items():
        cost = lambda x, of_two=of_two: of_two(x[0], x[1])  # noqa: E731
        for key, hyper, make in CASES:
            see = average if key in ("asgd", "schedule_free_sgd", "schedule_free_adamw") else None
            recorded.add(key, hyper, {"surface": name}, starts, walk(make, cost, 2, see=see), most=50)
        for key, hyper, make, after, see in AROUND:
            recorded.add(key, hyper, {"surface": name}, starts, walk(make, cost, 2, after, see), most=50)
    for shape in SHAPES.values():
        a, target, starts = matrices(shape)
        a, target = torch.tensor(a), torch.tensor(target)
        cost = lambda x, a=a, target=target: 0.5 * torch.sum((x - target) * (a @ (x - target)))  # noqa: E731
        for key, hyper, make in MATRICES:
            if key == "soap" and shape != SHAPES["square"]:
                continue  # axes of what has no size are rounding, and by them it steps as by any others
            recorded.add(key, hyper, {"shape": shape}, starts, walk(make, cost, shape), most=50)
    recorded.save(Path(__file__).with_name("reference.npz"), torch=torch.__version__)


if __name__ == "__main__":
    main()
