"""Maps of basins in the making: each is refined in a thread apart, for as long as somebody looks at it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Event, Lock, Thread
from time import monotonic
from typing import Any

import streamlit as st

from app.compute import MAX_SEED, run
from app.compute import key as recipe_key
from landscape.analysis.basins import Basins, Refinement, refine_basins
from landscape.experiment import Experiment
from landscape.optimizers.base import ElementwiseOptimizer
from landscape.picture.scene import Scene
from landscape.scenes.basins import basins_scene

MOST_WORK = 1_000_000_000
"""Pixels times steps times optimizers that this page computes: half a minute at most."""

SLOWER = {"newton": 450, "saddle_free_newton": 450, "trust_region": 45_000}
"""What a step of an optimizer that is not compiled takes, in compiled ones (2 ns); others 1000."""

MOST_STEPS = 10_000
MOST_OPTIMIZERS = 6

PATIENCE = 5.0
"""Seconds after which a map that nobody asks for any more is given up: the page was left."""


def allow(experiment: Experiment, pixels: int) -> None:
    """Raise ``ValueError`` where this page cannot compute a map."""
    surface, walkers = experiment.surface, len(experiment.optimizers)
    if surface.n_dims != 2:
        raise ValueError(f"a map of basins needs a surface of two dimensions; {surface.title} has {surface.n_dims}")
    if not 1 <= experiment.n_steps <= MOST_STEPS:
        raise ValueError(f"this page takes 1 to {MOST_STEPS:,} steps, not {experiment.n_steps:,}")
    if walkers > MOST_OPTIMIZERS:
        raise ValueError(f"this page compares at most {MOST_OPTIMIZERS} optimizers, not {walkers}")
    if len(experiment.starts) > 1:
        raise ValueError(f"this page draws the paths of one start, not of {len(experiment.starts)}")
    if experiment.noise is not None:
        raise ValueError("maps of basins are drawn without noise: with it a start has no one end")
    if any(one.draws for one in experiment.optimizers):
        drawing = next(one for one in experiment.optimizers if one.draws)
        raise ValueError(f"{drawing.title} draws random numbers: under it a start has no one end")
    if experiment.seed > MAX_SEED:
        raise ValueError(f"seed must be at most {MAX_SEED}, not {experiment.seed}")
    slowness = sum(
        1 if isinstance(one, ElementwiseOptimizer) else SLOWER.get(one.key, 1000) for one in experiment.optimizers
    )
    if pixels * pixels * slowness * experiment.n_steps > MOST_WORK:
        most = MOST_WORK // (pixels * pixels * slowness)
        raise ValueError(
            f"{pixels} x {pixels} pixels, {walkers} optimizers and {experiment.n_steps:,} steps are more than this "
            f"page computes; at most {most:,} steps, fewer pixels, or optimizers of the first order"
        )


@dataclass
class Making:
    """A map in the making: the latest state, why it failed if it did, and when somebody last asked for it."""

    latest: Refinement | None = None
    error: str = ""
    asked: float = field(default_factory=monotonic)
    first: Event = field(default_factory=Event)
    stopped: bool = False

    @property
    def finished(self) -> bool:
        """Whether nothing more will come."""
        return bool(self.error) or (self.latest is not None and self.latest.done == self.latest.total)

    def work(self, steps: Iterator[Refinement]) -> None:
        """Refine until it is done or nobody has asked for a while."""
        try:
            for refinement in steps:
                self.latest = refinement
                self.first.set()
                if not self.finished and monotonic() - self.asked > PATIENCE:
                    break
        except Exception as error:  # told on the page; a thread has nobody else to tell
            self.error = str(error) or type(error).__name__
        finally:
            self.stopped = True
            self.first.set()


class Makings:
    """The latest maps of a server, finished or not, by their recipes."""

    KEPT = 12

    def __init__(self) -> None:
        self._kept: dict[str, Making] = {}
        self._lock = Lock()

    def get(self, name: str, experiment: Experiment, pixels: int) -> Making:
        """Return the map of this name; its making starts (again) where nobody works on it."""
        with self._lock:
            making = self._kept.pop(name, None)
            if making is None or (making.stopped and not making.finished):
                making = Making()
                steps = refine_basins(
                    experiment.surface,
                    experiment.optimizers,
                    (pixels, pixels),
                    experiment.n_steps,
                    experiment.schedule,
                    seed=experiment.seed,
                )
                Thread(target=making.work, args=(steps,), name="basins", daemon=True).start()
            making.asked = monotonic()
            self._kept[name] = making
            while len(self._kept) > self.KEPT:
                self._kept.pop(next(iter(self._kept)))
            return making


@st.cache_resource(show_spinner=False)
def _makings() -> Makings:
    return Makings()


def making(experiment: Experiment, pixels: int) -> Making:
    """Return the map of an experiment once there is something to see of it; it goes on while it is asked for."""
    name = f"{pixels} {recipe_key(experiment.replace(starts=_nowhere(experiment), title=''))}"
    made = _makings().get(name, experiment, pixels)
    made.first.wait(20)
    return made


def _nowhere(experiment: Experiment) -> tuple[tuple[float, ...], ...]:
    """Return a start that is the same for all maps of a surface: the start of the paths changes no map."""
    return (experiment.surface.domain.lower,)


def scene(experiment: Experiment, basins: Basins) -> Scene:
    """Return the picture of a map with the paths from the experiment's start over it."""
    return basins_scene(basins, run(experiment))


def payload(experiment: Experiment, basins: Basins, theme: str) -> dict[str, Any]:
    """Return what the player needs to show it."""
    from landscape.render.player.payload import player_payload

    return player_payload(scene(experiment, basins), theme=theme)
