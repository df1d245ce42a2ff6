"""Measure the claims of the lecture: ``python -m landscape.claims [name ...]``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from landscape.claims import CLAIMS, FAIL, Result, table
from landscape.claims.base import Claim
from landscape.errors import UnknownName, lookup

BAR = 24


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status: 0 where all pass, 1 for a FAIL, 2 for a wrong call."""
    parser = argparse.ArgumentParser(prog="python -m landscape.claims", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="claim", help="keys of claims; all of them without any")
    parser.add_argument("--seed", type=_seed, default=0, help="chooses every draw (default: 0)")
    parser.add_argument("--list", action="store_true", help="list the claims and stop")
    parser.add_argument("--json", action="store_true", help="print the results as JSON")
    parser.add_argument("--markdown", action="store_true", help="print the table of the README")
    parser.add_argument("--readme", type=Path, metavar="FILE", help="write that table between the marks in FILE")
    chosen = parser.parse_args(arguments)
    try:
        claims = [lookup(CLAIMS, name, "claim") for name in chosen.names] or list(CLAIMS.values())
    except UnknownName as error:
        parser.error(str(error))
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
        try:
            table.write_between_marks(chosen.readme, table.markdown(results))
        except (OSError, ValueError) as error:
            print(f"the table was not written: {error}", file=sys.stderr)
            return 2
    return int(any(result.verdict == FAIL for result in results))


def _seed(typed: str) -> int:
    if not typed.isdecimal():
        raise argparse.ArgumentTypeError(f"must be a whole number, 0 or more, not {typed!r}")
    return int(typed)


def _run(claims: Sequence[Claim], seed: int) -> list[Result]:
    """Run claims one after the other; a bar on a terminal's error stream tells how far it is."""
    shown = sys.stderr.isatty()
    results = []
    for k, claim in enumerate(claims):

        def tell(share: float, k: int = k, name: str = claim.key) -> None:
            if shown:
                done = (k + min(share, 1.0)) / len(claims)
                full = round(done * BAR)
                sys.stderr.write(f"\r[{'#' * full}{'.' * (BAR - full)}] {done:4.0%}  {name:24}")
                sys.stderr.flush()

        tell(0.0)
        results.append(claim.run(seed, tell))
    if shown:
        sys.stderr.write("\r" + " " * (BAR + 40) + "\r")
    return results


if __name__ == "__main__":
    sys.exit(main())
