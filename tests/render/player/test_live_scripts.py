"""What runs paths anew in the browser: small, and nothing in it that could make code of data."""

import re

from landscape.live.operations import OPERATIONS
from landscape.render.files import text_of
from landscape.render.player.payload import HERE, SCRIPTS, player_script

LIVE = ("live.js", "follow.js", "drag.js", "knobs.js")


def test_the_player_knows_the_operations_of_the_lists_and_no_others():
    script = text_of(HERE, "live.js")
    plain = re.findall(r'"(\w+)"', re.search(r"const PLAIN = \[(.*?)\];", script).group(1))
    table = re.search(r"const CALLED = \{(.*?)\n\};", script, re.DOTALL).group(1)
    called = re.findall(
        r"(?:^|[,{]|\s)(\w+)(?=:|,(?! ?[a-z]+\.)|$)", re.sub(r"\(.*", "", re.sub(r": [^,]+", "", table))
    )
    assert {*plain, *called} == set(OPERATIONS)


def test_nothing_in_the_player_turns_text_into_code():
    script = player_script()
    assert not re.search(
        r"\beval\b|new Function|\bFunction\(|setTimeout\(\s*[\"'`]|innerHTML|outerHTML|document\.write", script
    )


def test_its_scripts_are_small():
    shipped = [re.sub(r"^ *//.*\n", "", text_of(HERE, name), flags=re.MULTILINE) for name in LIVE]
    assert set(LIVE) <= set(SCRIPTS)
    assert all(part in player_script() for part in shipped)
    assert sum(map(len, shipped)) <= 40_000
