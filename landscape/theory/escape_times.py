"""How many steps it takes to leave a saddle: f = -curvature y^2 / 2, from y = distance to |y| >= radius.

Along a direction of negative curvature l = -curvature the gradient is -curvature y, so every method without division is
a linear recurrence in y, solved exactly here; the adaptive ones are not linear, but they have a limit that depends on
neither curvature nor distance. Noise would only help: these are the times of the noise-free gradient.
"""

from __future__ import annotations

import math

from landscape.language import tr


def gradient_descent(curvature: float, distance: float, radius: float, learning_rate: float) -> int:
    """Return the steps of gradient descent: the least k with distance (1 + learning_rate curvature)^k >= radius.

    y <- y + learning_rate curvature y, hence k = ln(radius / distance) / ln(1 + learning_rate curvature), rounded up.

    >>> gradient_descent(1.0, 1e-4, 1.0, 0.01), gradient_descent(0.01, 1e-4, 1.0, 0.01)
    (926, 92109)
    """
    _check(curvature, distance, radius, learning_rate)
    return max(0, math.ceil(math.log(radius / distance) / math.log1p(learning_rate * curvature)))


def heavy_ball(curvature: float, distance: float, radius: float, learning_rate: float, momentum: float) -> int:
    """Return the steps of momentum v <- momentum v + g from v = 0.

    Without v: y_{k+1} = (1 + momentum + learning_rate curvature) y_k - momentum y_{k-1}, and the first step is that of
    gradient descent. For a small learning rate its growth is that of gradient descent with learning_rate / (1 -
    momentum): ten times as fast at .9, no more. The averaged form has (1 - momentum) learning_rate for learning_rate.

    >>> heavy_ball(1.0, 1e-4, 1.0, 0.01, 0.9), heavy_ball(0.01, 1e-4, 1.0, 0.01, 0.9)
    (152, 9306)
    """
    _check(curvature, distance, radius, learning_rate)
    gain = learning_rate * curvature
    return _first_to_reach(radius, distance, distance * (1.0 + gain), 1.0 + momentum + gain, momentum)


def nesterov(curvature: float, distance: float, radius: float, learning_rate: float, momentum: float) -> int:
    """Return the steps of Nesterov's method with constant momentum, y being the point looked ahead to.

    y_{k+1} = q (1 + momentum) y_k - q momentum y_{k-1} with q = 1 + learning_rate curvature; the first step is 1 +
    momentum times that of gradient descent.

    >>> nesterov(1.0, 1e-4, 1.0, 0.01, 0.9), nesterov(0.01, 1e-4, 1.0, 0.01, 0.9)
    (146, 9297)
    """
    _check(curvature, distance, radius, learning_rate)
    gain = learning_rate * curvature
    first = distance * (1.0 + (1.0 + momentum) * gain)
    return _first_to_reach(radius, distance, first, (1.0 + gain) * (1.0 + momentum), (1.0 + gain) * momentum)


def signed_descent(distance: float, radius: float, learning_rate: float) -> int:
    """Return the steps of y <- y - learning_rate sign(g): (radius - distance) / learning_rate, rounded up.

    >>> signed_descent(1e-4, 1.0, 0.01)
    100
    """
    _check(1.0, distance, radius, learning_rate)
    return max(0, math.ceil((radius - distance) / learning_rate))


def rmsprop(radius: float, learning_rate: float, b2: float) -> int:
    """Return the steps of RMSprop in the limit of a small distance and no eps, whatever the curvature.

    With y = learning_rate u the curvature cancels between g and sqrt(v): u <- u + u / sqrt(w), w the running average
    of u^2. From u = 0+ the first step is 1 / sqrt(1 - b2), and what comes before it is forgotten in w.

    >>> rmsprop(1.0, 0.01, b2=0.9)
    72
    """
    _check(1.0, radius, radius, learning_rate)
    u, w, steps = 1.0 / math.sqrt(1.0 - b2), 0.0, 1
    while learning_rate * u < radius:
        w = b2 * w + (1.0 - b2) * u * u
        u += u / math.sqrt(w)
        steps += 1
    return steps


def adam(radius: float, learning_rate: float, b1: float = 0.9, b2: float = 0.999, bias_correction: bool = True) -> int:
    """Return the steps of Adam in the limit of a small distance and no eps, whatever the curvature.

    As for RMSprop, with the running average of u above the root: u <- u + (m / c1) / sqrt(w / c2). The first step is 1
    with bias correction, (1 - b1) / sqrt(1 - b2) without.

    >>> adam(1.0, 0.01), adam(1.0, 0.01, bias_correction=False)
    (77, 18)
    """
    _check(1.0, radius, radius, learning_rate)
    u = 1.0 if bias_correction else (1.0 - b1) / math.sqrt(1.0 - b2)
    m, w, steps = 0.0, 0.0, 1
    while learning_rate * u < radius:
        steps += 1
        m = b1 * m + (1.0 - b1) * u
        w = b2 * w + (1.0 - b2) * u * u
        c1, c2 = (1.0 - b1**steps, 1.0 - b2**steps) if bias_correction else (1.0, 1.0)
        u += m / c1 / math.sqrt(w / c2)
    return steps


def saddle_free_newton(distance: float, radius: float) -> int:
    """Return the steps of y <- y - |H|^-1 g = 2 y: log2(radius / distance), rounded up, whatever the curvature.

    >>> saddle_free_newton(1e-4, 1.0)
    14
    """
    _check(1.0, distance, radius, 1.0)
    return max(0, math.ceil(math.log2(radius / distance)))


def _first_to_reach(radius: float, y0: float, y1: float, c1: float, c0: float) -> int:
    """Return the least k with y_k >= radius, where y_{k+1} = c1 y_k - c0 y_{k-1} grows.

    y_k = A p^k + B q^k with p > q the roots of s^2 = c1 s - c0. Here q < 1, so B q^k is soon nothing and a few steps
    round ln(radius / A) / ln(p) are all that need to be looked at.
    """
    if y0 >= radius:
        return 0
    half = math.sqrt(c1 * c1 / 4.0 - c0)
    p, q = c1 / 2.0 + half, c0 / (c1 / 2.0 + half)
    a = (y1 - q * y0) / (p - q)
    b = y0 - a
    k = max(1, math.floor(math.log(radius / a) / math.log(p)) - 1)
    while k > 1 and a * p**k + b * q**k >= radius:
        k -= 1
    while a * p**k + b * q**k < radius:
        k += 1
    return k


def _check(curvature: float, distance: float, radius: float, learning_rate: float) -> None:
    """Raise ``ValueError`` where a number is not positive: nothing would ever leave."""
    for name, number in {
        "curvature": curvature,
        "distance": distance,
        "radius": radius,
        "learning_rate": learning_rate,
    }.items():
        if not 0.0 < number < math.inf:
            raise ValueError(tr("{argument} must be positive, not {number}", argument=name, number=number))
