"""Preparing questionnaires and changing them: whole, in one act, with what they were before kept."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Person
from consult.core import events, files
from consult.core.db import StaleVersionError, db, table
from consult.core.languages import Localized
from consult.processes import services as processes
from consult.processes.models import Activity, Phase
from consult.questionnaires import definition, mending, queries
from consult.questionnaires.definition import Data
from consult.questionnaires.faults import Fault, faults
from consult.questionnaires.models import QuestionnaireVersion, QuestionPicture
from consult.surveys import queries as surveys
from consult.surveys.models import Option, Question, QuestionRow, Quota, Survey, SurveySection

ANSWERED = _l("Somebody has answered already: this can no longer change. Make a copy of the survey instead.")
APART = 100_000
"""Added to places while others are given out: no two parts ever stand in the same."""


@dataclass(frozen=True, kw_only=True)
class SurveyPrepared(events.Event):
    activity_id: int


@dataclass(frozen=True, kw_only=True)
class QuestionnaireChanged(events.Event):
    """What is asked was changed; `number` is that of the new version."""

    survey_id: int
    number: int


@dataclass(frozen=True, kw_only=True)
class SurveySettingsChanged(events.Event):
    """`changed` names the columns."""

    survey_id: int
    changed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class QuestionPictureKept(events.Event):
    survey_id: int


class RefusedChangeError(ValueError):
    """A change that cannot be made, with what is wrong. Nothing was changed."""

    def __init__(self, wrong: Sequence[Fault]) -> None:
        super().__init__(", ".join(str(fault.where) for fault in wrong))
        self.faults = list(wrong)


def prepare(phase: Phase, actor: Person, *, data: Mapping[str, Any] | None = None, **values: Any) -> Survey:
    """Add a survey to a phase, not public yet, with these columns and, if given, these questions.

    Raises TimetableError where its times cannot be, RefusedChangeError where the questions cannot be kept.
    """
    processes.check_times(phase, values["opens_at"], values["closes_at"])
    survey = Survey(phase=phase, **{**values, "published": False})
    db.session.add(survey)
    db.session.flush()
    if data is not None:
        build(survey, {**data, "title": dict(survey.title), "intro": dict(survey.intro)})
    db.session.add(QuestionnaireVersion(
        survey_id=survey.id, number=survey.definition_version, made_by_id=actor.id,
        definition=definition.compact(definition.describe(survey))))
    events.record(SurveyPrepared(actor_id=actor.id, activity_id=survey.id))
    return survey


def build(survey: Survey, data: Mapping[str, Any]) -> None:
    """Make sections, questions and options of a questionnaire that nobody has answered as the data say.

    Raises RefusedChangeError for data that cannot be kept, and where somebody has answered; nothing is changed then.
    """
    _refuse([fault for fault in faults(data, queries.places(survey)) if fault.blocks or survey.published])
    if queries.answered(survey):
        raise RefusedChangeError([Fault("", ANSWERED, blocks=True)])
    _write(survey, definition.whole(data))


def mend(survey: Survey, data: Mapping[str, Any]) -> None:
    """Change an answered questionnaire in ways that keep every answer valid.

    Raises RefusedChangeError for everything else, and changes nothing then.
    """
    _refuse([fault for fault in faults(data, queries.places(survey)) if fault.blocks or survey.published])
    complete = definition.whole(data)
    _refuse(mending.refusals(definition.describe(survey), complete))
    _write(survey, complete)


def change(survey: Survey, actor: Person, data: Mapping[str, Any], *, seen: int, note: str = "") -> bool:
    """Let a questionnaire be as the data say, with a new version; False where it is so already.

    Raises StaleVersionError where the version seen is no longer the one that is asked, RefusedChangeError as `build`
    and, once somebody has answered, `mend`. Nothing is changed on failure.
    """
    return alter(survey, actor, lambda _before: dict(data), about=definition.compact, seen=seen, note=note)


def alter(survey: Survey, actor: Person, how: Callable[[Data], Data], *, about: Callable[[Data], Any], seen: int,
          note: str = "") -> bool:
    """Change a part of a questionnaire, `how` answering what it then is; raises and answers as `change`.

    What others changed meanwhile stays where it is not about the same: `about` answers what must still be as seen.
    """
    _hold(survey)
    before = definition.describe(survey)
    if survey.definition_version != seen:
        kept = queries.version(survey, seen)
        if kept is None or about(definition.whole(kept.definition)) != about(before):
            raise StaleVersionError(seen)
    data = how(before)
    if definition.compact(before) == definition.compact(data):
        return False
    (mend if queries.answered(survey) else build)(survey, data)
    _keep_first(survey, before)
    survey.definition_version += 1
    db.session.add(QuestionnaireVersion(
        survey_id=survey.id, number=survey.definition_version, made_by_id=actor.id, note=note[:300],
        definition=definition.compact(definition.describe(survey))))
    db.session.flush()
    events.record(QuestionnaireChanged(actor_id=actor.id, survey_id=survey.id, number=survey.definition_version))
    return True


def settle(survey: Survey, actor: Person, *, seen: int, **values: Any) -> None:
    """Set how a survey is answered: `anonymous`, `may_change`, `close_at`.

    Raises StaleVersionError where the activity was changed since. Whether it is anonymous no longer changes once
    somebody has answered: RefusedChangeError, and nothing is changed.
    """
    db.session.refresh(survey, ["version"], with_for_update=True)
    if survey.version != seen:
        raise StaleVersionError(seen)
    changed = tuple(sorted(name for name, value in values.items() if getattr(survey, name) != value))
    if "anonymous" in changed and queries.answered(survey):
        raise RefusedChangeError([Fault("", ANSWERED, blocks=True)])
    for name in changed:
        setattr(survey, name, values[name])
    if changed:
        survey.version += 1
        db.session.flush()
        events.record(SurveySettingsChanged(actor_id=actor.id, survey_id=survey.id, changed=changed))


def keep_picture(survey: Survey, actor: Person, kept: files.Kept) -> str:
    """Give a picture its row; answers its name, for `Question.image`."""
    if not kept.width or not kept.height:
        raise ValueError("no picture")
    db.session.add(QuestionPicture(token=kept.token, name=kept.name, mimetype=kept.mimetype, width=kept.width,
                                   height=kept.height))
    db.session.flush()
    events.record(QuestionPictureKept(actor_id=actor.id, survey_id=survey.id))
    return kept.token


def without_strange_pictures(data: Mapping[str, Any]) -> Data:
    """Data from elsewhere without pictures that are not here, or are no pictures of questions."""
    complete = definition.whole(data)
    known = queries.pictures([one["image"] for one in definition.questions(complete) if one["image"]])
    for one in definition.questions(complete):
        if one["image"] and one["image"] not in known:
            one.update(image=None, image_alt={})
    return complete


def _refuse(wrong: Sequence[Fault]) -> None:
    if wrong:
        raise RefusedChangeError(wrong)


def _hold(survey: Survey) -> None:
    """Keep anybody from answering or changing it meanwhile; what somebody has just changed is read again."""
    row = table(Activity).c.id
    db.session.execute(sa.select(row).where(row == survey.id).with_for_update())
    read = survey.definition_version
    db.session.refresh(survey, ["definition_version"])
    if survey.definition_version != read:
        db.session.expire_all()


def _keep_first(survey: Survey, before: Data) -> None:
    """What was asked before the first change is a version too."""
    if queries.version(survey, survey.definition_version) is None:
        db.session.add(QuestionnaireVersion(survey_id=survey.id, number=survey.definition_version,
                                            definition=definition.compact(before)))


def _write(survey: Survey, data: Data) -> None:
    """Bring the rows of a questionnaire to what the data say; what keeps its code keeps its row."""
    with db.session.no_autoflush:  # a question on its way from one section to another belongs to none
        _arrange(survey, data)
    _set_quotas(survey, data)


def _arrange(survey: Survey, data: Data) -> None:
    title, intro = Localized.of(data["title"]), Localized.of(data["intro"])
    if (title, intro) != (survey.title, survey.intro):
        survey.title, survey.intro = title, intro
        survey.version += 1
    there = {question.code: question for question in surveys.questions(survey)}
    _make_room(survey, there.values())
    sections = list(survey.sections)
    for place, said in enumerate(data["sections"], 1):
        section = sections[place - 1] if place <= len(sections) else SurveySection()
        if place > len(sections):
            survey.sections.append(section)
        section.position = place
        for name, value in definition.columns("section", said).items():
            setattr(section, name, value)
        section.questions = [_question(survey, there.pop(one["code"], None), one, number)
                             for number, one in enumerate(said["questions"], 1)]
    _drop_quotas(option.id for question in there.values() for option in question.options)
    for section in sections[len(data["sections"]):]:
        survey.sections.remove(section)
    db.session.flush()


def _make_room(survey: Survey, there: Any) -> None:
    """Move everything out of the way, so that no two parts stand in one place while they change places."""
    for thing in (*survey.sections, *there, *(part for question in there
                                              for part in (*question.options, *question.rows))):
        thing.position += APART
    db.session.flush()


def _question(survey: Survey, question: Question | None, said: Data, number: int) -> Question:
    question = question or Question(survey=survey)
    for name, value in definition.columns("question", said).items():
        setattr(question, name, value)
    question.position = number
    gone = {option.code: option for option in question.options}
    options = _parts(Option, gone, said["options"], "option")
    _drop_quotas(option.id for option in gone.values())
    question.options = options
    question.rows = _parts(QuestionRow, {row.code: row for row in question.rows}, said["rows"], "row")
    return question


def _parts(model: type[Any], there: dict[str, Any], said: Sequence[Data], part: str) -> list[Any]:
    found = []
    for place, one in enumerate(said, 1):
        thing = there.pop(one["code"], None) or model()
        for name, value in definition.columns(part, one).items():
            setattr(thing, name, value)
        thing.position = place
        found.append(thing)
    return found


def _drop_quotas(option_ids: Any) -> None:
    if ids := list(option_ids):
        db.session.execute(sa.delete(Quota).where(Quota.option_id.in_(ids)))


def _set_quotas(survey: Survey, data: Data) -> None:
    said = {(one["code"], option["code"]): option["quota"] for one in definition.questions(data)
            for option in one["options"]}
    rows: Any = db.session.execute(
        sa.select(Question.code, Option.code, Option.id, Quota).join(Option, Option.question_id == Question.id)
        .outerjoin(Quota, Quota.option_id == Option.id).where(Question.survey_id == survey.id)).all()
    for question, option, id, quota in rows:
        most = said.get((question, option))
        if most and quota is None:
            db.session.add(Quota(option_id=id, most=most))
        elif quota is not None and most:
            quota.most = most
        elif quota is not None:
            db.session.delete(quota)
    db.session.flush()
