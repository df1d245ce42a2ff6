"""Very many starts at once: the compiled loop, which keeps where each one ends."""

from landscape.ensemble.loop import Ensemble, EnsembleError, ensemble

__all__ = ["Ensemble", "EnsembleError", "ensemble"]
