"""One decision at a time: recorded for good, told to the author with its reason, and only on what was read."""

import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.audit.models import AuditEntry
from consult.contributions import services as contributions
from consult.contributions.models import Flag, FlagReason, State
from consult.contributions.words import FLAG_REASONS
from consult.core.db import StaleVersionError, db
from consult.core.outbox import OutboxMessage
from consult.moderation import queries, queue, services, words
from consult.moderation.models import Act, Decision, Reason
from consult.processes.models import ParticipationCount
from tests.browser import text_of
from tests.factories import WHY


@pytest.fixture
def moderator(make):
    return make.person(Role.MODERATOR, display_name="Chiara Moderatrice")


def mails():
    return db.session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id)).all()


def flag(make, contribution):
    contributions.flag(contribution, make.person(), reason=FlagReason.OFFENCE, note="Leggete qui")


@pytest.mark.parametrize(("before", "flagged", "act", "after"), [
    (State.PENDING, False, Act.APPROVE, State.PUBLISHED),
    (State.PENDING, False, Act.HIDE, State.HIDDEN),
    (State.PENDING, False, Act.KEEP, None),
    (State.PENDING, False, Act.RESTORE, None),
    (State.PUBLISHED, True, Act.KEEP, State.PUBLISHED),
    (State.PUBLISHED, True, Act.HIDE, State.HIDDEN),
    (State.PUBLISHED, False, Act.HIDE, State.HIDDEN),
    (State.PUBLISHED, False, Act.KEEP, None),
    (State.PUBLISHED, False, Act.APPROVE, None),
    (State.HIDDEN, False, Act.RESTORE, State.PUBLISHED),
    (State.HIDDEN, False, Act.HIDE, None),
    (State.WITHDRAWN, False, Act.RESTORE, None),
    (State.DRAFT, False, Act.APPROVE, None),
])
def test_what_can_be_decided_in_which_state(make, moderator, before, flagged, act, after):
    proposal = make.proposal(state=State.PUBLISHED if before in (State.HIDDEN, State.WITHDRAWN) else before)
    if proposal.state is not before:
        contributions.change_state(proposal, before, None)
    if flagged:
        flag(make, proposal)
    if after is None:
        with pytest.raises(StaleVersionError):
            services.decide(proposal, moderator, act=act, reason=Reason.SPAM, note=WHY, seen=1)
        assert proposal.state is before
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Decision)) == 0
    else:
        services.decide(proposal, moderator, act=act, reason=Reason.SPAM, note=WHY, seen=1)
        assert proposal.state is after


def test_hiding_without_a_reason_is_refused_by_the_service_and_by_the_schema(make, moderator):
    proposal = make.proposal()
    with pytest.raises(services.UnreasonedError):
        services.decide(proposal, moderator, act=Act.HIDE, seen=1)
    with pytest.raises(sa.exc.IntegrityError), db.session.begin_nested():
        db.session.execute(sa.insert(Decision).values(
            contribution_id=proposal.id, moderator_id=moderator.id, act=Act.HIDE, version_seen=1))


def test_a_decision_settles_the_reports_and_counts(make, moderator):
    proposal = make.proposal()
    flag(make, proposal)
    services.decide(proposal, moderator, act=Act.KEEP, seen=1)
    assert proposal.flag_count == 0
    assert db.session.scalars(sa.select(Flag.decided_at)).one() is not None
    assert queries.figures() == {(Act.KEEP, ""): 1}
    assert queue.queue(moderator).items == []


def test_a_decision_is_audited_without_any_text(make, moderator):
    proposal = make.proposal()
    decision = services.decide(proposal, moderator, act=Act.HIDE, reason=Reason.SPAM,
                               note="Riservato a chi ha scritto.", seen=1)
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.event == "Decided")).one()
    assert entry.actor_id == moderator.id
    assert entry.facts == {"decision_id": decision.id, "contribution_id": proposal.id, "act": "hide", "reason": "spam",
                           "reported": False}


def test_hiding_and_restoring_keep_the_counts_true(make, moderator):
    proposal = make.proposal()

    def counted():
        return db.session.scalar(sa.select(ParticipationCount.count).where(ParticipationCount.kind == "proposal"))

    services.decide(proposal, moderator, act=Act.HIDE, reason=Reason.SPAM, note=WHY, seen=1)
    assert counted() == 0
    services.decide(proposal, moderator, act=Act.RESTORE, seen=2)
    assert counted() == 1


@pytest.mark.parametrize("meanwhile", ["the author edits", "another decides", "the author withdraws"])
def test_a_decision_on_what_has_changed_is_refused(make, moderator, meanwhile):
    proposal = make.proposal(state=State.PENDING)
    seen = services.mark(proposal)
    if meanwhile == "the author edits":
        contributions.keep_revision(proposal, proposal.author, body=proposal.body)
        db.session.flush()
    elif meanwhile == "another decides":
        services.decide(proposal, make.person(Role.MODERATOR), act=Act.APPROVE, seen=seen)
    else:
        contributions.change_state(proposal, State.WITHDRAWN, proposal.author)
    with pytest.raises(StaleVersionError):
        services.decide(proposal, moderator, act=Act.HIDE, reason=Reason.SPAM, note=WHY, seen=seen)


def test_a_moderator_publishes_a_proposal(browser, make, moderator):
    proposal = make.proposal(state=State.PENDING)
    response = browser(moderator).submit(f"/moderazione/{proposal.id}", {"decision": "approve"})
    assert (response.status_code, response.location) == (303, f"/moderazione?annulla=contribution:{proposal.id}")
    assert proposal.state is State.PUBLISHED


@pytest.mark.parametrize(("fields", "said"), [
    ({}, "Scegli che cosa decidi."),
    ({"decision": "hide"}, "Per nascondere un testo scegli il motivo"),
    ({"decision": "burn"}, "Scegli che cosa decidi."),
    ({"decision": "hide", "reason": "antipathy"}, "Scegli uno dei motivi proposti."),
    ({"decision": "hide", "reason": "spam", "note": "x" * 1001}, "La nota è troppo lunga"),
])
def test_what_is_missing_or_wrong_is_said_and_what_was_typed_stays(browser, make, moderator, fields, said):
    proposal = make.proposal(state=State.PENDING)
    response = browser(moderator).post(f"/moderazione/{proposal.id}", {"version": "1", "note": "Da tenere", **fields})
    page = response.get_data(as_text=True)
    assert response.status_code == 200
    assert said in page
    assert fields.get("note", "Da tenere") in page
    assert proposal.state is State.PENDING


@pytest.mark.parametrize("version", ["", "0", "2", "-1", "x", "99999999999999999999", "1\x00"])
def test_a_version_that_is_not_the_present_one_is_stale(browser, make, moderator, version):
    proposal = make.proposal(state=State.PENDING)
    response = browser(moderator).post(f"/moderazione/{proposal.id}", {"decision": "approve", "version": version})
    assert response.status_code == (303 if version == "1\x00" else 409)


def test_whoever_comes_second_learns_what_was_decided(browser, make, moderator):
    proposal = make.proposal(state=State.PENDING)
    services.decide(proposal, moderator, act=Act.HIDE, reason=Reason.OFFENCE, note="Toglie l’insulto dal testo", seen=1)
    second = browser(make.person(Role.MODERATOR))
    response = second.post(f"/moderazione/{proposal.id}", {"decision": "approve", "version": "1", "note": "Va bene"})
    page = text_of(response)
    assert response.status_code == 409
    for words_ in ("Qualcuno", "Chiara Moderatrice", "Nascosto", "insulti o minacce", "Toglie l’insulto", "Va bene"):
        assert words_ in page
    assert proposal.state is State.HIDDEN


def test_the_page_of_a_reply_shows_what_it_answers_and_the_reports(browser, make, moderator):
    thread = make.proposal(title="La panchina").thread
    first = make.comment(thread, body="Serve davvero?")
    reply = make.comment(thread, about=first, body="Sì, e molto.")
    flag(make, reply)
    page = text_of(browser(moderator).get(f"/moderazione/{reply.id}"))
    for said in ("Sì, e molto.", "Serve davvero?", "La panchina", "Leggete qui",
                 str(FLAG_REASONS[FlagReason.OFFENCE])):
        assert said in page


def test_the_author_is_told_why_and_how_to_answer(make, moderator):
    proposal = make.proposal(title="Una proposta")
    flag(make, proposal)
    services.decide(proposal, moderator, act=Act.HIDE, reason=Reason.PERSONAL_DATA,
                    note="Togli il telefono del vicino.", seen=1)
    mail = mails()[-1]
    assert mail.recipient == proposal.author.email
    assert mail.subject == f"Ciò che hai scritto è stato nascosto ({proposal.code})"
    for said in ("Una proposta", "Il testo rivela dati privati di un’altra persona.", "Regola 3 del sito",
                 "Togli il telefono del vicino.", "Il testo è stato segnalato", "entro sei mesi", "/decisioni/",
                 "/pagine/regole"):
        assert said in mail.text
    assert "Chiara" not in mail.text


@pytest.mark.parametrize("reason", list(Reason))
@pytest.mark.parametrize("source", ["before", "reported", "found"])
def test_no_statement_of_reasons_lacks_a_part(make, moderator, reason, source):
    proposal = make.proposal(state=State.PENDING if source == "before" else State.PUBLISHED)
    if source == "reported":
        flag(make, proposal)
    services.decide(proposal, moderator, act=Act.HIDE, reason=reason, note=WHY, seen=1)
    text, rule = mails()[-1].text, words.RULES[reason]
    parts = ["salvo una nuova decisione", str(rule.finding), str(rule.text), f"Regola {rule.number}",
             "non è stato usato alcun mezzo automatico", "entro sei mesi"]
    assert [part for part in parts if part not in text] == []
    assert "\n\n\n" not in text


def test_the_author_reads_in_their_language(make, moderator):
    proposal = make.proposal(state=State.PENDING, author=make.person(language="de"))
    services.decide(proposal, moderator, act=Act.APPROVE, seen=1)
    assert mails()[-1].subject == "Ihr Vorschlag ist öffentlich"
    assert proposal.thread.path in mails()[-1].text


@pytest.mark.parametrize(("act", "told"), [(Act.APPROVE, True), (Act.KEEP, False)])
def test_of_what_simply_stays_there_is_nothing_to_tell(make, moderator, act, told):
    proposal = make.proposal(state=State.PENDING if act is Act.APPROVE else State.PUBLISHED)
    if act is Act.KEEP:
        flag(make, proposal)
    services.decide(proposal, moderator, act=act, seen=1)
    assert (proposal.author.email in [mail.recipient for mail in mails()]) is told


def test_nobody_writes_to_a_person_without_an_address(make, moderator):
    proposal = make.proposal(author=make.person(email=None))
    services.decide(proposal, moderator, act=Act.HIDE, reason=Reason.SPAM, note=WHY, seen=1)
    assert mails() == []


def test_a_hidden_comment_leaves_a_line_with_the_reason(browser, make, moderator):
    proposal = make.proposal()
    comment = make.comment(proposal.thread, body="Parole cattive")
    services.decide(comment, moderator, act=Act.HIDE, reason=Reason.OFFENCE, note=WHY, seen=1)
    page = browser().get(proposal.thread.path).get_data(as_text=True)
    assert "Parole cattive" not in page
    assert "Motivo: insulti o minacce." in page
    assert "/pagine/regole#rule-1" in page


def test_the_reasons_of_a_whole_thread_are_one_question(browser, make, moderator, queries):
    proposal = make.proposal()
    path = proposal.thread.path

    def hide():
        comment = make.comment(proposal.thread)
        services.decide(comment, moderator, act=Act.HIDE, reason=Reason.OFFENCE, note=WHY, seen=1)

    def ask():
        with queries() as seen:
            assert who.get(path).status_code == 200
        return len([s for s in seen if s.lstrip().upper().startswith("SELECT")])

    who = browser(make.person())
    hide()
    one = ask()
    for _each in range(6):
        hide()
    assert ask() == one <= 12


def test_the_author_of_a_hidden_proposal_reads_why(browser, make, moderator):
    proposal = make.proposal()
    services.decide(proposal, moderator, act=Act.HIDE, reason=Reason.SPAM, note="Togli il marchio dal titolo.", seen=1)
    page = text_of(browser(proposal.author).get(proposal.thread.path))
    assert "Il testo fa pubblicità" in page
    assert "Togli il marchio dal titolo." in page
    assert browser().get(proposal.thread.path).status_code == 404


def test_the_public_figures_name_nobody_and_merge_small_numbers(browser, make, moderator):
    for _each in range(5):
        services.decide(make.proposal(), moderator, act=Act.HIDE, reason=Reason.SPAM, note=WHY, seen=1)
    services.decide(make.proposal(), moderator, act=Act.HIDE, reason=Reason.OFFENCE, note=WHY, seen=1)
    page = text_of(browser().get("/pagine/regole"))
    assert "6 testi nascosti" in page or "testi nascosti 6" in page
    assert "pubblicità o ripetizione 5" in page
    assert "motivi usati meno di cinque volte ciascuno 1" in page
    assert "insulti o minacce 1" not in page
    assert "Chiara" not in page


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_is_a_rule_that_everyone_can_read(browser, make, reason):
    make.process()
    assert f'id="rule-{words.RULES[reason].number}"' in browser().get("/pagine/regole").get_data(as_text=True)
