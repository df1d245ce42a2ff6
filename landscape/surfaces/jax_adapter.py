"""The landscape of a JAX function of a pytree of parameters. Needs jax, which we do not."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from landscape.language import tr
from landscape.surfaces.base import Array, Domain
from landscape.surfaces.callables import YOURS, Functions, from_functions

_AT_ONCE = 2**25  # bytes of intermediate results that are made for several points together


def from_jax(
    function: Callable[[Any], Any],
    params: Any,
    *,
    dtype: str = "float64",
    domain: Domain | Sequence[Any] | None = None,
    title: str = "",
) -> Functions:
    """Return the surface x -> ``function(params)`` with the leaves of ``params``, a pytree, set to x in their order.

    ``function`` returns one number and is compiled by ``jax.jit``; points go through it together as far as memory
    allows (``jax.vmap``). It is computed in ``dtype``, "float64" or "float32", whatever ``params`` are in and jax is
    set to; points and results are float64 arrays all the same. ``domain`` is by default the box of half width 1 round
    ``params``: its middle, ``domain.center``, is ``params``.

    Raises ``ImportError`` without jax; ``TypeError`` for parameters that are not real floating-point arrays;
    ``ValueError`` for no parameters or other types, and for a function that does not return one number, is not
    finite at ``params``, or does not depend on what it is given.
    """
    import jax
    from jax.flatten_util import ravel_pytree

    if dtype not in ("float64", "float32"):
        raise ValueError(
            tr("dtype must be 'float64' or 'float32', not {given!r}: others have too few digits to curve", given=dtype)
        )
    leaves = [np.asarray(leaf) for leaf in jax.tree_util.tree_leaves(params)]
    if sum(leaf.size for leaf in leaves) == 0:
        raise ValueError(tr("there are no parameters in this pytree"))
    for leaf in leaves:
        if not jax.dtypes.issubdtype(leaf.dtype, np.floating):
            raise TypeError(
                tr("parameters must be real floating-point arrays, and one has the type {given}", given=leaf.dtype)
            )

    def precisely(work: Callable[..., Any]) -> Callable[..., Array]:
        """Let ``work`` take and return arrays of ours, and jax compute in ``dtype`` meanwhile."""

        @functools.wraps(work)
        def made(*arrays: Array) -> Array:
            with jax.enable_x64(dtype == "float64"):
                return np.asarray(work(*(np.asarray(array, dtype) for array in arrays)), dtype=float)

        return made

    with jax.enable_x64(dtype == "float64"):
        flat, unflatten = ravel_pytree(jax.tree_util.tree_map(lambda leaf: np.asarray(leaf, dtype), params))
        start = np.asarray(flat, dtype=float)

        def at(x: Any) -> Any:
            result = jax.numpy.asarray(function(unflatten(x)))
            if result.size != 1:
                raise ValueError(
                    tr("the function must return one number, not an array of shape {shape}", shape=result.shape)
                )
            return result.reshape(())

        slope = jax.grad(at)
        used = jax.jit(slope).lower(flat).compile().memory_analysis()
        together = max(1, _AT_ONCE // max(int(used.temp_size_in_bytes), 8 * flat.size))

    def everywhere(work: Callable[..., Any]) -> Callable[..., Array]:
        """Let ``work`` on one point take points (..., n)."""

        @jax.jit
        def mapped(*arrays: Any) -> Any:
            flattened = tuple(array.reshape(-1, array.shape[-1]) for array in arrays)
            made = jax.lax.map(lambda row: work(*row), flattened, batch_size=together)
            return made.reshape(arrays[0].shape[:-1] + made.shape[1:])

        return precisely(mapped)

    gradient = everywhere(slope)
    moved = start + 0.1 * np.random.default_rng(0).standard_normal(start.shape)
    if not (gradient(start).any() or gradient(moved).any()):
        raise ValueError(
            tr("the function does not depend on the parameters that it is given: it uses others from outside, perhaps")
        )
    name = getattr(function, "__name__", "")
    box = Domain(tuple((start - 1.0).tolist()), tuple((start + 1.0).tolist())) if domain is None else domain
    return from_functions(
        everywhere(at),
        gradient,
        start.size,
        domain=box,
        hessian_vector_product=everywhere(lambda x, v: jax.jvp(slope, (x,), (v,))[1]),
        hessian=everywhere(jax.jacfwd(slope)),
        batched=True,
        title=title or (name if name.isidentifier() else YOURS),  # a lambda has no name
        latex=r"f(\theta)",
    )
