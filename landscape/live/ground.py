"""Surfaces as lists of operations, read from the tapes of their formulas."""

from __future__ import annotations

import ast
import dataclasses
from functools import lru_cache

from landscape.language import tr
from landscape.live.operations import Program, Untranslatable, Value, Writer
from landscape.live.reader import Read, Reader
from landscape.surfaces.base import Domain, Info, Settings, Surface
from landscape.surfaces.formula import Formula

MAX_DIMS = 2
"""Surfaces of more dimensions have no list: there is no picture of them on which a start could be moved."""


def surface_program(surface: Surface) -> Program:
    """Return a surface as a list. Inputs: coordinates and settings. Outputs: f, its gradient, the gradient's norm.

    Raises ``Untranslatable`` for a surface that is no formula, has more than ``MAX_DIMS`` dimensions, or whose list
    would be too long.
    """
    return _program(_plain(surface), 1)


def curvature_program(surface: Surface) -> Program:
    """Return the Hessian of a surface as a list, its upper triangle row by row; otherwise as ``surface_program``."""
    return _program(_plain(surface), 2)


def _plain(surface: Surface) -> Formula:
    """Return the surface without what its list does not depend on, so that every setting finds the same one."""
    if not isinstance(surface, Formula):
        raise Untranslatable(tr("{surface} is no formula", surface=surface.title))
    if surface.n_dims > MAX_DIMS:
        raise Untranslatable(tr("a surface of {n} dimensions", n=surface.n_dims))
    return dataclasses.replace(
        surface,
        info=Info(surface.name, "", "", "", ""),
        domain=Domain((0.0,) * surface.n_dims, (1.0,) * surface.n_dims),
        settings=Settings(dict.fromkeys(surface.settings, 0.0)),
        known=(),
    )


@lru_cache(maxsize=256)
def _program(surface: Formula, order: int) -> Program:
    tape = surface.tape(order)
    writer = Writer(len(tape.arguments))
    reader = Reader(writer, _bare_name)
    names: dict[str, Read] = {str(a): value for a, value in zip(tape.arguments, writer.inputs, strict=True)}
    for name, code in tape.statements():
        names[name] = reader.read(_expression(code), names)
    outputs = [reader.read(_expression(code), names) for code in tape.results()]
    if order == 1:
        return writer.program([*outputs, _norm(writer, outputs[1:])])
    return writer.program(outputs)


def _norm(writer: Writer, gradient: list[Value]) -> Value:
    """Return the length of a gradient, by the very operations of ``numpy.linalg.norm``."""
    squares = [writer.do("mul", slope, slope) for slope in gradient]
    return writer.do("sqrt", squares[0] if len(squares) == 1 else writer.do("add", *squares))


def _expression(code: str) -> ast.expr:
    return ast.parse(code, mode="eval").body


def _bare_name(node: ast.expr) -> str:
    """Return the name of a function: printed code calls by bare names and has no others."""
    if isinstance(node, ast.Name):
        return node.id
    raise Untranslatable(ast.unparse(node))
