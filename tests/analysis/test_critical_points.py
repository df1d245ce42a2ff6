"""Critical points: published counts, exact products, index sums, and what cannot be counted is said."""

import numpy as np
import pytest

import landscape as ls
from landscape.analysis import plane_search
from landscape.analysis.critical_points import eigenvectors
from landscape.curvature.critical import declared_points

SQUARE = ((-1, 1), (-1, 1))

# Himmelblau 9, six-hump camel 15, Mueller-Brown 5 as published; the others are products of what each axis has.
COUNTS = {
    "himmelblau": {"minimum": 4, "saddle": 4, "maximum": 1},
    "six_hump_camel": {"minimum": 6, "saddle": 7, "maximum": 2},
    "mueller_brown": {"minimum": 3, "saddle": 2},
    "styblinski_tang": {"minimum": 2 * 2, "saddle": 2 * 2 * 1, "maximum": 1},
    "rastrigin": {"minimum": 11 * 11, "saddle": 2 * 11 * 10, "maximum": 10 * 10},
    "rosenbrock": {"minimum": 1},
}


@pytest.mark.parametrize(("name", "counts"), COUNTS.items(), ids=COUNTS)
def test_all_are_found_certified_and_classified(name, counts):
    surface = ls.surface(name)
    found = ls.critical_points(surface)
    assert found.counts == counts
    assert found.complete, found.statement
    places = np.array([p.x for p in found])
    # Newton's last step would be shorter than rounding allows to see.
    steps = np.linalg.solve(surface.hessian(places), surface.gradient(places)[..., None])[..., 0]
    assert np.linalg.norm(steps, axis=1).max() < 1e-9 * surface.domain.diagonal
    for point in found:
        negative = int((np.linalg.eigvalsh(surface.hessian(point.x)) < 0).sum())
        assert (point.index, point.kind) == (negative, ("minimum", "saddle", "maximum")[negative])


@pytest.mark.parametrize("name", ["himmelblau", "six_hump_camel", "styblinski_tang"])
def test_a_surface_that_rises_all_round_has_index_sum_one(name):
    """Morse: minima - saddles + maxima = 1 where the gradient points outwards everywhere on the edge."""
    counts = ls.critical_points(ls.surface(name), resolution=120).counts
    assert counts["minimum"] - counts.get("saddle", 0) + counts.get("maximum", 0) == 1


def test_every_declared_point_is_found():
    for name in ("himmelblau", "six_hump_camel", "mueller_brown", "styblinski_tang"):
        surface = ls.surface(name)
        places = np.array([p.x for p in ls.critical_points(surface)])
        for declared in declared_points(surface):
            assert np.linalg.norm(places - declared.x, axis=1).min() < 1e-6


def test_eigenvectors_turn_the_hessian_into_its_eigenvalues():
    surface = ls.surface("himmelblau")
    for point in ls.critical_points(surface):
        eigenvalues, rows = eigenvectors(surface, point)
        np.testing.assert_allclose(rows.T @ np.diag(eigenvalues) @ rows, surface.hessian(point.x), rtol=1e-12)


def test_a_slope_has_none_and_that_is_known():
    found = ls.critical_points(ls.formula("x + y", domain=SQUARE))
    assert (len(found), found.complete) == (0, True)


def test_a_line_of_them_is_traced_and_not_counted():
    found = ls.critical_points(ls.formula("x**2", domain=SQUARE))
    assert len(found) == 0
    (line,) = found.lines
    assert found.line_kinds == ("minimum",)
    assert np.abs(line[:, 0]).max() < 1e-6
    assert np.ptp(line[:, 1]) > 1.9
    assert found.complete is None
    assert "fill a line" in found.statement


@pytest.mark.parametrize("text", ["abs(x) + abs(y)", "sqrt(x**2 + y**2)"])
def test_kinks_are_said(text):
    found = ls.critical_points(ls.formula(text, domain=SQUARE))
    assert not found.complete
    assert "kinks" in found.statement


def test_a_pole_is_no_critical_point():
    assert len(ls.critical_points(ls.formula("1/x + y**2", domain=SQUARE))) == 0
    found = ls.critical_points(ls.formula("1/(x**2 + y**2)", domain=SQUARE))
    assert len(found) == 0
    assert not found.complete


def test_a_degenerate_point_is_called_so():
    (point,) = ls.critical_points(ls.surface("monkey_saddle"))
    assert point.kind == "degenerate" or point.index == 1
    assert np.abs(point.eigenvalues).max() < 1e-4


def test_on_a_line():
    found = ls.critical_points(ls.formula("(x**2 - 1)**2", domain=((-2, 2),)))
    assert found.counts == {"minimum": 2, "maximum": 1}
    assert found.complete
    pole = ls.critical_points(ls.formula("1/x**2", domain=((-1, 1),)))
    assert (len(pole), pole.complete) == (0, None)


def test_what_cannot_be_searched_is_refused():
    with pytest.raises(ValueError, match="give starts"):
        ls.critical_points(ls.surface("rastrigin", n_dims=3))
    with pytest.raises(ValueError, match="resolution must be"):
        ls.critical_points(ls.surface("himmelblau"), resolution=100_000)
    with pytest.raises(ValueError, match="dimensions"):
        ls.critical_points(ls.surface("himmelblau"), domain=((-1, 1),))
    with pytest.raises(ValueError, match="low < high"):
        ls.critical_points(ls.surface("himmelblau"), domain=((1, 1), (-1, 1)))


def test_from_given_starts_in_any_dimension():
    found = ls.critical_points(ls.surface("rastrigin", n_dims=3), starts=[[0.1, 0.0, 0.1], [0.45, 0.0, 0.0]])
    assert found.complete is None
    assert {p.index for p in found} == {0, 1}


def test_tiny_heights_are_curved_too():
    found = ls.critical_points(ls.formula("1e-20*((x^2+y-11)^2+(x+y^2-7)^2)", domain=((-6, 6), (-6, 6))))
    assert found.counts == {"minimum": 4, "saddle": 4, "maximum": 1}


def test_easom_has_the_points_of_its_separable_count():
    found = ls.critical_points(ls.surface("easom"), ((-3, 9), (-3, 9)))
    assert found.counts == {"minimum": 13, "saddle": 16, "maximum": 12}
    assert not found.lines
    assert found.complete


def test_lines_that_cross_are_both_traced():
    found = ls.critical_points(ls.formula("x^2*y^2", domain=((-2, 2), (-2, 2))))
    assert len(found.lines) == 2
    ends = [np.ptp(line, axis=0) for line in found.lines]
    assert sorted(np.argmax(ends, axis=1).tolist()) == [0, 1]


def test_more_points_than_changes_of_sign_are_not_called_complete():
    found = ls.critical_points(ls.formula("sin(1/x)", domain=((-1, 1),)))
    assert found.complete is None
    assert "give a higher resolution" in found.statement


def test_a_finer_grid_settles_what_a_coarse_one_cannot():
    found = ls.critical_points(ls.surface("schaffer_2"), ((-10, 10), (-10, 10)))
    assert found.complete
    assert found.counts == {"minimum": 125, "maximum": 128}


def test_what_is_printed_counts_and_lists_nothing():
    himmelblau = repr(ls.critical_points(ls.surface("himmelblau")))
    assert "1 maximum" in himmelblau
    assert "4 saddle" in himmelblau
    assert "array" not in himmelblau
    valley = ls.formula("x^2 + 0*y", domain=((-1, 1), (-1, 1)))
    assert "1 line (minimum)" in repr(ls.critical_points(valley))


@pytest.mark.parametrize(
    ("text", "counts", "complete"),
    [
        ("sqrt(x^2 + y^2 + 1e-6) + cos(4*x)/5", {"minimum": 1}, True),  # a sharp tip, that Newton's steps leap over
        ("x^4 - 1e-5*x^2 + y^2", {"minimum": 2, "saddle": 1}, None),  # three within a cell of the grid
    ],
)
def test_what_lies_within_one_cell_is_found(text, counts, complete):
    found = ls.critical_points(ls.formula(text))
    assert (found.counts, found.complete) == (counts, complete)


def test_points_that_share_a_cell_are_not_called_complete():
    found = ls.critical_points(ls.surface("himmelblau"), ((-1e6, 1e6), (-1e6, 1e6)))
    assert found.complete is None
    assert "share one cell" in found.statement


CROWDED = (
    "sin(x*y)^3 + sin(2*x*y)^3 + sin(3*x*y)^3",
    "sin(40*x)*cos(31*y)",
    "sin(15*x)^4 + sin(15*y)^4",
    "sin(1e5*x*y)",
    "sin(900*x) + x",
)


@pytest.mark.parametrize("text", CROWDED)
@pytest.mark.parametrize("allowed", [1e6, 2e7, 1e8])
def test_a_search_that_is_stopped_says_so_and_what_it_has_is_true(text, allowed, monkeypatch):
    monkeypatch.setattr("landscape.analysis.critical_points.ALLOWED", allowed)
    surface = ls.formula(text)
    found = ls.critical_points(surface)
    if "stopped after" in found.statement:
        assert not found.complete
        assert found.statement.startswith("at least these")
    places = np.concatenate([np.array([p.x for p in found]).reshape(-1, surface.n_dims), *found.lines])
    usual = np.linalg.norm(surface.gradient(surface.domain.grid((50,) * surface.n_dims)), axis=-1).mean()
    assert np.linalg.norm(surface.gradient(places), axis=-1).max(initial=0.0) < 1e-3 * usual


@pytest.mark.parametrize(
    "surface",
    [
        ls.surface("schaffer_2").with_domain(((-100, 100), (-100, 100))),
        ls.formula("+".join(f"sin({k}*x*y)^3" for k in range(1, 21))),
    ],
    ids=["rings finer than a cell", "the longest sum"],
)
def test_what_is_too_much_to_search_is_stopped_by_count(surface):
    found = ls.critical_points(surface)
    assert not found.complete
    assert "stopped after" in found.statement
    assert len(found) + len(found.lines) > 10


def test_a_search_stops_after_the_same_work_each_time(monkeypatch):
    monkeypatch.setattr("landscape.analysis.critical_points.ALLOWED", 2e7)
    one, other = (ls.critical_points(ls.formula(CROWDED[0])) for _ in range(2))
    assert repr(one) == repr(other)
    assert "stopped after" in one.statement


@pytest.mark.parametrize("text", ["sign(x) + x^2", "1/x^2", "abs(x - 1/3) + x^2/9", "-sign(x) + x^2"])
def test_a_change_of_sign_without_a_certified_extremum_is_not_said_to_have_none(text):
    found = ls.critical_points(ls.formula(text, domain=((-2, 2),)))
    assert not found.of_kind("minimum")
    assert "no extremum could be certified there" in found.statement
    assert "without passing zero" not in found.statement


TIPS = ["abs(x)^1.5", "(x^2)^0.6", "3*abs(x)^1.1", "sqrt(x^2 + 1e-12)", "sign(x)^2 + x^2", "max(sign(x), 0) + x^2"]


@pytest.mark.parametrize("text", TIPS)
@pytest.mark.parametrize(("sign", "kind"), [(1, "minimum"), (-1, "maximum")])
@pytest.mark.parametrize("place", [0.0, 0.3])
def test_the_extremum_on_a_tip_or_beside_a_jump_that_takes_it_is_found(text, sign, kind, place):
    moved = text.replace("max", "MAX").replace("x", f"(x - {place})").replace("MAX", "max")
    surface = ls.formula(f"{sign}*({moved})", domain=((-2, 2),))
    found = ls.critical_points(surface)
    assert found.kinds_round == (kind,)
    assert abs(found[0].x[0] - place) < 1e-9
    at_rest = ls.descend(surface, ls.SGD(learning_rate=1e-12), [[place]], 3)
    assert [outcome.word for outcome in at_rest.outcomes] == [kind]


@pytest.mark.parametrize("text", ["sign(x)^2 + x^2", "max(sign(x), 0) + x^2", "sign(x)^2 + x^2 + y^2"])
def test_what_lies_beyond_a_jump_is_not_where_a_path_ends(text):
    n_dims = 1 + ("y" in text)
    surface = ls.formula(text, domain=((-2, 2),) * n_dims)
    for ask in (ls.descend, ls.ensemble):
        run = ask(surface, ls.SGD(learning_rate=0.1), [[1.0] * n_dims], 200)
        assert run.outcomes[0] is ls.Outcome.PLATEAU  # at a height of 1, and the minimum is at 0


@pytest.mark.parametrize(("text", "reach"), [("tanh(1000*x)", 2), ("exp(-x^2)", 30), ("x + log(1 + exp(-x))", 60)])
def test_a_derivative_that_underflows_is_zero_to_within_rounding(text, reach):
    line = ls.critical_points(ls.formula(text, domain=((-reach, reach),)))
    assert "zero to within rounding along whole intervals" in line.statement
    assert line.complete is None


def test_flat_ground_in_the_plane_is_flat_to_within_rounding():
    found = ls.critical_points(ls.formula("exp(-x^2 - y^2)", domain=((-60, 60), (-60, 60))))
    assert "flat to within rounding" in found.statement


@pytest.mark.parametrize(
    "text", ["(x - y^2)^2*(x + y^2)^2", "(x - y^2)^2*(x + y^2)^2*exp(x/9)", "(2*x - y^2)^2*(2*x + y^2)^2"]
)
def test_a_line_that_was_not_followed_to_its_ends_leaves_no_isolated_points(text):
    found = ls.critical_points(ls.formula(text, domain=((-2, 2), (-2, 2))))
    assert len(found.lines) > 1
    assert len(found) == 0  # all that is critical lies on two parabolas that touch


def test_a_finer_grid_is_not_laid_over_thousands_of_points(monkeypatch):
    searched = []
    search = plane_search.search
    monkeypatch.setattr(plane_search, "search", lambda *asked: searched.append(asked) or search(*asked))
    found = ls.critical_points(ls.formula("sin(200*x)*cos(200*y)", domain=((-2, 2), (-2, 2))))
    assert found.complete is False
    assert len(searched) == 1
