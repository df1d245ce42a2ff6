"""The four questions of the sidebar: which surface, which optimizers, from where, how long and how noisy."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping

import streamlit as st

from app import frame, starts
from app.compute import MAX_SEED
from app.controls import box, choice, number, numbers, say, show
from app.state import Desk
from app.text import plain
from landscape.errors import UnknownName, lookup
from landscape.experiment import Experiment
from landscape.optimizers import NOISES, OPTIMIZERS, SCHEDULES, Noise, Schedule, optimizer, schedule
from landscape.parameter import Parameter
from landscape.picture.style import stroke
from landscape.query import SETTING, read_query
from landscape.starts import suggested_starts
from landscape.surfaces import GROUPS, SURFACES, formula
from landscape.surfaces.base import Surface
from landscape.surfaces.expression import parse
from landscape.surfaces.formula import Formula
from landscape.words import count

OWN = "formula"
OWN_TITLE = "Your own formula"
FIRST_FORMULA = "x^2 - y^2 + y^4/4"
FORMULA_HELP = (
    "In x and y, or in x (or w) alone: + - * / ^ and brackets, numbers, pi, e, and functions such as sin, exp, log, "
    "sqrt, tanh, abs."
)
STEPS = Parameter("steps", 400, 10, 20_000, "steps of each optimizer", log=True, integer=True, minimum=1)
SEED = Parameter(
    "seed", 0, 0, 100, "of the noise and of optimizers that draw", integer=True, minimum=0, maximum=MAX_SEED
)
CONSTANT, NO_NOISE = "constant", "none"

Bench = Desk[Experiment]


def ask(desk: Bench) -> None:
    """Show the four questions, each folded to the line that says its answer."""
    asked = (
        ("Which surface?", surface_title(desk.recipe.surface), _surface),
        ("Which optimizers?", _names(desk), optimizers),
        ("From where?", starts.summary(desk), starts.generators),
        ("How long, and how noisy?", length_of(desk), length),
    )
    frame.ask(desk, asked)


def read(query: Mapping[str, str], default: Experiment) -> tuple[Experiment, tuple[str, ...]]:
    """Return the experiment on the gallery that URL parameters describe, with what was refused."""
    problems: tuple[str, ...] = ()
    if "surface" in query:
        # Other registered surfaces can be large, and these pages could not draw them: they are not even built.
        try:
            lookup(SURFACES, query["surface"][:100], "surface on this page")
        except UnknownName as error:
            problems = (f"surface: {error}",)
            ground = ("surface", "n_dims", "domain", "start")
            query = {k: v for k, v in query.items() if k not in ground and not k.startswith(SETTING)}
    try:
        experiment, more = read_query(query, default=default)
    except (ValueError, TypeError) as error:
        return default, (*problems, str(error))
    return experiment or default, (*problems, *more)


def surface_title(surface: Surface) -> str:
    """Return the name under which a surface is offered."""
    return OWN_TITLE if surface.name == OWN else surface.title


# Which surface?


def on_surface(experiment: Experiment, surface: Surface) -> Experiment:
    """Return the experiment on another surface: starts that somebody chose stay where they fit."""
    old = experiment.surface
    kept = experiment.starts
    fits = surface.n_dims == old.n_dims and bool(surface.domain.contains(kept).all())
    chosen = kept != _suggested(old)
    return experiment.replace(surface=surface, starts=kept if fits and chosen else _suggested(surface))


def _suggested(surface: Surface) -> tuple[tuple[float, ...], ...]:
    return tuple(map(tuple, suggested_starts(surface).tolist()))


def _surface(desk: Bench) -> None:
    surface = desk.recipe.surface
    group = OWN if surface.name == OWN else surface.info.group
    titles = {**GROUPS, OWN: OWN_TITLE}
    choice(desk, "group", "To learn about", list(titles), group, titles.__getitem__, _first_of)
    if group == OWN:
        own(desk)
        return
    names = [name for name, one in SURFACES.items() if one.info.group == group]
    choice(
        desk,
        "surface",
        "Surface",
        names,
        surface.name,
        lambda name: SURFACES[name].title,
        lambda experiment, name: on_surface(experiment, SURFACES[name]),
        label_visibility="collapsed",
    )
    st.caption(plain(surface.info.teaches, 1000))
    numbers(
        desk,
        f"surface.{surface.name}",
        surface.parameters,
        lambda name: surface.settings[name],
        lambda experiment, name, value: experiment.replace(surface=experiment.surface.with_settings(**{name: value})),
    )


def _first_of(experiment: Experiment, group: str) -> Experiment:
    if group == OWN:
        return on_surface(experiment, formula(FIRST_FORMULA, domain=((-3, 3), (-3, 3))))
    return on_surface(experiment, next(one for one in SURFACES.values() if one.info.group == group))


def _text_of(surface: Surface) -> str:
    return surface.expression if isinstance(surface, Formula) else FIRST_FORMULA


def own(desk: Bench) -> None:
    """Ask for a formula and its box."""
    surface = desk.recipe.surface
    key, accepted = desk.key("formula.text"), desk.key("formula.accepted")
    problem = desk.problems.get("formula")
    typed, understood = st.session_state.get(accepted, (None, None))
    text = _text_of(surface)
    if problem is None or problem.typed is None:
        show(key, typed if understood == text and typed is not None else text)
    else:
        show(key, problem.typed)

    def changed() -> None:
        written = st.session_state[key]
        if desk.edit("formula", lambda experiment: on_surface(experiment, _retyped(experiment, written)), written):
            st.session_state[accepted] = (written, _text_of(desk.recipe.surface))
            desk.forget("domain")

    st.text_input("f", key=key, live="250ms", on_change=changed, help=FORMULA_HELP, max_chars=2000)
    say(desk, "formula")
    for axis, name in enumerate(surface.variables):
        left, right = st.columns(2, wrap=False)
        for column, side, label in ((left, "lower", f"{name} from"), (right, "upper", "to")):
            with column:
                _edge(desk, axis, side, label)
        say(desk, f"domain.{axis}.lower")
        say(desk, f"domain.{axis}.upper")


def _retyped(experiment: Experiment, text: str) -> Surface:
    """Return the surface of a newly typed formula in the same box, as far as the box has its axes."""
    bounds = experiment.surface.domain.bounds
    n_dims = len(parse(text).variables)
    return formula(text, domain=(bounds * n_dims)[:n_dims])


def _edge(desk: Bench, axis: int, side: str, label: str) -> None:
    domain = desk.recipe.surface.domain

    def change(experiment: Experiment, value: float) -> Experiment:
        surface = experiment.surface
        edges = list(getattr(surface.domain, side))
        edges[axis] = value
        moved = dataclasses.replace(surface.domain, **{side: tuple(edges)})
        return experiment.replace(surface=formula(_text_of(surface), moved))

    box(desk, f"domain.{axis}.{side}", label, getattr(domain, side)[axis], change, check=_finite)


def _finite(text: str) -> float:
    return Parameter("an edge of the picture", 0, 0, 0).check(text)


# Which optimizers?


def _names(desk: Bench) -> str:
    titles = [one.title for one in desk.recipe.optimizers]
    return ", ".join(titles) if len(titles) <= 4 else f"{', '.join(titles[:3])} + {len(titles) - 3}"


def optimizers(desk: Bench) -> None:
    for index, one in enumerate(desk.recipe.optimizers):
        variant = sum(other.key == one.key for other in desk.recipe.optimizers[:index])
        place = f"optimizer.{index}.{one.key}"
        color = stroke(one.key, variant).color
        rate, *rest = one.parameters
        with st.container(gap="xxsmall"):
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", wrap=False):
                st.markdown(
                    f':color[●]{{foreground="{color}"}} **{plain(one.title)}**',
                    help=_summary(type(one)),
                    width="stretch",
                )
                if rest:
                    with st.popover(":material/tune:", type="tertiary", help=f"All settings of {one.title}"):
                        numbers(desk, place, rest, one.recipe().__getitem__, _tune(index))
                st.button(
                    ":material/close:",
                    key=desk.key(f"{place}.remove"),
                    type="tertiary",
                    on_click=_remove,
                    args=(desk, index),
                    help=f"Remove {one.title}",
                )
            numbers(desk, place, [rate], one.recipe().__getitem__, _tune(index))
    say(desk, "optimizers")
    key = desk.key("optimizers.add")

    def add() -> None:
        chosen = st.session_state[key]
        st.session_state[key] = None
        if chosen is not None:
            desk.edit("optimizers", lambda e: e.replace(optimizers=(*e.optimizers, optimizer(chosen))))

    st.selectbox(
        "Add an optimizer",
        list(OPTIMIZERS),
        index=None,
        key=key,
        format_func=lambda name: OPTIMIZERS[name].title,
        placeholder="Add an optimizer",
        label_visibility="collapsed",
        on_change=add,
    )


def _summary(kind: type) -> str:
    return plain((kind.__doc__ or "").strip().split("\n\n")[0].replace("\n", " "), 400)


def _tune(index: int) -> Callable[[Experiment, str, float], Experiment]:
    def change(experiment: Experiment, name: str, value: float) -> Experiment:
        tuned = list(experiment.optimizers)
        tuned[index] = dataclasses.replace(tuned[index], **{name: value})
        return experiment.replace(optimizers=tuple(tuned))

    return change


def _remove(desk: Bench, index: int) -> None:
    left = desk.recipe.optimizers[:index] + desk.recipe.optimizers[index + 1 :]
    if desk.edit("optimizers", lambda experiment: experiment.replace(optimizers=left)):
        desk.forget("optimizer")


# How long, how noisy?


def length_of(desk: Bench) -> str:
    """Return steps, schedule and noise in words."""
    recipe = desk.recipe
    parts = [count(recipe.n_steps, "step")]
    if recipe.schedule is not None and recipe.schedule.key != CONSTANT:
        parts.append(recipe.schedule.title.lower())
    parts.append("no noise" if recipe.noise is None else recipe.noise.words)
    return ", ".join(parts)


def length(desk: Bench) -> None:
    pace(desk)
    number(desk, "seed", SEED, desk.recipe.seed, lambda e, value: e.replace(seed=int(value)))


def pace(desk: Bench) -> None:
    """Ask for steps, schedule and noise."""
    recipe = desk.recipe
    number(desk, "steps", STEPS, recipe.n_steps, lambda e, value: e.replace(n_steps=int(value)))
    scheduled = CONSTANT if recipe.schedule is None else recipe.schedule.key
    choice(
        desk,
        "schedule",
        "Learning rate over time",
        list(SCHEDULES),
        scheduled,
        lambda name: SCHEDULES[name].title,
        lambda e, name: e.replace(schedule=None if name == CONSTANT else schedule(name)),
    )
    if recipe.schedule is not None:
        _settings(desk, "schedule", recipe.schedule)
    offered = [name for name, kind in NOISES.items() if _fits(kind(), recipe.surface)]
    choice(
        desk,
        "noise",
        "Noise on the gradient",
        [NO_NOISE, *offered],
        NO_NOISE if recipe.noise is None else recipe.noise.key,
        lambda name: "None" if name == NO_NOISE else NOISES[name].title,
        lambda e, name: e.replace(noise=None if name == NO_NOISE else NOISES[name]()),
        help="The same draws for every optimizer.",
    )
    if recipe.noise is not None:
        _settings(desk, "noise", recipe.noise)


def _settings(desk: Bench, name: str, part: Schedule | Noise) -> None:
    """Show the numbers of the schedule or the noise."""

    def change(experiment: Experiment, field: str, value: float) -> Experiment:
        return experiment.replace(**{name: dataclasses.replace(part, **{field: value})})

    numbers(desk, f"{name}.{part.key}", part.parameters, part.recipe().__getitem__, change)


def _fits(noise: Noise, surface: Surface) -> bool:
    try:
        noise.view(surface, 0, 1, 1)
    except TypeError:
        return False
    except ValueError:
        return True
    return True
