"""The pages of the site as HTML. All that is said by surfaces, claims and lectures goes in escaped."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from landscape.claims import POINTS, Claim, Result
from landscape.language import language, tr
from landscape.lecture import Lecture, Slide
from landscape.picture.numbers import typeset
from landscape.surfaces.formula import Formula
from landscape.surfaces.lesson import Lesson

# A folder that is opened from a disk has no origin, so its files are named by their scheme.
POLICY = (
    "default-src 'none'; script-src 'self' file:; style-src 'self' file: 'unsafe-inline'; "
    "img-src 'self' file: data: blob:; font-src data:; base-uri 'none'; form-action 'none'"
)

PLAYING = ("plotly.min.js", "player.js", "words.js", "site.js")


@dataclass(frozen=True)
class Card:
    """What the first page shows of another one: where it is, its picture, its question, what is said below.

    ``picture`` is an address without its ending; a ``themed`` one is there in light and in dark.
    """

    href: str
    picture: str
    question: str
    says: str
    badge: str = ""
    themed: bool = False


@dataclass(frozen=True)
class Talk:
    """A lecture on the first page: its title, where its deck and its handout are, and its pictures."""

    title: str
    deck: str
    handout: str
    cards: Sequence[Card]


def data(value: Any) -> str:
    """Return JSON that can stand in a script: no character in it opens or closes anything."""
    text = json.dumps(value, allow_nan=False, separators=(",", ":"))
    return text.replace("<", r"\u003c").replace(">", r"\u003e").replace("&", r"\u0026")


def index(talks: Sequence[Talk], surfaces: Mapping[str, Sequence[Card]], claims: Sequence[Card]) -> str:
    """Return the first page."""
    open_deck, to_print, untitled = tr("Open the deck"), tr("Handout to print (PDF)"), tr("Lecture")
    lectures = "".join(
        f"<section><h2>{escape(talk.title or untitled)}</h2>"
        f'<p><a class="way" href="{escape(talk.deck)}">{open_deck}</a> '
        f'<a class="way" href="{escape(talk.handout)}">{to_print}</a></p>{_cards(talk.cards)}</section>'
        for talk in talks
    )
    gallery = "".join(f"<h3>{escape(title)}</h3>{_cards(cards)}" for title, cards in surfaces.items() if cards)
    asks, knows, lists = (
        tr("How optimizers move over cost surfaces"),
        tr("How do you know?"),
        tr("Every surface, with its lesson"),
    )
    said = tr(
        "Where they get stuck, where they only look stuck, and what gets them off. Every picture plays: drag a start, "
        "turn a knob."
    )
    label = tr("A link that the app made opens here too, by its address:")
    return _document(
        "landscape",
        0,
        f"""<header><h1>{asks}</h1>
<p>{said} <label>{label} <input id="link" type="url" size="40"></label></p>
<p id="told" role="status"></p></header>
{lectures}<section><h2>{knows}</h2>{_cards(claims)}</section>
<section><h2>{lists}</h2>{gallery}</section>
{_block("pages", {"surface": _keys(surfaces), "claim": [_key(card) for card in claims]})}""",
        ("words.js", "site.js"),
    )


def surface(surface: Formula, lesson: Lesson, query: Mapping[str, str]) -> str:
    """Return the page of a surface; ``query`` is the link of its lesson."""
    settings = ", ".join(f"{name} = {value:g}" for name, value in surface.settings.items())
    formula = f"f({', '.join(surface.variables)}) = {surface.expression}"
    body = f"""<h1>{escape(lesson.question)}</h1>
<p id="told" role="status"></p>
<p class="words">{escape(lesson.words)}</p>
{_player(f"surfaces/{surface.name}", lesson.question)}
<p><b>{escape(surface.title)}</b>: <code>{escape(formula)}</code>{f", {escape(settings)}" if settings else ""}</p>
<p>{escape(surface.info.teaches)}</p>
{f'<p class="source">{escape(surface.info.reference)}</p>' if surface.info.reference else ""}
{_block("lesson", {"query": dict(query), "n_dims": surface.n_dims})}"""
    scripts = (*PLAYING[:3], "rules.js", "runs.js", PLAYING[3], f"scenes/surfaces/{surface.name}.js")
    return _document(lesson.question, 1, body, scripts, styles=("player.css",))


def claim(claim: Claim, result: Result) -> str:
    """Return the page of a claim: what was measured beside what theory expects."""
    rows = "".join(
        f"<tr><th scope='row'>{escape(check.title)}</th><td>{_number(check.measured)}</td>"
        f"<td>{_number(check.expected)}</td><td>{escape(typeset(check.tolerance))}</td>"
        f"<td>{tr(check.verdict)}</td></tr>"
        for check in result.checks
    )
    columns = (tr("number"), tr("measured"), tr("expected"), tr("tolerance"), tr("verdict"))
    heads = "".join(f'<th scope="col">{column}</th>' for column in columns)
    beside = tr("Measured beside theory")
    draws = {"seed": result.seed, **result.settings}
    command = f"<code>landscape claims {escape(claim.key)}</code>"
    measured = tr(
        "Measured with {settings}. Here it is shown, not measured again: {command} does that.",
        settings=escape(", ".join(f"{name} = {_number(value)}" for name, value in draws.items())),
        command=command,
    )
    body = f"""<p class="source">{escape(tr(POINTS[claim.point]))}</p><h1>{escape(claim.title)}</h1>
<p id="told" role="status"></p>
<p>{escape(claim.statement)}</p>
<p><b>{escape(claim.question.text)}</b></p>
{_player(f"claims/{claim.key}", claim.title)}
<div class="table" role="region" aria-label="{escape(beside)}" tabindex="0">
<table><caption>{beside}: {tr(result.verdict)}</caption>
<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>
<p class="source">{measured}</p>
{"".join(f"<p>{escape(paragraph)}</p>" for paragraph in claim.explanation)}
{"".join(f'<p class="source">{escape(reference)}</p>' for reference in claim.references)}
{_block("claim", {"claim": claim.key, "seed": result.seed})}"""
    return _document(claim.title, 1, body, (*PLAYING, f"scenes/claims/{claim.key}.js"), styles=("player.css",))


def slide(lecture: Lecture, number: int, slide: Slide, key: str) -> str:
    """Return the page of one picture of a lecture; ``key`` is that of its scene."""
    points = "".join(f"<li>{escape(point)}</li>" for point in slide.points)
    place = " · ".join([lecture.title or tr("Lecture"), f"{number} / {len(lecture)}"])
    body = f"""<p class="source"><a href="deck.html#{number}">{escape(place)}</a></p>
<h1>{escape(slide.title)}</h1>
{f'<ul class="words">{points}</ul>' if points else ""}
{_player(key, slide.title)}
{"".join(f"<p>{escape(part)}</p>" for part in slide.notes.split(chr(10) * 2) if part.strip())}"""
    return _document(slide.title, 2, body, (*PLAYING, f"scenes/{key}.js"), styles=("player.css",))


def deck(lecture: Lecture, told: Mapping[str, Any], shown: Sequence[int], folder: str) -> str:
    """Return the deck of a lecture, whose slides ``shown`` have scenes in ``folder``."""
    scenes = tuple(f"scenes/{folder}/{number:02}.js" for number in shown)
    body = f'<main id="deck"></main>{_block("scene", told)}'
    scripts = (*PLAYING[:3], "deck.js", PLAYING[3], *scenes)
    return _document(lecture.title or tr("Lecture"), 2, body, scripts, styles=("player.css", "deck.css"), whole=True)


def _document(
    title: str, depth: int, body: str, scripts: Sequence[str], styles: Sequence[str] = (), whole: bool = False
) -> str:
    """Return a page that lies ``depth`` folders below the first one; a ``whole`` one has the window to itself."""
    up = "../" * depth
    links = "".join(f'<link rel="stylesheet" href="{up}{name}">\n' for name in (*styles, "site.css"))
    sources = "".join(f'<script src="{up}{name}" defer></script>\n' for name in scripts)
    every = tr("All pictures")
    home = f'<nav><a href="{up}index.html">{every}</a></nav>\n' if depth else ""
    return f"""<!DOCTYPE html>
<html lang="{language()}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>{escape(title)}</title>
{links}{sources}</head>
<body{' class="whole"' if whole else ""}>
{body if whole else f'{home}<main class="sheet">{body}</main>'}
</body>
</html>
"""


def _cards(cards: Sequence[Card]) -> str:
    return f'<ul class="cards">{"".join(map(_card, cards))}</ul>'


def _card(card: Card) -> str:
    if card.themed:
        dark = f'<source srcset="{escape(card.picture)}-dark.png" media="(prefers-color-scheme: dark)">'
        image = f'<picture>{dark}<img src="{escape(card.picture)}-light.png" alt="" loading="lazy"></picture>'
    else:
        image = f'<img src="{escape(card.picture)}.png" alt="" loading="lazy">'
    badge = f' <span class="badge">{escape(card.badge)}</span>' if card.badge else ""
    return (
        f'<li><a class="card" href="{escape(card.href)}">{image}<b>{escape(card.question)}</b>'
        f"<span>{escape(card.says)}{badge}</span></a></li>"
    )


def _player(key: str, title: str) -> str:
    """Return the place of a scene."""
    without = tr("The picture “{title}” needs JavaScript.", title=escape(title))
    return f'<div class="scene" data-scene="{escape(key)}"><noscript>{without}</noscript></div>'


def _block(name: str, value: Any) -> str:
    """Return data for the page's scripts, which is never run."""
    return f'<script type="application/json" id="{name}">{data(value)}</script>'


def _key(card: Card) -> str:
    return card.href.rpartition("/")[2].removesuffix(".html")


def _keys(groups: Mapping[str, Sequence[Card]]) -> list[str]:
    return [_key(card) for cards in groups.values() for card in cards]


def _number(value: float) -> str:
    return typeset(f"{value:.6g}")
