"""The symmetric matrices of second derivatives at a point of a surface: named, multiplied with vectors, or in full."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike

from landscape import stopping
from landscape.errors import lookup
from landscape.language import Later, later, mark, tr
from landscape.surfaces.base import Array, Surface

Matrix = Literal["hessian", "gauss_newton", "fisher"]

MATRICES: Mapping[str, str] = MappingProxyType(
    {
        "hessian": mark("Hessian"),
        "gauss_newton": mark("Gauss-Newton matrix"),
        "fisher": mark("empirical Fisher matrix"),
    }
)
"""The symmetric matrices whose eigenvalues are told, by name: the Hessian H of every surface, and of a loss over data

    f = (1/m) sum_i loss(z_i, y_i):    G = (1/m) sum_i J_i' L_i J_i,    F = (1/m) sum_i g_i g_i',

with J_i = d z_i / d x, L_i the loss's second derivative by z_i and g_i the gradient of example i's loss. H - G comes
from the curvature of the network. Where the loss is a negative log likelihood in its natural parameters (cross-entropy,
half the squared error), G is the Fisher information; F, with the labels of the data and not the model's own, is not.
Penalties on the weights count in H and G. References: Martens, New insights and perspectives on the natural gradient
method, 2020, sections 8 and 9; Kunstner, Balles, Hennig, Limitations of the empirical Fisher approximation, 2019.
"""


@runtime_checkable
class OverOutputs(Protocol):
    """A loss over data, as far as its other matrices need it."""

    def gauss_newton_vector_product(self, x: Array, v: Array) -> Array:
        """Return the Gauss-Newton matrix at ``x`` (..., n) times ``v`` (..., n)."""

    def fisher_vector_product(self, x: Array, v: Array) -> Array:
        """Return the empirical Fisher matrix at ``x`` (..., n) times ``v`` (..., n)."""


class Products:
    """Products (B, n) -> (B, n) with a matrix at one point, counted; along the sphere where there is one.

    On a sphere the direction across it is given the eigenvalue ``across`` in place of 0, so that it can be kept
    inside the spectrum of the others, where it is never an extreme one.
    """

    def __init__(self, surface: Surface, x: ArrayLike, matrix: Matrix) -> None:
        self.title = Later(lookup(MATRICES, matrix, tr("matrix")))
        if matrix != "hessian" and not isinstance(surface, OverOutputs):
            raise TypeError(
                tr(
                    "the {matrix} is that of a loss over data; {surface!r} has no examples",
                    matrix=self.title,
                    surface=surface.name,
                )
            )
        self._multiplied = getattr(surface, f"{matrix}_vector_product")
        self.x = surface.points(x)
        if self.x.ndim != 1:
            raise ValueError(
                tr("a spectrum is taken at one point (n,), not at an array of shape {shape}", shape=self.x.shape)
            )
        if not np.isfinite(self.x).all():
            raise ValueError(tr("a spectrum needs a finite point"))
        self.n_products = 0
        self.across = 0.0
        self.normal = None if surface.sphere is None else self.x / np.linalg.norm(self.x)

    def tangent(self, v: Array) -> Array:
        """Return what of vectors (B, n) lies along the sphere; all of it where there is none."""
        return v if self.normal is None else v - (v @ self.normal)[..., None] * self.normal

    def __call__(self, v: Array) -> Array:
        """Return the products with vectors (B, n); raise ``ValueError`` where they are not finite."""
        stopping.check()
        self.n_products += len(v)
        flat = self.tangent(v)
        product = self._multiplied(np.broadcast_to(self.x, v.shape), flat)
        if not np.isfinite(product).all():
            raise ValueError(later("the {matrix} at this point is not finite", matrix=self.title))
        if self.normal is None:
            return product
        return self.tangent(product) + self.across * (v - flat)


def dense(surface: Surface, x: ArrayLike, matrix: Matrix) -> tuple[Array, Array | None]:
    """Return the matrix (n, n); along a sphere that in a basis (n, n-1) of the directions in it, and the basis."""
    products = Products(surface, x, matrix)  # checks the point
    if matrix != "hessian":
        rows = products(np.eye(surface.n_dims))
        return (rows + rows.T) / 2, None
    hessian = surface.hessian(products.x)
    if not np.isfinite(hessian).all():
        raise ValueError(later("the {matrix} at this point is not finite", matrix=Later(MATRICES["hessian"])))
    if surface.sphere is None:
        return hessian, None
    basis = surface.sphere.tangent_basis(products.x)
    return basis.T @ hessian @ basis, basis
