"""Every lesson is run and held to what it says: no surface opens on words that its picture does not bear out."""

from functools import cache
from itertools import combinations

import numpy as np
import pytest

import landscape as ls
from landscape.language import languages, speaking
from landscape.recipe.lesson import lesson_of, parts

VISIBLE = 0.015
"""Share of the picture's diagonal that somebody sees."""

LEAVES = {"diverged", "outside"}
RESTS = {"saddle", "plateau"}

every_surface = pytest.mark.parametrize("surface", ls.SURFACES.values(), ids=ls.SURFACES)


@cache
def run(surface):
    return ls.Experiment.from_lesson(surface).run()


def expected(surface):
    """How each path must end, optimizer by optimizer, start by start."""
    lesson = surface.info.lesson
    n_starts = len(lesson.starts)
    assert all(len(walk.ends) in (1, n_starts) for walk in lesson.walks)
    return [walk.ends * (n_starts // len(walk.ends)) for walk in lesson.walks]


def paths(surface):
    """Every path with its expected end, as far as it is finite."""
    for trajectory, ends in zip(run(surface).trajectories, expected(surface), strict=True):
        for points, last, end in zip(trajectory.points, trajectory.last, ends, strict=True):
            yield points[: last + 1], end


@every_surface
def test_every_path_ends_as_the_lesson_says(surface):
    ends = [tuple(verdict.end for verdict in one.judgements) for one in run(surface).trajectories]
    assert ends == expected(surface)


@every_surface
def test_no_path_starts_at_a_critical_point_or_stands_still(surface):
    norms = np.linalg.norm(surface.gradient(run(surface).experiment.points), axis=-1)
    assert np.all(norms > 1e-6 * np.abs(surface.hessian(run(surface).experiment.points)).max(initial=1e-3))
    for points, end in paths(surface):
        moved = np.linalg.norm(points - points[0], axis=-1).max()
        assert end in RESTS or moved > VISIBLE * surface.domain.diagonal


@every_surface
def test_paths_stay_in_the_picture_unless_leaving_is_the_lesson(surface):
    for points, end in paths(surface):
        assert end in LEAVES or surface.domain.contains(points).all()


@every_surface
def test_optimizers_are_seen_to_differ(surface):
    apart = [
        np.nanmax(np.linalg.norm(one.points - other.points, axis=-1))
        for one, other in combinations(run(surface).trajectories, 2)
    ]
    assert max(apart) > VISIBLE * surface.domain.diagonal


@every_surface
def test_a_lesson_asks_one_question_and_says_two_sentences(surface):
    lesson = surface.info.lesson
    assert lesson.question.endswith("?")
    assert lesson.question.count("?") == 1
    assert sum(lesson.words.count(end) for end in (". ", "? ", "! ")) == 1
    assert lesson.words.endswith(".")
    for key in languages():
        with speaking(key):
            shown = lesson.question + lesson.words
        assert not set("*_$[]<>`\\~#|") & set(shown), f"pages show these words as Markdown, in {key}"


def test_the_opening_saddle_is_left_with_twice_the_steps_as_its_lesson_says():
    longer = ls.Experiment.from_lesson("escaping_saddle").replace(n_steps=400).run()
    assert "400 steps" in ls.SURFACES["escaping_saddle"].info.lesson.words
    assert {one.outcomes[0].word for one in longer.trajectories} == {"minimum"}


@pytest.mark.parametrize(
    "text", ["x^2 + y^2", "x^2 - y^2", "1e6*(x^2 + 3*y^2)", "1e-6*x^4", "log(x)", "sqrt(x) + y^2", "x + y", "abs(x)"]
)
def test_the_lesson_of_a_typed_formula_starts_where_there_is_a_slope_with_steps_of_the_pictures_size(text):
    surface = ls.formula(text)
    for one in ls.Experiment.from_lesson(surface).run().trajectories:
        assert one.gradient_norms[0, 0] > 0
        moved = np.linalg.norm(one.points[0, 1] - one.points[0, 0])
        assert 1e-9 * surface.domain.diagonal < moved < 0.2 * surface.domain.diagonal


def test_a_lesson_moves_with_the_settings_of_its_surface():
    changed = ls.surface("rosenbrock", b=10)
    assert lesson_of(changed) is lesson_of(ls.surface("rosenbrock"))
    assert ls.Experiment.from_lesson(changed).surface == changed


def test_no_lesson_is_worked_out_in_many_dimensions():
    with pytest.raises(ValueError, match="one or two dimensions"):
        parts(ls.surface("rosenbrock", 10))


@pytest.mark.parametrize(
    ("n_steps", "said"),
    [
        (200, "After 200 steps: SGD (lr 0.05) on a saddle; Momentum (lr 0.05), RMSprop (lr 0.02), "),
        (400, "After 400 steps: SGD (lr 0.05), Momentum (lr 0.05), RMSprop (lr 0.02), Adam (lr 0.05) at a minimum."),
        (1, "After 1 step: "),
    ],
)
def test_what_a_run_shows_is_said_in_words(n_steps, said):
    assert ls.Experiment.from_lesson("escaping_saddle").replace(n_steps=n_steps).run().words.startswith(said)


def test_of_several_starts_it_is_said_how_many_ended_how():
    assert run(ls.SURFACES["zakharov"]).words == (
        "After 250 steps: SGD (lr 0.05) 1 of 2, Momentum (lr 0.002), RMSprop (lr 0.02) 1 of 2, Adam (lr 0.2) "
        "at a minimum; SGD (lr 0.05) 1 of 2 diverged; RMSprop (lr 0.02) 1 of 2 still moving."
    )
