"""The home screens: a company's list, one home, and the form to publish or change one."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Response, Template

from bostad.accounts.access import Role
from bostad.agreements.quota import month_of, months_on
from bostad.homes import service
from bostad.homes.answers import HomeAnswers, Withdrawal
from bostad.homes.choices import districts, home_answers, line_choices, usual_values
from bostad.homes.features import STATED
from bostad.homes.pages import home_page, homes_page
from bostad.homes.service import Change
from bostad.homes.states import FeatureSource, FeatureState, WithdrawnBecause
from bostad.placements.endings import withdraw_home
from bostad.placements.loading import is_promised
from bostad.records import Sessions
from bostad.web.auth import only
from bostad.web.doors import DB, At, Sent
from bostad.web.forms import Form, whole
from bostad.web.rendering import WebRequest, go_to, page
from bostad.web.speech import month as in_words
from bostad.words import say

READERS = only(Role.HOUSING_STAFF, Role.SOCIAL_WORKER, Role.UNIT_MANAGER)
STAFF = only(Role.HOUSING_STAFF)
MONTHS_TO_CHOOSE = 4
REASONS = (WithdrawnBecause.LET_ELSEWHERE, WithdrawnBecause.RENOVATION, WithdrawnBecause.MISTAKE)


class HomesController(Controller):
    """Homes: of the company's own, or under the board's agreements."""

    path = "/homes"

    @get("/", guards=[READERS], sync_to_thread=True)
    def listed(self, request: WebRequest, sessions: DB, at: At) -> Template:
        """List the homes by month and line."""
        gone = "gone" in request.query_params
        homes = homes_page(sessions, by=request.user, on=at.date(), gone=gone)
        return page(request, "homes/list.html", homes=homes, gone=gone)

    @get("/new", guards=[STAFF], sync_to_thread=True)
    def new(self, request: WebRequest, sessions: DB, at: At) -> Template:
        """Ask about a home; `like` another one, when there is one to begin from."""
        return self._form(request, Form(HomeAnswers, _begin(request, sessions, at)), sessions, at)

    @post("/new", guards=[STAFF], status_code=200, sync_to_thread=True)
    def publish(self, request: WebRequest, data: Sent, sessions: DB, at: At) -> Response[Any]:
        """Publish a home at once when it counts; otherwise say first what keeps it from counting."""
        form = Form.read(HomeAnswers, data)
        if "change" in data:
            return self._form(request, Form(HomeAnswers, data), sessions, at)
        short = form.submit(lambda home: service.fall_short(sessions, home, by=request.user, at=at))
        if short and "anyway" not in data:
            return page(request, "homes/check.html", form=form, shortfalls=short)
        home_id = (
            None if form.errors else form.submit(lambda home: service.publish(sessions, home, by=request.user, at=at))
        )
        if home_id is None:
            return self._form(request, form, sessions, at)
        return go_to(request, f"/homes/{home_id}")

    @get("/{home_id:uuid}", guards=[READERS], sync_to_thread=True)
    def show(self, request: WebRequest, home_id: FromPath[UUID], sessions: DB) -> Template:
        """Show one home, whether it counts, and what has been done with it."""
        return page(request, "homes/show.html", home=home_page(sessions, home_id, by=request.user))

    @get("/{home_id:uuid}/edit", guards=[STAFF], sync_to_thread=True)
    def edit(self, request: WebRequest, home_id: FromPath[UUID], sessions: DB, at: At) -> Template:
        """Show a home's answers to change."""
        answers, version = home_answers(sessions, home_id, by=request.user)
        return self._form(request, Form.showing(answers), sessions, at, home_id=home_id, version=version)

    @post("/{home_id:uuid}/edit", guards=[STAFF], status_code=200, sync_to_thread=True)
    def change(self, request: WebRequest, home_id: FromPath[UUID], data: Sent, sessions: DB, at: At) -> Response[Any]:
        """Change a home."""
        home_answers(sessions, home_id, by=request.user)
        form, version = Form.read(HomeAnswers, data), whole(data.get("version"))
        form.submit(
            lambda home: service.edit(
                sessions, home_id, Change(home, version), promised=is_promised, by=request.user, at=at
            )
        )
        if form.errors:
            return self._form(request, form, sessions, at, home_id=home_id, version=version)
        return go_to(request, f"/homes/{home_id}")

    @post("/{home_id:uuid}/confirm", guards=[STAFF], status_code=200, sync_to_thread=True)
    def confirm(self, request: WebRequest, home_id: FromPath[UUID], sessions: DB, at: At) -> Response[Any]:
        """Take the company's word that a home is still free."""
        service.confirm(sessions, home_id, by=request.user, at=at)
        return go_to(request, f"/homes/{home_id}")

    @get("/{home_id:uuid}/withdraw", guards=[STAFF], sync_to_thread=True)
    def ask_withdrawal(self, request: WebRequest, home_id: FromPath[UUID], sessions: DB) -> Template:
        """Say what withdrawing a home leads to."""
        return self._withdrawal(request, home_id, sessions, Form(Withdrawal))

    @post("/{home_id:uuid}/withdraw", guards=[STAFF], status_code=200, sync_to_thread=True)
    def withdraw(self, request: WebRequest, home_id: FromPath[UUID], data: Sent, sessions: DB, at: At) -> Response[Any]:
        """Take a home back."""
        form = Form.read(Withdrawal, data)
        form.submit(lambda given: withdraw_home(sessions, home_id, given.because, by=request.user, at=at))
        if form.errors:
            return self._withdrawal(request, home_id, sessions, form)
        return go_to(request, f"/homes/{home_id}")

    def _withdrawal(self, request: WebRequest, home_id: UUID, sessions: Sessions, form: Form[Withdrawal]) -> Template:
        home = home_page(sessions, home_id, by=request.user)
        return page(
            request,
            "confirm.html",
            status=form.status,
            form=form,
            title=say("Withdraw %(number)s", number=home.row.object_number),
            consequences=[
                say("The home leaves the list. If it was proposed to somebody, they are proposed another one."),
                say("It no longer counts as published this month. You can publish the flat anew later."),
            ],
            fields=[("because", "choices", [(one.value, one) for one in REASONS])],
            label=say("Withdraw"),
            address=f"/homes/{home_id}/withdraw",
            back=f"/homes/{home_id}",
        )

    def _form(
        self,
        request: WebRequest,
        form: Form[HomeAnswers],
        sessions: Sessions,
        at: datetime,
        *,
        home_id: UUID | None = None,
        version: int = 0,
    ) -> Template:
        lines = line_choices(sessions, by=request.user)
        return page(
            request,
            "homes/form.html",
            status=form.status,
            form=form,
            home_id=home_id,
            version=version,
            lines=lines,
            line_pairs=[(str(one.id), one.label) for one in lines],
            months=months_to_choose(at.date(), form.value("month")),
            districts=districts(sessions, by=request.user),
            features=STATED,
            states=tuple(FeatureState),
            sources=[(one.value, one) for one in (FeatureSource.STAFF, FeatureSource.INSPECTION)],
        )


def months_to_choose(today: date, chosen: str = "") -> list[tuple[str, str]]:
    """List this month and the next few, and the one that was chosen before."""
    months = [months_on(month_of(today), step) for step in range(MONTHS_TO_CHOOSE)]
    values = [(one.isoformat(), in_words(one)) for one in months]
    known = {value for value, _ in values}
    return values if chosen in known or not chosen else [(chosen, chosen[:7]), *values]


def _begin(request: WebRequest, sessions: Sessions, at: datetime) -> dict[str, Any]:
    """Fill a new form in: from a home that is like it, else with what the company's homes have in common (U22)."""
    like = request.query_params.get("like")
    if like and _is_id(like):
        answers, _ = home_answers(sessions, UUID(like), by=request.user)
        shown = dict(Form.showing(answers).values)
        return shown | {"object_number": "", "apartment_number": "", "floor": "", "month": _now(at)}
    lines = line_choices(sessions, by=request.user)
    return usual_values(sessions, by=request.user) | {"month": _now(at), "line_id": lines[0].id if lines else ""}


def _now(at: datetime) -> str:
    return month_of(at.date()).isoformat()


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
