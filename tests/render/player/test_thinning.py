"""What follows a hand is drawn through fewer points: none of those left out lies further from the line than said."""

import re

import numpy as np
import pytest

from tests.live.pairs import answered, scripts

SCRIPT = scripts("plane", "speaker", "data")
SLACK = float(re.search(r"const SLACK = ([\d.]+);", SCRIPT).group(1))
BOX = {"x": 0, "y": 0, "w": 600, "h": 400}
DRIVER = """
const NUMBERS = { nan: NaN };
const answer = ({ xs, ys, step, shared, faint }) => {
  const read = (values) => Float64Array.from(values, (v) => NUMBERS[v] ?? v);
  const path = { n: xs.length, steps: null, shared };
  const isFaint = faint ? (i) => faint[i] : null;
  const trace = (rough) => {
    const found = pixels(path, read(xs), read(ys), BOX, isFaint, rough);
    return Object.fromEntries(Object.entries(found).map(([k, v]) => [k, typeof v === "boolean" ? v : Array.from(v)]));
  };
  return [trace(null), trace({ step })];
};
"""
N = 400
T = np.arange(N)
RNG = np.random.default_rng(0)
CURVES = {
    "straight": (T * 1.3, 50 + 0.2 * T),
    "falling": (T * 1.5, 390 * np.exp(-T / 60)),
    "humps": (T * 1.5, 200 + 0.3 * T + 60 * np.abs(np.sin(T / 9))),
    "zigzag": (T * 0.7, 200 + 90 * (-1.0) ** T),
    "dying zigzag": (T * 0.7, 200 + 90 * (-0.97) ** T),
    "to and fro on one line": (300 + 200 * np.sin(T / 11), 200 + 50 * np.sin(T / 11)),
    "spiral": (300 + 0.5 * T * np.cos(T / 12), 200 + 0.5 * T * np.sin(T / 12)),
    "staircase": (np.repeat(np.arange(N // 8), 8) * 9.0, np.roll(np.repeat(np.arange(N // 8), 8), 4) * 7.0),
    "walk": (300 + np.cumsum(RNG.normal(size=N)), 200 + np.cumsum(RNG.normal(size=N))),
    "noise": (600 * RNG.random(N), 400 * RNG.random(N)),
    "still": (np.full(N, 7.0), np.full(N, 9.0)),
    "far out": (T * 1.5, 200 + 1e5 * np.sin(T / 30)),
}


def asked(xs, ys, **more):
    names = [["nan" if np.isnan(v) else v for v in values] for values in (xs, ys)]
    return {"xs": names[0], "ys": names[1], "step": N, "shared": [], "faint": None} | more


def distances(points, line):
    """Of each point from a polyline with gaps."""
    x, y = np.array(line["px"]), np.array(line["py"])
    runs = np.flatnonzero(np.array(line["breaks"][1:]) == 0)
    start, along = np.stack([x[runs], y[runs]], 1), np.stack([x[runs + 1] - x[runs], y[runs + 1] - y[runs]], 1)
    ahead = np.einsum("psk,sk->ps", points[:, None] - start, along) / np.maximum((along**2).sum(1), 1e-300)
    nearest = start + np.clip(ahead, 0, 1)[..., None] * along
    return np.hypot(*np.moveaxis(points[:, None] - nearest, -1, 0)).min(1)


@pytest.fixture(scope="module")
def lines(tmp_path_factory):
    given = {name: asked(*curve) for name, curve in CURVES.items()}
    gaps = np.where(T % 50 < 3, np.nan, 1)
    given["gaps"] = asked(T * 1.5, gaps * (200 + 60 * np.sin(T / 9)))
    given["playhead"] = asked(*CURVES["straight"], step=123)
    given["behind"] = asked(*CURVES["falling"], faint=[int(v) for v in T // 40 % 2])
    given["shared"] = asked(*CURVES["falling"], shared=[[0, 99, 1]])
    script = f"const BOX = {BOX};".replace("'", '"') + SCRIPT + DRIVER
    answers = answered(script, list(given.values()), tmp_path_factory.mktemp("thinning"))
    return dict(zip(given, answers, strict=True))


def test_every_point_that_is_left_out_lies_beside_the_line(lines):
    for name, (full, rough) in lines.items():
        points = np.stack([full["px"], full["py"]], 1)
        assert distances(points, rough).max() <= SLACK + 1e-9, name


def test_it_begins_and_ends_where_the_path_does_and_keeps_its_gaps(lines):
    for name, (full, rough) in lines.items():
        assert sum(full["breaks"]) == sum(rough["breaks"]), name
        for key in ("px", "py", "at"):
            assert (full[key][0], full[key][-1]) == (rough[key][0], rough[key][-1]), name
        kept = set(zip(full["px"], full["py"], full["at"], full["faint"], strict=True))
        assert kept >= set(zip(rough["px"], rough["py"], rough["at"], rough["faint"], strict=True)), name


def test_lengths_for_dashes_are_those_of_the_line_that_is_drawn(lines):
    for full, rough in lines.values():
        for line in (full, rough):
            steps = np.hypot(np.diff(line["px"]), np.diff(line["py"]))
            for i, gap in enumerate(line["breaks"]):
                before = 0 if gap else line["cumulative"][i - 1] + steps[i - 1]
                assert line["cumulative"][i] == pytest.approx(before, abs=1e-9)


def test_smooth_lines_need_few_points(lines):
    for name in ("straight", "falling", "humps"):
        full, rough = lines[name]
        assert len(rough["px"]) < len(full["px"]) / 3, name
    assert len(lines["straight"][1]["px"]) == 2


def test_the_line_up_to_the_playhead_ends_at_the_playhead(lines):
    assert 123 in lines["playhead"][1]["at"]


def test_what_is_hidden_begins_and_ends_where_it_did(lines):
    full, rough = lines["behind"]
    changes = [
        {line["at"][i - 1] for i in range(1, len(line["at"])) if line["faint"][i] != line["faint"][i - 1]}
        for line in (full, rough)
    ]
    assert changes[0] == changes[1]


def test_a_line_that_is_shared_with_others_is_drawn_in_full(lines):
    full, rough = lines["shared"]
    assert full == rough
    assert not rough["isRough"]
