"""Insults by a list that the office keeps: whole words in their forms, accents folded; quoting one is not using it."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

Span = tuple[int, int]
_HERE = Path(__file__).resolve().parent
INSULTS = tuple((_HERE / "insults.txt").read_text(encoding="utf-8").splitlines())
OF_PEOPLE = tuple((_HERE / "of_people.txt").read_text(encoding="utf-8").splitlines())
"""The lists to begin with."""

THINGS = frozenset({
    "idea", "idee", "regola", "regole", "norma", "norme", "scelta", "scelte", "decisione", "decisioni", "proposta",
    "proposte", "legge", "leggi", "cosa", "cose", "domanda", "domande", "burocrazia", "errore", "errori",
    "progetto", "progetti", "ordinanza", "ordinanze", "multa", "multe", "slogan", "battuta", "risposta", "parola",
    "parole", "termine", "termini", "procedura", "procedure", "modo", "modulo", "moduli", "divieto", "divieti",
    "rotatoria", "tassa", "titolo", "polemica", "polemiche",
})
"""What may be called stupid: harsh words about ideas and acts are fine."""
_DISGUISES = str.maketrans("0134578@$", "oieastbas")
_STRETCHED = re.compile(r"(.)\1{2,}")
_TOKEN = re.compile(r"(?:[^\W_]|[*@$])+", re.UNICODE)
_OPENING, _CLOSING = "«“\"‘'", "»”\"’'"
_STRESS = "(?:solo|proprio|davvero|veramente|soltanto|sempre|più|anche|pure)"
_ADDRESSING = re.compile(
    rf"(?<!\w)(?:(?:sei|siete|siate)(?: (?:{_STRESS}|un|uno|una|dei|degli|delle|tutti|tutte|soliti|gran))*"
    rf"|(?<!c )(?:è|era|resta|rimane)(?: {_STRESS})* (?:un|uno|una)(?: (?:gran|grande|povero|povera|vero|vera))?"
    rf"|sono(?: {_STRESS})* (?:dei|degli|delle|tutti|tutte|una massa di|un branco di)(?: gran)?"
    r"|(?:razza|banda|branco|manica|massa|specie|cricca|accozzaglia) di(?: \w+ e)?"
    r"|brutt[oaie]|quest[oaie] gran) $")
_BEFORE_AN_OUTCRY = re.compile(r"(?:^|[.!?,;]\s*|\b(?:che|vergogna|basta|voi)\s)$")
_AFTER_AN_OUTCRY = re.compile(r"\s*!")
_E = re.compile(r"\be['’](?=\s)")
_GAPS = re.compile(r"[\s'’]+")


def insults(text: str, always: Sequence[str] = INSULTS, of_people: Sequence[str] = OF_PEOPLE) -> Iterator[Span]:
    """Where a text insults somebody."""
    tokens = [(*found.span(), _plain(found[0])) for found in _TOKEN.finditer(text)]
    everywhere, addressed = forms(tuple(always)), forms(tuple(of_people))
    at = 0
    while at < len(tokens):
        length = _matched(tokens, at, everywhere)
        if length and not _of_a_thing(tokens, at) and not _quoted(text, tokens, at, length):
            yield tokens[at][0], tokens[at + length - 1][1]
        elif not length:
            length = _matched(tokens, at, addressed)
            if length and _of_somebody(text, tokens, at, length) and not _quoted(text, tokens, at, length):
                yield tokens[at][0], tokens[at + length - 1][1]
        at += max(1, length)


@lru_cache(maxsize=16)
def forms(words: tuple[str, ...]) -> dict[str, list[list[re.Pattern[str]]]]:
    """For each entry of a list the patterns of its words, by its first two letters and by its first alone."""
    found: dict[str, list[list[re.Pattern[str]]]] = {}
    for entry in words:
        parts = _plain(entry).split()
        if parts and parts[0][:1].isalpha():
            for key in (parts[0][:2], parts[0][:1]):
                found.setdefault(key, []).append([_inflected(part) for part in parts])
    for entries in found.values():
        entries.sort(key=len, reverse=True)
    return found


def _inflected(word: str) -> re.Pattern[str]:
    """All forms of an Italian word: of a cretino also cretina, cretini, cretine and cretinissimo."""
    stem, ending = word[:-1], word[-1]
    if len(word) < 4 or ending not in "oaei":
        return re.compile(re.escape(word))
    if word.endswith(("io", "ia")):
        return re.compile(rf"{re.escape(word[:-2])}(?:i[oa]|[ie]|issim[oaie])")
    hard = "h?" if stem[-1] in "cg" else ""
    endings = "[oaie]" if ending in "oa" else "[ei]"
    return re.compile(rf"{re.escape(stem)}{hard}(?:{endings}|issim[oaie])")


@lru_cache(maxsize=100_000)
def _plain(word: str) -> str:
    letters = unicodedata.normalize("NFKD", word.casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    if any(letter.isalpha() for letter in bare):
        bare = bare.translate(_DISGUISES)
    return _STRETCHED.sub(r"\1", bare)


def _matched(tokens: Sequence[tuple[int, int, str]], at: int, entries: dict[str, list[list[re.Pattern[str]]]]) -> int:
    """How many words from one on are an entry of the list; none if they are not."""
    word = tokens[at][2]
    for entry in entries.get(word[:1] if "*" in word[:2] else word[:2], ()):
        words = tokens[at:at + len(entry)]
        if len(words) == len(entry) and all(
                _fits(part, word[2]) for part, word in zip(entry, words, strict=True)):
            return len(entry)
    return 0


def _fits(pattern: re.Pattern[str], word: str) -> bool:
    if "*" not in word:
        return pattern.fullmatch(word) is not None
    shown = word.replace("*", "")
    if len(shown) < 2:
        return False
    masked = re.compile(re.sub(r"\*+", r"\\w{1,9}", word))
    return any(masked.fullmatch(form) for form in _spelled(pattern.pattern))


@lru_cache(maxsize=1000)
def _spelled(pattern: str) -> tuple[str, ...]:
    """The forms of a pattern of `_inflected`, without the highest degree."""
    stem, _open, rest = pattern.partition("(?:[")
    stem = stem.removesuffix("h?")
    return tuple(stem + ending for ending in rest.partition("]")[0]) if rest else (pattern,)


def _of_a_thing(tokens: Sequence[tuple[int, int, str]], at: int) -> bool:
    """Whether it is said of an idea, a rule or the like, just before or just after."""
    following = [word for start, _end, word in tokens[at + 1:at + 2] if start == tokens[at][1] + 1]
    return any(word in THINGS for word in [*(word for _start, _end, word in tokens[max(0, at - 2):at]), *following])


def _of_somebody(text: str, tokens: Sequence[tuple[int, int, str]], at: int, length: int) -> bool:
    """Whether it is said to or of people, or cried out."""
    start, end = tokens[at][0], tokens[at + length - 1][1]
    before = _E.sub("è", text[max(0, start - 60):start].casefold())
    if _ADDRESSING.search(_GAPS.sub(" ", before)):
        return not _of_a_thing(tokens, at)
    return bool(_BEFORE_AN_OUTCRY.search(before) and _AFTER_AN_OUTCRY.match(text[end:]))


def _quoted(text: str, tokens: Sequence[tuple[int, int, str]], at: int, length: int) -> bool:
    """Whether it stands between marks by itself, as a word that one talks about."""
    start, end = tokens[at][0], tokens[at + length - 1][1]
    return text[start - 1:start] in tuple(_OPENING) and text[end:end + 1] in tuple(_CLOSING)
