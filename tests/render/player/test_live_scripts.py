"""What runs paths anew in the browser: small, and nothing in it that could make code of data."""

import re

import pytest

from landscape.live.operations import OPERATIONS
from landscape.render.files import text_of
from landscape.render.player.payload import HERE, MORE, SCRIPTS, player_script, shipped

LIVE = ("live.js", "follow.js", "drag.js", "knobs.js")
TOLD = ("arithmetic.js",)
BESIDE = list(dict.fromkeys(name for part in MORE.values() for name in part))


def test_the_player_knows_the_operations_of_the_lists_and_no_others():
    script = text_of(HERE, "live.js")
    plain = re.findall(r'"(\w+)"', re.search(r"const PLAIN = \[(.*?)\];", script).group(1))
    table = re.search(r"const CALLED = \{(.*?)\n\};", script, re.DOTALL).group(1)
    called = re.findall(
        r"(?:^|[,{]|\s)(\w+)(?=:|,(?! ?[a-z]+\.)|$)", re.sub(r"\(.*", "", re.sub(r": [^,]+", "", table))
    )
    assert {*plain, *called} == set(OPERATIONS)


def test_nothing_in_the_player_turns_text_into_code():
    script = player_script(MORE)
    assert not re.search(
        r"\beval\b|new Function|\bFunction\(|setTimeout\(\s*[\"'`]|innerHTML|outerHTML|document\.write", script
    )


def test_its_scripts_are_small():
    assert {*LIVE, *TOLD} <= set(SCRIPTS)
    assert all(shipped(name) in player_script() for name in SCRIPTS)
    assert sum(len(shipped(name)) for name in LIVE) <= 40_000
    assert sum(len(shipped(name)) for name in TOLD) <= 13_000
    assert sum(len(shipped(name)) for name in MORE["swarm"]) <= 24_000
    assert sum(len(shipped(name)) for name in MORE["map"]) <= 48_000
    assert sum(len(shipped(name)) for name in MORE["grid"]) <= 13_500


@pytest.mark.parametrize("name", [*SCRIPTS, *BESIDE])
def test_what_is_left_at_home_is_no_part_of_a_text(name):
    """Indentation would be one inside a template of several lines."""
    assert all(line.count("`") % 2 == 0 for line in text_of(HERE, name).splitlines())


def test_no_name_is_declared_by_two_of_its_files():
    """They share one scope: the second declaration of a name keeps the whole player from starting."""
    whole = "\n".join(text_of(HERE, name) for name in (*SCRIPTS, *BESIDE))
    names = re.findall(r"^(?:const|let|class|(?:async )?function\*?) (\w+)", whole, flags=re.MULTILINE)
    assert len(names) > 100
    assert [name for name in set(names) if names.count(name) > 1] == []
