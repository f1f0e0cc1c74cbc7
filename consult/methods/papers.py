"""A paper in words, as whoever filled it in reads it again before casting it."""

from collections.abc import Callable, Mapping, Sequence

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext as _n

from consult.methods import consent, poll, stances
from consult.methods.grades import grades
from consult.methods.interface import Form, Marks, Method, Names, Rules
from consult.methods.wording import listed

BLANK = _l("A blank paper.")

STANCES = {stances.YES: _l("Yes"), stances.NO: _l("No"), stances.ABSTAINED: _l("Abstained")}
CONSENTS = {consent.CONSENT: _l("Consent"), consent.RESERVATION: _l("Consent with a reservation"),
            consent.OBJECTION: _l("Objection")}


def said(method: Method, rules: Rules, marks: Marks, names: Names) -> Sequence[LazyString]:
    """What a valid paper says, a sentence or a line for each thing it says; options left out are not named."""
    return _SAID[method.form](rules, marks, names) if marks else [BLANK]


def _choices(rules: Rules, marks: Marks, names: Names) -> list[LazyString]:
    return [listed(_marked(rules, marks), names)]


def _marked(rules: Rules, marks: Marks) -> list[str]:
    return [code for code in rules.codes if code in marks]


def _each(rules: Rules, marks: Marks, names: Names, words: Mapping[int, LazyString]) -> list[LazyString]:
    return [_line(names(code), words[marks[code]]) for code in _marked(rules, marks)]


def _line(title: LazyString, said: LazyString) -> LazyString:
    return _l("%(option)s: %(mark)s", option=title, mark=said)


def _stances(rules: Rules, marks: Marks, names: Names) -> list[LazyString]:
    return _each(rules, marks, names, STANCES)


def _consents(rules: Rules, marks: Marks, names: Names) -> list[LazyString]:
    return _each(rules, marks, names, CONSENTS)


def _grades(rules: Rules, marks: Marks, names: Names) -> list[LazyString]:
    return _each(rules, marks, names, dict(enumerate(grades(rules))))


def _scores(rules: Rules, marks: Marks, names: Names) -> list[LazyString]:
    return [_l("%(option)s: %(mark)s", option=names(code), mark=marks[code]) for code in _marked(rules, marks)]


def _points(rules: Rules, marks: Marks, names: Names) -> list[LazyString]:
    return [_n("%(option)s: %(num)s point", "%(option)s: %(num)s points", marks[code], option=names(code))
            for code in _marked(rules, marks)]


def _ranks(rules: Rules, marks: Marks, names: Names) -> list[LazyString]:
    places = sorted(set(marks.values()))
    return [_l("%(place)s. %(options)s", place=place, options=listed(
        [code for code in _marked(rules, marks) if marks[code] == place], names)) for place in places]


def _poll(rules: Rules, marks: Marks, names: Names) -> list[LazyString]:
    groups = {option.code: option.group for option in rules.options}
    return [_line(poll.QUESTIONS[groups[code]], names(code)) for code in _marked(rules, marks)]


_SAID: Mapping[Form, Callable[[Rules, Marks, Names], Sequence[LazyString]]] = {
    Form.CHOICES: _choices, Form.STANCES: _stances, Form.SCORES: _scores, Form.GRADES: _grades, Form.RANKS: _ranks,
    Form.POINTS: _points, Form.CONSENT: _consents, Form.POLL: _poll}
