"""The command ``landscape claims``: what the lecture claims, measured anew."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from landscape.errors import lookup
from landscape.language import tr
from landscape.progress import bar, counting

if TYPE_CHECKING:
    from landscape.claims.base import Claim, Result


def told() -> str:
    """Return what the command does."""
    return tr(
        """\
Measure the claims of the lecture anew and hold them against theory.

Exits with 1 where one of them fails.

  landscape claims                   all of them, in about ten seconds
  landscape claims escape --seed 3   one of them, with other draws
  landscape claims --list            what there is
"""
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("names", nargs="*", metavar="claim", help=tr("keys of claims; all of them without any"))
    parser.add_argument("--seed", type=_seed, default=0, help=tr("chooses every draw (default: 0)"))
    parser.add_argument("--list", action="store_true", help=tr("list the claims and stop"))
    parser.add_argument("--json", action="store_true", help=tr("print the results as JSON"))
    parser.add_argument("--markdown", action="store_true", help=tr("print the table of the README"))
    parser.add_argument("--readme", type=Path, metavar="FILE", help=tr("write that table between the marks in FILE"))


def run(chosen: argparse.Namespace) -> int:
    """Measure and print; return 0 where all pass, 1 for a FAIL."""
    from landscape.claims import CLAIMS, FAIL, table

    claims = [lookup(CLAIMS, name, tr("claim")) for name in chosen.names] or list(CLAIMS.values())
    if chosen.list:
        for claim in claims:
            print(f"{claim.key:20} {claim.point:20} {claim.cost:8} {claim.statement}")
        return 0
    results = _run(claims, chosen.seed)
    if chosen.json:
        print(json.dumps([result.recipe() for result in results], indent=2, allow_nan=False))
    else:
        print(table.markdown(results) if chosen.markdown else table.text(results))
    if chosen.readme is not None:
        table.write_between_marks(chosen.readme, table.markdown(results))
    return int(any(result.verdict == FAIL for result in results))


def _seed(typed: str) -> int:
    if not (typed.isascii() and typed.isdigit()):
        raise argparse.ArgumentTypeError(tr("must be a whole number, 0 or more, not {typed!r}", typed=typed))
    return int(typed)


def _run(claims: Sequence[Claim], seed: int) -> list[Result]:
    """Run claims one after the other and tell how far they are."""
    results = []
    with bar() as told, counting(100 * len(claims), tr("claims"), told) as count:
        for claim in claims:
            with count.part(100, claim.key):
                results.append(claim.run(seed))
    return results
