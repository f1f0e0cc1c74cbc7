"""Where something lies: said in words or by a point, shown where the text is shown, gone where it is gone."""

import pytest
import sqlalchemy as sa

from consult.audit.models import AuditEntry
from consult.contributions import services as contributions
from consult.contributions.models import Contribution, State
from consult.core import clock
from consult.core.db import db
from consult.places import queries, services
from consult.places.models import Place, Where
from consult.privacy import erasure, exports
from consult.processes.models import ModerationMode
from consult.proposals import services as proposals
from consult.proposals.models import Asking
from tests.browser import document, text_of

TEXT = {"title": "Una panchina", "body": "Chiediamo una panchina all'ombra davanti alla scuola, per chi aspetta."}
SVG = "{http://www.w3.org/2000/svg}"


def sent(browser, person, call, **place):
    answer = browser(person).submit(f"/raccolte/{call.id}/proponi",
                                    {**TEXT, **{f"place_{name}": value for name, value in place.items()}})
    return answer, db.session.scalar(sa.select(Place))


# sending


def test_a_point_names_its_municipality(make, browser, call, towns):
    answer, place = sent(browser, make.person(), call, latitude="44.050001", longitude="11.150004",
                         municipality=str(towns[0].id), address="Via Roma 1")
    assert answer.status_code == 303
    assert place.where == Where(towns[1].id, 44.05, 11.15, "Via Roma 1")


def test_without_a_script_the_municipality_and_an_address_are_enough(make, browser, call, towns):
    answer, place = sent(browser, make.person(), call, municipality=str(towns[0].id), address="  Ponte   vecchio ")
    assert answer.status_code == 303
    assert place.where == Where(towns[0].id, None, None, "Ponte   vecchio")


def test_a_point_in_another_municipality_than_the_call_asks_for_is_told_which(make, browser, call, towns):
    call.only_places = [towns[0].istat_code]
    answer, place = sent(browser, make.person(), call, latitude="44.05", longitude="11.15")
    assert (answer.status_code, place) == (200, None)
    assert f"Il punto è a {towns[1].name}. Qui si chiedono luoghi in questi comuni: {towns[0].name}." in text_of(answer)


def test_no_place_is_needed(make, browser, call):
    answer, place = sent(browser, make.person(), call)
    assert (answer.status_code, place) == (303, None)


@pytest.mark.parametrize(("place", "said"), [
    ({"latitude": "45", "longitude": "11.05"}, "The point lies outside the territory. Choose one within it."),
    ({"latitude": "44.10001", "longitude": "11.05"}, "The point lies outside the territory."),
    ({"address": "Via Roma 1"}, "Choose the municipality in which the address lies."),
    ({"latitude": "x", "longitude": "y"}, "The point could not be read. Choose it once more on the map."),
    ({"latitude": "44.05"}, "The point could not be read."), ({"longitude": "11.05"}, "The point could not be read."),
    ({"latitude": "nan", "longitude": "nan"}, "The point could not be read."),
    ({"latitude": "inf", "longitude": "11"}, "The point could not be read."),
    ({"latitude": "1e999", "longitude": "11"}, "The point could not be read."),
    ({"latitude": "44.05", "longitude": "9" * 5000}, "The point could not be read."),
    ({"latitude": "\0", "longitude": "11"}, "The point could not be read."),
    ({"municipality": "999999"}, "Choose one of the values offered."),
    ({"municipality": "x"}, "Choose one of the values offered."),
    ({"municipality": "1", "address": "x" * 161}, "Write at most 160 characters.")])
def test_what_cannot_be_is_refused_with_what_to_do_and_nothing_is_lost(make, browser, call, place, said):
    person = make.person(language="en")
    visitor = browser(person)
    visitor.get("/?lingua=en")
    answer = visitor.submit(f"/raccolte/{call.id}/proponi",
                            {**TEXT, **{f"place_{name}": value for name, value in place.items()}})
    assert answer.status_code == 200
    assert said in text_of(answer)
    assert TEXT["body"] in text_of(answer)
    assert db.session.scalar(sa.select(Contribution.id)) is None


@pytest.mark.parametrize(("latitude", "longitude", "town"), [
    ("44", "11", 0), ("44.1", "11", 0), ("44.05", "11.1", 0), ("44.05", "11.10001", 1), ("44", "11.2", 1)])
def test_points_on_borders_and_corners_belong_to_the_territory(make, browser, call, towns, latitude, longitude, town):
    answer, place = sent(browser, make.person(), call, latitude=latitude, longitude=longitude)
    assert answer.status_code == 303
    assert place.municipality_id == towns[town].id


def test_a_call_that_does_not_ask_takes_no_place(make, browser, towns):
    call = make.call()
    assert "place_address" not in browser(make.person()).form(f"/raccolte/{call.id}/proponi")["fields"]
    answer, place = sent(browser, make.person(), call, municipality=str(towns[0].id))
    assert (answer.status_code, place) == (303, None)


def test_where_no_boundaries_are_known_one_chooses_the_municipality(make, browser):
    town, call = make.municipality(), make.call(asks_place=Asking.OPTIONAL)
    page = browser(make.person()).get(f"/raccolte/{call.id}/proponi")
    assert "data-map-picker" not in page.get_data(as_text=True)
    answer, place = sent(browser, make.person(), call, municipality=str(town.id))
    assert (answer.status_code, place.municipality_id) == (303, town.id)
    answer, _place = sent(browser, make.person(), call, latitude="44", longitude="11")
    assert answer.status_code == 200


def test_an_edit_shows_and_changes_and_removes_the_place(make, browser, call, towns):
    proposal = make.proposal(call=call, state=State.DRAFT)
    services.put(proposal, Where(towns[0].id, 44.05, 11.05, "Via Roma"), proposal.author)
    visitor, path = browser(proposal.author), f"/proposte/{proposal.id}/modifica"
    fields = visitor.form(path)["fields"]
    assert [fields[f"place_{name}"] for name in ("municipality", "address", "latitude", "longitude")] == [
        str(towns[0].id), "Via Roma", "44.05000", "11.05000"]
    visitor.submit(path, {"act": "draft", "place_longitude": "11.15"})
    assert queries.where(proposal) == Where(towns[1].id, 44.05, 11.15, "Via Roma")
    visitor.submit(path, {"act": "draft", "place_longitude": "", "place_latitude": "", "place_municipality": "",
                          "place_address": ""})
    assert queries.where(proposal) is None


# keeping


def test_the_same_place_again_changes_nothing(make, towns):
    proposal = make.proposal()
    where = Where(towns[0].id, address="Piazza")
    assert services.put(proposal, where, proposal.author)
    assert not services.put(proposal, where, proposal.author)
    assert services.put(proposal, None, proposal.author)
    assert not services.put(proposal, None, proposal.author)
    entries = sa.select(sa.func.count()).select_from(AuditEntry).where(AuditEntry.event == "PlaceChanged")
    assert db.session.scalar(entries) == 2


def test_a_new_address_of_a_public_text_goes_to_the_moderators_where_they_read_first(make, towns):
    proposal = make.proposal(call=make.call(moderation=ModerationMode.BEFORE))
    services.put(proposal, Where(towns[0].id, address="Piazza"), proposal.author)
    assert proposal.state is State.PENDING


@pytest.mark.parametrize("where", [
    {"latitude": 44.0, "longitude": None}, {"latitude": None, "longitude": 11.0}, {"latitude": 91.0, "longitude": 11.0},
    {"latitude": 44.0, "longitude": 181.0}])
def test_the_schema_keeps_half_points_and_points_off_the_earth_out(make, towns, where):
    proposal = make.proposal()
    db.session.add(Place(contribution_id=proposal.id, municipality_id=towns[0].id, **where))
    with pytest.raises(sa.exc.IntegrityError):
        db.session.flush()


def test_what_is_withdrawn_or_deleted_lies_nowhere(make, towns):
    public, draft = make.proposal(), make.proposal(state=State.DRAFT)
    for one in (public, draft):
        services.put(one, Where(towns[0].id), one.author)
    contributions.change_state(public, State.WITHDRAWN, public.author)
    proposals.withdraw(draft, draft.author)
    assert db.session.scalar(sa.select(Place)) is None


@pytest.mark.parametrize(("withdraw", "left"), [(True, 0), (False, 1)])
def test_whoever_leaves_takes_the_places_of_their_texts_along_or_leaves_them(make, towns, withdraw, left):
    proposal = make.proposal()
    services.put(proposal, Where(towns[0].id, address="Casa mia"), proposal.author)
    erasure.erase(proposal.author, withdraw=withdraw, actor=proposal.author)
    assert len(db.session.scalars(sa.select(Place)).all()) == left


def test_the_copy_of_ones_data_tells_the_places(make, towns):
    proposal = make.proposal()
    services.put(proposal, Where(towns[0].id, 44.05, 11.05, "Via Roma"), proposal.author)
    told = [row for holding in exports.holdings() if holding.code == "places" for row in holding.rows(proposal.author)]
    assert told == [{"contribution": proposal.code, "municipality": "Ponente", "address": "Via Roma",
                     "latitude": 44.05, "longitude": 11.05}]


# showing


def test_the_page_tells_the_place_in_words_and_draws_it(make, browser, call, towns):
    proposal = make.proposal(call=call)
    services.put(proposal, Where(towns[0].id, 44.05, 11.05, "Via <b>Roma</b>"), proposal.author)
    page = browser().get(f"/proposte/{proposal.id}-proposta")
    assert "Via <b>Roma</b>, Ponente" in text_of(page)
    assert "44.05000" in text_of(page)
    drawn = [svg for svg in document(page).iter(f"{SVG}svg") if "map" in (svg.get("class") or "").split()]
    assert len(drawn) == 1
    assert drawn[0].get("role") == "img"
    named = drawn[0].get("aria-labelledby")
    assert [title.text for title in drawn[0].iter(f"{SVG}title") if title.get("id") == named]
    assert "style=" not in page.get_data(as_text=True)


def test_an_address_without_a_point_draws_nothing(make, browser, call, towns):
    proposal = make.proposal(call=call)
    services.put(proposal, Where(towns[0].id, address="Via Roma"), proposal.author)
    page = browser().get(f"/proposte/{proposal.id}-proposta")
    assert "Via Roma, Ponente" in text_of(page)
    assert 'class="map' not in page.get_data(as_text=True)


def test_the_points_of_a_list_are_those_of_what_is_public(make, towns):
    west, _east = towns
    public, hidden, draft, pending, bare = (make.proposal(state=state) for state in (
        State.PUBLISHED, State.HIDDEN, State.DRAFT, State.PENDING, State.PUBLISHED))
    for one in (public, hidden, draft, pending):
        services.put(one, Where(west.id, 44.05, 11.05), one.author)
    found = queries.points(sa.select(Contribution.id), west.authority_id)
    assert [(spot.code, spot.path, spot.municipality) for spot in found.spots] == [
        (public.code, f"/proposte/{public.id}-proposta", "Ponente")]
    assert (found.total, found.placeless, found.towns) == (1, 1, [])
    assert bare.public


def test_above_the_most_there_are_counts_for_each_municipality(make, towns, monkeypatch):
    monkeypatch.setattr(queries, "MOST_POINTS", 3)
    for number in range(4):
        one = make.proposal()
        services.put(one, Where(towns[number == 0].id, 44.05, 11.05), one.author)
    found = queries.points(sa.select(Contribution.id), towns[0].authority_id)
    assert found.spots == []
    assert [(town.name, number) for town, number in found.towns] == [("Ponente", 3), ("Levante", 1)]
    assert found.total == 4


def test_the_queries_of_a_map_do_not_grow_with_its_points(make, towns, queries):
    def cost():
        db.session.flush()
        db.session.expire_all()
        with queries() as seen:
            found = _points(towns)
        return len(found.spots), len(seen)

    def add():
        one = make.proposal(title=f"Panchina {clock.now()}")
        services.put(one, Where(towns[0].id, 44.05, 11.05), one.author)

    authority_id = towns[0].authority_id
    assert authority_id
    add()
    first = cost()
    for _ in range(5):
        add()
    assert cost() == (6, first[1])


def _points(towns):
    return queries.points(sa.select(Contribution.id), towns[0].authority_id)


@pytest.mark.parametrize("most", [500, 1])
def test_a_map_of_many_has_a_table_that_says_the_same(app, make, towns, monkeypatch, most):
    monkeypatch.setattr(queries, "MOST_POINTS", most)
    for title in ("Una <panchina>", "Un lampione"):
        one = make.proposal(title=title)
        services.put(one, Where(towns[0].id, 44.05, 11.05, "Via Roma"), one.author)
    template = app.jinja_env.from_string(
        '{% from "places/parts.html" import map with context %}{{ map(points, "Dove", town_url) }}')
    with app.test_request_context():
        html = template.render(points=_points(towns), town_url=lambda town: f"?comune={town.istat_code}")
    assert "<caption>Dove</caption>" in html
    if most == 1:
        assert html.count('href="?comune=037001"') == 2
    else:
        assert html.count("Una &lt;panchina&gt;") == 2
        assert html.count(f'href="/proposte/{one.id}-proposta"') == 2
