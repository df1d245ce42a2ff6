"""Pictures of one network in several ways: with and without batch normalization, slices, spectra, beside others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from landscape.analysis.network_studies import STUCK, Pair, PairSlices, PairSmoothness, PairSpectra, Students, TwoMinima
from landscape.language import listed, mark, tr, trn
from landscape.picture.scene import Axis, Layer, Line, MovingLine, Panel, Path, Track
from landscape.scene import Scene
from landscape.scenes.networks import connectivity_scene
from landscape.scenes.scales import LOSS, fields_to_compare, loss_axis, norm_axis

NAMES = (mark("without batch normalization"), mark("with batch normalization"))
TITLES = (mark("Without batch normalization"), mark("With batch normalization"))
STYLES = ("sgd", "vermillion")  # both are gradient descent: the second names its hue, so that they are told apart


def norm_scene(study: PairSmoothness) -> Scene:
    """Return loss and gradient norm of both, how far the gradient turns within a step, and how fast."""
    pair = study.pair
    layers: dict[str, list[Layer]] = {"loss": [], "gradient_norm": [], "change": [], "beta": []}
    steps = np.arange(pair.runs[0].n_steps + 1, dtype=float)
    for k, (run, at) in enumerate(zip(pair.runs, study.steps, strict=True)):
        layers["loss"].append(Path(str(k), steps, run.values[0]))
        layers["gradient_norm"].append(Path(str(k), steps, run.gradient_norms[0]))
        layers["change"].append(Path(str(k), at.astype(float), study.changes[k], steps=at))
        layers["beta"].append(Path(str(k), at.astype(float), study.betas[k], steps=at))
    x = _steps(pair)
    panels = (
        Panel("loss", tr("Loss"), x, loss_axis(np.array([run.values[0] for run in pair.runs])), tuple(layers["loss"])),
        Panel(
            "gradient_norm",
            tr("Gradient norm"),
            x,
            norm_axis(np.array([run.gradient_norms[0] for run in pair.runs])),
            tuple(layers["gradient_norm"]),
        ),
        Panel(
            "change",
            tr("Change of the gradient within a step (predictiveness)"),
            x,
            Axis.of(mark("largest change / gradient norm"), "log"),
            tuple(layers["change"]),
        ),
        Panel("beta", tr("Change of the gradient per distance"), x, Axis("beta", "log"), tuple(layers["beta"])),
    )
    columns = (("loss", "gradient_norm"), ("change", "beta"))
    middle = {
        key: [float(np.nanmedian(row)) for row in rows]
        for key, rows in (("change", study.changes), ("beta", study.betas))
    }
    better = middle["change"][1] < middle["change"][0]
    said = [
        tr("With normalization the gradient predicts itself better here.")
        if better
        else tr("With normalization the gradient predicts itself no better here."),
        tr(
            "Medians along the paths, without and with: change of the gradient within a step {without:.2g} and "
            "{with_it:.2g} of its length, per distance {per_distance:.2g} and {per_distance_with:.2g}.",
            without=middle["change"][0],
            with_it=middle["change"][1],
            per_distance=middle["beta"][0],
            per_distance_with=middle["beta"][1],
        ),
    ]
    notes = (" ".join(said),)
    return Scene(_title(pair), panels, _tracks(pair), pair.runs[0].n_steps, columns, (1.0, 1.0), notes=notes)


def slices_of_pair(study: PairSlices) -> Scene:
    """Return the loss round both last points: a filter-normalized plane above, the Hessian's extreme plane below."""
    at = study.at
    maps = [
        (kind, k, *both[k])
        for k in range(2)
        for kind, both in (("filters", study.by_filters), ("hessian", study.by_hessian))
    ]
    panels = []
    fields = fields_to_compare(at, at, [losses for *_, losses in maps])
    for (kind, k, plane, _), field in zip(maps, fields, strict=True):
        x, y = (Axis(label, range=(float(at[0]), float(at[-1]))) for label in plane.labels)
        panels.append(Panel(f"{kind}{k}", tr(TITLES[k]), x, y, (field,)))
    columns = (("filters0", "hessian0"), ("filters1", "hessian1"))
    notes = (
        tr(
            "Each map is one plane with the last point in its middle: the loss off it may be anything. One scale of "
            "colours for all four."
        ),
    )
    return Scene(_title(study.pair), tuple(panels), (), 0, columns, (1.0, 1.0), notes=notes)


def spectrum_of_pair(study: PairSpectra) -> Scene:
    """Return all Hessian eigenvalues in order, smallest first, along both paths; and the loss."""
    panels = []
    pair, looks = study.pair, study.looks
    for k, (model, at, values) in enumerate(zip(pair.models, study.steps, study.eigenvalues, strict=True)):
        ranks = np.broadcast_to(np.arange(1.0, model.n_dims + 1), values.shape)
        ends = (1.0, float(model.n_dims))
        zero = Line(np.array(ends), np.zeros(2), "0", "threshold")
        panels.append(
            Panel(
                f"spectrum{k}",
                tr(TITLES[k]),
                Axis.of(mark("eigenvalue number"), range=ends),
                replace(loss_axis(values, name=mark("Hessian eigenvalue")), range=None),
                (zero, MovingLine(str(k), ranks, values, at, tr("eigenvalues"), role="graph")),
            )
        )
    steps = np.arange(pair.runs[0].n_steps + 1, dtype=float)
    paths = tuple(Path(str(k), steps, run.values[0]) for k, run in enumerate(pair.runs))
    loss = Panel("loss", tr("Loss"), _steps(pair), loss_axis(np.array([run.values[0] for run in pair.runs])), paths)
    columns = (("spectrum0", "spectrum1"), ("loss",))
    every = pair.runs[0].n_steps / max(looks - 1, 1)
    note = tr(
        "Looked at {looks} times, every {every:.0f} steps; between two looks the earlier one stands.",
        looks=looks,
        every=every,
    )
    return Scene(_title(pair), (*panels, loss), _tracks(pair), pair.runs[0].n_steps, columns, (1.2, 1.0), notes=(note,))


def minima_scene(study: TwoMinima) -> Scene:
    """Return the loss between two trained networks, straight and bent, and between one and its permuted copy."""
    between = connectivity_scene(study.straight, study.bezier)
    way = study.to_copy
    line = Line(way.t, way.values, tr("to the copy: barrier {barrier:.3g}", barrier=float(way.barrier)), "threshold")
    axis = Axis.of(mark("position t"), range=(0.0, 1.0))
    title = tr("To its own copy with the neurons in another order")
    panel = Panel("twin", title, axis, loss_axis(way.values[None]), (line,))
    gap = study.difference
    trained = tr(
        "The trainings stopped at losses of {losses} with gradient norms of {norms}: a high one is a plateau, no "
        "minimum.",
        losses=listed(f"{loss:.3g}" for loss in study.run.final_values),
        norms=listed(f"{norm:.2g}" for norm in study.run.final_gradient_norms),
    )
    copied = (
        tr("The copy is {distance:.3g} away and has the same loss, to the last bit.", distance=study.apart)
        if gap == 0
        else tr("The copy is {distance:.3g} away and its loss differs by {gap:.1e}.", distance=study.apart, gap=gap)
    )
    notes = (f"{trained} {copied}",)
    first = replace(between.panel("path"), title=tr("Between two trained networks"))
    return Scene(study.model.title, (first, panel), (), 0, (("path",), ("twin",)), (1.0, 1.0), notes=notes)


def widths_scene(study: Students) -> Scene:
    """Return the losses of the students of each width, a panel a width."""
    tracks: list[Track] = []
    panels: list[Panel] = []
    n_students, n_steps = study.runs[0].n_starts, study.runs[0].n_steps
    steps = np.arange(n_steps + 1, dtype=float)
    every = []
    above = np.concatenate([run.values[run.values > 0] for run in study.runs])  # rounding takes some to 0 and below
    loss = Axis.of(LOSS, "log", (float(above.min()) / 2, float(above.max()) * 2))  # one, so that widths can be compared
    for k, (extra, run) in enumerate(zip(study.extras, study.runs, strict=True)):
        stuck = study.stuck(k)
        group = trn("{n} neuron", "{n} neurons", study.teacher + extra)
        ids = [f"{k}-{i}" for i in range(n_students)]
        tracks += [
            Track(
                name,
                tr("{group}, student {n}", group=group, n=i + 1),
                group,
                "sgd",
                int(run.last[i]),
                tr("stuck") if stuck[i] else tr("done"),
                k,
            )
            for i, name in enumerate(ids)
        ]
        paths = tuple(Path(name, steps, row) for name, row in zip(ids, run.values, strict=True))
        said = {"group": group, "stuck": int(stuck.sum()), "students": n_students}
        title = tr("{group}: {stuck} of {students} stuck", **said)
        edge = Line(np.array([0.0, n_steps]), np.full(2, STUCK), tr("stuck above"), "threshold")
        panels.append(
            Panel(f"width{k}", title, Axis.of(mark("step"), range=(0.0, float(n_steps))), loss, (edge, *paths))
        )
        every.append(tr("{stuck} of {students} with {group}", **said))
    columns = tuple((panel.key,) for panel in panels)
    note = trn(
        "Stuck above a loss of {loss:g} after {n} step: {shares}. A small sample: shares scatter.",
        "Stuck above a loss of {loss:g} after {n} steps: {shares}. A small sample: shares scatter.",
        n_steps,
        loss=STUCK,
        shares=", ".join(every),
    )
    title = trn("Students of a teacher with {n} neuron", "Students of a teacher with {n} neurons", study.teacher)
    return Scene(title, tuple(panels), tuple(tracks), n_steps, columns, (1.0,) * len(columns), notes=(note,))


def _steps(pair: Pair) -> Axis:
    return Axis.of(mark("step"), range=(0.0, float(pair.runs[0].n_steps)))


def _tracks(pair: Pair) -> tuple[Track, ...]:
    return tuple(
        Track(str(k), tr(name), tr(name), style, int(run.last[0]), run.verdicts[0])
        for k, (name, style, run) in enumerate(zip(NAMES, STYLES, pair.runs, strict=True))
    )


def _title(pair: Pair) -> str:
    return pair.models[0].title
