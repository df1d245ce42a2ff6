"""What a notebook shows of a thing that stands last in a cell, as HTML: verdicts, counts, formulas, thumbnails.

IPython asks for it by the type of the thing (``on_display``); the things themselves know nothing of it.
"""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import Any

from landscape.analysis.critical_points import CriticalPoints
from landscape.claims.base import Claim, Result
from landscape.descent.outcome import Outcome, judge
from landscape.descent.trajectory import Trajectory
from landscape.ensemble import Ensemble
from landscape.experiment import Experiment, Run
from landscape.language import mark, tr, trn
from landscape.picture.numbers import number, typeset
from landscape.render.thumbnail import thumbnail
from landscape.scenes.descent import recipe_words
from landscape.scenes.ground import stamp
from landscape.surfaces.base import Surface

MOST_ROWS = 20
"""Longer tables end with how many rows more there are."""

PATH = (mark("start"), mark("loss there"), mark("loss at the end"), mark("how it ended"))

SIDE = 160
"""Pixels of a thumbnail."""


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], what: str, total: int = 0) -> str:
    """Return a table of texts under a marked head with a caption, its last row how many more of ``total`` there are."""
    cells = ["".join(f"<td style='text-align:left'>{escape(cell)}</td>" for cell in row) for row in rows[:MOST_ROWS]]
    more = max(total, len(rows)) - len(cells)
    if more > 0:
        said = tr("and {n:,} more", n=more)
        cells.append(f"<td colspan='{len(head)}'>{escape(said)}</td>")
    top = "".join(f"<th style='text-align:left'>{escape(tr(cell))}</th>" for cell in head)
    body = "".join(f"<tr>{row}</tr>" for row in cells)
    return f"<table><caption>{escape(what)}</caption><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def _point(x: Iterable[float]) -> str:
    listed = [number(float(one)) for one in x]
    return f"({', '.join(listed[:3] + ['…'] * (len(listed) > 3))})"


def of_surface(surface: Surface) -> str:
    """Return title, formula and, in one or two dimensions, a thumbnail."""
    image = ""
    if surface.n_dims <= 2:
        png = b64encode(thumbnail(stamp(surface, SIDE), SIDE)).decode()
        image = f"<img alt='' width='{SIDE}' height='{SIDE}' src='data:image/png;base64,{png}'>"
    dims = trn("{n} dimension", "{n} dimensions", surface.n_dims)
    return f"<div>{image}<p><b>{escape(surface.title)}</b>, {dims}</p>$${escape(surface.latex())}$$</div>"


def of_trajectory(trajectory: Trajectory) -> str:
    """Return how each path ended."""
    what = trn(
        "{optimizer} on {surface}, {n} step",
        "{optimizer} on {surface}, {n} steps",
        trajectory.n_steps,
        optimizer=trajectory.optimizer.label,
        surface=trajectory.surface.title,
    )
    return _table(PATH, _paths(trajectory, MOST_ROWS), what, trajectory.n_starts)


def of_run(run: Run) -> str:
    """Return the recipe in words, and how each path of each optimizer ended."""
    each = max(1, MOST_ROWS // len(run.trajectories))
    rows = [(t.optimizer.label, *row) for t in run.trajectories for row in _paths(t, each)]
    total = run.experiment.n_starts * len(run.trajectories)
    return _table((mark("optimizer"), *PATH), rows, recipe_words(run.experiment), total)


def _paths(trajectory: Trajectory, most: int) -> list[tuple[str, ...]]:
    """Return rows for the first paths; only those are judged, which takes time."""
    values, ends = trajectory.values[:, 0], trajectory.final_values
    return [
        (_point(trajectory.points[k, 0]), number(values[k]), number(ends[k]), typeset(judge(trajectory, k).sentence))
        for k in range(min(trajectory.n_starts, most))
    ]


def of_experiment(experiment: Experiment) -> str:
    """Return surface, optimizers, starts and steps."""
    return f"{of_surface(experiment.surface)}<p>{escape(recipe_words(experiment))}</p>"


def of_ensemble(ensemble: Ensemble) -> str:
    """Return how many starts ended in which way."""
    n = len(ensemble.starts)
    rows = [
        (outcome.title, f"{found:,}", f"{found / n:.1%}")
        for outcome, found in Counter[Outcome](ensemble.outcomes.tolist()).most_common()
    ]
    what = trn(
        "{optimizer} on {surface}, {n} start, {steps} steps",
        "{optimizer} on {surface}, {n} starts, {steps} steps",
        n,
        optimizer=ensemble.optimizer.label,
        surface=ensemble.surface.title,
        steps=ensemble.n_steps,
    )
    return _table((mark("how it ended"), mark("starts"), mark("share")), rows, what)


def of_critical_points(found: CriticalPoints) -> str:
    """Return kind, place, loss and eigenvalues of each."""
    rows = [(p.kind, _point(p.x), number(p.value), _point(p.eigenvalues)) for p in found]
    head = (mark("kind"), mark("point"), mark("loss"), mark("Hessian eigenvalues"))
    table = _table(head, rows, tr("Critical points of {surface}", surface=found.surface.title))
    return f"{table}<p>{escape(typeset(found.statement))}</p>"


def of_claim(claim: Claim) -> str:
    """Return the claim in words, and how to measure it."""
    return f"<p><b>{escape(claim.title)}</b></p><p>{escape(claim.statement)}</p><p><code>{_call(claim)}</code></p>"


def _call(claim: Claim) -> str:
    settings = ", ".join(f"{p.name}={p.default:g}" for p in claim.parameters)
    return escape(f"ls.CLAIMS[{claim.key!r}].run({settings})")


def of_result(result: Result) -> str:
    """Return every number that was checked."""
    rows = [(c.title, number(c.measured), number(c.expected), c.tolerance, tr(c.verdict)) for c in result.checks]
    head = (mark("what"), mark("measured"), mark("expected"), mark("tolerance"), mark("verdict"))
    places = {"claim": result.claim, "verdict": tr(result.verdict), "seconds": result.seconds}
    return _table(head, rows, tr("{claim}: {verdict} in {seconds:.2g} s", **places))


SHOWN: dict[type, Callable[[Any], str]] = {
    Surface: of_surface,
    Trajectory: of_trajectory,
    Run: of_run,
    Experiment: of_experiment,
    Ensemble: of_ensemble,
    CriticalPoints: of_critical_points,
    Claim: of_claim,
    Result: of_result,
}
"""What is shown of each type."""


def on_display(shell: Any) -> None:
    """Tell IPython how to show our things."""
    formatter = shell.display_formatter.formatters["text/html"]
    for kind, shown in SHOWN.items():
        formatter.for_type(kind, shown)
