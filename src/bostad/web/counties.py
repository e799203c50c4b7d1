"""County runs: the agreements between boards, each board's own decision, and leaving."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Template

from bostad.accounts.access import Role
from bostad.counties import pages, service
from bostad.counties.answers import Decision, NewCountyRun
from bostad.errors import Missing
from bostad.records import Sessions
from bostad.web.auth import only, stepped_up
from bostad.web.doors import DB, At, Sent
from bostad.web.forms import Form
from bostad.web.rendering import WebRequest, go_to, page
from bostad.words import say


class CountyController(Controller):
    """The boards that are matched together."""

    path = "/county-runs"
    guards = [only(Role.UNIT_MANAGER)]

    @get("/", sync_to_thread=True)
    def listed(self, request: WebRequest, sessions: DB) -> Template:
        """Show the agreements that the board is a party to."""
        return page(request, "counties/list.html", runs=pages.county_runs(sessions, by=request.user))

    @get("/new", sync_to_thread=True)
    def new(self, request: WebRequest, sessions: DB, at: At) -> Template:
        """Ask for an agreement and the board's decision."""
        return _new(request, sessions, Form(NewCountyRun, {"valid_from": at.date(), "decided_on": at.date()}))

    @post("/new", guards=[stepped_up], status_code=200, sync_to_thread=True)
    def draft(self, request: WebRequest, sessions: DB, at: At, data: Sent) -> Template | Response[Any]:
        """Record both."""
        form = Form.read(NewCountyRun, data)
        form.submit(lambda given: service.draft_run(sessions, given, by=request.user, at=at))
        return _new(request, sessions, form) if form.errors else go_to(request, "/county-runs")

    @get("/{run_id:uuid}/join", sync_to_thread=True)
    def ask(self, request: WebRequest, run_id: FromPath[UUID], sessions: DB, at: At) -> Template:
        """Ask for the board's decision."""
        return _joining(request, sessions, run_id, Form(Decision, {"decided_on": at.date()}))

    @post("/{run_id:uuid}/join", guards=[stepped_up], status_code=200, sync_to_thread=True)
    def join(
        self, request: WebRequest, run_id: FromPath[UUID], sessions: DB, at: At, data: Sent
    ) -> Template | Response[Any]:
        """Record it."""
        form = Form.read(Decision, data)
        form.submit(lambda given: service.join_run(sessions, run_id, given, by=request.user, at=at))
        return _joining(request, sessions, run_id, form) if form.errors else go_to(request, "/county-runs")

    @get("/{run_id:uuid}/leave", sync_to_thread=True)
    def ask_leave(self, request: WebRequest, run_id: FromPath[UUID], sessions: DB) -> Template:
        """Say what leaving leads to."""
        found = _own(request, sessions, run_id)
        return page(
            request,
            "confirm.html",
            title=say("Leave %(name)s", name=found.name),
            consequences=[
                say("From the next run on, no run takes the board's cases and homes together with others'."),
                say("What has been put to a household goes on. The other boards see that you have left."),
            ],
            label=say("Leave"),
            address=f"/county-runs/{run_id}/leave",
            back="/county-runs",
        )

    @post("/{run_id:uuid}/leave", guards=[stepped_up], status_code=200, sync_to_thread=True)
    def leave(self, request: WebRequest, run_id: FromPath[UUID], sessions: DB, at: At) -> Response[Any]:
        """Leave."""
        service.leave_run(sessions, run_id, by=request.user, at=at)
        return go_to(request, "/county-runs")


def _new(request: WebRequest, sessions: Sessions, form: Form[NewCountyRun]) -> Template:
    boards = pages.other_boards(sessions, by=request.user)
    return page(request, "counties/new.html", status=form.status, form=form, boards=boards)


def _joining(request: WebRequest, sessions: Sessions, run_id: UUID, form: Form[Decision]) -> Template:
    found = _own(request, sessions, run_id)
    return page(request, "counties/join.html", status=form.status, form=form, found=found)


def _own(request: WebRequest, sessions: Sessions, run_id: UUID) -> pages.RunPage:
    for one in pages.county_runs(sessions, by=request.user):
        if one.id == run_id:
            return one
    raise Missing("There is nothing at this address, or it is not for you.")
