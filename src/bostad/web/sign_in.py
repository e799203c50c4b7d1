"""Signing in and out, one-time codes, staying signed in, and answers that arrived too late."""

from typing import Any
from urllib.parse import urlencode

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import SkipValidation
from litestar.response import Redirect, Template

from bostad.accounts import sessions as session_service
from bostad.accounts import signing_in
from bostad.accounts.answers import ChoosePassword, SignIn
from bostad.accounts.drafts import drop_draft, kept_draft
from bostad.accounts.passwords import Passwords
from bostad.web.auth import SessionCookie, holder, new_token, public, signed_in
from bostad.web.doors import AT_THE_DOOR, DB, At, Sent
from bostad.web.forms import Form
from bostad.web.rendering import WebRequest, go_to, page, wants_part
from bostad.web.returning import KEPT, address_of, local_path

CookieJar = NamedDependency[SkipValidation[SessionCookie]]
Hashing = NamedDependency[SkipValidation[Passwords]]
Secret = NamedDependency[str]


class SignInController(Controller):
    """Ways in and out. One controller: Litestar wraps a function twice when its path is shared with another's."""

    dependencies = AT_THE_DOOR

    @get("/sign-in", opt=public, sync_to_thread=False)
    def show_sign_in(self, request: WebRequest) -> Template | Redirect:
        """Ask for user name and password; somebody who has signed in already goes where she was going."""
        to = local_path(request.query_params.get("next"))
        if holder(request):
            return Redirect(to if request.auth else _second_step(to), status_code=303)
        said = {name for name in ("out", "chosen", "everywhere") if name in request.query_params}
        return page(request, "accounts/sign_in.html", form=Form(SignIn), to=to, said=said)

    @post("/sign-in", opt=public, sync_to_thread=True)
    def sign_in(
        self,
        request: WebRequest,
        sessions: DB,
        at: At,
        cookie: CookieJar,
        passwords: Hashing,
        secret: Secret,
        data: Sent,
    ) -> Response[Any]:
        """Begin a session under a new token, whatever token the browser came with (S22); the second step is next."""
        to = local_path(data.get("next"))
        form = Form.read(SignIn, data)
        browser = signing_in.Browser(new_token(), cookie.read(request), address_of(request, secret))
        if form.submit(lambda given: signing_in.sign_in(sessions, given, passwords, browser=browser, at=at)) is None:
            return page(request, "accounts/sign_in.html", status=form.status, form=form, to=to, said=())
        answer = Redirect(_second_step(to), status_code=303)
        cookie.put(answer, browser.token)
        return answer

    @post("/sign-out", opt=public, sync_to_thread=True)
    def sign_out(self, request: WebRequest, sessions: DB, at: At, cookie: CookieJar) -> Response[Any]:
        """End this browser's session, if it has not ended already, and have the browser forget what it kept (S54)."""
        if known := holder(request):
            me, now = known
            session_service.sign_out(sessions, now.token_hash, by=me, at=at)
        return signed_out(cookie, "/sign-in?out=yes")

    @get("/code", opt=public, sync_to_thread=False)
    def show_code(self, request: WebRequest) -> Template:
        """Ask for a one-time code and the password it is to be spent on."""
        return page(request, "accounts/choose_password.html", form=Form(ChoosePassword))

    @post("/code", opt=public, sync_to_thread=True)
    def choose_password(
        self, request: WebRequest, sessions: DB, at: At, passwords: Hashing, secret: Secret, data: Sent
    ) -> Template | Redirect:
        """Spend a code; the new password is then used once to sign in, so that a password manager learns it."""
        form = Form.read(ChoosePassword, data)
        address = address_of(request, secret)
        form.submit(lambda given: signing_in.choose_password(sessions, given, passwords, address=address, at=at))
        if form.errors:
            return page(request, "accounts/choose_password.html", status=form.status, form=form)
        return Redirect("/sign-in?chosen=yes", status_code=303)

    @post("/stay", guards=[signed_in], status_code=200, sync_to_thread=False)
    def stay(self, request: WebRequest) -> Response[Any]:
        """Stay signed in: being asked is use enough, so all there is to do is to say until when (U35)."""
        return page(request, "_time_left.html") if wants_part(request) else go_to(request, "/")

    @get("/kept", guards=[signed_in], sync_to_thread=True)
    def show_kept(self, request: WebRequest, sessions: DB, secret: Secret) -> Template | Redirect:
        """Show the answers that arrived after the session had ended, ready to be sent once more."""
        path = local_path(request.query_params.get("path"))
        answers = kept_draft(sessions, path, by=request.user, secret=secret)
        if answers is None:
            return Redirect("/", status_code=303)
        return page(request, "accounts/kept.html", answers=answers, path=path, marker=KEPT)

    @post("/kept", guards=[signed_in], sync_to_thread=True)
    def forget_kept(self, request: WebRequest, sessions: DB, data: Sent) -> Response[Any]:
        """Throw kept answers away."""
        drop_draft(sessions, local_path(data.get("path")), by=request.user)
        return go_to(request, "/")


def _second_step(to: str) -> str:
    return "/second-step?" + urlencode({"next": to}, safe="/")


def signed_out(cookie: SessionCookie, to: str) -> Response[Any]:
    """Send a browser to the sign-in page with nothing of ours left in it."""
    answer: Response[Any] = Redirect(to, status_code=303, headers={"Clear-Site-Data": '"cache", "storage"'})
    cookie.remove(answer)
    return answer
