"""Points to try a surface at, and derivatives by differences as a second opinion."""

import numpy as np


def probe_points(surface, rng, n=3):
    """Random points of the domain, and the patterns 0101... and 0123..., which expose a wrong order of coordinates."""
    i = np.arange(surface.n_dims)
    center, widths = surface.domain.center, surface.domain.widths
    patterns = np.stack([i % 2, i % 5]) * (0.09 * widths) + center
    return np.concatenate([surface.domain.sample(rng, n), patterns + 0.013 * widths])


def difference(function, x, v, step):
    """The derivative of ``function`` at x along v, central differences of fourth order."""
    f1 = function(x + step * v) - function(x - step * v)
    f2 = function(x + 2 * step * v) - function(x - 2 * step * v)
    return (8 * f1 - f2) / (12 * step)
