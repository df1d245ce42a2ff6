"""Results as a table: for the terminal and for the README."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from landscape.claims.base import Check, Result

BEGIN, END = "<!-- claims: begin -->", "<!-- claims: end -->"

_HEAD = ("claim", "measured", "expected", "tolerance", "verdict", "seconds")


def _rows(result: Result) -> list[tuple[str, ...]]:
    """Return one row for the claim and one for each of its numbers."""
    head = (result.claim, "", "", "", result.verdict, f"{result.seconds:.2f}")
    return [head, *(_row(check) for check in result.checks)]


def _row(check: Check) -> tuple[str, ...]:
    verdict = "" if check.passed else "off"
    return f"  {check.name}", f"{check.measured:.6g}", f"{check.expected:.6g}", check.tolerance, verdict, ""


def text(results: Sequence[Result]) -> str:
    """Return the table with columns in line, and a last line that counts."""
    rows = [_HEAD, *(row for result in results for row in _rows(result))]
    widths = [max(len(row[k]) for row in rows) for k in range(len(_HEAD))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    lines.insert(1, "-" * max(map(len, lines)))
    return "\n".join([*lines, "", summary(results)])


def summary(results: Sequence[Result]) -> str:
    """Return how many claims passed, in one line."""
    passed = sum(result.verdict == "PASS" for result in results)
    seconds = sum(result.seconds for result in results)
    return f"{passed} of {len(results)} claims PASS, {seconds:.1f} s"


def markdown(results: Sequence[Result]) -> str:
    """Return a Markdown table of one row a claim, each with the number that is furthest off for its tolerance."""
    from landscape.claims import CLAIMS

    lines = [
        "| claim | what is measured | measured | expected | tolerance | verdict | s |",
        "|---|---|---|---|---|---|---|",
    ]
    for result in results:
        told = next((c for c in result.checks if not c.passed), _telling(result))
        cells = (
            f"{CLAIMS[result.claim].title} (`{result.claim}`)",
            told.name,
            f"{told.measured:.5g}",
            f"{told.expected:.5g}",
            told.tolerance,
            result.verdict,
            f"{result.seconds:.1f}",
        )
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    numbers = sum(len(result.checks) for result in results)
    return "\n".join([*lines, "", f"{summary(results)}; {numbers} numbers in all, one of each claim is shown."])


def _telling(result: Result) -> Check:
    """Return the first number whose expectation is not trivially 0, or else the first one."""
    return next((c for c in result.checks if c.expected not in (0.0, 0.5)), result.checks[0])


def write_between_marks(path: Path, table: str) -> None:
    """Put ``table`` between the two marks of a file; raise ``ValueError`` where they are missing."""
    whole = path.read_text(encoding="utf-8")
    before, begin, rest = whole.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{path} has no lines {BEGIN} and {END} to write between")
    path.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")
