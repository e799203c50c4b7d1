"""The hash chain: each row's hash covers the row and the hash before it."""

import hashlib
import json
from collections.abc import Mapping

START = "0" * 64


def link(previous: str, row: Mapping[str, object]) -> str:
    """Hash a row onto the chain (SHA-256, 64 hex digits).

    The row is written as JSON with sorted keys, so that the same facts give the same hash on every machine.
    """
    body = json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=str)
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()
