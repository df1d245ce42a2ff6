"""What one session has on its desk for one page, and the URL that mirrors it.

The recipe on a desk is always a good one: an edit that is refused leaves it as it was and its reason where it
happened. Widgets only show the desk and call ``edit``; nothing is kept in them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Generic, TypeVar
from urllib.parse import parse_qsl, urlencode

import streamlit as st

from app import language
from app.language import LANGUAGE
from app.session import made_with, value_of, walked
from app.text import sentence
from landscape.errors import FormulaError
from landscape.language import Later, listed, tr

R = TypeVar("R")
T = TypeVar("T")

REFUSALS = (ValueError, TypeError, ArithmeticError)
"""What is raised by what cannot take what was typed."""

BEHIND = 200
"""Values of a widget that are remembered while a browser may not have heard of the last one."""

PRESENT = "present"
PREDICT = "predict"
BESIDE = "beside"
ANSWER = "state.answer"
"""Key of a field that nobody sees: the number of the last run of which the browser has heard to its end."""

_HERE = "router.page"
_RUN = "state.run"
_OURS = (PRESENT, PREDICT, LANGUAGE, "embed", "embed_options")


@dataclass
class Problem:
    """What was refused, what had been typed, and the place of the fault in it.

    ``check`` raises why: it is asked again when the language is another one than that of ``said``, its sentence.
    """

    check: Callable[[], object]
    typed: str | None = None
    position: int | None = None
    said: str = ""
    _spoken: str = ""

    def refuses(self, error: Exception) -> None:
        """Keep why this was refused, in the language of the moment."""
        self.said, self._spoken = sentence(error), language.language()

    @property
    def sentence(self) -> str:
        """Why this was refused, in the language of the moment."""
        if self._spoken != language.language():
            try:
                self.check()
            except REFUSALS as error:
                self.refuses(error)
        return self.said


@dataclass(frozen=True)
class Rules(Generic[R]):
    """What a page needs to know of its recipes.

    ``first`` makes the recipe that the page opens with. ``read`` turns URL parameters into a recipe and a list of what
    was refused, the first one standing in for what is missing; what it asks for by no name, nothing is called.
    ``write`` is its inverse; ``allow`` raises
    ``ValueError`` or ``TypeError`` for a recipe that this server does not compute.
    ``views`` are the ways to look at it: a name with its choices, the default first; ``looks(recipe)`` returns those
    with which a recipe is opened where nobody chose any; ``settle(recipe)`` returns it as this page takes it.
    """

    first: Callable[[], R]
    read: Callable[[Mapping[str, str], R], tuple[R, tuple[str, ...]]]
    write: Callable[[R], Mapping[str, str]]
    allow: Callable[[R], None] = lambda recipe: None
    views: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    looks: Callable[[R], Mapping[str, str]] = lambda recipe: {}
    settle: Callable[[R], R] = lambda recipe: recipe


class _Asked(Mapping[str, str]):
    """URL parameters that remember under which names something was looked for."""

    def __init__(self, query: Mapping[str, str]) -> None:
        self._query = query
        self._names: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self._names.add(name)
        return self._query[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._query)

    def __len__(self) -> int:
        return len(self._query)

    def unused(self) -> tuple[str, ...]:
        """Return what to say of those for which nothing looked."""
        said = []
        for name in self._query.keys() - self._names:
            near = get_close_matches(name, self._names, n=1)
            name = name[:40]
            said.append(tr("{name} (did you mean {near}?)", name=name, near=near[0]) if near else name)
        return (tr("not used here: {names}", names=", ".join(sorted(said))),) if said else ()


@dataclass
class _Told:
    """What a browser was told to show in a widget, and what that replaced; ``run`` is the last in which it was told."""

    run: int = 0
    values: deque[object] = field(default_factory=lambda: deque(maxlen=BEHIND))


@dataclass
class Desk(Generic[R]):
    """One page of one session: its recipe, how it is viewed, and what was refused where.

    ``held`` is an earlier recipe, with its views, that is shown beside this one. ``lasting`` is what stood in widgets
    that ask nothing of the recipe, for when their tab opens again. ``run`` numbers the runs of the session's script.
    ``refused`` is what could not be taken of ``asked``, said in the language ``spoken``.
    """

    page: str
    rules: Rules[R]
    recipe: R
    views: dict[str, str] = field(default_factory=dict)
    problems: dict[str, Problem] = field(default_factory=dict)
    refused: tuple[str, ...] = ()
    asked: Mapping[str, str] = field(default_factory=dict)
    spoken: str = field(default_factory=language.language)
    written: dict[str, str] | None = None
    held: tuple[R, dict[str, str]] | None = None
    lasting: dict[str, Any] = field(default_factory=dict)
    run: int = 0
    _told: dict[str, _Told] = field(default_factory=dict, repr=False)
    _described: tuple[R, dict[str, str]] | None = field(default=None, repr=False)

    def key(self, place: str) -> str:
        """Return the session key of a widget of this page."""
        return f"{self.page}.{place}"

    def made_with(self, key: str, value: object, **default: object) -> dict[str, Any]:
        """Let the widget ``key`` show ``value``, as the function ``made_with`` does; return what it is made with.

        It is told again as long as the browser has not heard of it.
        """
        told = self._told.setdefault(key, _Told())
        was = [st.session_state[key]] if key in st.session_state else []
        has_heard = self._has_heard(told)
        again = was == [value] and not has_heard and told.values[-1] == value
        if again or was != [value]:
            if has_heard:
                told.values.clear()
            told.values += *was, value
            told.run = self.run
        return made_with(key, value, again=again, **default)

    def asking(self, key: str, value: object, do: Callable[[Any], object], **default: object) -> dict[str, Any]:
        """Return what a widget is made with that shows ``value`` and hands to ``do`` what somebody sets it to.

        A browser tells of all widgets whenever one of them is touched. Until it has heard of the last answer, what it
        tells of another one may be what it was told to show before: nobody set that.
        """

        def heard() -> None:
            language.in_callback()
            told = self._told[key]
            if self._has_heard(told) or value_of(key) not in told.values:
                do(value_of(key))

        return self.made_with(key, value, **default) | {"on_change": heard}

    def _has_heard(self, told: _Told) -> bool:
        return told.run <= int(value_of(ANSWER) or 0)

    def edit(self, place: str, change: Callable[[R], R], typed: str | None = None) -> bool:
        """Put ``change(recipe)`` on the desk, or note at ``place`` why not and keep what is there."""
        language.in_callback()
        self.refused = ()
        before = self.recipe

        def changed() -> R:
            recipe = self.rules.settle(change(before))
            self.rules.allow(recipe)
            return recipe

        recipe = self.tried(place, changed, typed)
        if recipe is None:
            return False
        self.problems.pop(place, None)
        self.recipe = recipe
        return True

    def tried(self, place: str, check: Callable[[], T], typed: str | None = None) -> T | None:
        """Return what a check returns; where it refuses what was typed, note at ``place`` why and return ``None``.

        It may be asked again, and changes nothing.
        """
        try:
            return check()
        except REFUSALS as error:
            problem = Problem(check, typed, error.position if isinstance(error, FormulaError) else None)
            problem.refuses(error)
            self.problems[place] = problem
            return None

    def open(self, place: str, change: Callable[[R], R]) -> bool:
        """Edit the recipe, and look at it in the way with which it is opened."""
        opened = self.edit(place, change)
        if opened:
            for name, value in self.rules.looks(self.recipe).items():
                self.set_view(name, value)
        return opened

    def refuse(self, place: str, reason: Later) -> None:
        """Note at ``place`` why what was done there is not enough."""

        def refusing() -> None:
            raise ValueError(str(reason))

        self.tried(place, refusing)

    def forget(self, *places: str) -> None:
        """Drop what was noted at places that are no longer there: those named and all below them."""
        self.problems = {
            place: problem
            for place, problem in self.problems.items()
            if not any(place == gone or place.startswith(f"{gone}.") for gone in places)
        }

    def put(self, recipe: R) -> None:
        """Replace the whole recipe, as opening a file does; raise ``ValueError`` where it is not allowed."""
        recipe = self.rules.settle(recipe)
        self.rules.allow(recipe)
        self.recipe, self.problems, self.refused = recipe, {}, ()

    def view(self, name: str) -> str:
        """Return how something is viewed."""
        return self.views.get(name, self.rules.views[name][0])

    def set_view(self, name: str, value: str) -> None:
        """Choose how something is viewed."""
        if value in self.rules.views[name][1:]:
            self.views[name] = value
        else:
            self.views.pop(name, None)

    def looks(self) -> dict[str, str]:
        """Return how everything is viewed."""
        return {name: self.view(name) for name in self.rules.views}

    def hold(self) -> None:
        """Keep what is on the desk beside what will be there."""
        self.held = (self.recipe, self.looks())

    def let_go(self) -> None:
        """Show nothing beside the recipe."""
        self.held = None

    def read_url(self, query: Mapping[str, str]) -> None:
        """Take recipe and views from URL parameters; what cannot be taken is listed in ``refused``.

        Under ``BESIDE`` stands the query of what is held.
        """
        self._read({name: value for name, value in query.items() if name != BESIDE})
        self.held = None
        if BESIDE in query:
            other = Desk(self.page, self.rules, self.recipe)
            other._read(dict(parse_qsl(query[BESIDE])))
            self.held = other.recipe, other.looks()
            self.refused = (*self.refused, *(f"{BESIDE}: {problem}" for problem in other.refused))
        self.asked, self.spoken = query, language.language()

    def say_again(self) -> None:
        """Say what was refused of the address in the language of the moment."""
        if self.refused and self.spoken != language.language():
            again = Desk(self.page, self.rules, self.recipe)
            again.read_url(self.asked)
            self.refused, self.spoken = again.refused, again.spoken

    def _read(self, given: Mapping[str, str]) -> None:
        query = _Asked(given)
        recipe, problems = self.rules.read(query, self.rules.first())
        recipe = self.rules.settle(recipe)
        try:
            self.rules.allow(recipe)
        except (ValueError, TypeError) as error:
            recipe, problems = self.rules.first(), (*problems, str(error))
        # An address that holds the whole recipe holds all of its look as well.
        usual = self.rules.looks(recipe) if self.rules.write(recipe).keys() - query.keys() else {}
        self.views = {}
        for name, choices in self.rules.views.items():
            value = query.get(name, usual.get(name, choices[0]))
            if value not in choices:
                one = listed(choices, any_of=True)
                problem = tr("{name}: must be {choices}, not {value!r}", name=name, choices=one, value=value[:40])
                problems = (*problems, problem)
            self.set_view(name, value)
        # Who refuses something may not have looked at the rest.
        problems = problems or query.unused()
        self.recipe, self.problems, self.refused = recipe, {}, problems

    @property
    def is_first(self) -> bool:
        """Whether on the desk is what the page opens with."""
        return self.recipe == self.rules.first()

    def described(self) -> dict[str, str]:
        """Return the URL parameters of the recipe, written once for each recipe."""
        if self._described is None or self._described[0] is not self.recipe:
            self._described = self.recipe, dict(self.rules.write(self.recipe))
        return dict(self._described[1])

    def query(self) -> dict[str, str]:
        """Return the URL parameters that bring this desk back; none for the one that the page opens with."""
        return ({} if self.is_first else self.described()) | self.views | self._beside()

    def _beside(self) -> dict[str, str]:
        return {} if self.held is None else beside(self.rules.write(self.held[0]), self.held[1])

    def address(self) -> str:
        """Return all that brings this desk back in one line: everything that is shown depends on it."""
        return urlencode(self.described() | self.looks() | self._beside())

    def link(self) -> str:
        """Return the full address that brings this desk back."""
        base = (st.context.url or "").split("?")[0]
        return base + "?" + urlencode((self.query() or self.described()) | language.written())


def beside(written: Mapping[str, str], looks: Mapping[str, str]) -> dict[str, str]:
    """Return the URL parameter that holds a recipe, written with its views, beside another one."""
    return {BESIDE: urlencode({**written, **looks})}


def in_address() -> dict[str, str]:
    """Return what the address says of a recipe and its views."""
    return {name: value for name, value in st.query_params.to_dict().items() if name not in _OURS}


def open_desk(page: str, rules: Rules[R]) -> Desk[R]:
    """Return this session's desk for a page, after the URL where that is what changed.

    The URL speaks when a link is opened, when the browser goes back or forward, and when the page is entered from
    another one with something to show. It is not asked in any other run: whatever started that, the browser may not
    have heard yet of what was written last.
    """
    key = f"{page}.desk"
    query = in_address()
    entered, st.session_state[_HERE] = st.session_state.get(_HERE) != page, page
    desk: Desk[R] | None = st.session_state.get(key)
    if desk is None:
        desk = st.session_state[key] = Desk(page, rules, rules.first())
        if query:
            desk.read_url(query)
    elif walked() or (entered and query):
        desk.read_url(query)
        desk.written = query
    desk.say_again()
    desk.refused = (*desk.refused, *language.refused())
    desk.run = st.session_state[_RUN] = st.session_state.get(_RUN, 0) + 1
    return desk


def mirror(desk: Desk[R]) -> None:
    """Write the desk into the URL, unless it is there already; what the browser tells from now on is an answer to it.

    What a browser says of its URL may be older than what was written last, which it hears of only after that. One that
    went back or forward meanwhile writes it over the entry to which it went: that one is always written again, and a
    browser that has it leaves it alone.
    """
    query = desk.query()
    there = st.query_params.to_dict()
    ours = {name: value for name, value in there.items() if name == PRESENT} | language.written()
    if walked() or there != query | ours or desk.written not in (None, query):
        st.query_params.from_dict(query | ours)
    desk.written = query
    st.session_state[ANSWER] = str(desk.run)
    st.text_input("-", key=ANSWER, label_visibility="collapsed")


def presenting() -> bool:
    """Tell whether the page was asked to show nothing but the player."""
    return st.query_params.get(PRESENT) == "1" or embedded()


def embedded() -> bool:
    """Tell whether the page is a box in somebody's deck (``?embed=true``, which Streamlit keeps for itself)."""
    return bool(st.context.is_embedded)


def browser_theme(present: bool = False) -> str:
    """Return the theme of the browser; for a projector, light becomes one of stronger contrast."""
    chosen = st.context.theme.type or "light"
    return "projector" if present and chosen != "dark" else chosen
