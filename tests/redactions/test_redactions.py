"""A passage is blacked out wherever it stands, kept for its author and for moderators who say so, and brought back."""

import re

import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.appeals import queries as appeals
from consult.appeals import services as reviews
from consult.attachments.models import Attachment
from consult.audit.models import AuditEntry
from consult.comments import services as comments
from consult.contributions import services as contributions
from consult.contributions.models import Contribution, FlagReason, Revision
from consult.core.db import db
from consult.core.outbox import OutboxMessage
from consult.lineage import services as lineage
from consult.moderation import contributed, services
from consult.moderation.acts import Order, RefusedError
from consult.moderation.models import Act, Decision, Reason
from consult.privacy import erasure
from consult.proposals import services as proposals
from consult.redactions import passages, queries
from consult.redactions.models import CoveredCopy, Redaction
from consult.search import services as search
from consult.search.models import SearchDocument
from consult.voting import services as voting
from tests import recount
from tests.browser import text_of
from tests.factories import WHY


@pytest.fixture
def moderator(make):
    return make.person(Role.MODERATOR)


def redact(thing, moderator, words, *, every=True):
    matter = contributed.of(thing)
    places = passages.found(matter.passages(), words)
    order = Order(act=Act.REDACT, reason=Reason.PERSONAL_DATA, note=WHY, details={
        "places": [[place.field, place.start, place.length] for place in places[:None if every else 1]]})
    return services.decide(matter, moderator, order, seen=services.mark(matter))


def uncover(thing, moderator, *which):
    matter = contributed.of(thing)
    order = Order(act=Act.UNCOVER, details={"redactions": [one.id for one in which]})
    return services.decide(matter, moderator, order, seen=services.mark(matter))


def test_it_is_done_by_copying_the_passage_after_a_look_at_what_readers_will_see(browser, make, moderator):
    proposal = make.proposal(title="Il numero", body="Chiamate Mario Rossi, anche di sera. Mario Rossi sa tutto.")
    path = f"/moderazione/{proposal.id}/redact"
    who = browser(moderator)
    assert "Oscura" in text_of(who.get(path))
    said = {"passage": "Mario  Rossi", "reason": "personal_data", "note": WHY}
    for wrong, sentence in (({"passage": "Maria Rossi"}, "non c’è nel testo"), ({"passage": "a"}, "3 a 2000"),
                            ({}, "2 volte"), ({"reason": ""}, "motiv"), ({"note": "No."}, "almeno 20")):
        answer = who.submit(path, {**said, "where": "", **wrong, "step": "redact"})
        assert answer.status_code == 200
        assert sentence in text_of(answer), wrong
    preview = who.submit(path, {**said, "where": "body:37:11", "step": "preview"})
    assert "Chiamate Mario Rossi, anche di sera. ▇▇▇ sa tutto." in text_of(preview)
    assert proposal.body.count("Mario Rossi") == 2
    done = who.submit(path, {**said, "where": "all", "step": "redact"})
    assert done.status_code == 303
    db.session.expire_all()
    assert (proposal.body, proposal.summary) == ("Chiamate ▇▇▇, anche di sera. ▇▇▇ sa tutto.",) * 2
    item = text_of(who.get(f"/moderazione/{proposal.id}"))
    assert "2 passaggi sono oscurati" in item
    assert "Mario Rossi" not in item


def test_whoever_opens_the_words_is_noted_and_can_bring_them_back(browser, make, moderator):
    proposal = make.proposal(body="Chiamate Mario Rossi, o Anna Verdi.")
    redact(proposal, moderator, "Mario Rossi")
    redact(proposal, moderator, "Anna Verdi")
    db.session.commit()
    who, path = browser(moderator), f"/moderazione/{proposal.id}/uncover"
    assert "Mario" not in text_of(who.get(path))
    opened = who.submit(path, {}, action=f"/moderazione/contribution/{proposal.id}/oscurati")
    assert "Mario Rossi" in text_of(opened)
    assert db.session.scalars(sa.select(AuditEntry.actor_id).where(AuditEntry.event == "PassagesRead")).all() == [
        moderator.id]
    assert "almeno un passaggio" in text_of(who.submit(path, {}))
    first = queries.standing(f"contribution:{proposal.id}")[0]
    assert who.submit(path, {"chosen": str(first.id)}).status_code == 303
    db.session.expire_all()
    assert proposal.body == "Chiamate Mario Rossi, o ▇▇▇."


@pytest.mark.parametrize("who", ["author", "speaker", "flagger"])
def test_nobody_blacks_out_where_they_are_concerned(browser, make, who):
    person = make.person(Role.MODERATOR)
    proposal = make.proposal(author=person if who == "author" else make.person(),
                             organisation=make.organisation(person) if who == "speaker" else None)
    if who == "flagger":
        contributions.flag(proposal, person, reason=FlagReason.SPAM, note="")
    redact(proposal, make.person(Role.MODERATOR), proposal.body)
    db.session.commit()
    visitor = browser(person)
    for path in (f"/moderazione/{proposal.id}/redact", f"/moderazione/{proposal.id}/uncover",
                 f"/moderazione/contribution/{proposal.id}/redact"):
        assert visitor.get(path).status_code == 403, path
    assert browser(make.person()).get(f"/moderazione/{proposal.id}/redact").status_code in (403, 404)


def test_undoing_puts_back_text_versions_quotes_and_amendments_as_they_were(make, moderator):
    proposal, reader = make.proposal(title="Una via", body="Prima via Roma 3."), make.person()
    proposals.edit(proposal, proposal.author, proposals.Wording(title="Una via", body="In via Roma 3 e via Po.",
                                                                answers={}), seen=1, reason="Meglio.")
    voting.support(proposal, reader)
    amendment = make.amendment(proposal, "In via Roma 3 e via Po, subito.")
    said = comments.post(proposal.thread, reader, body="Sto in via Roma 3, piano secondo.")
    answer = comments.post(proposal.thread, make.person(), body="Bene.", about=said, quote="Sto in via Roma 3")

    def texts():
        db.session.flush()
        db.session.expire_all()
        return (proposal.body, proposal.body_html, amendment.body, said.body, answer.quote,
                proposal.current_support_count, db.session.scalar(sa.select(Revision.content["body"].as_string()).where(
                    Revision.public.is_(True))))

    before = texts()
    for thing, covered in ((proposal, "In ▇▇▇ e via Po."), (said, "Sto in ▇▇▇, piano secondo.")):
        decision = redact(thing, moderator, "via Roma 3")
        assert thing.body == covered
        assert not any("Roma" in str(text) for text in texts()[:3 if thing is proposal else 0])
        assert recount.drift() == []
        services.take_back(decision, thing, moderator)
        assert texts() == before
        assert db.session.scalars(sa.select(Redaction)).all() + db.session.scalars(sa.select(CoveredCopy)).all() == []
    redact(said, moderator, "Roma 3, piano")
    assert answer.quote == "▇▇▇", "of a quote that overlaps nothing is left"
    redact(proposal, moderator, "via Po")
    redact(proposal, moderator, "via Roma 3")
    assert (proposal.body, amendment.body) == ("In ▇▇▇ e ▇▇▇.", "In ▇▇▇ e ▇▇▇, subito.")
    back = uncover(proposal, moderator, *queries.standing(f"contribution:{proposal.id}")[:1])
    assert (proposal.body, amendment.body) == ("In ▇▇▇ e via Po.", "In ▇▇▇ e via Po, subito.")
    services.take_back(back, proposal, moderator)
    assert (proposal.body, amendment.body) == ("In ▇▇▇ e ▇▇▇.", "In ▇▇▇ e ▇▇▇, subito.")
    uncover(proposal, moderator, *queries.standing(f"contribution:{proposal.id}"))
    assert texts()[:3] == before[:3]
    assert recount.drift() == []


def test_words_whose_place_the_author_has_changed_stay_where_they_are(make, moderator):
    proposal = make.proposal(body="In via Roma 3 e via Po.")
    redact(proposal, moderator, "via Roma 3")
    one = queries.standing(f"contribution:{proposal.id}")
    proposals.edit(proposal, proposal.author, proposals.Wording(title=proposal.title, body="In via Po.", answers={}),
                   seen=proposal.version, reason="Meglio.")
    with pytest.raises(RefusedError):
        uncover(proposal, moderator, *one)
    db.session.rollback()


def test_a_review_that_is_upheld_brings_the_words_back(browser, make, moderator):
    comment = make.comment(make.proposal().thread, body="Chiamate il centralino 0000.")
    decision = redact(comment, moderator, "0000")
    appeal = reviews.ask(appeals.appealable(decision.id), comment.author, words="È il centralino.")
    db.session.commit()
    browser(make.person(Role.MODERATOR)).submit(f"/moderazione/riesami/{appeal.id}",
                                                {"decision": "overturn", "note": WHY})
    db.session.expire_all()
    assert comment.body == "Chiamate il centralino 0000."
    assert db.session.scalars(sa.select(Decision.act).order_by(Decision.id.desc())).first() is Act.UNCOVER


def test_the_author_reads_the_words_and_takes_them_along(browser, make, moderator):
    proposal = make.proposal(body="Chiamate Mario Rossi.")
    decision = redact(proposal, moderator, "Mario Rossi")
    db.session.commit()
    assert "Mario Rossi" in text_of(browser(proposal.author).get(f"/decisioni/{decision.id}"))
    assert "Mario" not in text_of(browser(moderator).get(f"/decisioni/{decision.id}"))
    erasure.erase(proposal.author, withdraw=False, actor=None)
    assert db.session.scalars(sa.select(Redaction.words)).all() == [""]


@pytest.mark.parametrize("kind", ["proposal", "comment", "topic", "statement", "amendment"])
def test_every_kind_can_be_blacked_out(make, moderator, kind):
    proposal = make.proposal()
    text = {"proposal": lambda: proposal, "comment": lambda: make.comment(proposal.thread),
            "topic": make.topic, "statement": make.statement, "amendment": lambda: make.amendment(proposal, "Altro.")}
    thing: Contribution = text[kind]()
    for name, said in thing.written().items():
        if thing.written()[name] == said and said:
            redact(thing, moderator, max(said.split(), key=len))
    assert all("▇▇▇" in said for said in thing.written().values() if said)


def test_what_it_came_from_and_became_and_its_files_follow(make, moderator):
    call, office = make.call(), make.person(Role.PLAN_OFFICE)
    one = make.proposal(call=call, body="Una panchina in via Roma 3, davanti alla scuola del paese.")
    two = make.proposal(call=call, body="Chiedete a Mario Rossi, che conosce ogni panchina del paese.")
    file = Attachment(token="f" * 32, owner=one.author, contribution=one, name="via Roma 3.pdf", size=1,
                      mimetype="application/pdf", description="La casa di via Roma 3")
    db.session.add(file)
    both = lineage.merge(call, office, [one, two], lineage.Draft(title="Panchine in via Roma 3", body=(
        f"{one.body} {two.body}")), reason=WHY)
    search.renew([both.id])
    amendment = make.amendment(both, f"{both.body} Subito.")
    db.session.flush()

    def texts():
        db.session.flush()
        db.session.expire_all()
        return (one.body, two.body, both.title, both.body, both.body_html, both.summary, amendment.body, file.name,
                file.description, db.session.scalars(sa.select(SearchDocument.words).where(
                    SearchDocument.contribution_id == both.id)).all())

    before = texts()
    redact(one, moderator, "via Roma 3")
    assert "roma" not in str(texts()).lower()
    assert (both.title, file.name) == ("Panchine in ▇▇▇", "▇▇▇.pdf")
    redact(two, moderator, "Mario Rossi")
    assert "Mario" not in str(texts())
    uncover(one, moderator, *queries.standing(f"contribution:{one.id}"))
    assert ("Roma 3" in both.body, "Mario" in str(texts())) == (True, False)
    uncover(two, moderator, *queries.standing(f"contribution:{two.id}"))
    assert texts() == before
    assert db.session.scalars(sa.select(CoveredCopy)).all() == []
    redact(both, moderator, "via Roma 3")
    assert "Roma 3" not in one.body, "the same words stand in what it was made of"


SAID = "passaggio oscurato dai moderatori"


def test_whoever_hears_or_prints_a_text_is_told_what_is_blacked_out(browser, make, moderator):
    proposal = make.proposal(title="Il numero di Mario Rossi", body="Telefonate presto a Mario Rossi.")
    redact(proposal, moderator, "Mario Rossi")
    db.session.commit()
    for path in (f"/proposte/{proposal.id}-{proposal.slug}", f"/raccolte/{proposal.activity_id}?q=numero",
                 f"/raccolte/{proposal.activity_id}/proposte.csv"):
        answer = browser().get(path)
        assert answer.status_code == 200, path
        page = answer.get_data(as_text=True)
        assert SAID in page, path
        assert "Mario" not in page
        spoken = page.replace(f'<span role="img" aria-label="{SAID}">▇▇▇</span>', "")
        assert "▇" not in spoken, path
    editing = browser(proposal.author).get(f"/proposte/{proposal.id}/modifica").get_data(as_text=True)
    assert re.search(r"<textarea[^>]*>\s*Telefonate presto a ▇▇▇\.", editing), "it goes back as it was"
    told = db.session.scalars(sa.select(OutboxMessage.text).where(
        OutboxMessage.recipient == proposal.author.email)).all()
    assert any(f"Il numero di [{SAID}]" in text for text in told)
    assert "▇" not in "".join(told)
