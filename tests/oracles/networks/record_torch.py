"""Record value, gradient, Hessian-vector product and Hessian of every model by PyTorch's autograd, in float64.

    python -m venv scratch && scratch/bin/pip install torch==2.13.0 numpy
    scratch/bin/python tests/oracles/networks/record_torch.py

The models are written with torch's own modules and losses; nothing here imports landscape.
"""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.func import functional_call

N_ROWS, N_POINTS = 12, 3

# name -> what is fitted, inputs, hidden widths, outputs, activation, batch normalization, l2
MODELS = {
    "softmax": ("classes", 3, (), 4, None, False, 0.0),
    "softmax_l2": ("classes", 3, (), 4, None, False, 0.07),
    "tanh": ("classes", 2, (5, 4), 3, "tanh", False, 0.0),
    "relu": ("classes", 2, (6, 5), 2, "relu", False, 0.01),
    "sigmoid": ("classes", 4, (3,), 3, "sigmoid", False, 0.0),
    "tanh_norm": ("classes", 2, (5, 4), 3, "tanh", True, 0.0),
    "relu_norm": ("classes", 3, (6, 4), 2, "relu", True, 0.02),
    "sigmoid_norm_fit": ("values", 2, (4, 4), 2, "sigmoid", True, 0.0),
    "tanh_fit": ("values", 1, (7, 6), 1, "tanh", False, 0.0),
    "deep_linear": ("linear", 3, (4, 5), 2, None, False, 0.0),
    "autoencoder": ("self", 4, (2,), 4, "tanh", False, 0.0),
    "autoencoder_linear": ("self", 4, (2,), 4, None, False, 0.0),
}
ACTIVATIONS = {"tanh": nn.Tanh, "relu": nn.ReLU, "sigmoid": nn.Sigmoid}
torch.set_default_dtype(torch.float64)


def module(kind, d, widths, k, activation, norm):
    layers, sizes = [], (d, *widths)
    for n_in, n_out in pairwise(sizes):
        layers.append(nn.Linear(n_in, n_out, bias=kind != "linear" and not norm))
        if norm:
            layers.append(nn.BatchNorm1d(n_out, eps=1e-5, track_running_stats=False))
        if activation:
            layers.append(ACTIVATIONS[activation]())
    return nn.Sequential(*layers, nn.Linear(sizes[-1], k, bias=kind != "linear"))


def record(name):
    kind, d, widths, k, activation, norm, l2 = MODELS[name]
    net = module(kind, d, widths, k, activation, norm)
    x = torch.sin(1.7 * torch.arange(float(N_ROWS * d)).reshape(N_ROWS, d) + 0.3)
    labels = torch.arange(N_ROWS) % k
    values = torch.cos(torch.arange(float(N_ROWS * k)).reshape(N_ROWS, k))
    named = dict(net.named_parameters())
    sizes = [p.numel() for p in named.values()]

    def loss(flat):
        parts = torch.split(flat, sizes)
        p = {key: part.reshape(old.shape) for (key, old), part in zip(named.items(), parts, strict=True)}
        z = functional_call(net, p, (x,))
        if kind == "classes":
            total = nn.functional.cross_entropy(z, labels)
        else:
            y = x if kind == "self" else values
            total = 0.5 * ((z - y) ** 2).sum(dim=1).mean()
        weights = [v for v in p.values() if v.ndim == 2]
        return total + 0.5 * l2 * sum((w**2).sum() for w in weights)

    n = sum(sizes)
    at, along = np.random.default_rng(n).normal(size=(2, N_POINTS, n))
    pairs = [(torch.tensor(a), torch.tensor(v)) for a, v in zip(at, along, strict=True)]
    return {
        f"{name}/inputs": x.numpy(),
        f"{name}/labels": labels.numpy(),
        f"{name}/values": values.numpy(),
        f"{name}/points": at,
        f"{name}/directions": along,
        f"{name}/value": np.array([loss(a).item() for a, _ in pairs]),
        f"{name}/gradient": np.array([torch.func.grad(loss)(a).numpy() for a, _ in pairs]),
        f"{name}/product": np.array([torch.autograd.functional.hvp(loss, a, v)[1].numpy() for a, v in pairs]),
        f"{name}/hessian": torch.autograd.functional.hessian(loss, pairs[0][0]).numpy(),
    }


if __name__ == "__main__":
    recorded = {key: array for name in MODELS for key, array in record(name).items()}
    meta = json.dumps({"torch": torch.__version__, "models": MODELS})
    np.savez_compressed(Path(__file__).parent / "torch_networks.npz", meta=meta, **recorded)
    print(f"torch {torch.__version__}: {len(MODELS)} models")
