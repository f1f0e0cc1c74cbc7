"""A draft is saved while one types: once for each page, whatever gets lost on the way."""

import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.contributions.models import State
from consult.core import clock, pages
from consult.core.db import db
from consult.proposals import services
from consult.proposals.models import Asking, FieldKind, Proposal, ProposalCall
from consult.proposals.services import Wording
from tests import recount
from tests.browser import text_of
from tests.payloads import MALFORMED, XSS, dangers
from tests.voting.together import at_once

TITLE = "Più corse la sera"
BODY = "Chiediamo due corse in più dopo le venti, perché chi lavora in città possa tornare. Servono a tutti."


@pytest.fixture
def call(make):
    return make.call()


def proposals():
    return db.session.scalars(sa.select(Proposal).order_by(Proposal.id)).all()


def save(writer, path, form, **fields):
    """What the script of the page sends."""
    sent = {name: value for name, value in form["fields"].items() if name not in ("once", "csrf_token")}
    return writer.post(path, {**sent, "act": "draft", **fields})


def opened(page, call):
    return page.form(f"/raccolte/{call.id}/proponi"), f"/raccolte/{call.id}/bozza"


def test_what_is_typed_is_saved_and_the_page_is_told_when(browser, make, call):
    page = browser(make.person())
    form, path = opened(page, call)
    response = save(page, path, form, title=TITLE)
    [draft] = proposals()
    assert (draft.state, draft.title, draft.body) == (State.DRAFT, TITLE, "")
    assert f"Salvato alle {clock.local(clock.now()):%H:}" in text_of(response)
    assert f'data-version="{draft.version}"' in response.get_data(as_text=True)
    assert recount.drift() == []


def test_a_page_that_saves_many_times_has_one_draft(browser, make, call):
    page = browser(make.person())
    form, path = opened(page, call)
    for body in ("Chie", "Chiediamo due", BODY, BODY):
        assert save(page, path, form, title=TITLE, body=body).status_code == 200
    assert [(p.title, p.body) for p in proposals()] == [(TITLE, BODY)]


def test_what_was_saved_from_a_page_is_what_it_sends_in(browser, make, call):
    page = browser(make.person())
    form, path = opened(page, call)
    save(page, path, form, title=TITLE, body="Chiediamo")
    code = proposals()[0].code
    sent = page.post(form["action"], {**form["fields"], "title": TITLE, "body": BODY, "act": "submit"})
    [proposal] = proposals()
    assert (proposal.code, proposal.state, proposal.body, sent.status_code) == (code, State.PUBLISHED, BODY, 303)
    assert recount.drift() == []


def test_a_page_does_not_list_its_own_draft(browser, make, call):
    page = browser(make.person())
    form, path = opened(page, call)
    save(page, path, form, title=TITLE)
    shown = page.post(form["action"], {**form["fields"], "title": TITLE, "body": BODY, "act": "preview"})
    assert "Le tue bozze" not in text_of(shown)
    assert "Le tue bozze" in text_of(page.get(form["action"]))


def test_a_page_without_a_name_takes_no_draft(browser, make, call):
    author = make.person()
    draft = make.proposal(call=call, author=author, state=State.DRAFT)
    page = browser(author)
    page.post(f"/raccolte/{call.id}/proponi", {"title": TITLE, "body": BODY, "page": ""})
    assert (draft.state, len(proposals())) == (State.DRAFT, 2)


def test_what_a_page_sent_in_it_does_not_save_over(browser, make, call):
    page = browser(make.person())
    form, path = opened(page, call)
    save(page, path, form, title=TITLE)
    page.post(form["action"], {**form["fields"], "title": TITLE, "body": BODY, "act": "submit"})
    [proposal] = proposals()
    late = save(page, f"/proposte/{proposal.id}/bozza", form, title="Troppo tardi")
    assert late.status_code == 409
    assert "Nel frattempo è stata inviata" in text_of(late)
    assert proposal.title == TITLE


def test_two_pages_have_two_drafts(browser, make, call):
    page = browser(make.person())
    for title in ("Una", "Due"):
        form, path = opened(page, call)
        save(page, path, form, title=title)
    assert [p.title for p in proposals()] == ["Una", "Due"]
    listed = text_of(page.get(f"/raccolte/{call.id}/proponi"))
    assert listed.index("Due") < listed.index("Una") or "salvata il" in listed


def test_a_draft_without_a_title_is_listed_by_its_first_words(browser, make, call):
    page = browser(make.person())
    form, path = opened(page, call)
    save(page, path, form, body="Una panchina davanti alla scuola")
    listed = text_of(page.get(f"/raccolte/{call.id}/proponi"))
    assert "Senza titolo (Una panchina davanti alla scuola)" in listed
    assert page.get(f"/proposte/{proposals()[0].id}/modifica").status_code == 200
    assert page.get(f"/proposte/{proposals()[0].id}", follow_redirects=True).status_code == 200


def test_a_draft_goes_on_from_its_own_page_also_when_an_answer_was_lost(browser, make, call):
    author = make.person()
    draft = make.proposal(call=call, author=author, state=State.DRAFT)
    page = browser(author)
    form, path = page.form(f"/proposte/{draft.id}/modifica"), f"/proposte/{draft.id}/bozza"
    for body in ("Una volta", "Due volte", "Tre volte"):  # the page still thinks of the version it was opened with
        assert save(page, path, form, body=body).status_code == 200
    assert draft.body == "Tre volte"
    assert page.post(form["action"], {**form["fields"], "title": TITLE, "body": BODY}).status_code == 303
    assert (draft.state, draft.body) == (State.PUBLISHED, BODY)


def test_of_two_pages_with_the_same_draft_the_later_is_told(browser, make, call):
    author = make.person()
    draft = make.proposal(call=call, author=author, state=State.DRAFT)
    page, path = browser(author), f"/proposte/{draft.id}/bozza"
    one, other = (page.form(f"/proposte/{draft.id}/modifica") for _ in range(2))
    save(page, path, one, body="Dalla prima")
    answer = save(page, path, other, body="Dalla seconda")
    assert answer.status_code == 409
    assert "cambiata in un’altra pagina" in text_of(answer)
    assert draft.body == "Dalla prima"


def test_what_cannot_be_kept_is_told_and_changes_nothing(browser, make, ask):
    call = make.call(asks_cost=Asking.OPTIONAL)
    field = ask(call, FieldKind.NUMBER, required=True)
    page = browser(make.person())
    form, path = opened(page, call)
    assert save(page, path, form, title=TITLE).status_code == 200
    for wrong, sentence in (({"body": "x" * 6001}, "al massimo 6.000 caratteri"), ({"cost": "tanto"}, "in cifre"),
                            ({f"own_{field.id}": "tanti"}, "in cifre"), ({"title": "", "body": ""}, "Scrivi un titolo"),
                            ({"axis": "99999"}, "Scegli")):
        answer = save(page, path, form, **{"title": "Altro", **wrong})
        assert answer.status_code == 422
        assert "Non ancora salvato." in text_of(answer)
        assert sentence in text_of(answer)
    assert proposals()[0].title == TITLE


def test_nobody_saves_the_draft_of_another(browser, make, call):
    draft = make.proposal(call=call, state=State.DRAFT)
    page = browser(make.person(Role.MODERATOR))
    form, _path = opened(page, call)
    assert save(page, f"/proposte/{draft.id}/bozza", form, title="Preso").status_code == 404
    written_on = services.save_draft(call, draft.author, Wording(title="Sua", body=""), page="pagina-sua")
    assert save(page, f"/raccolte/{call.id}/bozza", form, title="Mia", page="pagina-sua").status_code == 200
    assert (written_on.title, proposals()[-1].title) == ("Sua", "Mia")


def test_nothing_is_saved_without_a_token_an_account_or_a_call_that_is_open(browser, make, call):
    page = browser(make.person())
    assert page.post(f"/raccolte/{call.id}/bozza", {"title": TITLE}, token=False).status_code == 400
    assert browser().post(f"/raccolte/{call.id}/bozza", {"title": TITLE}).status_code in (302, 303, 403)
    assert page.post(f"/raccolte/{make.call('closed').id}/bozza", {"title": TITLE}).status_code == 403
    assert proposals() == []


@pytest.mark.parametrize("text", MALFORMED)
def test_what_is_malformed_breaks_nothing(browser, make, call, text):
    page = browser(make.person())
    for name in ("title", "body", "page", "axis", "version"):
        assert page.post(f"/raccolte/{call.id}/bozza", {"title": TITLE, name: text}).status_code in (200, 422)


def test_saved_by_many_requests_of_a_page_at_once_it_is_one_draft(app, make):
    call_id, author = make.call().id, make.person()
    author_id = author.id
    db.session.commit()

    def one(number):
        return services.save_draft(db.session.get(ProposalCall, call_id), db.session.get(type(author), author_id),
                                   Wording(title=f"Versione {number}", body=""), page="una-pagina").id

    assert len(set(at_once(app, one, list(range(6))))) == 1


def test_how_the_text_reads_is_told_with_each_saving_and_in_the_preview(browser, make, call):
    page = browser(make.person())
    form, path = opened(page, call)
    assert "su 100" in text_of(save(page, path, form, title=TITLE, body=BODY))
    assert "su 100" not in text_of(save(page, path, form, title=TITLE, body="Corto."))
    preview = page.post(form["action"], {**form["fields"], "title": TITLE, "body": BODY, "act": "preview"})
    assert "Come si legge il tuo testo" in text_of(preview)
    german = page.post(f"{path}?lingua=de", {"title": TITLE, "body": BODY, "page": "altra"})
    assert " von 100" not in text_of(german)


def test_the_text_being_written_is_given_to_whoever_helps(browser, make, call):
    seen = []
    pages.slot("proposals.writing.similar", position=99)(
        lambda writing: seen.append((writing.title, writing.body, writing.call.id, writing.proposal_id)) or "")
    try:
        page = browser(make.person())
        form, path = opened(page, call)
        save(page, path, form, title=TITLE, body=BODY)
        assert seen[-1] == (TITLE, BODY, call.id, proposals()[0].id)
    finally:
        pages._slots["proposals.writing.similar"].pop()


def test_the_preview_shows_all_that_the_page_will_show(browser, make, ask, categories):
    town = make.municipality("Vallalta")
    call = make.call(asks_cost=Asking.OPTIONAL, asks_place=Asking.OPTIONAL)
    field, [category] = ask(call, FieldKind.CHOICE, "Quando?", options=("Subito", "Poi")), categories(call, "Un luogo")
    axis, author = make.axis(), make.person()
    organisation = make.organisation(author)
    said = text_of(browser(author).submit(f"/raccolte/{call.id}/proponi", {
        "title": TITLE, "body": BODY, "cost": "20", "category": category.id, "axis": axis.id,
        "organisation": organisation.id, "place_municipality": town.id, "place_address": "Via Roma 1",
        f"own_{field.id}": field.options[1].id}, button=("act", "preview")))
    part = said[said.index("Anteprima"):said.index("Puoi continuare a scrivere")]
    for expected in (TITLE, BODY, "20 €", "Un luogo", str(axis.title), organisation.name, "Via Roma 1, Vallalta",
                     "Quando?", "Poi"):
        assert expected in part
    assert proposals() == []


def test_no_draft_runs_in_the_browser_of_its_writer(browser, make, call):
    page = browser(make.person())
    form, path = opened(page, call)
    for payload in XSS:
        answer = save(page, path, form, title=payload[:120], body=f"{payload} {BODY}")
        assert dangers(answer.get_data(as_text=True)) == []
    assert dangers(page.get(f"/raccolte/{call.id}/proponi").get_data(as_text=True)) == []


def test_saving_a_draft_makes_no_page_of_visitors_anew(browser, make, call, app):
    visitor, page = browser(), browser(make.person())
    form, path = opened(page, call)
    save(page, path, form, title=TITLE)
    before = visitor.get(f"/raccolte/{call.id}").headers["ETag"]
    save(page, path, form, title="Altro titolo")
    assert visitor.get(f"/raccolte/{call.id}").headers["ETag"] == before
