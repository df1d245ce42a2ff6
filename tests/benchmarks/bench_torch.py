"""A PyTorch module as a surface: a filter-normalized plane, both ends of the spectrum, a run in many dimensions.

    python tests/benchmarks/bench_torch.py        needs the extra "bench"

The module is a tanh network of two convolutions and 3,818 weights on 500 digits. Processor time of one thread, the
better of two; the plane beside a plain loop over its points in the same run.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

import landscape as ls


def network() -> Any:
    """Return the network, as it is drawn with seed 0."""
    import torch
    from torch import nn

    torch.manual_seed(0)
    return nn.Sequential(
        nn.Unflatten(1, (1, 8, 8)),
        nn.Conv2d(1, 8, 3, padding=1),
        nn.Tanh(),
        nn.Conv2d(8, 16, 3, padding=1),
        nn.Tanh(),
        nn.AvgPool2d(2),
        nn.Flatten(),
        nn.Linear(256, 10),
    )


def seconds(work: Callable[[], object]) -> float:
    """Return the processor time that ``work`` takes, the better of two."""
    taken = []
    for _ in range(2):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return min(taken)


def point_by_point(module: Any, x: np.ndarray, rows: tuple[Any, Any]) -> None:
    """Evaluate the points (P, n) as a plain loop does: parameters written into the module, one pass each."""
    import torch
    from torch import nn

    with torch.no_grad():
        for one in x:
            nn.utils.vector_to_parameters(torch.tensor(one, dtype=rows[0].dtype), module.parameters())
            nn.functional.cross_entropy(module(rows[0]), rows[1]).item()


def main() -> None:
    """Print the times."""
    import torch
    from torch import nn

    torch.set_num_threads(1)
    data = ls.data("digits")
    inputs, labels = torch.tensor(np.array(data.inputs[:500])), torch.tensor(np.array(data.labels[:500]))
    at = np.linspace(-1, 1, 21)
    for dtype, kind in (("float64", torch.float64), ("float32", torch.float32)):
        surface = ls.from_torch(network(), nn.CrossEntropyLoss(), (inputs, labels), dtype=dtype)
        x = surface.domain.center
        plane = ls.filter_normalized_plane(x, surface.filters)
        points = plane.embed(np.stack(np.meshgrid(at, at), axis=-1).reshape(-1, 2))
        ours = seconds(lambda s=surface, p=plane: ls.slice_surface(s, p, at, at))
        plain = seconds(lambda p=points, k=kind: point_by_point(network().to(k), p, (inputs.to(k), labels)))
        ends = seconds(lambda s=surface, x=x: ls.extreme_eigenvalues(s, x))
        print(f"{dtype}: plane 21 x 21 {ours:.2f} s, a plain loop {plain:.2f} s; both ends {ends:.2f} s")
        if dtype == "float64":
            run = ls.Experiment(surface, ("sgd", "adam"), [x], 100).run()
            began = time.process_time()
            ls.high_dims_scene(run, ls.high_dims_study(run.trajectories))
            print(f"two paths of 100 steps in many dimensions, all panels: {time.process_time() - began:.1f} s")


if __name__ == "__main__":
    main()
