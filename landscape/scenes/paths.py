"""What there is to show of each path, gathered once for all panels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from landscape.analysis.milestones import milestones
from landscape.analysis.plateaus import plateaus
from landscape.descent.outcome import SMALL_GRADIENT, Outcome
from landscape.language import tr, trn
from landscape.optimizers.base import Optimizer
from landscape.picture.scene import Array, Event, Track
from landscape.surfaces.base import Domain
from landscape.words import setting

if TYPE_CHECKING:
    from landscape.experiment import Run


@dataclass(frozen=True, eq=False)
class PathInfo:
    """All that the picture says of one path: its track, points, losses, norms, plateaus and how it ended.

    ``points`` (K, n) are those of the steps ``point_steps`` (K,), which are all of them unless the run is lean.
    ``values`` and ``norms`` (T+1,) are known at the steps ``value_steps``, all of them unless it says otherwise.
    """

    track: Track
    point_steps: NDArray[np.int64]
    points: Array
    values: Array
    norms: Array
    plateaus: tuple[tuple[int, int], ...]
    outcome: Outcome | None
    value_steps: NDArray[np.int64] | None = None

    @property
    def shown_steps(self) -> NDArray[np.int64] | None:
        """The steps of the points, as a ``picture.scene.Path`` wants them: ``None`` where all are there."""
        return None if len(self.point_steps) == len(self.values) else self.point_steps

    @property
    def values_there(self) -> Array:
        """The losses at the points, (K,)."""
        return self.values[self.point_steps]

    @property
    def norms_there(self) -> Array:
        """The gradient norms at the points, (K,)."""
        return self.norms[self.point_steps]

    def inside(self, domain: Domain) -> NDArray[np.bool_]:
        """Tell for each step whether the last point known by then lies in ``domain``, (T+1,)."""
        known = np.searchsorted(self.point_steps, np.arange(len(self.values)), side="right") - 1
        return np.asarray(domain.contains(self.points)[np.maximum(known, 0)])

    @property
    def is_lost(self) -> bool:
        """Whether the path diverged or broke off."""
        return self.outcome in (Outcome.DIVERGED, Outcome.BROKE_OFF)


def gather(run: Run, threshold: float = SMALL_GRADIENT, *, relative: bool = False) -> tuple[PathInfo, ...]:
    """Return what there is to show, one entry for each optimizer and start; nothing is drawn here.

    ``threshold`` and ``relative`` say what a plateau is, as for ``plateaus``.
    """
    groups = group_labels(run.experiment.optimizers)
    seen: Counter[str] = Counter()
    infos = []
    for number, (trajectory, group) in enumerate(zip(run.trajectories, groups, strict=True)):
        key = trajectory.optimizer.key
        flat = plateaus(trajectory, threshold, relative=relative).intervals
        for start in range(trajectory.n_starts):
            track = Track(
                id=f"{number}-{start}",
                label=group if trajectory.n_starts == 1 else tr("{optimizer}, start {n}", optimizer=group, n=start + 1),
                group=group,
                style=key,
                last=int(trajectory.last[start]),
                verdict=trajectory.verdicts[start],
                variant=seen[key],
                brief=trajectory.judgements[start].brief,
            )
            infos.append(
                PathInfo(
                    track,
                    trajectory.point_steps,
                    trajectory.points[start],
                    trajectory.values[start],
                    trajectory.gradient_norms[start],
                    flat[start],
                    trajectory.outcomes[start],
                )
            )
        seen[key] += 1
    return tuple(infos)


def events_of(run: Run, infos: Sequence[PathInfo]) -> tuple[Event, ...]:
    """Return what happens to each path of a run on its way; ``infos`` are what ``gather`` returned of it."""
    paths = ((trajectory, start) for trajectory in run.trajectories for start in range(trajectory.n_starts))
    return tuple(
        Event(step, info.track.id, what)
        for info, (trajectory, start) in zip(infos, paths, strict=True)
        for step, what in milestones(trajectory, start, info.plateaus)
    )


def group_labels(optimizers: Sequence[Optimizer]) -> tuple[str, ...]:
    """Return a legend entry for each optimizer: title, learning rate, and whatever else tells two of them apart.

    >>> from landscape.optimizers import optimizer
    >>> group_labels((optimizer("adam"), optimizer("adam", b1=0.5), optimizer("adam", b1=0.5)))
    ('Adam (lr 0.001, b1 0.9)', 'Adam (lr 0.001, b1 0.5)', 'Adam (lr 0.001, b1 0.5) #2')
    """
    labels: list[str] = []
    for one in optimizers:
        rivals = [other for other in optimizers if other.label == one.label]
        telling = [
            f.name for f in fields(one) if any(getattr(other, f.name, None) != getattr(one, f.name) for other in rivals)
        ]
        extra = "".join(f", {setting(name, getattr(one, name))}" for name in telling)
        label = one.label[:-1] + extra + ")" if extra and one.label.endswith(")") else one.label + extra
        twins = sum(earlier == label or earlier.startswith(f"{label} #") for earlier in labels)
        labels.append(f"{label} #{twins + 1}" if twins else label)
    return tuple(labels)


def names_of(tracks: Sequence[Track], most: int = 4) -> str:
    """Return the labels of tracks as a list in words, the first few of many."""
    labels = [track.label for track in tracks]
    more = len(labels) - most
    if more <= 0:
        return "; ".join(labels)
    return trn("{paths} and {n} more", "{paths} and {n} more", more, paths="; ".join(labels[:most]))
