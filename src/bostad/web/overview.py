"""The unit manager's first page."""

from litestar import get
from litestar.response import Template

from bostad.accounts.access import Role
from bostad.agreements.joint import standing_decision
from bostad.monitoring import pages
from bostad.monitoring.waiting import NATIONAL_SHELTER_DAYS
from bostad.oversight.pages import to_look_at
from bostad.web.auth import only
from bostad.web.doors import DB, At
from bostad.web.rendering import WebRequest, page


@get("/overview", guards=[only(Role.UNIT_MANAGER)], sync_to_thread=True)
def overview(request: WebRequest, sessions: DB, reports: DB, at: At) -> Template:
    """Show how the unit's cases stand, its places, its waits and this month's agreements."""
    found = pages.overview(sessions, by=request.user, at=at, reports=reports)
    joint = standing_decision(sessions, by=request.user)
    look = to_look_at(sessions, by=request.user, at=at)
    national = NATIONAL_SHELTER_DAYS
    return page(request, "monitoring/overview.html", found=found, joint=joint, look=look, national=national, at=at)
