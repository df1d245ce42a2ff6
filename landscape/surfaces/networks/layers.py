"""The layers of a network: forward, backward, and the same two once more for a direction (the R-operator).

Everything is laid out as in the lecture: a column an example. Activations are (..., width, m) for m examples and
weights (..., width out, width in), so that ``z = W @ a + b``. Leading axes are parameter vectors side by side.

Besides ``forward`` and ``backward`` each layer has ``forward_tangent`` and ``backward_tangent``, which carry the
derivative of those two along a direction in parameter space (Pearlmutter 1994, "Fast exact multiplication by the
Hessian"): ``r_`` marks the derivative of what the name says. That gives Hessian-vector products with no difference
step in them. ``backward`` returns sums over the examples; the division by m happens once, in ``base.Network``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np

from landscape.language import tr
from landscape.surfaces.base import Array

Role = Literal["weights", "bias", "scale", "shift"]
Parameters = tuple[Array, ...]


class Shape(NamedTuple):
    """What a layer asks for: one parameter array with its name, its shape and what it does."""

    name: str
    shape: tuple[int, ...]
    role: Role


class Layer(ABC):
    """One step of a network; its parameters are given to it, it holds none."""

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """The parameter arrays of this layer; none unless said otherwise."""
        return ()

    @abstractmethod
    def forward(self, p: Parameters, a: Array) -> tuple[Array, Any]:
        """Return the output for the input ``a`` (..., width in, m), and what ``backward`` will need."""

    @abstractmethod
    def apply(self, p: Parameters, kept: Any, a: Array) -> Array:
        """Return the output for another input, with what ``forward`` kept of the data (means and variances)."""

    @abstractmethod
    def backward(self, p: Parameters, kept: Any, d: Array, first: bool) -> tuple[Array, Parameters]:
        """Return d loss / d input and d loss / d parameters from ``d`` = d loss / d output.

        The first layer's input is the data: nobody asks for its derivative there, and ``d`` is returned instead.
        """

    @abstractmethod
    def forward_tangent(self, p: Parameters, kept: Any, r_p: Parameters, r_a: Array | None) -> tuple[Array, Any]:
        """Return the derivative of ``forward`` as the parameters move by ``r_p`` and the input by ``r_a``."""

    @abstractmethod
    def backward_tangent(
        self, p: Parameters, kept: Any, r_p: Parameters, r_kept: Any, d: Array, r_d: Array, first: bool
    ) -> tuple[Array, Parameters]:
        """Return the derivative of both results of ``backward``."""


@dataclass(frozen=True)
class Affine(Layer):
    """z = W a + b, or W a alone where ``bias`` is false."""

    n_in: int
    n_out: int
    bias: bool = True

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """W (n_out, n_in) and b (n_out)."""
        weights = Shape("W", (self.n_out, self.n_in), "weights")
        return (weights, Shape("b", (self.n_out,), "bias")) if self.bias else (weights,)

    def forward(self, p: Parameters, a: Array) -> tuple[Array, Any]:
        """Return z; ``a`` is kept."""
        z = p[0] @ a
        if self.bias:
            z += p[1][..., None]
        return z, a

    def apply(self, p: Parameters, kept: Any, a: Array) -> Array:
        return self.forward(p, a)[0]

    def backward(self, p: Parameters, kept: Any, d: Array, first: bool) -> tuple[Array, Parameters]:
        """Return da = W^T dz; dW = dz a^T, db = sum dz."""
        dz, a = d, kept
        dw = dz @ _transposed(a)
        gradients = (dw, dz.sum(axis=-1)) if self.bias else (dw,)
        return (dz if first else _transposed(p[0]) @ dz), gradients

    def forward_tangent(self, p: Parameters, kept: Any, r_p: Parameters, r_a: Array | None) -> tuple[Array, Any]:
        """Return R z = (R W) a + W (R a) + R b."""
        r_z = r_p[0] @ kept
        if r_a is not None:
            r_z = r_z + p[0] @ r_a
        if self.bias:
            r_z += r_p[1][..., None]
        return r_z, r_a

    def backward_tangent(
        self, p: Parameters, kept: Any, r_p: Parameters, r_kept: Any, d: Array, r_d: Array, first: bool
    ) -> tuple[Array, Parameters]:
        """Return R da = (R W)^T dz + W^T (R dz); R dW = (R dz) a^T + dz (R a)^T, R db = sum R dz."""
        r_dw = r_d @ _transposed(kept)
        if r_kept is not None:
            r_dw = r_dw + d @ _transposed(r_kept)
        gradients = (r_dw, r_d.sum(axis=-1)) if self.bias else (r_dw,)
        if first:
            return r_d, gradients
        return _transposed(r_p[0]) @ d + _transposed(p[0]) @ r_d, gradients


@dataclass(frozen=True)
class Activation(Layer):
    """a = g(z), elementwise: "tanh", "relu" or "sigmoid".

    The second derivative of relu is taken as 0 everywhere and its first as 0 at the kink.
    """

    name: str

    def __post_init__(self) -> None:
        if self.name not in ACTIVATIONS:
            raise ValueError(
                tr("activation must be one of {names}, not {given!r}", names=", ".join(ACTIVATIONS), given=self.name)
            )

    def forward(self, p: Parameters, a: Array) -> tuple[Array, Any]:
        """Return g(z) and keep it: slope and curvature follow from it."""
        out = ACTIVATIONS[self.name].function(a)
        return out, out

    def apply(self, p: Parameters, kept: Any, a: Array) -> Array:
        return ACTIVATIONS[self.name].function(a)

    def backward(self, p: Parameters, kept: Any, d: Array, first: bool) -> tuple[Array, Parameters]:
        """Return dz = da g'(z)."""
        dz = ACTIVATIONS[self.name].slope(kept)
        return np.multiply(dz, d, out=dz), ()

    def forward_tangent(self, p: Parameters, kept: Any, r_p: Parameters, r_a: Array | None) -> tuple[Array, Any]:
        """Return R a = g'(z) R z."""
        assert r_a is not None, "an activation is never the first layer"
        return ACTIVATIONS[self.name].slope(kept) * r_a, r_a

    def backward_tangent(
        self, p: Parameters, kept: Any, r_p: Parameters, r_kept: Any, d: Array, r_d: Array, first: bool
    ) -> tuple[Array, Parameters]:
        """Return R dz = (R da) g'(z) + da g''(z) R z."""
        g = ACTIVATIONS[self.name]
        return r_d * g.slope(kept) + d * g.curvature(kept) * r_kept, ()


@dataclass(frozen=True)
class BatchNorm(Layer):
    """y = gamma * zhat + beta with zhat = (z - mean) / sqrt(variance + eps), over the examples at hand.

    Ioffe and Szegedy 2015, "Batch Normalization", in training mode: mean and (biased) variance are those of the
    examples that the loss is taken over, and the derivatives go through both. There are no running averages: the
    loss stays a function of the parameters alone.
    """

    n: int
    eps: float = 1e-5

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """Gamma (n) and beta (n)."""
        return Shape("gamma", (self.n,), "scale"), Shape("beta", (self.n,), "shift")

    def forward(self, p: Parameters, a: Array) -> tuple[Array, Any]:
        """Return y; zhat, 1 / sqrt(variance + eps) and the mean are kept."""
        mean = a.mean(axis=-1, keepdims=True)
        centred = a - mean
        inverse = 1.0 / np.sqrt(np.mean(centred * centred, axis=-1, keepdims=True) + self.eps)
        zhat = centred * inverse
        return p[0][..., None] * zhat + p[1][..., None], (zhat, inverse, mean)

    def apply(self, p: Parameters, kept: Any, a: Array) -> Array:
        """Return y with the mean and the variance of the data."""
        _, inverse, mean = kept
        return p[0][..., None] * ((a - mean) * inverse) + p[1][..., None]

    def backward(self, p: Parameters, kept: Any, d: Array, first: bool) -> tuple[Array, Parameters]:
        """Return dz = (dzhat - mean dzhat - zhat mean(dzhat zhat)) / sqrt(variance + eps), with dzhat = gamma dy."""
        zhat, inverse, _ = kept
        dzhat = p[0][..., None] * d
        along = np.mean(dzhat * zhat, axis=-1, keepdims=True)
        dz = (dzhat - dzhat.mean(axis=-1, keepdims=True) - zhat * along) * inverse
        return dz, (np.sum(d * zhat, axis=-1), d.sum(axis=-1))

    def forward_tangent(self, p: Parameters, kept: Any, r_p: Parameters, r_a: Array | None) -> tuple[Array, Any]:
        """Return R y = (R gamma) zhat + gamma R zhat + R beta."""
        assert r_a is not None, "batch normalization is never the first layer"
        zhat, inverse, _ = kept
        along = np.mean(zhat * r_a, axis=-1, keepdims=True)
        r_zhat = (r_a - r_a.mean(axis=-1, keepdims=True) - zhat * along) * inverse
        r_inverse = -(inverse * inverse) * along
        r_y = r_p[0][..., None] * zhat + p[0][..., None] * r_zhat + r_p[1][..., None]
        return r_y, (r_zhat, r_inverse)

    def backward_tangent(
        self, p: Parameters, kept: Any, r_p: Parameters, r_kept: Any, d: Array, r_d: Array, first: bool
    ) -> tuple[Array, Parameters]:
        """Return the derivative of dz, d gamma and d beta, by the product rule on ``backward``."""
        (zhat, inverse, _), (r_zhat, r_inverse) = kept, r_kept
        dzhat = p[0][..., None] * d
        r_dzhat = r_p[0][..., None] * d + p[0][..., None] * r_d
        along = np.mean(dzhat * zhat, axis=-1, keepdims=True)
        r_along = np.mean(r_dzhat * zhat + dzhat * r_zhat, axis=-1, keepdims=True)
        inner = dzhat - dzhat.mean(axis=-1, keepdims=True) - zhat * along
        r_inner = r_dzhat - r_dzhat.mean(axis=-1, keepdims=True) - r_zhat * along - zhat * r_along
        r_gamma = np.sum(r_d * zhat + d * r_zhat, axis=-1)
        return r_inverse * inner + inverse * r_inner, (r_gamma, r_d.sum(axis=-1))


class _Elementwise(NamedTuple):
    """A function of z, and its first and second derivative as functions of its own value a."""

    function: Callable[[Array], Array]
    slope: Callable[[Array], Array]
    curvature: Callable[[Array], Array]


def sigmoid(z: Array) -> Array:
    """Return 1 / (1 + e^-z), written with e^-|z| so that nothing overflows and small values keep all their digits.

    >>> sigmoid(np.array([-1e4, -700.0, 0.0, 1e4])).tolist()
    [0.0, 9.85967654375977e-305, 0.5, 1.0]
    """
    e = np.exp(-np.abs(z))
    return np.where(z >= 0.0, 1.0, e) / (1.0 + e)


def _tanh_slope(a: Array) -> Array:
    square = a * a
    return np.subtract(1.0, square, out=square)


ACTIVATIONS = {
    "tanh": _Elementwise(np.tanh, _tanh_slope, lambda a: -2.0 * a * (1.0 - a * a)),
    "relu": _Elementwise(lambda z: np.maximum(z, 0.0), lambda a: (a > 0.0).astype(float), np.zeros_like),
    "sigmoid": _Elementwise(sigmoid, lambda a: a * (1.0 - a), lambda a: a * (1.0 - a) * (1.0 - 2.0 * a)),
}
"""Activation name -> function, slope and curvature."""


def _transposed(a: Array) -> Array:
    return a.swapaxes(-1, -2)
