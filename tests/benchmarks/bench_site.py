"""Time and size of a site with the prepared lectures, every surface and every claim.

Run: python tests/benchmarks/bench_site.py

The site is written by the command, in a fresh process: imports and whatever is compiled for the first time count.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MOST_SECONDS, MOST_BYTES = 60.0, 25e6


def main() -> int:
    """Print what was measured and return how many figures were missed."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "site"
        began = time.perf_counter()
        subprocess.run([sys.executable, "-m", "landscape", "site", str(out)], check=True)
        seconds = time.perf_counter() - began
        files = [path for path in out.rglob("*") if path.is_file()]
        size = sum(path.stat().st_size for path in files)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = used.ru_utime + used.ru_stime
    missed = [seconds > MOST_SECONDS, size > MOST_BYTES]
    words = [" MISSED" if one else "" for one in missed]
    print(f"seconds by the clock {seconds:8.1f}  asked < {MOST_SECONDS:g}{words[0]}")
    print(f"seconds of processor {processor:8.1f}")
    print(f"megabytes            {size / 1e6:8.1f}  asked < {MOST_BYTES / 1e6:g}{words[1]}  in {len(files)} files")
    return sum(missed)


if __name__ == "__main__":
    sys.exit(main())
