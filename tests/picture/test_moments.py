"""The moments that tell a picture's story on paper."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from landscape.picture.moments import MOST, moments
from landscape.picture.scene import Event, Picture, Track

TRACKS = tuple(Track(f"{n}", f"path {n}", "SGD", "sgd", 10_000) for n in range(3))


def picture(n_steps: int, *events: tuple[int, str, str]) -> Picture:
    made = Picture("It", (), TRACKS, n_steps, (), ())
    return replace(made, events=lambda: tuple(Event(*event) for event in events))


def steps(*given: object, **named: object) -> list[int]:
    return [moment.step for moment in moments(*given, **named)]


@pytest.mark.parametrize("n_steps", [0, 1, 2, 5, 19, 20, 21, 10_000])
@pytest.mark.parametrize("most", [2, 3, 20])
def test_there_are_as_many_as_wanted_or_one_a_step_and_both_ends_are_there(n_steps, most):
    found = steps(picture(n_steps), most)
    assert found == sorted(set(found))
    assert len(found) == min(most, n_steps + 1)
    assert {found[0], found[-1]} == {0, n_steps}


def test_between_them_they_are_even():
    found = steps(picture(1000), 21)
    widths = [b - a for a, b in pairwise(found)]
    assert max(widths) <= 2 * min(widths) + 1


def test_what_happens_is_among_them_with_its_words():
    found = {moment.step: moment.told for moment in moments(picture(1000, (239, "1", "leaves the plateau")), 5)}
    assert found[239] == ("path 1 leaves the plateau",)
    assert not any(told for step, told in found.items() if step != 239)


def test_what_has_no_room_of_its_own_is_told_at_the_next_one():
    crowd = [(500 + k, "0", f"does {k}") for k in range(50)]
    found = moments(picture(1000, *crowd), 6)
    assert len(found) == 6
    assert [words for moment in found for words in moment.told] == [f"path 0 does {k}" for k in range(50)]


def test_what_is_beyond_the_picture_or_of_another_track_is_left_out():
    found = moments(picture(100, (101, "0", "x"), (-1, "0", "x"), (50, "nobody", "x")), 4)
    assert not any(moment.told for moment in found)


@pytest.mark.parametrize("most", [1, 0, -3, MOST + 1, 2.5, True, "20", float("nan"), None])
def test_a_number_of_pages_that_makes_no_sense_is_refused(most):
    with pytest.raises(ValueError, match=f"pages must be a whole number from 2 to {MOST}"):
        moments(picture(10), most)
