"""A scene made by hand: real descents on a saddle with two minima, in plain NumPy, with every type of layer."""

import numpy as np
import pytest

from landscape.picture.scene import (
    Axis,
    Field,
    Labels,
    Line,
    MovingField,
    MovingLine,
    Panel,
    Path,
    Points,
    Samples,
    Spans,
    Tangent,
    Track,
)
from landscape.scene import Scene

RULES = ("sgd", "momentum", "rmsprop", "adam", "nesterov", "adagrad", "lion", "yogi")


def value(x, y):
    return x**2 - y**2 + y**4 / 4


def gradient(p):
    x, y = p[..., 0], p[..., 1]
    return np.stack([2 * x, -2 * y + y**3], axis=-1)


def walk(rule, start, n_steps, learning_rate=0.02):
    points = np.empty((n_steps + 1, 2))
    points[0] = start
    v, s = np.zeros(2), np.zeros(2)
    for t in range(1, n_steps + 1):
        g = gradient(points[t - 1])
        v = 0.9 * v + g
        s = 0.9 * s + 0.1 * g**2
        step = {
            "sgd": g,
            "momentum": 0.3 * v,
            "rmsprop": g / (np.sqrt(s) + 1e-3),
            "adam": 0.1 * v / (np.sqrt(s) + 0.03),
        }
        points[t] = points[t - 1] - learning_rate * step.get(rule, g * (1 + 0.3 * RULES.index(rule)))
    return points


def make_scene(
    n_tracks=4,
    n_steps=60,
    relief=False,
    title="Why does SGD stop at the saddle?",
    starts=((1.2, 1e-4), (-0.9, -0.02)),
    diverged=False,
    hole=False,
    y_scale="linear",
    grid=41,
    caption="x² − y² + y⁴/4 (saddle at the origin, minima at y = ±√2); learning rate 0.02",
    recipe=None,
    notes=(),
):
    axes = np.linspace(-1.6, 1.6, grid), np.linspace(-2.0, 2.0, grid)
    z = value(axes[0][None, :], axes[1][:, None])
    if hole:
        z = np.where(np.hypot(axes[0][None, :] - 0.8, axes[1][:, None] - 1.0) < 0.5, np.nan, z)
    rules = [RULES[i % len(RULES)] for i in range(n_tracks)]
    field = Field(*axes, z, "loss", color=np.log10(z - np.nanmin(z) + 0.01), color_label="log₁₀(loss − lowest + 0.01)")
    tracks, on_map, losses, norms, spans = [], [], [], [], []
    used = {}
    for i, rule in enumerate(rules):
        start = np.array(starts[i // len(RULES) % len(starts)]) + 0.05 * (i // len(RULES))
        points = walk(rule, start, n_steps)
        last = n_steps
        if diverged and i == 0:
            last = n_steps // 2
            points[: last + 1] *= np.logspace(0, 150, last + 1)[:, None]
            points[last + 1 :] = np.nan
        with np.errstate(over="ignore"):
            loss = value(points[:, 0], points[:, 1])
            norm = np.linalg.norm(gradient(points), axis=-1)
        bad = ~(np.isfinite(loss) & np.isfinite(norm))
        if bad.any():
            last = int(np.argmax(bad)) - 1
            points[last + 1 :], loss[last + 1 :], norm[last + 1 :] = np.nan, np.nan, np.nan
        used.setdefault(rule, 0)
        key = f"{rule}-{used[rule]}"
        used[rule] += 1
        tracks.append(Track(key, f"{rule} from start {used[rule]}", f"{rule} (lr 0.02)", rule, last, "still moving"))
        steps = np.arange(n_steps + 1.0)
        hover = {"step": steps, "loss": loss, "gradient norm": norm}
        on_map.append(Path(key, points[:, 0], points[:, 1], z=loss if relief else None, hover=hover))
        losses.append(Path(key, steps, loss))
        norms.append(Path(key, steps, norm))
        low = np.flatnonzero(norm < 0.2)
        spans.append(Spans(key, ((float(low[0]), float(low[-1])),) if low.size > 5 else (), "small gradient"))
    first = np.array([[p.x[0], p.y[0]] for p in on_map]).reshape(-1, 2)
    root = np.sqrt(2)

    def height(x, y):
        return value(np.asarray(x), np.asarray(y)) if relief else None

    still = (
        Points(first[:, 0], first[:, 1], "start", z=height(first[:, 0], first[:, 1])),
        Points(np.zeros(1), np.zeros(1), "saddle", ("saddle",), z=height([0.0], [0.0])),
        Points(np.zeros(2), np.array([-root, root]), "minimum", z=height([0.0, 0.0], [-root, root])),
    )
    x, y = Axis("x", range=(-1.6, 1.6)), Axis("y", range=(-2.0, 2.0))
    map_panel = Panel(
        "map",
        "Path on the surface",
        x,
        y,
        (field, *on_map, *still),
        kind="space" if relief else "plane",
        z=Axis("loss") if relief else None,
        equal_aspect=not relief,
        clickable=not relief,
    )
    loss_panel = Panel("loss", "Loss", Axis("step"), Axis("loss", y_scale, linear_within=1e-2), tuple(losses))
    norm_panel = Panel("gradient_norm", "Gradient norm", Axis("step"), Axis("gradient norm", "log"), (*spans, *norms))
    return Scene(
        title,
        (map_panel, loss_panel, norm_panel),
        tuple(tracks),
        n_steps,
        (("map",), ("loss", "gradient_norm")),
        (1.6, 1.0),
        caption=caption,
        recipe={"title": title, "surface": {"name": "escaping_saddle"}, "n_steps": n_steps, "seed": 0}
        if recipe is None
        else recipe,
        query="surface=escaping_saddle&steps=60",
        notes=notes,
    )


def make_curve(n_steps=40):
    """The lecture's w² − 20w + 100 with its tangent."""
    w = np.empty(n_steps + 1)
    w[0] = 0.0
    for t in range(n_steps):
        w[t + 1] = w[t] - 0.05 * (2 * w[t] - 20)
    loss, slope = (w - 10) ** 2, 2 * w - 20
    graph = np.linspace(-2, 22, 200)
    steps = np.arange(n_steps + 1.0)
    curve = Panel(
        "curve",
        "Cost",
        Axis("w", range=(-2.0, 22.0)),
        Axis("cost"),
        (
            Line(graph, (graph - 10) ** 2),
            Tangent("sgd-0", w, loss, slope, 3.0),
            Path("sgd-0", w, loss),
            Points(w[:1], loss[:1], "start"),
            Points(np.array([10.0]), np.zeros(1), "minimum"),
        ),
    )
    theory = Line(steps, 100 * 0.9 ** (2 * steps), "theory", "theory")
    run = Panel("loss", "Loss", Axis("step"), Axis("loss", "log"), (theory, Path("sgd-0", steps, loss)))
    track = Track("sgd-0", "SGD", "SGD (lr 0.05)", "sgd", n_steps, "minimum")
    return Scene("One dimension", (curve, run), (track,), n_steps, (("curve",), ("loss",)), (1.3, 1.0))


def make_classes(n_steps=20):
    """Two regions whose boundary moves to the right, over samples of two classes."""
    x, y = np.linspace(-1, 1, 21), np.linspace(-1, 1, 11)
    steps = np.array([0, 5, 20])
    edges = np.array([-0.5, 0.0, 0.5])
    winners = (x[None, None, :] > edges[:, None, None]) * np.ones((1, 11, 1))
    rng = np.random.default_rng(0)
    points = rng.uniform(-0.9, 0.9, (30, 2))
    layers = (
        MovingField("sgd-0", x, y, steps, winners, "class", ("left $", "right")),
        MovingLine("sgd-0", np.stack([edges, edges], axis=1), np.tile([-1.0, 1.0], (3, 1)), steps, "left | right"),
        Labels(np.array([0.5]), np.array([0.5]), ("1 & $<b>",)),
        Samples(points[:, 0], points[:, 1], (points[:, 0] > 0).astype(int), ("left $", "right")),
    )
    panel = Panel("regions", "Regions", Axis("a", range=(-1, 1)), Axis("b", range=(-1, 1)), layers, equal_aspect=True)
    run = np.arange(n_steps + 1.0)
    loss = Panel("loss", "Loss", Axis("step"), Axis("loss"), (Path("sgd-0", run, np.exp(-run / 9)),))
    track = Track("sgd-0", "SGD", "SGD (lr 0.05)", "sgd", n_steps)
    return Scene("Classes", (panel, loss), (track,), n_steps, (("regions",), ("loss",)), (1.0, 1.0))


@pytest.fixture(scope="session")
def classes():
    return make_classes()


@pytest.fixture(scope="session")
def make():
    return make_scene


@pytest.fixture(scope="session")
def scene():
    return make_scene()


@pytest.fixture(scope="session")
def relief():
    return make_scene(relief=True)


@pytest.fixture(scope="session")
def tiny():
    """One panel with one path: quick to draw."""
    steps = np.arange(6.0)
    panel = Panel("loss", "Loss", Axis("step"), Axis("loss"), (Path("sgd-0", steps, 1 / (1 + steps)),))
    track = Track("sgd-0", "SGD", "SGD (lr 0.05)", "sgd", 5)
    return Scene("Tiny", (panel,), (track,), 5, (("loss",),), (1.0,), recipe={"title": "Tiny"})


@pytest.fixture(scope="session")
def curve():
    return make_curve()
