from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from matplotlib.image import imread

import landscape as ls
from landscape.picture.themes import THEMES
from landscape.render.thumbnail import thumbnail
from landscape.scenes.ground import stamp

SIDE = 40


def pixels(surface, theme="light"):
    made = thumbnail(stamp(surface, SIDE), SIDE, theme)
    assert len(made) < 4000
    return imread(BytesIO(made), format="png")


@pytest.mark.parametrize("name", ls.SURFACES)
def test_every_surface_has_a_picture_that_shows_something(name):
    image = pixels(ls.SURFACES[name])
    assert image.shape[:2] == (SIDE, SIDE)
    assert len(np.unique(image.reshape(-1, image.shape[-1]), axis=0)) >= 3


@pytest.mark.parametrize("theme", THEMES)
def test_low_ground_has_the_low_colour_and_stands_where_it_is(theme):
    surface = ls.formula("(x-1)^2 + (y-1)^2", ((-1.5, 1.5), (-1.5, 1.5)))
    image = pixels(surface, theme)
    low = np.array([int(THEMES[theme].field[0][k : k + 2], 16) / 255 for k in (1, 3, 5)])
    rows, columns = np.nonzero(np.abs(image[..., :3] - low).max(axis=-1) < 0.01)
    assert rows.mean() < SIDE / 3  # rows from above
    assert columns.mean() > 2 * SIDE / 3


def test_where_there_is_no_value_the_paper_is_seen():
    image = pixels(ls.formula("log(x) + y^2", ((-1, 1), (-1, 1))))
    assert (image[:, : SIDE // 2 - 1, :3] == 1).all()
