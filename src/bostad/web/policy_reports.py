"""Where browsers report what the policy of our pages refused: which rule and how often, and nothing else (S50).

A report carries the address of the page it happened on, and an address names a case. So of a report one thing is kept,
the rule's name, and that only if it is one of a list: no address, no content, nobody's name, no session.
"""

import json
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator
from threading import Lock
from typing import Any

from litestar import Request, post
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from bostad.web.auth import public
from bostad.web.headers import REPORTS

log = logging.getLogger("bostad.web")

LARGEST_REPORT = 16 * 1024
KINDS = frozenset({"application/csp-report", "application/reports+json"})
"""What browsers say that a report is. Nothing else is read: a form may have been read already, and cannot be twice."""
SECONDS = 60
MOST = 60
"""How many reports of a minute are read in this process; what comes beyond them is answered like the others, unread."""
RULES = frozenset(
    {
        *("default-src", "connect-src", "font-src", "frame-src", "img-src", "manifest-src", "media-src", "object-src"),
        *("script-src", "script-src-attr", "script-src-elem", "style-src", "style-src-attr", "style-src-elem"),
        *("base-uri", "child-src", "form-action", "frame-ancestors", "worker-src"),
    }
)
OTHER = "other"


class Violations:
    """Counts what was refused by rule, in this process: a rule has at most one line of the log a minute."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """Take a clock that never goes back."""
        self.now = now
        self._lock = Lock()
        self._heard = (0, 0)
        self._untold: Counter[str] = Counter()
        self._told: dict[str, int] = {}

    def listens(self) -> bool:
        """Count a report, and tell whether it is still to be read."""
        minute = self._minute()
        with self._lock:
            heard_in, times = self._heard
            self._heard = minute, times + 1 if heard_in == minute else 1
            return self._heard[1] <= MOST

    def hear(self, body: bytes) -> None:
        """Write down each rule that a report names, with how often since its last line."""
        for rule in rules_in(body):
            if times := self._to_tell(rule):
                log.warning("policy violated", extra={"directive": rule, "times": times})

    def _to_tell(self, rule: str) -> int:
        minute = self._minute()
        with self._lock:
            self._untold[rule] += 1
            if self._told.get(rule) == minute:
                return 0
            self._told[rule] = minute
            return self._untold.pop(rule)

    def _minute(self) -> int:
        return int(self.now() // SECONDS)


def rules_in(body: bytes) -> Iterator[str]:
    """Give the rule of each report in a body, in either of the two shapes that browsers send; of anything else none."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return
    for one in said if isinstance(said, list) else [said]:
        report = (one.get("csp-report") or one.get("body")) if isinstance(one, dict) else None
        if isinstance(report, dict):
            yield _rule(report)


def _rule(report: dict[str, Any]) -> str:
    """Read a rule's name; older browsers give it together with what it allows."""
    given = report.get("effectiveDirective") or report.get("effective-directive") or report.get("violated-directive")
    name = str(given).partition(" ")[0]
    return name if name in RULES else OTHER


@post(
    REPORTS,
    opt={**public, "exclude_from_csrf": True},  # a browser sends it by itself, and it changes nothing
    request_max_body_size=LARGEST_REPORT,
    status_code=200,
    media_type="text/plain",
)
async def hear_report(request: Request[Any, Any, Any], violations: NamedDependency[SkipValidation[Violations]]) -> str:
    """Take a report in. Whoever sends whatever is told the same."""
    if request.content_type[0] in KINDS and violations.listens():
        violations.hear(await request.body())
    return "noted"
