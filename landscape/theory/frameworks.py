"""The lecture's first program, run in float32 or float64, and written for four libraries.

The cost is c0 w^2 + c1 w + c2 with coefficients [[1], [-20], [100]], minimized from w = 0. The lecture feeds the
coefficients in as data, to show where the training set of a real problem would go.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from landscape.language import listed, tr
from landscape.optimizers.base import Optimizer, Step

COEFFICIENTS = ((1.0,), (-20.0,), (100.0,))


def walk(
    optimizer: Optimizer,
    n_steps: int,
    coefficients: Sequence[Sequence[float]] = COEFFICIENTS,
    dtype: type[np.floating] = np.float64,
    w0: float = 0.0,
) -> NDArray[np.floating]:
    """Return w_0 .. w_n_steps of ``optimizer`` on c0 w^2 + c1 w + c2, all arithmetic in ``dtype``.

    float32 is what the frameworks use unless told otherwise; its steps near the minimum are soon too small to change
    w at all. Where exactly it stalls depends on how the gradient is rounded: here 2 c0 w + c1, which gives 9.999977;
    automatic differentiation may add in another order and stop one spacing of float32 (1e-6) away.

    >>> from landscape.optimizers import SGD
    >>> [f"{walk(SGD(learning_rate=0.01), 1000, dtype=d)[-1]:.8f}" for d in (np.float32, np.float64)]
    ['9.99997711', '9.99999998']
    """
    c0, slope, _ = checked(coefficients)
    w = np.full((1, 1), w0, dtype=dtype)
    state, path = optimizer.init(w), np.empty(n_steps + 1, dtype=dtype)
    path[0] = w0
    twice_c0, c1 = dtype(2.0 * c0), dtype(slope)
    # overflow is what too large a learning rate does here, and shows as inf in the path
    with np.errstate(over="ignore", invalid="ignore"):
        for t in range(1, n_steps + 1):
            gradient = twice_c0 * w + c1
            w, state = optimizer.update(Step(w, gradient, t, optimizer.constant_rate), state)
            path[t] = w[0, 0]
    return path


def minimum(coefficients: Sequence[Sequence[float]] = COEFFICIENTS) -> tuple[float, float]:
    """Return (w, cost) at the minimum -c1 / 2 c0; raise ``ValueError`` where c0 is not above 0 and there is none.

    >>> minimum([[1.0], [-20.0], [100.0]])
    (10.0, 0.0)
    """
    c0, c1, c2 = checked(coefficients)
    if c0 <= 0.0:
        raise ValueError(
            tr("{coefficient:g} w^2 has no minimum: the first coefficient must be above 0", coefficient=c0)
        )
    w = -c1 / (2.0 * c0)
    return w, c2 - c0 * w * w


def checked(coefficients: Sequence[Sequence[float]]) -> tuple[float, float, float]:
    """Return the three coefficients; raise ``ValueError`` for another shape or what is not finite."""
    array = np.asarray(coefficients, dtype=float)
    if array.shape != (3, 1) or not np.isfinite(array).all():
        raise ValueError(tr("coefficients are three finite numbers, one a row: [[1], [-20], [100]]"))
    c0, c1, c2 = array[:, 0].tolist()
    return c0, c1, c2


def program(
    library: str,
    coefficients: Sequence[Sequence[float]] = COEFFICIENTS,
    learning_rate: float = 0.01,
    n_steps: int = 1000,
) -> str:
    """Return the program as text for "landscape", "tensorflow", "pytorch" or "jax", ready to run.

    >>> print(program("landscape").splitlines()[2])
    coefficients = [[1.0], [-20.0], [100.0]]
    """
    if library not in PROGRAMS:
        raise ValueError(
            tr(
                "library must be {listed}, not {library!r}",
                listed=listed(PROGRAMS, any_of=True),
                library=library,
            )
        )
    c0, c1, c2 = checked(coefficients)
    return PROGRAMS[library].format(
        coefficients=[[c0], [c1], [c2]], c0=c0, c1=c1, c2=c2, learning_rate=learning_rate, n_steps=n_steps
    )


_LANDSCAPE = """\
import landscape as ls

coefficients = {coefficients}
cost = ls.surface("framework_example", a={c0}, b={c1}, c={c2})
train = ls.descend(cost, ls.SGD(learning_rate={learning_rate}), [0.0], n_steps={n_steps})
print(train.points[0, 1], train.points[0, -1])
"""

_TENSORFLOW = """\
import tensorflow as tf

coefficients = tf.constant({coefficients})
w = tf.Variable(0.0)
optimizer = tf.keras.optimizers.SGD(learning_rate={learning_rate})
for step in range({n_steps}):
    with tf.GradientTape() as tape:
        cost = coefficients[0][0] * w**2 + coefficients[1][0] * w + coefficients[2][0]
    optimizer.apply_gradients([(tape.gradient(cost, w), w)])
print(w.numpy())
"""

_PYTORCH = """\
import torch

coefficients = torch.tensor({coefficients})
w = torch.tensor(0.0, requires_grad=True)
optimizer = torch.optim.SGD([w], lr={learning_rate})
for step in range({n_steps}):
    optimizer.zero_grad()
    cost = coefficients[0][0] * w**2 + coefficients[1][0] * w + coefficients[2][0]
    cost.backward()
    optimizer.step()
print(w.item())
"""

_JAX = """\
import jax

coefficients = jax.numpy.array({coefficients})


def cost(w):
    return coefficients[0][0] * w**2 + coefficients[1][0] * w + coefficients[2][0]


gradient = jax.jit(jax.grad(cost))
w = jax.numpy.array(0.0)
for step in range({n_steps}):
    w = w - {learning_rate} * gradient(w)
print(w)
"""

PROGRAMS = {"landscape": _LANDSCAPE, "tensorflow": _TENSORFLOW, "pytorch": _PYTORCH, "jax": _JAX}
"""Library -> program as text, numbers left open."""
