"""The folder with which anybody recounts a ballot offline: what was fixed, the log, its signed heads, and verify.py."""

import json
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from consult.core.db import db
from consult.ledger import disclosing, queries, signing
from consult.ledger.canonical import canonical
from consult.ledger.models import Ledger
from consult.methods.interface import Option, Paper, Rules
from consult.methods.registry import METHODS

PARTS = ("ed25519", "ranking", "shares", "counting", "checking", "telling")
"""The modules of `verifier`, in the order in which they make one file."""
_OWN_IMPORT = re.compile(r"^from consult\.[^\n(]*(?:\([^)]*\)|[^\n]*)\n", re.MULTILINE)
_SHEBANG = "#!/usr/bin/env python3\n"

README = """PUBBLICAZIONE DI UNA VOTAZIONE

Con questi file chiunque può ricontare i voti, anche senza rete. Serve Python 3.9 o successivo:

    python3 verify.py                              se qui c'è la vostra ricevuta.json, dice anche dov'è la scheda
    python3 verify.py --receipt FILE               dov'è la scheda di una ricevuta che sta altrove
    python3 verify.py --checkpoint FILE            confronta con una testa conservata altrove (albo pretorio, e-mail)
    python3 verify.py --key CHIAVE                 usa la chiave letta sul sito o all'albo, non quella in key.txt

consultation.json  ciò che era fissato all'apertura: quesito, opzioni, regole, aventi diritto, motivi di annullamento
entries.jsonl      il registro: una riga per ogni apertura, scheda, ritiro, annullamento, chiusura
checkpoints.txt    le teste firmate del registro
result.json        il risultato pubblicato
key.txt            la chiave pubblica di chi ha firmato

Uscita: 0 tutto torna; 1 qualcosa non torna; 2 il comando o la cartella non si leggono; 3 torna tutto ciò che si può
controllare, ma il contenuto delle schede non è pubblicato. Un ente che riscrivesse tutto e firmasse di nuovo sarebbe
scoperto solo da una testa conservata altrove: per questo le teste vanno all'albo pretorio.

PUBLICATION OF A BALLOT

Anybody can recount the votes with these files, offline, with Python 3.9 or later: python3 verify.py --language en
With your ricevuta.json in this folder it also says where your paper is.
"""


def rules_of(fixed: Mapping[str, Any]) -> Rules:
    """A ballot as its way of voting sees it, from what was fixed when it opened."""
    return Rules(
        method=fixed["method"], minimum=fixed["minimum"], maximum=fixed["maximum"], budget=fixed.get("budget"),
        parameters=fixed.get("parameters", {}), seed=fixed.get("seed", ""),
        options=tuple(Option(code=one["code"], cost=one.get("cost", 0), group=one.get("group", ""))
                      for one in fixed["options"]))


class Box:
    """The papers that count, as the log of a closed ballot tells them, whatever the order of its entries."""

    def __init__(self, leaves: Iterator[bytes]) -> None:
        self.voided: Counter[str] = Counter()
        self.withdrawn = 0
        self._last: dict[str, tuple[int, str | None]] = {}
        void: dict[str, str] = {}
        for leaf in leaves:
            entry = json.loads(leaf)
            tag, kind = entry.get("g"), entry["t"]
            if kind == "void":
                void[tag] = entry["why"]
            elif kind in ("cast", "gone") and entry["s"] > self._last.get(tag, (0, None))[0]:
                marks = json.dumps(entry["q"]["q1"], sort_keys=True) if kind == "cast" else None
                self._last[tag] = entry["s"], marks
        for tag, why in void.items():
            self._last.pop(tag, None)
            self.voided[why] += 1
        self.withdrawn = sum(marks is None for _number, marks in self._last.values())
        self.piles = Counter(marks for _number, marks in self._last.values() if marks is not None)

    def papers(self) -> list[Paper]:
        """Those that count, equal ones put together."""
        return [Paper(marks=json.loads(marks), times=times) for marks, times in sorted(self.piles.items())]


def result(rules: Rules, box: Box) -> dict[str, Any]:
    """The result as it is published: what each option adds up to, and what came first or is approved or funded."""
    method, papers = METHODS[rules.method], box.papers()
    counted = method.tally(rules, papers)
    added: Counter[str] = Counter(dict.fromkeys(rules.codes, 0))
    for paper in papers:
        if method.fault(rules, paper.marks) is None:
            for code, number in method.adds(rules, paper.marks).items():
                added[code] += number * paper.times
    return {"added": dict(added), "blank": counted.blank, "invalid": counted.invalid, "valid": counted.valid,
            "voided": dict(box.voided), "winners": list(counted.winners), "withdrawn": box.withdrawn}


def write(activity_id: int, put: Callable[[str, Iterator[bytes]], None], *, whole: bool = False) -> None:
    """Hand over each file of the publication. Raises StillOpenError before the log has closed.

    `whole` is for the guarantor: also what is on papers so rare that they could tell whose they are.
    """
    found = db.session.get_one(Ledger, activity_id)
    fixed = queries.consultation(found)
    rules = rules_of(fixed)
    box = Box(queries.leaves(activity_id))
    papers = box.papers()
    hidden = not whole and disclosing.withheld(
        rules.method, len(rules.options), (paper.marks for paper in papers for _each in range(min(paper.times, 2))))
    heads = queries.checkpoints(activity_id)[::-1]
    told = {**result(rules, box), "checkpoints": [head.size for head in heads], "c": str(activity_id), "v": 1,
            "papers": "withheld" if hidden else "published"}
    put("consultation.json", iter([found.consultation.encode()]))
    put("entries.jsonl", _lines(activity_id, hidden=bool(hidden)))
    put("checkpoints.txt", (f"{head.note}\n".encode() for head in heads))
    put("result.json", iter([canonical(told)]))
    put("key.txt", iter([f"{signing.verifier()}\n".encode()]))
    put("LEGGIMI.txt", iter([README.encode()]))
    put("verify.py", iter([verifier().encode()]))


def _lines(activity_id: int, *, hidden: bool) -> Iterator[bytes]:
    """The entries; of a paper that is not given out only its hash, under which it stands in the tree."""
    if not hidden:
        for leaf in queries.leaves(activity_id):
            yield leaf + b"\n"
        return
    for hashed, leaf in queries.hashed_leaves(activity_id):
        yield (hashed.hex().encode() if b'"t":"cast"' in leaf else leaf) + b"\n"


def to_folder(activity_id: int, folder: Path, *, whole: bool = False) -> None:
    """Write the publication of a closed ballot into a folder, which is made."""
    folder.mkdir(parents=True, exist_ok=True)

    def put(name: str, parts: Iterator[bytes]) -> None:
        with (folder / name).open("wb") as file:
            file.writelines(parts)

    write(activity_id, put, whole=whole)


def to_zip(activity_id: int, target: Path) -> None:
    """Pack the publication; the file is there whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_suffix(".part")
    with zipfile.ZipFile(aside, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as packed:

        def put(name: str, parts: Iterator[bytes]) -> None:
            with packed.open(zipfile.ZipInfo(f"votazione-{activity_id}/{name}", (1980, 1, 1, 0, 0, 0)), "w",
                             force_zip64=True) as file:
                for part in parts:
                    file.write(part)

        write(activity_id, put)
    aside.replace(target)


def verifier() -> str:
    """The program that verifies a publication: its parts as one file."""
    folder = Path(__file__).parent / "verifier"
    parts = [_OWN_IMPORT.sub("", (folder / f"{name}.py").read_text(encoding="utf-8")).rstrip() for name in PARTS]
    return _SHEBANG + "\n\n\n".join(parts) + "\n"
