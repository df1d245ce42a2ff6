"""Things with a key, a title and numbers to set, and the registries that menus, tests, links and recipes read.

A member is a frozen dataclass below ``Declared``. Where a class enters its registry it is at once built by name,
written into recipes, offered by the app and met by the tests; nothing lists it a second time.
"""

from __future__ import annotations

import dataclasses
import inspect
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

    @classmethod
    def check_member(cls) -> None:
        """Raise ``TypeError`` or ``ValueError`` where this class lacks something to be offered by its defaults."""
        if not (isinstance(getattr(cls, "title", None), str) and cls.title):
            raise ValueError(f"{cls.__name__} needs a title: a class variable with text in it")
        if "__dataclass_fields__" not in vars(cls) or not cls.__dataclass_params__.frozen:  # type: ignore[attr-defined]
            raise TypeError(f"{cls.__name__} must be declared with @dataclass(frozen=True)")
        for field in fields(cls):
            if field.default is dataclasses.MISSING:
                raise ValueError(f"{cls.__name__}.{field.name} needs a default")
            if not {"parameter", "rows"} & set(field.metadata):
                raise ValueError(
                    f"{cls.__name__}.{field.name} needs its range: ls.parameter(default, low, high, description)"
                )
        cls()


T = TypeVar("T")


class Registry(dict[str, type[T]], Generic[T]):
    """Key -> class below ``base``, in the order to show them. ``what`` names the kind of thing in refusals."""

    def __init__(self, what: str, base: type, members: Iterable[type[T]] = ()) -> None:
        super().__init__()
        self.what, self.base = what, base
        for cls in members:
            self.add(cls)
        REGISTRIES.append(self)

    def add(self, cls: type[T]) -> type[T]:
        """Take a class in, the last to be shown, and return it.

        A class of the same name and module takes the place of its earlier self, as when a cell of a notebook runs
        again. Raises as ``check``.
        """
        self.check(cls)
        self[cls.key] = cls  # type: ignore[attr-defined]  # checked
        return cls

    def check(self, cls: type[T]) -> None:
        """Raise ``TypeError`` or ``ValueError`` where a class cannot be a member."""
        if not (isinstance(cls, type) and issubclass(cls, self.base)):
            raise TypeError(f"a member of this registry is a class below {self.base.__name__}, not {cls!r}")
        key = getattr(cls, "key", None)
        if not (isinstance(key, str) and key):
            raise ValueError(f"{cls.__name__} needs a key: a class variable with text in it")
        lacking = getattr(cls, "__abstractmethods__", ())
        if lacking:
            raise TypeError(f"{cls.__name__} lacks {', '.join(sorted(lacking))}")
        other = self.get(key)
        if other is not None and (other.__module__, other.__qualname__) != (cls.__module__, cls.__qualname__):
            raise ValueError(f"the key {key!r} belongs to {other.__module__}.{other.__qualname__}")

    def named(self, key: str) -> type[T]:
        """Return the class of this key; raise ``UnknownName`` with those that are near it."""
        if key not in self:
            load_entry_points()
        return lookup(self, key, self.what)

    def make(self, key: str, **settings: Any) -> T:
        """Return the member ``key`` with these settings, its own defaults for the others.

        Raises ``UnknownName`` for a key or a setting that there is not, ``TypeError`` or ``ValueError`` for a value
        that cannot be.
        """
        cls = self.named(key)
        names = list(inspect.signature(cls).parameters)
        for name in settings:
            if name not in names:
                raise UnknownName(f"{cls.__name__} has no parameter {name!r}; it has: {', '.join(names) or 'none'}")
        return cls(**settings)

    def from_recipe(self, recipe: Mapping[str, Any]) -> T:
        """Return what ``Declared.recipe`` described; raise ``TypeError`` or ``ValueError`` where there is none."""
        if not isinstance(recipe, Mapping) or not all(isinstance(key, str) for key in recipe):
            raise TypeError(f"the recipe of a {self.what} must be a mapping of names to values, not {recipe!r}")
        if not isinstance(recipe.get("name"), str):
            raise ValueError(f"the recipe of a {self.what} needs a name in words, not {recipe.get('name')!r}")
        settings = dict(recipe)
        return self.make(settings.pop("name"), **settings)


REGISTRIES: list[Registry[Any]] = []
"""Every registry that has been loaded; ``register`` finds the one that a class belongs in."""


def register(part: type[T]) -> type[T]:
    """Make a class of your own a full citizen: built by name, kept in recipes and links, offered by the app.

    ``part`` is a frozen dataclass below ``ls.ElementwiseOptimizer``, ``ls.Optimizer``, ``ls.Schedule``, ``ls.Noise``
    or ``ls.Starts`` with ``key``, ``title`` and fields made by ``ls.parameter``. Returns it, so that it works as a
    decorator too. Raises ``TypeError`` or ``ValueError`` for a class that is none of these, lacks something, or whose
    key another one has.
    """
    if not isinstance(part, type):
        raise TypeError(f"register takes a class, not {part!r}")
    for registry in REGISTRIES:
        if issubclass(part, registry.base):
            registry.check(part)
            if issubclass(part, Declared):
                part.check_member()
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
