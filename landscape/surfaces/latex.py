"""Expressions in LaTeX: numbers to six digits, and names for common parts where a matrix would be too long."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any


@cache
def _printer() -> Any:
    from sympy.printing.latex import LatexPrinter

    class Printer(LatexPrinter):
        def _print_Float(self, number: Any) -> str:
            mantissa, _, exponent = f"{float(number):.6g}".partition("e")
            return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else mantissa

    return Printer()


def latex(expression: Any) -> str:
    """Return an expression in LaTeX."""
    return _printer().doprint(expression)


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
