"""What surfaces of any number of dimensions share: settings as fields, and a dense Hessian only for small n."""

from __future__ import annotations

import dataclasses
import math
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from landscape.errors import lookup
from landscape.language import TranslatedTitle, tr, trn
from landscape.parameter import check_fields, parameters_of
from landscape.surfaces.base import Array, Domain, Info, Settings, Surface

MAX_BYTES = 2**30
"""The most memory (1 GiB) that one array of a surface, its data or a dense Hessian, may take."""


@dataclass(frozen=True)
class Family(Surface):
    """A surface in ``n_dims`` dimensions whose settings are its dataclass fields.

    A final subclass gives ``value_and_gradient`` and ``hessian_vector_product``, both for batches, and keeps no
    n × n array, so that they work in tens of thousands of dimensions; ``hessian`` is put together from products.
    Building one raises ``ValueError`` for a number of dimensions outside ``min_dims`` to ``max_dims`` or for a
    setting out of its range.
    """

    n_dims: int = 2
    info: Info = field(init=False, repr=False, compare=False)
    domain: Domain = field(init=False, repr=False, compare=False)
    settings: Mapping[str, float] = field(init=False, repr=False, compare=False)

    key: ClassVar[str]
    label: ClassVar[str]
    teaches: ClassVar[str]
    reference: ClassVar[str]
    smooth: ClassVar[bool] = True
    least: ClassVar[float | None] = None
    """Every coordinate of the one minimum that is known; other points are what ``_declared`` returns."""
    min_dims: ClassVar[int] = 1
    max_dims: ClassVar[int] = 10_000_000

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if isinstance(label := vars(cls).get("label"), str):
            cls.label = TranslatedTitle(label)  # type: ignore[assignment]

    def __post_init__(self) -> None:
        check_fields(self)
        store = object.__setattr__  # the dataclass is frozen for everybody else
        store(self, "n_dims", checked_dims(self.key, self.n_dims, self.min_dims, self.max_dims))
        parameters = parameters_of(self)
        store(
            self,
            "info",
            Info(self.key, self.label, "high_dimensions", self.teaches, self.reference, parameters, self.smooth),
        )
        store(self, "settings", Settings({p.name: getattr(self, p.name) for p in parameters}))
        self._check()
        low, high = self.box
        store(self, "domain", Domain((low,) * self.n_dims, (high,) * self.n_dims))

    def _check(self) -> None:
        """Raise ``ValueError`` for settings that do not go together or do not fit in memory."""

    @property
    @abstractmethod
    def box(self) -> tuple[float, float]:
        """The (low, high) of every axis of the domain."""

    def value(self, x: ArrayLike) -> Array:
        return self.value_and_gradient(x)[0]

    def hessian(self, x: ArrayLike) -> Array:
        """Return the Hessians (..., n, n); raise ``ValueError`` where they would take more than ``MAX_BYTES``."""
        x = self.points(x)
        check_dense(self.n_dims, math.prod(x.shape[:-1]))
        return self.hessian_vector_product(x[..., None, :], np.eye(self.n_dims))

    def with_settings(self, **settings: float) -> Family:
        for name in settings:
            lookup(self.settings, name, tr("setting of {owner!r}", owner=self.key))
        return dataclasses.replace(self, **dict[str, Any](settings))

    def recipe(self) -> dict[str, Any]:
        return {"name": self.key, "n_dims": self.n_dims, "settings": dict(self.settings)}

    def _declared(self) -> tuple[Array, Array]:
        """Return the known minima, the global ones first, and the other known critical points, (K, n) each."""
        none = np.empty((0, self.n_dims))
        return none if self.least is None else np.full((1, self.n_dims), self.least), none

    @property
    def known_points(self) -> Array:
        """Declared critical points, (K, n), the minima first. A minimum where f has a kink is not among them."""
        minima, others = self._declared()
        return np.concatenate([minima, others]) if self.smooth else others

    @property
    def minima(self) -> Array:
        return self._declared()[0]

    @property
    def variables(self) -> tuple[str, ...]:
        return tuple(f"x{i}" for i in range(1, self.n_dims + 1))


def checked_dims(name: str, n_dims: object, low: int, high: int) -> int:
    """Return ``n_dims`` as an int; raise ``TypeError`` or ``ValueError`` where it is not a whole number in range."""
    if isinstance(n_dims, bool) or not isinstance(n_dims, int | np.integer):
        raise TypeError(tr("n_dims must be a whole number, not {given}", given=repr(n_dims)))
    if n_dims < low:
        raise ValueError(
            trn(
                "{name} needs at least {n} dimension, not {given}",
                "{name} needs at least {n} dimensions, not {given}",
                low,
                name=repr(name),
                given=n_dims,
            )
        )
    if n_dims > high:
        raise ValueError(
            tr("{name} in {n} dimensions does not fit in memory; up to {most} do", name=repr(name), n=n_dims, most=high)
        )
    return int(n_dims)


def check_dense(n_dims: int, n_points: int = 1) -> None:
    """Raise ``ValueError`` where ``n_points`` dense Hessians in ``n_dims`` dimensions take more than ``MAX_BYTES``.

    >>> check_dense(20_000)
    Traceback (most recent call last):
        ...
    ValueError: a dense Hessian in 20000 dimensions takes 3.2 GB; up to 11585 dimensions fit. ...
    """
    if 8 * n_points * n_dims**2 <= MAX_BYTES:
        return
    largest = math.isqrt(MAX_BYTES // 8)
    if n_dims > largest:
        raise ValueError(
            tr(
                "a dense Hessian in {n} dimensions takes {size:.1f} GB; up to {most} dimensions fit. "
                "hessian_vector_product needs no such matrix",
                n=n_dims,
                size=8e-9 * n_dims**2,
                most=largest,
            )
        )
    raise ValueError(
        tr(
            "{count} dense Hessians in {n} dimensions take {size:.1f} GB; up to {most} at once fit",
            count=n_points,
            n=n_dims,
            size=8e-9 * n_points * n_dims**2,
            most=MAX_BYTES // (8 * n_dims**2),
        )
    )
