"""A classifier in training: its decision regions move with the playhead, beside loss, gradient norm and accuracy."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from landscape.language import mark, tr, trn
from landscape.picture.scene import Array, Axis, Layer, MovingField, MovingLine, Panel, Path, Samples
from landscape.scene import Scene
from landscape.scenes.descent import descent_scene
from landscape.surfaces.networks import Logistic, Network, Softmax

if TYPE_CHECKING:
    from landscape.experiment import Run

# Accuracy is counted at this many steps of a longer run.
MOST_COUNTS = 500


@dataclass(frozen=True, eq=False)
class Regions:
    """The decision regions of one path at some ``steps`` (K,) over a grid of two features, nothing drawn yet.

    ``winners`` (K, len(y), len(x)) are class numbers. ``pairs`` names two classes for each of ``segments``
    (pairs, K, 2, 2): the piece of their straight boundary, from one end (x, y) to the other, along which these two
    are the most probable; NaN where there is none. Networks with hidden layers have no straight ones.
    """

    steps: NDArray[np.int64]
    x: Array
    y: Array
    winners: Array
    pairs: tuple[tuple[int, int], ...]
    segments: Array


def softmax_scene(
    run: Run,
    *,
    shown: tuple[int, int] = (0, 0),
    features: tuple[int, int] = (0, 1),
    grid: int = 61,
    frames: int = 60,
) -> Scene:
    """Return the scene of a classifier's training.

    The regions are those of one path, ``shown`` = (optimizer, start); loss, gradient norm and accuracy those of all.
    They are drawn over two ``features`` of the data; where there are more, the others are held at their mean, and a
    note says so. ``frames`` is the number of steps, close at first, at which the regions are worked out.

    Raises ``TypeError`` for a surface that is no network over classes, ``ValueError`` for a path or a feature that
    there is not.
    """
    model = run.experiment.surface
    if not isinstance(model, Network) or not model.data.classes:
        raise TypeError(tr("decision regions need a network over data with classes"))
    base = descent_scene(run)
    number, start = shown
    if not (0 <= number < len(run.trajectories) and 0 <= start < run.trajectories[number].n_starts):
        raise ValueError(tr("there is no path {path}: optimizers and starts are counted from 0", path=shown))
    trajectory = run.trajectories[number]
    track = next(t for t in base.tracks if t.id == f"{number}-{start}")
    steps, points = trajectory.known(start, frame_steps(int(trajectory.last[start]), frames))
    regions = regions_of(model, points, steps, features, grid)
    names = [model.data.features[feature] for feature in features]
    layers: list[Layer] = [
        MovingField(track.id, regions.x, regions.y, steps, regions.winners, tr("class"), model.data.classes)
    ]
    for pair, segment in zip(regions.pairs, regions.segments, strict=True):
        between = " | ".join(model.data.classes[c] for c in pair)
        layers.append(MovingLine(track.id, segment[..., 0], segment[..., 1], steps, between))
    data = model.data
    assert data.labels is not None, "data with classes have labels"
    points = data.inputs[:, list(features)]
    layers.append(Samples(points[:, 0], points[:, 1], data.labels, data.classes))
    panel = Panel(
        "regions",
        tr("Decision regions of {path}", path=track.label),
        Axis(names[0], range=(float(regions.x[0]), float(regions.x[-1]))),
        Axis(names[1], range=(float(regions.y[0]), float(regions.y[-1]))),
        tuple(layers),
        equal_aspect=True,
        clickable=True,
    )
    notes = base.notes
    if data.n_features > 2:
        others = trn(
            "The regions are a slice: the other {n} feature stays at its mean.",
            "The regions are a slice: the other {n} features stay at their mean.",
            data.n_features - 2,
        )
        notes = (*notes, others)
    return replace(
        base,
        panels=(panel, *base.panels, accuracy_panel(run)),
        columns=(("regions",), (*(p.key for p in base.panels), "accuracy")),
        widths=(1.0, 1.0),
        notes=notes,
    )


def frame_steps(last: int, frames: int) -> NDArray[np.int64]:
    """Return at most ``frames`` steps from 0 to ``last``, close at first, where most happens.

    >>> frame_steps(100, 6).tolist()
    [0, 2, 5, 15, 39, 100]
    """
    if frames < 2:
        raise ValueError(tr("frames must be at least 2, not {frames}", frames=frames))
    return np.unique(np.round(np.expm1(np.linspace(0.0, np.log1p(last), frames))).astype(np.int64))


def regions_of(
    model: Network, points: Array, steps: NDArray[np.int64], features: tuple[int, int], grid: int
) -> Regions:
    """Return the decision regions at the parameter vectors ``points`` (K, n) of one path."""
    i, j = features
    if i == j or not all(0 <= f < model.data.n_features for f in features):
        raise ValueError(
            tr(
                "features must be two different numbers from 0 to {last}, not {features}",
                last=model.data.n_features - 1,
                features=features,
            )
        )
    inputs = model.data.inputs
    low, high = inputs[:, [i, j]].min(axis=0), inputs[:, [i, j]].max(axis=0)
    margin = 0.15 * (high - low) + 1e-9
    x, y = (np.linspace(a, b, grid) for a, b in zip(low - margin, high + margin, strict=True))
    where = np.tile(inputs.mean(axis=0), (grid * grid, 1))
    where[:, i], where[:, j] = (axis.ravel() for axis in np.meshgrid(x, y))
    winners = np.array([model.probabilities(point, where).argmax(axis=-1) for point in points])
    pairs: tuple[tuple[int, int], ...] = ()
    segments = np.empty((0, len(points), 2, 2))
    if isinstance(model, Softmax | Logistic):
        pairs = tuple(combinations(range(len(model.data.classes)), 2))
        flat = [_plane_scores(model, point, features) for point in points]
        box = (x[0], x[-1], y[0], y[-1])
        segments = np.array([[segment(w, b, (p, q), box) for w, b in flat] for p, q in pairs])
    return Regions(steps, x, y, winners.reshape(-1, grid, grid).astype(float), pairs, segments)


def _plane_scores(model: Network, point: Array, features: tuple[int, int]) -> tuple[Array, Array]:
    """Return weights (C, 2) and biases (C,) of the scores in the two features, the others at their mean."""
    w, b = model.block("W1").of(point), model.block("b1").of(point)
    if isinstance(model, Logistic):
        w, b = np.concatenate([0.0 * w, w]), np.concatenate([0.0 * b, b])
    rest = model.data.inputs.mean(axis=0)
    rest[list(features)] = 0.0
    return w[:, list(features)], b + w @ rest


def segment(w: Array, b: Array, pair: tuple[int, int], box: tuple[float, float, float, float]) -> Array:
    """Return the ends (2, 2) of the piece of the line z_i = z_j that lies in the box and where no other z is larger.

    ``w`` (C, 2) and ``b`` (C,) give the scores z = w x + b. NaN where there is no such piece.
    """
    i, j = pair
    normal, offset = w[i] - w[j], b[i] - b[j]
    length = float(np.linalg.norm(normal))
    nothing = np.full((2, 2), np.nan)
    if length == 0.0:
        return nothing
    foot, along = -offset * normal / length**2, np.array([-normal[1], normal[0]]) / length
    # conditions slope * s + constant >= 0 on the position s along the line
    slopes = [along[0], -along[0], along[1], -along[1]]
    constants = [foot[0] - box[0], box[1] - foot[0], foot[1] - box[2], box[3] - foot[1]]
    for k in range(len(b)):
        if k not in pair:
            slopes.append((w[i] - w[k]) @ along)
            constants.append((w[i] - w[k]) @ foot + b[i] - b[k])
    first, last = -np.inf, np.inf
    for slope, constant in zip(slopes, constants, strict=True):
        if slope > 0.0:
            first = max(first, -constant / slope)
        elif slope < 0.0:
            last = min(last, -constant / slope)
        elif constant < 0.0:
            return nothing
    return np.array([foot + first * along, foot + last * along]) if first < last else nothing


def accuracy_panel(run: Run) -> Panel:
    """Return the panel of accuracy against step, a path for each track."""
    model, n_steps = run.experiment.surface, run.experiment.n_steps
    assert isinstance(model, Network), "checked by the caller"
    steps = np.unique(np.linspace(0, n_steps, min(n_steps + 1, MOST_COUNTS)).round().astype(np.int64))
    paths = []
    for number, trajectory in enumerate(run.trajectories):
        for start in range(trajectory.n_starts):
            at, points = trajectory.known(start, steps)
            accuracy = np.array([model.accuracy(point) for point in points])
            paths.append(Path(f"{number}-{start}", at.astype(float), accuracy, steps=at))
    axis = Axis.of(mark("accuracy"), range=(0.0, 1.02))
    return Panel(
        "accuracy",
        tr("Accuracy"),
        Axis.of(mark("step"), range=(0.0, float(max(n_steps, 1)))),
        axis,
        tuple(paths),
    )
