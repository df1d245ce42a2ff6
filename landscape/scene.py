"""The picture that a user holds: what it shows lies in ``picture``, what can be made of it in ``render``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any

from landscape.language import language, speaking
from landscape.picture.scene import Picture

if TYPE_CHECKING:
    from os import PathLike

    from landscape.render import Saved


@dataclass(frozen=True, repr=False)
class Scene(Picture):
    """A picture that can be drawn and written to files; each drawing library is imported when it is first needed.

    ``spoken`` is the language in which it was made: what is drawn and written later is in that language too.
    """

    spoken: str = field(default_factory=language, compare=False)

    def to_plotly(self, theme: str = "light") -> Any:
        """Return one Plotly figure that holds the complete picture (``landscape.render.screen.figure``)."""
        from landscape.render.screen.figure import to_plotly

        with speaking(self.spoken):
            return to_plotly(self, theme=theme)

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """Show the scene in a notebook (``landscape.render.notebook``)."""
        from landscape.render.notebook import mimebundle

        with speaking(self.spoken):
            return mimebundle(self)

    def save(self, path: str | PathLike[str] | IO[Any], **options: Any) -> Saved:
        """Write the scene to ``path`` in the format that its ending names, or ``format`` (``landscape.render.save``).

        ``path`` may be an open file. ``panels`` chooses panels by key.
        """
        from landscape.render import save

        with speaking(self.spoken):
            return save(self, path, **options)

    def draw(self, target: Any, **options: Any) -> dict[str, Any]:
        """Draw the scene into Matplotlib axes or a figure of your own (``landscape.render.paper.own.draw_into``).

        One axes takes the first panel, a sequence of axes takes panels in their order, a mapping from keys to axes
        those that it names, and a figure all. Returns the axes by the keys of their panels.

        >>> import landscape as ls
        >>> from matplotlib.figure import Figure
        >>> scene = ls.Experiment("himmelblau", ("adam",), [(1.0, 1.0)], 20).run().scene()
        >>> list(scene.draw(Figure().subplots(1, 2), panels=("map", "loss")))
        ['map', 'loss']
        """
        from landscape.render.paper.own import draw_into

        with speaking(self.spoken):
            return draw_into(self, target, **options)
