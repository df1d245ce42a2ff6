"""Seeded noise on the gradient."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from landscape.errors import lookup
from landscape.optimizers.recipes import build, name_and_settings
from landscape.parameter import Parameter, check_fields, parameter, parameters_of

Array = NDArray[np.float64]

# Numbers drawn at a time, for all starts together: 2 MB.
CHUNK = 2**18


def generators(seed: int, n_starts: int, lane: int = 0) -> list[np.random.Generator]:
    """Return one Generator a start, seeded [seed, start, lane], so that no start depends on its neighbours.

    Lane 0 is the noise on the gradient; an optimizer that draws takes another lane, else its steps and the noise
    would be the same numbers.
    """
    return [np.random.default_rng([seed, start, lane]) for start in range(n_starts)]


@dataclass(frozen=True)
class GaussianNoise:
    """Isotropic Gaussian noise on the gradient: g + scale / t^decay * xi at step t = 1, 2, ..., xi ~ N(0, I).

    ``scale`` is the standard deviation in each coordinate at the first step. The annealed noise of Neelakantan et al.
    has variance eta / (1 + k)^gamma at k = 0, 1, ...: scale = sqrt(eta), decay = gamma / 2, with k = t - 1; they take
    gamma .55, which is decay .275. Decay 0 is constant noise, as of a minibatch whose spread does not change.

    Reference: A. Neelakantan et al., "Adding Gradient Noise Improves Learning for Very Deep Networks", 2015,
    equation (1).

    >>> for noise in GaussianNoise(scale=0.5).stream(seed=0, n_starts=2, n_dims=2, n_steps=1):
    ...     print(noise.round(3))
    [[ 0.063 -0.066]
     [ 0.051 -0.49 ]]
    """

    scale: float = parameter(0.1, 0.0, 10.0, "standard deviation at the first step", minimum=0.0)
    decay: float = parameter(0.0, 0.0, 2.0, "power of the step by which it falls", minimum=0.0)

    key: ClassVar[str] = "gaussian"
    title: ClassVar[str] = "Gaussian"

    def __post_init__(self) -> None:
        check_fields(self)

    def stream(self, seed: int, n_starts: int, n_dims: int, n_steps: int) -> Iterator[Array]:
        """Yield for the steps t = 1 .. ``n_steps`` what is added to the gradients, (n_starts, n_dims).

        Start i draws from its own Generator seeded [seed, i]: its noise depends neither on the other starts nor on
        the optimizer, and a longer run begins with the same numbers.
        """
        rngs = generators(seed, n_starts)
        rows = max(1, CHUNK // max(1, n_starts * n_dims))
        for first in range(0, n_steps, rows):
            steps = np.arange(first + 1, min(first + rows, n_steps) + 1)
            drawn = np.stack([rng.standard_normal((steps.size, n_dims)) for rng in rngs], axis=1)
            drawn *= (self.scale / steps**self.decay)[:, None, None]
            yield from drawn

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The parameters with their ranges, in the order of the fields."""
        return parameters_of(self)

    def recipe(self) -> dict[str, Any]:
        """Return key and parameters as plain JSON data."""
        return {"name": self.key} | {f.name: getattr(self, f.name) for f in fields(self)}


NOISES: dict[str, type[GaussianNoise]] = {cls.key: cls for cls in (GaussianNoise,)}


def noise_from_recipe(recipe: Mapping[str, Any]) -> GaussianNoise:
    """Return the noise that ``GaussianNoise.recipe`` described."""
    name, settings = name_and_settings(recipe, "noise")
    return build(lookup(NOISES, name, "noise"), settings)
