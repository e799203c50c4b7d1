"""The data-protection officer's log."""

from litestar import Controller, get, post
from litestar.params import FromQuery
from litestar.response import Template

from bostad.accounts.access import Role
from bostad.audit import pages
from bostad.oversight.pages import to_look_at
from bostad.web.auth import only
from bostad.web.doors import DB, At
from bostad.web.rendering import WebRequest, page, page_or_part


class LogController(Controller):
    """Who did what and when, in one's own organisation."""

    path = "/log"
    guards = [only(Role.DATA_PROTECTION_OFFICER)]

    @get("/", sync_to_thread=True)
    def listed(self, request: WebRequest, sessions: DB, at: At, before: FromQuery[int | None] = None) -> Template:
        """List the newest rows, or those before one."""
        log = pages.log_page(sessions, before=before, by=request.user)
        look = to_look_at(sessions, by=request.user, at=at)
        return page(request, "monitoring/log.html", log=log, is_newest=before is None, check=None, look=look)

    @post("/check", status_code=200, sync_to_thread=True)
    def check(self, request: WebRequest, sessions: DB, at: At) -> Template:
        """Check the chain and show what was found beside the newest rows."""
        check = pages.check_chain(sessions, by=request.user, at=at)
        log = pages.log_page(sessions, before=None, by=request.user)
        names = ("monitoring/log.html", "monitoring/_chain.html")
        look = to_look_at(sessions, by=request.user, at=at)
        return page_or_part(request, *names, log=log, is_newest=True, check=check, look=look)
