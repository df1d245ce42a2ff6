"""One key and one law of crowds, whatever the pen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from landscape.optimizers import OPTIMIZERS
from landscape.picture.key import MOST_BANDS, THINNEST, groups_of, leaders, notes_of, signs_of, span_parts, thinness
from landscape.picture.scene import Spans
from landscape.picture.strokes import DASHES, stroke
from landscape.picture.themes import LIGHT, THEMES, theme_of
from landscape.render.paper.figure import to_matplotlib
from landscape.render.paper.pen import Pen
from landscape.render.player.payload import player_payload
from landscape.render.screen.figure import figure
from tests.render.conftest import make_classes, make_curve, make_scene

SCENES = [make_scene(n_tracks=2), make_classes(), make_curve()]


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.title)
def test_every_pen_shows_the_same_key(scene):
    groups, signs = [g.name for g in groups_of(scene)], [s.label for s in signs_of(scene)]
    payload = player_payload(scene)
    assert [group["name"] for group in payload["groups"]] == groups
    assert [sign["label"] for sign in payload["signs"]] == signs
    assert [trace.name for trace in scene.to_plotly().data if trace.meta["role"] == "legend"] == [
        name.replace("$", "&#36;") for name in (*groups, *signs)
    ]
    printed = [text.get_text() for legend in to_matplotlib(scene).legends for text in legend.get_texts()]
    assert sorted(printed) == sorted([*groups, *signs])


@pytest.mark.parametrize("theme", THEMES)
def test_with_dashes_every_group_has_one_of_its_own_under_every_pen(theme):
    rules = (*OPTIMIZERS,)[: len(DASHES)]
    scene = replace(make_scene(n_tracks=len(rules), n_steps=5, grid=3), dashed=True)
    tracks = [replace(one, style=rule, group=rule) for one, rule in zip(scene.tracks, rules, strict=True)]
    scene = replace(scene, tracks=tuple(tracks))
    dashes = [group.stroke.dash for group in groups_of(scene, theme)]
    assert len(set(dashes)) == len(rules)
    assert [tuple(group["dash"]) for group in player_payload(scene, theme)["groups"]] == dashes
    pen = Pen(scene, theme_of(theme), 1.0)
    assert [pen.stroke(track.id).dash for track in tracks] == dashes
    assert groups_of(scene, theme)[0].stroke.color == groups_of(replace(scene, dashed=False), theme)[0].stroke.color


@pytest.mark.parametrize("rules", [("adam", "sgd"), ("sgd", "momentum", "rmsprop", "adam")])
def test_the_dash_of_an_optimizer_is_the_same_in_print_and_beside_others(rules):
    scene = make_scene(n_tracks=len(rules), n_steps=5, grid=3)
    tracks = tuple(replace(one, style=rule, group=rule) for one, rule in zip(scene.tracks, rules, strict=True))
    dashed = groups_of(replace(scene, tracks=tracks, dashed=True))
    assert [group.stroke.dash for group in dashed] == [stroke(rule, theme="print").dash for rule in rules]


def test_nothing_is_named_that_is_not_there_to_be_seen():
    scene = SCENES[0]
    bare = tuple(
        replace(p, layers=tuple(replace(x, intervals=()) if isinstance(x, Spans) else x for x in p.layers))
        for p in scene.panels
    )
    assert "small gradient" in [sign.label for sign in signs_of(scene)]
    assert "small gradient" not in [sign.label for sign in signs_of(replace(scene, panels=bare))]


def test_many_tracks_are_thin_in_every_pen():
    shares = [thinness(make_scene(n_tracks=n, n_steps=2, grid=3)) for n in (1, 12, 13, 60, 400)]
    assert shares[:2] == [1.0, 1.0]
    assert shares == sorted(shares, reverse=True)
    assert shares[-1] == THINNEST
    crowd = make_scene(n_tracks=40, n_steps=5, grid=3)
    payload = player_payload(crowd)
    on_screen = payload["line_width"] / LIGHT.line_width
    sizes = {line.get_linewidth() for line in to_matplotlib(crowd).axes[1].lines if line.get_linestyle() != "None"}
    full = {line.get_linewidth() for line in to_matplotlib(SCENES[0]).axes[1].lines if line.get_linestyle() != "None"}
    assert min(sizes) / min(full) == pytest.approx(on_screen) == pytest.approx(payload["thinness"])


def test_of_a_crowd_one_of_each_colour_is_drawn_in_full():
    few, crowd = make_scene(n_tracks=12, n_steps=5, grid=3), make_scene(n_tracks=40, n_steps=5, grid=3)
    assert leaders(few) == {track.id for track in few.tracks}
    full = leaders(crowd)
    ends = {layer.track: layer.y[-1] for layer in crowd.panel("loss").layers}
    for group in groups_of(crowd):
        (leader,) = [track.id for track in group.tracks if track.id in full]
        assert ends[leader] == np.sort([ends[track.id] for track in group.tracks])[2]
    payload = player_payload(crowd)
    assert {track["id"] for track in payload["tracks"] if not track.get("quiet")} == full
    assert payload["notes"] == list(notes_of(crowd)) != list(crowd.notes)
    assert notes_of(few) == few.notes
    full_width = {line.get_linewidth() for line in to_matplotlib(few).axes[1].lines if len(line.get_xdata()) > 1}
    widths = [line.get_linewidth() for line in to_matplotlib(crowd).axes[1].lines if len(line.get_xdata()) > 1]
    assert sum(width in full_width for width in widths) == len(full)


@pytest.mark.parametrize("relief", [False, True])
def test_what_stands_back_in_a_crowd_is_pale_under_every_pen_and_wears_no_casing(relief):
    crowd = make_scene(n_tracks=40, n_steps=5, grid=3, relief=relief)
    full = leaders(crowd)
    bright = {group.stroke.color for group in groups_of(crowd)}
    lines = [line for ax in to_matplotlib(crowd).axes for line in ax.lines if line.get_linestyle() != "None"]
    in_full = [line for line in lines if line.get_color() in bright]
    assert len(in_full) == len(full) * len(crowd.panels)
    assert {line for line in lines if line.get_path_effects()} < set(in_full)
    for trace in figure(crowd)[0]:
        if trace["meta"]["role"] == "path":
            assert trace["line"]["color"] not in bright
        elif trace["meta"]["role"] in ("casing", "leader"):
            assert set(trace["meta"]["tracks"]) <= full


def test_of_what_stands_back_neither_spans_nor_tangents_are_drawn():
    crowd = make_scene(n_tracks=40, n_steps=5, grid=3)
    panel = crowd.panel("gradient_norm")
    every = tuple(Spans(track.id, ((0.0, 1.0),), "plateau") for track in crowd.tracks)
    shaded = replace(crowd, panels=(*crowd.panels[:-1], replace(panel, layers=(*panel.layers, *every))))
    told = [trace["meta"]["tracks"] for trace in figure(shaded)[0] if trace["meta"]["role"] == "spans"]
    assert {track for tracks in told for track in tracks} == leaders(crowd)


def test_bands_are_left_out_where_they_would_mix():
    for n, parts in ((MOST_BANDS, 2), (MOST_BANDS + 1, 1)):
        scene = make_scene(n_tracks=n, n_steps=5, grid=3)
        panel = scene.panel("gradient_norm")
        assert len(span_parts(panel, scene.tracks[-1].id, LIGHT)) == parts
