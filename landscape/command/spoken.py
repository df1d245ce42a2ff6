"""The language of the command: what was asked for before anything is read, and what argparse says of itself."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from landscape.language import ENGLISH, closest, language, languages, mark, no_catalogue, speaking, tr

ARGPARSE = (
    mark("usage: "),
    mark("positional arguments"),
    mark("options"),
    mark("show this help message and exit"),
    mark("%(prog)s: error: %(message)s\n"),
    mark("argument %(argument_name)s: %(message)s"),
    mark("the following arguments are required: %s"),
    mark("unrecognized arguments: %s"),
    mark("invalid choice: %(value)r (choose from %(choices)s)"),
    mark("invalid %(type)s value: %(value)r"),
    mark("expected one argument"),
    mark("expected at least one argument"),
    mark("ambiguous option: %(option)s could match %(matches)s"),
    mark("ignored explicit argument %r"),
)
"""What users of the command can hear from argparse, letter for letter as its source has it."""


@contextmanager
def as_asked(arguments: Sequence[str]) -> Iterator[None]:
    """Speak the language of ``--language``, or that of the process, in the block; argparse does so too.

    One that there is not is English, with a sentence on the error stream.
    """
    early = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    add_language(early)
    try:
        asked = vars(early.parse_known_args(arguments)[0]).get("language")
    except argparse.ArgumentError:  # what is wrong with it is told by the parser that reads everything
        asked = None
    spoken = language() if asked is None else closest(asked)
    with speaking(spoken or ENGLISH), _argparse_speaks():
        if asked is not None and spoken is None:
            tell([no_catalogue(asked)])
        yield


def tell(sentences: Iterable[str]) -> None:
    """Say on the error stream what somebody ought to know, though all went well."""
    for sentence in sentences:
        print(f"landscape: {sentence}", file=sys.stderr)


def add_language(parser: argparse.ArgumentParser) -> None:
    """Add the option that every command has, before or behind its name."""
    parser.add_argument(
        "--language",
        metavar="TAG",
        default=argparse.SUPPRESS,
        help=tr("what everything is said in: {tags}", tags=", ".join(languages())),
    )


@contextmanager
def _argparse_speaks() -> Iterator[None]:
    """Let argparse ask the catalogues: it looks for translations in this name of its own module, and nowhere else."""
    names = vars(argparse)
    before = names["_"]
    names["_"] = tr
    try:
        yield
    finally:
        names["_"] = before
