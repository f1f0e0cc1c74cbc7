"""Passkeys, with a device in a few lines of Python: what holds, and what does not."""

import json

import pytest
import sqlalchemy as sa
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from consult.core import clock
from consult.core.db import db
from consult.factors import passkeys, services
from consult.factors.models import Passkey, PasskeyChallenge
from consult.factory import create_app
from tests.browser import text_of
from tests.conftest import settings_for
from tests.factors.conftest import PASSWORD
from tests.factors.device import Device

NEW, STEP_PAGE = "/profilo/secondo-passo/passkey", "/accedi/secondo-passo/passkey"


def options(visitor, path=NEW):
    response = visitor.post(f"{path}/opzioni")
    assert response.status_code == 200
    return json.loads(response.get_data(as_text=True))


def add(visitor, device, name="il mio telefono"):
    return visitor.post(NEW, {"name": name, "credential": device.make(options(visitor))})


@pytest.fixture
def visitor(browser, citizen):
    started = browser(citizen)
    started.submit("/profilo/riconosci", {"password": PASSWORD})
    return started


@pytest.fixture
def device(visitor):
    made = Device()
    assert add(visitor, made).status_code == 200
    return made


@pytest.fixture
def at_the_step(browser, device, sign_in):
    started = browser()
    sign_in(started)
    return started


def shown(visitor, answer):
    return visitor.post(STEP_PAGE, {"credential": answer, "next": "/profilo"})


def test_a_passkey_is_added_with_a_name_and_brings_the_recovery_codes(visitor, citizen):
    response = add(visitor, Device())
    assert response.status_code == 200
    assert "I tuoi codici di recupero" in text_of(response)
    assert citizen.second_factor_since is not None
    assert "il mio telefono" in text_of(visitor.get("/profilo/secondo-passo"))


def test_it_signs_in_as_the_second_step(at_the_step, device):
    assert "Usa una passkey" in text_of(at_the_step.get("/accedi/secondo-passo"))
    response = shown(at_the_step, device.sign(options(at_the_step, STEP_PAGE)))
    assert (response.status_code, response.location) == (303, "/profilo")
    assert at_the_step.get("/profilo").status_code == 200
    passkey = db.session.scalars(sa.select(Passkey)).one()
    assert (passkey.sign_count, passkey.last_used_at is not None) == (1, True)


def test_an_answer_is_good_once(browser, at_the_step, device, sign_in):
    answer = device.sign(options(at_the_step, STEP_PAGE))
    assert shown(at_the_step, answer).status_code == 303
    again = browser()
    sign_in(again)
    assert shown(again, answer).status_code == 200
    assert again.get("/profilo").status_code == 303


@pytest.mark.parametrize("fault", ["origin", "host", "another key", "challenge", "old counter", "too late"])
def test_what_does_not_hold_signs_nobody_in(at_the_step, device, fault):
    asked = options(at_the_step, STEP_PAGE)
    if fault == "origin":
        device.origin = "https://evil.example"
    elif fault == "host":
        device.host = "evil.example"
    elif fault == "another key":
        other = Device()
        other.id, device = device.id, other
    elif fault == "challenge":
        asked["challenge"] = "AAAA" + asked["challenge"][4:]
    elif fault == "old counter":
        db.session.execute(sa.update(Passkey).values(sign_count=7))
    answer = device.sign(asked)
    with clock.at(clock.now() + clock.timedelta(minutes=11 if fault == "too late" else 0)):
        response = shown(at_the_step, answer)
    assert response.status_code == (303 if fault == "too late" else 200)
    assert at_the_step.get("/profilo").status_code == 303


def test_a_challenge_of_a_registration_does_not_sign_in(at_the_step, visitor, device):
    assert shown(at_the_step, device.sign(options(visitor))).status_code == 200


def test_the_passkey_of_somebody_else_signs_nobody_in(at_the_step, browser, make, device):
    other = make.person(password_hash="x")
    theirs = Device()
    db.session.add(Passkey(person_id=other.id, credential_id=bytes_to_base64url(theirs.id), name="altra",
                           public_key=b"x", sign_count=0))
    assert shown(at_the_step, theirs.sign(options(at_the_step, STEP_PAGE))).status_code == 200


GARBAGE = ["", "{}", "[]", "null", "0", "x", "\x00", '{"id": 1}', '{"id": "a", "response": []}', "[" * 5000,
           '{"id": "a", "response": {"clientDataJSON": "e30"}}', '{"response": {"clientDataJSON": "!!!"}}',
           '{"response": {"clientDataJSON": "W10"}}', "é" * 3000, '{"id": "' + "a" * 30000 + '"}']


@pytest.mark.parametrize("garbage", GARBAGE)
def test_what_is_no_answer_is_refused_with_a_sentence(at_the_step, visitor, garbage):
    response = shown(at_the_step, garbage)
    assert response.status_code == 200
    assert "Il dispositivo non ha dimostrato di avere la passkey." in text_of(response)
    assert visitor.post(NEW, {"name": "x", "credential": garbage}).status_code == 200
    assert len(db.session.scalars(sa.select(Passkey)).all()) == 1


def test_a_changed_answer_to_a_registration_is_refused(visitor):
    device = Device(origin="https://evil.example")
    response = add(visitor, device)
    assert "Il dispositivo non ha creato la passkey" in text_of(response)
    answer = Device().make(options(visitor))
    assert visitor.post(NEW, {"name": "", "credential": answer}).status_code == 200
    assert db.session.scalars(sa.select(Passkey)).all() == []


def test_one_key_pair_is_one_persons(visitor, device, browser, make, citizen):
    other = browser(make.person(password_hash=citizen.password_hash))
    other.submit("/profilo/riconosci", {"password": PASSWORD})
    assert "Il dispositivo non ha creato la passkey" in text_of(add(other, device))


def test_a_device_is_not_told_who_its_owner_is(visitor, citizen):
    asked = options(visitor)
    handle = base64url_to_bytes(asked["user"]["id"])
    assert len(handle) == 16
    assert str(citizen.id).encode() != handle
    assert asked["rp"]["id"] == "localhost"


def test_it_is_removed_by_its_owner_alone(visitor, device, browser, make, citizen):
    passkey = db.session.scalars(sa.select(Passkey)).one()
    path = f"{NEW}/{passkey.id}/togli"
    other = browser(make.person(password_hash=citizen.password_hash))
    other.submit("/profilo/riconosci", {"password": PASSWORD})
    assert other.post(path).status_code == 403
    assert visitor.submit("/profilo/secondo-passo", action=path).status_code == 303
    assert db.session.scalars(sa.select(Passkey)).all() == []
    assert citizen.second_factor_since is None
    assert visitor.post(path).status_code == 404


def test_challenges_are_forgotten(visitor):
    options(visitor)
    with clock.at(clock.now() + clock.timedelta(minutes=11)):
        services.forget()
    assert db.session.scalars(sa.select(PasskeyChallenge)).all() == []


@pytest.mark.parametrize(("address", "possible"), [
    ("https://piano.example.org", True), ("http://localhost:8000", True), ("http://127.0.0.1:8000", False),
    ("https://192.0.2.7", False), ("http://piano.example.org", False), ("https://[::1]:8000", False),
])
def test_they_are_offered_only_where_browsers_make_them(database_url, tmp_path, address, possible):
    with create_app(settings_for(tmp_path, database_url, base_url=address)).app_context():
        assert passkeys.possible() is possible
