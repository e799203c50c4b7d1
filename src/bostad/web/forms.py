"""Forms: what was written, what is wrong with it, and the words of each question."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from bostad.answers import Answers, faults_in
from bostad.errors import Invalid
from bostad.words import Sentence, Word

A = TypeVar("A", bound=Answers)
T = TypeVar("T")


class Form(Generic[A]):
    """One form as a page shows it: values are kept exactly as they were written (U16)."""

    def __init__(self, model: type[A], values: Mapping[str, Any] | None = None) -> None:
        """Start a form with values to show: texts, or lists of texts."""
        self.model = model
        self.values: dict[str, Any] = {name: _shown(value) for name, value in (values or {}).items()}
        self.errors: dict[str, Sentence] = {}
        self.answers: A | None = None

    @classmethod
    def showing(cls, answers: A) -> "Form[A]":
        """Show answers that were given before."""
        return cls(type(answers), {name: getattr(answers, name) for name in type(answers).model_fields})

    @classmethod
    def read(cls, model: type[A], data: Mapping[str, Any]) -> "Form[A]":
        """Read what was sent; see `errors` for what needs mending, `answers` when nothing does."""
        form = cls(model, data)
        try:
            form.answers = model.model_validate(dict(data))
        except ValidationError as wrong:
            form.errors = faults_in(wrong)
        return form

    def submit(self, act: Callable[[A], T]) -> T | None:
        """Act on the answers; what the service refuses about them shows on the form. None means: look at `errors`."""
        if self.answers is None:
            return None
        try:
            return act(self.answers)
        except Invalid as refusal:
            self.errors.update(refusal.fields)
            return None

    @property
    def status(self) -> int:
        """Give the status a page with this form is answered with."""
        return 422 if self.errors else 200

    def label(self, name: str) -> Sentence:
        """Give the question."""
        return Sentence(self.model.model_fields[name].title or name)

    def why(self, name: str) -> Sentence | None:
        """Say why it is asked."""
        reason = self.model.model_fields[name].description
        return Sentence(reason) if reason else None

    def optional(self, name: str) -> bool:
        """Tell whether it may be left empty."""
        return not self.model.model_fields[name].is_required()

    def value(self, name: str) -> str:
        """Give what stands in a field."""
        value = self.values.get(name, "")
        return str(value[0] if isinstance(value, list) and value else "" if isinstance(value, list) else value)

    def chosen(self, name: str) -> list[str]:
        """Give what is chosen among several."""
        value = self.values.get(name, [])
        return value if isinstance(value, list) else [value]


def whole(text: object) -> int:
    """Read the version that came back with a form; nonsense is no version."""
    return int(text) if isinstance(text, str) and re.fullmatch(r"[0-9]{1,9}", text) else 0


def _shown(value: object) -> Any:
    """Turn a value into the text that a field shows."""
    if value is None:
        return ""
    if value is True or value is False:
        return "yes" if value else ""
    if isinstance(value, list | tuple | set | frozenset):
        return [_shown(one) for one in value]
    return value.value if isinstance(value, Word) else str(value)
