"""Lectures: slides in order, each an experiment or a claim with words, kept as JSON, shown as deck and handout."""

from landscape.lecture.base import Lecture, Slide
from landscape.lecture.files import save
from landscape.lecture.prepared import LECTURES

__all__ = ["LECTURES", "Lecture", "Slide", "save"]
