"""From a recipe to recorded paths: the loop, what it records, and the judge of how each path ended."""

from landscape.descent.loop import descend
from landscape.descent.outcome import Outcome
from landscape.descent.trajectory import Trajectory

__all__ = ["Outcome", "Trajectory", "descend"]
