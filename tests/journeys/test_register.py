"""The public register: found from the rules, narrowed by keyboard and without scripts, looked at in figures."""

import pytest

from consult.core.db import db
from consult.moderation import services
from consult.moderation.models import Act, Reason
from consult.proposals import services as proposals
from tests.journeys.proposing import open_call, person


@pytest.fixture
def decided(site):
    """A text that was hidden."""
    with site.app.app_context():
        proposal = proposals.submit(open_call(), person("cittadina@example.org"), proposals.Wording(
            title="Un testo che nessuno legge più", body="Chiamate lo 0000."))
        services.decide(proposal, person("moderatrice@example.org"), act=Act.HIDE, reason=Reason.PERSONAL_DATA,
                        note="Il numero è di una persona privata.", seen=services.mark(proposal))
        db.session.commit()
        return proposal.code


@pytest.mark.parametrize("scripts", [True, False])
def test_a_visitor_reads_what_was_decided_and_why(visit, decided, scripts):
    visitor = visit(375, scripts=scripts)
    page = visitor.open("/pagine/regole")
    page.locator("main a[href='/registro-moderazione']").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/registro-moderazione")
    page.select_option("#motivo", "personal_data")
    page.locator("main .filters button").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**motivo=personal_data")
    rows = page.locator("[data-register] tbody tr")
    assert "Nascosto" in rows.first.inner_text()
    everything = page.content()
    assert decided not in everything
    assert "nessuno legge" not in everything
    assert not scripts or visitor.axe() == []
    page.get_by_role("link", name="Il registro in cifre").click()
    assert page.locator("table[data-table=moderation-months]").count() == 1
    assert not scripts or visitor.axe() == []
