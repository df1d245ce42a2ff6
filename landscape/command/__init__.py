"""The command ``landscape``: the page, the claims, and files made from lectures and recipes."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from landscape.command import app, claims, export, lecture, site
from landscape.command.spoken import add_language, as_asked
from landscape.language import mark, tr
from landscape.version import __version__

EPILOG = mark(
    """\
what it returns:
  0    all went well
  1    a claim failed
  2    a wrong call, or input that cannot be used; the reason is told on the error stream
  130  stopped, by Ctrl-C or from outside

Unless all went well, a file is as it was before, never half written.

Each command explains itself: landscape export --help
"""
)


def parser() -> argparse.ArgumentParser:
    """Return what reads the arguments; ``run`` of what it returns does the work and returns the exit status."""
    made = argparse.ArgumentParser(
        "landscape",
        description=tr("See how optimizers move over cost surfaces, and take it along."),
        epilog=tr(EPILOG),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    version = f"landscape {__version__}"
    made.add_argument("--version", action="version", version=version, help=tr("say which version this is and stop"))
    add_language(made)
    commands = made.add_subparsers(title=tr("commands"), metavar="COMMAND", required=True)
    for module in (app, claims, lecture, site, export):
        told = module.told()
        one = commands.add_parser(
            module.__name__.rpartition(".")[2],
            help=told.partition("\n")[0],
            description=told,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.add_arguments(one)
        add_language(one)
        one.set_defaults(run=module.run)
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status; leave with 2 (``SystemExit``) where the call itself is wrong."""
    given = sys.argv[1:] if arguments is None else arguments
    with as_asked(given):
        return _run(given)


def _run(arguments: Sequence[str]) -> int:
    chosen = parser().parse_args(arguments)
    try:
        with ending_as_interrupted():
            return int(chosen.run(chosen))
    except BrokenPipeError:
        # Whoever read the output has seen enough; Python would complain once more while it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (ValueError, ArithmeticError, OSError, MemoryError) as error:
        print(f"landscape: {error or type(error).__name__}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("landscape:", tr("stopped"), file=sys.stderr)
        return 130


@contextmanager
def ending_as_interrupted() -> Iterator[None]:
    """Let a signal that ends the process (``kill``, ``timeout``, a closed terminal) do in this block what Ctrl-C does.

    Python itself would leave at once, and a file that is half written would stay.
    """

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    ending = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    # What is ignored (nohup) stays ignored.
    before = {one: signal.signal(one, interrupt) for one in ending if signal.getsignal(one) is signal.SIG_DFL}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
