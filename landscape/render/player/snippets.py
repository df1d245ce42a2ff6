"""Lines to copy that put an exported slide into somebody's own deck."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

RELAY = """addEventListener("message", ({ data }) => {
  const told = String(data).startsWith('{"landscape":"key"') ? JSON.parse(data) : null
  if (told) document.dispatchEvent(new KeyboardEvent("keydown", { key: told.key, code: told.code, bubbles: true }))
})"""
"""What presses in the deck the keys that a slide hands on; reveal.js understands them without it."""


def snippets(file: str, title: str) -> dict[str, str]:
    """Return, by the name of what makes decks, the lines that show the slide saved as ``file``."""
    named = escape(" ".join(title.split()) or "landscape")

    def frame(folder: str = "", source: str = "src", size: str = 'width="960" height="560"') -> str:
        address = escape(f"{folder}{quote(file)}?embed")
        return f'<iframe {source}="{address}" title="{named}" {size} style="border: 0"></iframe>'

    relay = RELAY.replace("\n", "\n  ")
    wide = frame("_static/", size='width="100%" height="560"')
    return {
        "reveal.js": f"<section>\n  {frame(source='data-src')}\n</section>",
        "Quarto": (
            f'---\nformat: revealjs\nresources: ["{file}"]\n---\n\n##\n\n```{{=html}}\n{frame(source="data-src")}\n```'
        ),
        "Marp": (
            f"<!-- marp --html deck.md; {file} lies beside deck.html -->\n{frame()}\n\n<script>\n{RELAY}\n</script>"
        ),
        "Slidev": (
            f"<!-- {file} lies in the folder public/ -->\n{frame('/')}\n\n"
            f'<script setup>\nimport {{ onMounted }} from "vue"\nonMounted(() => {relay})\n</script>'
        ),
        "Jupyter Book": f"<!-- {file} lies in the folder _static/ -->\n```{{raw}} html\n{wide}\n```",
    }
