"""An empty presentation in the colours of a theme, at any size: what is added to it later looks alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from landscape.language import tr
from landscape.picture.sizes import Size
from landscape.picture.themes import Theme

if TYPE_CHECKING:
    from pptx.presentation import Presentation

USUAL = 7.5
"""Inches that slides are high; on others everything grows or shrinks with them."""

LOWEST, HIGHEST = 1.0, 56.0
"""Inches that a side of a slide has at least and at most in PowerPoint."""

TITLE, BODY = 30.0, 18.0
"""Type sizes in points of titles and points, where there are not too many words for them."""

EAST_ASIAN = {"ko": ("ko-KR", "Malgun Gothic"), "ja": ("ja-JP", "Yu Gothic"), "zh": ("zh-CN", "Microsoft YaHei")}
"""Language (``words.east_asian_language``) -> its tag, and the typeface that comes with Windows for it.

Without the tag a program takes such text for its user's own language: its type, its spaces between scripts.
"""

MARGIN = 0.045
"""What stays free at the left and at the right, as a share of the width."""

TITLE_TOP, TITLE_HEIGHT = 0.25, 0.85
"""Where the title stands, in inches from above."""


def unit(size: Size) -> float:
    """Return by how much lengths on slides of this size differ from the usual ones.

    Raises ``ValueError`` for a size that PowerPoint does not have.
    """
    for side in (size.width, size.height):
        if not LOWEST <= side <= HIGHEST:
            said = {"least": LOWEST, "most": HIGHEST, "side": side}
            raise ValueError(tr("a side of a slide must be {least:g} to {most:g} inches long, not {side:g}", **said))
    return size.height / USUAL


def presentation(size: Size, theme: Theme) -> Presentation:
    """Return a presentation without slides. Its fonts are Calibri and PowerPoint's own for other scripts."""
    from pptx import Presentation as empty
    from pptx.util import Inches, Pt

    made: Any = empty()
    scale = unit(size)
    across, up = Inches(size.width) / made.slide_width, Inches(size.height) / made.slide_height
    made.slide_width, made.slide_height = Inches(size.width), Inches(size.height)
    # It says "screen4x3" in words as well, which would contradict the numbers.
    made.element.xpath("p:sldSz")[0].attrib.pop("type", None)
    master = made.slide_master
    for holder in (master, *made.slide_layouts):
        for shape in holder.placeholders:
            if shape.element.xpath("p:spPr/a:xfrm"):
                shape.left, shape.width = round(across * shape.left), round(across * shape.width)
                shape.top, shape.height = round(up * shape.top), round(up * shape.height)
    title, body = master.placeholders[0], master.placeholders[1]
    for shape in (title, body):
        shape.left, shape.width = Inches(MARGIN * size.width), Inches((1 - 2 * MARGIN) * size.width)
    title.top, title.height = Inches(scale * TITLE_TOP), Inches(scale * TITLE_HEIGHT)
    body.top = Inches(scale * (TITLE_TOP + TITLE_HEIGHT))
    body.height = made.slide_height - body.top - title.top
    for style, points in (("p:titleStyle", TITLE), ("p:bodyStyle", BODY)):
        (level,) = master.element.xpath(f"p:txStyles/{style}/a:lvl1pPr")
        level.set("algn", "l")
        (look,) = master.element.xpath(f"p:txStyles/{style}/a:lvl1pPr/a:defRPr")
        look.set("sz", str(Pt(scale * points).centipoints))
        if style == "p:titleStyle":
            look.set("b", "1")
    _color(master, theme)
    return made


def _color(master: Any, theme: Theme) -> None:
    """Put the theme's colours into the presentation's own, so that everything on it follows them."""
    from lxml import etree
    from pptx.opc.constants import RELATIONSHIP_TYPE
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import nsdecls, qn

    part = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    root = parse_xml(part.blob)
    colors = {
        "dk1": theme.background if theme.dark else theme.ink,
        "lt1": theme.ink if theme.dark else theme.background,
        "dk2": theme.surface if theme.dark else theme.muted,
        "lt2": theme.muted if theme.dark else theme.surface,
        "accent1": theme.accent,
        "hlink": theme.accent,
        "folHlink": theme.accent,
    }
    for name, color in colors.items():
        (entry,) = root.iter(qn(f"a:{name}"))
        entry[:] = [parse_xml(f'<a:srgbClr {nsdecls("a")} val="{color[1:]}"/>')]
    # Letters from right to left have no serifs either.
    for font in root.iter(qn("a:font")):
        if font.get("script") in ("Arab", "Hebr"):
            font.set("typeface", "Arial")
    part.blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    if theme.dark:
        (roles,) = master.element.xpath("p:clrMap")
        for role, color in (("bg1", "dk1"), ("tx1", "lt1"), ("bg2", "dk2"), ("tx2", "lt2")):
            roles.set(role, color)
