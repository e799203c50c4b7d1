"""What every answer carries: nothing from elsewhere, nothing kept, nothing framed (S50, S54, S55)."""

from litestar.datastructures import MutableScopeHeaders
from litestar.types import Message, Scope

REPORTS = "/policy-reports"
"""Where a browser reports what the policy refused (`web/policy_reports.py`)."""
_DIRECTIVES = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",  # the design system's own small icons are data addresses in its style sheet
    "connect-src 'self'",
    "form-action 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    f"report-uri {REPORTS}",
)
POLICY = "; ".join(_DIRECTIVES)
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), interest-cohort=()",
}
REPORTED_OVER_TLS = {
    "Content-Security-Policy": f"{POLICY}; report-to policy",
    "Reporting-Endpoints": f'policy="{REPORTS}"',
}
"""The newer way to say where: over a plain connection browsers know it, prefer it, and send nothing."""
ONE_YEAR = 365 * 24 * 3600
KEPT_FOR_EVER = f"public, max-age={ONE_YEAR}, immutable"


class AnswerHeaders:
    """Adds the headers as an answer leaves."""

    def __init__(self, *, secure: bool) -> None:
        """Take whether the service is reached over TLS alone."""
        self.fixed = dict(ALWAYS)
        if secure:
            self.fixed["Strict-Transport-Security"] = f"max-age={ONE_YEAR}; includeSubDomains"
            self.fixed |= REPORTED_OVER_TLS

    async def __call__(self, message: Message, scope: Scope) -> None:
        """Set them on the start of every answer; only static files, whose names are hashes, may be kept."""
        if message["type"] != "http.response.start":
            return
        headers = MutableScopeHeaders.from_message(message)
        for name, value in self.fixed.items():
            headers[name] = value
        kept = scope["path"].startswith("/static/") and message["status"] == 200  # noqa: PLR2004
        headers["Cache-Control"] = KEPT_FOR_EVER if kept else "no-store"
        if not kept:
            headers["Vary"] = "HX-Request, HX-Request-Type, Cookie"
