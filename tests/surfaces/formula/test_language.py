"""Formulas as people type and paste them: what has one meaning is read, what has two is refused and both are shown."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

import landscape as ls
from landscape.surfaces.formula.build import parse, understand
from landscape.surfaces.formula.characters import MINUS, PLUS, PRODUCT, QUOTIENT
from landscape.surfaces.formula.language import read
from landscape.surfaces.formula.names import GREEK
from landscape.surfaces.formula.tree import written
from landscape.surfaces.formula.words import FUNCTIONS

UNDERSTOOD = {
    # Signs from slides and word processors.
    "x² − y²": "x^2 - y^2",
    "2·x³ × y⁴ ÷ 3": "2*x^3*y^4/3",
    "x⁻² + x¹⁰": "x^-2 + x^10",
    "½x + 1½y − ¼": "1/2*x + (1 + 1/2)*y - 1/4",
    "πx + √x + √(x+1)y": "pi*x + sqrt(x) + sqrt(x + 1)*y",
    "x\u00a0+\u2009y\u200b": "x + y",
    "x\u200by": "x*y",
    "（ｘ＋１）＊２": "(x + 1)*2",
    "x^{2}y + e^{-x}": "x^2*y + e^-x",
    "𝑥² + 𝑦²": "x^2 + y^2",
    "∣x∣ + ❘y❘": "abs(x) + abs(y)",
    "x✖️y ➕ y➗2": "x*y + y/2",
    # Capitals of phones and spreadsheets, modules of Python.
    "Sin(x) + EXP(-y^2) + PI*x": "sin(x) + exp(-y^2) + pi*x",
    "np.sin(x)*2math.pi + torch.exp(-y)": "sin(x)*2*pi + exp(-y)",
    # Products without a sign.
    "xy": "x*y",
    "x y": "x*y",
    "2x y^2 + y x": "2*x*y^2 + y*x",
    "x^2 +\n y^2": "x^2 + y^2",
    "x(y+1)": "x*(y + 1)",
    "(x+1)(y-1)": "(x + 1)*(y - 1)",
    "sin(x)cos(y)": "sin(x)*cos(y)",
    "xsin(y)": "x*sin(y)",
    "x^3-3xy^2": "x^3 - 3*x*y^2",
    "x³−3xy²": "x^3 - 3*x*y^2",
    "x^2y^2(x+1)": "x^2*y^2*(x + 1)",
    "(x+1)^2(y-1)^2": "(x + 1)^2*(y - 1)^2",
    "2pix + 2 π y": "2*pi*x + 2*pi*y",
    "2e^x + 1e-3x": "2*e^x + 1e-3*x",
    "e²x + e^(2x)y": "e^2*x + e^(2*x)*y",
    "x^½/2 + √½ + (½)y + x½": "x^(1/2)/2 + sqrt(1/2) + 1/2*y + x*(1/2)",
    # Powers of functions, other spellings, bars.
    "sin^2(x) + cos²(y)": "sin(x)^2 + cos(y)^2",
    "arctan(x) + log_2(y) + log₁₀(x)": "atan(x) + log2(y) + log10(x)",
    "|x| + 2|y|": "abs(x) + 2*abs(y)",
    "|x||y|": "abs(x)*abs(y)",
    "||x| - |y||": "abs(abs(x) - abs(y))",
    "|x - |y||": "abs(x - abs(y))",
    "|2|x| + y|": "abs(2*abs(x) + y)",
    "|-x| + y*|+x - |-y||": "abs(-x) + y*abs(x - abs(-y))",
    # What the usual order of operations says.
    "x/2*y": "x/2*y",
    "-x^2^-y": "-x^(2^-y)",
    "e^-x^2 + y^2^3": "e^(-x^2) + y^(2^3)",
    "e^-(x²+y²)-1": "e^(-(x^2 + y^2)) - 1",
    "e^-x^2+e^-y^2 + x^-2-y": "e^(-x^2) + e^(-y^2) + x^-2 - y",
    "x - (y - 1) - (x*y)": "x - (y - 1) - x*y",
    "(x/2)y": "x/2*y",
    "(-x)^2 + (x^2)^3": "(-x)^2 + (x^2)^3",
    # What would have two meanings without its parentheses keeps them.
    "(e^-x)/y + 2((x^1)/2)": "(e^-x)/y + 2*((x^1)/2)",
}


@pytest.mark.parametrize(("typed", "understood"), UNDERSTOOD.items(), ids=range(len(UNDERSTOOD)))
def test_what_has_one_meaning_is_read(typed, understood):
    variables = ("x", "y")
    assert written(read(typed, variables).tree) == understood
    assert read(understood, variables).tree == read(written(read(understood, variables).tree), variables).tree
    assert ls.formula(typed).understood == understood


def bare(node):
    """A tree without the places of its parts in the text."""
    if not dataclasses.is_dataclass(node):
        return tuple(map(bare, node)) if isinstance(node, tuple) else node
    return type(node), *(bare(getattr(node, f.name)) for f in dataclasses.fields(node) if f.name != "place")


WHOLE = st.recursive(
    st.sampled_from(("x", "y", "1")),
    lambda part: st.one_of(
        st.builds("({}){}({})".format, part, st.sampled_from("+-*/^"), part),
        st.builds("-({})".format, part),
        st.builds("{}({})".format, st.sampled_from(("sin", "sqrt")), part),
    ),
    max_leaves=8,
)


@settings(max_examples=500)
@given(WHOLE)
def test_what_was_understood_is_read_as_the_same(text):
    tree = read(text, ("x", "y")).tree
    assert bare(read(written(tree), ("x", "y")).tree) == bare(tree)


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("e^½x", ["(e^(1/2))*x", "e^(1/2*x)"]),
        ("4^½x", ["(4^(1/2))*x", "4^(1/2*x)"]),
        ("2^½xy", ["(2^(1/2))*x", "2^(1/2*x)"]),
        ("e^½(x+y)", ["(e^(1/2))*(x + y)", "e^(1/2*(x + y))"]),
        ("x^¾y", ["(x^(3/4))*y", "x^(3/4*y)"]),
        ("√½x", ["√( )"]),
        ("√½^x", ["√(1/2)^", "sqrt((1/2)^ )", "sqrt((1/2))^"]),
        ("e^-x^2-y^2", ["e^(-x^2) - y^2", "e^(-x^2 - y^2)"]),
        ("1-2e^-x²+y", ["e^(-x^2) + y", "e^(-x^2 + y)"]),
        ("2^x^2+1", ["2^(x^2) + 1", "2^(x^2 + 1)"]),
        ("e^x y", ["(e^x)*y", "e^(x*y)"]),
        ("e^-2x", ["(e^-2)*x", "e^(-2*x)"]),
        ("e^2x", ["(e^2)*x", "e^(2*x)"]),
        ("1 + e^2x*y", ["(e^2)*x", "e^(2*x)"]),
        ("2^3x", ["(2^3)*x", "2^(3*x)"]),
        ("xe^-y(x+1)", ["(e^-y)*(x + 1)", "e^(-y*(x + 1))"]),
        ("e^xsin(y)", ["(e^x)*sin(y)", "e^(x*sin(y))"]),
        ("x^-2y", ["(x^-2)*y", "x^(-2*y)"]),
        ("x^xy", ["(x^x)*y", "x^(x*y)"]),
        ("x^2x", ["(x^2)*x", "x^(2*x)"]),
        ("x^2πy", ["(x^2)*pi", "x^(2*pi)"]),
        ("x^0.5y", ["(x^0.5)*y", "x^(0.5*y)"]),
        ("x^1/2", ["(x^1)/2", "x^(1/2)"]),
        ("x^-1/2", ["(x^-1)/2", "x^(-1/2)"]),
        ("e^-x^2/2", ["(e^(-x^2))/2", "e^(-x^2/2)"]),
        ("1 - e^-(x²+y²)/2", ["(e^(-(x^2 + y^2)))/2", "e^(-(x^2 + y^2)/2)"]),
        ("e^x²/y", ["(e^(x^2))/y", "e^(x^2/y)"]),
        ("x(1)^2 + x(2)^2", ["x*1", "x_1"]),
        ("2x3 + 1", ["x_3", "x^3"]),
        ("LOG(x)", ["log10( )", "ln( )"]),
        ("1/2x", ["(1/2)*x", "1/(2*x)"]),
        ("x/2(y+1)", ["(x/2)*(y + 1)", "x/(2*(y + 1))"]),
        ("1/xy", ["(1/x)*y", "1/(x*y)"]),
        ("1÷2x", ["(1/2)*x", "1/(2*x)"]),
        ("1/-2x", ["(1/-2)*x", "1/(-2*x)"]),
        ("sin(x)/2cos(y)", ["(sin(x)/2)*cos(y)", "sin(x)/(2*cos(y))"]),
        ("2e-2x", ["2e-2*x", "2*e - 2*x"]),
        ("sin^-1(x)", ["asin( )", "1/sin( )"]),
        ("cos⁻¹(x)", ["acos( )", "1/cos( )"]),
        ("e(x+1)", ["e*( )", "exp( )"]),
        ("lg(x)", ["log10( )", "log2( )"]),
        ("√x²", ["sqrt(x^ )", "sqrt(x)^"]),
        ("√2x", ["√( )"]),
        ("|x|y|x|", ["abs( )"]),
    ],
)
def test_what_has_two_meanings_is_refused_and_both_are_shown(text, readings):
    with pytest.raises(ls.FormulaError) as refused:
        ls.formula(text)
    for reading in readings:
        assert reading in str(refused.value)
    assert refused.value.position is not None


@pytest.mark.parametrize(
    ("plain", "sign"),
    [(plain, sign) for plain, signs in zip("*-/+", (PRODUCT, MINUS, QUOTIENT, PLUS), strict=True) for sign in signs],
)
def test_every_sign_means_the_plain_one(plain, sign):
    assert understand(f"x{sign}y").tree == understand(f"x{plain}y").tree


@pytest.mark.parametrize(
    ("text", "variables", "shown"),
    [
        ("u^2 + v^2", ("u", "v"), ("u", "v")),
        ("v - u", ("u", "v"), ("u", "v")),
        ("t^2", ("t",), ("t",)),
        ("θ²", ("theta",), ("θ",)),
        ("sin(theta) + φ", ("theta", "phi"), ("θ", "φ")),
        ("x_1^2 + x₂^2", ("x1", "x2"), ("x1", "x2")),
        ("w1 - w0", ("w0", "w1"), ("w0", "w1")),
        ("w0w1", ("w0", "w1"), ("w0", "w1")),
        ("w0 w1", ("w0", "w1"), ("w0", "w1")),
        ("u v", ("u", "v"), ("u", "v")),
        ("x_{1} - x_{2}^{2}", ("x1", "x2"), ("x1", "x2")),
        ("x_{0}x_{1}", ("x0", "x1"), ("x0", "x1")),
        ("w_2", ("w1", "w2"), ("w1", "w2")),
        ("θ_0 + θ₁", ("theta0", "theta1"), ("θ0", "θ1")),
        ("z^2", ("z",), ("z",)),
        ("y^2", ("x", "y"), ("x", "y")),
        ("b^2", ("w", "b"), ("w", "b")),
        ("λ^2", ("lamda",), ("λ",)),
    ],
)
def test_names_are_coordinates_in_a_fixed_order(text, variables, shown):
    surface = ls.formula(text)
    assert surface.variables_ == variables
    assert surface.variables == shown
    x = np.random.default_rng(0).uniform(-1, 1, (5, surface.n_dims))
    assert np.isfinite(surface.hessian(x)).all()
    assert ls.surfaces.from_recipe(surface.recipe()) == surface
    assert ls.formula(surface.understood).variables_ == variables


@pytest.mark.parametrize("letter", GREEK)
def test_every_greek_letter_is_a_coordinate(letter):
    surface = ls.formula(f"{letter}^2 + {letter}")
    assert surface.variables == (letter,)
    assert surface.gradient([2.0]).tolist() == [5.0]
    assert surface.tape(1).statements() is not None
    assert surface.latex()


def test_names_do_not_change_the_surface():
    in_x = ls.formula("x1^2 - 3 x1*x2")
    in_u = ls.formula("u² − 3uv")
    x = np.random.default_rng(1).normal(size=(10, 2))
    assert_allclose(in_u.hessian(x), in_x.hessian(x), rtol=0, atol=0)


@pytest.mark.parametrize(
    ("text", "said", "position"),
    [
        ("x + w", "does not go together", 4),
        ("x + y + z", "does not go together", 8),
        ("sinx", "sin(x)", 0),
        ("sin½x", "argument in parentheses", 0),
        ("2ln½x", "argument in parentheses", 1),
        ("sqr(x)", "sqrt", 0),
        ("x + log_3(x)", "log( )/log(3)", 4),
        ("w0 + w1x", "does not go together", 7),
        ("x*cosy", "cos(y)", 2),
        ("x 2", "operator is missing", 2),
        ("x½ + 1x½2", "operator is missing", 8),
        ("i*x", "imaginary", 0),
        ("х + 1", "cyrillic", 0),
        ("1,5x", "decimal sign is a dot", 1),
        ("x + \\frac{x}{2}", "LaTeX", 4),
        ("sin^2 x", "parentheses", 0),
        ("∛x", "cube root", 0),
        ("|x", "bars", 0),
        ("x|", "bars", 1),
        ("x*|*y|", "bars", 2),
        ("x₁2", "index", 2),
        ("x_{1}2", "index", 5),
        ("x_{1+2}", "x1 for an index", 2),
        ("x[0]", "x1 for an index", 1),
        ("x4 - x2", "does not go together", 5),
        ("x′", "prime", 1),
        ("log₂x", "log_2(x)", 0),
        ("pow(x, 2)", "x^2", 0),
        ("cot(x)", "1/tan( )", 0),
        ("expm1(x)", "unknown function", 0),
        ("1e-400x", "too small", 0),
        ("x +* y", "does not fit", 3),
        ("max(x)", "2 to 4 arguments", 0),
        ("()", "does not fit", 1),
        ("x^", "ends", 1),
        ("x = y = 1", "equals", 2),
    ],
)
def test_a_refusal_names_the_place_and_what_is_allowed(text, said, position):
    with pytest.raises(ls.FormulaError) as refused:
        ls.formula(text)
    assert said in str(refused.value)
    assert refused.value.position == position


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_function_is_known_by_its_number_of_arguments(function):
    low, high = FUNCTIONS[function]
    arguments = ["x/9", "y/9", "1", "2"]
    for n in (low - 1, high + 1):
        with pytest.raises(ls.FormulaError, match=rf"{function} takes|does not fit"):
            parse(f"{function}({', '.join((arguments * 2)[:n])}) + x")
    for n in range(low, high + 1):
        assert np.isfinite(ls.formula(f"{function}({', '.join(arguments[:n])}) + x*y").value([0.5, 0.5]))
