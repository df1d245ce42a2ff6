"""A recipe as the parameters of a URL, and back again whatever stands there.

    surface=rosenbrock  p.a=1  p.b=50        a registered surface and its parameters, or
    formula=x^2-y^2     domain=-2,2,-2,2     a typed one with its box, or
    surface=perceptron  net={"data":{"name":"moons","n":400},"widths":[8]}    a network, its data and layers as JSON
    opt=sgd,learning_rate:0.01;adam,learning_rate:0.01,b1:0.8
    start=1.0,0.5;-1.0,0.2   points, or the rule that makes them: random:4,seed:0  grid:3x4  beside:0.01,seed:2
    steps=500   seed=3   schedule=cosine,final:0.1   noise=gaussian,scale:0.5

Numbers are written so that they come back bit for bit. What is left out has its default.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

from landscape import optimizers as walkers
from landscape import surfaces
from landscape.declared import part_names
from landscape.language import tr
from landscape.optimizers.base import Optimizer
from landscape.recipe import plain
from landscape.recipe.given import words
from landscape.recipe.starts import STARTS, Given, HasStarts, Random, Starts, a_rule, starts_from_recipe
from landscape.surfaces.base import Surface

T = TypeVar("T")

SETTING = "p."
MAX_RANDOM = 50_000
"""The most random starts that a URL may ask for: what a page takes of them it says itself."""

MAX_LENGTH = 20_000
"""Longer parameter values are refused unread."""


class Parts(Protocol):
    """What stands in for parameters that are missing or refused, as far as a URL says it."""

    @property
    def surface(self) -> Surface:
        """The surface."""

    @property
    def optimizers(self) -> tuple[Optimizer, ...]:
        """The optimizers."""

    @property
    def starts(self) -> Starts:
        """The rule that makes the starts."""

    @property
    def n_steps(self) -> int:
        """The number of steps."""


def write(recipe: Mapping[str, Any]) -> dict[str, str]:
    """Return a recipe, as plain data, as URL parameters by name, not yet escaped."""
    query = _surface_to_query(recipe["surface"])
    query["opt"] = ";".join(map(_optimizer_to_query, recipe["optimizers"]))
    query["start"] = _starts_to_query(recipe["starts"])
    query["steps"] = str(recipe["n_steps"])
    for name in ("schedule", "noise"):
        if recipe[name] is not None:
            query[name] = _encode(recipe[name])
    for name in ("seed", "title"):
        if recipe[name]:
            query[name] = str(recipe[name])
    return query


def read(
    query: Mapping[str, str], default: Parts | None = None, ask: Callable[[Any], None] | None = None
) -> tuple[dict[str, Any] | None, tuple[str, ...]]:
    """Return the fields of the recipe that the parameters describe, and what was refused, each in one sentence.

    What is missing or refused is taken from ``default``; without one, from plain defaults where there are any, and
    the fields are ``None`` where there are none. Parameters with other names are left alone: they are the page's.
    ``ask`` is shown the recipe of the surface before that is built, and raises ``ValueError`` where it is too large.
    """
    problems: list[str] = []

    def take(key: str, parse: Callable[[str], T], fallback: T) -> T:
        if key not in query:
            return fallback
        text = query[key]
        try:
            if len(text) > MAX_LENGTH:
                raise ValueError(tr("{n} characters are more than {most}", n=len(text), most=MAX_LENGTH))
            return parse(text)
        except (ValueError, TypeError) as error:
            problems.append(f"{key}: {error}")
            return fallback

    surface = _read_surface(query, problems, take, ask)
    if surface is None:
        if not {"surface", "formula"} & set(query) and default is None:
            problems.append("surface: " + tr("none is named"))
        if default is None:
            return None, tuple(problems)
        surface = default.surface
        # Starts and settings of a surface that was refused are not those of the one that stands in for it.
        if {"surface", "formula"} & set(query):
            query = {name: text for name, text in query.items() if name != "start"}
    same = default is not None and default.surface == surface
    usual = default.starts if default is not None and same else usual_start(surface)
    return {
        "surface": surface,
        "optimizers": take("opt", _read_optimizers, default.optimizers if default else (walkers.optimizer("sgd"),)),
        "starts": take("start", lambda text: read_starts(text, surface), usual),
        "n_steps": take("steps", _read_count, default.n_steps if default else 200),
        "schedule": take("schedule", lambda text: walkers.SCHEDULES.from_recipe(_decode(text)), None),
        "noise": take("noise", lambda text: walkers.NOISES.from_recipe(_decode(text)), None),
        "seed": take("seed", _read_count, 0),
        "title": take("title", lambda text: words("title", text, MAX_LENGTH), ""),
    }, tuple(problems)


def _surface_to_query(recipe: Mapping[str, Any]) -> dict[str, str]:
    query: dict[str, str] = {key: str(recipe[key]) for key in ("formula", "n_dims") if key in recipe}
    if "formula" not in recipe:
        query = {"surface": recipe["name"]} | query
    elif "title" in recipe:
        query["formula_title"] = recipe["title"]
    query |= {f"{SETTING}{name}": _number(value) for name, value in recipe.get("settings", {}).items()}
    if "domain" in recipe:
        query["domain"] = ",".join(repr(float(edge)) for pair in recipe["domain"] for edge in pair)
    if "data" in recipe:
        made = {key: value for key, value in recipe.items() if key not in ("name", "settings")}
        query["net"] = json.dumps(made, separators=(",", ":"), ensure_ascii=False)
    return query


def _starts_to_query(starts: Any) -> str:
    if not isinstance(starts, Mapping):
        return ";".join(",".join(map(repr, point)) for point in starts)
    (_, name), (_, first), *others = starts.items()
    return ",".join([f"{name}:{_number(first)}", *(f"{key}:{_number(value)}" for key, value in others)])


def usual_start(surface: Surface) -> Starts:
    """Return one start for a surface about which nothing is said: drawn for a network, else the middle."""
    if isinstance(surface, HasStarts):
        return Random(1)
    return Given((tuple(surface.domain.center.tolist()),))


def _read_surface(
    query: Mapping[str, str],
    problems: list[str],
    take: Callable[[str, Callable[[str], Any], Any], Any],
    ask: Callable[[Any], None] | None,
) -> Surface | None:
    recipe: dict[str, Any] = {}
    if "formula" in query:
        recipe["formula"] = take("formula", str, "")
        recipe["title"] = take("formula_title", str, "")
        if "surface" in query:
            problems.append("surface: " + tr("there is a formula as well, which is taken"))
    elif "surface" in query:
        recipe |= take("net", _read_network, {})
        recipe["name"] = query["surface"]
    else:
        return None
    domain = take("domain", _read_domain, None)
    if domain is not None:
        recipe["domain"] = domain
    n_dims = take("n_dims", _read_count, None)
    if n_dims is not None:
        recipe["n_dims"] = n_dims
    settings = {key.removeprefix(SETTING): take(key, _real, None) for key in query if key.startswith(SETTING)}
    kept = {name: value for name, value in settings.items() if value is not None}
    if kept:
        recipe["settings"] = kept
    try:
        if ask is not None:
            ask(recipe)
        return surfaces.from_recipe(recipe)
    except (ValueError, TypeError) as error:
        name = "formula" if "formula" in recipe else "surface"
        problems.append(f"{name}: {misplaced(name, query[name]) or error}")
        return None


def misplaced(name: str, text: str) -> str:
    """Return what to say of a surface's name under ``formula`` or of a formula under ``surface``; else nothing."""
    text = text.strip()
    if name == "formula":
        is_name = text in surfaces.SURFACES
        return tr("{text!r} is the name of a surface: surface={text}", text=text) if is_name else ""
    try:
        surfaces.formula(text)
    except ValueError:
        return ""
    return tr("no surface is called {text!r}; a formula is given so: formula={text}", text=text)


def _read_domain(text: str) -> list[list[float]]:
    edges = [_real(edge) for edge in text.split(",")]
    if len(edges) % 2:
        raise ValueError(tr("needs low,high for each axis; there are {n} numbers", n=len(edges)))
    return [edges[i : i + 2] for i in range(0, len(edges), 2)]


def _read_optimizers(text: str) -> tuple[Optimizer, ...]:
    return tuple(walkers.OPTIMIZERS.from_recipe(_deep(_decode(one))) for one in text.split(";"))


def _optimizer_to_query(recipe: Mapping[str, Any]) -> str:
    flat = _flat(recipe)
    parts = (key for key in flat if _is_part(key))
    return _encode(flat, _flat(_usual(recipe)), ("learning_rate", *parts))


def _usual(recipe: Mapping[str, Any]) -> dict[str, Any]:
    """Return the recipe of the same optimizer, round the same ones, with nothing set."""
    parts = {key: _usual(value) for key, value in recipe.items() if isinstance(value, Mapping)}
    return walkers.optimizer(recipe["name"], **parts).recipe()


def _flat(recipe: Mapping[str, Any], within: str = "") -> dict[str, Any]:
    """Return a recipe whose parts are written out: "of" is the name of one, "of.b1" a number of it."""
    flat: dict[str, Any] = {}
    for key, value in recipe.items():
        if isinstance(value, Mapping):
            inner = dict(value)
            flat[within + key] = inner.pop("name")
            flat |= _flat(inner, f"{within}{key}.")
        else:
            flat[within + key] = value
    return flat


def _deep(flat: Mapping[str, Any]) -> dict[str, Any]:
    """Return the recipe that ``_flat`` wrote out."""
    recipe: dict[str, Any] = {}
    for key, value in flat.items():
        *parts, last = key.split(".")
        inner = recipe
        for one in parts:
            inner = inner.get(one, {})
            if "name" not in inner:
                raise ValueError(tr("{key} needs the name of {part} before it", key=key[:40], part=one[:40]))
        inner[last] = {"name": value} if _is_part(last) else value
    return recipe


def _is_part(key: str) -> bool:
    """Return whether "of", or the last word of "of.of", is a name under which an optimizer has another one."""
    return any(key.rpartition(".")[2] in part_names(kind) for kind in walkers.OPTIMIZERS.values())


def _read_network(text: str) -> dict[str, Any]:
    made = plain.read(text, tr("a network"))
    if not isinstance(made, dict):
        raise TypeError(tr("must be an object, not {text!r}", text=text[:40]))
    return {key: value for key, value in made.items() if key not in ("settings", "formula", "domain", "n_dims")}


def read_starts(text: str, surface: Surface) -> Starts:
    """Return the rule that the parameter ``start`` describes; raise ``ValueError`` or ``TypeError`` where it cannot."""
    name, colon, rest = text.partition(":")
    if colon or name in STARTS:
        first = dataclasses.fields(STARTS.named(name))[0].name
        rule = starts_from_recipe(_decode(f"{name},{first}:{rest}" if colon else name))
        if isinstance(rule, Random) and rule.n > MAX_RANDOM:
            raise ValueError(tr("needs a count from 1 to {most:,}, not {n:,}", most=MAX_RANDOM, n=rule.n))
    else:
        rule = Given(tuple(tuple(map(_real, start.split(","))) for start in text.split(";")))
    return a_rule(rule, surface)


def _read_count(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError(tr("must be a whole number, 0 or more, not {text!r}", text=text[:40]))
    if len(text) > plain.MAX_DIGITS:
        raise ValueError(tr("a whole number of {n:,} digits is too large", n=len(text)))
    return int(text)


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
            raise ValueError(tr("expected key:number once each, not {text!r}", text=setting[:40]))
        # A learning rate may be a function of the step, by its name.
        recipe[key] = value if value in walkers.SCHEDULES or _is_part(key) else _read_numbers(value)
    return recipe


def _read_numbers(text: str) -> float | list[float]:
    numbers = [_read_number(one) for one in text.split("x")]
    return numbers if len(numbers) > 1 else numbers[0]


def _read_number(text: str) -> float:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= plain.MAX_DIGITS else _real(text)


def _real(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(tr("must be a number, not {text!r}", text=text[:40])) from None


def _number(value: Any) -> str:
    if isinstance(value, list):
        return "x".join(map(repr, value))
    if isinstance(value, str):
        return value
    return str(int(value)) if isinstance(value, bool) else repr(value)
