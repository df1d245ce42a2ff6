"""An experiment as the parameters of a URL, and back again whatever stands there.

    surface=rosenbrock  p.a=1  p.b=50        a registered surface and its parameters, or
    formula=x^2-y^2     domain=-2,2,-2,2     a typed one with its box, or
    surface=perceptron  net={"data":{"name":"moons","n":400},"widths":[8]}    a network, its data and layers as JSON
    opt=sgd,learning_rate:0.01;adam,learning_rate:0.01,b1:0.8
    start=1.0,0.5;-1.0,0.2   or start=random:4,seed:0 for random ones
    steps=500   seed=3   schedule=cosine,floor:0.1   noise=gaussian,scale:0.5

Numbers are written so that they come back bit for bit. What is left out has its default.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar, runtime_checkable

import numpy as np

from landscape import optimizers as walkers
from landscape import surfaces as ground
from landscape.experiment import Experiment
from landscape.optimizers.base import Optimizer
from landscape.starts import random_starts
from landscape.surfaces.base import Array, Surface

T = TypeVar("T")
Starts = tuple[tuple[float, ...], ...]

SETTING = "p."
MAX_RANDOM = 200
"""The most random starts that a URL may ask for."""

MAX_LENGTH = 20_000
"""Longer parameter values are refused unread."""


@runtime_checkable
class HasStarts(Protocol):
    """A surface that draws its own random starts, as networks do."""

    def starts(self, n: int, seed: int = 0) -> Array:
        """Return ``n`` points (n, n_dims)."""


def to_query(experiment: Experiment) -> dict[str, str]:
    """Return the experiment as URL parameters by name, not yet escaped."""
    query = _surface_to_query(experiment.surface)
    query["opt"] = ";".join(
        _encode(o.recipe(), walkers.optimizer(o.key).recipe(), ("learning_rate",)) for o in experiment.optimizers
    )
    query["start"] = _starts_to_query(experiment)
    query["steps"] = str(experiment.n_steps)
    if experiment.schedule is not None:
        query["schedule"] = _encode(experiment.schedule.recipe())
    if experiment.noise is not None:
        query["noise"] = _encode(experiment.noise.recipe())
    if experiment.seed:
        query["seed"] = str(experiment.seed)
    if experiment.title:
        query["title"] = experiment.title
    return query


def read_query(
    query: Mapping[str, str], default: Experiment | None = None
) -> tuple[Experiment | None, tuple[str, ...]]:
    """Return the experiment that the parameters describe and a list of what was refused, each in one sentence.

    What is missing or refused is taken from ``default``; without one, from plain defaults where there are any, and
    the experiment is ``None`` where there are none. Parameters with other names are left alone: they are the page's.
    """
    problems: list[str] = []

    def read(key: str, parse: Callable[[str], T], fallback: T) -> T:
        if key not in query:
            return fallback
        text = query[key]
        try:
            if len(text) > MAX_LENGTH:
                raise ValueError(f"{len(text)} characters are more than {MAX_LENGTH}")
            return parse(text)
        except (ValueError, TypeError) as error:
            problems.append(f"{key}: {error}")
            return fallback

    surface = _read_surface(query, problems, read)
    if surface is None:
        if not {"surface", "formula"} & set(query) and default is None:
            problems.append("surface: none is named")
        if default is None:
            return None, tuple(problems)
        surface = default.surface
    same = default is not None and default.surface == surface
    optimizers = read("opt", _read_optimizers, default.optimizers if default else (walkers.optimizer("sgd"),))
    fallback_starts = default.starts if default and same else _usual_start(surface)
    starts = read("start", lambda text: _read_starts(text, surface), fallback_starts)
    experiment = Experiment(
        surface=surface,
        optimizers=optimizers,
        starts=starts,
        n_steps=read("steps", _read_count, default.n_steps if default else 200),
        schedule=read("schedule", lambda text: walkers.SCHEDULES.from_recipe(_decode(text)), None),
        noise=read("noise", lambda text: walkers.NOISES.from_recipe(_decode(text)), None),
        seed=read("seed", _read_count, 0),
        title=read("title", str, ""),
    )
    return experiment, tuple(problems)


def _surface_to_query(surface: Surface) -> dict[str, str]:
    recipe = surface.recipe()
    query: dict[str, str] = {key: str(recipe[key]) for key in ("formula", "n_dims") if key in recipe}
    if "formula" not in recipe:
        query = {"surface": recipe["name"]} | query
    elif "title" in recipe:
        query["formula_title"] = recipe["title"]
    query |= {f"{SETTING}{name}": repr(value) for name, value in recipe.get("settings", {}).items()}
    if "domain" in recipe:
        query["domain"] = ",".join(repr(float(edge)) for pair in recipe["domain"] for edge in pair)
    if "data" in recipe:
        made = {key: value for key, value in recipe.items() if key not in ("name", "settings")}
        query["net"] = json.dumps(made, separators=(",", ":"), ensure_ascii=False)
    return query


def _starts_to_query(experiment: Experiment) -> str:
    """Return the starts of a network by the seed that draws them, where one does; else all their coordinates."""
    if isinstance(experiment.surface, HasStarts):
        count = len(experiment.starts)
        for seed in {experiment.seed: None} | dict.fromkeys(range(10)):
            if np.array_equal(experiment.surface.starts(count, seed), experiment.starts):
                return f"random:{count},seed:{seed}"
    return ";".join(",".join(map(repr, start)) for start in experiment.starts)


def _usual_start(surface: Surface) -> Starts:
    """Return one start for a surface about which nothing is said: drawn for a network, else the middle."""
    x = surface.starts(1)[0] if isinstance(surface, HasStarts) else surface.domain.center
    return (tuple(x.tolist()),)


def _read_surface(
    query: Mapping[str, str], problems: list[str], read: Callable[[str, Callable[[str], Any], Any], Any]
) -> Surface | None:
    recipe: dict[str, Any] = {}
    if "formula" in query:
        recipe["formula"] = read("formula", str, "")
        recipe["title"] = read("formula_title", str, "")
    elif "surface" in query:
        recipe |= read("net", _read_network, {})
        recipe["name"] = query["surface"]
    else:
        return None
    domain = read("domain", _read_domain, None)
    if domain is not None:
        recipe["domain"] = domain
    n_dims = read("n_dims", _read_count, None)
    if n_dims is not None:
        recipe["n_dims"] = n_dims
    settings = {key.removeprefix(SETTING): read(key, float, None) for key in query if key.startswith(SETTING)}
    kept = {name: value for name, value in settings.items() if value is not None}
    if kept:
        recipe["settings"] = kept
    try:
        return ground.from_recipe(recipe)
    except (ValueError, TypeError) as error:
        problems.append(f"{'formula' if 'formula' in recipe else 'surface'}: {error}")
        return None


def _read_domain(text: str) -> list[list[float]]:
    edges = [float(edge) for edge in text.split(",")]
    if len(edges) % 2:
        raise ValueError(f"needs low,high for each axis; there are {len(edges)} numbers")
    return [edges[i : i + 2] for i in range(0, len(edges), 2)]


def _read_optimizers(text: str) -> tuple[Optimizer, ...]:
    return tuple(walkers.OPTIMIZERS.from_recipe(_decode(one)) for one in text.split(";"))


def _read_network(text: str) -> dict[str, Any]:
    try:
        made = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        raise ValueError(f"not JSON: {text[:40]!r}") from None
    if not isinstance(made, dict):
        raise TypeError(f"must be an object, not {text[:40]!r}")
    return {key: value for key, value in made.items() if key not in ("settings", "formula", "domain", "n_dims")}


def _read_starts(text: str, surface: Surface) -> Starts:
    n_dims = surface.n_dims
    if text.startswith("random:"):
        wanted = _decode(f"random,{text}")
        count, seed = (_read_count(f"{wanted.get(key, 0):.0f}") for key in ("random", "seed"))
        if not 1 <= count <= MAX_RANDOM or not set(wanted) <= {"name", "random", "seed"}:
            raise ValueError(f"needs random:count,seed:number with a count from 1 to {MAX_RANDOM}")
        drawn = (
            surface.starts(count, seed)
            if isinstance(surface, HasStarts)
            else random_starts(surface.domain, count, seed)
        )
        return tuple(map(tuple, drawn.tolist()))
    starts = tuple(tuple(float(number) for number in start.split(",")) for start in text.split(";"))
    for number, start in enumerate(starts, 1):
        if len(start) != n_dims:
            raise ValueError(f"start {number} has {len(start)} coordinates; the surface has {n_dims}")
        if not all(abs(x) < float("inf") for x in start):
            raise ValueError(f"start {number} is not finite")
    return starts


def _read_count(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError(f"must be a whole number, 0 or more, not {text[:40]!r}")
    return int(text[:19])


def _encode(recipe: Mapping[str, Any], defaults: Mapping[str, Any] | None = None, always: tuple[str, ...] = ()) -> str:
    """Return ``name,key:number,...`` without the entries that ``defaults`` has the same, but for ``always``."""
    known = defaults or {}
    kept = {
        key: value
        for key, value in recipe.items()
        if key != "name" and (key in always or key not in known or known[key] != value)
    }
    return ",".join([recipe["name"], *(f"{key}:{_number(value)}" for key, value in kept.items())])


def _decode(text: str) -> dict[str, Any]:
    name, *settings = text.split(",")
    recipe: dict[str, Any] = {"name": name}
    for setting in settings:
        key, colon, value = setting.partition(":")
        if not colon or key in recipe:
            raise ValueError(f"expected key:number once each, not {setting[:40]!r}")
        recipe[key] = float(value)
    return recipe


def _number(value: Any) -> str:
    return str(int(value)) if isinstance(value, bool) else repr(value)
