"""Builders of what tests name: each makes one thing, with sound values for all that is not named."""

import hashlib
import itertools
from datetime import timedelta
from typing import Any

from consult.accounts.models import Mandate, Organisation, Person, Role, RoleGrant, Verification, VerificationMethod
from consult.amendments.models import Amendment
from consult.analysis import services as indicators
from consult.analysis.models import Indicator, Theme
from consult.comments.models import SIDES, Comment
from consult.contributions import services as contributions
from consult.contributions.models import Contribution, Side, State, Thread
from consult.core import clock, richtext
from consult.core.charts import Column, KeyFigure, Row, Sheet, Table
from consult.core.db import db
from consult.core.languages import Localized
from consult.discussions.models import Discussion, Topic
from consult.editions import services as editions
from consult.editions.models import PlanEdition
from consult.governance.models import BodyKind, BodyMember, GovernanceBody
from consult.meetings.models import AgendaItem, Meeting, Minutes, MinutesState
from consult.opinions.models import Conversation, Statement
from consult.pact import services as pacts
from consult.pact.models import (
    Commitment,
    CommitmentState,
    Pact,
    PactConsultation,
    PactState,
    Progress,
    ProgressReport,
    Signatory,
)
from consult.planning import services as planning
from consult.planning.models import (
    Action,
    DraftConsultation,
    Objective,
    Paragraph,
    Plan,
    PlanState,
    Relation,
    Section,
    TraceLink,
)
from consult.processes.models import Activity, Axis, Phase, PhaseKind, Process
from consult.proposals.models import Proposal, ProposalCall
from consult.remarks import services as remarks
from consult.remarks.models import Remark
from consult.results.models import Outcome, ResultSheet, Verdict
from consult.search import services as search
from consult.surveys.answers import MATRICES, WITH_OPTIONS
from consult.surveys.models import Option, Question, QuestionKind, QuestionRow, Survey, SurveySection
from consult.territory.models import Authority, AuthorityKind, Municipality, StakeholderCategory
from consult.voting.models import Ballot, BallotOption

WHY = "Così com’è non si può pubblicare."
"""A sentence to the author, as a moderator writes it."""
DAY = timedelta(days=1)


class Make:
    """`make.person()`, `make.proposal(call=…)`: rows are flushed, not committed; a Browser commits."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._kept: dict[str, Any] = {}

    def _add(self, thing: Any) -> Any:
        db.session.add(thing)
        db.session.flush()
        return thing

    def _once(self, name: str, build: Any) -> Any:
        if name not in self._kept:
            self._kept[name] = build()
        kept = self._kept[name]
        return db.session.merge(kept, load=False) if kept not in db.session else kept

    def number(self) -> int:
        return next(self._numbers)

    # territory
    def authority(self) -> Authority:
        return self._once("authority", lambda: self._add(Authority(
            kind=AuthorityKind.UNION, name="Unione di prova", short_name="Prova", email="unione@example.org")))

    def municipality(self, name: str | None = None, **values: Any) -> Municipality:
        number = self.number()
        return self._add(Municipality(**{"authority": self.authority(), "istat_code": f"9{number:05}",
                                         "name": name or f"Comune {number}", "position": number,
                                         "population": 1000, **values}))

    def town(self) -> Municipality:
        """The municipality that people come from unless another is named."""
        return self._once("town", lambda: self.municipality("Roccaprova"))

    # people
    def person(self, *roles: Role, verified: bool = False, process: Process | None = None, **values: Any) -> Person:
        number = self.number()
        person = self._add(Person(**{
            "email": f"persona{number}@example.org", "display_name": f"Persona {number}",
            "municipality": self.town(), "confirmed_at": clock.now(), **values}))
        for role in roles:
            self._add(RoleGrant(person=person, role=role, process_id=process.id if process else None))
        if verified:
            self._add(Verification(person=person, method=VerificationMethod.DESK,
                                   municipality_id=person.municipality_id))
        return person

    def organisation(self, speaker: Person | None = None, **values: Any) -> Organisation:
        number = self.number()
        category = self._once("category", lambda: self._add(StakeholderCategory(
            code="imprese", name=Localized.of("Imprese"))))
        organisation = self._add(Organisation(**{"slug": f"org-{number}", "name": f"Organizzazione {number}",
                                                 "category": category, "verified_at": clock.now(), **values}))
        if speaker:
            self._add(Mandate(person=speaker, organisation=organisation))
        return organisation

    # percorso
    def process(self) -> Process:
        def build() -> Process:
            process = self._add(Process(
                authority=self.authority(), slug="prova", code="PRV", title=Localized.of("Prova 2035"),
                summary=Localized.of("Un percorso di prova."), vision=Localized.of("Una valle sola."),
                published=True))
            for position, (kind, start, end) in enumerate([
                (PhaseKind.ANALYSIS, -300, -100), (PhaseKind.CONCERTATION, -60, 90), (PhaseKind.PACT, 100, 200)], 1):
                self._add(Phase(process=process, position=position, kind=kind, title=Localized.of(f"Fase {position}"),
                                purpose=Localized.of("Scopo."), starts_at=clock.now() + start * DAY,
                                ends_at=clock.now() + end * DAY))
            return process

        return self._once("process", build)

    def phase(self, position: int = 2) -> Phase:
        return next(phase for phase in self.process().phases if phase.position == position)

    def axis(self, **values: Any) -> Axis:
        number = self.number()
        return self._add(Axis(**{"process": self.process(), "code": f"A{number}", "position": number,
                                 "title": Localized.of(f"Asse {number}"), "summary": Localized.of("Un asse."),
                                 **values}))

    def _times(self, when: str) -> dict[str, Any]:
        now = clock.now()
        return {"open": {"opens_at": now - 5 * DAY, "closes_at": now + 5 * DAY},
                "coming": {"opens_at": now + 2 * DAY, "closes_at": now + 9 * DAY},
                "closed": {"opens_at": now - 9 * DAY, "closes_at": now - 2 * DAY}}[when]

    def _activity(self, kind: type[Activity], when: str, **values: Any) -> Any:
        return self._add(kind(**{"phase": self.phase(), "title": Localized.of(f"Attività {self.number()}"),
                                 "intro": Localized.of("Di che si tratta."), "negotiable": Localized(),
                                 **self._times(when), **values}))

    def call(self, when: str = "open", **values: Any) -> ProposalCall:
        return self._activity(ProposalCall, when, **values)

    # contributions
    def proposal(self, *, call: ProposalCall | None = None, state: State = State.PUBLISHED,
                 author: Person | None = None, **values: Any) -> Proposal:
        call = call or self._once("call", self.call)
        author = author or self.person()
        title = values.pop("title", f"Proposta {self.number()}")
        body = values.pop("body", "Chiediamo una panchina all'ombra davanti alla scuola, per chi aspetta.")
        thread = self._add(Thread(activity=call, label=Localized.of(title)))
        proposal = Proposal(**{
            "code": contributions.next_code(call, "proposal"), "activity": call, "author": author,
            "municipality_id": author.municipality_id, "thread": thread, "title": title, "slug": "proposta",
            "body": body, "body_html": richtext.render(body), "summary": richtext.excerpt(body),
            "submitted_at": clock.now(), **values})
        contributions.begin(proposal, state, vouched=True)
        thread.path = f"/proposte/{proposal.id}-{proposal.slug}"
        search.renew([proposal.id])
        return proposal

    def amendment(self, proposal: Proposal, text: str, *, state: State = State.PUBLISHED, author: Person | None = None,
                  **values: Any) -> Amendment:
        """An amendment that would have the proposal say this text."""
        author = author or self.person()
        amendment = Amendment(**{
            "code": contributions.next_code(proposal.activity, "amendment"), "activity": proposal.activity,
            "author": author, "municipality_id": author.municipality_id, "proposal": proposal,
            "base_version": proposal.version, "title": proposal.title, "body": text, "reason": "Così è più chiaro.",
            "body_html": "<p>Così è più chiaro.</p>", **values})
        amendment.thread = self._add(Thread(activity=proposal.activity, label=Localized.of(amendment.code)))
        contributions.begin(amendment, state, vouched=True)
        amendment.thread.path = f"/emendamenti/{amendment.id}"
        return amendment

    def comment(self, thread: Thread, *, about: Comment | None = None, state: State = State.PUBLISHED,
                author: Person | None = None, body: str = "Sono d'accordo.", **values: Any) -> Comment:
        author = author or self.person()
        comment = Comment(**{
            "code": contributions.next_code(thread.activity, "comment"), "activity": thread.activity,
            "author": author, "municipality_id": author.municipality_id, "thread": thread,
            "about_id": about.id if about else None, "body": body, "body_html": richtext.render(body),
            "side": SIDES.get(values.get("stance"), Side.OTHER) if thread.columns and about is None else None,
            **values})
        contributions.begin(comment, state, vouched=True)
        return comment

    # discussions
    def discussion(self, when: str = "open", **values: Any) -> Discussion:
        return self._activity(Discussion, when, **values)

    def topic(self, *, discussion: Discussion | None = None, state: State = State.PUBLISHED,
              author: Person | None = None, columns: bool = False, **values: Any) -> Topic:
        discussion = discussion or self._once("discussion", self.discussion)
        author = author or self.person()
        title = values.pop("title", f"Argomento {self.number()}")
        body = values.pop("body", "Che cosa ne pensate, e che cosa manca?")
        thread = self._add(Thread(activity=discussion, label=Localized.of(title), columns=columns))
        topic = Topic(**{
            "code": contributions.next_code(discussion, "topic"), "activity": discussion, "author": author,
            "municipality_id": author.municipality_id, "thread": thread, "title": title, "slug": "argomento",
            "body": body, "body_html": richtext.render(body), **values})
        contributions.begin(topic, state, vouched=True)
        thread.path = f"/argomenti/{topic.id}-{topic.slug}"
        return topic

    # maps of opinions
    def conversation(self, when: str = "open", **values: Any) -> Conversation:
        return self._activity(Conversation, when, **values)

    def statement(self, *, conversation: Conversation | None = None, state: State = State.PUBLISHED,
                  author: Person | None = None, **values: Any) -> Statement:
        conversation = conversation or self._once("conversation", self.conversation)
        author = author or self.person()
        text = values.pop("text", f"Serve un'affermazione numero {self.number()} su cui dire la propria.")
        thread = self._add(Thread(activity=conversation, label=Localized.of(text)))
        statement = Statement(**{
            "code": contributions.next_code(conversation, "statement"), "activity": conversation, "author": author,
            "municipality_id": author.municipality_id, "thread": thread, "text": text, **values})
        contributions.begin(statement, state, vouched=True)
        thread.path = f"/affermazioni/{statement.id}"
        return statement

    # meetings
    def body(self, *seated: Person | Organisation, **values: Any) -> GovernanceBody:
        """A table at which these sit."""
        number = self.number()
        body = self._add(GovernanceBody(**{
            "process": self.process(), "kind": BodyKind.THEMATIC_TABLE, "position": number,
            "name": Localized.of(f"Tavolo {number}"), "mandate": Localized(), "meets": Localized(), **values}))
        for one in seated:
            who = {"person": one} if isinstance(one, Person) else {"organisation": one}
            body.members.append(BodyMember(**who))
        db.session.flush()
        return body

    def meeting(self, when: str = "coming", *points: str, **values: Any) -> Meeting:
        """A meeting a week ahead or a week ago, convened where it is not said otherwise, with these points."""
        begins = values.pop("begins_at", clock.now() + (7 * DAY if when == "coming" else -7 * DAY))
        convened_at = values.pop("convened_at", begins - 10 * DAY)
        meeting = self._activity(Meeting, "open", **{
            "begins_at": begins, "ends_at": begins + timedelta(hours=2), "place": "Sala civica, Roccaprova",
            "convened_at": convened_at, "published": convened_at is not None, "closes_at": begins + 20 * DAY, **values})
        meeting.agenda = [AgendaItem(position=number, title=title)
                          for number, title in enumerate(points or ("Orari del bus",), 1)]
        meeting.thread = self._add(Thread(activity=meeting, label=meeting.title, path=f"/incontri/{meeting.id}"))
        db.session.flush()
        return meeting

    def minutes(self, state: MinutesState = MinutesState.DRAFT, *, meeting: Meeting | None = None,
                **values: Any) -> Minutes:
        """Minutes of a meeting of last week; of those circulated the time for corrections is still running."""
        body = values.pop("body", "Si parla degli orari. Le associazioni chiedono una corsa in più.")
        now = clock.now()
        times = {MinutesState.DRAFT: {}, MinutesState.CIRCULATED: {
            "circulated_at": now - 2 * DAY, "corrections_until": now + 5 * DAY}, MinutesState.APPROVED: {
            "circulated_at": now - 9 * DAY, "corrections_until": now - 2 * DAY, "approved_at": now - DAY}}[state]
        return self._add(Minutes(**{"meeting": meeting or self.meeting("past"), "body": body, "state": state,
                                    "body_html": richtext.render_staff(body), **times, **values}))

    # surveys and ballots
    def survey(self, *kinds: QuestionKind, when: str = "open", **values: Any) -> Survey:
        """A survey with one section and a question of each kind named."""
        survey = self._activity(Survey, when, **values)
        section = self._add(SurveySection(survey=survey, position=1, title=Localized.of("Parte prima"),
                                          intro=Localized()))
        for position, kind in enumerate(kinds or (QuestionKind.SINGLE_CHOICE,), 1):
            self.question(section, kind, position=position)
        return survey

    def question(self, section: SurveySection, kind: QuestionKind, *, position: int = 1, options: int = 3,
                 **values: Any) -> Question:
        bounds = {QuestionKind.SCALE: {"minimum": 1, "maximum": 5}, QuestionKind.POINTS: {"maximum": 100}}.get(kind, {})
        question = self._add(Question(**{
            "section": section, "survey": section.survey, "position": position, "code": f"d{self.number()}",
            "kind": kind, "prompt": Localized.of(f"Domanda {position}"),
            "help": Localized(), "minimum_label": Localized(), "maximum_label": Localized(), **bounds, **values}))
        if kind is QuestionKind.YES_NO:
            for number, (code, label) in enumerate([("yes", "Sì"), ("no", "No")], 1):
                self._add(Option(question=question, position=number, code=code, label=Localized.of(label)))
        elif kind in WITH_OPTIONS:
            for number in range(1, options + 1):
                self._add(Option(question=question, position=number, code=f"o{number}",
                                 label=Localized.of(f"Opzione {number}")))
        if kind in MATRICES:
            for number in (1, 2):
                self._add(QuestionRow(question=question, position=number, code=f"r{number}",
                                      label=Localized.of(f"Riga {number}")))
        return question

    def ballot(self, when: str = "open", *, method: str = "approval", options: int = 3, **values: Any) -> Ballot:
        """A ballot of any way of voting; of a poll the first two options answer its first question."""
        bounds = {"single": (1, 1), "approval": (1, 2), "greedy": (1, options)}.get(method, (0, options))
        parameters = {"score": {"lowest": 0, "highest": 5}, "points": {"points": 10}}.get(method, {})
        ballot = self._activity(Ballot, when, **{
            "method": method, "question": Localized.of("Che cosa finanziamo?"), "minimum": bounds[0],
            "maximum": bounds[1], "parameters": parameters, "seed": "5eed" * 8, **values})
        for number in range(1, options + 1):
            self._add(BallotOption(
                ballot=ballot, code=f"B{number:02}", position=number, title=Localized.of(f"Progetto {number}"),
                text=Localized(), group="" if method != "poll" else "merger" if number < 3 else "name"))
        return ballot

    # plan
    def indicator(self, values: dict[Any, float] | None = None, **told: Any) -> Indicator:
        """An indicator of the percorso; `values` by municipality, or by id of it, age band and gender."""
        kept = {key if isinstance(key, tuple) else (key.id, "", ""): value for key, value in (values or {}).items()}
        number = self.number()
        return indicators.add(self.process(), None, kept, **{
            "code": f"indicator-{number}", "title": Localized.of(f"Indicatore {number}"), "theme": Theme.PEOPLE,
            "year": 2023, "source": "ISTAT", **told})

    def plan(self, **values: Any) -> Plan:
        return self._once("plan", lambda: self._add(Plan(**{
            "process": self.process(), "slug": "prova-2035", "title": "Prova 2035", "first_year": 2027,
            "last_year": 2035, **values})))

    def section(self, body: str = "Un paragrafo.", **values: Any) -> Section:
        number = self.number()
        section = self._add(Section(**{"plan": self.plan(), "code": f"S{number}", "position": number,
                                       "title": f"Sezione {number}", "body": body, **values}))
        for position, text in enumerate(body.split("\n\n"), 1):
            self._add(Paragraph(section=section, position=position, text=text, html=richtext.render_staff(text)))
        return section

    def action(self, **values: Any) -> Action:
        number = self.number()
        objective = values.pop("objective", None) or self._add(Objective(
            axis=self.axis(), code=f"O{number}", position=number, title=f"Obiettivo {number}"))
        return self._add(Action(**{"objective": objective, "code": f"AZ{number}", "position": number,
                                   "title": f"Azione {number}", **values}))

    def consultation(self, when: str = "open", **values: Any) -> DraftConsultation:
        """A consultation on the plan: every paragraph made so far has a thread."""
        consultation = self._activity(DraftConsultation, when, **{"plan": self.plan(), **values})
        planning.give_threads(consultation)
        db.session.flush()
        return consultation

    # the pact
    def pact(self, state: PactState = PactState.IN_NEGOTIATION, **values: Any) -> Pact:
        """The pact of the percorso, made once."""
        return self._once("pact", lambda: self._add(Pact(**{
            "process": self.process(), "slug": "patto", "title": "Il patto", "state": state, "years": 5,
            "in_force_since": clock.today() if state in {PactState.IN_FORCE, PactState.CONCLUDED} else None,
            **values})))

    def signatory(self, **values: Any) -> Signatory:
        """A party that is known by a written name, unless it is said who it is."""
        number = self.number()
        party = {} if {"organisation", "municipality"} & set(values) else {"written_name": f"Ente {number}"}
        return self._add(Signatory(**{"pact": self.pact(), "position": number, **party, **values}))

    def commitment(self, state: CommitmentState = CommitmentState.NEGOTIATING, **values: Any) -> Commitment:
        number = self.number()
        return self._add(Commitment(**{"pact": self.pact(), "code": f"I{number}", "position": number,
                                       "title": f"Impegno {number}", "state": state, **values}))

    def progress(self, commitment: Commitment, standing: Progress = Progress.ON_TIME, *, days_ago: int = 1,
                 author: Person | None = None, **values: Any) -> ProgressReport:
        report = self._add(ProgressReport(**{
            "commitment": commitment, "on": clock.today() - days_ago * DAY, "standing": standing, "text": "Procede.",
            "written_by_id": (author or self.person()).id, **values}))
        db.session.expire(commitment, ["reports"])
        return report

    def pact_consultation(self, when: str = "open", **values: Any) -> PactConsultation:
        """A consultation on the pact: every public commitment made so far has a thread."""
        consultation = self._activity(PactConsultation, when, **{"pact": self.pact(), **values})
        pacts.give_threads(consultation)
        db.session.flush()
        return consultation

    def edition(self, kind: PlanState = PlanState.IN_CONSULTATION, **values: Any) -> PlanEdition:
        """The plan kept as it stands."""
        db.session.flush()
        db.session.expire_all()
        return editions.make(self.plan(), None, **{"name": "0.3", "kind": kind, **values})

    def remark(self, edition: PlanEdition | None = None, words: str = "", *, state: State = State.PUBLISHED,
               author: Person | None = None, **values: Any) -> Remark:
        """A remark on the whole of the first paragraph of an edition, or on some words of any."""
        edition = edition or self._once("edition", self.edition)
        found = remarks.paragraphs_of(edition)
        node, cited = next(((node, cited) for node, cited in found if words in node.plain))
        start = node.plain.index(words)
        author = author or self.person()
        consultation = values.pop("consultation", None) or self._once("consultation", self.consultation)
        remark = Remark(**{
            "code": contributions.next_code(consultation, "remark"), "activity": consultation, "author": author,
            "municipality_id": author.municipality_id, "edition": edition, "paragraph": node.id, "cited": cited,
            "whole": not words, "quote": words or node.plain, "starts_at": start,
            "ends_at": start + len(words or node.plain), "body": "Così non si capisce.",
            "body_html": "<p>Così non si capisce.</p>", **values})
        remark.thread = self._add(Thread(activity=consultation, label=Localized.of(remark.code)))
        contributions.begin(remark, state, vouched=True)
        remark.thread.path = f"/osservazioni/{remark.id}"
        db.session.flush()
        return remark

    def link(self, source: Any, target: Any, **values: Any) -> TraceLink:
        """From a contribution, a result or minutes to a section or an action of the plan."""
        kinds = {ResultSheet: "result_sheet", Minutes: "minutes"}
        ends = {kinds.get(type(source), "contribution"): source,
                "section" if isinstance(target, Section) else "action": target}
        return self._add(TraceLink(**{**ends, "relation": Relation.ADOPTED, "reason": "Chiesta da molte persone.",
                                      "created_by_id": self.person().id, **values}))

    # results
    def outcome(self, contribution: Contribution, verdict: Verdict = Verdict.ACCEPTED, **values: Any) -> Outcome:
        if isinstance(contribution, Proposal) and verdict is not Verdict.UNDER_REVIEW:
            contribution.settled_at = clock.now()
        return self._add(Outcome(**{"contribution": contribution, "verdict": verdict,
                                    "reasons": "La proposta risponde a un bisogno sentito.",
                                    "proposed_on": clock.today(), **values}))

    def result(self, activity: Activity | None = None, **values: Any) -> ResultSheet:
        """The frozen results of an activity, with one table and its chart."""
        activity = activity or self.survey(when="closed")
        table = Table(code="T1", caption=Localized.of("Come ci si muove"), heading=Localized.of("Risposta"), chart=True,
                      columns=(Column(label=Localized.of("Persone")),),
                      rows=(Row(label=Localized.of("In autobus"), values=(37,)),
                            Row(label=Localized.of("In bicicletta"), values=(12,)),
                            Row(label=Localized.of("Totale"), values=(49,), total=True)))
        sheet = Sheet(**{"kind": activity.kind, "title": activity.title, "tables": (table,),
                         "figures": (KeyFigure(label=Localized.of("Persone"), value=49),),
                         "method": Localized.of("Contate dalle righe."), "channels": {"online": 49},
                         "conclusion": Localized.of("Vince l'autobus."), **values})
        content = sheet.as_json()
        return self._add(ResultSheet(activity=activity, content=content,
                                     sha256=hashlib.sha256(content.encode()).hexdigest()))
