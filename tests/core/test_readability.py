"""The Gulpease index: its formula, its counts, and when nothing is said."""

import pytest

from consult.core import readability
from consult.core.readability import Ease, gulpease, measured

PLAIN = "La fermata è buia. Chi torna la sera ha paura. Chiediamo due lampioni. Costano poco e servono a tutti."
OFFICIAL = ("In considerazione delle sopraccitate problematiche infrastrutturali concernenti l'illuminazione pubblica "
            "prospiciente la fermata del trasporto extraurbano, si sollecita l'amministrazione comunale competente a "
            "predisporre tempestivamente l'installazione di ulteriori apparecchiature illuminanti conformi alla "
            "normativa vigente.")


@pytest.mark.parametrize(("letters", "words", "sentences", "index"), [
    (100, 20, 2, 69), (0, 1, 1, 100), (400, 40, 1, 0), (450, 100, 10, 74)])
def test_the_index_is_that_of_the_formula(letters, words, sentences, index):
    assert gulpease(letters, words, sentences) == index


def test_letters_words_and_sentences_are_counted():
    found = measured("Due panchine. Tre alberi! " * 5)
    assert (found.sentences, found.words, found.letters) == (10, 20, 5 * 20)


def test_plain_words_are_easier_than_official_ones():
    assert measured(PLAIN).ease is Ease.VERY_EASY
    assert measured(OFFICIAL).ease is Ease.VERY_HARD


def test_the_longest_sentence_is_named_where_it_is_long():
    assert measured(PLAIN).longest == ""
    found = measured(OFFICIAL)
    assert found.longest.startswith("In considerazione delle")
    assert found.longest_words > readability.LONG_SENTENCE


@pytest.mark.parametrize("text", ["", "   ", "Poche parole.", "!!! ... ???", "**" * 50, "\n\n- \n- \n"])
def test_of_a_short_text_nothing_is_said(text):
    assert measured(text) is None


def test_marks_and_addresses_are_no_words():
    marked = "## Che cosa manca\n\n" + PLAIN.replace("lampioni", "**lampioni**") + "\n\n> https://example.org/una/pagina"
    bare = measured("Che cosa manca.\n\n" + PLAIN)
    found = measured(marked)
    assert (found.words, found.letters, found.sentences) == (bare.words, bare.letters, bare.sentences)


def test_the_items_of_a_list_are_sentences_and_an_abbreviation_ends_none():
    found = measured("Chiediamo secondo l'art. 3 queste tre cose per la piazza del paese\n\n- una panchina nuova\n"
                     "- due alberi alti\n- una fontana")
    assert found.sentences == 4
