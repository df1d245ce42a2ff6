"""Accepted formulas can be worked with: real numbers, no error, and a bounded number of operations."""

from __future__ import annotations

import random

import numpy as np
import pytest
import sympy
from numpy.testing import assert_allclose

import landscape as ls
from landscape.surfaces.formula.build import MAX_NESTED, MAX_OPERATIONS, count_operations, parse, understand
from tests.fuzz_formulas import typed, use


def test_strings_of_every_kind_are_surfaces_or_refused():
    rng = random.Random(179)
    accepted = [use(typed(rng), draws=k % 50 == 0) for k in range(150)]
    assert 20 < sum(accepted) < 130


@pytest.mark.parametrize(
    "text",
    [
        *("x^x", "x^(1/3)", "x^0.5 + y^-0.5", "0^x + x", "sin(x)/x", "1/x", "log(x)", "acos(x)", "tan(x)", "0/x + x"),
        *("x*1e99", "(1e40*x)^2", "exp(exp(exp(x)))", "exp(-1e99*x^2) + x", "x^99*y^99", "(x^99)^99", "1e-99*x"),
        *(
            "|x|^1.5",
            "sqrt(x*y)",
            "hypot(x, y)^0.5",
            "x^y^x",
            "(x^2)^(1/3)",
            "((x-y)^2)^pi",
            "log(-x^2*y)",
            "sign(x)^y",
        ),
        *("relu(x)^y", "sqrt(sin(x)^2)", "log(exp(x))", "exp(log(x))", "sqrt(exp(x*y))", "acos(cosh(x))", "x - x + y"),
    ],
)
def test_what_is_accepted_can_be_drawn_and_descended(text):
    use(text, draws=True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("exp(x-1e99)", "0 everywhere"),
        ("sign(cosh((w+ln(w))^99))", "1 everywhere"),
        ("(-x^2)^pi+x", "not a real number"),
        ("(-x^2)^(1/3)", "not a real number"),
        ("sqrt(-x^2-1)", "nowhere"),
        ("(-x^2-y^2)^0.5", "not a real number"),
        ("(-exp(x))^0.3", "not a real number"),
        ("log(-1-x^2)", "nowhere"),
        ("(-x^2-y^2)^x", "not a real number"),
        ("(x-9)^y", "nowhere"),
        ("asin(2 + x^2)", "nowhere"),
        ("asin(2) + x", "not a real number"),
        ("relu(x - 10)", "0 everywhere"),
        ("x/0", "divides by zero"),
        ("x/(y-y)", "divides by zero"),
        ("x - x", "constant"),
        ("sin(exp(x))*0", "constant"),
        ("9^9^9^9*x", "too large"),
        ("x*1e99*1e99", "too large"),
        ("exp(exp(99)) + x", "too large"),
        ("exp(-1000) + x", "too small"),
        ("x^101", "exponent"),
        ("x^-1e9", "exponent"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_a_reason(text, said):
    with pytest.raises(ls.FormulaError, match=said):
        ls.formula(text)


def test_work_is_counted_before_it_is_done():
    long = "+".join(f"sin({k} x*y)^3" for k in range(1, 36))
    with pytest.raises(ls.FormulaError, match=rf"takes \d+ operations a point.*at most {MAX_OPERATIONS}"):
        ls.formula(long)
    assert count_operations(understand("(x+1)*y^3/2 - exp(-x)").tree) == 1 + 1 + 2 + 1 + 1 + 10
    assert ls.formula("+".join(f"sin({k} x*y)^3" for k in range(1, 21))).hessian([0.1, 0.2]).shape == (2, 2)


@pytest.mark.parametrize("function", ["cosh", "tanh", "asin", "sqrt", "sigmoid", "log"])
def test_what_sympy_sees_at_once_does_not_grow_with_the_nesting(function):
    def largest(n):
        parsed = parse(f"{function}(" * n + "x/9+1" + ")" * n)
        sizes = [sum(1 for _ in sympy.preorder_traversal(e)) for e in (parsed.expression, *parsed.parts.values())]
        return len(parsed.parts), max(sizes)

    few, many = largest(MAX_NESTED + 2), largest(25)
    assert many[0] > few[0]
    assert many[1] == few[1]


@pytest.mark.parametrize(
    "text",
    ["tanh(sin(cos(exp(-x)*y)))*x", "sqrt(abs(sin(exp(sin(x*y))))+1)^3", "((sin(x)^2+y)^2+1)^0.3*sin(sin(sin(y)+x))"],
)
def test_named_parts_change_no_derivative(text):
    surface = ls.formula(text)
    assert parse(text).parts
    x = np.random.default_rng(2).uniform(0.1, 1, (20, 2))
    exact = surface.expressions()
    flat = [exact.value, *exact.gradient, *exact.hessian[0], *exact.hessian[1]]
    from landscape.surfaces.formula.functions import NUMERIC

    second = sympy.lambdify(exact.variables, flat, modules=[NUMERIC, "numpy"])(x[:, 0], x[:, 1])
    ours = [surface.value(x), *surface.gradient(x).T, *surface.hessian(x).reshape(-1, 4).T]
    for one, other in zip(ours, second, strict=True):
        assert_allclose(one, other, rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("name", ["goldstein_price", "eggholder", "cross_in_tray", "beale"])
def test_what_is_printed_is_the_hessian(name):
    surface = ls.SURFACES[name]
    printed = surface._code.tape(2, to_read=True).compile()
    x = surface.domain.grid((7, 8))
    hessian = surface.hessian(x)
    for k, entry in enumerate(printed(x[..., 0], x[..., 1], *surface.settings.values())):
        i, j = ((0, 0), (0, 1), (1, 1))[k]
        finite = np.isfinite(hessian[..., i, j])
        assert_allclose(np.broadcast_to(entry, finite.shape)[finite], hessian[..., i, j][finite], rtol=1e-8, atol=1e-8)


def test_a_typed_formula_stays_as_typed_in_its_recipe():
    surface = ls.formula("u² − 3uv", ((-1, 1), (0, 2)))
    assert surface.recipe() == {"formula": "u² − 3uv", "domain": [[-1, 1], [0, 2]]}
    assert surface.understood == "u^2 - 3*u*v"
    assert ls.surfaces.from_recipe(surface.recipe()) == surface
