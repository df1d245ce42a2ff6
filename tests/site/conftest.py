"""A small site, made once: few surfaces and claims, and a lecture whose names mean something in HTML."""

from __future__ import annotations

from pathlib import Path

import pytest

import landscape as ls
from landscape.claims import CLAIMS
from landscape.lecture import Lecture, Slide
from landscape.site import site
from landscape.surfaces import SURFACES

HOSTILE = "A <b>lecture</b> & \"more\" </script><script>alert('x')</script> שלום 講義"
SHOWN = {"himmelblau", "double_well", "escaping_saddle"}
MEASURED = {"softmax", "saturated_neuron"}


def run() -> ls.Experiment:
    return ls.Experiment("saddle", ("sgd", "adam"), [(1.0, 1e-4)], n_steps=20)


def lecture() -> Lecture:
    return Lecture(
        HOSTILE,
        (
            Slide("A run", ("One <i>point</i>",), HOSTILE, run()),
            Slide(HOSTILE, ("Words",)),
            Slide("Last", experiment=run()),
        ),
    )


@pytest.fixture(scope="session")
def small_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("a site") / "out"
    with pytest.MonkeyPatch.context() as patch:
        for name, every, kept in (("SURFACES", SURFACES, SHOWN), ("CLAIMS", CLAIMS, MEASURED)):
            patch.setattr(f"landscape.site.write.{name}", {key: one for key, one in every.items() if key in kept})
        site(folder, [lecture(), lecture()])
    return folder
