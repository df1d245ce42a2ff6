"""Results as a table: for the terminal and for the README."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from landscape.claims.base import PASS, Check, Result
from landscape.language import tr, trn
from landscape.words import filled, width

BEGIN, END = "<!-- claims: begin -->", "<!-- claims: end -->"


def _rows(result: Result) -> list[tuple[str, ...]]:
    """Return one row for the claim and one for each of its numbers."""
    head = (result.claim, "", "", "", tr(result.verdict), f"{result.seconds:.2f}")
    return [head, *(_row(check) for check in result.checks)]


def _row(check: Check) -> tuple[str, ...]:
    verdict = "" if check.passed else tr("off")
    return f"  {check.title}", f"{check.measured:.6g}", f"{check.expected:.6g}", check.tolerance, verdict, ""


def text(results: Sequence[Result]) -> str:
    """Return the table with columns in line, and a last line that counts."""
    head = (tr("claim"), tr("measured"), tr("expected"), tr("tolerance"), tr("verdict"), tr("seconds"))
    rows = [head, *(row for result in results for row in _rows(result))]
    columns = [max(width(row[k]) for row in rows) for k in range(len(head))]
    lines = ["  ".join(map(filled, row, columns)).rstrip() for row in rows]
    lines.insert(1, "-" * max(map(width, lines)))
    return "\n".join([*lines, "", summary(results)])


def summary(results: Sequence[Result]) -> str:
    """Return how many claims passed, in one line."""
    return tr(
        "{passed} of {total} claims PASS, {seconds:.1f} s",
        passed=sum(result.verdict == PASS for result in results),
        total=len(results),
        seconds=sum(result.seconds for result in results),
    )


def markdown(results: Sequence[Result]) -> str:
    """Return a Markdown table of one row a claim, each with the number that is furthest off for its tolerance."""
    from landscape.claims import CLAIMS

    head = (tr("claim"), tr("what is measured"), tr("measured"), tr("expected"), tr("tolerance"), tr("verdict"), "s")
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for result in results:
        told = next((c for c in result.checks if not c.passed), _telling(result))
        cells = (
            f"{CLAIMS[result.claim].title} (`{result.claim}`)",
            told.title,
            f"{told.measured:.5g}",
            f"{told.expected:.5g}",
            told.tolerance,
            tr(result.verdict),
            f"{result.seconds:.1f}",
        )
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    numbers = sum(len(result.checks) for result in results)
    counted = trn(
        "{summary}; {n} number in all, one of each claim is shown.",
        "{summary}; {n} numbers in all, one of each claim is shown.",
        numbers,
        summary=summary(results),
    )
    return "\n".join([*lines, "", counted])


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
