"""Categories of organisations: added, renamed, ordered, removed while unused."""

import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.audit.models import AuditEntry
from consult.core.db import db
from consult.territory.models import StakeholderCategory
from tests.browser import text_of


@pytest.fixture
def desk(browser, make):
    make.authority()
    return browser(make.person(Role.PLAN_OFFICE))


def names():
    return [category.name.in_language("it") for category in db.session.scalars(
        sa.select(StakeholderCategory).order_by(StakeholderCategory.position, StakeholderCategory.id))]


def add(desk, name, **others):
    return desk.submit("/ufficio/categorie", {"name_it": name, **others})


def one(name):
    return next(c for c in db.session.scalars(sa.select(StakeholderCategory)) if c.name.in_language("it") == name)


def test_categories_are_added_in_languages_with_codes_of_their_own(desk):
    add(desk, "Scuole e università", name_en="Schools and universities")
    add(desk, "Scuole e Università!")
    assert [c.code for c in db.session.scalars(sa.select(StakeholderCategory).order_by(StakeholderCategory.id))] == [
        "scuole-e-universita", "scuole-e-universita-2"]
    assert one("Scuole e università").name == {"it": "Scuole e università", "en": "Schools and universities"}
    assert "Schools and universities" in text_of(desk.get("/ufficio/categorie?lingua=en"))


def test_a_category_is_renamed_and_keeps_its_code(desk):
    add(desk, "Imprese")
    category = one("Imprese")
    desk.submit(f"/ufficio/categorie/{category.id}", {"name_it": "Aziende", "name_de": "Betriebe"})
    assert (category.code, dict(category.name)) == ("imprese", {"it": "Aziende", "de": "Betriebe"})


def test_categories_are_ordered_by_buttons(desk):
    for name in ("Uno", "Due", "Tre"):
        add(desk, name)
    move = f"/ufficio/categorie/{one('Tre').id}/sposta"
    for where, order in (("up", ["Uno", "Tre", "Due"]), ("up", ["Tre", "Uno", "Due"]), ("up", ["Tre", "Uno", "Due"]),
                         ("down", ["Uno", "Tre", "Due"])):
        desk.post(move, {"where": where})
        assert names() == order


def test_only_an_unused_category_is_removed(desk, make):
    organisation = make.organisation()
    used = organisation.category_id
    add(desk, "Nessuna la usa")
    assert desk.post(f"/ufficio/categorie/{used}/elimina").status_code == 303
    assert "si può rinominare, non eliminare" in text_of(desk.get("/ufficio/categorie"))
    desk.submit("/ufficio/categorie", action=f"/ufficio/categorie/{one('Nessuna la usa').id}/elimina")
    assert names() == ["Imprese"]
    events = db.session.scalars(sa.select(AuditEntry.event).order_by(AuditEntry.id)).all()
    assert events[-1] == "CategoryRemoved"


def test_only_the_plan_office_sets_categories(browser, make):
    make.authority()
    category = make.organisation().category_id
    for person in (make.person(), make.person(Role.MODERATOR)):
        visitor = browser(person)
        assert visitor.get("/ufficio/categorie").status_code == 403
        for act in ("", "/sposta", "/elimina"):
            assert visitor.post(f"/ufficio/categorie/{category}{act}").status_code == 403
    assert browser().get("/ufficio/categorie").status_code == 303


@pytest.mark.parametrize(("changes", "sentence"), [
    ({"name_it": ""}, "Dai un nome alla categoria."),
    ({"name_it": "   "}, "Dai un nome alla categoria."),
    ({"name_it": "x" * 81}, "80"),
    ({"name_it": "Va bene", "name_fr": "x" * 81}, "80"),
])
def test_what_is_wrong_is_said(desk, changes, sentence):
    assert sentence in text_of(desk.submit("/ufficio/categorie", changes))
    assert names() == []


def test_a_category_that_is_not_there(desk):
    for id in (1, 2147483648, 2**63):
        assert desk.post(f"/ufficio/categorie/{id}/elimina").status_code == 404
