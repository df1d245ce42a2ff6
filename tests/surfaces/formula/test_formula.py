"""Typed formulas: what is understood, what is refused and where, and that nothing typed is ever run."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

import landscape as ls
from landscape.surfaces.formula.build import parse

BOX = ((-2, 2), (-2, 2))

REFUSED = [
    ("q + x*foo", "q", 0),
    ("x.__class__", "attribute", 1),
    ("x + foo(x)", "foo", 4),
    ("x < 1", "comparison", 2),
    ("x + 'text'", "quotes", 4),
    ("lambda x: x", "colon", 8),
    ("__import__('os')", "quotes", 11),
    ("__import__(x)", "__import__", 0),
    ("9**9**9**9", "too large", 6),
    ("x + 9^9^9^9", "too large", None),
    ("(" * 10_000 + "x" + ")" * 10_000, "characters", None),
    ("(" * 240 + "x" + ")" * 240, "", None),
    ("", "empty", None),
    ("   ", "empty", None),
    ("3 + pi", "no variable", None),
    ("x + y + z + u + v", "", None),
    ("x +", "ends", None),
    ("sin x", "sin", None),
    ("x == 1", "equals", 2),
    ("[x]", "brackets", 0),
    ("x if x else y", "", None),
    ("x\0", "", 1),
    ("x and y", "", None),
    ("x; y", "", 1),
    ("x @ y", "", 2),
    ("f'{x}'", "", None),
    ("x := 3", "", None),
    ("(x + 1", "", None),
    ("x + w", "", None),
]


@pytest.mark.parametrize(("text", "said", "position"), REFUSED, ids=[text[:20] or "empty" for text, *_ in REFUSED])
def test_what_is_no_formula_is_refused_with_its_place(text, said, position):
    with pytest.raises(ls.FormulaError) as caught:
        ls.formula(text, BOX)
    assert said in str(caught.value)
    if position is not None:
        assert caught.value.position == position


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("x**2 - y**2", lambda x, y: x**2 - y**2),
        ("x^2 - y^2", lambda x, y: x**2 - y**2),
        ("2*x*y - 3/(1 + y^2)", lambda x, y: 2 * x * y - 3 / (1 + y**2)),
        ("-x^2 + 2^-y", lambda x, y: -(x**2) + 2.0**-y),
        ("2^3^x", lambda x, y: 2.0 ** (3.0**x)),
        ("sin(pi*x)*exp(-y) + e", lambda x, y: np.sin(np.pi * x) * np.exp(-y) + np.e),
        ("sqrt(x^2 + 1) + abs(y) + log(3 + x)", lambda x, y: np.sqrt(x**2 + 1) + abs(y) + np.log(3 + x)),
        ("tanh(x) + atan(y) + cosh(x*y)", lambda x, y: np.tanh(x) + np.arctan(y) + np.cosh(x * y)),
        ("1e-3*x + .5*y", lambda x, y: 1e-3 * x + 0.5 * y),
        ("x - y - (x - y)*2 / 4", lambda x, y: x - y - (x - y) * 2 / 4),
    ],
)
def test_a_formula_means_what_it_says(text, plain):
    surface = ls.formula(text, BOX)
    x = np.random.default_rng(0).uniform(-1, 1, (20, surface.n_dims))
    second = plain(x[:, 0], x[:, -1])
    assert_allclose(surface.value(x), second, rtol=1e-13, atol=1e-13)


def test_one_variable_by_either_name():
    for text in ("w^2 - 20*w + 100", "x^2 - 20*x + 100"):
        surface = ls.formula(text, ((-5, 25),))
        assert surface.n_dims == 1
        assert surface.value([10.0]) == 0.0
        assert surface.gradient([0.0]).tolist() == [-20.0]
        assert surface.hessian([3.0]).tolist() == [[2.0]]


def test_latex_of_formula_gradient_and_hessian():
    surface = ls.formula("x^2 - y^2", BOX)
    assert surface.latex() == "x^{2} - y^{2}"
    assert "2 x" in surface.gradient_latex()
    assert "- 2 y" in surface.gradient_latex()
    assert "matrix" in surface.hessian_latex()


def test_overflow_and_poles_are_no_warning():
    surface = ls.formula("1/x + exp(exp(y))", BOX)
    assert surface.value([0.0, 0.0]) == np.inf or np.isnan(surface.value([0.0, 0.0]))
    assert surface.value([1.0, 100.0]) == np.inf


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    refusal = refused(text)
    if refusal is not None:
        assert str(refusal)
        assert refusal.position is None or 0 <= refusal.position <= len(text)


def refused(text):
    """What is said against a text; a formula in one variable gets a box of one."""
    try:
        ls.formula(text, BOX[: len(parse(text).variables)])
    except ls.FormulaError as error:
        return error
    return None


@pytest.mark.parametrize(
    "bounds", [((0, 0), (0, 1)), ((1, -1), (0, 1)), ((0, float("nan")), (0, 1)), ((0, 1e400), (0, 1))]
)
def test_a_box_without_inside_is_refused(bounds):
    with pytest.raises(ValueError, match=r"."):
        ls.formula("x + y", bounds)


def test_an_unknown_surface_lists_those_near_it():
    with pytest.raises(ls.UnknownName, match="rosenbrock"):
        ls.surface("rosenbrok")


@pytest.mark.parametrize("text", ["acos(abs(x)/x)", "asin(abs(y)/y) + x^2", "acos(x^-1*abs(x))*y"])
def test_a_derivative_that_divides_by_what_cancels_has_no_value(text):
    surface = ls.formula(text)
    point = np.full((3, surface.n_dims), 0.5)
    assert np.isfinite(surface.value(point)).all()
    assert np.isnan(surface.gradient(point)).any()
    assert np.isnan(surface.hessian(point)).any()
