"""The reference of every public name, made from the package itself: its docstrings, its registries, its fields.

``.. public:: scenes`` enters all names that belong on that page. A name that no page has, that is on no
page, or that has nothing to say, ends the build.
"""

from __future__ import annotations

import inspect
import math
import re
import sys
from abc import ABC
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from functools import cache
from importlib import import_module
from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.pycode import ModuleAnalyzer
from sphinx.util.docutils import SphinxDirective

import landscape
from landscape.claims import Claim
from landscape.declared import Members
from landscape.parameter import BELOW_ONE, Parameter
from landscape.surfaces.base import Surface

PAGES: dict[str, dict[str, tuple[str, ...]]] = {
    "surfaces": {
        "What a surface is": ("surfaces.base",),
        "By name": ("surfaces",),
        "From a formula": ("surfaces.formula",),
        "From code of your own": ("surfaces.callables", "surfaces.torch_adapter", "surfaces.jax_adapter"),
        "Networks over data": ("surfaces.networks",),
        "Data": ("surfaces.networks.data", "surfaces.networks.datasets", "surfaces.networks.tables"),
    },
    "optimizers": {
        "By name": ("optimizers",),
        "Gradient descent and momentum": ("optimizers.first_order", "optimizers.perturbed"),
        "A step size for each coordinate": ("optimizers.adaptive",),
        "Adam and its relatives": ("optimizers.adam", "optimizers.adam_variants"),
        "Curvature": ("optimizers.second_order",),
        "Schedules": ("optimizers.schedules",),
        "Noise": ("optimizers.noise",),
        "Your own": ("optimizers.base", "parameter", "declared"),
    },
    "runs": {
        "Paths": ("descent",),
        "Experiments": ("experiment",),
        "Starts": ("recipe",),
        "Runs made elsewhere": ("recording",),
        "Files": ("saved",),
        "Language": ("language",),
        "What can be wrong": ("errors",),
        "Version": ("version",),
    },
    "scenes": {"A scene": ("scene",), "Files": ("render",), "Pictures of one look": ("scenes",)},
    "toolbox": {
        "Critical points": ("analysis.critical_points", "curvature", "analysis.census", "analysis.manifolds"),
        "Spectra": ("curvature.spectrum", "curvature.density", "curvature.along", "analysis.spectra"),
        "Slices": ("analysis.slices",),
        "Between two minima": ("analysis.connectivity",),
        "Along a run": ("analysis",),
    },
    "ensembles": {
        "Where very many starts end": ("ensemble",),
        "Basins": ("analysis.basins",),
        "Survival": ("analysis.survival",),
        "Fair comparison": ("analysis.tuning",),
        "Escape from a saddle": ("analysis.escape",),
    },
    "lecture": {"Lectures": ("lecture",), "Static pages": ("site",)},
    "claims": {"Claims": ("claims",)},
}
"""Page -> section -> rooms of the package; of the rooms that hold a name's home the innermost has it."""

PLACES = {
    room: (page, title) for page, sections in PAGES.items() for title, rooms in sections.items() for room in rooms
}
"""Room -> page and section, in the order to show them."""

SILENT = {ABC, Enum, object}
"""Bases that tell a reader nothing."""

SHELVES = ("landscape.lecture", "landscape.claims", "landscape.site", "landscape.render")
"""Rooms whose public names are not under ``ls``."""


@dataclass(frozen=True)
class Name:
    """A public name: where it is asked for, the module where it is made, what it is, and the words beside it there."""

    path: str
    home: str
    thing: Any
    words: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """The directive that documents it."""
        if inspect.isclass(self.thing):
            return "autoexception" if issubclass(self.thing, BaseException) else "autoclass"
        return "autofunction" if inspect.isfunction(self.thing) else "data"


@cache
def public() -> tuple[Name, ...]:
    """Return every public name, in the order of rooms and then of the alphabet."""
    names = [named("landscape", name) for name in landscape.__all__]
    under = {(name.home, name.path.rpartition(".")[2]) for name in names}
    further = [named(room, name) for room in SHELVES for name in import_module(room).__all__]
    names += [one for one in further if (one.home, one.path.rpartition(".")[2]) not in under]
    order = list(PLACES)
    return tuple(sorted(names, key=lambda one: (order.index(room_of(one)), one.home, one.path.lower())))


def named(room: str, name: str) -> Name:
    """Return what a room offers under a name."""
    thing, path = getattr(import_module(room), name), f"{room}.{name}"
    if inspect.isclass(thing) or inspect.isfunction(thing):
        return Name(path, thing.__module__, thing)
    for home, module in list(sys.modules.items()):
        if home.startswith("landscape.") and vars(module).get(name) is thing:
            words = ModuleAnalyzer.for_module(home).find_attr_docs().get(("", name))
            if words:
                return Name(path, home, thing, tuple(words))
    raise ExtensionError(f"{path} has no string below it that says what it is")


def room_of(name: Name) -> str:
    """Return the innermost of ``PLACES`` that holds a name's home."""
    fitting = [room for room in PLACES if f"{name.home}.".startswith(f"landscape.{room}.")]
    if not fitting:
        raise ExtensionError(f"{name.path} is public and made in {name.home}, which no page of the reference has")
    return max(fitting, key=len)


class Public(SphinxDirective):
    """``.. public:: page``: its sections, in each an entry for every name that belongs there."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the sections."""
        page = self.arguments[0]
        made: list[nodes.Node] = []
        for title in PAGES[page]:
            section = nodes.section(ids=[nodes.make_id(f"{page}: {title}")])
            section += nodes.title("", title)
            for name in public():
                if PLACES[room_of(name)] == (page, title):
                    section += self.parse(list(entry(name)))
                    self.env.metadata[self.env.docname].setdefault("entered", []).append(name.path)
            made.append(section)
        return made

    def parse(self, lines: list[str]) -> list[nodes.Node]:
        """Return what lines of reStructuredText say."""
        box = nodes.container()
        self.state.nested_parse(StringList(lines, source=self.env.docname), 0, box, match_titles=True)
        return box.children


def entry(name: Name) -> Iterator[str]:
    """Yield the entry of a name in reStructuredText."""
    room, _, short = name.path.rpartition(".")
    yield from ("", f".. py:currentmodule:: {room}", "")
    if name.kind == "data":
        yield f".. py:data:: {short}"
        yield ""
        yield from (f"   {line}" for line in as_text(list(name.words)))
        yield from (f"   {line}" for line in members(name.thing))
        return
    yield f".. {name.kind}:: {short}"
    if name.kind == "autoclass":
        yield "   :members:"
        if not set(name.thing.__bases__) <= SILENT:
            yield "   :show-inheritance:"
        if issubclass(name.thing, Enum):
            yield "   :undoc-members:"
        if is_dataclass(name.thing):
            yield f"   :exclude-members: {', '.join(field.name for field in fields(name.thing))}"
    yield ""


def members(thing: Any) -> Iterator[str]:
    """Yield a table of what a registry holds."""
    if not isinstance(thing, Members | dict) or not all(isinstance(key, str) for key in thing):
        return
    yield from (".. list-table::", "   :header-rows: 1", "   :widths: auto", "", "   * - name", "     - what it is", "")
    for key, member in thing.items():
        yield f"   * - ``{key}``"
        yield f"     - {described(key, member)}"
    yield ""


def described(key: str, member: Any) -> str:
    """Return one line on a member of a registry."""
    if isinstance(member, str):
        return plain(member)
    if isinstance(member, Surface):
        teaches = plain(member.info.teaches)
        return f":surface:`{member.title} <{key}>`: {teaches}"
    if isinstance(member, Claim):
        return f":gallery:`{member.title} <claims/{key}.html>`"
    if inspect.isclass(member):
        return f":py:class:`landscape.{member.__name__}`: {plain(first_sentence(member))}"
    title = getattr(member, "title", None)
    return plain(title if isinstance(title, str) else first_sentence(member))


def first_sentence(thing: Any) -> str:
    """Return the first paragraph of a docstring."""
    return (inspect.getdoc(thing) or "").split("\n\n")[0].replace("\n", " ")


# Docstrings are plain text: words, ``code``, formulas set in by four spaces, and examples.
LITERAL = re.compile(r"(``.+?``)", re.DOTALL)


def plain(text: str) -> str:
    """Return words in which nothing but ``code`` means anything, and public names in it are links."""
    return "".join(
        linked(part) if part.startswith("``") else re.sub(r"[*|`\\]|(?<=\w)_(?!\w)", r"\\\g<0>", part)
        for part in LITERAL.split(text)
    )


def linked(code: str) -> str:
    """Return code as a link where it is a public name."""
    found = re.fullmatch(r"``(?:ls\.|landscape\.)?(\w+(?:\.\w+)?)``", code)
    if found and found[1].partition(".")[0] in landscape.__all__:
        return f":py:obj:`{code.strip('`')} <landscape.{found[1]}>`"
    return code


def as_text(lines: list[str]) -> list[str]:
    """Return a docstring as reStructuredText."""
    made: list[str] = []
    for block in re.split(r"\n(?:[ ]*\n)+", "\n".join(lines).strip("\n")):
        rows = block.split("\n")
        if all(row.startswith("    ") for row in rows):
            made += [".. code-block:: text", "", *rows]
        elif rows[0].startswith((">>>", "====")):
            made += rows
        else:
            made += plain(block).split("\n")
        made.append("")
    return made


def on_docstring(app: Sphinx, what: str, name: str, thing: Any, options: Any, lines: list[str]) -> None:
    """Turn a docstring into reStructuredText, and let what has ranges end with a table of them."""
    lines[:] = as_text(lines)
    if inspect.isclass(thing) and is_dataclass(thing):
        ranges = {f.name: (f.default, f.metadata["parameter"]) for f in fields(thing) if "parameter" in f.metadata}
        if ranges:
            lines += ["", ".. list-table::", "   :header-rows: 1", "   :widths: auto", ""]
            lines += ["   * - field", "     - default", "     - accepted", "     - what it is"]
        for field, (default, one) in ranges.items():
            lines += [f"   * - ``{field}``", f"     - {default}", f"     - {accepted(one)}"]
            lines += [f"     - {plain(one.description)}"]
        lines.append("")


def accepted(one: Parameter) -> str:
    """Return what values a number may have, in words."""
    if one.boolean:
        return "true or false"
    low = "" if one.minimum == -math.inf else f"at least {one.minimum:g}"
    high = "below 1" if one.maximum == BELOW_ONE else f"at most {one.maximum:g}"
    bounds = [bound for bound in (low, "" if one.maximum == math.inf else high) if bound]
    return " and ".join(bounds) or "any number"


def on_signature(
    app: Sphinx, what: str, name: str, thing: Any, options: Any, signature: str | None, returned: str | None
) -> tuple[str, str | None] | None:
    """Return the signature with its types as they stand in the source, where aliases have their short names."""
    if what not in ("function", "method", "class") or signature is None:
        return None
    if what == "class" and issubclass(thing, Enum):
        return "", None
    read = inspect.signature(thing)
    parameters = list(read.parameters.values())
    if what == "method" and parameters and parameters[0].name in ("self", "cls"):
        parameters = parameters[1:]
    result = "" if what == "class" or read.return_annotation is read.empty else str(read.return_annotation)
    shown = read.replace(parameters=[readable(one) for one in parameters], return_annotation=read.empty)
    return str(shown), result or None


class AsWritten:
    """A type or a default that is shown as the text it is."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


def readable(one: inspect.Parameter) -> inspect.Parameter:
    """Return a parameter with its type as it stands in the source, and no default that only the machine can read."""
    if isinstance(one.annotation, str):
        one = one.replace(annotation=AsWritten(one.annotation))
    if one.default is not one.empty and repr(one.default).startswith("<"):
        one = one.replace(default=AsWritten("..."))
    return one


def on_bases(app: Sphinx, name: str, thing: type, options: Any, bases: list[type]) -> None:
    """Tell only bases that say something."""
    bases[:] = [base for base in bases if base not in SILENT]


def all_entered(app: Sphinx, env: Any) -> None:
    """Refuse a build in which a public name is on no page, or on two."""
    entered = [path for told in env.metadata.values() for path in told.get("entered", ())]
    missing = {name.path for name in public()} - set(entered)
    if missing or len(entered) != len(set(entered)):
        twice = {path for path in entered if entered.count(path) > 1}
        raise ExtensionError(f"of the public names, missing: {sorted(missing)}; entered twice: {sorted(twice)}")


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx."""
    app.add_directive("public", Public)
    app.connect("autodoc-process-docstring", on_docstring)
    app.connect("autodoc-process-signature", on_signature)
    app.connect("autodoc-process-bases", on_bases)
    app.connect("env-check-consistency", all_entered)
    return {"parallel_read_safe": True}
