"""The page of a call: what it asks, until when, and the proposals in it."""

from urllib.parse import parse_qs, urlsplit

import pytest

from consult.contributions.models import State
from consult.core.languages import Localized
from consult.processes.models import ModerationMode
from tests.browser import NAMESPACE, document, text_of


def codes(response):
    """The public codes of the proposals in the list, in their order."""
    items = [e for e in document(response).iter(f"{NAMESPACE}li") if "proposal-item" in (e.get("class") or "")]
    return [item.get("data-code") for item in items]


def next_page(response):
    links = document(response).iter(f"{NAMESPACE}a")
    return next((link.get("href") for link in links if link.get("rel") == "next"), None)


def test_a_call_says_what_it_asks_until_when_and_how_it_is_moderated(browser, make):
    call = make.call(title=Localized.of("Idee per la valle"), intro=Localized.of("Che cosa manca?"),
                     negotiable=Localized.of("Tutto, tranne il bilancio."), guide="Una proposta, **un argomento**.",
                     moderation=ModerationMode.BEFORE)
    text = text_of(browser().get(f"/raccolte/{call.id}"))
    for said in ("Idee per la valle", "Che cosa manca?", "Tutto, tranne il bilancio.", "un argomento",
                 str(call.takes().reason), "nulla è pubblico finché un moderatore non l’ha letto", "Consultazione",
                 "Non ci sono ancora proposte"):
        assert said in text


def test_a_list_shows_what_is_public_and_nothing_else(browser, make):
    call, author = make.call(), make.person()
    shown = make.proposal(call=call, author=author)
    for state in (State.DRAFT, State.PENDING, State.HIDDEN, State.WITHDRAWN):
        make.proposal(call=call, state=state, author=author)
    elsewhere = make.proposal(call=make.call())
    for person in (None, make.person()):
        page = browser(person).get(f"/raccolte/{call.id}")
        assert codes(page) == [shown.code]
        assert elsewhere.code not in page.get_data(as_text=True)
    assert "Proposte 1" in text_of(page)


def test_the_author_finds_what_others_do_not_see(browser, make):
    call, author = make.call(), make.person()
    draft = make.proposal(call=call, state=State.DRAFT, author=author, title="La mia bozza")
    make.proposal(call=call, state=State.PENDING, author=author, title="In attesa")
    page = browser(author).get(f"/raccolte/{call.id}")
    assert "La mia bozza Bozza: la vedi solo tu" in text_of(page)
    assert "In attesa In attesa di un moderatore" in text_of(page)
    assert f'href="/proposte/{draft.id}/modifica"' in page.get_data(as_text=True)
    assert "La mia bozza" not in text_of(browser(make.person()).get(f"/raccolte/{call.id}"))


def test_an_item_shows_by_whom_from_where_about_what_and_how_much_is_said(browser, make):
    speaker = make.person(display_name="Ada Nascosta", municipality=make.municipality("Pontelungo"))
    axis = make.axis(title=Localized.of("Mobilità"))
    proposal = make.proposal(author=speaker, organisation=make.organisation(speaker, name="Pro loco"), axis=axis,
                             title="Corse serali", body="Più corse **la sera**.")
    make.comment(proposal.thread)
    text = text_of(browser().get(f"/raccolte/{proposal.activity_id}"))
    for said in ("Corse serali", "Più corse la sera.", "Pro loco", "Pontelungo", "Mobilità", "1 commento",
                 proposal.code):
        assert said in text
    assert "Ada Nascosta" not in text


@pytest.mark.parametrize("order", ["recenti", "sostenute", "discusse"])
def test_pages_of_twenty_follow_one_another_in_every_order(browser, make, order):
    call, author = make.call(), make.person()
    made = [make.proposal(call=call, author=author, support_count=number * 7 % 5, comment_count=number * 3 % 4)
            for number in range(45)]
    keys = {"recenti": lambda p: -p.id, "sostenute": lambda p: (-p.support_count, -p.id),
            "discusse": lambda p: (-p.comment_count, -p.id)}
    wanted = [p.code for p in sorted(made, key=keys[order])]
    page, path, seen = browser(), f"/raccolte/{call.id}?ordine={order}", []
    while path:
        response = page.get(path)
        assert len(codes(response)) <= 20
        seen += codes(response)
        path = next_page(response)
    assert seen == wanted


def test_a_sentence_says_why_the_list_has_its_order(browser, make):
    call = make.call()
    page = browser()
    assert "nessuno ha scelto questo ordine" in text_of(page.get(f"/raccolte/{call.id}"))
    assert "uno degli elementi di cui si tiene conto" in text_of(page.get(f"/raccolte/{call.id}?ordine=sostenute"))
    assert "a favore o contro" in text_of(page.get(f"/raccolte/{call.id}?ordine=discusse"))


@pytest.fixture
def mixed(make):
    """A call with proposals that differ in theme, municipality, voice and words."""
    call, axis, town = make.call(), make.axis(code="M1"), make.municipality("Acquaviva", istat_code="999123")
    speaker = make.person()
    return call, {
        "theme": make.proposal(call=call, axis=axis, title="Treni").code,
        "town": make.proposal(call=call, author=make.person(municipality=town), title="Acqua").code,
        "organisation": make.proposal(call=call, author=speaker, organisation=make.organisation(speaker)).code,
        "words": make.proposal(call=call, title="100% più Verde_pubblico", body="Alberi e ombra per tutti noi.").code,
    }


@pytest.mark.parametrize(("asked", "names"), [
    ("asse=M1", ["theme"]),
    ("comune=999123", ["town"]),
    ("da=organizzazioni", ["organisation"]),
    ("da=cittadini", ["words", "town", "theme"]),
    ("q=verde_", ["words"]),
    ("q=100%25", ["words"]),
    ("q=alberi+ombra", ["words"]),
    ("q=alberi+treni", []),
    ("q=%25", ["words", "organisation", "town", "theme"]),
    ("q=_", ["words", "organisation", "town", "theme"]),
    ("q=albero", ["words"]),
    ("q=albe", ["words"]),
    ("q=boh", []),
    ("q=TRENI", ["theme"]),
    ("asse=M1&da=organizzazioni", []),
    ("asse=boh&comune=x&da=y&ordine=z", ["words", "organisation", "town", "theme"]),
])
def test_a_list_can_be_narrowed(browser, mixed, asked, names):
    call, proposals = mixed
    response = browser().get(f"/raccolte/{call.id}?{asked}")
    assert codes(response) == [proposals[name] for name in names]
    assert ("Nessuna proposta corrisponde" in text_of(response)) is (names == [])


def test_a_code_can_be_looked_for(browser, mixed):
    call, proposals = mixed
    assert codes(browser().get(f"/raccolte/{call.id}?q={proposals['town']}")) == [proposals["town"]]


def test_what_is_asked_for_stays_in_the_address_of_the_next_page_and_of_the_orders(browser, make):
    axis, call, author = make.axis(code="M1"), make.call(), make.person()
    for _ in range(21):
        make.proposal(call=call, axis=axis, author=author, title="Più ombra")
    response = browser().get(f"/raccolte/{call.id}?asse=M1&q=più+ombra&da=cittadini")
    wanted = {"asse": ["M1"], "q": ["più ombra"], "da": ["cittadini"]}
    further = parse_qs(urlsplit(next_page(response)).query)
    assert {name: further[name] for name in wanted} == wanted
    orders = [urlsplit(a.get("href")).query for a in document(response).iter(f"{NAMESPACE}a")
              if "ordine=" in (a.get("href") or "")]
    assert [parse_qs(order) for order in orders] == [
        {**wanted, "ordine": [order]} for order in ("sostenute", "discusse", "caso")]
    fields = {e.get("name"): e.get("value") for e in document(response).iter(f"{NAMESPACE}input")}
    assert fields["q"] == "più ombra"


@pytest.mark.parametrize("asked", [
    "q=%00", "q=a&q=b&dopo=&dopo=", "dopo=x", "dopo=WyJhIl0", "ordine=id;drop", "q=" + "a" * 3000, "asse=%ff%fe",
    "comune=-1", "q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E", "dopo=" + "a" * 1000, "q=' OR 1=1 --"])
def test_whatever_is_asked_for_is_answered(browser, make, asked):
    call = make.call()
    make.proposal(call=call)
    response = browser().get(f"/raccolte/{call.id}?{asked}")
    assert response.status_code in {200, 404}
    assert "<script>alert" not in response.get_data(as_text=True)


def test_the_button_is_there_while_the_call_is_open(browser, make):
    call, closed = make.call(), make.call("closed")
    for person in (None, make.person()):
        page = browser(person).get(f"/raccolte/{call.id}")
        assert f'href="/raccolte/{call.id}/proponi"' in page.get_data(as_text=True)
        page = browser(person).get(f"/raccolte/{closed.id}")
        assert "/proponi" not in page.get_data(as_text=True)
        assert str(closed.takes().reason) in text_of(page)


def test_a_call_that_is_not_public_is_unknown(browser, make):
    call = make.call(published=False)
    for person in (None, make.person()):
        assert browser(person).get(f"/raccolte/{call.id}").status_code == 404
        assert browser(person).get(f"/raccolte/{call.id}/proponi").status_code == 404


@pytest.mark.parametrize("id", ["0", "999", "2147483648", "99999999999999999999", "-1", "x"])
def test_a_call_that_does_not_exist_is_unknown(browser, make, id):
    make.process()
    assert browser().get(f"/raccolte/{id}").status_code == 404


def test_another_kind_of_activity_is_not_a_call(browser, make):
    assert browser().get(f"/raccolte/{make.survey().id}").status_code == 404


@pytest.mark.parametrize("asked", ["", "q=proposta+panch&asse=A1&comune=1", "ordine=caso&seme=7", "vista=tabella",
                                   "vista=mappa", "mie=si", "esito=accepted"])
@pytest.mark.parametrize("signed_in", [False, True])
def test_the_list_costs_as_many_queries_with_ten_times_the_proposals(browser, make, queries, signed_in, asked):
    reader = make.person(verified=True) if signed_in else None
    counts = []
    for how_many in (4, 40):
        call, axis = make.call(), make.axis()
        authors = [make.person(municipality=make.municipality()) for _ in range(5)]
        for number in range(how_many):
            author = authors[number % 5]
            make.proposal(call=call, author=author, axis=axis, organisation=make.organisation(author))
        page, path = browser(reader), f"/raccolte/{call.id}?{asked}"
        page.get("/")
        with queries() as seen:
            assert page.get(path).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert counts[1] <= 12
