"""Fair comparison as a picture: loss against learning rate for every optimizer, and maps over momentum as well."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from landscape.analysis.tuning import Tuning, memory_of
from landscape.descent.outcome import HUGE, SLOWER, SUSTAINED
from landscape.experiment import Experiment
from landscape.language import mark, tr, trn
from landscape.live.rates import rates_offer
from landscape.picture.scene import Array, Axis, Field, Layer, Panel, Path, PointKind, Points, Track
from landscape.recipe import script
from landscape.scene import Scene
from landscape.scenes.scales import LossScale, fields_to_compare, loss_axis


def tuning_script(experiment: Experiment, memories: Sequence[float] = ()) -> str:
    """Return Python that compares the optimizers of an experiment and saves the picture, over ``memories`` too."""
    other = f", other={list(memories)}" if memories else ""
    recipe = experiment.recipe()
    return (
        f"{script.imports(recipe)}import landscape as ls\n"
        f"from landscape.scenes.tuning import tuning_scene\n{script.declared(recipe['surface'])}\n"
        f"x = ls.Experiment.from_json({experiment.to_json()!r})\n"
        "found = ls.tuning(\n"
        f"    x.surface, x.optimizers, x.starts, x.n_steps{other}, schedule=x.schedule, seed=x.seed\n"
        ")\n"
        'tuning_scene(found).save("fair-comparison.pdf")\n'
    )


def tuning_scene(tuning: Tuning, query: str = "") -> Scene:
    """Return the curves of loss against learning rate, the best rates marked; below, a map for each memory.

    It stands still: rates are no steps. A curve has a gap where the median start was lost, and a cross at the upper
    edge at the rate from which on it is.
    """
    rates, n_rates = tuning.learning_rates, len(tuning.learning_rates)
    tracks, paths, marks = [], [], []
    shown = np.where(np.isfinite(tuning.losses), tuning.losses, np.nan)
    axis, n_starts = loss_axis(shown), len(tuning.starts)
    if n_starts > 1:
        label = trn("median loss of {n} start", "median loss of {n} starts", n_starts)
        axis = replace(axis, label=label, name=f"median loss of {n_starts} starts")
    at_edge: Counter[float] = Counter()
    for index, one in enumerate(tuning.optimizers):
        losses = np.where(np.isfinite(tuning.losses[index]), tuning.losses[index], np.nan)
        finite = np.flatnonzero(np.isfinite(losses))
        variant = sum(other.key == one.key for other in tuning.optimizers[:index])
        name = one.title + (f" {variant + 1}" if variant else "")
        track = Track(
            f"{one.key}-{index}",
            name,
            name,
            one.key,
            0,
            verdict(tuning, index),
            variant,
        )
        tracks.append(track)
        hover = {mark("share diverged"): tuning.diverged[index], mark("share broken off"): tuning.broke_off[index]}
        paths.append(Path(track.id, rates, losses, steps=np.zeros(n_rates, dtype=np.int64), hover=hover, head=False))
        best = tuning.best(index)
        if best is not None:
            label = tr("{optimizer}: best at lr {rate:.3g}", optimizer=name, rate=rates[best])
            marks.append(_mark(track, rates[best], losses[best], "best", label))
        gone = tuning.lost_from(index)
        if gone is not None and len(finite):
            # There is no loss to stand at: the crosses stand at the upper edge, one below the other.
            low, edge = float(np.nanmin(shown)), float(np.nanmax(shown))
            lower = at_edge[gone]
            height = edge * 0.6**lower if axis.scale == "log" else edge - 0.06 * lower * (edge - low)
            at_edge[gone] += 1
            label = f"{name}: {_lost_words(tuning, index, gone)}"
            marks.append(_mark(track, gone, height, "diverged", label))
    curves = Panel(
        "curves",
        trn("Loss after {n} gradient", "Loss after {n} gradients", tuning.n_steps),
        Axis.of(mark("learning rate"), "log", (float(rates[0]) / 1.2, float(rates[-1]) * 1.2)),
        axis,
        (*paths, *marks),
    )
    swept = [(index, losses) for index, losses in enumerate(tuning.maps) if losses is not None]
    exponents, rows = np.log10(tuning.learning_rates), np.arange(len(tuning.memories), dtype=float)
    fields = fields_to_compare(exponents, rows, [losses for _, losses in swept]) if swept else ()
    maps = tuple(_map(tuning, index, losses, field) for (index, losses), field in zip(swept, fields, strict=True))
    columns: tuple[tuple[str, ...], ...] = (("curves",),)
    widths: tuple[float, ...] = (1.0,)
    if maps:
        columns, widths = (("curves",), tuple(panel.key for panel in maps)), (1.5, 1.0)
    return Scene(
        title=tr("Fair comparison on {surface}", surface=tuning.surface.title),
        panels=(curves, *maps),
        tracks=tuple(tracks),
        n_steps=0,
        columns=columns,
        widths=widths,
        caption=(
            tr(
                "{surface}: {gradients} from each of {starts}, the same {rates} learning rates from {low:.3g} to "
                "{high:.3g} for all.",
                surface=tuning.surface.title,
                gradients=trn("{n} gradient", "{n} gradients", tuning.n_steps),
                starts=trn("{n} start", "{n} starts", n_starts),
                rates=n_rates,
                low=rates[0],
                high=rates[-1],
            )
            + " "
            + " ".join(f"{track.label}: {track.verdict}." for track in tracks)
        ),
        recipe={"tuning": tuning.recipe()},
        query=query,
        notes=(tr("A star is the best rate, a cross at the upper edge the rate from which on it is lost."),),
        live=partial(_live, tuning),
    )


def _live(tuning: Tuning) -> Mapping[str, Any] | None:
    """Return what a player tries the grid anew with."""
    t, maps = tuning, [losses for losses in tuning.maps if losses is not None]
    recipe = Experiment(t.surface, t.optimizers, t.starts.tolist(), t.n_steps, schedule=t.schedule, seed=t.seed)
    swept = [None if losses is None else memory_of(one) for one, losses in zip(t.optimizers, t.maps, strict=True)]
    judge = {"sustained": SUSTAINED, "slower": SLOWER, "huge": HUGE}
    made = rates_offer(recipe, t.learning_rates, t.memories, swept, judge)
    if made is None:
        return None
    below = LossScale.fit(np.concatenate([np.ravel(losses) for losses in maps])).below if maps else None
    return {**made, "grid": {**made["grid"], "below": below}}


def verdict(tuning: Tuning, index: int) -> str:
    """Return which rate of the grid is best for an optimizer, and from where on it diverges."""
    best, gone = tuning.best(index), tuning.lost_from(index)
    if best is None:
        return tr(_AT_ALL[_ways(tuning, index)])
    found = {"rate": tuning.learning_rates[best], "loss": tuning.losses[index, best]}
    if best in (0, len(tuning.learning_rates) - 1):
        said = tr("best at {rate:.3g}, at the edge of the grid: loss {loss:.3g}", **found)
    else:
        said = tr("best at {rate:.3g}: loss {loss:.3g}", **found)
    if tuning.left[index, best] > 0.5:
        said = tr("{said}, outside the picture", said=said)
    return said if gone is None else f"{said}; {_lost_words(tuning, index, gone)}"


_FROM = {
    (True, False): mark("diverges from {rate:.3g} on"),
    (False, True): mark("breaks off from {rate:.3g} on"),
    (True, True): mark("diverges or breaks off from {rate:.3g} on"),
}
_AT_ALL = {
    (True, False): mark("diverges at every learning rate of the grid"),
    (False, True): mark("breaks off at every learning rate of the grid"),
    (True, True): mark("diverges or breaks off at every learning rate of the grid"),
}


def _ways(tuning: Tuning, index: int) -> tuple[bool, bool]:
    """Return whether starts diverge, and whether they break off, at the rates where the median one is lost."""
    lost = ~np.isfinite(tuning.losses[index])
    return bool(tuning.diverged[index, lost].any()), bool(tuning.broke_off[index, lost].any())


def _lost_words(tuning: Tuning, index: int, rate: float) -> str:
    return tr(_FROM[_ways(tuning, index)], rate=rate)


def _mark(track: Track, rate: float, loss: float, kind: PointKind, label: str) -> Points:
    return Points(np.array([rate]), np.array([loss]), kind, (label,), tracks=(track.id,))


def _map(tuning: Tuning, index: int, losses: Array, drawn: Field) -> Panel:
    """Return the map of an optimizer: log10 of the rate to the right, the places in the grid of memories upwards."""
    one, exponents, rows = tuning.optimizers[index], drawn.x, drawn.y
    field = memory_of(one) or ""
    memory = tr(field)
    layers: list[Layer] = [replace(drawn, cells=True)]
    # A gap alone would look like the lowest losses where the map is dark: a cross begins it in each row.
    first = (~np.isfinite(losses)).argmax(axis=1)
    gone = np.flatnonzero(~np.isfinite(losses[np.arange(len(rows)), first]))
    if len(gone):
        layers.append(Points(exponents[first[gone]], rows[gone], "diverged", (tr("lost from here on"),) * len(gone)))
    cell = tuning.best_cell(index)
    if cell is not None:
        row, column = cell
        label = tr(
            "lowest: lr {rate:.3g}, {setting} {value:g}",
            rate=tuning.learning_rates[column],
            setting=memory,
            value=tuning.memories[row],
        )
        layers.append(Points(exponents[[column]], rows[[row]], "best", (label,)))
    decades = range(int(np.ceil(exponents[0] - 1e-9)), int(np.floor(exponents[-1] + 1e-9)) + 1)
    return Panel(
        f"map{index}",
        tr("{optimizer}, {setting} varied too", optimizer=one.title, setting=memory),
        Axis.of(mark("learning rate"), ticks=tuple((float(k), f"{10.0**k:g}") for k in decades)),
        Axis.of(field, ticks=tuple((float(k), f"{m:g}") for k, m in enumerate(tuning.memories))),
        tuple(layers),
    )
