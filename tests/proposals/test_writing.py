"""Writing a proposal: preview, draft, sending it in, changing it, taking it back."""

import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.audit.models import AuditEntry
from consult.contributions.models import Revision, State, Thread
from consult.core.db import StaleVersionError, db
from consult.processes.models import Audience, ModerationMode
from consult.proposals import services
from consult.proposals.models import Proposal, slug_of
from tests import recount
from tests.browser import text_of
from tests.payloads import MALFORMED, XSS, dangers

TITLE = "Più corse la sera"
BODY = "Chiediamo **due corse in più** dopo le venti, perché chi lavora in città possa tornare."


@pytest.fixture
def call(make):
    return make.call()


def proposals():
    return db.session.scalars(sa.select(Proposal).order_by(Proposal.id)).all()


def recorded():
    return list(db.session.scalars(sa.select(AuditEntry.event).order_by(AuditEntry.id)))


def write(page, call, act="submit", **fields):
    return page.submit(f"/raccolte/{call.id}/proponi", {"title": TITLE, "body": BODY, **fields}, button=("act", act))


def test_a_proposal_is_public_at_once_where_moderation_comes_after(browser, make, call):
    author, axis = make.person(), make.axis()
    page = browser(author)
    response = write(page, call, axis=axis.id)
    [proposal] = proposals()
    assert (response.status_code, response.location) == (303, f"/proposte/{proposal.id}-piu-corse-la-sera")
    assert (proposal.state, proposal.author_id, proposal.axis_id) == (State.PUBLISHED, author.id, axis.id)
    assert (proposal.title, proposal.body, proposal.municipality_id) == (TITLE, BODY, author.municipality_id)
    assert proposal.summary.startswith("Chiediamo due corse in più")
    assert proposal.submitted_at is not None
    assert (proposal.thread.path, str(proposal.thread.label)) == (response.location, TITLE)
    said = text_of(page.get(response.location))
    assert f"La tua proposta è pubblica, con il codice {proposal.code}." in said
    assert recorded()[-1] == "ProposalSubmitted"
    assert recount.drift() == []


def test_a_proposal_waits_where_moderation_comes_before(browser, make):
    call, page = make.call(moderation=ModerationMode.BEFORE), browser(make.person())
    response = write(page, call)
    [proposal] = proposals()
    assert proposal.state is State.PENDING
    said = text_of(page.get(response.location))
    assert "La leggerà un moderatore, poi sarà pubblica." in said
    assert browser().get(response.location).status_code == 404
    assert recount.drift() == []


def test_a_bare_post_of_title_and_body_is_enough(browser, make, call):
    response = browser(make.person()).post(f"/raccolte/{call.id}/proponi", {"title": TITLE, "body": BODY})
    assert response.status_code == 303
    assert proposals()[0].state is State.PUBLISHED


def test_a_preview_shows_the_text_and_writes_nothing(browser, make, call):
    page = browser(make.person())
    before = recorded()
    response = write(page, call, "preview")
    assert response.status_code == 200
    assert "<strong>due corse in più</strong>" in response.get_data(as_text=True)
    assert "non è stato ancora inviato nulla" in text_of(response)
    assert proposals() == []
    assert recorded() == before


def test_what_was_previewed_is_kept_in_the_form_and_can_be_sent(browser, make, call):
    page = browser(make.person())
    form = page.form(f"/raccolte/{call.id}/proponi")
    fields = {**form["fields"], "title": TITLE, "body": BODY}
    for _ in range(2):
        shown = page.post(form["action"], {**fields, "act": "preview"}).get_data(as_text=True)
        assert BODY in shown
    assert page.post(form["action"], {**fields, "act": "submit"}).status_code == 303
    assert len(proposals()) == 1


def test_sent_twice_it_is_one_proposal(browser, make, call):
    page = browser(make.person())
    form = page.form(f"/raccolte/{call.id}/proponi")
    fields = {**form["fields"], "title": TITLE, "body": BODY}
    first, second = page.post(form["action"], fields), page.post(form["action"], fields)
    assert first.location == second.location
    assert len(proposals()) == 1
    assert recount.drift() == []


def test_a_draft_is_found_again_finished_and_sent(browser, make, call):
    page = browser(make.person())
    response = write(page, call, "draft", body="")
    [draft] = proposals()
    assert (response.location, draft.state, draft.submitted_at) == (f"/proposte/{draft.id}/modifica", State.DRAFT, None)
    assert TITLE in text_of(page.get(f"/raccolte/{call.id}/proponi"))
    assert recount.drift() == []
    page.submit(response.location, {"body": BODY[:20]}, button=("act", "draft"))
    assert (draft.body, draft.state) == (BODY[:20], State.DRAFT)
    assert page.submit(response.location, button=("act", "submit")).status_code == 200
    sent = page.submit(response.location, {"body": BODY}, button=("act", "submit"))
    assert sent.location == f"/proposte/{draft.id}-piu-corse-la-sera"
    assert draft.state is State.PUBLISHED
    assert draft.submitted_at is not None
    assert [e for e in recorded() if e.startswith("Proposal")] == [
        "ProposalDraftSaved", "ProposalDraftSaved", "ProposalDraftSaved", "ProposalSubmitted"]
    assert db.session.scalars(sa.select(Revision)).all() == []
    assert recount.drift() == []


def test_an_unchanged_draft_can_be_sent(browser, make, call):
    page = browser(make.person())
    response = write(page, call, "draft")
    page.submit(response.location, button=("act", "submit"))
    assert proposals()[0].state is State.PUBLISHED


@pytest.mark.parametrize("path", ["/proposte/{0.id}-{0.slug}", "/proposte/{0.id}/modifica", "/c/{0.code}"])
def test_the_draft_of_another_is_unknown(browser, make, call, path):
    draft = make.proposal(call=call, state=State.DRAFT)
    for person in (None, make.person(), make.person(Role.MODERATOR), make.person(Role.PLATFORM_ADMIN)):
        assert browser(person).get(path.format(draft)).status_code == 404
    assert browser(make.person()).post(f"/proposte/{draft.id}/ritira").status_code == 404


def test_a_deleted_draft_leaves_nothing(browser, make, call):
    page = browser(make.person())
    response = write(page, call, "draft")
    draft = proposals()[0]
    removed = page.submit(response.location, action=f"/proposte/{draft.id}/ritira")
    assert removed.location == f"/raccolte/{call.id}"
    assert proposals() == []
    assert db.session.scalars(sa.select(Thread)).all() == []
    assert recorded()[-1] == "ProposalWithdrawn"


@pytest.mark.parametrize("state", [State.DRAFT, State.PUBLISHED])
def test_withdrawn_twice_it_is_one_act(browser, make, call, state):
    author = make.person()
    proposal = make.proposal(call=call, state=state, author=author)
    page = browser(author)
    where = f"/proposte/{proposal.id}/modifica" if state is State.DRAFT else proposal.thread.path
    form = page.form(where, f"/proposte/{proposal.id}/ritira")
    answers = [page.post(form["action"], form["fields"]) for _ in range(2)]
    assert [(a.status_code, a.location) for a in answers] == [(303, f"/raccolte/{call.id}")] * 2
    assert recorded().count("ProposalWithdrawn") == 1


def test_who_holds_a_mandate_can_propose_for_an_organisation(browser, make, call):
    speaker = make.person()
    organisation, other = make.organisation(speaker), make.organisation()
    page = browser(speaker)
    write(page, call, organisation=organisation.id)
    assert proposals()[0].organisation_id == organisation.id
    assert write(page, call, organisation=other.id).status_code == 200
    write(browser(make.person()), call, organisation=organisation.id)
    assert [p.organisation_id for p in proposals()] == [organisation.id, None]


def test_a_text_stays_that_of_the_organisation_when_its_author_no_longer_speaks_for_it(browser, make, call):
    author, organisation = make.person(), make.organisation()
    proposal = make.proposal(call=call, author=author, organisation=organisation)
    browser(author).submit(f"/proposte/{proposal.id}/modifica", {"title": TITLE, "reason": "Così si capisce."})
    assert (proposal.title, proposal.organisation_id) == (TITLE, organisation.id)


@pytest.mark.parametrize(("fields", "sentence"), [
    ({"title": ""}, "Dai un titolo alla proposta."),
    ({"title": "   "}, "Dai un titolo alla proposta."),
    ({"title": "x" * 121}, "Accorcia il titolo"),
    ({"body": ""}, "Descrivi la proposta."),
    ({"body": "Troppo breve."}, "da 40 a 6.000 caratteri"),
    ({"body": "x" * 6001}, "da 40 a 6.000 caratteri"),
    ({"axis": "999"}, "Tema"),
    ({"axis": "abc"}, "Tema"),
    ({"axis": "-1"}, "Tema"),
])
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(browser, make, call, fields, sentence):
    typed = {"title": TITLE, "body": BODY, **fields}
    response = browser(make.person()).post(f"/raccolte/{call.id}/proponi", typed)
    assert response.status_code == 200
    assert sentence in text_of(response)
    assert typed["body"] in response.get_data(as_text=True)
    assert proposals() == []


@pytest.mark.parametrize(("when", "audience"), [("closed", Audience.SIGNED_IN), ("coming", Audience.SIGNED_IN),
                                                ("open", Audience.VERIFIED)])
def test_a_refused_proposal_is_answered_with_the_reason(browser, make, when, audience):
    call = make.call(when, audience=audience)
    page = browser(make.person())
    assert page.get(f"/raccolte/{call.id}/proponi").status_code == 403
    assert page.post(f"/raccolte/{call.id}/proponi", {"title": TITLE, "body": BODY}).status_code == 403
    assert proposals() == []


def test_a_visitor_signs_in_and_comes_back(browser, make, call):
    assert browser().get(f"/raccolte/{call.id}/proponi").location == f"/accedi?next=/raccolte/{call.id}/proponi"


def test_a_public_text_is_changed_and_the_earlier_one_kept(browser, make, call):
    author = make.person()
    proposal = make.proposal(call=call, author=author, title="Com'era", body=BODY)
    page = browser(author)
    response = page.submit(f"/proposte/{proposal.id}/modifica", {"title": TITLE, "reason": "Così si capisce."})
    assert response.location == f"/proposte/{proposal.id}-piu-corse-la-sera"
    assert (proposal.title, proposal.version, proposal.state) == (TITLE, 2, State.PUBLISHED)
    revision = db.session.scalars(sa.select(Revision)).one()
    assert (revision.version, revision.content) == (1, {"title": "Com'era", "body": BODY})
    assert (proposal.thread.path, str(proposal.thread.label)) == (response.location, TITLE)
    assert "versione 2 del testo" in text_of(page.get(response.location))
    assert recorded()[-2:] == ["ProposalEdited", "ContributionRevised"]
    assert recount.drift() == []


def test_a_changed_text_is_read_again_where_moderation_comes_before(browser, make):
    author = make.person()
    proposal = make.proposal(call=make.call(moderation=ModerationMode.BEFORE), author=author)
    page = browser(author)
    response = page.submit(f"/proposte/{proposal.id}/modifica", {"title": TITLE, "reason": "Così si capisce."})
    assert proposal.state is State.PENDING
    assert "Sarà pubblica dopo la lettura di un moderatore." in text_of(page.get(response.location))
    assert browser().get(response.location).status_code == 404
    assert recount.drift() == []


def test_a_text_no_longer_changes_once_an_outcome_was_given(browser, make, call):
    author = make.person()
    proposal = make.proposal(call=call, author=author)
    make.outcome(proposal)
    page = browser(author)
    response = page.get(f"/proposte/{proposal.id}/modifica")
    assert response.status_code == 403
    assert "il suo testo resta com'era" in text_of(response)
    assert "/modifica" not in page.get(proposal.thread.path).get_data(as_text=True)


def test_a_text_that_was_judged_while_it_was_edited_stays(make, call):
    proposal = make.proposal(call=call)
    make.outcome(proposal)
    with pytest.raises(StaleVersionError):
        services.edit(proposal, proposal.author, services.Wording(title=TITLE, body=BODY), seen=1)


def test_a_stale_edit_is_answered_with_both_texts(browser, make, call):
    author = make.person()
    proposal = make.proposal(call=call, author=author)
    page = browser(author)
    form = page.form(f"/proposte/{proposal.id}/modifica")
    page.submit(f"/proposte/{proposal.id}/modifica", {"title": "Salvato nel frattempo", "reason": "Più breve."})
    response = page.post(form["action"], {**form["fields"], "title": "Scritto senza saperlo", "reason": "Più chiaro."})
    assert response.status_code == 409
    assert "Salvato nel frattempo" in text_of(response)
    assert "Scritto senza saperlo" in text_of(response)
    assert proposal.title == "Salvato nel frattempo"


def test_an_edit_can_be_previewed(browser, make, call):
    author = make.person()
    proposal = make.proposal(call=call, author=author)
    response = browser(author).submit(f"/proposte/{proposal.id}/modifica", {"body": BODY}, button=("act", "preview"))
    assert "<strong>due corse in più</strong>" in response.get_data(as_text=True)
    assert proposal.version == 1


def test_an_author_withdraws_a_proposal(browser, make, call):
    author = make.person()
    proposal = make.proposal(call=call, author=author)
    page = browser(author)
    response = page.submit(proposal.thread.path, action=f"/proposte/{proposal.id}/ritira")
    assert response.location == f"/raccolte/{call.id}"
    assert proposal.state is State.WITHDRAWN
    assert browser().get(proposal.thread.path).status_code == 404
    assert "è stata ritirata" in text_of(page.get(proposal.thread.path))
    assert recorded()[-2:] == ["ContributionStateChanged", "ProposalWithdrawn"]
    assert recount.drift() == []


@pytest.mark.parametrize("path", ["modifica", "ritira"])
def test_nobody_touches_the_proposal_of_another(browser, make, call, path):
    proposal = make.proposal(call=call)
    for person in (make.person(), make.person(Role.MODERATOR)):
        response = browser(person).post(f"/proposte/{proposal.id}/{path}", {"title": TITLE, "body": BODY})
        assert response.status_code == 403
    assert proposal.state is State.PUBLISHED
    assert proposal.version == 1


@pytest.mark.parametrize(("title", "slug"), [
    ("Più corse, più sere!", "piu-corse-piu-sere"), ("A/B <c>", "a-b-c"), ("   ", "proposta"), ("日本", "proposta"),
    ("x" * 100, "x" * 60), ("a " * 60, "-".join("a" * 30)), ("L'Àrea", "l-area")])
def test_a_title_becomes_an_address(title, slug):
    assert slug_of(title) == slug


def test_no_proposal_runs_in_the_browser_of_its_readers(browser, make, call):
    writer, reader = browser(make.person(display_name='<img src=x onerror="alert(1)">')), browser(make.person())
    for payload in XSS:
        body = f"{payload}\n\nUn testo abbastanza lungo per essere una proposta. {payload}"
        assert dangers(writer.post(f"/raccolte/{call.id}/proponi", {"title": payload[:120], "body": body,
                                                                   "act": "preview"}).get_data(as_text=True)) == []
        response = writer.post(f"/raccolte/{call.id}/proponi", {"title": payload[:120], "body": body})
        assert response.status_code == 303
        assert dangers(reader.get(response.location).get_data(as_text=True)) == []
    for path in (f"/raccolte/{call.id}", f"/raccolte/{call.id}?ordine=discusse", f"/raccolte/{call.id}?q=script"):
        assert dangers(reader.get(path).get_data(as_text=True)) == []


@pytest.mark.parametrize("value", MALFORMED)
def test_whatever_is_sent_is_kept_or_refused_with_a_sentence(browser, make, call, value):
    author = make.person()
    proposal = make.proposal(call=call, author=author)
    page = browser(author)
    for field in ("title", "body", "axis", "organisation", "act", "once"):
        response = page.post(f"/raccolte/{call.id}/proponi", {"title": TITLE, "body": BODY, field: value})
        assert response.status_code in {200, 303}, field
    for field in ("title", "body", "axis", "version", "act"):
        fields = {"title": TITLE, "body": BODY, "version": proposal.version, field: value}
        assert page.post(f"/proposte/{proposal.id}/modifica", fields).status_code in {200, 303, 409}, field
    assert page.get(f"/raccolte/{call.id}").status_code == 200
    assert recount.drift() == []
