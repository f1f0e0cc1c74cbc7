"""Lists of proposals: of a call and of a percorso, searched, narrowed, at random, as table, map and file."""

import csv
import io
from urllib.parse import parse_qs, urlsplit

import pytest

from consult.contributions import services as contributions
from consult.contributions.models import State
from consult.core import clock
from consult.core.languages import Localized
from consult.proposals import listing
from consult.proposals.models import ProposalCategory
from consult.results.models import Verdict
from tests.browser import NAMESPACE, document, text_of


def codes(response):
    """The codes of what a list shows, whatever its view."""
    return [e.get("data-code") for e in document(response).iter() if e.get("data-code")]


def next_page(response):
    return next((a.get("href") for a in document(response).iter(f"{NAMESPACE}a") if a.get("rel") == "next"), None)


def rows_of(response):
    return list(csv.DictReader(io.StringIO(response.get_data().decode("utf-8-sig")), delimiter=";"))


@pytest.fixture
def two_calls(make):
    """A percorso with two calls, and a third that is not public yet."""
    calls = [make.call(title=Localized.of("Idee")), make.call(title=Localized.of("Mobilità")),
             make.call(published=False)]
    return calls, [make.proposal(call=call, title=f"Treni per {name}", support_count=number)
                   for number, (call, name) in enumerate(zip(calls, ("Lodenza", "Pontelungo", "Brozza"), strict=True))]


def test_a_percorso_lists_what_stands_in_its_public_calls(browser, two_calls):
    calls, (first, second, _hidden) = two_calls
    path = f"/percorsi/{calls[0].phase.process.slug}/proposte"
    response = browser().get(path)
    assert codes(response) == [second.code, first.code]
    assert "Mobilità" in text_of(response)
    assert codes(browser().get(f"{path}?q=treni+ponte&ordine=sostenute")) == [second.code]
    assert codes(browser().get(f"{path}?q={first.code.lower()}")) == [first.code]
    assert {row["Codice"] for row in rows_of(browser().get(f"{path}.csv"))} == {first.code, second.code}


def test_words_that_match_are_marked_also_where_they_stand_far_down(browser, make):
    proposal = make.proposal(title="Corse serali", body="Parole comuni. " * 40 + "L'autobus non passa.")
    page = browser().get(f"/raccolte/{proposal.activity_id}?q=corsa+autob")
    marked = [mark.text for mark in document(page).iter(f"{NAMESPACE}mark")]
    assert marked == ["Corse", "autobus"]


def test_what_is_hidden_is_in_no_list_and_in_no_file_from_then_on(browser, make):
    proposal, moderator = make.proposal(title="Corse serali"), make.person()
    call_id, slug = proposal.activity_id, proposal.activity.phase.process.slug
    paths = [f"/raccolte/{call_id}?q=corse", f"/percorsi/{slug}/proposte?q=corse", f"/raccolte/{call_id}?vista=tabella",
             f"/raccolte/{call_id}/proposte.csv", f"/percorsi/{slug}/proposte.csv", f"/raccolte/{call_id}?parte=elenco",
             f"/raccolte/{call_id}?vista=mappa", f"/raccolte/{call_id}?ordine=caso&seme=3"]
    page = browser()
    for path in paths[:6]:
        assert "serali" in page.get(path).get_data(as_text=True), path
    contributions.change_state(proposal, State.HIDDEN, moderator)
    for path in paths:
        assert "serali" not in page.get(path).get_data(as_text=True), path


def test_an_order_at_random_is_given_a_seed_that_stays_in_every_address(browser, make):
    call, author = make.call(), make.person()
    made = [make.proposal(call=call, author=author) for _ in range(45)]
    page = browser()
    sent = page.get(f"/raccolte/{call.id}?ordine=caso&q=panchina&vista=tabella")
    assert (sent.status_code, sent.headers["Cache-Control"]) == (302, "no-store")
    asked = parse_qs(urlsplit(sent.location).query)
    assert asked.keys() == {"ordine", "q", "vista", "seme"}
    path, seen = sent.location, []
    while path:
        response = page.get(path)
        links = [urlsplit(a.get("href")) for a in document(response).iter(f"{NAMESPACE}a")
                 if "seme=" in (a.get("href") or "")]
        assert {parse_qs(link.query)["seme"][0] for link in links} == set(asked["seme"])
        seen += codes(response)
        path = next_page(response)
    assert sorted(seen) == sorted(p.code for p in made)
    assert seen != [p.code for p in made]
    assert seen != [p.code for p in reversed(made)]
    assert seen[:20] == codes(page.get(sent.location))


def test_each_seed_has_its_own_order_and_every_proposal_its_chance_to_be_first(make):
    call, author = make.call(), make.person()
    for _ in range(6):
        make.proposal(call=call, author=author)
    first = [listing.listed(listing.of_call(call), "caso", listing.Filter(), seed=seed, size=1).items[0].id
             for seed in range(120)]
    counts = [first.count(id) for id in set(first)]
    assert len(counts) == 6
    assert min(counts) >= 6


@pytest.mark.parametrize("seed", ["-1", "x", "99999999", "²"])
def test_a_seed_that_is_none_is_given_anew(browser, make, seed):
    call = make.call()
    make.proposal(call=call)
    answer = browser().get(f"/raccolte/{call.id}?ordine=caso&seme={seed}")
    assert answer.status_code in {200, 302}


def test_a_list_is_narrowed_by_category_state_and_outcome(browser, make):
    call, author = make.call(), make.person()
    call.categories = [ProposalCategory(position=1, name=Localized.of("Strade"))]
    plain = make.proposal(call=call, author=author)
    roads = make.proposal(call=call, author=author, category=call.categories[0])
    merged = make.proposal(call=call, author=author, replaced_at=clock.now())
    taken = make.proposal(call=call, author=author)
    make.outcome(taken, Verdict.ACCEPTED)
    path = f"/raccolte/{call.id}"
    for asked, wanted in {
        f"categoria={call.categories[0].id}": [roads], "categoria=999": [taken, merged, roads, plain],
        "stato=sostituite": [merged], "stato=attuali": [taken, roads, plain],
        "esito=accepted": [taken], "esito=partly": [], "esito=nessuno": [merged, roads, plain],
        "esito=boh": [taken, merged, roads, plain], "stato=bozze": [taken, merged, roads, plain],
    }.items():
        assert codes(browser().get(f"{path}?{asked}&vista=tabella")) == [one.code for one in wanted], asked


def test_somebody_finds_their_own_in_every_state_and_nobody_elses(browser, make):
    call, author, other = make.call(), make.person(), make.person()
    own = {state: make.proposal(call=call, author=author, state=state) for state in State}
    make.proposal(call=call, author=other, state=State.DRAFT)
    page, path = browser(author), f"/raccolte/{call.id}?parte=elenco&vista=tabella"
    assert set(codes(page.get(f"{path}&mie=si"))) == {p.code for s, p in own.items() if s is not State.WITHDRAWN}
    for asked, state in listing.OWN_STATES.items():
        assert codes(page.get(f"{path}&stato={asked}")) == [own[state].code]
    assert codes(browser(other).get(f"{path}&stato=nascoste")) == []
    assert codes(browser().get(f"{path}&stato=nascoste")) == [own[State.PUBLISHED].code]


def test_a_script_is_given_the_list_alone_at_an_address_of_its_own(browser, make):
    call = make.call()
    proposal = make.proposal(call=call)
    part = browser().get(f"/raccolte/{call.id}?parte=elenco&q=panchina")
    assert codes(part) == [proposal.code]
    assert "<html" not in part.get_data(as_text=True)
    assert "parte=" not in part.get_data(as_text=True)


def test_a_visitors_list_is_made_once_while_nothing_changes(browser, make, queries):
    call = make.call()
    make.proposal(call=call)
    path = f"/raccolte/{call.id}?q=panchina&ordine=sostenute"
    assert browser().get(path).headers["ETag"]
    window = browser()
    with queries() as seen:
        assert window.get(path).status_code == 200
    assert [s for s in seen if "FROM contribution" in s] == []


def test_a_file_holds_what_the_list_shows_in_its_order_and_runs_nothing(browser, make):
    call, author = make.call(), make.person(municipality=make.municipality("Acquaviva"))
    few = make.proposal(call=call, author=author, title="=1+1", support_count=1)
    many = make.proposal(call=call, author=author, title="Ombra", support_count=5)
    make.proposal(call=call, author=make.person(), title="Altrove")
    town = author.municipality.istat_code
    response = browser().get(f"/raccolte/{call.id}/proposte.csv?comune={town}&ordine=sostenute")
    assert response.mimetype == "text/csv"
    assert "attachment" in response.headers["Content-Disposition"]
    rows = rows_of(response)
    assert [row["Codice"] for row in rows] == [many.code, few.code]
    assert rows[1]["Titolo"] == "'=1+1"
    assert rows[0]["Comune"] == "Acquaviva"
    assert rows[0]["Indirizzo della pagina"].endswith(f"/c/{many.code}")


def test_a_file_of_a_call_that_is_not_public_is_unknown(browser, make):
    call = make.call(published=False)
    assert browser().get(f"/raccolte/{call.id}/proposte.csv").status_code == 404


def test_a_map_shows_those_that_match_with_their_place(browser, make):
    call = make.call()
    make.proposal(call=call, title="Ombra in piazza")
    page = browser().get(f"/raccolte/{call.id}?vista=mappa&q=ombra")
    assert page.status_code == 200
    assert "luogo" in text_of(page)
