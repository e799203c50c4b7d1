"""The whole suite. Compiled loops check every index here, which they leave out elsewhere, and are kept apart for it."""

import os
from pathlib import Path

os.environ["NUMBA_BOUNDSCHECK"] = "1"
os.environ["NUMBA_CACHE_DIR"] = str(Path(__file__).parents[1] / ".numba_cache")
