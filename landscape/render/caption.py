"""What a picture shows, in words: as text, for LaTeX and Markdown, and inside the files themselves."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from landscape.render.fonts import clean
from landscape.scenes.base import Scene
from landscape.version import __version__

SOFTWARE = f"landscape {__version__}"


@dataclass(frozen=True)
class Caption:
    """Title, recipe in words, version and link of a scene. ``link`` is empty where the scene has no query."""

    title: str
    body: str
    link: str

    def text(self) -> str:
        """Return the caption as plain text."""
        parts = [f"{self.title.rstrip('.')}." if self.title else "", self.body, f"Made with {SOFTWARE}."]
        return " ".join(part for part in [*parts, f"Opens again with {self.link}" if self.link else ""] if part)

    def latex(self, file: str = "figure.pdf") -> str:
        r"""Return a LaTeX ``figure`` that includes ``file``, with ``\caption`` and ``\label``, everything escaped."""
        name = re.sub(r"[^A-Za-z0-9._-]", "-", file)
        label = re.sub(r"[^A-Za-z0-9-]", "-", name.rsplit(".", 1)[0]) or "figure"
        body = " ".join(part for part in (self.body, f"Made with {SOFTWARE}.") if part)
        short = f"[{{{to_latex(self.title)}}}]" if self.title else ""
        head = f"\\textbf{{{to_latex(self.title.rstrip('.'))}.}} " if self.title else ""
        comments = [f"% The file's name is without its special letters here: {clean(file)}"] if name != file else []
        foreign = "".join(dict.fromkeys(c for c in to_latex(self.title + body) if ord(c) > 0x17F))
        if foreign:
            comments.append(f"% For the letters {foreign} compile with LuaLaTeX or XeLaTeX and a font that has them.")
        if self.link:
            comments.append(f"% Opens again with {self.link}")
        lines = [
            *comments,
            r"\begin{figure}",
            r"  \centering",
            rf"  \includegraphics[width=\linewidth]{{{name}}}",
            rf"  \caption{short}{{{head}{to_latex(body)}}}",
            rf"  \label{{fig:{label}}}",
            r"\end{figure}",
        ]
        return "\n".join(lines) + "\n"

    def markdown(self, file: str = "figure.png") -> str:
        """Return Markdown that shows ``file`` with the caption below; nothing in it is taken for markup."""
        name = re.sub(r"[^A-Za-z0-9._-]", lambda m: "".join(f"%{b:02X}" for b in m[0].encode()), file)
        head = f"**{to_markdown(self.title.rstrip('.'))}.** " if self.title else ""
        link = f" Opens again with {to_markdown(self.link)}" if self.link else ""
        alt = to_markdown(self.title) or "figure"
        return f"![{alt}]({name})\n\n{head}{to_markdown(self.body)} Made with {SOFTWARE}.{link}\n"


def caption_of(scene: Scene, address: str = "") -> Caption:
    """Return the caption of a scene. ``address`` is where the app runs, put before the scene's query.

    The words are ``scene.caption``, or made from ``scene.recipe`` where that is empty, then the scene's notes.
    """
    words = clean(scene.caption) or recipe_in_words(scene.recipe)
    body = " ".join(part for part in [_sentence(words), *(_sentence(clean(note)) for note in scene.notes)] if part)
    query = clean(scene.query).lstrip("?")
    return Caption(clean(scene.title), body, f"{clean(address)}?{query}" if query else "")


def _sentence(text: str) -> str:
    return text if not text or text[-1] in ".!?" else f"{text}."


def recipe_in_words(recipe: Mapping[str, Any]) -> str:
    """Return what ``Experiment.recipe`` holds as sentences; what is not there is left out.

    >>> recipe_in_words({"surface": {"name": "saddle"}, "n_steps": 50, "seed": 3})
    'Surface: saddle. 50 steps. Seed 3.'
    """
    parts = []
    surface = recipe.get("surface")
    if isinstance(surface, Mapping):
        what = surface.get("formula") or surface.get("name") or "given by hand"
        parts.append(f"Surface: {what}{_settings(surface.get('settings'))}.")
    optimizers = recipe.get("optimizers")
    if isinstance(optimizers, Sequence) and not isinstance(optimizers, str) and optimizers:
        parts.append("Optimizers: " + "; ".join(_optimizer(one) for one in optimizers) + ".")
    starts = recipe.get("starts")
    if isinstance(starts, Sequence) and not isinstance(starts, str) and starts:
        shown = ", ".join("(" + ", ".join(f"{c:.6g}" for c in start) + ")" for start in starts[:8])
        more = f" and {len(starts) - 8} more" if len(starts) > 8 else ""
        parts.append(f"{'Start' if len(starts) == 1 else 'Starts'}: {shown}{more}.")
    if "n_steps" in recipe:
        parts.append(f"{recipe['n_steps']} step{'' if recipe['n_steps'] == 1 else 's'}.")
    for key, title in (("schedule", "Schedule"), ("noise", "Gradient noise")):
        if isinstance(recipe.get(key), Mapping):
            parts.append(f"{title}: {_optimizer(recipe[key])}.")
    if "seed" in recipe:
        parts.append(f"Seed {recipe['seed']}.")
    return clean(" ".join(parts))


def _optimizer(recipe: object) -> str:
    if not isinstance(recipe, Mapping):
        return str(recipe)
    return f"{recipe.get('name', '')}{_settings({k: v for k, v in recipe.items() if k != 'name'})}"


def _settings(settings: object) -> str:
    if not isinstance(settings, Mapping) or not settings:
        return ""
    shown = (
        f"{str(key).replace('_', ' ')} {value:.6g}"
        if isinstance(value, int | float) and not isinstance(value, bool)
        else f"{str(key).replace('_', ' ')} {'on' if value is True else 'off' if value is False else value}"
        for key, value in settings.items()
    )
    return f" ({', '.join(shown)})"


def recipe_json(scene: Scene) -> str:
    """Return the scene's recipe as JSON text."""
    return json.dumps(dict(scene.recipe), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def metadata(scene: Scene, ending: str, address: str = "") -> dict[str, str | None]:
    """Return what a file of this ending tells about itself, by the keys that its format has; never a date."""
    caption = caption_of(scene, address)
    text = caption.text()
    title = caption.title or "landscape"
    if ending == "pdf":
        return {
            "Title": title,
            "Subject": text,
            "Keywords": caption.link or None,
            "Creator": SOFTWARE,
            "CreationDate": None,
        }
    if ending == "svg":
        return {
            "Title": title,
            "Description": text,
            "Source": caption.link or None,
            "Creator": SOFTWARE,
            "Date": None,
        }
    if ending == "png":
        return {
            "Title": title,
            "Description": text,
            "Software": SOFTWARE,
            "Source": caption.link,
            "Recipe": json.dumps(dict(scene.recipe), ensure_ascii=False, allow_nan=False),
        }
    return {"title": title, "comment": text}


# Letter -> LaTeX. Commands end in {} so that the next letter is not taken for part of their name.
_LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "_": r"\_",
    "%": r"\%",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': "''",
    "`": "'",
    "\u2013": "--",
    "\u2014": "---",
    "\u2018": "`",
    "\u2019": "'",
    "\u201c": "``",
    "\u201d": "''",
    "\u2026": r"\dots{}",
    "\u00a0": "~",
}
_MATHS = {
    "\u2212": "-",
    "\u00d7": r"\times",
    "\u00b7": r"\cdot",
    "\u00b1": r"\pm",
    "\u2264": r"\le",
    "\u2265": r"\ge",
    "\u2248": r"\approx",
    "\u2260": r"\ne",
    "\u2192": r"\to",
    "\u2190": r"\leftarrow",
    "\u221e": r"\infty",
    "\u221a": r"\surd",
    "\u2207": r"\nabla",
    "\u2202": r"\partial",
    "\u2211": r"\sum",
    "\u2208": r"\in",
    "\u2016": r"\Vert",
    "\u2225": r"\parallel",
    "\u00b0": r"^\circ",
}
_GREEK_NAMES = (
    "alpha beta gamma delta varepsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma varsigma tau upsilon "
    "varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"
)
_GREEK = dict(
    zip(
        "αβγδεζηθικλμνξπρσςτυφχψωΓΔΘΛΞΠΣΥΦΨΩ",
        _GREEK_NAMES.split(),
        strict=True,
    )
)
_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+", strict=True))
_LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True))


def to_latex(text: str) -> str:
    r"""Return ``text`` with everything escaped that LaTeX would take for a command; Greek and signs as formulas.

    >>> to_latex("50% of $x_1^2$")
    '50\\% of \\$x\\_1\\textasciicircum{}2\\$'
    """
    return "".join(map(_latex_letter, clean(text)))


def _latex_letter(letter: str) -> str:
    if letter in _LATEX:
        return _LATEX[letter]
    if letter in _MATHS:
        return rf"\ensuremath{{{_MATHS[letter]}}}"
    if letter in _GREEK:
        return rf"\ensuremath{{\{_GREEK[letter]}}}"
    if letter in _RAISED:
        return rf"\ensuremath{{^{{{_RAISED[letter]}}}}}"
    if letter in _LOWERED:
        return rf"\ensuremath{{_{{{_LOWERED[letter]}}}}}"
    return letter


def to_markdown(text: str) -> str:
    r"""Return ``text`` with everything escaped that Markdown or the HTML it becomes would take for markup.

    >>> to_markdown("<b> 2*x_1")
    '&lt;b&gt; 2\\*x\\_1'
    """
    marked = re.sub(r"([\\`*_{}\[\]()#+!|~$-])", r"\\\1", clean(text))
    return marked.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
