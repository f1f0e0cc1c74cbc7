"""Each percorso has its reasons, in versions: who writes them, where they are offered, and what a decision keeps."""

import pytest

from consult.accounts.models import Role
from consult.contributions.models import State
from consult.core.db import StaleVersionError, db
from consult.core.languages import Localized
from consult.moderation import services as moderation
from consult.moderation import words
from consult.moderation.models import Act, Reason
from consult.reasons import queries, services, standard
from consult.reasons.entries import TEXTS, Entry, placed
from tests.browser import text_of
from tests.factories import WHY

TYPED = {"code": "fuori_stagione", "label_it": "fuori stagione", "text_it": "Di neve si parla d'inverno.",
         "finding_it": "Il testo parla di neve in estate.", "template_it": "Gentile autrice, gentile autore: ",
         "reference_it": "Regolamento, art. 7", "family": "editorial", "act": "revise", "position": "2", "used": "y",
         "version": "0"}


@pytest.fixture
def office(make):
    return make.person(Role.PLAN_OFFICE)


@pytest.fixture
def moderator(make):
    return make.person(Role.MODERATOR)


def own(code="fuori_stagione", **values):
    said = {name: Localized.of(f"{name} di {code}") for name in TEXTS}
    return Entry(**{"code": code, **said, "act": "hide", **values})


def written(make, office, *entries):
    process = make.process()
    return services.write(process, entries, entries[0].code, office, seen=queries.latest(process.id))


def hide(make, moderator, reason):
    proposal = make.proposal(state=State.PENDING)
    return moderation.decide(proposal, moderator, act=Act.HIDE, reason=reason, note=WHY,
                             seen=moderation.mark(proposal))


def test_the_rules_of_the_site_hold_until_the_office_writes_others(make):
    assert [code for code, _rule in words.numbered(make.process().id)] == list(Reason)
    assert words.version_of_rules(make.process().id) == words.version_of_rules(None) == "1"
    assert {one.code for one in standard.STANDARD} == set(Reason)
    assert all(set(one.entry().text) == {"it", "en", "de", "fr"} for one in standard.STANDARD)


def test_what_is_saved_is_a_new_version_and_decisions_keep_theirs(browser, make, office, moderator):
    before = hide(make, moderator, Reason.SPAM)
    page = browser(office)
    answer = page.post("/ufficio/percorsi/prova/regole/nuova", TYPED)
    assert answer.status_code == 303, text_of(answer)
    found = words.numbered(make.process().id)
    assert [code for code, _rule in found][:3] == ["offence", "fuori_stagione", "discrimination"]
    after = hide(make, moderator, "fuori_stagione")
    version = f"{make.process().id}.1"
    assert (before.rule_version, after.rule_version) == ("1", version)
    page.post("/ufficio/percorsi/prova/regole/fuori_stagione",
              {**TYPED, "label_it": "neve d'agosto", "version": "1"})
    assert str(words.rule("fuori_stagione", version=after.rule_version).label) == "fuori stagione"
    assert str(words.rule("fuori_stagione", make.process().id).label) == "neve d'agosto"
    assert "fuori stagione" in text_of(browser().get("/percorsi/prova/regole/1"))
    current = text_of(browser().get("/percorsi/prova/regole"))
    assert "neve d'agosto" in current
    assert "Regolamento, art. 7" in current
    assert "fuori stagione" not in current
    assert "pubblicità" in text_of(browser().get("/percorsi/prova/regole/0"))
    assert browser().get("/percorsi/prova/regole/9").status_code == 404
    told = browser(moderator).get(f"/decisioni/{after.id}").get_data(as_text=True)
    assert "/percorsi/prova/regole/1#rule-2" in told
    (line, *_rest) = browser().get("/registro-moderazione.json?motivo=fuori_stagione").get_json()
    assert (line["reason_label"], line["rule_version"]) == ("fuori stagione", version)


def test_the_moderator_is_offered_the_reasons_of_the_percorso(browser, make, office, moderator):
    written(make, office, own(template=Localized.of("Gentile autore, la neve…")), own("spento", used=False))
    proposal = make.proposal(state=State.PENDING)
    desk, here = browser(moderator), f"/moderazione/{proposal.id}"
    page = desk.get(here).get_data(as_text=True)
    assert 'value="fuori_stagione"' in page
    assert "Gentile autore, la neve" in page
    assert 'value="spam"' not in page
    assert 'value="spento"' not in page
    sent = {"decision": "hide", "note": WHY, "version": moderation.mark(proposal)}
    assert desk.post(here, {**sent, "reason": "spam"}).status_code == 200
    assert desk.post(here, {**sent, "reason": "fuori_stagione"}).status_code == 303
    db.session.refresh(proposal)
    assert proposal.state is State.HIDDEN
    assert "label di fuori_stagione" in text_of(desk.get("/moderazione/registro?motivo=fuori_stagione"))


def test_the_page_of_the_rules_shows_those_that_hold(browser, make, office):
    assert "Niente insulti, mina" in text_of(browser().get("/pagine/regole"))
    written(make, office, own())
    page = text_of(browser().get("/pagine/regole"))
    assert "text di fuori_stagione" in page
    assert "Niente insulti, mina" not in page


def test_two_who_write_at_once_do_not_lose_what_the_other_wrote(browser, make, office):
    written(make, office, own())
    answer = browser(office).post("/ufficio/percorsi/prova/regole/fuori_stagione", TYPED)
    assert answer.status_code == 409
    assert "fuori stagione" in text_of(answer)
    with pytest.raises(StaleVersionError):
        services.write(make.process(), [own()], "x", office, seen=7)
    assert queries.latest(make.process().id) == 1


@pytest.mark.parametrize(("field", "typed"), [
    ("code", "Due Parole"), ("code", "spam"), ("code", "nuova"), ("label_it", ""), ("text_it", " "), ("position", "0"),
    ("act", "suspend"), ("family", "x")])
def test_bad_input_keeps_what_was_typed(browser, make, office, field, typed):
    make.process()
    answer = browser(office).post("/ufficio/percorsi/prova/regole/nuova", {**TYPED, field: typed})
    assert answer.status_code == 200
    assert "Regolamento, art. 7" in answer.get_data(as_text=True)
    assert queries.latest(make.process().id) == 0


def test_others_do_not_write_them(browser, make, moderator):
    make.process()
    for person in (moderator, make.person()):
        assert browser(person).get("/ufficio/percorsi/prova/regole").status_code == 403


def test_a_rule_is_put_at_its_place_once():
    rules = [own("a"), own("b"), own("c")]
    assert [rule.code for rule in placed(rules, rules[2], 1)] == ["c", "a", "b"]
    assert [rule.code for rule in placed(rules, own("d"), 99)] == ["a", "b", "c", "d"]
    assert Entry.of(own("a").plain()) == own("a")


def test_versions_are_read_once_however_many_decisions_name_them(make, office, queries):
    first = written(make, office, own())
    version = f"{first.process_id}.{first.number}"
    with queries() as seen:
        for _each in range(30):
            assert words.rule("fuori_stagione", version=version)
    assert len(seen) == 1
