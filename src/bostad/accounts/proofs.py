"""The second factor's closed lists and times: what is asked for, how long a proof is fresh, and what one is told."""

from datetime import timedelta

from bostad.words import Word, say

FRESH_FOR = timedelta(minutes=15)
"""How long after proving the second factor one may do what is sensitive without proving it again (S23)."""
HALFWAY = timedelta(minutes=15)
"""How long a session lasts whose second factor was never proved: long enough to set an authenticator app up."""
CHALLENGE_HOLDS = timedelta(minutes=10)
RECOVERY_CODES = 8
NEWS_KEPT = timedelta(days=400)
"""How long one can look back at what was done to one's account."""


class Purpose(Word):
    """What a session was given something for."""

    NEW_AUTHENTICATOR = "new_authenticator", say("A new authenticator app")
    NEW_PASSKEY = "new_passkey", say("A new passkey")
    PASSKEY = "passkey", say("A passkey")


class Factor(Word):
    """What the second step was proved with."""

    AUTHENTICATOR = "authenticator", say("Authenticator app")
    PASSKEY = "passkey", say("Passkey")
    RECOVERY_CODE = "recovery_code", say("Recovery code")


class News(Word):
    """What somebody else did to one's account, or tried."""

    RESET = "reset", say("You were given a one-time code, and your password was taken away")
    ENABLED = "enabled", say("You were let in again with a one-time code")
    SESSIONS_ENDED = "sessions_ended", say("You were signed out everywhere")
    START_OVER_ASKED = "start_over_asked", say("Somebody asked that your second factor be taken away")
    START_OVER_REFUSED = "start_over_refused", say("Your second factor was left as it is")
    STARTED_OVER = "started_over", say("Your password and your second factor were taken away")
    RECOVERY_CODE_USED = "recovery_code_used", say("A recovery code was used to sign in")
    WRONG_PASSWORDS = "wrong_passwords", say("Somebody gave wrong passwords for your account, several times in a day")
    WRONG_SECOND_STEPS = (
        "wrong_second_steps",
        say("Somebody gave your password and then failed at the second step, several times in a day"),
    )


TRIES = frozenset({News.RECOVERY_CODE_USED, News.WRONG_PASSWORDS, News.WRONG_SECOND_STEPS})
"""What nobody is named for: it was done by whoever was at the door."""


def one_person_may_reset(*, has_factor: bool, has_been_here: bool) -> bool:
    """Tell whether one administrator alone may give a code that buys a new password.

    She may where a second factor stands that the code does not touch, and where nobody has ever signed in, so that the
    account is about nothing yet. Anywhere else she could use the code herself and be that person.
    """
    return has_factor or not has_been_here
