"""One network looked at in several ways: with and without batch normalization, in slices, in spectra, beside others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from landscape.analysis.connectivity import bezier_path, straight_path
from landscape.analysis.slices import Plane, eigen_plane, filter_normalized_plane, slice_surface
from landscape.analysis.smoothness import smoothness_along
from landscape.curvature.spectrum import hessian_eigenvalues
from landscape.descent import descend
from landscape.optimizers.first_order import SGD
from landscape.picture.scene import Array, Axis, Layer, Line, MovingLine, Panel, Path, Scene, Track
from landscape.scenes.networks import connectivity_scene
from landscape.scenes.scales import fields_to_compare, loss_axis, norm_axis
from landscape.surfaces.networks import Perceptron, TeacherStudent
from landscape.surfaces.networks.symmetries import permute_hidden
from landscape.trajectory import Trajectory

NAMES = ("without batch normalization", "with batch normalization")
STYLES = ("sgd", "batch_normalization")  # both are gradient descent: the second gets a hue of its own by its name
STUCK = 1e-3
"""A student whose loss stays above this has not found its teacher."""


@dataclass(frozen=True, eq=False)
class Pair:
    """The same network ``plain`` and ``normalized``, with a gradient descent of each from the same weights."""

    models: tuple[Perceptron, Perceptron]
    runs: tuple[Trajectory, Trajectory]

    @property
    def ends(self) -> tuple[Array, Array]:
        """The last points (n,) of both."""
        return self.runs[0].final_points[0], self.runs[1].final_points[0]


def train_pair(model: Perceptron, learning_rate: float, n_steps: int, seed: int = 0) -> Pair:
    """Return gradient descent on ``model`` without and with batch normalization, from the same weights.

    The hidden layers have biases without it, and scales 1 and shifts 0 with it; all weights and the last biases are
    the same. Raises ``ValueError`` for less than one step.
    """
    if n_steps < 1:
        raise ValueError(f"there must be at least 1 step, not {n_steps}")
    plain, norm = replace(model, batch_norm=False), replace(model, batch_norm=True)
    start = plain.starts(1, seed)
    other = norm.starts(1, seed)
    names = {block.name for block in plain.blocks}
    for block in norm.blocks:
        if block.name in names:
            block.of(other)[...] = plain.block(block.name).of(start)
    optimizer = SGD(learning_rate=learning_rate)
    return Pair((plain, norm), (descend(plain, optimizer, start, n_steps), descend(norm, optimizer, other, n_steps)))


def norm_scene(pair: Pair, looks: int = 40) -> Scene:
    """Return loss and gradient norm of both, how far the gradient turns within a step, and how fast.

    Gradient change and beta are those of ``smoothness_along`` over a half, one, two and four times the learning
    rate; the change is divided by the gradient's own length, for the two have different parameters.
    """
    layers: dict[str, list[Layer]] = {"loss": [], "gradient_norm": [], "change": [], "beta": []}
    steps = np.arange(pair.runs[0].n_steps + 1, dtype=float)
    for k, (model, run) in enumerate(zip(pair.models, pair.runs, strict=True)):
        layers["loss"].append(Path(str(k), steps, run.values[0]))
        layers["gradient_norm"].append(Path(str(k), steps, run.gradient_norms[0]))
        at = np.unique(np.linspace(0, run.last[0], looks).round().astype(np.int64))
        rate = float(run.learning_rates[0])
        smooth = smoothness_along(model, run.points[0, at], at, rate * np.array([0.5, 1.0, 2.0, 4.0]))
        norms = run.gradient_norms[0, at]
        change = smooth.gradient_changes.max(axis=1) / np.where(norms > 0, norms, np.nan)
        layers["change"].append(Path(str(k), at.astype(float), change, steps=at))
        layers["beta"].append(Path(str(k), at.astype(float), smooth.betas, steps=at))
    x = _steps(pair)
    panels = (
        Panel("loss", "Loss", x, loss_axis(np.array([run.values[0] for run in pair.runs])), tuple(layers["loss"])),
        Panel(
            "gradient_norm",
            "Gradient norm",
            x,
            norm_axis(np.array([run.gradient_norms[0] for run in pair.runs])),
            tuple(layers["gradient_norm"]),
        ),
        Panel(
            "change",
            "Change of the gradient within a step (predictiveness)",
            x,
            Axis("largest change / gradient norm", "log"),
            tuple(layers["change"]),
        ),
        Panel("beta", "Change of the gradient per distance", x, Axis("beta", "log"), tuple(layers["beta"])),
    )
    columns = (("loss", "gradient_norm"), ("change", "beta"))
    middle = {
        key: [float(np.nanmedian(path.y)) for path in layers[key] if isinstance(path, Path)]
        for key in ("change", "beta")
    }
    better = "better" if middle["change"][1] < middle["change"][0] else "no better"
    note = (
        f"With normalization the gradient predicts itself {better} here. Medians along the paths, without and with: "
        "change of the gradient within a step "
        f"{middle['change'][0]:.2g} and {middle['change'][1]:.2g} of its length, per distance "
        f"{middle['beta'][0]:.2g} and {middle['beta'][1]:.2g}."
    )
    return Scene(_title(pair), panels, _tracks(pair), pair.runs[0].n_steps, columns, (1.0, 1.0), notes=(note,))


def slices_of_pair(pair: Pair, grid: int = 61, reach: float = 1.0, seed: int = 0) -> Scene:
    """Return the loss round both last points: a filter-normalized plane above, the Hessian's extreme plane below.

    ``reach`` is how far each way the planes go: in filter norms above, in lengths below. Raises ``NotConverged`` as
    ``eigen_plane``.
    """
    at = np.linspace(-reach, reach, grid)
    maps: list[tuple[str, int, Plane, Array]] = []
    for k, (model, end) in enumerate(zip(pair.models, pair.ends, strict=True)):
        planes: tuple[Plane, ...] = (filter_normalized_plane(end, model.filters, seed), eigen_plane(model, end))
        for kind, plane in zip(("filters", "hessian"), planes, strict=True):
            maps.append((kind, k, plane, slice_surface(model, plane, at, at).values))
    panels = []
    fields = fields_to_compare(at, at, [losses for *_, losses in maps])
    for (kind, k, plane, _), field in zip(maps, fields, strict=True):
        x, y = (Axis(label, range=(-reach, reach)) for label in plane.labels)
        panels.append(Panel(f"{kind}{k}", NAMES[k].capitalize(), x, y, (field,)))
    columns = (("filters0", "hessian0"), ("filters1", "hessian1"))
    notes = (
        "Each map is one plane with the last point in its middle: the loss off it may be anything. One scale of "
        "colours for all four.",
    )
    return Scene(_title(pair), tuple(panels), (), 0, columns, (1.0, 1.0), notes=notes)


def spectrum_of_pair(pair: Pair, looks: int = 8) -> Scene:
    """Return all Hessian eigenvalues in order, smallest first, at ``looks`` even steps of both paths; and the loss.

    Each look takes the whole Hessian apart; between two of them the earlier one stands.
    """
    panels = []
    for k, (model, run) in enumerate(zip(pair.models, pair.runs, strict=True)):
        at = np.unique(np.linspace(0, run.last[0], looks).round().astype(np.int64))
        values = np.array([np.sort(hessian_eigenvalues(model, run.points[0, step])) for step in at])
        ranks = np.broadcast_to(np.arange(1.0, model.n_dims + 1), values.shape)
        ends = (1.0, float(model.n_dims))
        zero = Line(np.array(ends), np.zeros(2), "0", "threshold")
        panels.append(
            Panel(
                f"spectrum{k}",
                NAMES[k].capitalize(),
                Axis("eigenvalue number", range=ends),
                replace(loss_axis(values, label="Hessian eigenvalue"), range=None),
                (zero, MovingLine(str(k), ranks, values, at, "eigenvalues", role="graph")),
            )
        )
    steps = np.arange(pair.runs[0].n_steps + 1, dtype=float)
    paths = tuple(Path(str(k), steps, run.values[0]) for k, run in enumerate(pair.runs))
    loss = Panel("loss", "Loss", _steps(pair), loss_axis(np.array([run.values[0] for run in pair.runs])), paths)
    columns = (("spectrum0", "spectrum1"), ("loss",))
    every = pair.runs[0].n_steps / max(looks - 1, 1)
    note = f"Looked at {looks} times, every {every:.0f} steps; between two looks the earlier one stands."
    return Scene(_title(pair), (*panels, loss), _tracks(pair), pair.runs[0].n_steps, columns, (1.2, 1.0), notes=(note,))


def minima_scene(model: Perceptron, learning_rate: float, n_steps: int, seed: int = 0) -> Scene:
    """Return the loss between two trained networks, straight and bent, and between one and its permuted copy.

    The copy has the neurons of the first hidden layer in the reverse order: another point, the same function.
    """
    plain = replace(model, batch_norm=False)
    run = descend(plain, SGD(learning_rate=learning_rate), plain.starts(2, seed), n_steps)
    ends = run.final_points
    straight = straight_path(plain, ends[0], ends[1])
    between = connectivity_scene(straight, bezier_path(plain, ends[0], ends[1], seed=seed))
    twin = permute_hidden(plain, ends[0], 1, tuple(reversed(range(plain.widths[0]))))
    way = straight_path(plain, ends[0], twin)
    line = Line(way.t, way.values, f"to the copy: barrier {float(way.barrier):.3g}", "threshold")
    axis = Axis("position t", range=(0.0, 1.0))
    title = "To its own copy with the neurons in another order"
    panel = Panel("twin", title, axis, loss_axis(way.values[None]), (line,))
    apart = float(np.linalg.norm(twin - ends[0]))
    difference = abs(float(plain.value(twin) - plain.value(ends[0])))
    same = "has the same loss, to the last bit" if difference == 0 else f"its loss differs by {difference:.1e}"
    losses = " and ".join(f"{loss:.3g}" for loss in run.final_values)
    norms = " and ".join(f"{norm:.2g}" for norm in run.final_gradient_norms)
    note = (
        f"The trainings stopped at losses of {losses} with gradient norms of {norms}: a high one is a plateau, no "
        f"minimum. The copy is {apart:.3g} away and {same}."
    )
    first = replace(between.panel("path"), title="Between two trained networks")
    return Scene(plain.title, (first, panel), (), 0, (("path",), ("twin",)), (1.0, 1.0), notes=(note,))


def widths_scene(
    teacher: int = 8, extras: Sequence[int] = (0, 1, 2), n_students: int = 24, n_steps: int = 800, seed: int = 0
) -> Scene:
    """Return the losses of ``n_students`` students of each width, ``extras`` neurons more than their teacher has.

    Gradient descent with learning rate .4 on the loss over all Gaussian inputs; stuck is a last loss above 1e-3.
    """
    tracks: list[Track] = []
    panels: list[Panel] = []
    steps = np.arange(n_steps + 1, dtype=float)
    every = []
    models = [TeacherStudent(teacher=teacher, neurons=teacher + extra) for extra in extras]
    runs = [descend(m, SGD(learning_rate=0.4), m.starts(n_students, seed), n_steps) for m in models]
    above = np.concatenate([run.values[run.values > 0] for run in runs])  # rounding takes some to 0 and below
    loss = Axis("loss", "log", (float(above.min()) / 2, float(above.max()) * 2))  # one, so that widths can be compared
    for k, (extra, run) in enumerate(zip(extras, runs, strict=True)):
        stuck = ~(run.values[:, -1] <= STUCK)  # what is not finite is stuck too
        group = f"{teacher + extra} neurons"
        ids = [f"{k}-{i}" for i in range(n_students)]
        tracks += [
            Track(name, f"{group}, student {i + 1}", group, "sgd", int(run.last[i]), "stuck" if stuck[i] else "done", k)
            for i, name in enumerate(ids)
        ]
        paths = tuple(Path(name, steps, row) for name, row in zip(ids, run.values, strict=True))
        title = f"{group}: {int(stuck.sum())} of {n_students} stuck"
        edge = Line(np.array([0.0, n_steps]), np.full(2, STUCK), "stuck above", "threshold")
        panels.append(Panel(f"width{k}", title, Axis("step", range=(0.0, float(n_steps))), loss, (edge, *paths)))
        every.append(f"{int(stuck.sum())} of {n_students} with {group}")
    columns = tuple((panel.key,) for panel in panels)
    note = f"Stuck above a loss of {STUCK:g} after {n_steps} steps: {', '.join(every)}. A small sample: shares scatter."
    title = f"Students of a teacher with {teacher} neurons"
    return Scene(title, tuple(panels), tuple(tracks), n_steps, columns, (1.0,) * len(columns), notes=(note,))


def _steps(pair: Pair) -> Axis:
    return Axis("step", range=(0.0, float(pair.runs[0].n_steps)))


def _tracks(pair: Pair) -> tuple[Track, ...]:
    return tuple(
        Track(str(k), name, name, style, int(run.last[0]), run.verdicts[0])
        for k, (name, style, run) in enumerate(zip(NAMES, STYLES, pair.runs, strict=True))
    )


def _title(pair: Pair) -> str:
    return pair.models[0].title
