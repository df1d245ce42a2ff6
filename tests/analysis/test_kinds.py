"""What a critical point is, and whether it is one: where the Hessian is singular, in tails, on lines.

Each specimen stands for its kind, and every way to ask has to agree: a descent, an ensemble, the list of points.
"""

from collections import Counter

import numpy as np
import pytest
import sympy
from hypothesis import example, given, settings
from hypothesis import strategies as st

import landscape as ls
from landscape.curvature.critical import kind_by_sampling, polish
from landscape.curvature.point import CriticalPoint

LINE, SQUARE = ((-2, 2),), ((-2, 2), (-2, 2))

# formula, domain, a place next to the critical point, what it is
SINGULAR = [
    ("x - sin(x)", ((-10, 10),), [6.29], "saddle"),
    ("x^3", LINE, [0.01], "saddle"),
    ("x^5 + x^4*0", LINE, [0.01], "saddle"),
    ("x^3 - 3000*x^2 + 3000000*x - 1e9", ((990, 1010),), [1000.001], "saddle"),  # (x - 1000)^3, seen through rounding
    ("x^4", LINE, [0.01], "minimum"),
    ("3 - x^6", LINE, [0.01], "maximum"),
    ("1 + x^12", LINE, [0.01], "minimum"),  # level to rounding for a fifth of its domain
    ("cosh(x) - 1 - x^2/2", LINE, [0.01], "minimum"),
    ("(y - x^2)*(y - 3*x^2)", SQUARE, [0.0, 0.0], "saddle"),  # Peano: a minimum along every straight line
    ("1 + (y - x^2)*(y - 3*x^2)", SQUARE, [0.0, 0.0], "saddle"),
    ("(y - x^2)*(y - 3*x^2)*(x^2 + y^2)", SQUARE, [0.0, 0.0], "saddle"),
    ("(x^2 - y^3)*(x^2 - 2*y^3)", SQUARE, [0.0, 9e-15], "saddle"),  # falls between two cusps that touch the axis
    ("(x^2 + y^3)*(x^2 + 1.2*y^3)", SQUARE, [0.0, -9e-15], "saddle"),
    ("(x^2 - y^3)^2 + y^8", SQUARE, [0.0, 0.0], "minimum"),
    ("(x - y - y^2)*(x - y - 2*y^2)", SQUARE, [0.0, 0.0], "saddle"),
    ("(y + 1.3 - (x - 0.7)^4)*(y + 1.3 - 2*(x - 0.7)^4)", SQUARE, [0.7, -1.3], "saddle"),  # as flat as numbers are
    ("(y - x^2)^2 + x^6", SQUARE, [0.0, 0.0], "minimum"),
    ("x^4 + y^4", SQUARE, [0.0, 0.0], "minimum"),
    ("x^2 + y^3", SQUARE, [0.0, 0.0], "saddle"),
    ("x^3 - 3*x*y^2", SQUARE, [0.0, 0.0], "saddle"),
    ("x^2 + 0*y", SQUARE, [0.0, 1.0], "minimum"),
    ("(x^2 + y^2 - 1)^2", SQUARE, [0.6, 0.8], "minimum"),
    ("(x^2 + y^2 - 1)^3", SQUARE, [0.6, 0.8], "saddle"),
    ("(x*y)^2", SQUARE, [0.0, 0.0], "minimum"),
    ("x^2*y", SQUARE, [0.0, 0.5], "minimum"),
    ("x^2*y", SQUARE, [0.0, -0.5], "maximum"),
    ("x^2*y", SQUARE, [0.0, 0.0], "saddle"),
    ("y^2 + relu(abs(x) - 1)^3", SQUARE, [0.2, 0.0], "minimum"),  # the floor of a trough
    ("y^2 + sigmoid(-900*x)", SQUARE, [-1.9, 0.0], "degenerate"),  # its derivative underflows
    ("y^2 + sigmoid(-900*x)", SQUARE, [1.9, 0.0], "degenerate"),
    ("(x - y)^2 + sigmoid(-300*(x + y))", SQUARE, [1.5, 1.5], "degenerate"),
]


@pytest.mark.parametrize(("text", "domain", "near", "kind"), SINGULAR, ids=[f"{s[0]} at {s[2]}" for s in SINGULAR])
def test_a_singular_point_is_what_the_ground_round_it_says(text, domain, near, kind):
    surface = ls.formula(text, domain=domain)
    run = ls.descend(surface, ls.SGD(learning_rate=1e-12), [near], 3)
    verdict = run.outcomes[0].word
    assert verdict == {"degenerate": "plateau"}.get(kind, kind)
    assert ls.ensemble(surface, ls.SGD(learning_rate=1e-12), [near], 3).outcomes[0].word == verdict
    point = polish(surface, near)
    assert point.kind == "degenerate"  # the Hessian alone tells none of them
    assert kind_by_sampling(surface, point) == kind


def test_a_point_that_straight_lines_take_for_a_minimum_is_followed_along_its_valley():
    surface = ls.formula("(y - x^2)*(y - 3*x^2)", domain=SQUARE)
    origin = CriticalPoint.at(surface, [0.0, 0.0])
    assert kind_by_sampling(surface, origin) == "saddle"
    way = np.random.default_rng(0).standard_normal((500, 2)) * 1e-3
    assert (surface.value(way) > 0).mean() > 0.99  # so random lines do not see it


# Kinds that differ at one height, and a multiple root next to an extremum: (formula, domain, places, what they are)
MAXIMA = ["maximum", "maximum", "minimum"]
SHARED = [
    ("(x - 1)^3*(x + 1)^4", LINE, [[1.0], [-1.0]], ["saddle", "maximum"]),
    ("x^4*y", SQUARE, [[0.0, 1.0], [0.0, -1.0], [0.0, 0.0]], ["minimum", "maximum", "saddle"]),
    ("(x^2 + y^2 - 1)^4*x^3", SQUARE, [[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0]], ["minimum", "maximum", "saddle"]),
    ("x^3*y^2", SQUARE, [[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0]], ["minimum", "maximum", "saddle"]),
    # -(x - 1)^3 (x - 17/20) and -(x - 1)^3 (x - 9/10), integrated
    ("-x^5/5 + 77*x^4/80 - 37*x^3/20 + 71*x^2/40 - 17*x/20", LINE, [[1.0], [0.994], [0.85]], MAXIMA),
    ("-x^5/5 + 39*x^4/40 - 19*x^3/10 + 37*x^2/20 - 9*x/10", LINE, [[1.0], [0.994], [0.9]], MAXIMA),
]


@pytest.mark.parametrize(("text", "domain", "places", "kinds"), SHARED, ids=[s[0] for s in SHARED])
def test_points_of_one_height_keep_their_own_kinds(text, domain, places, kinds):
    surface = ls.formula(text, domain=domain)
    for ask in (ls.descend, ls.ensemble):
        assert [o.word for o in ask(surface, ls.SGD(learning_rate=1e-12), places, 3).outcomes] == kinds


TAILS = [
    ("sigmoid(-20*x) + y^2/20", ((-4, 4), (-3, 3)), [[-3.0, 0.0], [3.5, 0.0], [-3.9, 0.01]]),
    ("exp(-x) + y^2", ((-50, 50), (-2, 2)), [[40.0, 0.0]]),
    ("exp(-x)", ((-50, 50),), [[30.0], [49.0]]),
    ("tanh(x)", ((-50, 50),), [[-30.0], [30.0]]),
    ("softplus(x)", ((-60, 60),), [[-50.0]]),
    ("1/(1 + x^2)", ((-1e4, 1e4),), [[9e3]]),
    ("-exp(-x^2)", ((-50, 50),), [[7.0]]),
    ("-exp(-exp(x))", ((-10, 10),), [[5.0], [-9.0]]),
    ("(x - y)^2/20 + sigmoid(-20*(x + y))", ((-4, 4), (-3, 3)), [[2.0, 2.0], [-2.0, -2.0]]),
    ("tanh(20*x) + tanh(20*y)", ((-4, 4), (-4, 4)), [[2.0, -3.0]]),
]


@pytest.mark.parametrize(("text", "domain", "starts"), TAILS, ids=[t[0] for t in TAILS])
def test_a_tail_is_a_plateau_whoever_is_asked(text, domain, starts):
    surface = ls.formula(text, domain=domain)
    rule = ls.SGD(learning_rate=0.1)
    assert {outcome.word for outcome in ls.descend(surface, rule, starts, 5).outcomes} == {"plateau"}
    assert {outcome.word for outcome in ls.ensemble(surface, rule, starts, 5).outcomes} == {"plateau"}


def test_the_plateaus_of_the_steepest_cliff_hold_no_minimum():
    cliff = ls.surface("sigmoid_cliff", steepness=20)
    b = ls.basins(cliff, ls.SGD(learning_rate=0.5), (24, 24), 400)
    assert b.summary[0].shares[ls.Outcome.MINIMUM] == 0.0
    assert not b.minima
    assert len(ls.critical_points(cliff)) == 0


def test_no_point_is_where_f_has_no_value():
    for text in ("log(x) + x", "sqrt(x) + x", "log(-x) - x"):
        found = ls.critical_points(ls.formula(text, domain=((-3, 3),)))
        assert all(np.isfinite(point.value) for point in found)
    assert len(ls.critical_points(ls.formula("log(x) + x", domain=((-3, 3),)))) == 0
    (minimum,) = ls.critical_points(ls.formula("x - log(x)", domain=((-3, 3),)))
    assert minimum.kind == "minimum"


def _integrated(variable, roots):
    """Return the integral, as text, of the product of (variable - root)^multiplicity over ``roots``."""
    z = sympy.Symbol(variable)
    slope = sympy.prod((z - sympy.Rational(root)) ** m for root, m in roots.items())
    return str(sympy.horner(sympy.integrate(sympy.expand(slope), z))).replace("**", "^")


def test_multiple_zeros_that_no_winding_number_tells_are_all_found():
    along_x = {"-0.386": 4, "-0.791": 4}
    along_y = {"0.52": 3, "-1.276": 2, "-0.382": 2}
    found = ls.critical_points(ls.formula(f"{_integrated('x', along_x)} + {_integrated('y', along_y)}", domain=SQUARE))
    places = {tuple(np.round(point.x, 2)) for point in found}
    assert places == {(round(float(x), 2), round(float(y), 2)) for x in along_x for y in along_y}
    assert found.complete
    assert set(found.kinds_round) == {"saddle"}


@pytest.mark.parametrize("roots", [{"0.615": 3}, {"-0.912": 3, "1.1": 1}, {"0.849": 3, "-1.207": 2}, {"0.3": 5}])
def test_a_multiple_root_is_no_pole(roots):
    found = ls.critical_points(ls.formula(_integrated("x", roots), domain=LINE))
    assert found.complete
    assert np.allclose(sorted(point.x[0] for point in found), sorted(map(float, roots)), atol=1e-2)


@pytest.mark.parametrize("text", ["(y - x^2)^2 + x^8", "1e6*((y - x^2)^2 - x^8)", "(y - x^3)^2 + x^10"])
def test_a_point_that_is_level_to_rounding_far_along_its_valley_is_one(text):
    (point,) = ls.critical_points(ls.formula(text, domain=SQUARE))
    assert np.allclose(point.x, 0.0, atol=0.03)


# formula, how many lines of each kind
LINES = [
    ("x^3 + 0*y", {"saddle": 1}),
    ("x^3*y^3", {"saddle": 2}),
    ("x^2*(y^2 - 1)^2", {"minimum": 3}),
    ("(x*y)^2", {"minimum": 2}),
    ("x^2*y^4", {"minimum": 2}),
    ("x^2*y", {"minimum": 1, "maximum": 1}),
    ("y^2*sin(2*x)", {"minimum": 2, "maximum": 2}),
    ("(x^2 + y^2 - 1)^2", {"minimum": 1}),
    ("((x^2 + y^2 - 1)*(x^2 + y^2 - 2.25))^2", {"minimum": 2, "maximum": 1}),
    ("((x^2 + y^2)^2 - 2*(x^2 - y^2))^2", {"minimum": 1}),  # a figure of eight
    ("x^2*(x - y)^2", {"minimum": 2}),
    ("x^2*y^2*(x + y - 1)^2", {"minimum": 3}),
    ("(x^2 - 1)^2*(y^2 - 1)^2", {"minimum": 4}),
    ("-(y - sin(3*x))^4", {"maximum": 1}),
    ("(x^2 + y^2 - 1e-4)^2", {"minimum": 1}),  # rings that fit into a cell
    ("(x^2 + y^2 - 1e-10)^2", {"minimum": 1}),
    ("((x - 0.3)^2 + 4*(x + y)^2 - 1e-7)^2*(1 + x^2)", {"minimum": 1}),
    ("(x^2 + 4*y^2 - 1)^2*(x - 0.2)", {"minimum": 1, "maximum": 1}),  # closed, and cut where it changes only
]


@pytest.mark.parametrize(("text", "kinds"), LINES, ids=[t[0] for t in LINES])
def test_lines_are_found_whole_each_once_with_a_kind_each(text, kinds):
    surface = ls.formula(text, domain=SQUARE)
    found = ls.critical_points(surface)
    assert Counter(found.line_kinds) == kinds
    assert found.complete is None
    assert "at least these" in found.statement
    for line in found.lines:
        middles = (line[1:] + line[:-1]) / 2
        sizes = np.linalg.norm(surface.gradient(np.concatenate([line, middles])), axis=-1)
        assert sizes.max() < 1e-3 * np.linalg.norm(surface.gradient(surface.domain.grid((9, 9))), axis=-1).max()


def _half_axis(least, most):
    return st.floats(least, most).map(lambda number: round(number, 3))


@settings(max_examples=15, deadline=None)
@example(1.5, 1.5, 0.0, 0.0, 0.0, True)  # touches all four edges
@example(0.058, 0.24, 0.41, -0.47, -0.51, False)  # sharper than the cells at both ends
@example(0.1, 1.014, 0.1, 0.0, 0.0, False)  # in two pieces, which meet where it turns back
@example(1.014, 0.109, 0.0, 0.0, 0.0, False)  # followed round a sharp end beyond where it began
@example(1.2, 0.1, 0.5, 0.0, 0.0, False)  # turns within a step
@given(_half_axis(0.1, 1.2), _half_axis(0.1, 1.2), *[_half_axis(-0.5, 0.5)] * 3, st.booleans())
def test_a_ring_is_one_closed_line_round_one_point(a, b, slant, x0, y0, tight):
    ring = f"((x - {x0})/{a} + {slant}*(y - {y0}))^2 + ((y - {y0})/{b})^2"
    box = ((x0 - a * np.hypot(1, slant * b), x0 + a * np.hypot(1, slant * b)), (y0 - b, y0 + b)) if tight else SQUARE
    found = ls.critical_points(ls.formula(f"({ring} - 1)^2", domain=box))
    (line,) = found.lines
    assert np.array_equal(line[0], line[-1])
    assert found.line_kinds == ("minimum",)
    (top,) = found
    assert top.kind == "maximum"


@pytest.mark.parametrize("text", ["exp(-1/(x^2 + y^2))", "exp(-1/(x^2 + 3*(x - y)^2))", "exp(-1/x^2) + exp(-1/y^2)"])
def test_ground_that_is_level_to_rounding_is_no_crowd_of_points(text):
    found = ls.critical_points(ls.formula(text, domain=SQUARE))
    assert len(found) <= 1
    assert "flat to within rounding" in found.statement
    assert found.complete is None


LEVEL = [
    ("x^2 + y^12", "minimum"),
    ("x^2 - y^14", "saddle"),
    ("(x + y)^2 + (x - y)^12", "minimum"),
    ("y^2 + x^60", "minimum"),
    ("y^2 + exp(-1/x^2)", "minimum"),
]


@pytest.mark.parametrize(("text", "kind"), LEVEL, ids=[t[0] for t in LEVEL])
def test_a_point_that_is_level_to_rounding_along_a_direction_is_no_line(text, kind):
    found = ls.critical_points(ls.formula(text))
    assert not found.lines
    assert found.kinds_round == (kind,)


def test_what_the_picture_leaves_of_a_ring_may_be_short():
    found = ls.critical_points(ls.formula("cos(2*(x^2 + y^2))", domain=SQUARE))
    assert Counter(found.line_kinds) == {"minimum": 9, "maximum": 5}  # two rings, and four arcs of three more


def test_the_lines_of_the_gallery_are_whole():
    chain = ls.critical_points(ls.surface("deep_linear_chain"))
    assert Counter(chain.line_kinds) == {"minimum": 4, "maximum": 2}  # the hyperbolas and both axes
    axes = [line for line, kind in zip(chain.lines, chain.line_kinds, strict=True) if kind == "maximum"]
    assert all(np.ptp(line, axis=0).max() > 3.1 for line in axes)
    level = ls.surface("staircase", flatness=1)
    stairs = ls.critical_points(level)
    rings = [line for line in stairs.lines if np.array_equal(line[0], line[-1])]
    assert len(rings) == 5  # r^2 = 1/4, 3/4, 5/4, 7/4 and 9/4, which touches the edges of the picture
    assert Counter(stairs.line_kinds) == {"saddle": 5 + 4 * 4}  # further out the picture leaves four arcs of each
    assert stairs.counts == {"minimum": 1}


def test_a_line_of_inflections_is_never_a_minimum_of_a_map():
    b = ls.basins(ls.formula("x^3 + 0*y", domain=SQUARE), ls.SGD(learning_rate=0.01), (8, 8), 3000)
    assert not b.minima


# Strictly increasing: each term is, and so are sums of them and what one makes of another.
RISING = ("x", "x^3", "x - sin(x)", "tanh(3*x)", "sigmoid(9*x)", "exp(x)", "x^5 + x", "softplus(4*x)", "sinh(x)")
CONVEX = ("x^2", "x^4", "exp(x)", "exp(-x)", "softplus(3*x)", "cosh(x)", "sqrt(1 + x^2)", "x^6 + x")
NUMBERS = st.floats(-2.0, 2.0).map(lambda c: round(c, 3))
SIZES = st.floats(0.1, 3.0).map(lambda c: round(c, 3))


@st.composite
def sums(draw, of, variable="x"):
    """Return a sum of one to three terms, each moved and stretched."""
    terms = draw(st.lists(st.tuples(SIZES, st.sampled_from(of), NUMBERS), min_size=1, max_size=3))
    return " + ".join(f"{size}*({_at(term, f'({variable} - ({shift}))')})" for size, term, shift in terms)


def _at(term, place):
    return "".join(place if part == "x" else part for part in _split(term))


def _split(term):
    """Return a term in pieces, "x" the variable alone, not the x of exp."""
    pieces, number = [], 0
    while number < len(term):
        step = 3 if term.startswith("exp", number) else 4 if term.startswith("max(", number) else 1
        pieces.append(term[number : number + step])
        number += step
    return pieces


@settings(max_examples=25, deadline=None)
@example("2.6*(x^5 + x)", "exp(x/9)", 1)  # a path runs to -2e31, where the slope is 0 to rounding
@given(sums(RISING), st.sampled_from(["x", "tanh(x)", "x^3", "exp(x/9)"]), st.sampled_from([1, -1]))
def test_what_rises_everywhere_has_no_extremum(inner, outer, sign):
    surface = ls.formula(f"{sign}*({_at(outer, f'({inner})')})", domain=((-4, 4),))
    found = ls.critical_points(surface)
    assert {"minimum", "maximum"}.isdisjoint(found.counts)
    assert {"minimum", "maximum"}.isdisjoint([*found.kinds_round, *found.line_kinds])
    starts = np.linspace(-4, 4, 9)[:, None]
    words = [outcome.word for outcome in ls.descend(surface, ls.SGD(learning_rate=0.01), starts, 60).outcomes]
    assert {"minimum", "maximum"}.isdisjoint(words)
    again = [outcome.word for outcome in ls.ensemble(surface, ls.SGD(learning_rate=0.01), starts, 60).outcomes]
    assert {"minimum", "maximum"}.isdisjoint(again)


@settings(max_examples=8, deadline=None)
@given(sums(RISING), sums(RISING, "y"))
def test_a_sum_of_such_functions_has_none_in_the_plane_either(one, other):
    found = ls.critical_points(ls.formula(f"{one} + {other}", domain=((-4, 4), (-4, 4))))
    assert {"minimum", "maximum"}.isdisjoint([*found.counts, *found.kinds_round, *found.line_kinds])


@settings(max_examples=25, deadline=None)
@given(sums(CONVEX))
def test_what_is_convex_has_one_minimum_at_most(text):
    surface = ls.formula(text, domain=((-4, 4),))
    found = ls.critical_points(surface)
    assert len(found) + len(found.lines) <= 1
    assert set(found.kinds_round) <= {"minimum"}
    words = {o.word for o in ls.descend(surface, ls.SGD(learning_rate=0.01), [[-3.0], [0.1], [3.0]], 300).outcomes}
    assert {"saddle", "maximum"}.isdisjoint(words)


# Surfaces of all kinds of points and lines; copies of them, moved, turned and scaled, have the same ones.
COPIED = [
    "x^4 - 2*x^2 + y^2",
    "(y - x^2)*(y - 3*x^2)",
    "x^3 - 3*x*y^2",
    "x^2*y^2",
    "(x^2 + y^2 - 1)^2",
    "x^2 - y^4",
    "x^3 + y^2",
    "sin(3*x) + cos(2*y)",
    "exp(-x^2 - y^2)",
    "tanh(4*x) + y^2",
    "x*y",
    "x + y",
]
WITHIN = 1.85  # what a turned copy has inside this circle lies in the box of the original


@settings(max_examples=12, deadline=None)
@given(
    st.sampled_from(COPIED),
    st.sampled_from([10.0**k for k in range(-6, 7)]),
    st.sampled_from([10.0**k for k in range(-3, 4)]),
    st.sampled_from([0.0, 0.545, 2.1, 4.06]),
    NUMBERS,
    NUMBERS,
)
def test_a_copy_moved_turned_and_scaled_has_the_same_points_of_the_same_kinds(text, height, width, angle, x0, y0):
    original = ls.critical_points(ls.formula(text, domain=SQUARE))
    along, across = f"(x/{width} - ({x0}))", f"(y/{width} - ({y0}))"
    turned = (f"(cos({angle})*{along} + sin({angle})*{across})", f"(cos({angle})*{across} - sin({angle})*{along})")
    terms = "".join({"x": turned[0], "y": turned[1]}.get(part, part) for part in _split(text))
    box = tuple((width * (middle - 2.5), width * (middle + 2.5)) for middle in (x0, y0))
    surface = ls.formula(f"{height}*({terms})", domain=box)
    copy = ls.critical_points(surface)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])

    def inside(found, back):
        points = [(back(point.x), kind) for point, kind in zip(found, found.kinds_round, strict=True)]
        return [(x, kind) for x, kind in points if np.linalg.norm(x) < WITHIN]

    expected = inside(original, lambda x: x)
    met = inside(copy, lambda x: turn @ (x / width - [x0, y0]))
    assert len(met) == len(expected)
    for place, kind in expected:
        assert min(np.linalg.norm(x - place) for x, other in met if other == kind) < 0.02
    assert set(copy.line_kinds) == set(original.line_kinds)
    assert copy.complete in (original.complete, None)
    if copy.points:
        at = [point.x for point in copy]
        words = [outcome.word for outcome in ls.descend(surface, ls.SGD(learning_rate=1e-30), at, 2).outcomes]
        assert all(word in (kind, "plateau", "moving") for word, kind in zip(words, copy.kinds_round, strict=True))
