"""Setting up a second factor and taking it away: with the password at hand, told by mail, secrets shown once."""

import re

import pytest
import sqlalchemy as sa

from consult.accounts import services as accounts
from consult.accounts.models import BrowserSession
from consult.audit.models import AuditEntry
from consult.core import clock
from consult.core.db import db
from consult.core.outbox import OutboxMessage
from consult.factors import services
from consult.factors.models import CodeApp, RecoveryCode
from tests.browser import text_of
from tests.factors.conftest import PASSWORD

PAGE = "/profilo/secondo-passo"
ACTS = ["/app/inizia", "/app", "/app/togli", "/passkey", "/passkey/opzioni", "/codici"]


def recorded():
    return db.session.scalars(sa.select(AuditEntry.event).order_by(AuditEntry.id)).all()


def subjects():
    return db.session.scalars(sa.select(OutboxMessage.subject).order_by(OutboxMessage.id)).all()


def count(model):
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


@pytest.mark.parametrize("act", ACTS)
def test_every_act_asks_for_the_password_first(browser, citizen, act):
    visitor = browser(citizen)
    refused = visitor.post(PAGE + act, headers={"Referer": f"http://localhost{PAGE}"})
    assert (refused.status_code, refused.location) == (303, f"/profilo/riconosci?next={PAGE}")
    assert count(CodeApp) == 0
    page = visitor.get(refused.location)
    assert "Prima scrivi ancora una volta la password" in text_of(page)
    back = visitor.submit(refused.location, {"password": PASSWORD})
    assert (back.status_code, back.location) == (303, PAGE)


def test_a_password_is_believed_for_ten_minutes(browser, citizen):
    visitor = browser(citizen)
    visitor.submit("/profilo/riconosci", {"password": PASSWORD})
    with clock.at(clock.now() + clock.timedelta(minutes=9)):
        assert visitor.post(f"{PAGE}/app/inizia").location == f"{PAGE}/app"
    with clock.at(clock.now() + clock.timedelta(minutes=11)):
        assert visitor.post(f"{PAGE}/app/inizia").location.startswith("/profilo/riconosci")


def test_a_sign_in_with_the_password_is_as_good(browser, citizen, sign_in):
    visitor = browser()
    sign_in(visitor)
    assert visitor.post(f"{PAGE}/app/inizia").location == f"{PAGE}/app"


def test_visitors_are_asked_to_sign_in(browser, citizen):
    for path in [PAGE, f"{PAGE}/app", f"{PAGE}/app/qr.svg"]:
        assert browser().get(path).location.startswith("/accedi?next=")


def test_an_app_is_set_up_with_its_first_code_and_ten_codes_for_the_drawer(browser, citizen, set_up):
    visitor = browser(citizen)
    _phone, recovery = set_up(visitor)
    assert len(recovery) == 10
    assert citizen.second_factor_since is not None
    assert recorded()[-4:] == ["CodeAppAdded", "SignedOut", "SignedIn", "RecoveryCodesMade"]
    assert subjects() == ["Hai un nuovo secondo passaggio di accesso"]
    page = text_of(visitor.get(PAGE))
    assert "Ti restano 10 codici di recupero" in page
    assert not any(code in page for code in recovery)


def test_this_browser_stays_signed_in_under_a_new_name_and_all_others_do_not(browser, citizen, set_up):
    visitor, other = browser(citizen), browser(citizen)
    before = db.session.scalars(sa.select(BrowserSession.token_hash)).all()
    set_up(visitor)
    assert visitor.get("/profilo").status_code == 200
    assert other.get("/profilo").status_code == 303
    assert db.session.scalars(sa.select(BrowserSession.token_hash)).one() not in before


def test_the_picture_is_an_image_of_its_own_that_nothing_keeps(browser, citizen):
    visitor = browser(citizen)
    visitor.submit("/profilo/riconosci", {"password": PASSWORD})
    assert visitor.get(f"{PAGE}/app/qr.svg").status_code == 404
    visitor.post(f"{PAGE}/app/inizia")
    page, picture = visitor.get(f"{PAGE}/app"), visitor.get(f"{PAGE}/app/qr.svg")
    assert f'src="{PAGE}/app/qr.svg"' in page.get_data(as_text=True)
    assert page.headers["Cache-Control"] == picture.headers["Cache-Control"] == "no-store"
    assert picture.mimetype == "image/svg+xml"
    assert picture.get_data(as_text=True).startswith('<svg xmlns="http://www.w3.org/2000/svg"')


def test_a_wrong_first_code_sets_nothing_up(browser, citizen):
    visitor = browser(citizen)
    visitor.submit("/profilo/riconosci", {"password": PASSWORD})
    visitor.post(f"{PAGE}/app/inizia")
    response = visitor.submit(f"{PAGE}/app", {"code": "000000"})
    assert response.status_code == 200
    assert "Questo codice non corrisponde all’immagine." in text_of(response)
    assert citizen.second_factor_since is None
    assert visitor.get("/profilo").status_code == 200


def test_the_code_that_set_it_up_signs_nobody_in(browser, citizen, sign_in):
    visitor = browser(citizen)
    visitor.submit("/profilo/riconosci", {"password": PASSWORD})
    visitor.post(f"{PAGE}/app/inizia")
    page = visitor.get(f"{PAGE}/app").get_data(as_text=True)
    secret = re.search(r'class="key">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    code = services.pyotp.TOTP(secret).at(clock.now())
    assert visitor.submit(f"{PAGE}/app", {"code": code}).status_code == 200
    other = browser()
    sign_in(other)
    assert other.submit("/accedi/secondo-passo", {"code": code}).status_code == 200


def test_a_new_app_takes_the_place_of_the_old_only_with_its_first_code(browser, citizen, set_up, sign_in):
    visitor = browser(citizen)
    old, recovery = set_up(visitor)
    visitor.post(f"{PAGE}/app/inizia")
    other = browser()
    sign_in(other)
    assert other.submit("/accedi/secondo-passo", {"code": old.code()}).status_code == 303
    new, again = set_up_again(visitor)
    assert again.status_code == 303
    clock.shift(6 * clock.timedelta(seconds=30))
    third = browser()
    sign_in(third)
    assert third.submit("/accedi/secondo-passo", {"code": old.code()}).status_code == 200
    assert third.submit("/accedi/secondo-passo", {"code": new()}).status_code == 303
    assert count(RecoveryCode) == len(recovery)


def set_up_again(visitor):
    page = visitor.get(f"{PAGE}/app").get_data(as_text=True)
    secret = re.search(r'class="key">([A-Z2-7 ]+)<', page)[1].replace(" ", "")

    def code():
        return services.pyotp.TOTP(secret).at(clock.now())

    return code, visitor.submit(f"{PAGE}/app", {"code": code()})


def test_what_was_begun_is_dropped_after_an_hour(browser, citizen):
    visitor = browser(citizen)
    visitor.submit("/profilo/riconosci", {"password": PASSWORD})
    visitor.post(f"{PAGE}/app/inizia")
    with clock.at(clock.now() + services.SETTING_UP_LASTS + clock.timedelta(minutes=1)):
        services.forget()
    assert count(CodeApp) == 0
    assert visitor.get(f"{PAGE}/app").location == PAGE


def test_removing_the_last_one_leaves_nothing_behind_and_is_told(browser, citizen, set_up, sign_in):
    visitor = browser(citizen)
    set_up(visitor)
    assert visitor.submit(PAGE, action=f"{PAGE}/app/togli").location == PAGE
    assert (citizen.second_factor_since, count(CodeApp), count(RecoveryCode)) == (None, 0, 0)
    assert subjects()[-1] == "Un secondo passaggio di accesso è stato tolto"
    assert sign_in(browser()).location == "/"


def test_new_recovery_codes_take_the_place_of_the_old(browser, citizen, set_up, sign_in):
    visitor = browser(citizen)
    _phone, old = set_up(visitor)
    made = visitor.submit(f"{PAGE}/codici")
    new = re.findall(r"<code>([a-z0-9-]{19})</code>", made.get_data(as_text=True))
    assert made.headers["Cache-Control"] == "no-store"
    assert len(set(new) - set(old)) == 10
    other = browser()
    sign_in(other)
    assert other.submit("/accedi/secondo-passo/recupero", {"code": old[0]}).status_code == 200
    assert other.submit("/accedi/secondo-passo/recupero", {"code": new[0]}).status_code == 303


def test_without_a_second_factor_there_are_no_recovery_codes(browser, citizen):
    visitor = browser(citizen)
    visitor.submit("/profilo/riconosci", {"password": PASSWORD})
    assert visitor.post(f"{PAGE}/codici").location == PAGE
    assert count(RecoveryCode) == 0


def test_a_closed_account_keeps_none(browser, citizen, set_up):
    set_up(browser(citizen))
    accounts.close(citizen, actor=None)
    assert (citizen.second_factor_since, count(CodeApp), count(RecoveryCode)) == (None, 0, 0)


def test_the_column_tells_the_truth_whatever_is_added_and_removed(browser, citizen, set_up):
    visitor = browser(citizen)
    set_up(visitor)
    passkey = services.add_passkey(citizen, {"credential_id": "x", "public_key": b"x", "sign_count": 0}, name="chiave")
    services.remove_code_app(citizen)
    assert citizen.second_factor_since is not None
    services.remove_passkey(passkey, citizen)
    assert citizen.second_factor_since is None
