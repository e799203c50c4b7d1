"""The ground for what people answer in forms: forgiving types, plain refusals, and the words of each question.

A model of answers is one form: its fields' titles are the questions, their descriptions say why each is asked (U21).
"""

import re
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Annotated, Any

import dateparser
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from bostad.words import Sentence, say

LONGEST = 2_000
"""Characters in an answer, or answers to one question: nothing reads on, however long it is."""
LONGEST_DAY = 40
_YEARS = range(1900, 2200)
_ORDER = {"DATE_ORDER": "DMY", "REQUIRE_PARTS": ["day", "month", "year"], "PARSERS": ["absolute-time"]}
_SPACES = re.compile(r"[\s\u00a0\u202f']")
_UNITS = re.compile(r"(?i)\s*(kr|kronor|sek|m|meter|m2|m²|:-)\.?$")

_SENTENCES: Mapping[str, Sentence] = {
    "missing": say("This is not filled in yet."),
    "enum": say("Choose one of the answers."),
    "literal_error": say("Choose one of the answers."),
    "uuid_parsing": say("Choose one of the answers."),
    "int_parsing": say("Write a whole number in digits, like 3 or 12000."),
    "string_type": say("Write an answer here."),
}
_ANYTHING_ELSE = say("This answer cannot be used. Please look at it again.")


def asked(msgid: str) -> str:
    """Mark a question's words for the message catalogue, where pydantic wants a plain text."""
    return msgid


def unfit(msgid: str, *, field: str | None = None, **facts: object) -> PydanticCustomError:
    """Make a refusal with a sentence of our own; `field` places what a whole model found out."""
    return PydanticCustomError("unfit", "unfit", {"sentence": say(msgid, **facts), "field": field})


def faults_in(wrong: ValidationError) -> dict[str, Sentence]:
    """Say for each field what is wrong with it first, plainly and how to mend it (U17)."""
    faults: dict[str, Sentence] = {}
    for error in wrong.errors():
        placed = error.get("ctx", {}).get("field")
        faults.setdefault(str(placed or (error["loc"][0] if error["loc"] else "")), _sentence(error))
    return faults


def _sentence(error: ErrorDetails) -> Sentence:
    kind, facts = error["type"], error.get("ctx", {})
    if kind == "unfit":
        sentence: Sentence = facts["sentence"]
        return sentence
    if kind in {"greater_than_equal", "greater_than"}:
        return say("Write %(least)s or more.", least=facts.get("ge", facts.get("gt", 0) + ("gt" in facts)))
    if kind in {"less_than_equal", "less_than"}:
        return say("Write %(most)s or less.", most=facts.get("le", facts.get("lt", 0) - ("lt" in facts)))
    if kind in {"string_too_long", "too_long"}:
        return say("Use at most %(count)s characters.", count=facts["max_length"])
    if kind == "too_short":
        return say("Choose at least one.")
    return _SENTENCES.get(kind, _ANYTHING_ELSE)


class Answers(BaseModel):
    """A form's answers: surrounding spaces do not matter, and an empty answer is no answer."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True, extra="ignore", str_max_length=LONGEST)

    @model_validator(mode="before")
    @classmethod
    def _leave_out_the_empty(cls, given: Any) -> Any:
        """Drop empty texts, so that defaults apply and what is required is missed; look no further at endless ones."""
        if not isinstance(given, Mapping):
            return given
        for name, answer in given.items():
            if name in cls.model_fields and isinstance(answer, str | list) and len(answer) > LONGEST:
                raise unfit("Use at most %(count)s characters.", field=name, count=LONGEST)
        return {name: answer for name, answer in given.items() if not (isinstance(answer, str) and not answer.strip())}


def _digits(answer: object) -> object:
    """Read `12 000 kr`, `12.000` is left alone: a point could be a decimal (U19)."""
    if not isinstance(answer, str):
        return answer
    bare = _SPACES.sub("", _UNITS.sub("", unicodedata.normalize("NFKC", answer).strip()))
    if not re.fullmatch(r"[+-]?\d{1,9}", bare):
        raise unfit("Write a whole number in digits, like 3 or 12000.")
    return int(bare)


def _day(answer: object) -> object:
    """Read a day as people write it: 2026-11-21, 21/11 2026, 21 nov 2026 (U38)."""
    if not isinstance(answer, str):
        return answer
    text = " ".join(answer.split())
    found = _read_day(text) if len(text) <= LONGEST_DAY else None
    if found is None or found.year not in _YEARS:
        raise unfit("Write a date with day, month and year, like 21 November 2026 or 2026-11-21.")
    return found


def _read_day(text: str) -> date | None:
    with suppress(ValueError):  # a long list is written this way, and read a hundred times faster
        return date.fromisoformat(text)
    # Year first has no second meaning: 2026-13-01 is a mistake, not the thirteenth of January.
    year_first = re.match(r"\d{4}\D", text)
    found = None if year_first else dateparser.parse(text, languages=["sv", "en"], settings=_ORDER)
    return found.date() if found else None


def _many(answer: object) -> object:
    """Take one ticked box for a list of one."""
    if isinstance(answer, str):
        return [answer]
    return answer


def _yes(answer: object) -> object:
    """Read a ticked box."""
    return answer in ("yes", "on", "true", True)  # a box sent twice comes as a list, which no set can be asked for


def _no_control_characters(answer: str) -> str:
    """Refuse what cannot be seen; PostgreSQL cannot keep a NUL at all."""
    if any(unicodedata.category(sign) == "Cc" for sign in answer):
        raise unfit("Write it as plain text on one line.")
    return unicodedata.normalize("NFC", answer)


WholeNumber = Annotated[int, BeforeValidator(_digits)]
Day = Annotated[date, BeforeValidator(_day)]
Line = Annotated[str, AfterValidator(_no_control_characters)]
Ticked = Annotated[bool, BeforeValidator(_yes)]
OneOrMore = BeforeValidator(_many)
