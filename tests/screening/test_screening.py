"""What follows from a sign: the text waits or lies before the moderators, and a person decides."""

from datetime import timedelta

import pytest

from consult.accounts.models import Role
from consult.comments import services as comments
from consult.contributions import services as contributions
from consult.contributions.models import FlagReason, State
from consult.core import clock
from consult.core.db import StaleVersionError, db
from consult.moderation import queue
from consult.moderation import services as moderation
from consult.moderation.models import Act, Origin
from consult.proposals import services as proposals
from consult.screening import queries, services
from consult.screening.models import Finding, Mode, Signal
from tests.browser import text_of

FINE = "La biblioteca dovrebbe aprire anche la sera, almeno due volte la settimana."
PHONE = "Chi vuole aiutare chiami la Rita al 347 1234567 dopo cena."
INSULT = "Il sindaco è un cretino."


@pytest.fixture
def moderator(make):
    return make.person(Role.MODERATOR)


@pytest.fixture
def author(make):
    return make.person(created_at=clock.now() - timedelta(days=100))


def post(make, author, body, thread=None, **values):
    return comments.post(thread or make.proposal().thread, author, body=body, **values)


def set_to(make, **modes):
    services.change(make.person(Role.PLAN_OFFICE), seen=services.setting().version, contacts=[],
                    modes={**services.MODES, **{Signal(name): mode for name, mode in modes.items()}},
                    insults=["cretino"], of_people=["ladro"])


def signs(contribution):
    return [one.signal for one in queries.findings(contribution)]


def origins(moderator):
    return [row.origin for row in queue.queue(moderator).items]


def test_what_has_no_sign_is_published_and_nobody_is_asked(make, author, moderator):
    assert post(make, author, FINE).public
    assert origins(moderator) == []


def test_a_hint_leaves_it_public_and_lies_before_the_moderators(make, author, moderator):
    comment = post(make, author, INSULT)
    assert comment.public
    assert origins(moderator) == [Origin.SCREENED]
    (found,) = queries.findings(comment)
    assert (found.signal, found.field, INSULT[found.begins:found.ends]) == (Signal.INSULT, "body", "cretino")


def test_keeping_it_settles_what_was_found_until_that_is_taken_back(make, author, moderator):
    comment = post(make, author, INSULT)
    decision = moderation.decide(comment, moderator, act=Act.KEEP, seen=1)
    assert decision.origin is Origin.SCREENED
    assert origins(moderator) == []
    moderation.take_back(decision, comment, moderator)
    assert origins(moderator) == [Origin.SCREENED]


def test_what_readers_report_too_stands_in_the_queue_once(make, author, moderator):
    contributions.flag(post(make, author, INSULT), make.person(), reason=FlagReason.OFFENCE, note="Offende")
    assert origins(moderator) == [Origin.GRAVE]


def test_held_it_is_on_no_public_page_until_somebody_decides(browser, make, author, moderator):
    proposal = make.proposal(title="Doposcuola")
    comment = post(make, author, PHONE, thread=proposal.thread)
    call = proposal.activity
    sent = proposals.submit(call, author, proposals.Wording(title="Aiuto compiti", body=PHONE * 3, organisation=None))
    db.session.commit()
    assert (comment.state, sent.state, comment.published_at) == (State.PENDING, State.PENDING, None)
    places = ["/", proposal.thread.path, f"/raccolte/{call.id}", "/cerca?q=rita", f"/c/{comment.code}",
              sent.thread.path]
    for path in places:
        assert "347 1234567" not in browser().get(path).get_data(as_text=True), path
    assert origins(moderator) == [Origin.HELD, Origin.HELD]
    for path in (proposal.thread.path, sent.thread.path):
        assert "un programma ha trovato qualcosa" in text_of(browser(author).get(path))
    moderation.decide(comment, moderator, act=Act.APPROVE, seen=1)
    db.session.commit()
    assert "347 1234567" in browser().get(proposal.thread.path).get_data(as_text=True)


def test_only_moderators_read_what_was_found_and_where(browser, make, author, moderator):
    comment = post(make, author, PHONE)
    db.session.commit()
    page = text_of(browser(moderator).get(f"/moderazione/{comment.id}"))
    assert "forma di un numero di telefono" in page
    assert "caratteri da 37 a 47" in page
    assert browser(author).get(f"/moderazione/{comment.id}").status_code == 404


def test_an_edit_is_looked_through_and_earlier_findings_go(make, author):
    comment = post(make, author, INSULT)
    comments.edit(comment, author, seen=1, body=PHONE)
    assert (comment.state, signs(comment)) == (State.PENDING, [Signal.PERSONAL])
    comments.edit(comment, author, seen=2, body=FINE)
    assert db.session.query(Finding).count() == 0


def test_an_edit_of_what_was_decided_lies_before_the_moderators_again(make, author, moderator):
    comment = post(make, author, INSULT)
    moderation.decide(comment, moderator, act=Act.KEEP, seen=1)
    comments.edit(comment, author, seen=1, body=FINE)
    assert comment.public
    assert (signs(comment), origins(moderator)) == ([Signal.CHANGED], [Origin.SCREENED])


def test_a_draft_is_looked_through_when_it_is_sent(make, author):
    wording = proposals.Wording(title="Aiuto compiti", body=PHONE, organisation=None)
    draft = proposals.save_draft(make.call(), author, wording)
    assert (draft.state, signs(draft)) == (State.DRAFT, [])
    proposals.edit(draft, author, wording, seen=draft.version, send=True)
    assert (draft.state, signs(draft)) == (State.PENDING, [Signal.PERSONAL])


def test_what_the_authority_writes_is_not_looked_through(make):
    assert post(make, make.person(Role.PLAN_OFFICE), PHONE, official=True).public


def test_nothing_is_looked_for_that_is_set_to_off(make, author):
    set_to(make, personal=Mode.OFF, insult=Mode.HOLD)
    assert post(make, author, PHONE).public
    held = post(make, author, INSULT)
    assert (held.state, [one.mode for one in queries.findings(held)]) == (State.PENDING, [Mode.HOLD])
    set_to(make, **{signal.value: Mode.OFF for signal in Signal})
    assert signs(post(make, author, INSULT + PHONE.upper())) == []


def test_nearly_the_same_again_in_the_same_activity(make, author):
    first = make.comment(make.proposal().thread, body=FINE)
    again = post(make, author, FINE.replace(",", "") + "!", thread=first.thread)
    assert [(one.signal, one.number) for one in queries.findings(again)] == [(Signal.DOUBLE, first.id)]
    assert signs(post(make, author, "Sono d’accordo!", thread=first.thread)) == []
    known = make.proposal(title="Biblioteca di sera", body=FINE)
    wording = proposals.Wording(title="Biblioteca di sera", body=FINE, organisation=None)
    sent = proposals.submit(known.activity, author, wording)
    assert [(one.signal, one.number) for one in queries.findings(sent)] == [(Signal.DOUBLE, known.id)]


def test_many_texts_within_an_hour_by_a_new_account(make, author):
    thread, new = make.proposal().thread, make.person()
    words = ("panchine", "fontane", "siepi", "lampioni", "cestini", "rastrelliere")
    posted = [post(make, new, f"Servono {word}.", thread=thread) for word in words]
    assert [signs(one) for one in posted[:5]] == [[]] * 5
    assert [(one.signal, one.number) for one in queries.findings(posted[5])] == [(Signal.BURST, 6)]
    assert not any(signs(post(make, author, f"Servono {word}.", thread=thread)) for word in words)


def test_a_moderators_words_are_looked_through_too(make, author, moderator):
    comment = post(make, author, PHONE)
    contributions.rewrite(comment, moderator, {"body": "Chi vuole aiutare chiami la Rita."}, reason="Dati")
    assert signs(comment) == []


@pytest.mark.parametrize("new", [True, False])
def test_looking_through_a_comment_costs_few_statements(make, author, queries, new):
    """Posting with all signs on, beside posting what is vouched for: at most three statements more."""
    thread = make.proposal().thread
    for number in range(5):
        make.comment(thread, body=f"{FINE} {number}")
    author = make.person() if new else author
    post(make, author, "Prima di tutto grazie.", thread=thread)

    def statements(**values):
        with queries() as seen:
            contributions.begin(_comment(make, thread, author), State.PUBLISHED, **values)
        return len(seen)

    assert statements() - statements(vouched=True) <= 3


def _comment(make, thread, author):
    found = make.comment(thread, author=author, body=f"{FINE} {INSULT}", state=State.DRAFT)
    db.session.refresh(found.author)
    return found


def test_the_office_sets_the_signs(browser, make, author):
    office = browser(make.person(Role.PLAN_OFFICE))
    fields = {**office.form("/ufficio/vaglio")["fields"], "insult": "hold", "insults": "babbeo\n Citrullo \n",
              "contacts": "347 1234567"}
    assert office.post("/ufficio/vaglio", data=fields).status_code == 303
    now = services.setting()
    assert (now.modes[Signal.INSULT], now.lists.insults, now.version) == (Mode.HOLD, ["Citrullo", "babbeo"], 1)
    assert post(make, author, "Che citrulli!").state is State.PENDING
    assert post(make, author, PHONE).public
    assert office.post("/ufficio/vaglio", data=fields).status_code == 409


@pytest.mark.parametrize(("field", "typed", "said"), [
    ("insults", "*", "non è una parola"), ("contacts", "Rita", "non è né un numero"),
    ("insults", "a" * 61, "troppo lungo"),
    ("of_people", "\n".join(f"parola{n}" for n in range(501)), "Al massimo 500"),
])
def test_a_list_that_cannot_be_is_kept_on_the_page(browser, make, field, typed, said):
    office = browser(make.person(Role.PLAN_OFFICE))
    fields = {**office.form("/ufficio/vaglio")["fields"], field: typed}
    answer = office.post("/ufficio/vaglio", data=fields)
    assert said in text_of(answer)
    assert services.setting().version == 0


def test_two_cannot_set_the_signs_at_once(make):
    set_to(make)
    with pytest.raises(StaleVersionError):
        services.change(make.person(), seen=0, modes=services.MODES, insults=[], of_people=[], contacts=[])


def test_the_rules_say_that_signs_are_looked_for_and_decide_nothing(browser, make):
    make.process()
    page = text_of(browser().get("/pagine/regole"))
    assert "Un programma cerca dei segnali" in page
    assert "dati personali" in page
