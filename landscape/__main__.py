"""``python -m landscape`` is ``landscape``."""

import sys

from landscape.command import main

sys.exit(main())
