"""The territory in figures in a real browser: read on a phone, brought by the office without scripts, weighted to."""

import sqlalchemy as sa

from consult.core.db import db
from consult.surveys.models import Survey
from tests.journeys.test_surveys import no_overflow

TERRITORY = "/percorsi/rovano-2035/territorio"


def test_figures_are_read_on_a_phone_and_at_a_desk(visit):
    for width in (375, 1280):
        visitor = visit(width)
        page = visitor.open("/percorsi/rovano-2035")
        page.get_by_role("link", name="Il territorio in cifre").click()
        assert visitor.says("Popolazione residente")
        assert visitor.axe() == []
        no_overflow(page)
        page.get_by_role("link", name="Popolazione per età e genere").click()
        assert visitor.says("31.460")
        assert page.locator("ul.bars li").count() == 6
        assert visitor.axe() == []
        no_overflow(page)


def test_the_office_brings_values_looks_takes_and_undoes_without_scripts(visit, tmp_path):
    office = visit(375, scripts=False)
    office.sign_in("ufficio@example.org")
    page = office.open(f"{TERRITORY}/file")
    path = tmp_path / "valori.csv"
    path.write_text("indicatore;comune;valore\nposti-nido;Roccamurata;21,5\nposti-nido;Altrove;3\n")
    page.set_input_files("[name=file]", path)
    page.fill("[name=year]", "2025")
    office.press("Guarda che cosa cambierebbe")
    assert office.says("“Altrove” non è nessuno dei comuni") or office.says("Altrove")
    office.press("Prendi 1 valore")
    page = office.open(f"{TERRITORY}/posti-nido")
    assert office.says("21,5")
    page = office.open(f"{TERRITORY}/file")
    page.get_by_role("link", name="valori.csv").click()
    office.press("Annulla il file")
    office.open(f"{TERRITORY}/posti-nido")
    assert office.says("16,7")


def test_a_survey_of_the_demonstration_is_weighted_to_the_indicators(visit, site):
    with site.app.app_context():
        survey = db.session.scalars(sa.select(Survey).order_by(Survey.opens_at)).first()
        id, age = survey.id, next(str(question.id) for section in survey.sections for question in section.questions
                                  if question.options and "16-24" in str(question.options[0].label))
    office = visit()
    office.sign_in("ufficio@example.org")
    page = office.open(f"/questionari/{id}/pesi")
    page.select_option("[name=age]", age)
    office.press("Salva")
    assert office.says("Gli indicatori li dicono")
    office.press("Prendi i numeri dagli indicatori")
    assert office.says("dai 16 anni in su")
    assert office.says("Effetto del disegno") or page.locator(".key-figures").count() == 1
    assert office.axe() == []
