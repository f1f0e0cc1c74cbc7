"""From what stands in the form to a ballot, and back."""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from consult.ballots import parameters, promised, queries
from consult.ballots.drafts import Draft, OptionSaid
from consult.ballots.faults import Fault
from consult.core import languages
from consult.core.forms import localized, one_for_each_language, typed_number
from consult.core.languages import Localized
from consult.methods.conditions import KINDS
from consult.office.call_forms import in_lines, lines_of
from consult.processes.models import Process
from consult.proposals.models import Proposal
from consult.voting.models import Ballot

TAKEN_OVER = ("audience", "minimum_age", "maximum_age", "only_from", "workers_too", "only_categories",
              "engagement_level", "results_visible")
SETTINGS = ("minimum", "budget", "secrecy", "shuffled", "by_organisation", "method")


class MistypedError(Exception):
    """Something in the form cannot be read."""

    def __init__(self, field: str, sentence: Any) -> None:
        super().__init__(field)
        self.fault = Fault(field, sentence)


def draft(form: Any) -> Draft:
    """The ballot that was typed. Raises MistypedError."""
    method = form.method.data
    options, places = _options(form)
    options += _taken_over(form, {one.contribution_id for one in options if one.contribution_id})
    options += _promised(form, {one.commitment_id for one in options if one.commitment_id})
    numbered = Draft(question=Localized(), method=method, options=tuple(options)).coded
    typed = {name: form[name].data for name in parameters.PLAIN}
    by_organisation = bool(form.by_organisation.data)
    return Draft(
        question=localized(form, "question"), method=method, options=numbered,
        minimum=form.minimum.data or 0, maximum=_maximum(form, method, len(options)),
        budget=form.budget.data if parameters.matters("budget", method) else None,
        parameters=parameters.kept(method, typed, lots=_lots(form), grades=lines_of(form, "grades"),
                                   exclusive=_exclusive(form, [numbered[at].code for at in range(len(places))],
                                                        places)),
        conditions=tuple(_conditions(form)), secrecy=form.secrecy.data, shuffled=form.shuffled.data,
        by_organisation=by_organisation, audience=form.audience.data,
        eligible={} if by_organisation else _eligible(form),
        towns=len(form.towns), withdrawn=promised.withdrawn(
            form.promises[str(one.commitment_id)] for one in options if one.commitment_id))


def _eligible(form: Any) -> dict[int, int]:
    """How many may vote in each municipality that was chosen, or in all of them where none was."""
    chosen = set(form.only_from.data or ())
    return {town.id: field.data for town, field in form.eligible_fields()
            if field.data and (not chosen or town.istat_code in chosen)}


def _maximum(form: Any, method: str, there: int) -> int:
    """How many options a paper can choose: all of them, where nothing is said."""
    least, said = form.minimum.data or 0, form.maximum.data if parameters.matters("maximum", method) else None
    if method == "single":
        if least > 1:
            raise MistypedError("minimum", _l("With a single choice one option is chosen, not more: write 0 or 1."))
        return 1
    if said is not None and said < least:
        raise MistypedError("maximum", _l("This is less than the least: put the two numbers right."))
    return max(said or there, least, 1)


def _options(form: Any) -> tuple[list[OptionSaid], list[int]]:
    """The rows with a title, in the order of their numbers, and the number of the row of each."""
    typed = [(at, fields) for at, fields in enumerate(form.options) if fields["title"].data]
    typed.sort(key=lambda each: each[1]["place"].data if each[1]["place"].data is not None else 10_000 + each[0])
    method, known = form.method.data, set(form.known)
    found = []
    for _at, fields in typed:
        before: OptionSaid | None = form.before.get(fields["code"].data)
        contribution, promise = fields["contribution"].data, fields["commitment"].data
        found.append(OptionSaid(
            code=before.code if before else "",
            title=_in_italian(before.title if before else None, fields["title"].data),
            text=_in_italian(before.text if before else None, fields["text"].data or ""),
            cost=fields["cost"].data if parameters.matters("cost", method) else None,
            group=_group(method, before, fields), municipality_id=fields["town"].data,
            contribution_id=int(contribution) if contribution and contribution in known else None,
            commitment_id=int(promise) if promise and promise in form.promises and not contribution else None))
    unseen = _unseen(form)
    if method == "poll":
        return [*_yes_or_no(form.before), *found, *unseen], []
    return [*found, *unseen], [at + 1 for at, _fields in typed]


def _unseen(form: Any) -> list[OptionSaid]:
    """The saved options that no row was sent for: nobody has said anything of them, so they stay as they are."""
    sent = {fields["code"].data for fields in form.options}
    return [one for code, one in form.before.items() if code not in sent and one.group != "merger"]


def _group(method: str, before: OptionSaid | None, fields: Mapping[str, Any]) -> str:
    if method == "poll":
        return "name"
    return str(fields["lot"].data or "") if parameters.matters("lot", method) else ""


def _yes_or_no(before: Mapping[str, OptionSaid]) -> list[OptionSaid]:
    """The two options of the first question of a poll."""
    kept = [one for one in before.values() if one.group == "merger"]
    return kept or [OptionSaid(code=code, title=title, group="merger") for code, title in parameters.YES_OR_NO]


def _in_italian(before: Localized | None, typed: str) -> Localized:
    """A text with what was typed in Italian; its translations stay."""
    return Localized.of({**(before or {}), languages.DEFAULT: typed}) if typed else Localized()


def _taken_over(form: Any, there: set[int]) -> list[OptionSaid]:
    """An option for each proposal that was chosen, but those that are there already."""
    codes = [code for code in re.split(r"[\s,;]+", (form.proposal_codes.data or "").upper()) if code]
    ids = [int(id) for id in form.proposals.data or []]
    found = [one for one in queries.proposals(form.process, ids=ids, codes=codes) if one.id not in there]
    known = {one.code for one in queries.proposals(form.process, codes=codes)}
    if unknown := [code for code in codes if code not in known]:
        raise MistypedError("proposal_codes", _l("There is no public proposal with this code: %(codes)s.",
                                                 codes=", ".join(unknown[:5])))
    where = queries.places(found)
    return [from_proposal(one, where.get(one.id), form.method.data) for one in found]


def from_proposal(proposal: Proposal, municipality_id: int | None, method: str) -> OptionSaid:
    """A proposal as an option: with what its author thinks that it costs, where cost matters."""
    cost = math.ceil(proposal.cost) if proposal.cost and parameters.matters("cost", method) else None
    return OptionSaid(code="", title=Localized.of(proposal.title), text=Localized.of(proposal.summary), cost=cost,
                      municipality_id=municipality_id, contribution_id=proposal.id)


def _promised(form: Any, there: set[int]) -> list[OptionSaid]:
    """An option for each commitment of the pact that was chosen, but those that are there already."""
    chosen = [form.promises[id] for id in form.commitments.data or []]
    return [promised.as_option(one, form.method.data) for one in chosen if one.id not in there]


def _lots(form: Any) -> dict[str, int]:
    found = {}
    for line in (form.lots.data or "").splitlines() if parameters.matters("lots", form.method.data) else ():
        name, _colon, amount = line.rpartition(":")
        number = typed_number(amount.strip())
        if line.strip() and (not name.strip() or number is None or number < 0 or number != int(number)):
            raise MistypedError("lots", _l(
                "Write the name of the lot, a colon and whole euros, as in: Mountain: 40000"))
        if line.strip():
            found[name.strip()[:24]] = int(number or 0)
    return found


def _exclusive(form: Any, codes: Sequence[str], places: Sequence[int]) -> list[list[str]]:
    """The sets of options that exclude each other, from the numbers of their rows."""
    if not (form.exclusive.data and parameters.matters("exclusive", form.method.data)):
        return []
    by_row = {str(place): code for place, code in zip(places, codes, strict=True)}
    sets = [re.findall(r"\d+", part) for part in form.exclusive.data.split(";") if part.strip()]
    if any(len(numbers) < 2 or any(number not in by_row for number in numbers) for numbers in sets):
        raise MistypedError("exclusive", _l("Write the numbers of at least two rows in each set, as in: 2, 5; 3, 7."))
    return [[by_row[number] for number in numbers] for numbers in sets]


def _conditions(form: Any) -> list[dict[str, Any]]:
    """The conditions of which all numbers were written. Raises MistypedError for one that lacks some."""
    found = []
    for kind, _title, fields in form.condition_fields():
        numbers = [field.data for field in fields]
        if all(number is None for number in numbers):
            continue
        if missing := next((field for field in fields if field.data is None), None):
            raise MistypedError(missing.name, _l("Write this number too, or take the other away."))
        found.append({"kind": kind, **dict(zip(KINDS[kind].takes, numbers, strict=True))})
    return found


def data_of(ballot: Ballot, eligible: Mapping[int, int], towns: Mapping[int, str]) -> dict[str, Any]:
    """What is saved of a ballot, as the data of the form. `towns` are ISTAT codes by id of the municipality."""
    said = ballot.parameters
    rows = {option.code: at for at, option in enumerate(
        [one for one in ballot.options if one.group != "merger"])}
    found: dict[str, Any] = {name: getattr(ballot, name) for name in SETTINGS}
    found |= {name: said[name] for name in parameters.PLAIN if name in said}
    found["maximum"] = ballot.maximum if ballot.maximum < len(ballot.options) else None
    found["lots"] = "\n".join(f"{name}: {amount}" for name, amount in said.get("lots", {}).items())
    found["exclusive"] = "; ".join(", ".join(str(rows[code] + 1) for code in codes if code in rows)
                                   for codes in said.get("exclusive", []))
    grades = in_lines([Localized.of(grade) for grade in said.get("grades", [])])
    found |= one_for_each_language(question=ballot.question, grades=grades)
    found |= {f"eligible_{towns[id]}": number for id, number in eligible.items() if id in towns}
    for condition in ballot.conditions:
        found |= {f"condition_{condition['kind']}_{name}": condition[name] for name in KINDS[condition["kind"]].takes}
    for option in ballot.options:
        if option.code in rows:
            found |= _row(f"option{rows[option.code]}", rows[option.code] + 1, option)
    return found


def _row(name: str, place: int, option: Any) -> dict[str, Any]:
    return {f"{name}_place": place, f"{name}_code": option.code, f"{name}_cost": option.cost,
            f"{name}_title": option.title.get(languages.DEFAULT, str(option.title)),
            f"{name}_text": option.text.get(languages.DEFAULT, str(option.text)),
            f"{name}_town": option.municipality_id, f"{name}_lot": option.group,
            f"{name}_contribution": option.contribution_id or "", f"{name}_commitment": option.commitment_id or ""}


def like(ballot: Ballot, eligible: Mapping[int, int], towns: Mapping[int, str]) -> dict[str, Any]:
    """What a new ballot takes over of an earlier one: all but its times, and whether it is public."""
    texts = {name: getattr(ballot, name) for name in ("title", "intro", "negotiable")}
    return {**data_of(ballot, eligible, towns), **one_for_each_language(**texts),
            **{name: getattr(ballot, name) for name in TAKEN_OVER}}


def known(process: Process, sent: Sequence[str]) -> dict[str, Proposal]:
    """The public proposals that stand in the rows of a form, by id as it is sent."""
    ids = {int(id) for id in sent if id.isascii() and id.isdigit() and len(id) < 10}
    return {str(one.id): one for one in queries.proposals(process, ids=ids)}
