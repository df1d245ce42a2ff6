"""Make the pictures of the README from our own scenes: python assets/make_pictures.py."""

from __future__ import annotations

from pathlib import Path

from app.pages.descent import first

HERE = Path(__file__).parent


def main() -> None:
    """Write every picture beside this file."""
    run = first().run()
    run.scene().save(HERE / "saddle.gif", size=(960, 540), seconds=6, fps=15, hold=2)
    run.scene(relief=True).save(HERE / "relief.png", dpi=90)


if __name__ == "__main__":
    main()
