"""Expressions in LaTeX: numbers to six digits, and names for common parts where a matrix would be too long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any


@cache
def _printer() -> Any:
    from sympy.printing.latex import LatexPrinter

    class Printer(LatexPrinter):
        def __init__(self, parts: Mapping[Any, Any]) -> None:
            super().__init__()
            self._parts = parts

        def _print_Symbol(self, symbol: Any, **settings: Any) -> str:
            if symbol not in self._parts:
                return super()._print_Symbol(symbol, **settings)
            part = self._parts[symbol]
            # A name stands for a function or a power; as the base of one more power the latter needs brackets.
            return rf"\left({self._print(part)}\right)" if part.is_Pow else self._print(part)

        def _print_Float(self, number: Any) -> str:
            mantissa, _, exponent = f"{float(number):.6g}".partition("e")
            return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else mantissa

    return Printer


def latex(expression: Any, parts: Mapping[Any, Any] | None = None) -> str:
    """Return an expression in LaTeX, with the ``parts`` that symbols in it stand for put in their place."""
    return _printer()(parts or {}).doprint(expression)


def matrix_latex(rows: Sequence[Sequence[Any]]) -> str:
    """Return a matrix in LaTeX, a single entry without brackets."""
    if len(rows) == 1 and len(rows[0]) == 1:
        return latex(rows[0][0])
    body = r" \\ ".join(" & ".join(map(latex, row)) for row in rows)
    return rf"\begin{{pmatrix}} {body} \end{{pmatrix}}"


def abbreviated_latex(definitions: Sequence[tuple[Any, Any]], rows: Sequence[Sequence[Any]]) -> str:
    """Return a matrix in LaTeX and beneath it what its symbols mean, renamed to t_1, t_2, ..."""
    import sympy

    names = {symbol: sympy.Symbol(f"t{k}") for k, (symbol, _) in enumerate(definitions, 1)}
    lines = [matrix_latex([[entry.xreplace(names) for entry in row] for row in rows])]
    lines += [f"{latex(names[symbol])} = {latex(meaning.xreplace(names))}" for symbol, meaning in definitions]
    body = r" \\ ".join(lines)
    return rf"\begin{{gathered}} {body} \end{{gathered}}"
