"""The smooth path about which gradient descent swings at the edge of stability: the central flow.

With learning rate eta and time t = eta times the number of steps,

    dx/dt = - grad ( L + <H, Sigma> / 2 ),

where Sigma is the covariance of the swing: positive semidefinite, within the directions whose curvature is 2 / eta, and
just as large as keeps these curvatures from rising. The derivative does not
act on Sigma. Where no curvature is at the edge Sigma is 0 and this is gradient flow; the mean loss of the swinging path
is L + <H, Sigma> / 2 = L + tr(Sigma) / eta. J. Cohen et al., "Understanding optimization in deep learning with central
flows", 2024, definition 1.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from landscape import stopping

Array = NDArray[np.float64]
_APART = 1e-3
"""Distance of the points from which third derivatives are taken, as differences of gradients: their error is of order
1e-6, and rounding adds 1e-10."""
_ROUNDS = 100
"""Steps towards the covariance where several curvatures are at the edge."""


class Curved(Protocol):
    """A loss with gradient and Hessian, as every surface has them."""

    def gradient(self, x: Array) -> Array:
        """Return the gradient."""
        ...

    def hessian(self, x: Array) -> Array:
        """Return the Hessian."""
        ...


def velocity(loss: Curved, x: Array, learning_rate: float) -> tuple[Array, float]:
    """Return dx/dt (n,) at ``x`` (n,), and by how much the swing lifts the mean loss there: tr(Sigma) / eta."""
    gradient = loss.gradient(x)
    curvatures, vectors = np.linalg.eigh(loss.hessian(x))
    edge = vectors[:, curvatures >= 2.0 / learning_rate]
    if not edge.size:
        return -gradient, 0.0
    turning = _third(loss, x, gradient, edge)
    swing = _covariance(turning @ gradient, np.einsum("ijn,kln->ijkl", turning, turning) / 2.0)
    return -gradient - np.einsum("ij,ijn->n", swing, turning) / 2.0, float(np.trace(swing)) / learning_rate


def central_flow(
    loss: Curved, x: Array, learning_rate: float, n_steps: int, between: int = 2
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the points (n_steps + 1, n) at the times of the steps, and the lift of the mean loss (n_steps + 1,).

    ``between`` Euler steps are made from one to the next.
    """
    points, lifts = [x], [velocity(loss, x, learning_rate)[1]]
    for _ in range(n_steps):
        stopping.check()
        for _ in range(between):
            along, lift = velocity(loss, x, learning_rate)
            x = x + learning_rate / between * along
        points.append(x)
        lifts.append(lift)
    return np.array(points), np.array(lifts)


def _third(loss: Curved, x: Array, gradient: Array, directions: Array) -> Array:
    """Return grad (u_i . H u_j) for the columns u of ``directions`` (n, k), as (k, k, n)."""
    k = directions.shape[1]

    def along(u: Array) -> Array:
        return (loss.gradient(x + _APART * u) + loss.gradient(x - _APART * u) - 2.0 * gradient) / _APART**2

    turning = np.empty((k, k, len(x)))
    for i in range(k):
        turning[i, i] = along(directions[:, i])
    for i in range(k):
        for j in range(i):
            both = along(directions[:, i] + directions[:, j])
            turning[i, j] = turning[j, i] = (both - turning[i, i] - turning[j, j]) / 2.0
    return turning


def _covariance(pull: Array, bend: Array) -> Array:
    """Return the positive semidefinite S (k, k) under which ``pull`` + ``bend`` S holds every curvature down.

    It is the lowest point of <pull, S> + <S, bend S> / 2, found by projected gradient steps; one number in closed form.
    """
    k = len(pull)
    if k == 1:
        return np.maximum(-pull / bend[:, :, 0, 0], 0.0)
    step = 1.0 / np.linalg.norm(bend.reshape(k * k, k * k), 2)
    swing = np.zeros((k, k))
    for _ in range(_ROUNDS):
        swing = swing - step * (pull + np.einsum("ijkl,kl->ij", bend, swing))
        values, vectors = np.linalg.eigh((swing + swing.T) / 2.0)
        swing = (vectors * np.maximum(values, 0.0)) @ vectors.T
    return swing
