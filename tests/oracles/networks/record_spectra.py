"""Record spectra and a plane of losses of small networks, from matrices written out by ``torch.func``, in float64.

    python -m venv scratch && scratch/bin/pip install torch==2.13.0 numpy
    scratch/bin/python tests/oracles/networks/record_spectra.py

What PyHessian and loss-landscapes estimate or loop over is here without an estimate: all eigenvalues of the Hessian, of
J' L J and of the mean of g_i g_i', and the loss at each point of a plane put into the module. Nothing here imports
landscape; the models are those of ``record_torch.py``.
"""

import json
from pathlib import Path

import numpy as np
import torch
from record_torch import MODELS, N_ROWS, module
from torch.func import functional_call, hessian, jacrev, vmap

NAMES = ("tanh", "sigmoid", "tanh_fit")
AT = np.linspace(-1.0, 1.0, 5)


def record(name):
    kind, d, widths, k, activation, norm, _ = MODELS[name]
    net = module(kind, d, widths, k, activation, norm)
    x = torch.sin(1.7 * torch.arange(float(N_ROWS * d)).reshape(N_ROWS, d) + 0.3)
    y = torch.arange(N_ROWS) % k if kind == "classes" else torch.cos(torch.arange(float(N_ROWS * k))).reshape(N_ROWS, k)
    named = dict(net.named_parameters())
    sizes = [p.numel() for p in named.values()]

    def outputs(flat, rows):
        parts = torch.split(flat, sizes)
        return functional_call(net, {n: v.reshape(named[n].shape) for n, v in zip(named, parts, strict=True)}, (rows,))

    def of_one(z, target):
        if kind == "classes":
            return torch.nn.functional.cross_entropy(z[None], target[None])
        return 0.5 * ((z - target) ** 2).sum()

    def loss(flat):
        return vmap(of_one)(outputs(flat, x), y).mean()

    n = sum(sizes)
    at, *directions = np.random.default_rng(n).normal(size=(3, n))
    point = torch.tensor(at)
    jacobian = jacrev(outputs)(point, x)  # (m, k, n)
    curved = vmap(hessian(of_one))(outputs(point, x), y)  # (m, k, k)
    slopes = vmap(lambda row, target: jacrev(lambda flat: of_one(outputs(flat, row[None])[0], target))(point))(x, y)
    matrices = {
        "hessian": hessian(loss)(point),
        "gauss_newton": torch.einsum("mkn,mkl,mlp->np", jacobian, curved, jacobian) / N_ROWS,
        "fisher": slopes.T @ slopes / N_ROWS,
    }
    plane = [[loss(point + torch.tensor(a * directions[0] + b * directions[1])).item() for a in AT] for b in AT]
    return {
        "point": at.tolist(),
        "directions": [one.tolist() for one in directions],
        "at": AT.tolist(),
        "plane": plane,
        "eigenvalues": {key: torch.linalg.eigvalsh(matrix).tolist() for key, matrix in matrices.items()},
    }


if __name__ == "__main__":
    path = Path(__file__).parent / "torch_spectra.json"
    path.write_text(json.dumps({name: record(name) for name in NAMES}) + "\n")
