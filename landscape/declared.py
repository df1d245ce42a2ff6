"""Things with a key, a title and numbers to set, and the registries that menus, tests, links and recipes read.

What enters its registry is at once built by name, written into recipes, offered by the app and met by the tests;
nothing lists it a second time.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib import import_module
from inspect import isfunction, ismodule, signature
from typing import Any, ClassVar, NamedTuple, TypeVar, get_type_hints

from landscape.errors import UnknownName, lookup
from landscape.language import TranslatedTitle, tr
from landscape.parameter import Parameter, check_fields, parameters_of

ENTRY_POINTS = "landscape"
"""The group of entry points under which an installed package offers members of its own."""


PART = "part"
"""Metadata of a field that holds another declared thing: the kind, as its registry calls it."""

DEEPEST = 10


@dataclass(frozen=True)
class Declared:
    """What has a key, a title and fields that carry their ranges (``landscape.parameter``); immutable, comparable."""

    key: ClassVar[str]
    title: ClassVar[str]

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        for name in ("title", "group"):
            if isinstance(marked := vars(cls).get(name), str):
                setattr(cls, name, TranslatedTitle(marked))

    def __post_init__(self) -> None:
        check_fields(self)
        fill_parts(self)

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The numbers to set with their ranges, in the order of the fields."""
        return parameters_of(self)

    def recipe(self) -> dict[str, Any]:
        """Return key and numbers as plain JSON data, with the recipes of its parts."""
        own = {f.name: getattr(self, f.name) for f in fields(self)}
        return {"name": self.key} | {
            name: value.recipe() if isinstance(value, Declared) else value for name, value in own.items()
        }

    @classmethod
    def check_member(cls) -> None:
        """Raise ``TypeError`` or ``ValueError`` where this class lacks something to be offered by its defaults."""
        if not (isinstance(getattr(cls, "title", None), str) and cls.title):
            raise ValueError(tr("{name} needs a title: a class variable with text in it", name=cls.__name__))
        if "__dataclass_fields__" not in vars(cls) or not cls.__dataclass_params__.frozen:  # type: ignore[attr-defined]
            declared = tr("{name} must be declared with @dataclass(frozen=True), under @ls.register", name=cls.__name__)
            raise TypeError(declared)
        for field in fields(cls):
            name = f"{cls.__name__}.{field.name}"
            if field.name == "name":
                raise ValueError(tr("{name} cannot be called so: a recipe has the key under that word", name=name))
            if not {"parameter", "rows", PART} & set(field.metadata):
                raise ValueError(tr("{name} needs its range: ls.parameter(default, low, high, description)", name=name))
            if field.default is dataclasses.MISSING:
                raise ValueError(tr("{name} needs a default", name=name))
        cls().check()

    def check(self) -> None:
        """Raise ``TypeError`` or ``ValueError`` where what this class does cannot be used, whatever its numbers."""


def summary(kind: type) -> str:
    """Return what a class says of itself in the first paragraph of its docstring, on one line.

    Those of the optimizers are in the catalogues, to be said where somebody asks what one does (``tr``).
    """
    return " ".join((kind.__doc__ or "").strip().split("\n\n")[0].split())


def part(what: str, default: str) -> Any:
    """Return a field that holds a member of the registry of this kind: one, its key, or its recipe."""
    return dataclasses.field(default=default, metadata={PART: what})


def fill_parts(owner: Any) -> None:
    """Put in each field that holds another declared thing the member that was given, or is meant by key or recipe."""
    for field in fields(owner):
        if PART in field.metadata:
            made = _a_part(field.metadata[PART], field.name, getattr(owner, field.name))
            object.__setattr__(owner, field.name, made)


def part_names(owner: Any) -> tuple[str, ...]:
    """Return the names of the fields of a dataclass (or an instance of one) that hold other declared things."""
    return tuple(field.name for field in fields(owner) if PART in field.metadata)


def _a_part(what: str, name: str, given: Any) -> Any:
    """Return the member that was meant; raise ``UnknownName``, ``TypeError`` or ``ValueError`` where there is none."""
    registry = next(one for one in REGISTRIES if one.what == what and isinstance(one, Registry))
    if isinstance(given, str):
        return registry.make(given)
    if isinstance(given, Mapping):
        depth = 0
        inner: Any = given
        while isinstance(inner, Mapping):
            depth, inner = depth + 1, inner.get(name)
        if depth > DEEPEST:
            raise ValueError(tr("{name}: recipes may stand at most {n} deep in one another", name=name, n=DEEPEST))
        return registry.from_recipe(given)
    if isinstance(given, registry.kind):
        return given
    places = {"name": name, "what": tr(registry.what), "given": repr(given)[:40]}
    raise TypeError(tr("{name} must be one of the registry ({what}), its key or its recipe, not {given}", **places))


T = TypeVar("T")


def name_of(function: Callable[..., Any]) -> str:
    """Return what a function is called, for people."""
    name = str(getattr(function, "__name__", type(function).__name__))
    return name.strip("<>").replace("_", " ")


def of_function(kind: Any, function: Any) -> type[Any]:
    """Return the final class below ``kind`` whose ``called()`` is this one: what stands for it in a registry."""
    if function.__name__ == "<lambda>":
        raise ValueError(tr("a lambda has no name to be found by: define it with def"))
    space = {
        "called": lambda self: function,
        "key": function.__name__,
        "title": name_of(function).capitalize(),
        "__module__": function.__module__,
        "__qualname__": function.__qualname__,
        "__doc__": function.__doc__ or f"The function {function.__name__}.",
    }
    return dataclass(frozen=True)(type(function.__name__, (kind,), space))


class Members(dict[str, T]):
    """Key -> member, in the order to show them. ``what``, marked, names the kind in refusals, ``kind`` is its type.

    ``ours`` are the keys of the members that it was made with: nobody else's takes their place.
    """

    def __init__(self, what: str, kind: type, members: Iterable[T] = ()) -> None:
        super().__init__()
        self.what, self.kind = what, kind
        self.ours: frozenset[str] = frozenset()
        for member in members:
            self.add(member)
        self.ours = frozenset(self)
        REGISTRIES.append(self)

    def takes(self, part: object) -> bool:
        """Tell whether something is of the kind that belongs in here."""
        return isinstance(part, self.kind)

    def member_of(self, part: Any) -> T:
        """Return what stands in here for something that this takes."""
        member: T = part
        return member

    def key_of(self, member: T) -> Any:
        """Return the key under which a member stands."""
        return member.name  # type: ignore[attr-defined]  # surfaces have one

    def origin_of(self, member: T) -> object:
        """Return what two versions of one member have in common, and two members do not."""
        return self.key_of(member)

    def check(self, member: T) -> None:
        """Raise ``TypeError`` or ``ValueError`` where something cannot be a member."""
        key = self.key_of(member)
        if not (isinstance(key, str) and key):
            raise ValueError(tr("{member!r} needs a key: text under which it is found", member=member))
        if not key.isidentifier():
            raise ValueError(tr("a key is one word of letters, digits and _, as links have it, not {key!r}", key=key))
        other = self.get(key)
        if other is not None and (key in self.ours or self.origin_of(other) != self.origin_of(member)):
            owner = "landscape" if self.origin_of(other) == key else self.origin_of(other)
            raise ValueError(tr("the key {key!r} belongs to {owner}: take another", key=key, owner=owner))

    def add(self, member: T) -> T:
        """Take a member in, the last to be shown, and return it.

        One of the same origin takes the place of its earlier self, as when a cell of a notebook runs again. Raises as
        ``check``.
        """
        self.check(member)
        self[self.key_of(member)] = member
        return member

    def named(self, key: str) -> T:
        """Return the member of this key; raise ``UnknownName`` with those that are near it."""
        problems = load_entry_points() if key not in self else ()
        return lookup(self, key, tr(self.what), problems)


class Functions(Members[Callable[..., T]]):
    """Name -> function that makes a thing of this kind."""

    def takes(self, part: object) -> bool:
        """Tell whether something is a function that says that it returns this kind."""
        return isfunction(part) and get_type_hints(part).get("return") is self.kind

    def key_of(self, member: Callable[..., T]) -> Any:
        """Return the name of the function."""
        return getattr(member, "__name__", None)

    def origin_of(self, member: Callable[..., T]) -> object:
        """Return where it was defined."""
        return f"{member.__module__}.{member.__qualname__}"


class Registry(Members[type[T]]):
    """Key -> class below ``kind``.

    Where there is ``of_function``, it makes such a class of a plain function of ``n_given`` arguments.
    """

    def __init__(
        self,
        what: str,
        kind: type,
        members: Iterable[type[T]] = (),
        of_function: Callable[[Any], type[T]] | None = None,
        n_given: int = 0,
    ) -> None:
        super().__init__(what, kind, members)
        self.of_function, self.n_given = of_function, n_given

    def takes(self, part: object) -> bool:
        """Tell whether something is a class below ``kind``, or a function of which one is made."""
        if isfunction(part):
            asked = [one for one in signature(part).parameters.values() if one.default is one.empty]
            return self.of_function is not None and len(asked) == self.n_given
        return isinstance(part, type) and issubclass(part, self.kind)

    def member_of(self, part: Any) -> type[T]:
        """Return the class, or the one that is made of a function."""
        return self.of_function(part) if self.of_function and isfunction(part) else part

    def key_of(self, member: type[T]) -> Any:
        """Return the class variable ``key``."""
        return getattr(member, "key", None)

    def origin_of(self, member: type[T]) -> object:
        """Return where it was defined."""
        return f"{member.__module__}.{member.__qualname__}"

    def check(self, member: type[T]) -> None:
        """Raise ``TypeError`` or ``ValueError`` where a class cannot be a member."""
        super().check(member)
        lacking = getattr(member, "__abstractmethods__", ())
        if lacking:
            raise TypeError(tr("{name} lacks {methods}", name=member.__name__, methods=", ".join(sorted(lacking))))

    def make(self, key: str, **settings: Any) -> T:
        """Return the member ``key`` with these settings, its own defaults for the others.

        Raises ``UnknownName`` for a key or a setting that there is not, ``TypeError`` or ``ValueError`` for a value
        that cannot be.
        """
        cls = self.named(key)
        names = list(signature(cls).parameters)
        for name in settings:
            if name not in names:
                places = {"owner": cls.__name__, "name": name, "names": ", ".join(names)}
                if names:
                    raise UnknownName(tr("{owner} has no parameter {name!r}; it has: {names}", **places))
                raise UnknownName(tr("{owner} has no parameter {name!r}; it has: none", **places))
        return cls(**settings)

    def from_recipe(self, recipe: Mapping[str, Any]) -> T:
        """Return what ``Declared.recipe`` described; raise ``TypeError`` or ``ValueError`` where there is none."""
        if not isinstance(recipe, Mapping) or not all(isinstance(key, str) for key in recipe):
            places = {"what": tr(self.what), "recipe": recipe}
            raise TypeError(tr("{what}: a recipe must be a mapping of names to values, not {recipe!r}", **places))
        if not isinstance(recipe.get("name"), str):
            said = tr(
                "{what}: a recipe needs a name in words, not {name!r}", what=tr(self.what), name=recipe.get("name")
            )
            raise ValueError(said)
        settings = dict(recipe)
        return self.make(settings.pop("name"), **settings)


REGISTRIES: list[Members[Any]] = []
"""Every registry that has been loaded; ``register`` finds the one that a part belongs in."""


LOADED_LATE = ("landscape.surfaces.families", "landscape.surfaces.networks")
"""Rooms with registries that are loaded when somebody first asks for them."""


def register(part: T) -> T:
    """Make a part of your own a full citizen: found by its name, kept in recipes and links, offered by the app.

    ``part`` is a frozen dataclass below ``ls.ElementwiseOptimizer``, ``ls.Optimizer``, ``ls.Schedule``, ``ls.Noise``
    or ``ls.Starts`` with ``key``, ``title`` and fields made by ``ls.parameter``; a surface made by ``ls.declare``; or a
    plain function: of the step t = 1, 2, ... (a schedule), of (rng, gradient, t) (a noise), or annotated to return
    ``ls.Data``. Returns it, so that it works as a decorator too. Raises ``TypeError`` or ``ValueError`` for what is
    none of these, lacks something, or has a key that belongs to another one.
    """
    if not any(registry.takes(part) for registry in REGISTRIES):
        for room in LOADED_LATE:
            import_module(room)
    # What a function says that it returns goes before how many arguments it takes.
    for registry in sorted(REGISTRIES, key=lambda registry: not isinstance(registry, Functions)):
        if registry.takes(part):
            member = registry.member_of(part)
            registry.check(member)
            if isinstance(member, type) and issubclass(member, Declared):
                member.check_member()
            registry.add(member)
            return part
    kinds = ", ".join(dict.fromkeys(tr(registry.what) for registry in REGISTRIES))
    said = [tr("{part!r} is nothing that can be registered: {kinds}", part=part, kinds=kinds)]
    if isfunction(part):
        said += [
            tr("a function takes the step alone (a schedule), takes rng, gradient, t (a noise), or returns ls.Data")
        ]
    raise TypeError("; ".join(said))


class Failure(NamedTuple):
    """What went wrong with an entry point."""

    name: str
    package: str
    error: str


def load_entry_points() -> tuple[str, ...]:
    """Import what installed packages offer under the entry points "landscape", once; say what went wrong."""
    return tuple(
        tr("the entry point {name!r} of {package} cannot be used: {error}", **failed._asdict())
        for failed in failed_entry_points()
    )


@cache
def failed_entry_points() -> tuple[Failure, ...]:
    """Import what installed packages offer under the entry points "landscape", once; return what went wrong.

    An entry point names a part, which is registered, or a module that registers its own. Where one fails the others are
    there.
    """
    from importlib.metadata import entry_points  # slow to load, and hardly ever wanted

    problems = []
    for offered in entry_points(group=ENTRY_POINTS):
        try:
            part = offered.load()
            if not ismodule(part):
                register(part)
        except (Exception, SystemExit) as error:
            package = offered.dist.name if offered.dist else offered.module
            problems.append(Failure(offered.name, package, f"{type(error).__name__}: {error}"))
    return tuple(problems)
