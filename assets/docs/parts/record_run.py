"""Writes the arrays that tutorial 4 shows where there is no PyTorch: ``python assets/docs/parts/record_run.py``."""

import runpy
from pathlib import Path

import numpy as np

import landscape as ls

TUTORIALS = Path(__file__).parent.parent / "tutorials"


def main() -> None:
    """Run the tutorial's loop and keep its losses, its norms and its path on the plane that holds most of it."""
    recording = runpy.run_path(str(TUTORIALS / "4_pytorch.py"))["recording"]
    plane = ls.principal_plane([recording.points])
    np.savez_compressed(
        TUTORIALS / "recorded_run.npz",
        projections=(recording.points - plane.origin) @ plane.directions.T,
        losses=recording.losses,
        gradient_norms=recording.gradient_norms,
        steps=recording.steps,
    )


if __name__ == "__main__":
    main()
