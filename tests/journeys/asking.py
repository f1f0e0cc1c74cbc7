"""Questionnaires of the journeys and what is done with them, made as if it had been there before one looks."""

from datetime import timedelta

import sqlalchemy as sa

from consult.codings import asked as askings
from consult.codings import queries as codings
from consult.codings import quoting
from consult.codings.models import Codebook
from consult.core import clock
from consult.core.db import db
from consult.core.languages import Localized
from consult.entry import services as entry
from consult.processes.models import Audience, Channel
from consult.questionnaires import library
from consult.questionnaires import services as questionnaires
from consult.surveys import queries as surveys
from consult.surveys.models import Question, QuestionKind, Survey
from tests.journeys.proposing import person


def prepared():
    """A survey of the office that is open, with the questions of one that is ready and changed once: its number."""
    office = person("ufficio@example.org")
    phase = db.session.scalars(sa.select(Survey).order_by(Survey.closes_at.desc())).first().phase
    survey = questionnaires.prepare(
        phase, office, data=library.questionnaire(next(iter(library.ready()))),
        title=Localized.of("I servizi, da vicino"), intro=Localized(),
        audience=Audience.ANYONE, opens_at=clock.now() - timedelta(days=1), closes_at=clock.now() + timedelta(days=20))
    survey.published = True
    questionnaires.alter(survey, office, lambda data: {**data, "intro": {"it": "Bastano cinque minuti."}},
                         about=lambda data: None, seen=survey.definition_version)
    return survey.id


def in_the_office(survey_id):
    """The addresses at which the office works on a questionnaire."""
    survey, desk = surveys.survey(survey_id), f"/ufficio/questionari/{survey_id}"
    codes = [question.code for question in surveys.questions(survey)]
    return [desk, *(f"{desk}/{page}" for page in (
        "impostazioni", "anteprima", "versioni", "versioni/2", "traduzioni?in=fr", "porta", "sezioni/nuova",
        "sezioni/1", "sezioni/1/nuova-domanda?tipo=matrix_single", f"domande/{codes[0]}",
        f"condizione?di=question:{codes[-1]}"))]


def table_of_answers(survey_id):
    """A table with a line of answers, as it is sent to the office."""
    code = surveys.questions(surveys.survey(survey_id))[0].code
    return {"name": "mercato.csv", "mimeType": "text/csv", "buffer": f"{code}\nNon si legge\n".encode()}


def differing_sheet(survey_id):
    """A batch with a sheet that two people keyed differently: the addresses of the batch, of a sheet, of that one."""
    survey = surveys.survey(survey_id)
    clerk, office = person("sportello@example.org"), person("ufficio@example.org")
    batch = entry.start(survey, clerk, channel=Channel.PAPER, twice=True)
    asked = next(one for one in surveys.questions(survey) if one.kind is QuestionKind.LONG_TEXT)
    for who, words in ((clerk, "Più alberi"), (office, "Più autobus")):
        entry.key(batch, 7, who, {"municipality": None, "answers": {asked.code: words}})
    return f"/carta/{batch.id}", f"/carta/{batch.id}/fogli/8", f"/carta/{batch.id}/fogli/7/confronto"


def reading():
    """The addresses at which the answers of the demonstration are read, by who reads them first."""
    codebook = db.session.scalars(sa.select(Codebook)).one()
    asked = askings.one(db.session.get_one(Question, codebook.question_id).survey_id, codebook.question_id)
    code = codings.codes(asked)[0]
    quote = quoting.quotable(asked).items[0]
    desk = f"/ufficio/questionari/{asked.survey.id}/codifica/{asked.question.id}"
    return [desk, f"{desk}/leggi", f"{desk}/differenze", f"{desk}/codici/{code.id}", f"{desk}/codici/{code.id}/unisci",
            f"{desk}/citazioni/{quote.key[0]}/{quote.key[1]}"]
