"""A plan text, what an editor may do to it, and anchors of which it is known where they belong afterwards.

Every word has a number of its own that it keeps wherever it goes: so the truth is known, and never guessed.
"""

import itertools
import random
import re
from dataclasses import dataclass, field

from consult.planning.paragraphs import successors
from consult.remarks.anchoring import Anchor, Passage, Text

PLACES = ("Pieve Selvara", "Rovano", "Vallescura", "Borgo Alto", "Castelmonte", "San Vito", "Fontanelle", "Le Ginestre")
SENTENCES = (
    "Nel {anno} il servizio di {servizio} arriva anche a {luogo}, con un orario che parte alle {ora}",
    "La manutenzione di {opera} a {luogo} si fa ogni anno prima di {mese}",
    "Chi abita a {luogo} raggiunge {meta} in non più di {minuti} minuti, con un mezzo pubblico o condiviso",
    "Il Comune pubblica entro {mese} quanto è stato speso per {servizio}, voce per voce",
    "Le famiglie di {luogo} chiedono che {opera} resti aperto anche dopo le {ora}",
    "Per {servizio} si cercano {minuti} volontari, formati dall'Unione e assicurati",
    "Un tavolo tra {luogo} e {altro} decide insieme il calendario di {servizio}",
    "Sul tetto di {opera} si installano pannelli che danno energia a {minuti} case di {luogo}",
    "Ogni {mese} una giornata è dedicata a {servizio}, con le scuole di {luogo} e di {altro}",
    "La Giunta risponde per iscritto entro {minuti} giorni a chi segnala un guasto a {opera}",
    "Tra {luogo} e {altro} si apre un sentiero segnato, adatto anche a chi usa la carrozzina",
    "Il bilancio per {servizio} cresce di {minuti} mila euro fino al {anno}",
    "I giovani sotto i {minuti} anni che aprono un'attività a {luogo} non pagano l'affitto per due anni",
    "Si censisce {opera} e si dice a tutti chi ne ha la chiave e chi lo cura",
)
ANEW = (
    "Di {opera} si discute con chi lo usa, una sera a {luogo} e una a {altro}, prima di scrivere il progetto",
    "Quanto fatto fino a {mese} viene raccontato in una mostra, che da {luogo} passa per tutte le frazioni",
    "Serve un accordo firmato con le associazioni di {luogo}: dura {minuti} mesi e poi si verifica",
    "Resta da capire se {servizio} possa essere gestito insieme a un'altra Unione, e a quali condizioni",
)
"""What an editor writes, and the earlier text did not say."""
SLOTS = {
    "anno": ("2027", "2028", "2029", "2030", "2031", "2033", "2035"),
    "servizio": ("trasporto a chiamata", "assistenza a casa", "biblioteca", "raccolta dei rifiuti", "medico di base",
                 "doposcuola", "sportello digitale", "cura dei boschi", "protezione civile", "asilo nido"),
    "luogo": PLACES, "altro": PLACES,
    "opera": ("il ponte vecchio", "la palestra", "il mulino", "la ex stazione", "il centro civico", "la fontana",
              "il campo sportivo", "la sala della musica"),
    "meta": ("l'ospedale", "la scuola superiore", "la stazione", "un supermercato", "la farmacia"),
    "mese": ("marzo", "maggio", "giugno", "settembre", "ottobre", "novembre"),
    "minuti": ("dieci", "quindici", "venti", "trenta", "quaranta", "sessanta"),
    "ora": ("sette", "otto", "nove", "diciotto", "venti"),
}
FRESH = ("piuttosto", "finalmente", "coperto", "gratuito", "settimanale", "concordato", "nuovo", "pubblico", "stabile",
         "verificato", "inoltre", "condiviso", "accessibile", "triennale", "sicuro", "intercomunale")


@dataclass
class Words:
    """A paragraph as words with their numbers."""

    words: list[tuple[int, str]]

    @property
    def text(self):
        return " ".join(word for _number, word in self.words)


@dataclass
class Rewriting:
    """An earlier and a later text with the numbers of their paragraphs, and anchors on the earlier."""

    random: random.Random
    paragraphs: int = 66
    share: float = 0.3
    numbers: itertools.count = field(default_factory=itertools.count)

    def __post_init__(self):
        self.before = [Words(self._new()) for _place in range(self.paragraphs)]
        for place in range(0, 12, 2):  # near-duplicates: the same paragraph of another place
            self.before[place + 1] = Words(self._like(self.before[place].words))
        self.after = self._rewritten()
        self.ids = list(range(1, self.paragraphs + 1))
        fresh = itertools.count(1000)
        matched = successors([one.text for one in self.before], [one.text for one in self.after])
        self.later_ids = [self.ids[match] if match is not None else next(fresh) for match in matched]
        self.earlier = Text(Passage(id, one.text) for id, one in zip(self.ids, self.before, strict=True))
        self.later = Text(Passage(id, one.text) for id, one in zip(self.later_ids, self.after, strict=True))

    def _new(self, sentences=SENTENCES):
        said = []
        for template in self.random.sample(sentences, self.random.randint(2, 4)):
            filled = re.sub(r"\{(\w+)\}", lambda slot: self.random.choice(SLOTS[slot[1]]), template)
            said += (filled + ".").split()
        return [(next(self.numbers), word) for word in said]

    def _like(self, words):
        """Nearly the same: one word in twenty is another."""
        return [(next(self.numbers), self.random.choice(FRESH) if self.random.random() < 0.05 else word)
                for _number, word in words]

    def _rewritten(self):
        order = self.random.sample(range(self.paragraphs), int(self.paragraphs * self.share))
        acts = ["swap", "swap", *itertools.islice(itertools.cycle(
            ["words", "words", "split", "words", "merge", "delete", "words", "move", "words", "lines"]), len(order))]
        text = [Words(list(one.words)) for one in self.before]
        here = {id(one): one for one in text}
        for place, act in zip(order, acts, strict=False):
            one = text[place]
            if id(one) in here:
                getattr(self, f"_{act}")(text, one, here)
        return [one for one in self._order if one.words]

    _order = ()

    def _placed(self, text):
        self._order = self._order or list(text)
        return self._order

    def _at(self, order, one):
        return next(index for index, each in enumerate(order) if each is one)

    def _words(self, text, one, _here):
        self._placed(text)
        changed = []
        for number, word in one.words:
            luck = self.random.random()
            if luck < 0.08:
                changed.append((next(self.numbers), self.random.choice(FRESH)))
            elif luck >= 0.13:
                changed.append((number, word))
            if 0.13 <= luck < 0.18:
                changed.append((next(self.numbers), self.random.choice(FRESH)))
        one.words = changed

    def _lines(self, text, one, _here):
        """Half of it is written anew."""
        self._placed(text)
        half = len(one.words) // 2
        one.words = [*one.words[:half], *self._new(ANEW)[:half]]

    def _split(self, text, one, here):
        order = self._placed(text)
        ends = [index + 1 for index, (_number, word) in enumerate(one.words[:-1]) if word.endswith(".")]
        if not ends:
            return
        at = self.random.choice(ends)
        rest = Words(one.words[at:])
        one.words = one.words[:at]
        order.insert(self._at(order, one) + 1, rest)
        here[id(rest)] = rest

    def _merge(self, text, one, _here):
        order = self._placed(text)
        at = self._at(order, one)
        other = order[at + 1] if at + 1 < len(order) else order[at - 1]
        one.words = [*one.words, *other.words]
        other.words = []

    def _delete(self, text, one, _here):
        self._placed(text)
        one.words = []

    def _move(self, text, one, here):
        order = self._placed(text)
        order.pop(self._at(order, one))
        order.insert(self.random.randrange(len(order)), one)
        self._words(text, one, here)

    def _swap(self, text, one, here):
        """Near-duplicates change places, and one of them is edited."""
        order = self._placed(text)
        pair = self.random.randrange(6) * 2
        left, right = self._at(order, text[pair]), self._at(order, text[pair + 1])
        order[left], order[right] = order[right], order[left]
        self._words(text, text[pair], here)

    def anchors(self, how_many):
        """Passages of three to twenty words, and now and then a whole paragraph; each with the words it means."""
        for _number in range(how_many):
            place = self.random.randrange(self.paragraphs)
            one = self.before[place]
            whole = self.random.random() < 0.15
            size = len(one.words) if whole else self.random.randint(3, min(20, len(one.words)))
            first = self.random.randrange(len(one.words) - size + 1)
            start = len(" ".join(word for _n, word in one.words[:first])) + (1 if first else 0)
            chosen = one.words[first:first + size]
            anchor = Anchor(self.ids[place], start, start + len(" ".join(word for _n, word in chosen)), whole)
            yield anchor, {number for number, _word in chosen}

    def judged(self, anchor, meant, placed):
        """`right`, `orphan` or `wrong`: most of what is left of the words lies where the anchor was placed.

        Where less than half of the words is left (of a whole paragraph a third), or they lie apart, to declare it an
        orphan is the only right answer.
        """
        if placed is None:
            return "orphan"
        one = self.after[self.later_ids.index(placed.paragraph)]
        at, covered = 0, set()
        for number, word in one.words:
            if at < placed.end and at + len(word) > placed.start:
                covered.add(number)
            at += len(word) + 1
        standing = {number for each in self.after for number, _word in each.words} & meant
        there = meant & covered
        enough = len(there) * (3 if anchor.whole else 2) > len(meant) and len(there) * 2 > len(standing)
        tight = len(covered) <= 2 * len(meant) + 2
        return "right" if enough and tight else "wrong"

    def lost(self, meant):
        """True if less than half of the words is left: nobody could place it."""
        standing = {number for each in self.after for number, _word in each.words} & meant
        return len(standing) * 2 <= len(meant)
