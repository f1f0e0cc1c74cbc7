"""Personal data as they are written in Italy; what belongs to public offices, and numbers of other sorts, left out."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

_ODD = dict(zip("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
                (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12,
                 14, 16, 10, 22, 25, 24, 23), strict=True))
"""What a character in an odd place counts in a tax code (decree of 23 December 1976, article 7)."""
_DIGIT = "[0-9LMNPQRSTUV]"
_TAX_CODE = re.compile(
    rf"(?<![^\W_])[A-Z]{{3}} ?[A-Z]{{3}} ?{_DIGIT}{{2}} ?[A-EHLMPRST] ?{_DIGIT}{{2}} ?[A-Z]{_DIGIT}{{3}} ?[A-Z]"
    r"(?![^\W_])",
    re.IGNORECASE)
_IBAN = re.compile(r"(?<![^\W_])[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{2,4}){3,8}(?![^\W_])", re.IGNORECASE)
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@(?:[\w-]+\.)+[a-z]{2,}(?![\w@])", re.IGNORECASE)
_PLATE = re.compile(r"(?<![^\W_])[A-HJ-NPR-TV-Z]{2}[ -]?[0-9]{3}[ -]?[A-HJ-NPR-TV-Z]{2}(?![^\W_])", re.IGNORECASE)
_BEFORE, _ITALY, _BEHIND = r"(?<![\w,/€])(?<!\d[.-])", r"(?:(?:\+|00)39[ .-]?)?", r"(?![\w/€]|[.,-]\d)"
_MOBILE = re.compile(_BEFORE + _ITALY + r"3[0-9]{2}[ ./-]?(?:[0-9][ .-]?){6}[0-9]" + _BEHIND)
_LANDLINE = re.compile(_BEFORE + _ITALY + r"0[1-9][0-9]{0,2}[ ./-]{0,3}(?:[0-9][ .-]?){4,7}[0-9]" + _BEHIND)
_STREET = re.compile(
    r"(?<!\w)(?:via|viale|v\.le|piazza|p\.zza|piazzale|corso|c\.so|vicolo|strada|largo|borgo|contrada|località|loc\.)"
    r" (?:[^\W\d_][\w.'’]*,? ){1,5}?(?:n\. ?|n° ?|nr\. ?|numero |civico )?[0-9]{1,4}(?:[ /]?[a-z])?(?!\w|[.,:]\d)",
    re.IGNORECASE)
_HOME = re.compile(
    r"\b(?:abit[oaiò]|abitano|abitiamo|abitante|abitava|risied\w+|residente|residenti|vive|vivono|vivo|sta di casa|"
    r"casa mia|casa sua|a casa (?:di|del|della|sua|mia|loro)|casa (?:di|del|della) (?:sig|signor)\w*|domicilio|"
    r"domiciliat\w+|citofon\w+|campanello|sig\.\w*|signor\w*|famiglia|vicin[oaie] di casa|"
    r"il mio indirizzo|mio indirizzo|suo indirizzo|indirizzo di casa|lo trovate|la trovate|li trovate)\b",
    re.IGNORECASE)
_OFFICE = re.compile(
    r"\b(?:comune|comunale|comunali|municipio|urp|ufficio|uffici|biblioteca|scuola|asilo|nido|ausl|asl|usl|polizia|vigili|"
    r"carabinieri|sportello|centralino|pronto soccorso|protezione civile|farmacia|ospedale|numero verde|segreteria|"
    r"anagrafe|unione|provincia|regione|consultorio|cup|guardia medica|casa della salute|pro loco|teatro|museo|"
    r"servizi sociali|prefettura|protocollo|fax)\b", re.IGNORECASE)
_OTHER_NUMBER = re.compile(
    r"(?:\bprot\w*\.?|\bn\.|\bn°|\bnumero di|\bpratica|\bdelibera\w*|\bdetermin\w+|\bcig|\bcup|\bpartita iva|"
    r"\bp\. ?iva|\bp\.i\.|\bpiva|\bc\.f\.|\bcodice\w*|\bparticella|\bfoglio|\bmappale|\bmatricola|\bfattura|\bisbn|"
    r"\bcontatore|\bpod|\bpdr|\blegge|\bordine|\bcoordinate|\blat\w*|\blon\w*)[\s.:°n]*(?:fiscale|civile|univoco|cliente)?[\s.:°n]*$",
    re.IGNORECASE)
_MONEY = re.compile(r"\s*(?:€|euro\b|mila\b|milioni\b|abitanti\b|kwh\b|mq\b|metri\b)", re.IGNORECASE)
_CAR = re.compile(r"\b(?:targ\w+|auto|macchina|furgone|moto|veicolo|suv|camion)\b", re.IGNORECASE)
_ROADS = frozenset({"SP", "SS", "SR", "SC", "DN", "CV", "KM", "CE", "LR", "DM", "DL", "PN"})
_PUBLIC_DOMAINS = re.compile(
    r"(?:\.gov\.it|europa\.eu|(?:^|[.-])(?:comune|comuni|unione|provincia|regione|ausl|asl|istruzione)[.-][\w.-]*|"
    r"pec\.(?:comune|unione)[\w.-]*|\.edu\.it|example\.(?:org|com))$", re.IGNORECASE)
_DESKS = frozenset({
    "info", "urp", "protocollo", "segreteria", "biblioteca", "anagrafe", "sindaco", "ufficio", "uffici", "tributi",
    "suap", "polizia", "redazione", "sportello", "scuola", "noreply", "privacy", "dpo", "partecipazione",
    "ambiente", "tecnico",
})


@dataclass(frozen=True)
class Datum:
    """A personal datum in a text: of which sort, and where."""

    sort: str
    begins: int
    ends: int


def personal_data(text: str, contacts: Collection[str] = ()) -> list[Datum]:
    """What a text says of people that others should not read, first to last; contacts are those that may stand."""
    found: list[Datum] = []
    known = {bare(contact) for contact in contacts}
    for sort, pattern, sound in _SORTS:
        for match in pattern.finditer(text):
            begins, ends = match.start(), match.start() + len(match[0].rstrip(" .-/"))
            free = all(ends <= other.begins or begins >= other.ends for other in found)
            if free and bare(match[0]) not in known and sound(match, text):
                found.append(Datum(sort, begins, ends))
    return sorted(found, key=lambda one: one.begins)


def bare(contact: str) -> str:
    """A number or address as it is compared: without gaps, capitals and the prefix of Italy."""
    joined = re.sub(r"[\s./-]" if "@" not in contact else r"\s", "", contact.casefold())
    return re.sub(r"^(?:\+|00)39", "", joined)


def is_tax_code(code: str) -> bool:
    """Whether the last character of sixteen is the one that follows from the others."""
    code = code.replace(" ", "").upper()
    values = [_ODD[c] if place % 2 == 0 else _even(c) for place, c in enumerate(code[:15])]
    return len(code) == 16 and chr(ord("A") + sum(values) % 26) == code[15]


def _even(character: str) -> int:
    return int(character) if character.isdigit() else ord(character) - ord("A")


def is_iban(account: str) -> bool:
    """Whether the check digits are right (ISO 13616), and the length where it is an Italian one."""
    account = account.replace(" ", "").upper()
    if not 15 <= len(account) <= 34 or (account.startswith("IT") and len(account) != 27):
        return False
    return int("".join(str(int(c, 36)) for c in account[4:] + account[:4])) % 97 == 1


def _before(match: re.Match[str], text: str, letters: int) -> str:
    """What stands before it on the same line."""
    return text[max(0, match.start() - letters):match.start()].rpartition("\n")[2]


def _after(match: re.Match[str], text: str, letters: int) -> str:
    return text[match.end():match.end() + letters].partition("\n")[0]


def _anyones(match: re.Match[str], text: str) -> bool:
    name, _at, domain = match[0].casefold().partition("@")
    return not _PUBLIC_DOMAINS.search(domain) and name not in _DESKS


def _telephone(match: re.Match[str], text: str) -> bool:
    digits = re.sub(r"\D", "", match[0])
    digits = re.sub(r"^(?:00)?39(?=[03].{8})", "", digits)
    return (9 <= len(digits) <= 11 and not _OTHER_NUMBER.search(_before(match, text, 30))
            and not _MONEY.match(_after(match, text, 12)))


def _landline(match: re.Match[str], text: str) -> bool:
    near = _before(match, text, 70) + " " + _after(match, text, 40)
    return _telephone(match, text) and not _OFFICE.search(near)


def _home(match: re.Match[str], text: str) -> bool:
    return bool(_HOME.search(_before(match, text, 60) + " " + _after(match, text, 40)))


def _car(match: re.Match[str], text: str) -> bool:
    told = bool(_CAR.search(_before(match, text, 40)))
    return told or (match[0].isupper() and match[0][:2] not in _ROADS)


_SORTS: tuple[tuple[str, re.Pattern[str], Callable[[re.Match[str], str], bool]], ...] = (
    ("iban", _IBAN, lambda match, _text: is_iban(match[0])),
    ("tax_code", _TAX_CODE, lambda match, _text: is_tax_code(match[0])),
    ("email", _MAIL, _anyones),
    ("phone", _MOBILE, _telephone),
    ("phone", _LANDLINE, _landline),
    ("plate", _PLATE, _car),
    ("address", _STREET, _home),
)
"""Sorts in the order in which they are looked for: what is one is not taken for another."""
