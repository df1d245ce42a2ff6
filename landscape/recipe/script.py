"""A recipe as a Python script that anyone with the package can run."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from typing import Any

from landscape.declared import Registry
from landscape.optimizers import NOISES, OPTIMIZERS, SCHEDULES
from landscape.optimizers.noise import OfDraw
from landscape.optimizers.schedules import OfStep
from landscape.parameter import Parameter
from landscape.recipe.starts import STARTS
from landscape.surfaces import SURFACES
from landscape.version import __version__

TEMPLATE = '''\
"""{heading}

Made with landscape {version}. Running it shows the figure; see the last lines for files.
"""

{imports}import landscape as ls
{declared}
experiment = ls.Experiment(
    surface={surface},
    optimizers=(
{optimizers}
    ),
    starts={starts},
    n_steps={n_steps},
    schedule={schedule},
    noise={noise},
    seed={seed},
    title={title},
)

if __name__ == "__main__":
    run = experiment.run()
    for trajectory in run.trajectories:
        for verdict in trajectory.verdicts:
            print(f"{{trajectory.optimizer.label}}: {{verdict}}")
    scene = run.scene({view})
    scene.to_plotly().show()
    # scene.save("descent.pdf")  # also .svg, .png, .gif, .mp4, .html, .csv, .npz
'''


def write(
    recipe: Mapping[str, Any], surface: str, *, relief: bool = False, log_color: bool = True, dashed: bool = False
) -> str:
    """Return a script whose ``experiment`` has this recipe, given as plain data; ``surface`` is the surface's title.

    ``relief``, ``log_color`` and ``dashed`` are how its scene looks.
    """
    chosen = {"relief=True": relief, "log_color=False": not log_color, "dashed=True": dashed}
    view = [word for word, is_so in chosen.items() if is_so]
    return TEMPLATE.format(
        imports=imports(recipe),
        declared=declared(recipe["surface"]),
        heading=f"How optimizers move over {_plain(surface)}.",
        version=__version__,
        surface=_surface(recipe["surface"]),
        optimizers=_lines(_call(OPTIMIZERS, one) for one in recipe["optimizers"]),
        starts=_starts(recipe["starts"]),
        n_steps=recipe["n_steps"],
        schedule=_call(SCHEDULES, recipe["schedule"]),
        noise=_call(NOISES, recipe["noise"]),
        seed=recipe["seed"],
        title=repr(recipe["title"]),
        view=", ".join(view),
    )


SWARM = '''\
"""A swarm on {heading}: very many starts at once, and which share of them is still where.

Made with landscape {version}. Running it writes the film; see the last line for other files.
"""

{imports}import landscape as ls
from landscape.figures import FIGURES
{declared}
experiment = ls.Experiment.from_json({json!r})

if __name__ == "__main__":
    scene = FIGURES["swarm"].scene(experiment, {{"flat": {flat!r}}})
    for track in scene.tracks:
        print(f"{{track.label}}: {{track.verdict}}")
    scene.save("swarm.mp4")  # also .gif, .png, .pdf, .svg, .html, .csv
'''


def swarm(recipe: Mapping[str, Any], surface: str, flat: str = "1e-3") -> str:
    """Return a script that makes the picture of the swarm of a recipe; ``flat`` as the figure ``swarm`` has it."""
    return SWARM.format(
        imports=imports(recipe),
        declared=declared(recipe["surface"]),
        heading=_plain(surface),
        version=__version__,
        json=json.dumps(recipe),
        flat=flat,
    )


def _surface(recipe: Mapping[str, Any]) -> str:
    settings = "".join(f", {name}={value!r}" for name, value in recipe.get("settings", {}).items())
    domain = recipe.get("domain")
    box = "" if domain is None else repr(tuple((float(low), float(high)) for low, high in domain))
    if "data" in recipe:
        return _network(recipe)
    if "formula" in recipe:
        title = f", title={recipe['title']!r}" if "title" in recipe else ""
        return f"ls.formula({recipe['formula']!r}, domain={box}{title})"
    dims = f", n_dims={recipe['n_dims']}" if "n_dims" in recipe else ""
    made = f"ls.surface({recipe['name']!r}{dims}{settings})"
    return f"{made}.with_domain({box})" if box else made


def _network(recipe: Mapping[str, Any]) -> str:
    """Return the call that makes a network: its data, its layers and its settings."""
    data = ", ".join(f"{key}={value!r}" for key, value in recipe["data"].items() if key != "name")
    made = f"ls.data({recipe['data']['name']!r}{', ' * bool(data)}{data})"
    layers = {key: value for key, value in recipe.items() if key not in ("name", "data", "settings")}
    fields = "".join(f", {key}={value!r}" for key, value in (layers | dict(recipe.get("settings", {}))).items())
    return f"ls.network({recipe['name']!r}, data={made}{fields})"


def declared(recipe: Mapping[str, Any]) -> str:
    """Return the lines that declare a surface of somebody else's; none for another one."""
    surface = SURFACES.get(recipe.get("name", ""))
    if surface is None or surface.name in SURFACES.ours:
        return ""
    info, known = surface.info, surface.known
    kinds = {"minima": "minimum", "saddles": "saddle", "maxima": "maximum"}
    more = {
        "group": info.group,
        "teaches": info.teaches,
        "reference": info.reference,
        "variables": surface.variables,
        **{name: [point for kind, point in known if kind == wanted] for name, wanted in kinds.items()},
        "smooth": info.smooth,
    }
    box = surface.domain if info.domain is None else info.domain
    parts = [repr(one) for one in (surface.name, info.title, surface.expression, box.bounds)]
    parts += [f"{name}={value!r}" for name, value in more.items()]
    parts.append(f"parameters=({''.join(f'{_parameter(p)}, ' for p in info.parameters)})")
    return f"\nls.register(\n    ls.declare(\n{_lines(parts)}\n    )\n)\n"


def _parameter(p: Parameter) -> str:
    """Return the call that makes a parameter, without what is as it is by default."""
    first = ", ".join(repr(one) for one in (p.name, p.default, p.low, p.high, p.description))
    others = [one for one in fields(p) if one.default is not MISSING and one.name != "description"]
    more = "".join(f", {one.name}={value!r}" for one in others if (value := getattr(p, one.name)) != one.default)
    return f"ls.Parameter({first}{more})"


def imports(recipe: Mapping[str, Any]) -> str:
    """Return the lines that bring the classes of other people's parts; the package's own are all under ``ls``."""
    walkers = list(recipe["optimizers"])
    for one in walkers:  # those in others come behind them
        walkers += [inner for inner in one.values() if isinstance(inner, Mapping)]
    parts: list[tuple[Registry[Any], Any]] = [(OPTIMIZERS, one) for one in walkers]
    parts += [(SCHEDULES, recipe["schedule"]), (NOISES, recipe["noise"]), (STARTS, recipe["starts"])]
    rates = (one["learning_rate"] for one in recipe["optimizers"])
    parts += [(SCHEDULES, {"name": rate}) for rate in rates if isinstance(rate, str)]
    classes = (kinds.named(one["name"]) for kinds, one in parts if isinstance(one, Mapping))
    lines = []
    for cls in dict.fromkeys(cls for cls in classes if not _is_ours(cls)):
        if cls.__module__ == "__main__":
            lines.append(f"# Put the definition of {cls.__name__} here: it was made in a script or notebook.\n")
        else:
            lines.append(f"from {cls.__module__} import {cls.__name__}\n")
    return "".join(lines)


def _is_function(cls: type) -> bool:
    """Tell whether a class stands for a plain function."""
    return issubclass(cls, OfStep | OfDraw)


def _is_ours(cls: type) -> bool:
    return cls.__module__.split(".")[0] == "landscape"


def _call(kinds: Registry[Any], recipe: Mapping[str, Any] | None) -> str:
    """Return the constructor call of a member of a registry."""
    if recipe is None:
        return "None"
    cls = kinds.named(recipe["name"])
    if _is_function(cls):
        return cls.__name__
    # A learning rate in words is the name of a function.
    written = {
        name: _call(kinds, value) if isinstance(value, Mapping) else value if isinstance(value, str) else repr(value)
        for name, value in recipe.items()
    }
    arguments = ", ".join(f"{name}={value}" for name, value in written.items() if name != "name")
    return f"{'ls.' if _is_ours(cls) else ''}{cls.__name__}({arguments})"


def _starts(starts: Any) -> str:
    """Return the rule that makes the points, or the points that were given, one a line."""
    if isinstance(starts, Mapping):
        return _call(STARTS, starts)
    return f"(\n{_lines(repr(tuple(point)) for point in starts)}\n    )"


def _lines(parts: Iterable[str]) -> str:
    return textwrap.indent("\n".join(f"{part}," for part in parts), " " * 8)


def _plain(text: str) -> str:
    """Return ``text`` fit to stand in a docstring."""
    return text.replace("\\", "").replace('"', "'").replace("\n", " ")
