"""The registry of surfaces that come in any number of dimensions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landscape.declared import Registry
from landscape.errors import lookup
from landscape.language import mark, tr
from landscape.parameter import parameters_of
from landscape.surfaces import matrices, random_fields, saddles, scalable
from landscape.surfaces.family import Family
from landscape.surfaces.networks.teacher import TeacherStudent

FAMILIES: Registry[Family] = Registry(
    mark("surface"),
    Family,
    (
        saddles.TwoPointSaddle,
        saddles.PowerLawSaddle,
        saddles.SemicircleSaddle,
        saddles.QuadraticSaddle,
        saddles.FlatFloor,
        scalable.Rosenbrock,
        scalable.Rastrigin,
        scalable.Ackley,
        scalable.Griewank,
        scalable.Levy,
        scalable.StyblinskiTang,
        scalable.Zakharov,
        scalable.DixonPrice,
        scalable.Trid,
        scalable.SumOfCosines,
        scalable.Powell,
        random_fields.GaussianField,
        random_fields.TorusField,
        random_fields.SphericalPSpin,
        random_fields.MatrixFactorization,
        random_fields.PhaseRetrieval,
        random_fields.LinearAutoencoder,
        matrices.MatrixQuadratic,
        matrices.LinearLayer,
        TeacherStudent,
    ),
)
"""Name -> class, in the order to show them."""


def family(name: str, n_dims: int | None = None, **settings: Any) -> Family:
    """Return the surface ``name`` in ``n_dims`` dimensions with these settings.

    Without ``n_dims`` it has its default number of dimensions, or the one that its settings make (a factorization has
    as many as its factors have entries). Raises ``UnknownName`` for an unknown name or setting, ``ValueError`` for an
    ``n_dims`` that is out of range or not the one that the settings make.

    >>> family("two_point_saddle", n_dims=1000, index=300).n_dims
    1000
    """
    kind = FAMILIES.named(name)
    accepted = [p.name for p in parameters_of(kind)] + (["spectrum"] if kind is saddles.QuadraticSaddle else [])
    for setting in settings:
        lookup(dict.fromkeys(accepted, True), setting, tr("setting of {owner!r}", owner=name))
    chooses = next(f for f in kind.__dataclass_fields__.values() if f.name == "n_dims").init
    if n_dims is None or chooses:
        return kind(**settings) if n_dims is None else kind(n_dims=n_dims, **settings)
    built = kind(**settings)
    if built.n_dims != n_dims:
        raise ValueError(
            tr("{name!r} with these settings has {n} dimensions, not {given}", name=name, n=built.n_dims, given=n_dims)
        )
    return built


def from_recipe(recipe: Mapping[str, Any]) -> Family:
    """Build the surface that a ``recipe()`` of this registry describes; raise where it describes none."""
    settings = recipe.get("settings", {})
    if not isinstance(settings, Mapping):
        raise TypeError(tr("the settings of a surface are a JSON object, not {given!r}", given=settings))
    return family(recipe.get("name", ""), recipe.get("n_dims"), **settings)
