"""Review: a month's sample of the log, the manager's or the officer's; and what was opened in an emergency."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Template

from bostad.accounts.access import Role
from bostad.errors import Invalid
from bostad.oversight.answers import ReviewAnswer
from bostad.oversight.emergency import review_opening
from bostad.oversight.lifting import lift_limit
from bostad.oversight.reviewing import sign_rest, sign_row
from bostad.oversight.sample_pages import sample_page
from bostad.oversight.states import ReviewOutcome
from bostad.web.auth import only, stepped_up
from bostad.web.doors import DB, At, Sent
from bostad.web.forms import Form
from bostad.web.rendering import WebRequest, go_to, page

SIGNING = (Role.UNIT_MANAGER, Role.DATA_PROTECTION_OFFICER)
MANAGER = only(Role.UNIT_MANAGER)


class ReviewController(Controller):
    """What one has looked at is signed row by row, or the rest at once."""

    path = "/review"

    @get("/{sample_id:uuid}", guards=[only(*SIGNING)], sync_to_thread=True)
    def show(self, request: WebRequest, sample_id: FromPath[UUID], sessions: DB) -> Template:
        """Show a month's sample."""
        return page(request, "oversight/sample.html", sample=sample_page(sessions, sample_id, by=request.user))

    @post("/rows/{row_id:uuid}", guards=[only(*SIGNING)], status_code=200, sync_to_thread=True)
    def sign(self, request: WebRequest, row_id: FromPath[UUID], sessions: DB, at: At, data: Sent) -> Response[Any]:
        """Sign one row."""
        sample_id = sign_row(sessions, row_id, _outcome(data), by=request.user, at=at)
        return go_to(request, f"/review/{sample_id}")

    @post("/{sample_id:uuid}/rest", guards=[only(*SIGNING)], status_code=200, sync_to_thread=True)
    def sign_all_that_is_left(
        self, request: WebRequest, sample_id: FromPath[UUID], sessions: DB, at: At
    ) -> Response[Any]:
        """Sign every row that nothing was said about as being in order."""
        sign_rest(sessions, sample_id, by=request.user, at=at)
        return go_to(request, "/overview" if request.user.role is Role.UNIT_MANAGER else "/log")

    @post("/openings/{opening_id:uuid}", guards=[only(Role.UNIT_MANAGER)], status_code=200, sync_to_thread=True)
    def sign_opening(
        self, request: WebRequest, opening_id: FromPath[UUID], sessions: DB, at: At, data: Sent
    ) -> Response[Any]:
        """Sign off a case's opening in an emergency."""
        review_opening(sessions, opening_id, _outcome(data), by=request.user, at=at)
        return go_to(request, "/overview")

    @post("/limits/{user_id:uuid}/lift", guards=[MANAGER, stepped_up], status_code=200, sync_to_thread=True)
    def lift(self, request: WebRequest, user_id: FromPath[UUID], sessions: DB, at: At) -> Response[Any]:
        """Let a colleague go on past the limit of households for an hour."""
        lift_limit(sessions, user_id, by=request.user, at=at)
        return go_to(request, "/overview")


def _outcome(data: Sent) -> ReviewOutcome:
    """Read what was found; the buttons send nothing else."""
    form = Form.read(ReviewAnswer, data)
    if form.answers is None:
        raise Invalid(form.errors)
    return form.answers.outcome
