"""Things with a key, a title and numbers to set, and the registries that menus, tests, links and recipes read.

A member is a frozen dataclass below ``Declared``. Where a class enters its registry it is at once built by name,
written into recipes, offered by the app and met by the tests; nothing lists it a second time.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, ClassVar, Generic, TypeVar

from landscape.errors import UnknownName, lookup
from landscape.parameter import Parameter, check_fields, parameters_of

ENTRY_POINTS = "landscape"
"""The group of entry points under which an installed package offers members of its own."""


@dataclass(frozen=True)
class Declared:
    """What has a key, a title and fields that carry their ranges (``landscape.parameter``); immutable, comparable."""

    key: ClassVar[str]
    title: ClassVar[str]

    def __post_init__(self) -> None:
        check_fields(self)

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The numbers to set with their ranges, in the order of the fields."""
        return parameters_of(self)

    def recipe(self) -> dict[str, Any]:
        """Return key and numbers as plain JSON data."""
        return {"name": self.key} | {f.name: getattr(self, f.name) for f in fields(self)}


D = TypeVar("D", bound=Declared)


class Registry(dict[str, type[D]], Generic[D]):
    """Key -> class of one kind of thing, in the order to show them. ``what`` names the kind in refusals."""

    def __init__(self, what: str, base: type, members: Iterable[type[D]] = ()) -> None:
        super().__init__()
        self.what, self.base = what, base
        for cls in members:
            self.add(cls)
        REGISTRIES.append(self)

    def add(self, cls: type[D]) -> type[D]:
        """Take a class in, the last to be shown, and return it.

        A class of the same name and module takes the place of its earlier self, as when a cell of a notebook runs
        again. Raises ``TypeError`` or ``ValueError`` for a class that lacks something, or whose key another one has.
        """
        if not (isinstance(cls, type) and issubclass(cls, self.base)):
            raise TypeError(f"an {self.what} to register is a class below {self.base.__name__}, not {cls!r}")
        for name in ("key", "title"):
            if not (isinstance(getattr(cls, name, None), str) and getattr(cls, name)):
                raise ValueError(f"{cls.__name__} needs a {name}: a class variable with text in it")
        if not (dataclasses.is_dataclass(cls) and "__dataclass_fields__" in vars(cls) and _is_frozen(cls)):
            raise TypeError(f"{cls.__name__} must be declared with @dataclass(frozen=True)")
        lacking = getattr(cls, "__abstractmethods__", ())
        if lacking:
            raise TypeError(f"{cls.__name__} lacks {', '.join(sorted(lacking))}")
        for field in fields(cls):
            if field.default is dataclasses.MISSING:
                raise ValueError(f"{cls.__name__}.{field.name} needs a default")
            if "parameter" not in field.metadata:
                raise ValueError(
                    f"{cls.__name__}.{field.name} needs its range: ls.parameter(default, low, high, description)"
                )
        other = self.get(cls.key)
        if other is not None and (other.__module__, other.__qualname__) != (cls.__module__, cls.__qualname__):
            raise ValueError(f"the key {cls.key!r} belongs to {other.__module__}.{other.__qualname__}")
        cls()  # what cannot be made with its own defaults cannot be offered
        self[cls.key] = cls
        return cls

    def named(self, key: str) -> type[D]:
        """Return the class of this key; raise ``UnknownName`` with those that are near it."""
        if key not in self:
            load_entry_points()
        return lookup(self, key, self.what)

    def make(self, key: str, **settings: Any) -> D:
        """Return the member ``key`` with these settings, its own defaults for the others.

        Raises ``UnknownName`` for a key or a setting that there is not, ``TypeError`` or ``ValueError`` for a value
        that cannot be.
        """
        cls = self.named(key)
        names = [f.name for f in fields(cls)]
        for name in settings:
            if name not in names:
                raise UnknownName(f"{cls.__name__} has no parameter {name!r}; it has: {', '.join(names) or 'none'}")
        return cls(**settings)

    def from_recipe(self, recipe: Mapping[str, Any]) -> D:
        """Return what ``Declared.recipe`` described; raise ``TypeError`` or ``ValueError`` where there is none."""
        if not isinstance(recipe, Mapping) or not all(isinstance(key, str) for key in recipe):
            raise TypeError(f"the recipe of a {self.what} must be a mapping of names to values, not {recipe!r}")
        if not isinstance(recipe.get("name"), str):
            raise ValueError(f"the recipe of a {self.what} needs a name in words, not {recipe.get('name')!r}")
        settings = dict(recipe)
        return self.make(settings.pop("name"), **settings)


def _is_frozen(cls: type) -> bool:
    return bool(cls.__dataclass_params__.frozen)  # type: ignore[attr-defined]


REGISTRIES: list[Registry[Any]] = []
"""Every registry that has been loaded; ``register`` finds the one that a class belongs in."""


def register(part: type[D]) -> type[D]:
    """Make a class of your own a full citizen: built by name, kept in recipes and links, offered by the app.

    ``part`` is a frozen dataclass below ``ls.ElementwiseOptimizer``, ``ls.Optimizer``, ``ls.Schedule`` or ``ls.Noise``
    with ``key``, ``title`` and fields made by ``ls.parameter``. Returns it, so that it works as a decorator too. Raises
    ``TypeError`` or ``ValueError`` for a class that is none of these, lacks something, or whose key another one has.
    """
    if not isinstance(part, type):
        raise TypeError(f"register takes a class, not {part!r}")
    for registry in REGISTRIES:
        if issubclass(part, registry.base):
            return registry.add(part)
    kinds = ", ".join(registry.base.__name__ for registry in REGISTRIES)
    raise TypeError(f"{part.__name__} is of no kind that can be registered: {kinds}")


@cache
def load_entry_points() -> None:
    """Import what installed packages offer under the entry points "landscape", once.

    An entry point names a class, which is registered, or a module that registers its own.
    """
    from importlib.metadata import entry_points  # slow to load, and hardly ever wanted

    for offered in entry_points(group=ENTRY_POINTS):
        part = offered.load()
        if isinstance(part, type):
            register(part)
