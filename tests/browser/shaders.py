"""What is inside the player's script of maps, for tests and benchmarks: shaders, their ends, and what is painted."""

from __future__ import annotations

from typing import Any

from landscape.render.player.payload import MORE, PUBLIC, player_script

INSIDE = (
    "readPayload, readList, Machine, Reached, shaderOf, endsOf, classesOf, paintedMap, quantile, groundOf, throughout, "
    "inSingle, NAMES, OPERANDS, PARTS"
)
"""What is asked of the script beside what it shows to others."""

# From a payload and other learning rates to the classes of all pixels, with what it took; as basins.js does it.
DRAW = """
async function drawn(payload, rates) {
  const { live, panels } = readPayload(payload);
  const { map, n_steps } = live;
  const machine = new Machine(live);
  const [field] = panels[0].movingFields;
  const places = { x: field.columns, y: field.rows };
  const reached = new Reached(machine, live.curvature, map, map.known);
  const how = {
    ...map.judge, low: map.low, high: map.high, n_steps,
    quarters: [1, 2, 3].map((k) => Math.floor((k * n_steps) / 4)),
    threshold: Math.max(map.judge.threshold, reached.noise) ** 2,
    highest: groundOf(machine, map.low, map.high).highest,
    far: 1000 * map.diagonal,
  };
  const shaders = machine.walkers.map(({ values: [, ...hyper] }, k) =>
    shaderOf(machine, k, throughout([rates[k], ...hyper]), n_steps));
  window.ends ??= endsOf();
  let [seen, gap] = [performance.now(), 0];
  const watch = (now) => {
    gap = Math.max(gap, now - seen);
    seen = now;
    if (watching) requestAnimationFrame(watch);
  };
  let watching = true;
  requestAnimationFrame((now) => ((seen = now), requestAnimationFrame(watch)));
  const began = performance.now();
  const levels = [];
  const found = await new Promise((done) => ends.run(shaders, places, how, (told) => {
    levels.push([told.stride, performance.now() - began]);
    if (told.stride === 1) done(told.found);
  }));
  const made = reached.of(found, n_steps);
  const looks = classesOf(made, map, null);
  const longest = Math.max(quantile(made.maps, 0.98), 1);
  const maps = made.maps.map((one) => paintedMap(one, places.x.length, looks, map.levels, longest).own);
  const took = performance.now() - began;
  watching = false;
  return { names: looks.classes.map(({ name }) => name), maps: maps.map((own) => [...own]), levels, took, gap };
}
"""
DRAWN = "([payload, rates]) => drawn(payload, rates)"
"""Names of classes, the class of every pixel of each map, milliseconds to each level and to the end, longest frame."""

FITS = """(payload) => {
  const { live } = readPayload(payload);
  return groundOf(new Machine(live), live.map.low, live.map.high).fits;
}"""


def open_inside(browser: Any) -> Any:
    """Return a page of a browser that has these names."""
    page = browser.new_page()
    page.set_default_timeout(600_000)
    told = f"Object.assign(window, {{ {INSIDE} }});"
    script = player_script(MORE).replace(f"return {PUBLIC};", f"{told} return {PUBLIC};")
    page.add_script_tag(content=script + DRAW)
    return page
