"""Ballots, opinions and figures of the journeys, made as if they had been there before one looks."""

from datetime import timedelta

import sqlalchemy as sa

from consult.analysis import importing as figures
from consult.analysis.models import Indicator
from consult.ballots import importing as papers
from consult.core import clock
from consult.core.db import db
from consult.core.languages import Localized
from consult.opinions.models import Conversation, Statement
from consult.polling import services as polling
from consult.processes.models import Audience
from consult.results.models import ReplacedSheet, ResultSheet
from consult.voting.models import Ballot, BallotOption
from tests.journeys.proposing import open_call, person


def ballot(title, *, opens_in=-1):
    """A ranked ballot beside those of the demonstration, which opens in so many days."""
    model = db.session.scalars(sa.select(Ballot).order_by(Ballot.closes_at.desc())).first()
    made = Ballot(
        phase=model.phase, intro=model.intro, negotiable=model.negotiable, moderation=model.moderation,
        results_visible=model.results_visible, engagement_level=model.engagement_level, title=Localized.of(title),
        opens_at=clock.now() + timedelta(days=opens_in), closes_at=clock.now() + timedelta(days=20),
        audience=Audience.SIGNED_IN, method="schulze", minimum=1, maximum=3, codes_allowed=True,
        question=Localized.of("In quale ordine preferisci i tre luoghi?"))
    made.options = [BallotOption(code=f"L{at}", position=at, title=Localized.of(name), text=Localized())
                    for at, name in enumerate(["Ex scuola", "Stazione", "Piazza"], 1)]
    db.session.add(made)
    db.session.flush()
    return made


def in_the_office(width):
    """The addresses at which the office makes a ballot, brings papers, asks for opinions and keeps figures."""
    office = person("ufficio@example.org")
    coming = ballot(f"La nuova biblioteca, larga {width}", opens_in=2)
    file, _new = papers.send(coming, office, name="schede.csv", content="L1,L2,L3\n1,2,3\n2,1,\n")
    process = open_call().phase.process
    sent = figures.send(process, office, name="cifre.csv", year=2025, rows=[
        ["indicator", "municipality", "value"], [one_indicator().code, process.authority.municipalities[0].name, "7"]])
    conversation = db.session.scalars(sa.select(Conversation)).one()
    replaced = replaced_sheet()
    here, desk, territory = (f"/ufficio/votazioni/{coming.id}", f"/ufficio/percorsi/{process.slug}",
                             f"/percorsi/{process.slug}/territorio")
    return [
        f"{desk}/nuova-votazione", f"{desk}/votazione-da-file", here, f"{here}/prepara", f"{here}/anteprima",
        f"{here}/traduzioni?in=fr", f"{here}/schede/nuove", f"/ufficio/schede/{file.id}",
        f"{desk}/nuova-mappa-delle-opinioni", f"/ufficio/opinioni/{conversation.id}",
        f"/ufficio/opinioni/{conversation.id}/affermazioni", f"/ufficio/opinioni/{conversation.id}/proposte",
        f"{territory}/aggiungi", f"{territory}/{one_indicator().code}", f"{territory}/{one_indicator().code}/modifica",
        f"{territory}/file", f"/territorio/file/{sent.id}", f"/risultati/{replaced.activity_id}/versioni/1"]


def replaced_sheet():
    """Results of the demonstration as they had been frozen before others took their place."""
    known = db.session.scalars(sa.select(ReplacedSheet)).first()
    if known is None:
        frozen = db.session.scalars(sa.select(ResultSheet).order_by(ResultSheet.activity_id)).first()
        known = ReplacedSheet(activity_id=frozen.activity_id, edition=1, content=frozen.content, sha256=frozen.sha256,
                              frozen_at=frozen.frozen_at, why=Localized.of("Una scheda è stata annullata."))
        db.session.add(known)
        db.session.flush()
    return known


def one_indicator():
    """An indicator of the demonstration."""
    return db.session.scalars(sa.select(Indicator).order_by(Indicator.id)).first()


def on_paper(width):
    """The addresses at which a clerk takes papers: of a box in which two people keyed one differently, and of another.
    """
    clerk, office = person("sportello@example.org"), person("ufficio@example.org")
    opened = ballot(f"La vecchia biblioteca, larga {width}")
    town = opened.phase.process.authority.municipalities[0]
    twice, once = (polling.open_box(opened, clerk, number=number, municipality=town, place="Sala civica", twice=both)
                   for number, both in ((1, True), (2, False)))
    for who, first in ((clerk, 1), (office, 2)):
        polling.key(twice, 7, who, {"marks": {"L1": first}})
    here, box = f"/votazioni/{opened.id}/carta", f"/urne/{twice.id}"
    return [here, f"{here}/sportello", f"{here}/codici", f"/votazioni/{opened.id}/sala", box, f"{box}/elenco",
            f"{box}/schede/8", f"{box}/schede/7/confronto", f"/urne/{once.id}/chiudi", f"{box}/verbale"]


def of_citizens():
    """The addresses at which somebody says what they think of statements, and writes one."""
    conversation = db.session.scalars(sa.select(Conversation)).one()
    statement = db.session.scalars(sa.select(Statement.id).where(Statement.activity_id == conversation.id)).first()
    here = f"/opinioni/{conversation.id}"
    return [f"{here}/rispondi", f"{here}/risposte", f"{here}/affermazioni", f"{here}/scrivi",
            f"/affermazioni/{statement}"]
