"""Whatever is wrong with an answer of a provider, nobody is signed in, and the person is told in a sentence."""

import pytest
import sqlalchemy as sa

from consult.accounts.models import Person
from consult.core.db import db
from tests.browser import text_of
from tests.identity.conftest import mario

FAILED = "Il fornitore dell'identità non ha confermato chi sei."
STALE = "L'accesso ha richiesto troppo tempo"
ENTER = "/accedi/identita/spid/conferma"


@pytest.fixture(autouse=True)
def town(make):
    return make.municipality("Castelprova")


def refused(visitor, answer, sentence=FAILED):
    assert (answer.status_code, answer.headers["Location"]) == (303, "/accedi")
    assert sentence in text_of(visitor.get("/accedi"))
    assert visitor.get(ENTER).status_code == 303
    assert visitor.post(ENTER, {"display_name": "Mario", "municipality": "0"}).status_code == 303
    assert db.session.scalar(sa.select(sa.func.count(Person.id))) == 0


@pytest.mark.parametrize("claims", [
    {"nonce": "another"}, {"nonce": None}, {"aud": "somebody-else"}, {"aud": ["consult", "somebody-else"]},
    {"azp": "somebody-else"}, {"iss": "https://elsewhere.example.org"},
    {"exp": None}, {"sub": None}, {"sub": ""},
    {"acr": "https://www.spid.gov.it/SpidL1"}, {"acr": None}, {"aud": None}, {"exp": "tomorrow"}, {"sub": 7},
], ids=str)
def test_a_wrong_claim(browser, provider, come_back, claims):
    provider.sign_in_as(mario(), wrong=claims)
    visitor = browser()
    refused(visitor, come_back(visitor))


@pytest.mark.parametrize("times", [{"exp": -3600}, {"iat": -7200}, {"iat": 7200}, {"nbf": 7200}], ids=str)
def test_a_wrong_time(browser, provider, come_back, times):
    provider.sign_in_as(mario(), shifted=times)
    visitor = browser()
    refused(visitor, come_back(visitor))


@pytest.mark.parametrize("fault", ["foreign_key", "unsigned"])
def test_a_wrong_signature(browser, provider, come_back, fault):
    provider.sign_in_as(mario(), **{fault: True})
    visitor = browser()
    refused(visitor, come_back(visitor))


def test_userinfo_about_somebody_else(browser, provider, come_back):
    provider.sign_in_as(mario(), userinfo={"sub": "luigi@spid"})
    visitor = browser()
    refused(visitor, come_back(visitor))


@pytest.mark.parametrize("rotate", ["keep", "drop"])
def test_a_new_key_of_the_provider_is_learnt(browser, provider, come_back, rotate):
    provider.sign_in_as(mario())
    come_back(browser())
    provider.sign_in_as(mario(), rotate=rotate)
    visitor = browser()
    assert come_back(visitor).headers["Location"] == ENTER


def test_a_code_used_before(browser, provider):
    provider.sign_in_as(mario())
    visitor = browser()
    back = provider.authorize(visitor.get("/accedi/identita/spid").headers["Location"])
    assert visitor.get(back).headers["Location"] == ENTER
    again = visitor.get(back)
    assert again.headers["Location"] == "/accedi"
    assert STALE in text_of(visitor.get("/accedi"))


def test_a_code_of_one_browser_used_in_another(browser, provider):
    provider.sign_in_as(mario())
    victim, thief = browser(), browser()
    back = provider.authorize(thief.get("/accedi/identita/spid").headers["Location"])
    refused(victim, victim.get(back), STALE)
    victim.get("/accedi/identita/spid")
    refused(victim, victim.get(back), STALE)


def test_a_code_that_the_provider_has_seen_already(browser, provider):
    provider.sign_in_as(mario())
    first, second = browser(), browser()
    code = provider.authorize(first.get("/accedi/identita/spid").headers["Location"])
    first.get(code)
    own = provider.authorize(second.get("/accedi/identita/spid").headers["Location"])
    used = code.partition("code=")[2].partition("&")[0]
    mine = own.partition("code=")[2].partition("&")[0]
    refused(second, second.get(own.replace(mine, used)))


def test_a_code_whose_challenge_was_changed_on_the_way(browser, provider, come_back):
    provider.sign_in_as(mario())
    visitor = browser()
    refused(visitor, come_back(visitor, change=lambda address: address.replace("code_challenge=", "code_challenge=x")))


def test_pkce_is_always_asked_for_with_s256(browser, provider, come_back):
    provider.sign_in_as(mario())
    visitor = browser()
    answer = come_back(visitor, change=lambda address: address.replace("code_challenge_method", "unknown"))
    refused(visitor, answer)
    asked = provider.sign_in_as(mario())["asked"][-1]
    assert len(asked["code_challenge"]) == 43
    assert asked["acr_values"] == "https://www.spid.gov.it/SpidL2"


def test_an_answer_that_names_another_issuer(browser, provider):
    provider.sign_in_as(mario())
    visitor = browser()
    back = provider.authorize(visitor.get("/accedi/identita/spid").headers["Location"])
    refused(visitor, visitor.get(back.partition("&iss=")[0] + "&iss=https://elsewhere.example.org"))


def test_whoever_gives_up_at_the_provider(browser, provider, come_back):
    provider.sign_in_as(mario(), deny=True)
    visitor = browser()
    refused(visitor, come_back(visitor), "Non hai effettuato l'accesso")


def test_a_provider_that_says_it_is_another(browser, provider):
    provider.sign_in_as(mario(), issuer="https://elsewhere.example.org")
    visitor = browser()
    refused(visitor, visitor.get("/accedi/identita/spid"))


@pytest.mark.parametrize("path", ["/accedi/identita/spid/ritorno", "/accedi/identita/spid/ritorno?code=x&state=y",
                                  "/accedi/identita/spid/ritorno?state=%FF&code=%00", ENTER])
def test_whoever_comes_from_nowhere(browser, provider, path):
    visitor = browser()
    answer = visitor.get(path)
    assert answer.status_code in {303, 404}


def test_coming_back_goes_to_pages_of_this_site_only(browser, provider, come_back):
    provider.sign_in_as(mario())
    visitor = browser()
    come_back(visitor, "https://elsewhere.example.org/")
    assert visitor.submit(ENTER, {"municipality": "0"}).headers["Location"] == "/"


def test_a_proof_is_good_for_one_act(browser, provider, come_back):
    provider.sign_in_as(mario())
    visitor = browser()
    come_back(visitor)
    copied = visitor._client.get_cookie("consult").value
    assert visitor.submit(ENTER, {"municipality": "0"}).status_code == 303
    thief = browser()
    thief._client.set_cookie("consult", copied)
    answer = thief.submit(ENTER)
    assert answer.status_code == 200
    assert thief.get("/profilo").status_code == 303
