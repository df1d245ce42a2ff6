"""Runs made elsewhere: from arrays, or recorded round a training loop of your own, and shown side by side."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape.descent.outcome import Outcome
from landscape.descent.trajectory import Trajectory
from landscape.errors import lookup, of_kind
from landscape.language import mark, tr, trn
from landscape.optimizers import OPTIMIZERS
from landscape.optimizers.base import Array, Optimizer, State, Step
from landscape.picture.colors import HUES
from landscape.recipe.given import a_surface, whole
from landscape.scene import Scene
from landscape.surfaces.base import Surface
from landscape.words import clean

MOST_STEPS = 10_000_000
"""The highest number of a step: a picture has a place for each."""

RANK = 8
"""So many directions a recorder keeps of a path in many dimensions; up to so many dimensions it keeps all."""

EACH_CALL = mark("without a module each call brings its own: r(loss, parameters, gradients)")
UNKNOWN_SURFACE = mark("no verdict: without its surface a small gradient may be a minimum, a saddle or a plateau")
UNKNOWN_END = mark("no verdict: the parameters at its end were not recorded")
UNNAMED = mark("recorded run")


@dataclass(frozen=True)
class Elsewhere(Optimizer):
    """The rule of a run made elsewhere, of which nothing is known but its name."""

    learning_rate: float = np.nan
    name: str = ""
    key, title = "elsewhere", mark("Recorded")

    @property
    def label(self) -> str:
        """The name that it was recorded under."""
        return self.name

    def init(self, x: Array) -> State:
        """Raise ``ValueError``: there is nothing to step."""
        raise ValueError(tr("{label!r} is a recorded run: it cannot be run again", label=self.name))

    def update(self, step: Step, state: State) -> tuple[Array, State]:
        """Raise ``ValueError``: there is nothing to step."""
        raise ValueError(tr("{label!r} is a recorded run: it cannot be run again", label=self.name))


@dataclass(frozen=True, eq=False)
class Frame:
    """Where the points of a recorder lie: ``origin`` (n,) + coordinates (K, m) @ ``directions`` (m, n), orthonormal.

    ``lost`` is what the coordinates lack of the points' squared distances from the origin, as a share.
    """

    origin: Array
    directions: Array
    lost: float


@dataclass(frozen=True, eq=False, repr=False)
class Recording:
    """A run made elsewhere, at the steps ``steps`` (K,) at which it was recorded.

    ``losses`` (K,) are as recorded; ``gradient_norms`` (K,), ``points`` (K, n) and ``projections`` (K, 2) are ``None``
    where they were not. With a ``frame`` the points are coordinates in it. ``end`` (n,) are the last parameters.
    ``broke_at`` is the first recorded step at which something was not finite, ``None`` where all is. Made by
    ``record`` or by a ``recorder``.
    """

    label: str
    steps: NDArray[np.int64]
    losses: Array
    gradient_norms: Array | None = None
    points: Array | None = None
    projections: Array | None = None
    surface: Surface | None = None
    color: str = ""
    frame: Frame | None = None
    end: Array | None = None
    broke_at: int | None = None

    def __repr__(self) -> str:
        return trn(
            "<Recording {label!r}: {n} record up to step {step}, loss {loss:.4g}>",
            "<Recording {label!r}: {n} records up to step {step}, loss {loss:.4g}>",
            len(self.steps),
            label=self.label,
            step=self.steps[-1],
            loss=self.losses[-1],
        )

    @property
    def has_points(self) -> bool:
        """Whether its points are the parameters themselves."""
        return self.points is not None and self.frame is None

    @property
    def _has_every_step(self) -> bool:
        return np.array_equal(self.steps, np.arange(len(self.steps)))

    @cached_property
    def trajectory(self) -> Trajectory:
        """The run as a ``Trajectory`` whose losses and gradient norms are those of the surface at its points.

        Learning rates are NaN and costs 0, for nothing is known of them. Raises ``ValueError`` without surface or
        points, and where not every step from 0 on was recorded.
        """
        if self.surface is None or self.points is None or not self.has_points:
            raise ValueError(tr("a trajectory needs the surface and the parameters of every step"))
        if not self._has_every_step:
            raise ValueError(tr("a trajectory needs every step from 0 on, and only some were recorded"))
        return self._through(self.surface, self.points)

    def _through(self, surface: Surface, points: Array) -> Trajectory:
        """Return ``points`` (K, n) as a trajectory that takes each as a step."""
        values, gradients = surface.value_and_gradient(points)
        norms = np.linalg.norm(gradients, axis=-1)
        finite = np.logical_and.accumulate(np.isfinite(values) & np.isfinite(norms))
        values, norms, n = np.where(finite, values, np.nan), np.where(finite, norms, np.nan), len(points)
        none = np.zeros(1, dtype=np.int64)
        return Trajectory(
            surface=surface,
            optimizer=Elsewhere(name=self.label),
            points=np.where(finite[:, None], points, np.nan)[None],
            values=values[None],
            gradient_norms=norms[None],
            last=np.array([max(int(finite.sum()) - 1, 0)]),
            learning_rates=np.full(n - 1, np.nan),
            spent=np.zeros((1, n), dtype=np.int64),
            gradients=none,
            hessian_vector_products=none,
            hessians=none,
            point_steps=np.arange(n),
            projections=np.empty((1, n, 0)),
        )

    @cached_property
    def outcome(self) -> Outcome | None:
        """How the run ended, by the Hessian of its surface at its last point; ``None`` where that is not known."""
        if self.surface is None or self.end is None:
            return None
        known = self.points if self.points is not None and self.has_points else self.end[None]
        return self._through(self.surface, known).outcomes[0]

    @property
    def is_unknown(self) -> bool:
        """Whether nobody can tell how the run ended."""
        return self.outcome is None and self.broke_at is None

    @property
    def verdict(self) -> str:
        """How the run ended, in a sentence, or why nobody can tell."""
        if self.broke_at is not None:
            return tr(
                "not finite any more at step {step}; the loss recorded before was {loss:.4g}",
                step=self.broke_at,
                loss=self.losses[-1],
            )
        if self.outcome is None:
            return tr(UNKNOWN_SURFACE if self.surface is None else UNKNOWN_END)
        if self.has_points and self._has_every_step:
            return self.trajectory.verdicts[0]
        said = self.outcome.sentence.removesuffix(".")
        return tr("{outcome} (at step {step}, the last one recorded)", outcome=said, step=self.steps[-1])

    def scene(self, *beside: Recording, **options: Any) -> Scene:
        """Return the picture of this run, and of those ``beside`` it (``landscape.scenes.recorded.recorded_scene``).

        Raises ``TypeError`` for what are no recordings, and else as that does.
        """
        from landscape.scenes.recorded import recorded_scene

        for run in beside:
            of_kind(run, Recording, tr("recordings stand beside each other here, one by one"))
        return recorded_scene(self, *beside, **options)

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """Show the run in a notebook as its scene."""
        return self.scene()._repr_mimebundle_()


def record(
    points: ArrayLike | None = None,
    losses: ArrayLike | None = None,
    gradient_norms: ArrayLike | None = None,
    *,
    projections: ArrayLike | None = None,
    surface: Surface | str | None = None,
    label: str = UNNAMED,
    steps: ArrayLike | None = None,
    color: str = "",
) -> Recording:
    """Return a run made elsewhere, from arrays alone, ready to be shown: ``record(points, losses).scene()``.

    ``losses`` (K,) and, where you have them, the parameters ``points`` (K, n) or their ``projections`` (K, 2) on a
    plane of your own, and the ``gradient_norms`` (K,). ``steps`` (K,) are the steps at which they were recorded, 0, 1,
    2, ... if not given. With points and ``surface`` gradient norms are computed where they are missing, and the
    Hessian says how the run ended; without a surface nobody can, and the scene says so. ``color`` is a hue ("blue",
    "orange", ...), the key of an optimizer whose look it takes, or any "#rrggbb".

    What follows a number that is not finite is left out, as where a run diverged.

    Raises ``TypeError`` for what are no numbers, ``ValueError`` for no losses, other lengths or shapes, steps that do
    not rise, and for losses or points that are not finite in between.

    >>> import numpy as np, landscape as ls
    >>> way = np.linspace([2.0, 1.0], [0.0, 0.0], 50)
    >>> run = ls.record(way, (way**2).sum(axis=1), label="straight home")
    >>> run.scene().notes[-1]
    'No verdict: without its surface a small gradient may be a minimum, a saddle or a plateau.'
    """
    if losses is None:
        raise ValueError(tr("a recorded run needs its losses, one for each recorded step"))
    if points is not None and projections is not None:
        raise ValueError(tr("give the points or their projections, not both"))
    lost = _numbers("losses", losses, 1)
    n_records = len(lost)
    if not n_records:
        raise ValueError(tr("a recorded run needs at least one loss"))
    given = {"losses": lost}
    for name, array, n_axes in (
        ("gradient_norms", gradient_norms, 1),
        ("points", points, 2),
        ("projections", projections, 2),
    ):
        if array is not None:
            given[name] = _numbers(name, array, n_axes)
            if len(given[name]) != n_records:
                raise ValueError(tr(_UNLIKE[name], losses=n_records, n=len(given[name])))
    if projections is not None and given["projections"].shape[1] != 2:
        raise ValueError(tr("projections lie on a plane, (K, 2), not {shape}", shape=given["projections"].shape))
    if np.any(given.get("gradient_norms", lost[:0]) < 0):
        raise ValueError(tr("a gradient norm cannot be negative"))
    at = np.arange(n_records) if steps is None else _steps(steps, n_records)
    last = _finite_part(given, at)
    broke = int(at[last]) if last < n_records else None
    given = {name: array[:last] for name, array in given.items()}
    ground = None if surface is None else a_surface(surface)
    if ground is not None and points is not None:
        if given["points"].shape[1] != ground.n_dims:
            n = given["points"].shape[1]
            places = {"n": n, "dims": ground.n_dims}
            raise ValueError(tr("the points have {n} coordinates and the surface {dims} dimensions", **places))
        if gradient_norms is None:
            given["gradient_norms"] = np.linalg.norm(ground.gradient(given["points"]), axis=-1)
    return Recording(
        label=_label(label) or UNNAMED,
        steps=at[:last],
        surface=ground,
        color=_color(color),
        end=given["points"][-1] if points is not None else None,
        broke_at=broke,
        losses=given["losses"],
        gradient_norms=given.get("gradient_norms"),
        points=given.get("points"),
        projections=given.get("projections"),
    )


_UNLIKE = {
    "gradient_norms": mark("there are {losses} losses and {n} gradient norms"),
    "points": mark("there are {losses} losses and {n} points"),
    "projections": mark("there are {losses} losses and {n} projections"),
    "steps": mark("there are {losses} losses and {n} steps"),
}


def _numbers(name: str, given: ArrayLike, n_axes: int) -> Array:
    """Return what somebody gave as float64 with so many axes; a column of numbers will do for a row."""
    if np.ma.is_masked(given):  # NumPy would take what is masked for numbers
        raise ValueError(tr("{name} are masked in places: leave these records out", name=name))
    try:
        array = np.asarray(given.detach().cpu() if hasattr(given, "detach") else given)
    except ValueError:
        raise ValueError(tr("{name} have rows of different lengths", name=name)) from None
    if array.dtype.kind not in "fiub":
        raise TypeError(tr("{name} must be real numbers, not {given}", name=name, given=array.dtype))
    if n_axes == 1 and array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim != n_axes:
        if n_axes == 1:
            raise ValueError(tr("{name} must have one axis, (K,), not shape {shape}", name=name, shape=array.shape))
        raise ValueError(tr("{name} must have two axes, (K, n), not shape {shape}", name=name, shape=array.shape))
    return array.astype(float)


def _steps(given: ArrayLike, n_records: int) -> NDArray[np.int64]:
    at = _numbers("steps", given, 1)
    if len(at) != n_records:
        raise ValueError(tr(_UNLIKE["steps"], losses=n_records, n=len(at)))
    if not np.isfinite(at).all() or np.any(at != np.rint(at)) or at[0] < 0 or np.any(np.diff(at) <= 0):
        raise ValueError(tr("steps must be whole numbers from 0 on, each larger than the one before"))
    if at[-1] > MOST_STEPS:
        raise ValueError(
            tr(
                "steps go up to {most_steps:,}, not {step:,.0f}; count them in thousands, say",
                most_steps=MOST_STEPS,
                step=at[-1],
            )
        )
    return at.astype(np.int64)


def _finite_part(given: Mapping[str, Array], steps: NDArray[np.int64]) -> int:
    """Return how many records at the beginning are finite; raise ``ValueError`` where finite ones follow others."""
    fine = np.all([np.isfinite(array.reshape(len(array), -1)).all(axis=1) for array in given.values()], axis=0)
    ended = np.flatnonzero(~fine)
    if not len(ended):
        return len(fine)
    first = int(ended[0])
    bad = next(name for name, array in given.items() if not np.isfinite(array[first]).all())
    if first == 0:
        raise ValueError(tr("{name} are not finite at the first recorded step", name=bad))
    if fine[first:].any():
        raise ValueError(
            tr("{name} are not finite at step {step}, but all is finite again later", name=bad, step=steps[first])
        )
    return first


def _label(label: str) -> str:
    if not isinstance(label, str):
        raise TypeError(tr("{name} must be text, not {given}", name="label", given=type(label).__name__))
    return clean(label)


def _color(color: str) -> str:
    if not isinstance(color, str):
        raise TypeError(tr("{name} must be text, not {given}", name="color", given=type(color).__name__))
    if not color or color in OPTIMIZERS or re.fullmatch("#[0-9a-fA-F]{6}", color):
        return color
    lookup(HUES, color, tr("colour"))
    return color


def recorder(
    module: Any = None,
    every: int = 1,
    *,
    label: str = "",
    surface: Surface | str | None = None,
    color: str = "",
) -> Recorder:
    """Return a recorder for a training loop of your own; it hooks nothing and changes nothing.

    Call it once a step, between ``loss.backward()`` and ``optimizer.step()``, where parameters, gradients and loss
    belong together; it looks at each ``every``-th call:

        with ls.recorder(model, every=10) as r:
            for inputs, labels in loader:
                optimizer.zero_grad()
                loss = cross_entropy(model(inputs), labels)
                loss.backward()
                r(loss)
                optimizer.step()
        r.recording.scene().save("run.html")

    ``module`` has ``parameters()`` as a PyTorch module has; those that require no gradient are left out. Without one
    each call brings its own, ``r(loss, parameters, gradients)``: arrays, lists or dicts of arrays, or a JAX pytree.

    Memory stays flat: of a path in more than ``RANK`` dimensions the coordinates in the ``RANK`` directions that hold
    most of it are kept, found as it goes on, and the last parameters. With ``surface`` the Hessian there says how the
    run ended.
    """
    return Recorder(module, whole("every", every, 1), label, surface, color)


class Recorder:
    """What ``recorder`` returns: call it once a step; ``recording`` is the run so far."""

    def __init__(self, module: Any, every: int, label: str, surface: Surface | str | None, color: str) -> None:
        if isinstance(module, type):
            name = module.__name__
            raise TypeError(tr("{name} is a class: give the module itself, {name}(...)", name=name))
        if module is not None and not callable(getattr(module, "parameters", None)):
            said = tr("{name} has no parameters()", name=type(module).__name__)
            raise TypeError("; ".join([said, tr(EACH_CALL)]))
        self.every = every
        # What is wrong is said before the training, not after it.
        self.label = _label(label) or (type(module).__name__ if module is not None else UNNAMED)
        self.surface = None if surface is None else a_surface(surface)
        self.color, self._module = _color(color), module
        self._calls, self._steps, self._losses, self._norms = 0, list[int](), list[float](), list[float]()
        self._path: _Path | None = None
        self._end: Array | None = None
        self._broke_at: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        """End the recording; an error in the loop goes on, and what was recorded before it stays."""

    def __call__(self, loss: Any, parameters: Any = None, gradients: Any = None) -> None:
        """Record a step: loss, parameters and gradients as they are now."""
        step, self._calls = self._calls, self._calls + 1
        if step % self.every or self._broke_at is not None:
            return
        if parameters is None:
            parameters, gradients = self._read()
        elif gradients is None:
            raise ValueError(tr("the gradients are missing: r(loss, parameters, gradients)"))
        x, slope, value = _flat("parameters", parameters), _flat("gradients", gradients), _loss(loss)
        if self._module is None and len(slope) != len(x):
            raise ValueError(tr("there are {n} parameters and {m} gradients", n=len(x), m=len(slope)))
        norm = float(np.linalg.norm(slope))
        if self._path is None:
            if self.surface is not None and self.surface.n_dims != len(x):
                places = {"n": len(x), "dims": self.surface.n_dims}
                raise ValueError(tr("the run has {n} parameters and the surface {dims} dimensions", **places))
            self._path = _Path(x)
        if not (np.isfinite(value) and np.isfinite(norm) and np.isfinite(x).all()):
            self._broke_at = step
            return
        self._path.add(x)
        self._steps.append(step)
        self._losses.append(value)
        self._norms.append(norm)
        self._end = x

    def _read(self) -> tuple[list[Any], list[Any]]:
        if self._module is None:
            raise ValueError(tr(EACH_CALL))
        trained = [p for p in self._module.parameters() if p.requires_grad]
        if not trained:
            raise ValueError(tr("this module has no trainable parameters"))
        if all(p.grad is None for p in trained):
            raise ValueError(
                tr("there are no gradients yet: call r(loss) between loss.backward() and optimizer.step()")
            )
        return trained, [p.grad for p in trained if p.grad is not None]

    @property
    def recording(self) -> Recording:
        """The run as far as it was recorded; ``ValueError`` where nothing was."""
        if self._path is None or self._end is None:
            raise ValueError(tr("nothing finite was recorded: call the recorder once a step"))
        points, frame = self._path.found()
        return Recording(
            self.label,
            np.array(self._steps),
            np.array(self._losses),
            np.array(self._norms),
            points,
            surface=self.surface,
            color=self.color,
            frame=frame,
            end=self._end,
            broke_at=self._broke_at,
        )


class _Path:
    """A path in n dimensions, kept by its coordinates in the few orthonormal directions that hold most of it.

    A point that lies outside of them adds a direction; of one too many the one with the least sum of squares goes.
    """

    def __init__(self, origin: Array) -> None:
        self._origin = origin
        self._directions = np.empty((0, len(origin)))
        self._coordinates = np.empty((64, RANK + 1))
        self._n, self._squares, self._dropped = 0, 0.0, 0.0

    def add(self, x: Array) -> None:
        if len(x) != len(self._origin):
            raise ValueError(
                tr("there were {before} parameters, and now there are {n}", before=len(self._origin), n=len(x))
            )
        rest = x - self._origin
        self._squares += float(rest @ rest)
        size = float(np.linalg.norm(rest))
        known = np.zeros(RANK + 1)
        for _ in range(2):  # once more: what rounding left of the known directions
            along = self._directions @ rest
            known[: len(along)] += along
            rest = rest - along @ self._directions
        left = float(np.linalg.norm(rest))
        if left > 1e-12 * size and len(self._directions) < len(x):
            known[len(self._directions)] = left
            self._directions = np.vstack([self._directions, rest / left])
        if self._n == len(self._coordinates):
            self._coordinates = np.vstack([self._coordinates, np.empty_like(self._coordinates)])
        self._coordinates[self._n] = known
        self._n += 1
        if len(self._directions) > RANK:
            made = self._coordinates[: self._n]
            sizes, turned = np.linalg.eigh(made.T @ made)
            self._dropped += max(float(sizes[0]), 0.0)
            kept = turned[:, :0:-1]
            made[:, :RANK], made[:, RANK] = made @ kept, 0.0
            self._directions = kept.T @ self._directions

    def found(self) -> tuple[Array, Frame | None]:
        """Return the points (K, n), or their coordinates (K, m) with the frame that they lie in."""
        made = self._coordinates[: self._n, : len(self._directions)]
        if len(self._origin) <= RANK:
            return self._origin + made @ self._directions, None
        return made.copy(), Frame(
            self._origin, self._directions, self._dropped / self._squares if self._squares else 0.0
        )


def _loss(loss: Any) -> float:
    """Return a loss as a number; raise ``TypeError`` for what is none."""
    try:
        return float(_array(tr("the loss"), loss).reshape(()))
    except ValueError:
        given = f"{type(loss).__name__} {loss!r:.40}"
        raise TypeError(tr("the loss must be one number, not {given}", given=given)) from None


def _flat(name: str, tree: Any) -> Array:
    """Return all numbers of tensors, arrays, lists and dicts of them, or a JAX pytree, in their order, as float64."""
    if "jax" in sys.modules and not hasattr(tree, "detach"):
        from jax.tree_util import tree_leaves

        leaves: Sequence[Any] = tree_leaves(tree)
    elif isinstance(tree, Mapping):
        leaves = [_flat(name, tree[key]) for key in sorted(tree)]
    elif isinstance(tree, list | tuple):
        leaves = [_flat(name, one) for one in tree]
    else:
        leaves = [tree]
    arrays = [_array(name, leaf).ravel() for leaf in leaves]
    if not arrays:
        raise ValueError(tr("{name} are empty", name=name))
    return arrays[0].copy() if len(arrays) == 1 else np.concatenate(arrays)


def _array(name: str, leaf: Any) -> Array:
    """Return a tensor or what NumPy takes as float64; raise ``TypeError`` for what is no real numbers."""
    if hasattr(leaf, "detach"):
        if leaf.device.type == "meta":
            raise TypeError(tr("{name}: a tensor on the device meta has no numbers", name=name))
        leaf = (leaf.to_dense() if leaf.is_sparse else leaf).detach().cpu()
        leaf = leaf if leaf.is_complex() else leaf.double()
    array = np.asarray(leaf)
    if array.dtype.kind not in "fiub":
        raise TypeError(tr("{name} must be real numbers, not {given}", name=name, given=array.dtype))
    return array.astype(float)
