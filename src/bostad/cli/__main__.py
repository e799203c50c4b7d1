"""`python -m bostad.cli` is `bostad`, for a parent that must be sure which Python it starts."""

import sys

from bostad.cli import main

sys.exit(main())
