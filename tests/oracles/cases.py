"""What all recording scripts share: costs that torch and JAX read alike, starts, the steps kept, and the file.

Nothing of ``landscape`` is imported here. A file holds ``points`` (case, kept step, start, n), NaN beyond the n of a
case, the kept ``steps``, and as JSON in ``meta`` the cases: optimizer and hyperparameters under our names, surface and
starts, and for a matrix its shape. ``A`` and ``T`` are those of the matrix quadratic 1/2 tr (X - T)' A (X - T).
"""

import json

import numpy as np

N_STEPS = 100
KEPT = [*range(11), *range(20, N_STEPS + 1, 10)]

PLANE = {
    "rosenbrock": (lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2, [[-1.2, 1.0], [0.3, -0.4]]),
    "himmelblau": (lambda x, y: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2, [[-0.5, -1.0], [1.0, 2.5]]),
}

SHAPES = {"wide": (3, 5), "tall": (5, 3), "square": (4, 4)}


def matrices(shape):
    """Return A (rows, rows), T (rows, columns) and two starts (2, rows * columns), drawn for a shape."""
    rows, columns = shape
    rng = np.random.default_rng([rows, columns])
    axes, _ = np.linalg.qr(rng.standard_normal((rows, rows)))
    a = (axes * np.geomspace(1.0, 0.5, rows)) @ axes.T
    # Well conditioned: rules that look for the axes of a matrix would magnify rounding in those of small size.
    u, _, v = np.linalg.svd(rng.standard_normal(shape), full_matrices=False)
    target = (u * np.linspace(1.0, 2.0, min(shape))) @ v
    return a, target, np.stack([0.05 * rng.standard_normal(rows * columns), -target.ravel()])


def amplification(run, starts):
    """Return by how much a run magnifies, at worst, a tiny displacement of its starts.

    Where this is large the run is chaotic: it magnifies rounding just so, and nothing is equal to it to 1e-12.
    """
    starts = np.asarray(starts)
    moved = starts * (1 + 1e-9)
    return np.max(np.abs(run(moved) - run(starts))) / np.max(np.abs(moved - starts))


class Recorded:
    """Cases as they come, and the file that is made of them."""

    def __init__(self):
        self.cases, self.points, self.asked = [], [], set()

    def add(self, key, hyper, where, starts, run, most=20):
        """Record one case: ``run`` takes starts (S, n) and returns the points (kept step, S, n).

        One that is chaotic there is left out; every rule with its numbers has to be recorded somewhere.
        """
        points = run(np.asarray(starts, dtype=float))
        assert np.isfinite(points).all(), (key, hyper, where)
        magnified = amplification(run, starts)
        self.asked.add(json.dumps([key, hyper]))
        if magnified > most:
            print(f"left out: {key} {hyper} on {where} magnifies {magnified:.3g} times")
            return
        assert not np.array_equal(points[-1], points[0]), (key, hyper, where)
        self.cases.append({"optimizer": key, "hyper": hyper, "starts": np.asarray(starts).tolist()} | where)
        self.points.append(points)

    def save(self, path, **meta):
        """Write the file."""
        found = {json.dumps([case["optimizer"], case["hyper"]]) for case in self.cases}
        assert found == self.asked, f"chaotic everywhere, take other values: {self.asked - found}"
        n = max(points.shape[-1] for points in self.points)
        wide = [np.pad(p, ((0, 0), (0, 0), (0, n - p.shape[-1])), constant_values=np.nan) for p in self.points]
        text = np.array(json.dumps({"cases": self.cases} | meta))
        np.savez_compressed(path, points=np.array(wide), steps=np.array(KEPT), meta=text)
        print(f"{len(self.cases)} runs, {path.stat().st_size} bytes")
