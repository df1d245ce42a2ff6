"""The Export panel without a browser: every format, its own options, bounds, films apart from the page."""

from __future__ import annotations

import io
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import av
import pytest
from streamlit.testing.v1 import AppTest

from app import exports, work
from app.below.export import EXPORT
from app.below.options import options_of
from app.page import Page
from app.work import Presence
from landscape import Experiment, GaussianNoise, one_step
from landscape.language import speaking
from landscape.render import FORMATS
from landscape.render.words.texts import script_of
from landscape.scene import Scene
from tests.app.conftest import payload_of, said, turn_to
from tests.app.test_adding import SHOWING, desk_of

Open = Callable[..., AppTest]
SMALL = {"surface": "sphere", "opt": "sgd,learning_rate:0.1;adam,learning_rate:0.1", "start": "1.0,0.5", "steps": "20"}


@pytest.fixture(scope="module")
def scene() -> Scene:
    return Experiment("sphere", ["sgd"], [(1.0, 0.5)], 10).run().scene()


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Hold every export before its first part until the event is set; it is set at the end in any case."""
    go, save = threading.Event(), exports.save

    def waiting(*args: Any, **options: Any) -> Any:
        go.wait(30)
        return save(*args, **options)

    monkeypatch.setattr(exports, "save", waiting)
    yield go
    go.set()


def ended(export: exports.Export) -> work.Job[exports.Made]:
    assert export.job.ended.wait(60)
    return export.job


def opened(open_page: Open, **query: str) -> AppTest:
    return turn_to(open_page(**query), "Export")


def choose(page: AppTest, ending: str) -> AppTest:
    page.selectbox(key="descent.export.format").select(ending).run()
    assert not page.exception
    return page


def shown_options(page: AppTest) -> set[str]:
    """The names of the options that have a widget in the panel."""
    widgets = (*page.selectbox, *page.toggle, *page.number_input, *page.slider)
    keys = {str(w.key).removeprefix("descent.export.") for w in widgets if str(w.key).startswith("descent.export.")}
    return {key.split(".")[0] for key in keys} - {"format", "preview"}


def downloads(page: AppTest) -> dict[str, Any]:
    return {button.proto.id.rsplit("descent.", 1)[-1]: button.proto for button in page.get("download_button")}


@pytest.mark.parametrize("ending", FORMATS)
def test_every_format_is_offered_with_the_options_that_it_takes(open_page: Open, scene: Scene, ending: str) -> None:
    page = choose(opened(open_page, **SMALL), ending)
    assert not said(page)
    assert shown_options(page) == {option.name for option in options_of(ending, scene)}
    assert shown_options(page) <= set(FORMATS[ending].options)
    if FORMATS[ending].slow:
        assert page.button(key="descent.export.make").label.startswith("Make")
    else:
        assert "export.download" in downloads(page)


def _panel() -> None:
    import streamlit as st

    from app.below.export import panel

    panel(st.session_state["desk"], st.session_state["scene"], "file")


@pytest.mark.parametrize("page", SHOWING, ids=lambda page: page.entry.key)
def test_a_page_offers_a_script_where_there_is_one(page: Page[Any]) -> None:
    desk = desk_of(page)
    scene, panel = page.drawn(desk), AppTest.from_function(_panel, default_timeout=60)
    panel.session_state["desk"], panel.session_state["scene"] = desk, lambda: scene
    # What was chosen for another picture of the page is given up where this one has no such format.
    panel.session_state[desk.key("export.format")] = "py"
    panel.run()
    assert not panel.exception
    assert not said(panel)
    chosen = panel.selectbox(key=desk.key("export.format"))
    try:
        script_of(scene)
    except ValueError:
        assert chosen.value == "pdf"
        assert len(chosen.options) == len(FORMATS) - 1 - (not scene.recipe)
    else:
        assert chosen.value == "py"
        assert len(chosen.options) == len(FORMATS)


def test_view_angles_are_asked_for_reliefs_alone(open_page: Open) -> None:
    assert "view" not in shown_options(opened(open_page, **SMALL))
    page = opened(open_page, **SMALL, view="relief")
    assert "view" in shown_options(page)
    page.slider(key="descent.export.view.view.up").set_value(45.0).run()
    page.toggle(key="descent.export.preview").set_value(True).run()
    assert not page.exception
    assert page.session_state["descent.export"].preview[1]["view"] == (45.0, -130.0)


def test_what_is_made_anew_has_what_was_chosen_as_its_own_default(open_page: Open) -> None:
    page = choose(opened(open_page, **SMALL, view="relief"), "svg")
    page.selectbox(key="descent.export.theme.theme").select("print").run()
    page.selectbox(key="descent.export.size.page").select("poster").run()
    page.selectbox(key="descent.export.arithmetic.path").select("Adam (lr 0.1)").run()
    page.number_input(key="descent.export.step.step").set_value(4).run()
    page.toggle(key="descent.export.legend.switch").set_value(False).run()
    page.toggle(key="descent.export.preview").set_value(True).run()
    page.slider(key="descent.export.view.view.up").set_value(45.0).run()

    def defaults() -> dict[str, Any]:
        found = {}
        for box in (*page.selectbox, *page.number_input, *page.toggle, *page.slider):
            if "export" in str(box.key):
                assert not box.proto.set_value
                own = box.proto.value if box.type == "toggle" else box.proto.default
                found[str(box.key)] = box.value, box.options[own] if box.type == "selectbox" else own
        return found

    chosen = defaults()
    assert chosen["descent.export.format"] == ("svg", "SVG, vector graphics (.svg)")
    assert chosen["descent.export.legend.switch"] == (False, False)
    page = turn_to(turn_to(page, "Recipe"), "Export")
    assert defaults() == chosen
    assert not said(page)


def test_text_formats_are_shown_to_copy(open_page: Open) -> None:
    page = choose(opened(open_page, **SMALL), "py")
    assert any("import landscape" in code.value for code in page.code)
    assert any(r"\caption" in code.value for code in choose(page, "tex").code)


def test_a_hostile_title_stays_text_in_the_captions(open_page: Open) -> None:
    page = opened(open_page, **SMALL, title="<script>alert(1)</script> 50% $x_1$ 경사 하강 η")
    latex = next(code.value for code in page.code if r"\begin{figure}" in code.value)
    assert r"50\% \$x\_1\$ 경사 하강 \ensuremath{\eta}" in latex
    assert "<script>" not in latex


def test_letters_that_no_font_has_are_told_before_the_download(open_page: Open) -> None:
    assert not said(opened(open_page, **SMALL, title="Descent on ∇f"))
    page = opened(open_page, **SMALL, title="Linear A: \U00010600")
    assert "No installed font has the letters \U00010600" in said(page)
    assert not said(choose(page, "csv"))


def test_the_link_in_a_caption_brings_the_view_back_too(open_page: Open) -> None:
    page = opened(open_page, **SMALL, view="relief")
    (words,) = (code.value for code in page.code if code.value.startswith("Sphere"))
    link = dict(parse_qsl(words.split("Opens again with ?", 1)[1]))
    assert link["view"] == "relief"
    assert link["surface"] == "sphere"
    assert open_page(**link).query_params == page.query_params


def test_the_preview_is_drawn_once_and_again_when_something_changes(open_page: Open) -> None:
    page = opened(open_page, **SMALL)
    assert page.session_state["descent.export"].preview is None
    page.toggle(key="descent.export.preview").set_value(True).run()
    first = page.session_state["descent.export"].preview
    assert first[2][:4] == b"\x89PNG"
    page.run()
    assert page.session_state["descent.export"].preview is first
    page.selectbox(key="descent.export.theme.theme").select("print").run()
    assert page.session_state["descent.export"].preview[2] != first[2]


def test_too_many_dots_and_too_long_films_are_refused_with_the_limit(open_page: Open) -> None:
    page = opened(open_page, **SMALL)
    page.selectbox(key="descent.export.size.page").select("poster").run()
    page.number_input(key="descent.export.dpi.number").set_value(600.0).run()
    assert "it takes at most" in said(page)
    assert "export.download" not in downloads(page)
    choose(page, "gif")
    page.number_input(key="descent.export.fps.number.gif").set_value(60.0).run()
    assert "at most 50 frames" in said(page)
    choose(page, "mp4")
    page.selectbox(key="descent.export.size.screen.mp4").select("4K").run()
    page.number_input(key="descent.export.seconds.number").set_value(60.0).run()
    page.number_input(key="descent.export.fps.number.mp4").set_value(60.0).run()
    assert "too many for this page" in said(page)


def test_a_film_is_made_apart_and_waits_and_the_player_is_left_alone(
    open_page: Open, held: threading.Event, tmp_path: Path
) -> None:
    page = choose(opened(open_page, **SMALL), "mp4")
    before = payload_of(page)
    page.selectbox(key="descent.export.size.screen.mp4").select("720p").run()
    page.number_input(key="descent.export.seconds.number").set_value(0.5).run()
    page.button(key="descent.export.make").click().run()
    assert not page.exception
    assert page.button(key="descent.export.make").disabled
    assert page.button(key="descent.export.cancel")
    assert payload_of(page) == before
    # Something else on the page meanwhile.
    turn_to(page, "Verdicts")
    page.text_input(key="descent.steps.box").input("30").run()
    assert payload_of(page)["n_steps"] == 30
    assert "export.cancel" not in {str(button.key).removeprefix("descent.") for button in page.button}
    turn_to(page, "Export")
    assert page.selectbox(key="descent.export.format").value == "mp4"
    assert page.selectbox(key="descent.export.size.screen.mp4").value == "720p"
    held.set()
    made = ended(page.session_state[EXPORT]).result()
    page.run()
    assert "export.fetch" in downloads(page)
    assert not page.button(key="descent.export.make").disabled
    with av.open(io.BytesIO(made.data)) as film:
        stream = film.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert sum(1 for _ in film.decode(stream)) == 15 + 45
    # The film shows the run that was there when it was asked for.
    assert "20 steps" in film.metadata["comment"]


def test_a_film_can_be_cancelled(open_page: Open, held: threading.Event) -> None:
    page = choose(opened(open_page, **SMALL), "gif")
    page.button(key="descent.export.make").click().run()
    page.button(key="descent.export.cancel").click().run()
    held.set()
    assert ended(page.session_state[EXPORT]).stopped
    page.run()
    assert any("cancelled" in info.value for info in page.info)
    assert "export.fetch" not in downloads(page)
    assert not page.button(key="descent.export.make").disabled


def test_a_job_that_fails_says_why(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: Any, **options: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(exports, "save", full)
    page = choose(opened(open_page, **SMALL), "mp4")
    page.button(key="descent.export.make").click().run()
    ended(page.session_state[EXPORT])
    page.run()
    assert "No space left on device" in said(page)


def test_a_server_takes_a_bounded_number_of_exports(scene: Scene, held: threading.Event) -> None:
    started = [
        exports.start(f"{n}.gif", "gif", exports.writer_of(scene, {}))
        for n in range(exports.AT_A_TIME + exports.WAITING)
    ]
    one_more = exports.writer_of(scene, {})
    with pytest.raises(ValueError, match="busy") as refused:
        exports.start("one-more.gif", "gif", one_more)
    with speaking("ko"):
        assert "서버" in str(refused.value)  # what was refused is said again in another language
    for export in started:
        work.cancel(export.job)
    held.set()
    assert all(ended(export).stopped for export in started)
    last = exports.start("last.gif", "gif", exports.writer_of(scene, {"size": (160, 90), "seconds": 0.2, "hold": 0}))
    assert ended(last).result().data


def test_an_export_of_a_session_that_is_gone_stops_at_the_next_frame(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Leaving(Presence):
        gone = False

    def tell(latest: tuple[int, int, float]) -> None:
        telling(latest)
        owner.gone = latest[0] == 2

    owner, telling = Leaving(lambda: True), work.tell
    monkeypatch.setattr(work, "presence", lambda: owner)
    monkeypatch.setattr(work, "tell", tell)
    job = ended(exports.start("a.gif", "gif", exports.writer_of(scene, {"size": (160, 90), "seconds": 1.0, "hold": 0})))
    assert job.stopped
    assert job.latest[0] == 2
    assert job.latest[1] == 20


def test_nothing_of_an_export_is_left_on_the_disk(
    scene: Scene, held: threading.Event, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    options = {"size": (160, 90), "seconds": 0.2, "hold": 0}
    made, stopped = (exports.start(name, "gif", exports.writer_of(scene, options)) for name in ("a.gif", "b.gif"))
    work.cancel(stopped.job)
    held.set()
    assert ended(made).result().data
    assert ended(stopped).stopped
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_too_large_is_refused(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "LARGEST", 100)
    job = ended(exports.start("a.gif", "gif", exports.writer_of(scene, {"size": (160, 90), "seconds": 0.2, "hold": 0})))
    with pytest.raises(ValueError, match="keeps at most"):
        job.result()


def test_the_pack_of_a_page_links_back_to_it(scene: Scene) -> None:
    options = {
        "size": (4, 3),
        "video_size": (160, 90),
        "gif_size": (160, 90),
        "seconds": 0.2,
        "address": "http://here.test/watch",
    }
    made = ended(exports.start("pack.zip", "zip", exports.writer_of(scene, options))).result()
    with zipfile.ZipFile(io.BytesIO(made.data)) as pack:
        assert "http://here.test/watch?" in pack.read("caption.txt").decode()
        assert {"figure.pdf", "film.mp4", "slide.html", "script.py", "README.txt"} <= set(pack.namelist())


def test_a_step_is_told_in_the_file_and_to_be_copied(open_page: Open) -> None:
    page = choose(opened(open_page, **SMALL), "tex")
    assert not any("step in numbers" in one.label for one in page.expander)
    page.selectbox(key="descent.export.arithmetic.path").select("Adam (lr 0.1)").run()
    page.number_input(key="descent.export.step.step").set_value(4).run()
    assert not page.exception
    (copied,) = [one for one in page.expander if "step in numbers" in one.label]
    text, latex = (code.value for code in copied.get("code"))
    run = Experiment.from_query(SMALL).run()
    expected = one_step(run.trajectories[1], 5)
    assert text.startswith("Step 5 of Adam (lr 0.1), from ")
    assert text.endswith(expected.text())
    assert latex.strip() == expected.latex()
    assert any(expected.latex() in code.value for code in page.code if "includegraphics" in code.value)
    choose(page, "csv")
    assert not any("step in numbers" in one.label for one in page.expander)
    choose(page, "pdf")  # what was chosen is shared by the formats that have it
    assert page.selectbox(key="descent.export.arithmetic.path").value == "Adam (lr 0.1)"


def test_no_step_is_offered_of_noisy_runs(open_page: Open) -> None:
    page = choose(opened(open_page, **Experiment.from_query(SMALL).replace(noise=GaussianNoise(0.1)).to_query()), "pdf")
    assert not [one for one in page.selectbox if one.key.endswith("arithmetic.path")]
