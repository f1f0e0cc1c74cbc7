"""What would let somebody reach or know a person is found in a text, and left out of one."""

import pytest

from consult.core.personal_words import alarm, apart, masked, reaching, titled


@pytest.mark.parametrize(("typed", "kept"), [
    ("scrivere a mario.rossi@example.org, grazie", "scrivere a [indirizzo e-mail omesso], grazie"),
    ("tel. 333 123 4567", "tel. [numero di telefono omesso]"), ("3331234567", "[numero di telefono omesso]"),
    ("+39 333 1234567", "[numero di telefono omesso]"), ("0546 123456", "[numero di telefono omesso]"),
    ("051/1234567", "[numero di telefono omesso]"), ("RSSMRA80A01H501U", "[codice fiscale omesso]"),
    ("rssmra80a01h501u", "[codice fiscale omesso]"),
    ("dal 2027 al 2035", "dal 2027 al 2035"), ("250.000 euro", "250.000 euro"), ("1234567 euro", "1234567 euro"),
    ("ROV-P-0012", "ROV-P-0012"), ("33 corse, 12 fermate, 3 linee", "33 corse, 12 fermate, 3 linee"),
    ("art. 15 c. 2-bis", "art. 15 c. 2-bis"), ("01/02/2027", "01/02/2027"), ("3.250.000.000", "3.250.000.000"),
    ("SP 302, km 12+300", "SP 302, km 12+300"), ("2027-03-04", "2027-03-04"), ("a @ b", "a @ b"),
])
def test_what_reaches_a_person_is_left_out_and_nothing_else(app, typed, kept):
    assert masked(typed) == kept


def test_what_reaches_or_names_a_person_is_found_with_the_words_around_it():
    text = ("La dott.ssa Rossi ricorda che per il bus si scrive a linea@example.org, non al 333 1234567; "
            "nel 2027 le corse saranno 620.")
    found = [alarm("body", text, spot) for spot in apart([*reaching(text), *titled(text)])]
    assert [(one.sort, one.words) for one in found] == [
        ("person", "Rossi"), ("mail", "linea@example.org"), ("phone", "333 1234567")]
    assert found[1].around == ("La dott.ssa Rossi ricorda che per il bus si scrive a ",
                               ", non al 333 1234567; nel 2027 le corse saranno 620.")
