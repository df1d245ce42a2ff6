"""Scenes drawn into figures that somebody else made."""

import warnings

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure

import landscape as ls
from landscape.errors import UnknownName


@pytest.fixture(scope="module")
def scene():
    return ls.Experiment("himmelblau", ("sgd", "adam"), [(1.0, 1.0)], 20).run().scene()


def ink(figure):
    """The pixels of a figure, drawn without a warning."""
    figure.set_dpi(50)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure.canvas.draw()
    return np.asarray(figure.canvas.buffer_rgba())


def agg():
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure = Figure(figsize=(8, 4))
    FigureCanvasAgg(figure)
    return figure


def removed(ax):
    ax.remove()
    return ax


@pytest.mark.parametrize("scale", ["log", "symlog", "logit"])
def test_a_panel_brings_its_own_scales(scene, scale):
    ax = agg().subplots()
    ax.set_xscale(scale)
    ax.set_yscale(scale)
    scene.draw(ax)
    assert (ax.get_xscale(), ax.get_yscale()) == ("linear", "linear")
    assert ax.get_xlim() == pytest.approx(scene.panel("map").x.range)


def test_one_axes_takes_the_map(scene):
    ax = agg().subplots()
    assert scene.draw(ax) == {"map": ax}
    assert ax.get_title() == scene.panel("map").title
    low, high = scene.panel("map").x.range
    assert ax.get_xlim() == pytest.approx((low, high))
    assert {text.get_text() for text in ax.get_legend().get_texts()} >= {track.group for track in scene.tracks}
    assert len(np.unique(ink(ax.figure).reshape(-1, 4), axis=0)) > 100


def test_several_axes_take_panels_by_order_or_by_name(scene):
    left, right = agg().subplots(1, 2)
    assert scene.draw((left, right)) == {"map": left, "loss": right}
    left, right = agg().subplots(1, 2)
    assert scene.draw(np.array([[left], [right]]), panels=["gradient_norm", "map"]) == {
        "gradient_norm": left,
        "map": right,
    }
    ax = agg().subplots()
    assert scene.draw({"loss": ax}, legend=False, title=False) == {"loss": ax}
    assert ax.get_title() == ""
    assert ax.get_legend() is None
    assert ax.get_yscale() == scene.panel("loss").y.scale


def test_a_figure_takes_all(scene):
    figure = agg()
    assert list(scene.draw(figure)) == [panel.key for panel in scene.panels]
    ink(figure)
    whole = agg()
    assert list(scene.draw(whole.subfigures(1, 2)[0], panels=["loss"])) == ["loss"]


def test_a_relief_stands_in_axes_in_space():
    relief = ls.Experiment("himmelblau", ("sgd",), [(1.0, 1.0)], 5).run().scene(relief=True)
    key = relief.panels[0].key
    figure = agg()
    ax = figure.add_subplot(projection="3d")
    assert relief.draw(ax) == {key: ax}
    ink(figure)
    with pytest.raises(ValueError, match=rf"panel '{key}' needs axes in space, projection='3d', and these are recti"):
        relief.draw(agg().subplots())


def test_the_playhead_is_where_it_is_asked_for(scene):
    pictures = []
    for step in (0, None):
        figure = agg()
        scene.draw(figure.subplots(), step=step, legend=False)
        pictures.append(ink(figure))
    assert (pictures[0] != pictures[1]).any()


def test_nothing_else_of_the_figure_changes(scene):
    with plt.rc_context({"font.size": 7}):
        left, right = agg().subplots(1, 2)
        right.plot([0, 1], [1, 0])
        before = right.get_position().bounds, right.get_xlim(), len(right.lines)
        settings = dict(plt.rcParams)
        scene.draw(left)
        assert dict(plt.rcParams) == settings
        assert (right.get_position().bounds, right.get_xlim(), len(right.lines)) == before
        assert left.xaxis.label.get_size() == pytest.approx(0.95 * 7)


@pytest.mark.parametrize(
    ("target", "options", "refusal", "message"),
    [
        (
            lambda f: f.subplots(subplot_kw={"projection": "polar"}),
            {},
            ValueError,
            "needs flat axes, and these are polar",
        ),
        (lambda f: f.subplots(1, 4), {}, ValueError, "there are 4 axes and 3 panels: map, loss, gradient_norm"),
        (lambda f: f.subplots(), {"panels": ["map", "loss"]}, ValueError, "there are 1 axes and 2 panels: map, loss"),
        (lambda f: removed(f.subplots()), {}, ValueError, "were removed"),
        (lambda f: "map", {}, TypeError, "not into str"),
        (lambda f: None, {}, TypeError, "not into NoneType"),
        (lambda f: [f.subplots(), 3], {}, TypeError, "not into int"),
        (lambda f: {}, {}, TypeError, "not into dict"),
        (lambda f: {"maps": f.subplots()}, {}, UnknownName, "unknown panel 'maps'; did you mean 'map'"),
        (lambda f: f, {"panels": ["norm"]}, UnknownName, "there are: map, loss, gradient_norm"),
        (lambda f: f, {"panels": "map"}, TypeError, r"panels is a list of keys, as \['map'\]"),
        (lambda f: f, {"panels": []}, ValueError, "no panel to show"),
        (lambda f: f, {"step": 21}, ValueError, "from 0 to 20"),
        (lambda f: f, {"theme": "dusk"}, UnknownName, "theme"),
    ],
)
def test_what_cannot_be_drawn_into_is_refused(scene, target, options, refusal, message):
    with pytest.raises(refusal, match=message):
        scene.draw(target(agg()), **options)
