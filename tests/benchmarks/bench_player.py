"""Our player beside native Plotly frames of the same picture, in the same headless Chromium: frame rate and payload.

    python tests/benchmarks/bench_player.py [seconds]

8 paths x 3 panels x 1000 steps. Native: the same figure (field, axes, one line and one head a path and panel) with a
frame for every fifth step, animated with redraw off, no transition and no pause between frames. Shown frames are
counted: plotly_animatingframe for Plotly, drawn animation frames for the player. Payloads are JSON bytes; plotly.js
itself is loaded by both. Needs playwright and a Chromium.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from plotly.offline import get_plotlyjs

import landscape as ls
from landscape.render.player.payload import player_css, player_payload, player_script
from landscape.scene import Scene

STEPS, EVERY, SIZE = 1000, 5, {"width": 1440, "height": 900}
LAUNCH = ["--no-sandbox", "--disable-quic", "--disable-background-networking"]


def scene_of_the_benchmark() -> Scene:
    """Four optimizers from two starts on Himmelblau's function."""
    optimizers = (ls.SGD(0.002), ls.Momentum(0.001), ls.RMSprop(0.005), ls.Adam(0.02))
    return ls.Experiment("himmelblau", optimizers, ((-0.5, 4.5), (1.0, -5.0)), STEPS).run().scene()


def native(scene: Scene) -> dict[str, object]:
    """The same picture with native frames, as plain JSON: ``data``, ``layout``, ``frames``."""
    figure = json.loads(scene.to_plotly().to_json())
    still = [trace for trace in figure["data"] if trace["meta"]["role"] not in ("path", "head")]
    data, frames = list(still), [{"name": str(k), "data": [], "traces": []} for k in range(0, STEPS + 1, EVERY)]
    paths = [(panel, layer) for panel in scene.panels for layer in panel.layers if hasattr(layer, "head")]
    styles = {t["meta"]["group"]: t for t in figure["data"] if t["meta"]["role"] == "path"}
    heads = {t["meta"]["group"]: t["marker"] for t in figure["data"] if t["meta"]["role"] == "head"}
    axes = {t["meta"]["panel"]: {"xaxis": t["xaxis"], "yaxis": t["yaxis"]} for t in styles.values()}
    axes |= {
        t["meta"]["panel"]: {"xaxis": t["xaxis"], "yaxis": t["yaxis"]}
        for t in figure["data"]
        if t["meta"]["role"] == "path"
    }
    groups = {track.id: track.group for track in scene.tracks}
    for panel, path in paths:
        group = groups[path.track]
        x, y = path.x.astype("float32"), path.y.astype("float32")
        place = len(data)
        data.append(
            {"type": "scatter", "mode": "lines", **axes[panel.key], "line": styles[group]["line"], "x": [], "y": []}
        )
        data.append({"type": "scatter", "mode": "markers", **axes[panel.key], "marker": heads[group], "x": [], "y": []})
        for frame in frames:
            k = int(frame["name"])
            frame["traces"] += [place, place + 1]
            frame["data"] += [
                {"x": packed(x[: k + 1]), "y": packed(y[: k + 1])},
                {"x": [float(x[k])], "y": [float(y[k])]},
            ]
    return {"data": data, "layout": figure["layout"], "frames": frames}


def packed(array: object) -> dict[str, str]:
    """An array as Plotly packs it: base64 of its bytes."""
    import base64

    return {"dtype": "f4", "bdata": base64.b64encode(array.tobytes()).decode()}


def page_with(page: Page, folder: Path, name: str, body: str) -> None:
    """Open a page that has plotly.js and ``body``."""
    (folder / "plotly.js").write_text(get_plotlyjs(), encoding="utf-8")
    text = f'<!DOCTYPE html><meta charset="utf-8"><body style="margin:0"><script src="plotly.js"></script>{body}'
    (folder / name).write_text(text, encoding="utf-8")
    page.goto((folder / name).as_uri())


def measure_native(page: Page, folder: Path, figure: str, seconds: float) -> tuple[float, float]:
    """Seconds until the picture with its frames stands, and shown frames a second."""
    began = time.perf_counter()
    page_with(
        page,
        folder,
        "native.html",
        f"""<div id="p" style="width:1400px;height:640px"></div>
<script type="application/json" id="f">{figure}</script>
<script>
const figure = JSON.parse(document.getElementById("f").textContent);
window.ready = Plotly.newPlot("p", figure.data, figure.layout).then(() => Plotly.addFrames("p", figure.frames));
</script>""",
    )
    page.evaluate("() => window.ready.then(() => new Promise(requestAnimationFrame))")
    shown = time.perf_counter() - began
    rate = page.evaluate(
        """(seconds) => new Promise((resolve) => {
      const gd = document.getElementById("p");
      let frames = 0;
      const began = performance.now();
      gd.on("plotly_animatingframe", () => {
        frames += 1;
        const passed = (performance.now() - began) / 1000;
        if (passed >= seconds) resolve(frames / passed);
      });
      const options = { mode: "immediate", transition: { duration: 0 }, frame: { duration: 0, redraw: false } };
      const again = () => Plotly.animate(gd, null, options).then(again);
      again();
    })""",
        seconds,
    )
    return shown, rate


def measure_player(page: Page, folder: Path, payload: str, seconds: float) -> tuple[float, float]:
    """Seconds until the picture stands, and drawn frames a second."""
    began = time.perf_counter()
    page_with(
        page,
        folder,
        "player.html",
        f"""<style>{player_css()}</style><div id="p" style="width:1400px"></div>
<script type="application/json" id="f">{payload}</script>
<script>{player_script()}
const payload = JSON.parse(document.getElementById("f").textContent);
window.player = mountPlayer(document.getElementById("p"), payload, {{ Plotly, autoplay: false, readout: false }});
</script>""",
    )
    page.evaluate("() => window.player.ready.then(() => new Promise(requestAnimationFrame))")
    shown = time.perf_counter() - began
    rate = page.evaluate(
        """(seconds) => new Promise((resolve) => {
      let frames = 0;
      let last = -1;
      window.player.play();
      const began = performance.now();
      const count = () => {
        const { step, playing } = window.player.state;
        if (step !== last) frames += 1;
        last = step;
        if (!playing) window.player.play();
        const passed = (performance.now() - began) / 1000;
        if (passed >= seconds) resolve(frames / passed);
        else requestAnimationFrame(count);
      };
      requestAnimationFrame(count);
    })""",
        seconds,
    )
    return shown, rate


def main(seconds: float = 8.0) -> None:
    """Print the table."""
    scene = scene_of_the_benchmark()
    figure, payload = json.dumps(native(scene)), json.dumps(player_payload(scene))
    browser_path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as name:
        browser = playwright.chromium.launch(executable_path=browser_path, args=LAUNCH)
        folder = Path(name)
        rows = []
        for title, measure, text in (
            ("native frames", measure_native, figure),
            ("player.js", measure_player, payload),
        ) * 2:
            page = browser.new_page(viewport=SIZE)
            shown, rate = measure(page, folder, text, seconds)
            page.close()
            rows.append((title, len(text) / 1e6, shown, rate))
        version = browser.version
        browser.close()
    print(
        f"{len(scene.tracks)} paths x {len(scene.panels)} panels x {scene.n_steps} steps, Chromium {version}, headless"
    )
    print(f"{'':15s} {'payload MB':>11s} {'to appear s':>12s} {'frames/s':>9s}   (steps a native frame: {EVERY})")
    for title, size, shown, rate in rows:
        print(f"{title:15s} {size:11.2f} {shown:12.2f} {rate:9.1f}")


if __name__ == "__main__":
    main(*map(float, sys.argv[1:2]))
