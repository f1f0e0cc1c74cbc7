"""The second step: nobody is signed in before it, each code is taken once, and guessing is stopped."""

import pytest
import sqlalchemy as sa

from consult.accounts import registration, second_step, services
from consult.accounts.models import BrowserSession, TokenPurpose
from consult.audit.models import AuditEntry
from consult.core import clock
from consult.core.db import db
from consult.core.outbox import OutboxMessage
from consult.factors import services as factors
from consult.factors.models import FactorTry, RecoveryCode
from tests.browser import text_of
from tests.conftest import settings_for
from tests.factors.conftest import STEP

STEP_PAGE = "/accedi/secondo-passo"


@pytest.fixture
def equipped(browser, citizen, set_up):
    """Somebody with an app: the phone and the recovery codes."""
    return set_up(browser(citizen))


def signed_in(visitor):
    return visitor.get("/profilo").status_code == 200


def letters(to="cittadina@example.org"):
    return db.session.scalars(sa.select(OutboxMessage.subject).where(OutboxMessage.recipient == to)).all()


def recorded():
    return db.session.scalars(sa.select(AuditEntry.event).order_by(AuditEntry.id)).all()


def test_the_password_alone_signs_nobody_in(browser, equipped, sign_in):
    visitor = browser()
    response = sign_in(visitor, next="/profilo/password")
    assert (response.status_code, response.location) == (303, f"{STEP_PAGE}?next=/profilo/password")
    assert not signed_in(visitor)
    page = visitor.get(response.location)
    assert "Secondo passaggio" in text_of(page)
    assert page.headers["Cache-Control"] == "no-store"


def test_the_code_of_the_app_ends_it_and_leads_back(browser, equipped, sign_in):
    visitor, (phone, _codes) = browser(), equipped
    path = sign_in(visitor, next="/profilo/password").location
    response = visitor.submit(path, {"code": phone.code()}, action=STEP_PAGE)
    assert (response.status_code, response.location) == (303, "/profilo/password")
    assert signed_in(visitor)
    assert db.session.scalars(sa.select(BrowserSession.second_factor).order_by(BrowserSession.id.desc())).first()
    assert recorded()[-3:] == ["SecondFactorAsked", "SecondFactorShown", "SignedIn"]


@pytest.mark.parametrize("spelled", ["{0}{1} {2}{3}", "  {0} {1} {2} {3} ", "{0}{1}-{2}{3}", "{0}{1}\u00a0{2}{3}"])
def test_spaces_do_not_make_another_code(browser, equipped, sign_in, spelled):
    visitor, (phone, _codes) = browser(), equipped
    code = phone.code()
    sign_in(visitor)
    typed = spelled.format(code[:2], code[2:3], code[3:4], code[4:])
    assert visitor.submit(STEP_PAGE, {"code": typed}).status_code == 303


def test_a_code_is_taken_once_however_it_is_spelled(browser, equipped, sign_in):
    phone, _codes = equipped
    code = phone.code()
    first, second = browser(), browser()
    sign_in(first)
    assert first.submit(STEP_PAGE, {"code": code}).status_code == 303
    sign_in(second)
    for spelled in (code, f"{code[:3]} {code[3:]}"):
        refused = second.submit(STEP_PAGE, {"code": spelled})
        assert refused.status_code == 200
        assert "Questo codice non è giusto, oppure è già stato usato." in text_of(refused)
    assert not signed_in(second)


def test_a_code_before_one_that_was_taken_is_worth_nothing(browser, equipped, sign_in):
    phone, _codes = equipped
    with clock.at(clock.now()):
        earlier = phone.code()
    visitor, other = browser(), browser()
    with clock.at(clock.now() + STEP):
        sign_in(visitor)
        assert visitor.submit(STEP_PAGE, {"code": phone.code()}).status_code == 303
        sign_in(other)
        assert other.submit(STEP_PAGE, {"code": earlier}).status_code == 200


@pytest.mark.parametrize(("early", "status"), [(-2, 200), (-1, 303), (1, 303), (2, 200)])
def test_a_clock_may_be_off_by_half_a_minute(browser, equipped, sign_in, early, status):
    visitor, (phone, _codes) = browser(), equipped
    now = clock.now() + 10 * STEP
    with clock.at(now + early * STEP):
        code = phone.code()
    with clock.at(now):
        sign_in(visitor)
        assert visitor.submit(STEP_PAGE, {"code": code}).status_code == status


@pytest.mark.parametrize("typed", ["", "000", "abcdef", "\x00\x00", "１２３４５６", "1" * 500, "²²²²²²", "12345६"])
def test_what_is_no_code_is_refused_with_a_sentence(browser, equipped, sign_in, typed):
    visitor = browser()
    sign_in(visitor)
    response = visitor.post(STEP_PAGE, {"code": typed})
    assert response.status_code == 200
    assert "error-summary" in response.get_data(as_text=True)
    assert not signed_in(visitor)


def test_without_the_first_step_there_is_no_second(browser, equipped):
    phone, _codes = equipped
    for path in (STEP_PAGE, f"{STEP_PAGE}/recupero"):
        response = browser().get(path)
        assert (response.status_code, response.location) == (303, "/accedi?next=/")
        assert browser().post(path, {"code": phone.code()}).location == "/accedi?next=/"
    assert browser().post(f"{STEP_PAGE}/passkey", {"credential": "{}"}).location == "/accedi?next=/"
    assert browser().post(f"{STEP_PAGE}/passkey/opzioni").status_code == 410


def test_the_second_step_waits_ten_minutes(browser, equipped, sign_in):
    visitor, (phone, _codes) = browser(), equipped
    sign_in(visitor)
    with clock.at(clock.now() + second_step.LASTS + STEP):
        assert visitor.post(STEP_PAGE, {"code": phone.code()}).location == "/accedi?next=/"
    assert not signed_in(visitor)


def test_a_cookie_copied_before_the_second_step_ends_with_it(browser, equipped, sign_in):
    visitor, thief, (phone, _codes) = browser(), browser(), equipped
    sign_in(visitor)
    thief._client.set_cookie("consult", visitor._client.get_cookie("consult").value)
    visitor.submit(STEP_PAGE, {"code": phone.code()})
    clock.shift(4 * STEP)
    assert thief.post(STEP_PAGE, {"code": phone.code()}, token=False).status_code in (303, 400)
    assert not signed_in(thief)


def test_a_new_password_ends_a_second_step_begun_with_the_old(browser, equipped, sign_in, citizen):
    visitor, (phone, _codes) = browser(), equipped
    sign_in(visitor)
    services.set_password(citizen, "un ponte nuovo sul torrente", actor=None)
    assert visitor.post(STEP_PAGE, {"code": phone.code()}).location == "/accedi?next=/"


def test_a_password_by_mail_does_not_go_around_it(browser, equipped, sign_in, citizen):
    registration._send_link(citizen, TokenPurpose.RESET)
    token = db.session.scalars(sa.select(OutboxMessage.text).order_by(OutboxMessage.id.desc())).first()
    token = token.partition("/reimposta/")[2].split()[0]
    visitor = browser()
    visitor.submit(f"/reimposta/{token}", {"password": "un ponte nuovo sul torrente"})
    assert not signed_in(visitor)
    assert sign_in(visitor, password="un ponte nuovo sul torrente").location.startswith(STEP_PAGE)
    assert not signed_in(visitor)


def test_a_session_begun_without_it_through_any_door_is_worth_nothing(app, equipped, citizen):
    assert services.who(services.start_session(citizen)) is None
    assert services.who(services.start_session(citizen, second_factor=True)) is citizen


def test_a_recovery_code_is_good_once_and_the_owner_is_told(browser, equipped, sign_in):
    _phone, recovery = equipped
    assert len(set(recovery)) == 10
    first, second = browser(), browser()
    sign_in(first)
    response = first.submit(f"{STEP_PAGE}/recupero", {"code": recovery[3].upper().replace("-", " ")})
    assert response.status_code == 303
    assert "te ne restano 9" in text_of(first.get("/profilo"))
    assert "È stato usato un codice di recupero" in letters()
    sign_in(second)
    assert second.submit(f"{STEP_PAGE}/recupero", {"code": recovery[3]}).status_code == 200
    assert second.submit(f"{STEP_PAGE}/recupero", {"code": recovery[4]}).status_code == 303


def test_of_recovery_codes_only_hashes_are_kept(equipped):
    _phone, recovery = equipped
    kept = db.session.scalars(sa.select(RecoveryCode.code_hash)).all()
    assert len(kept) == 10
    assert not any(code in "".join(kept) or code.replace("-", "") in "".join(kept) for code in recovery)


def test_the_recovery_code_of_somebody_else_opens_nothing(browser, equipped, sign_in, make, set_up, citizen):
    other = make.person(email="altra@example.org", password_hash=citizen.password_hash)
    _phone, theirs = set_up(browser(other))
    visitor = browser()
    sign_in(visitor)
    assert visitor.submit(f"{STEP_PAGE}/recupero", {"code": theirs[0]}).status_code == 200


def test_the_secret_is_sealed_with_a_key_outside_the_database(equipped, citizen, sealed, settings):
    phone, _codes = equipped
    kept, read = sealed(citizen)
    assert phone.secret.encode() not in kept
    assert read == phone.secret
    (settings.instance / "keys" / "factors.key").unlink()
    assert sealed(citizen)[1] is None


def test_without_the_key_the_recovery_codes_still_open(browser, equipped, sign_in, settings):
    phone, recovery = equipped
    (settings.instance / "keys" / "factors.key").unlink()
    visitor = browser()
    sign_in(visitor)
    assert visitor.submit(STEP_PAGE, {"code": phone.code()}).status_code == 200
    assert visitor.submit(f"{STEP_PAGE}/recupero", {"code": recovery[0]}).status_code == 303


class TestLimits:
    """Whoever guesses codes has the password already, so the owner is told."""

    @pytest.fixture
    def settings(self, database_url, tmp_path):
        return settings_for(tmp_path, database_url, rate_limits=True)

    def test_five_wrong_codes_are_enough_for_five_minutes(self, browser, equipped, sign_in):
        visitor, (phone, _codes) = browser(), equipped
        sign_in(visitor)
        for _ in range(5):
            assert visitor.post(STEP_PAGE, {"code": "000000"}).status_code == 200
        stopped = visitor.post(STEP_PAGE, {"code": phone.code()})
        assert stopped.status_code == 429
        assert "Ci sono stati troppi codici sbagliati. Aspetta 5 minuti, poi riprova." in text_of(stopped)
        assert 1 <= int(stopped.headers["Retry-After"]) <= 300
        assert "Qualcuno conosce la tua password" in letters()
        assert not signed_in(visitor)

    def test_another_browser_and_another_way_count_together(self, browser, equipped, sign_in):
        _phone, recovery = equipped
        for number in range(5):
            visitor = browser()
            sign_in(visitor)
            path = STEP_PAGE if number % 2 else f"{STEP_PAGE}/recupero"
            visitor.post(path, {"code": "000000"})
        visitor = browser()
        sign_in(visitor)
        assert visitor.post(f"{STEP_PAGE}/recupero", {"code": recovery[0]}).status_code == 429

    @pytest.mark.parametrize(("tried", "ago", "status"), [
        (20, clock.timedelta(minutes=50), 429), (20, clock.timedelta(minutes=70), 303),
        (50, clock.timedelta(hours=23), 429), (50, clock.timedelta(hours=25), 303),
        (19, clock.timedelta(minutes=50), 303),
    ])
    def test_longer_limits_hold_too(self, browser, equipped, sign_in, citizen, tried, ago, status):
        phone, _codes = equipped
        db.session.add_all(FactorTry(person_id=citizen.id, at=clock.now() - ago) for _ in range(tried))
        visitor = browser()
        sign_in(visitor)
        assert visitor.post(STEP_PAGE, {"code": phone.code()}).status_code == status

    def test_right_codes_count_for_nothing(self, browser, equipped, sign_in):
        phone, _codes = equipped
        start = clock.now()
        for number in range(8):
            with clock.at(start + number * STEP):
                visitor = browser()
                sign_in(visitor)
                assert visitor.post(STEP_PAGE, {"code": phone.code()}).status_code == 303
        assert db.session.scalar(sa.select(sa.func.count(FactorTry.id))) == 0

    def test_tries_are_forgotten_after_a_day(self, app, equipped, citizen):
        db.session.add(FactorTry(person_id=citizen.id, at=clock.now() - clock.timedelta(hours=25)))
        factors.forget()
        assert db.session.scalar(sa.select(sa.func.count(FactorTry.id))) == 0


