"""``python -m landscape.claims`` is ``landscape claims``."""

import sys

from landscape.command import main

sys.exit(main(["claims", *sys.argv[1:]]))
