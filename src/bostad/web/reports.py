"""What the unit manager is told in numbers: read as reports are, by a login that sees figures alone."""

from litestar import get
from litestar.response import Template

from bostad.accounts.access import Role
from bostad.monitoring.empty_homes import empty_homes_page
from bostad.monitoring.households import household_figures
from bostad.web.auth import only
from bostad.web.doors import DB, At
from bostad.web.rendering import WebRequest, page


@get("/report/empty-homes", guards=[only(Role.UNIT_MANAGER)], sync_to_thread=True)
def empty_homes(request: WebRequest, reports: DB) -> Template:
    """Show for each home without a placement which rules keep most needs from it."""
    return page(request, "monitoring/empty_homes.html", found=empty_homes_page(reports, by=request.user))


@get("/report/households", guards=[only(Role.UNIT_MANAGER)], sync_to_thread=True)
def households(request: WebRequest, reports: DB, at: At) -> Template:
    """Show how many households of each type wait and have moved in, and for how long these waited."""
    found = household_figures(reports, by=request.user, on=at.date())
    return page(request, "monitoring/households.html", found=found)
