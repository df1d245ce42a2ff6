"""What a notebook shows: short words, tables with verdicts, and never text of ours or of others as markup."""

from html.parser import HTMLParser

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from numpy.testing import assert_array_equal

import landscape as ls
from landscape.shown import MOST_ROWS, SHOWN, on_display

EXPERIMENT = ls.Experiment("himmelblau", ("sgd", "adam"), ls.Random(30, seed=0), n_steps=40)
RUN = EXPERIMENT.run()
NASTY = ls.formula("x^2 + y^2", ((-1, 1), (-1, 1)), title="<script>alert(1)</script>")


@pytest.fixture(scope="module")
def html():
    shell = InteractiveShell()
    on_display(shell)
    return shell.display_formatter.formatters["text/html"]


class Cells(HTMLParser):
    """The texts of the cells of a table."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.texts = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)

    def handle_data(self, data):
        self.texts.append(data)


def things():
    return [
        EXPERIMENT,
        RUN,
        RUN.trajectories[0],
        EXPERIMENT.surface,
        ls.surface("framework_example"),
        ls.network("perceptron", data=ls.data("moons"), widths=(4,)),
        ls.ensemble("himmelblau", "adam", EXPERIMENT.points, 20),
        ls.critical_points("himmelblau"),
        ls.CLAIMS["random_walk"],
        ls.CLAIMS["softmax"].run(),
    ]


def test_everything_that_can_stand_last_in_a_cell_is_shown(html):
    shown = things()
    for thing in shown:
        assert html(thing), type(thing)
        assert len(repr(thing)) < 1000, type(thing)
    assert {next(kind for kind in SHOWN if isinstance(thing, kind)) for thing in shown} == set(SHOWN)


def test_long_arrays_are_not_written_out():
    bowl, far = ls.from_functions(lambda x: x @ x, lambda x: 2 * x, 200), np.ones(200)
    experiment = ls.Experiment(bowl, ("sgd",), [far], n_steps=5)
    plane = ls.random_plane(far)
    for thing in (
        bowl,
        experiment,
        experiment.run(),
        ls.ensemble(bowl, "sgd", far, 5),
        plane,
        ls.slice_surface(bowl, plane, np.arange(20.0), np.arange(20.0)),
        ls.straight_path(bowl, far, -far),
        ls.record(np.ones((40, 200)), np.ones(40), surface=bowl),
    ):
        assert len(repr(thing)) < 1000, type(thing)


def test_a_table_ends_with_what_it_leaves_out(html):
    cells = Cells(html(RUN.trajectories[0])).texts
    assert f"and {30 - MOST_ROWS} more" in cells
    assert [cells[8 + 4 * k] for k in range(3)] == [
        verdict.replace("-", "−") for verdict in RUN.trajectories[0].verdicts[:3]
    ]
    assert f"and {60 - MOST_ROWS} more" in Cells(html(RUN)).texts


def test_text_is_text(html):
    for thing in (NASTY, ls.Experiment(NASTY, ("sgd",), [(0.5, 0.5)], n_steps=5)):
        assert "script" not in Cells(html(thing)).tags


def test_a_scene_says_what_is_in_it():
    assert repr(RUN.scene()) == "<Scene 'Himmelblau': map, loss, gradient_norm; paths: 60, steps: 40>"


def test_a_run_as_a_table():
    whole = RUN.trajectories[1]
    table = whole.to_pandas()
    assert list(table) == ["start", "step", "loss", "gradient_norm", "x", "y"]
    of_one = table[table.start == 7]
    assert_array_equal(of_one[["x", "y"]], whole.points[7])
    assert_array_equal(of_one.loss, whole.values[7])
    lean = EXPERIMENT.run(keep=5).trajectories[1].to_pandas()
    kept = lean[lean.start == 7].dropna()
    assert kept.step.tolist() == [0, 10, 20, 30, 40]
    assert_array_equal(kept[["x", "y"]], whole.points[7, ::10])
    assert "x1" not in ls.descend(ls.surface("rastrigin", n_dims=50), "sgd", np.ones(50), 3).to_pandas()


def test_a_run_as_a_dataset():
    found = EXPERIMENT.run(keep=5).trajectories[1].to_xarray()
    assert dict(found.sizes) == {"start": 30, "step": 41, "point_step": 5, "dimension": 2}
    assert float(found.point.sel(point_step=20, dimension="y")[3]) == RUN.trajectories[1].points[3, 20, 1]
    assert found.outcome.values.tolist() == [outcome.word for outcome in RUN.trajectories[1].outcomes]
