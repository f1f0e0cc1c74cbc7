"""A ballot paper to be filled in with a pen: the same options, codes and rules as on the page."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from consult.methods.interface import Form, Method, Rules
from consult.methods.registry import METHODS
from consult.methods.wording import euros
from consult.publishing.writers import typst
from consult.voting import services as votes
from consult.voting import words
from consult.voting.models import Ballot, BallotOption

TEMPLATE = Path(__file__).with_name("ballot.typ")
Data = dict[str, Any]


def pdf(ballot: Ballot, language: str) -> bytes:
    """The paper of a ballot as a tagged PDF in a language. Raises WritingError where it cannot be set."""
    with force_locale(language):
        document = sheet(ballot, language)
    with tempfile.TemporaryDirectory(prefix="consult-ballot-") as folder:
        target = Path(folder) / "ballot.pdf"
        typst.typeset(TEMPLATE, document, target)
        return target.read_bytes()


def sheet(ballot: Ballot, language: str) -> Data:
    """What stands on the paper, in the language of the interface; texts of the staff in `language`.

    Options stand in their own order, also where each person finds them in another one on the site.
    """
    rules = votes.rules(ballot)
    method = METHODS[rules.method]
    return {
        "language": language, "title": ballot.title.in_language(language),
        "question": ballot.question.in_language(language), "authority": ballot.phase.process.authority.name,
        "code": _("Ballot %(number)s", number=ballot.id),
        "how": [*map(str, method.choosing(rules)), _how(method, rules), *_in_words(method)],
        "care": [_("Do not write your name and do not sign: a paper that can be recognised does not count."),
                 _("If you make a mistake, ask for another paper and give this one back.")],
        "parts": [{"title": title, **_body(method, rules), "options": [_option(one, language) for one in options]}
                  for title, options in _parts(ballot, method)]}


def _how(method: Method, rules: Rules) -> str:
    if method.form in {Form.RANKS, Form.POINTS} or _typed(method, rules):
        return str(_("Write clear figures on the lines."))
    return str(_("Mark with a cross: ☒."))


def _in_words(method: Method) -> list[str]:
    """What can be written besides."""
    if method.form is not Form.CONSENT:
        return []
    return [_("You can write a reservation on the back, with the code of the commitment before it. It is published "
              "without your name: write nothing from which one could tell who you are.")]


def _typed(method: Method, rules: Rules) -> bool:
    """True where the mark of an option is a number with too many values to stand beside one another."""
    return method.form is Form.SCORES and not words.values_of(rules)


def _parts(ballot: Ballot, method: Method) -> list[tuple[str, Sequence[BallotOption]]]:
    """The options, for a poll by question."""
    if method.form is not Form.POLL:
        return [("", ballot.options)]
    return [(str(title), [option for option in ballot.options if option.group == group])
            for group, title in words.QUESTIONS.items()]


def _body(method: Method, rules: Rules) -> Data:
    """What there is to mark or to write on beside each option."""
    if method.form in {Form.CHOICES, Form.POLL}:
        return {"form": "choices", "one": method.form is Form.POLL or rules.maximum == 1, "columns": []}
    if method.form in {Form.RANKS, Form.POINTS} or _typed(method, rules):
        return {"form": "numbers", "one": False, "columns": []}
    return {"form": "marks", "one": True, "columns": [str(label) for _value, label in words.values_of(rules)]}


def _option(option: BallotOption, language: str) -> Data:
    about = [option.municipality.name if option.municipality else "", str(euros(option.cost)) if option.cost else ""]
    return {"code": option.code, "label": option.title.in_language(language),
            "about": " · ".join(part for part in about if part)}
