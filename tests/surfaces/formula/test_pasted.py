"""Formulas as people paste them from slides, papers, spreadsheets, code: read in one way, or refused with a reason."""

import numpy as np
import pytest

import landscape as ls
from landscape.surfaces.formula import build

READ = {
    # from slides and papers
    "√(x²+y²)": "sqrt(x^2 + y^2)",
    "|x−1|": "abs(x - 1)",
    "∣x∣": "abs(x)",
    "x⁻²": "x^-2",
    "½x²": "1/2*x^2",
    "1½x": "(1 + 1/2)*x",
    "θ₁² + θ₂²": "θ1^2 + θ2^2",
    "x_{1}^2 + x_{2}^2": "x1^2 + x2^2",
    "e^{-x^2-y^2}": "e^(-x^2 - y^2)",
    "xe^{-x^2-y^2}": "x*e^(-x^2 - y^2)",
    "e^−x²": "e^(-x^2)",
    "sin^{2}(x)": "sin(x)^2",
    "log_{2}(x)": "log2(x)",
    "x·y": "x*y",
    "x ÷ y": "x/y",
    "3(x-1)(x+2)y": "3*(x - 1)*(x + 2)*y",
    "xsin(x)": "x*sin(x)",
    "x²y³": "x^2*y^3",
    "xy²": "x*y^2",
    "2√x": "2*sqrt(x)",
    "f(x,y) = x² − y²": "x^2 - y^2",
    "f(x₁, x₂) = x₁² − x₂²": "x1^2 - x2^2",
    "J(w) = w² − 20w + 100": "w^2 - 20*w + 100",
    "L(w, b) = (w+b)²": "(w + b)^2",
    "z = x^2 + y^2": "x^2 + y^2",
    "y = 2x + 3": "2*x + 3",
    "f(θ)=θ²": "θ^2",
    # from spreadsheets
    "=X^2+Y^2": "X^2 + Y^2",
    "=SIN(X)*COS(Y)": "sin(X)*cos(Y)",
    "=2-X^2": "2 - X^2",
    "=-(X^2)": "-X^2",
    "=X+(-X)^2": "X + (-X)^2",
    "=LN(X)+LOG10(X)": "ln(X) + log10(X)",
    "=(-X)^2": "(-X)^2",
    "ABS(X-1)": "abs(X - 1)",
    # from code
    "np.sin(x)**2": "sin(x)^2",
    "math.exp(-x)": "exp(-x)",
    "torch.relu(x)": "relu(x)",
    "x**2+y**2": "x^2 + y^2",
    "1e-3x": "1e-3*x",
}

REFUSED = {
    r"\frac{1}{2}x^2": "backslash",
    r"\sin x": "backslash",
    r"2\pi x": "backslash",
    "$x^2$": "allowed are",
    "sin x": "argument in parentheses",
    "2sin x cos y": "argument in parentheses",
    "sin2x": "argument in parentheses: sin(2x)",
    "tan^-1(x)": "two ways",
    "1/2x": "two ways",
    "e^2x": "two ways",
    "√2x": "two ways",
    "x2+y2": "go together",
    "0,5x": "the decimal sign is a dot",
    "1.000,5*x": "the decimal sign is a dot",
    "=-X^2": "a spreadsheet reads this power otherwise",
    "=2*(-X^2)": "a spreadsheet reads this power otherwise",
    "=2^X^2": "(2^X)^2, not 2^(X^2)",
    "=2^(X)^2": "(2^X)^2, not 2^(X^2)",
    "=x+-x^2": "(-x)^2, not -(x^2)",
    "=x--x^2": "(-x)^2, not -(x^2)",
    "=+-x^2": "(-x)^2, not -(x^2)",
    "=-+x^2": "(-x)^2, not -(x^2)",
    "=-SIN(X)^2": "(-sin(X))^2, not -(sin(X)^2)",
    "=1/-0.5^X": "(-0.5)^X, not -(0.5^X)",
    "=(X+1)^2^3": "((X + 1)^2)^3, not (X + 1)^(2^3)",
    "=log(x)": "two ways: log10( ), as in a spreadsheet, or ln( )",
    "=xlog(y)": "two ways: log10( ), as in a spreadsheet, or ln( )",
    "=Log(x)+x": "two ways: log10( ), as in a spreadsheet, or ln( )",
    "x^2\ny^2": "operator is missing",
    "x\ty": "operator is missing",
    "=A1^2+B1^2": "go together",
    "POWER(X,2)": "a power is written with ^",
    "LOG(X)": "two ways",
    "lambda x, y: x*y": "colon",
    "np.power(x, 2)": "a power is written with ^",
    "x^2 // 2": "whole-number division",
    "x == y": "equals sign",
    "x^2 + y^2 - 1 = 0": "equals sign",
    "x = x^2": "both sides",
    "f(x) = x^2 + y^2": "unknown name 'y'",
    "f(x, q) = x*q": "go together",
    "z = 3": "no variable",
    "∂f/∂x": "derivatives",
    "x!": "factorials",
    "x ± 1": "two meanings",
    "ax^2+bx+c": "unknown name 'ax'",
}


@pytest.mark.parametrize("text", READ)
def test_it_is_read_as_it_is_meant_and_says_so(text):
    surface = ls.formula(text)
    assert surface.understood == READ[text]
    again = ls.formula(READ[text], surface.domain)
    grid = surface.domain.grid((7,) * surface.n_dims)
    np.testing.assert_array_equal(again.value(grid), surface.value(grid))


@pytest.mark.parametrize("text", REFUSED)
def test_it_is_refused_with_the_reason_and_a_place_in_the_text(text):
    with pytest.raises(ls.FormulaError, match=r".") as refused:
        ls.formula(text)
    assert REFUSED[text] in str(refused.value)
    assert refused.value.position is None or 0 <= refused.value.position < len(text)


def test_the_coordinates_of_a_left_hand_side_are_those_of_the_surface():
    assert ls.formula("f(x, y) = x^2").variables == ("x", "y")
    assert ls.formula("f(y, x) = x - 2y").variables == ("x", "y")
    assert ls.formula("y = x^2").variables == ("x",)
    assert build.understand("g(u,v)=u").variables == ("u", "v")
    text = "f(x, y) = x^2"
    again = ls.surfaces.from_recipe(ls.formula(text).recipe())
    assert (again.expression, again.variables) == (text, ("x", "y"))
