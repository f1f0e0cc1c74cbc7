"""What is allowed in a questionnaire and yet worth a second thought."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from consult.core import richtext
from consult.questionnaires import definition
from consult.questionnaires.definition import Data
from consult.questionnaires.faults import Fault
from consult.surveys.answers import CHOICES
from consult.surveys.models import QuestionKind

K = QuestionKind
SAYING_WHO = re.compile(r"""\b(?:
    cognome|(?:tuo|suo|vostro)\ nome|come\ (?:ti|si)\ chiam[ai]|codice\ fiscale|recapito
    |(?:numero\ di|tuo|suo)\ (?:telefono|cellulare)
    |indirizzo\ (?:di\ casa|di\ residenza|esatto|completo|e\W?mail)|(?:tuo|suo)\ indirizzo|tua\ e\W?mail|numero\ civico
    |data\ di\ nascita
    |surname|(?:your|full|first|last|family)\ names?|tax\ code|your\ (?:tele)?phone|(?:phone|telephone|mobile)\ number
    |(?:home|your|exact|e\W?mail)\ address|your\ e\W?mail|house\ number|date\ of\ birth
    |(?:ihr|dein)\ name|(?:vor|nach|familien)name|steuer(?:nummer|code)|(?:telefon|handy|mobil)nummer|hausnummer
    |(?:ihre|deine|genaue)\ (?:adresse|anschrift|e-mail)|(?:wohn|e-mail-)adresse|geburtsdatum
    |pr[ée]nom|nom\ de\ famille|(?:votre|ton)\ (?:nom|adresse|t[ée]l[ée]phone|e-mail)|code\ fiscal
    |num[ée]ro\ de\ (?:t[ée]l[ée]phone|rue)|adresse\ (?:exacte|compl[èe]te|e-mail)|date\ de\ naissance
    )\b|^\W*(?:nome|name|nom|indirizzo|address|adresse|e-?mail|telefono|cellulare|phone|telefon|t[ée]l[ée]phone)\W*$""",
                        re.IGNORECASE | re.VERBOSE)
"""What asks who somebody is, in the languages of the site."""
LIVING = re.compile(r"\b(?:vivi|vive|vivete|abit[io]|abiti|abitate|risied[ie]|residenza|live|residence|wohn\w*|"
                    r"habit\w*|résid\w*)\b", re.IGNORECASE)
"""What asks where somebody lives."""
OPEN = frozenset({K.SHORT_TEXT, K.LONG_TEXT, K.NUMBER, K.DATE})


def advice(data: Data, places: Mapping[str, str], *, anonymous: bool) -> list[Fault]:
    """What to think over in a whole questionnaire; `places` are the municipalities of the percorso, by their codes."""
    known = {richtext.slug(name) for name in places.values()}
    return [Fault(f"question:{one['code']}", sentence) for one in definition.questions(data)
            for sentence in _about(one, known, anonymous)]


def _about(one: Data, places: set[str], anonymous: bool) -> Iterator[Any]:
    kind = K(one["kind"])
    if kind in CHOICES and _names_places(one, places):
        yield _l("It asks for the municipality with answers of its own. Use a question of the kind “Municipality” "
                 "instead, which always has all of them. Only where people live needs no question: that is asked "
                 "before the first one, of everybody whose account does not say it.")
    if kind is K.MUNICIPALITY and any(map(LIVING.search, one["prompt"].values())):
        yield _l("Where people live is asked before the first question, of everybody whose account does not say it: "
                 "leave this question out, or they are asked twice. The kind “Municipality” is for another one, as "
                 "that of work or school.")
    if anonymous and (kind is K.EMAIL or (kind in OPEN and any(map(SAYING_WHO.search, one["prompt"].values())))):
        yield _l("The survey is anonymous, but this seems to ask who somebody is: a name, a tax code, a telephone "
                 "number, an e-mail or home address. Whoever answers it can be recognised: leave it out, or say in the "
                 "settings that the survey is not anonymous.")


def _names_places(one: Data, places: set[str]) -> bool:
    """Whether at least two of the answers, and half of them, are municipalities."""
    named = sum(1 for option in one["options"] if places & {richtext.slug(text) for text in option["label"].values()})
    return named > 1 and 2 * named >= len(one["options"])
