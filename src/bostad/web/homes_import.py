"""A company's list of homes from a file, and the empty sheet to fill in."""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.response import Template

from bostad.accounts.access import Role
from bostad.adapters.home_sheets import HomeList, in_columns, read_homes, template
from bostad.agreements.quota import month_of
from bostad.errors import Invalid
from bostad.homes.answers import ListChoices
from bostad.homes.choices import LineChoice, line_choices
from bostad.homes.importing import HomesReport, import_homes
from bostad.placements.loading import is_promised
from bostad.records import Sessions
from bostad.web.auth import only, stepped_up
from bostad.web.doors import DB, LARGEST_FILE, At, SentWithFile
from bostad.web.forms import Form
from bostad.web.homes import months_to_choose
from bostad.web.rendering import WebRequest, page
from bostad.web.speech import said
from bostad.words import say

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class HomesImportController(Controller):
    """Publish several homes at once."""

    path = "/homes/import"
    guards = [only(Role.HOUSING_STAFF)]

    @get("/", guards=[stepped_up], sync_to_thread=True)
    def ask(self, request: WebRequest, sessions: DB, at: At) -> Template:
        """Ask for the file."""
        form = Form(ListChoices, {"month": month_of(at.date()).isoformat()})
        return self._page(request, form, sessions, at)

    @post("/", guards=[stepped_up], status_code=200, sync_to_thread=True, request_max_body_size=LARGEST_FILE)
    def take_in(self, request: WebRequest, data: SentWithFile, sessions: DB, at: At) -> Template:
        """Publish and change homes as the file says, or say what is wrong with it, cell by cell."""
        content = sent_file(data)
        form = Form.read(ListChoices, {name: value for name, value in data.items() if name != "file"})
        lines = {one.code.casefold(): one.id for one in line_choices(sessions, by=request.user)}
        found = form.submit(lambda chosen: _read(content, chosen, lines))
        if found is None or form.answers is None:
            return self._page(request, form, sessions, at)
        report = import_homes(
            sessions,
            found.listed,
            found.faults,
            keep_good=form.answers.keep_good,
            promised=is_promised,
            by=request.user,
            at=at,
        )
        return self._page(request, form, sessions, at, found=found, report=report)

    @get("/sheet", sync_to_thread=True)
    def sheet(self, request: WebRequest, sessions: DB) -> Response[bytes]:
        """Give the empty sheet to fill in."""
        codes = [one.code for one in line_choices(sessions, by=request.user)]
        headers = {"Content-Disposition": 'attachment; filename="lagenheter.xlsx"'}
        return Response(template(said, codes), media_type=XLSX, headers=headers)

    def _page(
        self,
        request: WebRequest,
        form: Form[ListChoices],
        sessions: Sessions,
        at: datetime,
        *,
        found: HomeList | None = None,
        report: HomesReport | None = None,
    ) -> Template:
        lines: tuple[LineChoice, ...] = line_choices(sessions, by=request.user)
        return page(
            request,
            "homes/import.html",
            status=422 if report and not report.written else form.status,
            form=form,
            lines=[(str(one.id), one.label) for one in lines],
            codes=[one.code for one in lines],
            months=months_to_choose(at.date(), form.value("month")),
            report=report,
            faults=in_columns(report, found.headers) if report and found else (),
            ignored=found.ignored if found else (),
        )


def sent_file(data: dict[str, Any]) -> bytes:
    """Give the bytes of the file that was sent; none chosen is an empty one."""
    file = data.get("file")
    return file.file.read() if isinstance(file, UploadFile) else b""


def _read(content: bytes, chosen: ListChoices, lines: dict[str, UUID]) -> HomeList:
    if not content:
        raise Invalid({"file": say("Choose a file.")})
    return read_homes(content, lines=lines, line=chosen.line_id, month=chosen.month)
