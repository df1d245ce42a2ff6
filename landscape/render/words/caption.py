"""What a picture shows, in words: as text, for LaTeX and Markdown, and inside the files themselves."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from landscape.language import tr, trn
from landscape.picture.scene import Picture
from landscape.version import __version__
from landscape.words import clean, setting

SOFTWARE = f"landscape {__version__}"


@dataclass(frozen=True)
class Caption:
    """What a scene shows, in words: title, first sentences, formula, recipe in full, and the link that opens it.

    ``formula`` is plain text, ``formula_latex`` the same in LaTeX; both, and ``link``, may be empty.
    """

    title: str
    body: str
    formula: str
    formula_latex: str
    details: str
    link: str

    def text(self) -> str:
        """Return the caption as plain text."""
        title = "" if self.body.startswith(self.title) else _sentence(self.title)
        parts = [title, self.body, _sentence(self.formula), self.details, _made_with()]
        link = tr("Opens again with {link}", link=self.link) if self.link else ""
        return " ".join(part for part in [*parts, link] if part)

    def latex(self, file: str = "figure.pdf") -> str:
        r"""Return a LaTeX ``figure`` that includes ``file``, with ``\caption`` and ``\label``, everything escaped."""
        name = re.sub(r"[^A-Za-z0-9._-]", "-", file)
        label = re.sub(r"[^A-Za-z0-9-]", "-", name.rsplit(".", 1)[0]) or "figure"
        title = "" if self.body.startswith(self.title) else rf"\textbf{{{to_latex(_sentence(self.title))}}}"
        formula = rf"\({self.formula_latex}\)." if self.formula_latex else to_latex(_sentence(self.formula))
        parts = [title, to_latex(self.body), formula, to_latex(self.details), to_latex(_made_with())]
        words = " ".join(part for part in parts if part)
        comments = []
        if name != file:
            comments.append(tr("The file's name is without its special letters here: {file}", file=clean(file)))
        foreign = "".join(dict.fromkeys(c for c in words if ord(c) > 0x17F))
        if foreign:
            letters = foreign if len(foreign) <= 12 else f"{foreign[:12]}…"
            comments.append(
                tr(
                    "For the letters {letters} compile with LuaLaTeX or XeLaTeX and a font that has them.",
                    letters=letters,
                )
            )
        if any(unicodedata.name(letter, "").startswith("HANGUL") for letter in foreign):
            package = r"\usepackage{kotex}"
            comments.append(tr("Its Hangul needs {package} in the preamble, which finds such a font.", package=package))
        if self.link:
            comments.append(tr("Opens again with {link}", link=self.link))
        lines = [
            *(f"% {comment}" for comment in comments),
            r"\begin{figure}",
            r"  \centering",
            rf"  \includegraphics[width=\linewidth]{{{name}}}",
            rf"  \caption{f'[{{{to_latex(self.title)}}}]' if self.title else ''}{{{words}}}",
            rf"  \label{{fig:{label}}}",
            r"\end{figure}",
        ]
        return "\n".join(lines) + "\n"

    def markdown(self, file: str = "figure.png") -> str:
        """Return Markdown that shows ``file`` with the caption below; nothing in it is taken for markup."""
        name = re.sub(r"[^A-Za-z0-9._-]", lambda m: "".join(f"%{b:02X}" for b in m[0].encode()), file)
        title = "" if self.body.startswith(self.title) else f"**{to_markdown(_sentence(self.title))}**"
        formula = f"`{self.formula.replace('`', chr(39))}`." if self.formula else ""
        link = tr("Opens again with {link}", link=to_markdown(self.link)) if self.link else ""
        parts = [title, to_markdown(self.body), formula, to_markdown(self.details), _made_with(), link]
        shown = to_markdown(self.title) or tr("figure")
        return f"![{shown}]({name})\n\n{' '.join(part for part in parts if part)}\n"


def _made_with() -> str:
    return tr("Made with {software}.", software=SOFTWARE)


def caption_of(scene: Picture, address: str = "") -> Caption:
    """Return the caption of a scene. ``address`` is where the app runs, put before the scene's query.

    The first sentences are the scene's caption and notes; formula, hyperparameters, starts, steps and seed come from
    its recipe.
    """
    body = [clean(text).removesuffix(f" · {SOFTWARE}") for text in (scene.caption, *scene.notes)]
    query = clean(scene.query).lstrip("?")
    surface = scene.recipe.get("surface")
    formula, settings, latex = (
        _formula(json.dumps(surface, sort_keys=True, default=_number)) if isinstance(surface, Mapping) else ("", "", "")
    )
    if settings:
        formula = tr("{formula} with {settings}", formula=formula, settings=settings)
    return Caption(
        title=clean(scene.title),
        body=" ".join(_sentence(text) for text in body if text),
        formula=formula,
        formula_latex=latex,
        details=details_of(scene.recipe),
        link=f"{clean(address)}?{query}" if query else "",
    )


@lru_cache(maxsize=64)
def _formula(recipe: str) -> tuple[str, str, str]:
    """Return the formula of the surface with this recipe (JSON), its settings, and both in LaTeX; empty without one."""
    from landscape.surfaces import from_recipe

    try:
        surface = from_recipe(json.loads(recipe))
    except (TypeError, ValueError):
        # A recipe of another make: what there is of it stands in the details.
        return "", "", ""
    expression = getattr(surface, "expression", "")
    if not expression:
        return "", "", ""
    settings = ", ".join(f"{name} = {value:.6g}" for name, value in surface.settings.items())
    head = f"f({', '.join(surface.variables)}) ="
    return f"{head} {expression}", settings, f"{head} {surface.latex()}"


def _sentence(text: str) -> str:
    return text if not text or text[-1] in ".!?" else f"{text}."


def details_of(recipe: Mapping[str, Any]) -> str:
    """Return what ``Experiment.recipe`` holds as sentences; what is not there is left out.

    >>> details_of({"optimizers": [{"name": "sgd", "learning_rate": 0.1}], "starts": [[1, -2]], "n_steps": 50})
    'Optimizers: SGD (learning rate 0.1). Start: (1, -2). 50 steps.'
    """
    parts = []
    optimizers, starts = recipe.get("optimizers"), recipe.get("starts")
    if isinstance(optimizers, Sequence) and not isinstance(optimizers, str) and optimizers:
        parts.append(tr("Optimizers: {optimizers}.", optimizers="; ".join(map(_named, optimizers))))
    if isinstance(starts, Sequence) and not isinstance(starts, str) and starts:
        shown = ", ".join("(" + ", ".join(f"{c:.6g}" for c in start[:6]) + ")" for start in starts[:8])
        if len(starts) > 8:
            parts.append(tr("Starts: {points} and {more} more.", points=shown, more=len(starts) - 8))
        else:
            parts.append(trn("Start: {points}.", "Starts: {points}.", len(starts), points=shown))
    if "n_steps" in recipe:
        parts.append(trn("{n} step.", "{n} steps.", recipe["n_steps"]))
    if isinstance(recipe.get("schedule"), Mapping):
        parts.append(tr("Schedule: {schedule}.", schedule=_named(recipe["schedule"])))
    if isinstance(recipe.get("noise"), Mapping):
        parts.append(tr("Gradient noise: {noise}.", noise=_named(recipe["noise"])))
    if "seed" in recipe:
        parts.append(tr("Seed {seed}.", seed=recipe["seed"]))
    return clean(" ".join(parts))


def _named(recipe: object) -> str:
    """Return an optimizer, a schedule or a noise by its title, with all its settings."""
    from landscape.optimizers import NOISES, OPTIMIZERS, SCHEDULES

    if not isinstance(recipe, Mapping):
        return str(recipe)
    name = str(recipe.get("name", ""))
    known = next((kinds[name] for kinds in (OPTIMIZERS, SCHEDULES, NOISES) if name in kinds), None)
    title = known.title if known else name.replace("_", " ")
    settings = ", ".join(setting(str(key), value) for key, value in recipe.items() if key != "name")
    return f"{title} ({settings})" if settings else title


def recipe_json(scene: Picture) -> str:
    """Return the scene's recipe as JSON text."""
    return recipe_text(scene, indent=2) + "\n"


def recipe_text(scene: Picture, indent: int | None = None) -> str:
    """Return the scene's recipe as JSON, on one line unless indented; numbers of NumPy's own types are numbers."""
    return json.dumps(dict(scene.recipe), indent=indent, ensure_ascii=False, allow_nan=False, default=_number)


def _number(value: object) -> bool | int | float:
    """Return a NumPy scalar as the Python one; JSON knows no others."""
    plain = value.item() if hasattr(value, "item") else value
    if isinstance(plain, bool | int | float):
        return plain
    raise TypeError(f"a recipe cannot hold a {type(value).__name__}")


def metadata(scene: Picture, ending: str, address: str = "") -> dict[str, str | None]:
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
            "Recipe": recipe_text(scene),
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
    "\u2032": r"^{\prime}",
    "\u00bd": r"\frac{1}{2}",
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
