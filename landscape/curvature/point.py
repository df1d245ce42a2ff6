"""A point of zero gradient, described by its Hessian."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape.curvature.definite import certain_signs
from landscape.language import mark, tr
from landscape.surfaces.base import Array, Kind, Surface

NEAR = 0.01
"""Distance, as a share of the domain's diagonal, at which gradients and curvatures are taken that small ones are held
against."""

# Below this share of the largest |eigenvalue|, or of 1 where all are smaller, one counts as zero.
ZERO_EIGENVALUE = 1e-8


_TITLES: dict[Kind, str] = {
    "minimum": mark("minimum"),
    "saddle": mark("saddle"),
    "maximum": mark("maximum"),
    "degenerate": mark("degenerate"),
}


def kind_title(kind: Kind) -> str:
    """Return what a kind of critical points is called in the language of the moment.

    >>> kind_title("saddle")
    'saddle'
    """
    return tr(_TITLES[kind])


@dataclass(frozen=True, eq=False)
class CriticalPoint:
    """A point of zero gradient with what its Hessian says.

    ``eigenvalues`` (n,) ascend; where the surface lives on a sphere there are n-1, those along it. ``signs``, of the
    same shape, are theirs where they are certain (``landscape.curvature.definite``) and 0 elsewhere; ``index`` counts
    the negative ones. ``kind`` is "saddle" where there are both, "minimum" or "maximum" where all are one, and
    "degenerate" where the Hessian alone does not tell: ``landscape.curvature.critical.kind_by_sampling`` looks round.
    """

    x: Array
    value: float
    gradient_norm: float
    eigenvalues: Array
    signs: Array
    kind: Kind

    @classmethod
    def at(cls, surface: Surface, x: ArrayLike) -> CriticalPoint:
        """Describe ``x`` (n,), taking it for critical; see ``gradient_norm`` for how nearly it is."""
        return cls.at_each(surface, np.asarray(x, dtype=float)[None])[0]

    @classmethod
    def at_each(cls, surface: Surface, x: ArrayLike) -> tuple[CriticalPoint, ...]:
        """Describe each of the points ``x`` (S, n) as ``at`` does."""
        x = surface.points(x)
        value, gradient = surface.value_and_gradient(x)
        eigenvalues, directions = eigensystem(surface, x)
        signs = certain_signs(surface, x, eigenvalues, directions)
        norms = np.linalg.norm(gradient, axis=-1)
        return tuple(
            cls(x[i], float(value[i]), float(norms[i]), eigenvalues[i], signs[i], classify(signs[i]))
            for i in range(len(x))
        )

    @property
    def index(self) -> int:
        """How many eigenvalues are certainly negative."""
        return int(np.sum(self.signs < 0))


def eigensystem(surface: Surface, x: Array) -> tuple[Array, Array]:
    """Return eigenvalues (S, k), rising, and unit eigenvectors (S, n, k) of the Hessian at points ``x`` (S, n).

    On a sphere they are those along it, k = n - 1, otherwise k = n. NaN where the Hessian is not finite.
    """
    hessian = surface.hessian(x)
    basis = None if surface.sphere is None else surface.sphere.tangent_basis(x)
    if basis is not None:
        hessian = np.swapaxes(basis, -1, -2) @ hessian @ basis
    finite = np.asarray(np.isfinite(hessian).all(axis=(-1, -2)))
    eigenvalues, directions = np.linalg.eigh(np.where(finite[:, None, None], hessian, 0.0))
    eigenvalues[~finite] = np.nan  # at the tip of a cusp, say
    return eigenvalues, directions if basis is None else basis @ directions


def zero_tolerance(eigenvalues: NDArray[Any]) -> float:
    """Return the size below which an eigenvalue of this spectrum counts as zero, beside curvatures of 1."""
    return ZERO_EIGENVALUE * max(1.0, float(np.max(np.abs(eigenvalues))))


def classify(signs: Array) -> Kind:
    """Return the kind of a critical point from the signs (k,) of its eigenvalues, 0 where they are not certain."""
    negative, positive = np.any(signs < 0), np.any(signs > 0)
    if negative and positive:
        return "saddle"
    if not signs.all():
        return "degenerate"
    return "maximum" if negative else "minimum"
