"""The picture that a user holds: what it shows lies in ``picture``, what can be made of it in ``render``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landscape.picture.scene import Picture

if TYPE_CHECKING:
    from os import PathLike

    from landscape.render import Saved


@dataclass(frozen=True, repr=False)
class Scene(Picture):
    """A picture that can be drawn and written to files; each drawing library is imported when it is first needed."""

    def to_plotly(self, theme: str = "light") -> Any:
        """Return one Plotly figure that holds the complete picture (``landscape.render.screen.figure``)."""
        from landscape.render.screen.figure import to_plotly

        return to_plotly(self, theme=theme)

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """Show the scene in a notebook (``landscape.render.notebook``)."""
        from landscape.render.notebook import mimebundle

        return mimebundle(self)

    def save(self, path: str | PathLike[str], **options: Any) -> Saved:
        """Write the scene to ``path`` in the format that its ending names (``landscape.render.save``)."""
        from landscape.render import save

        return save(self, path, **options)
