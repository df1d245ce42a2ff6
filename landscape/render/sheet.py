"""A slide as every file of slides takes it: words and a picture, wherever they came from."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from landscape.language import tr
from landscape.picture.scene import Picture
from landscape.render.words.caption import caption_of


@dataclass(frozen=True)
class Sheet:
    """A title, short points, what the lecturer says (paragraphs apart by an empty line), a picture, and its link."""

    title: str
    points: tuple[str, ...] = ()
    notes: str = ""
    picture: Picture | None = None
    link: str = ""

    @property
    def address(self) -> str:
        """The link if it leads somewhere, to another computer say; else nothing."""
        where = urlsplit(self.link)
        return self.link if where.scheme in ("http", "https") and where.netloc else ""

    @property
    def invitation(self) -> str:
        """What stands on the slide for its ``address``."""
        return tr("Open it live at {host}", host=urlsplit(self.link).netloc)


def sheet_of(picture: Picture, address: str = "") -> Sheet:
    """Return the slide of a picture alone: its caption is the notes. ``address`` is where the app runs."""
    caption = caption_of(picture, address)
    return Sheet(caption.title, (), caption.text(), picture, caption.link)
