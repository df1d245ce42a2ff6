"""Record what torch.optim does, for the tests to compare with: writes torch_optim.npz beside this file.

    python -m venv ../torch-env && ../torch-env/bin/pip install torch==2.13.0 numpy
    ../torch-env/bin/python tests/oracles/record_torch.py

Nothing of ``landscape`` is imported here: costs are written in torch, gradients are torch's autograd, all in float64.
The file holds ``points`` (case, kept step, start, 2), the kept ``steps``, and as JSON in ``meta`` the cases (optimizer
and hyperparameters under our names, surface, starts), the schedules with their factors, and torch's own defaults.
"""

import inspect
import json
from pathlib import Path

import numpy as np
import torch

N_STEPS = 200
KEPT = [*range(21), *range(30, N_STEPS + 1, 10)]

SURFACES = {
    "rosenbrock": (lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2, [[-1.2, 1.0], [0.3, -0.4]]),
    "himmelblau": (lambda x, y: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2, [[-0.5, -1.0], [1.0, 2.5]]),
    "beale": (
        lambda x, y: (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2,
        [[1.0, 1.3], [-0.7, -0.6]],
    ),
}

o = torch.optim
# (our key, our hyperparameters, torch's class, torch's arguments)
CASES = [
    ("sgd", {"learning_rate": 1e-3}, o.SGD, {"lr": 1e-3}),
    ("sgd", {"learning_rate": 5e-4, "weight_decay": 0.1}, o.SGD, {"lr": 5e-4, "weight_decay": 0.1}),
    ("sgd", {"learning_rate": 2e-3, "weight_decay": 0.01}, o.SGD, {"lr": 2e-3, "weight_decay": 0.01}),
    ("momentum", {"learning_rate": 1e-3, "momentum": 0.9}, o.SGD, {"lr": 1e-3, "momentum": 0.9}),
    ("momentum", {"learning_rate": 1e-4, "momentum": 0.95}, o.SGD, {"lr": 1e-4, "momentum": 0.95}),
    (
        "momentum",
        {"learning_rate": 1e-3, "momentum": 0.5, "weight_decay": 0.05},
        o.SGD,
        {"lr": 1e-3, "momentum": 0.5, "weight_decay": 0.05},
    ),
    # The averaged form is torch's dampening once its velocity starts at 0: see `record`.
    (
        "momentum",
        {"learning_rate": 5e-3, "momentum": 0.9, "averaged": True},
        o.SGD,
        {"lr": 5e-3, "momentum": 0.9, "dampening": 0.9},
    ),
    (
        "momentum",
        {"learning_rate": 2e-3, "momentum": 0.6, "averaged": True, "weight_decay": 0.05},
        o.SGD,
        {"lr": 2e-3, "momentum": 0.6, "dampening": 0.6, "weight_decay": 0.05},
    ),
    ("nesterov", {"learning_rate": 5e-4, "momentum": 0.9}, o.SGD, {"lr": 5e-4, "momentum": 0.9, "nesterov": True}),
    ("nesterov", {"learning_rate": 1e-3, "momentum": 0.6}, o.SGD, {"lr": 1e-3, "momentum": 0.6, "nesterov": True}),
    (
        "nesterov",
        {"learning_rate": 2e-4, "momentum": 0.95, "weight_decay": 0.05},
        o.SGD,
        {"lr": 2e-4, "momentum": 0.95, "nesterov": True, "weight_decay": 0.05},
    ),
    ("adagrad", {}, o.Adagrad, {}),
    ("adagrad", {"learning_rate": 0.3}, o.Adagrad, {"lr": 0.3}),
    (
        "adagrad",
        {"learning_rate": 0.1, "eps": 1e-3, "weight_decay": 0.1},
        o.Adagrad,
        {"lr": 0.1, "eps": 1e-3, "weight_decay": 0.1},
    ),
    ("adadelta", {}, o.Adadelta, {}),
    ("adadelta", {"learning_rate": 0.5, "b2": 0.95, "eps": 1e-7}, o.Adadelta, {"lr": 0.5, "rho": 0.95, "eps": 1e-7}),
    ("adadelta", {"learning_rate": 0.2, "weight_decay": 0.1}, o.Adadelta, {"lr": 0.2, "weight_decay": 0.1}),
    ("rmsprop", {}, o.RMSprop, {}),
    ("rmsprop", {"learning_rate": 1e-3, "b2": 0.9}, o.RMSprop, {"lr": 1e-3, "alpha": 0.9}),
    ("rmsprop", {"eps": 1e-2, "weight_decay": 0.1}, o.RMSprop, {"eps": 1e-2, "weight_decay": 0.1}),
    ("rmsprop", {"learning_rate": 0.002, "momentum": 0.9}, o.RMSprop, {"lr": 0.002, "momentum": 0.9}),
    ("rmsprop", {"learning_rate": 0.002, "centered": True}, o.RMSprop, {"lr": 0.002, "centered": True}),
    (
        "rmsprop",
        {"learning_rate": 0.001, "momentum": 0.5, "centered": True, "weight_decay": 0.01},
        o.RMSprop,
        {"lr": 0.001, "momentum": 0.5, "centered": True, "weight_decay": 0.01},
    ),
    ("adam", {}, o.Adam, {}),
    ("adam", {"learning_rate": 0.1}, o.Adam, {"lr": 0.1}),
    (
        "adam",
        {"learning_rate": 0.01, "b1": 0.8, "b2": 0.99, "eps": 1e-3, "weight_decay": 0.1},
        o.Adam,
        {"lr": 0.01, "betas": (0.8, 0.99), "eps": 1e-3, "weight_decay": 0.1},
    ),
    ("amsgrad", {}, o.Adam, {"amsgrad": True}),
    ("amsgrad", {"learning_rate": 0.1, "b2": 0.9}, o.Adam, {"lr": 0.1, "betas": (0.9, 0.9), "amsgrad": True}),
    (
        "amsgrad",
        {"learning_rate": 0.01, "b1": 0.8, "b2": 0.99, "eps": 1e-3, "weight_decay": 0.1},
        o.Adam,
        {"lr": 0.01, "betas": (0.8, 0.99), "eps": 1e-3, "weight_decay": 0.1, "amsgrad": True},
    ),
    ("adamax", {}, o.Adamax, {}),
    ("adamax", {"learning_rate": 0.02, "b2": 0.99}, o.Adamax, {"lr": 0.02, "betas": (0.9, 0.99)}),
    (
        "adamax",
        {"learning_rate": 0.03, "b1": 0.7, "eps": 1e-3, "weight_decay": 0.1},
        o.Adamax,
        {"lr": 0.03, "betas": (0.7, 0.999), "eps": 1e-3, "weight_decay": 0.1},
    ),
    ("nadam", {}, o.NAdam, {}),
    ("nadam", {"learning_rate": 0.01, "momentum_decay": 0.0}, o.NAdam, {"lr": 0.01, "momentum_decay": 0.0}),
    (
        "nadam",
        {"learning_rate": 0.01, "b1": 0.8, "b2": 0.99, "eps": 1e-3, "weight_decay": 0.1, "momentum_decay": 0.05},
        o.NAdam,
        {"lr": 0.01, "betas": (0.8, 0.99), "eps": 1e-3, "weight_decay": 0.1, "momentum_decay": 0.05},
    ),
    ("radam", {}, o.RAdam, {}),
    ("radam", {"learning_rate": 0.002, "b2": 0.9}, o.RAdam, {"lr": 0.002, "betas": (0.9, 0.9)}),
    ("radam", {"learning_rate": 0.001, "b2": 0.6}, o.RAdam, {"lr": 0.001, "betas": (0.9, 0.6)}),
    (
        "radam",
        {"learning_rate": 0.003, "b1": 0.7, "eps": 1e-3, "weight_decay": 0.1},
        o.RAdam,
        {"lr": 0.003, "betas": (0.7, 0.999), "eps": 1e-3, "weight_decay": 0.1},
    ),
    ("adamw", {}, o.AdamW, {}),
    ("adamw", {"learning_rate": 0.1, "weight_decay": 0.0}, o.AdamW, {"lr": 0.1, "weight_decay": 0.0}),
    (
        "adamw",
        {"learning_rate": 0.01, "b1": 0.8, "b2": 0.99, "eps": 1e-3, "weight_decay": 0.5},
        o.AdamW,
        {"lr": 0.01, "betas": (0.8, 0.99), "eps": 1e-3, "weight_decay": 0.5},
    ),
]

# Our key -> (torch's class, our name of a hyperparameter -> torch's name and place in it)
BETAS = {"b1": ("betas", 0), "b2": ("betas", 1), "eps": "eps", "weight_decay": "weight_decay"}
DEFAULTS = {
    "sgd": (o.SGD, {"weight_decay": "weight_decay"}),
    "momentum": (o.SGD, {"weight_decay": "weight_decay"}),
    "nesterov": (o.SGD, {"weight_decay": "weight_decay"}),
    "adagrad": (o.Adagrad, {"eps": "eps", "weight_decay": "weight_decay"}),
    "adadelta": (o.Adadelta, {"b2": "rho", "eps": "eps", "weight_decay": "weight_decay"}),
    "rmsprop": (
        o.RMSprop,
        {"b2": "alpha", "eps": "eps", "momentum": "momentum", "centered": "centered", "weight_decay": "weight_decay"},
    ),
    "adam": (o.Adam, BETAS),
    "amsgrad": (o.Adam, BETAS),
    "adamax": (o.Adamax, BETAS),
    "nadam": (o.NAdam, BETAS | {"momentum_decay": "momentum_decay"}),
    "radam": (o.RAdam, BETAS),
    "adamw": (o.AdamW, BETAS),
}

lr = o.lr_scheduler
# (our key, our parameters, number of steps, torch's schedule over an optimizer and that number)
SCHEDULES = [
    ("constant", {}, 7, lambda opt, n: lr.LambdaLR(opt, lambda step: 1.0)),
    ("step", {"every": 7, "gamma": 0.3}, 50, lambda opt, n: lr.StepLR(opt, 7, 0.3)),
    ("step", {"every": 1, "gamma": 0.5}, 9, lambda opt, n: lr.StepLR(opt, 1, 0.5)),
    ("exponential", {"gamma": 0.97}, 60, lambda opt, n: lr.ExponentialLR(opt, 0.97)),
    ("cosine", {}, 60, lambda opt, n: lr.CosineAnnealingLR(opt, n)),
    ("cosine", {"final": 0.2}, 17, lambda opt, n: lr.CosineAnnealingLR(opt, n, eta_min=0.2)),
    ("warmup_cosine", {"warmup": 0.2, "start": 0.1, "final": 0.05}, 60, lambda opt, n: warmup_cosine(opt, n, 12)),
    ("warmup_cosine", {"warmup": 0.5, "start": 0.1, "final": 0.05}, 11, lambda opt, n: warmup_cosine(opt, n, 6)),
    ("one_cycle", {}, 60, lambda opt, n: one_cycle(opt, n)),
    (
        "one_cycle",
        {"warmup": 0.5, "divisor": 10.0, "final_divisor": 100.0},
        33,
        lambda opt, n: one_cycle(opt, n, pct_start=0.5, div_factor=10.0, final_div_factor=100.0),
    ),
    ("one_cycle", {"warmup": 0.05}, 10, lambda opt, n: one_cycle(opt, n, pct_start=0.05)),
    ("wsd", {"warmup": 0.2, "start": 0.1, "decay": 0.3, "final": 0.05}, 50, lambda opt, n: wsd(opt, 10, 25, 15, 0.05)),
    ("wsd", {"warmup": 0.5, "start": 0.1, "decay": 0.5}, 12, lambda opt, n: wsd(opt, 6, 0, 6, 0.0)),
    ("cyclical", {"base": 0.2, "half": 7}, 50, lambda opt, n: lr.CyclicLR(opt, 0.2, 1.0, 7, cycle_momentum=False)),
    (
        "cyclical",
        {"base": 0.0, "half": 5, "halved": True},
        44,
        lambda opt, n: lr.CyclicLR(opt, 0.0, 1.0, 5, mode="triangular2", cycle_momentum=False),
    ),
    ("warm_restarts", {"first": 7, "longer": 1}, 30, lambda opt, n: lr.CosineAnnealingWarmRestarts(opt, 7, 1)),
    (
        "warm_restarts",
        {"first": 5, "longer": 3, "final": 0.1},
        60,
        lambda opt, n: lr.CosineAnnealingWarmRestarts(opt, 5, 3, eta_min=0.1),
    ),
    ("polynomial", {}, 20, lambda opt, n: lr.PolynomialLR(opt, n)),
    ("polynomial", {"power": 2.5}, 33, lambda opt, n: lr.PolynomialLR(opt, n, 2.5)),
]


def warmup_cosine(opt, n, warm):
    rise = lr.LinearLR(opt, start_factor=0.1, total_iters=warm)
    return lr.SequentialLR(opt, [rise, lr.CosineAnnealingLR(opt, n - warm, eta_min=0.05)], milestones=[warm])


def wsd(opt, warm, stable, cool, final):
    parts = [lr.LinearLR(opt, start_factor=0.1, total_iters=warm), lr.ConstantLR(opt, 1.0, stable)]
    parts.append(lr.LinearLR(opt, start_factor=1.0, end_factor=final, total_iters=cool))
    if stable == 0:
        return lr.SequentialLR(opt, [parts[0], parts[2]], milestones=[warm])
    return lr.SequentialLR(opt, parts, milestones=[warm, warm + stable])


def one_cycle(opt, n, **options):
    return lr.OneCycleLR(opt, max_lr=1.0, total_steps=n, cycle_momentum=False, **options)


def record(cls, arguments, cost, starts):
    """Return the points (kept step, start, 2) of one run; the starts are rows of one parameter."""
    x = torch.nn.Parameter(torch.tensor(starts, dtype=torch.float64))
    optimizer = cls([x], **arguments)
    if arguments.get("dampening"):
        # Left alone, torch starts the velocity at the first gradient, undamped.
        optimizer.state[x]["momentum_buffer"] = torch.zeros_like(x)
    kept = [x.detach().numpy().copy()]
    for t in range(1, N_STEPS + 1):
        optimizer.zero_grad()
        cost(x[:, 0], x[:, 1]).sum().backward()
        optimizer.step()
        if t in KEPT:
            kept.append(x.detach().numpy().copy())
    return np.array(kept)


def factors(make, n_steps):
    """Return what torch multiplies a learning rate of 1 by at each step."""
    optimizer = o.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    scheduler = make(optimizer, n_steps)
    used = []
    for _ in range(n_steps):
        used.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return used


def default(cls, name):
    """Return a default from the signature of torch's class."""
    name, *place = (name,) if isinstance(name, str) else name
    value = inspect.signature(cls).parameters[name].default
    return value[place[0]] if place else value


def amplification(cls, arguments, cost, starts):
    """Return by how much a run magnifies, at worst, a tiny displacement of its starts.

    Where this is large the run is chaotic: it magnifies rounding just so, and nothing is equal to it to 1e-12.
    """
    nudge = 1e-9
    moved = np.array(starts) * (1 + nudge)
    apart = record(cls, arguments, cost, moved.tolist()) - record(cls, arguments, cost, starts)
    return np.max(np.abs(apart)) / np.max(np.abs(moved - starts))


def main():
    """Run everything and write the file."""
    torch.set_default_dtype(torch.float64)  # torch keeps NAdam's product in the default type
    cases, points = [], []
    for key, hyper, cls, arguments in CASES:
        for name, (cost, starts) in SURFACES.items():
            cases.append({"optimizer": key, "hyper": hyper, "surface": name, "starts": starts})
            points.append(record(cls, arguments, cost, starts))
            assert np.isfinite(points[-1]).all(), (key, hyper, name)
            magnified = amplification(cls, arguments, cost, starts)
            assert magnified < 20, f"{key} {hyper} on {name} magnifies {magnified:.3g} times: take other values"
    meta = {
        "torch": torch.__version__,
        "cases": cases,
        "schedules": [
            {"name": key, "settings": settings, "factors": factors(make, n)} for key, settings, n, make in SCHEDULES
        ],
        "defaults": {
            key: {"learning_rate": default(cls, "lr")} | {ours: default(cls, theirs) for ours, theirs in names.items()}
            for key, (cls, names) in DEFAULTS.items()
        },
    }
    path = Path(__file__).with_name("torch_optim.npz")
    np.savez_compressed(path, points=np.array(points), steps=np.array(KEPT), meta=np.array(json.dumps(meta)))
    print(f"{len(cases)} runs, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
