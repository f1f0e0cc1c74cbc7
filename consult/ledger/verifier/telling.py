"""What was found, in sentences; and the command."""

import argparse
import json
import sys
from pathlib import Path

from consult.ledger.verifier.checking import MOST_TOLD, Check, UnreadableError, heads_in, leaf_hash, node_hash

SENTENCES = {
    "heads unreadable": ("checkpoints.txt contiene righe che non sono teste firmate.",
                         "checkpoints.txt holds lines that are no signed heads."),
    "two roots": ("Ci sono due radici diverse per le stesse {size} voci: il registro è stato mostrato in due versioni.",
                  "There are two different roots for the same {size} entries: the log was shown in two versions."),
    "twice": ("La riga {line} ripete la riga {first}.", "Line {line} repeats line {first}."),
    "truncated": ("Mancano voci: una testa firmata ne conta {size}, entries.jsonl ne ha {lines}.",
                  "Entries are missing: a signed head counts {size}, entries.jsonl has {lines}."),
    "root": ("Le prime {size} voci non danno la radice firmata: qualcosa dopo la voce {since} è stato cambiato, tolto, "
             "aggiunto o spostato.",
             "The first {size} entries do not give the signed root: something after entry {since} was changed, taken "
             "away, added or moved."),
    "unsigned end": ("Nessuna testa firmata copre tutte le {lines} voci (l'ultima ne copre {size}).",
                     "No signed head covers all {lines} entries (the last one covers {size})."),
    "signature": ("La firma della testa su {size} voci non è della chiave indicata.",
                  "The signature of the head over {size} entries is not of the key that is named."),
    "kept signature": ("La testa conservata altrove, su {size} voci, non è firmata dalla chiave indicata.",
                       "The head kept elsewhere, over {size} entries, is not signed by the key that is named."),
    "origin": ("La testa su {size} voci è di un altro registro.", "The head over {size} entries is of another log."),
    "heads missing": ("Le teste firmate non sono quelle elencate nel risultato: {found} invece di {told}, o altre.",
                      "The signed heads are not those that the result lists: {found} instead of {told}, or others."),
    "not canonical": ("La riga {line} non è scritta nella forma canonica.",
                      "Line {line} is not written in the canonical form."),
    "not an entry": ("La riga {line} non è una voce di questa votazione.", "Line {line} is no entry of this ballot."),
    "opening": ("La riga {line}: l'apertura deve essere la prima voce, e una sola.",
                "Line {line}: the opening must be the first entry, and the only one."),
    "consultation": ("consultation.json non è quella fissata all'apertura: quesito, opzioni, regole o aventi diritto "
                     "sono stati cambiati.",
                     "consultation.json is not the one fixed at the opening: question, options, rules or electorate "
                     "were changed."),
    "after closing": ("La riga {line} viene dopo la chiusura.", "Line {line} comes after the closing."),
    "not allowed": ("La riga {line} porta una scheda che le regole non ammettono.",
                    "Line {line} holds a paper that the rules do not allow."),
    "void reason": ("La riga {line} annulla per un motivo non fissato all'apertura: {why}.",
                    "Line {line} voids for a reason that was not fixed at the opening: {why}."),
    "void twice": ("La riga {line} annulla una scheda già annullata.",
                   "Line {line} voids a paper that is void already."),
    "not closed": ("Manca la chiusura: il registro non è completo.",
                   "The closing is missing: the log is not complete."),
    "versions": ("Le versioni della scheda {tag} non sono 1, 2, 3…: ne manca una o è ripetuta.",
                 "The versions of paper {tag} are not 1, 2, 3…: one is missing or repeated."),
    "void of nothing": ("È annullata la scheda {tag}, che non c'è.", "Paper {tag} is void, but is not there."),
    "electorate": ("Le schede contate sono {papers}, più degli aventi diritto ({electorate}).",
                   "There are {papers} counted papers, more than people who may vote ({electorate})."),
    "papers missing": ("Il risultato non dice il vero su quali schede sono pubblicate.",
                       "The result does not tell the truth about which papers are published."),
    "result": ("Il risultato pubblicato non torna ({what}): pubblicato {told}, ricontato {found}.",
               "The published result does not add up ({what}): published {told}, recounted {found}."),
}
OTHER = {
    "more": ("… e altre {count} cose.", "… and {count} more."),
    "good": ("TUTTO TORNA: {entries} voci, {valid} schede valide, {blank} bianche tra queste, {heads} teste firmate.",
             "EVERYTHING ADDS UP: {entries} entries, {valid} valid papers, {blank} of them blank, "
             "{heads} signed heads."),
    "sealed": ("TORNA CIÒ CHE SI PUÒ CONTROLLARE: {entries} voci e {heads} teste firmate. Il contenuto delle schede "
               "non è pubblicato, perché graduatorie così rare sarebbero riconoscibili: il riconteggio non si può fare "
               "da questa cartella.",
               "WHAT CAN BE CHECKED ADDS UP: {entries} entries and {heads} signed heads. What is on the papers is not "
               "published, as rankings so rare could be recognised: they cannot be recounted from this folder."),
    "bad": ("QUALCOSA NON TORNA:", "SOMETHING DOES NOT ADD UP:"),
    "unreadable": ("Non si legge: {what}.", "Cannot be read: {what}."),
    "receipt counted": ("La scheda della ricevuta è la voce {line} ed è contata.",
                        "The paper of the receipt is entry {line} and is counted."),
    "receipt replaced": ("La scheda della ricevuta è la voce {line}; dopo è stata sostituita o ritirata: conta "
                         "l'ultima.",
                         "The paper of the receipt is entry {line}; it was replaced or withdrawn later: the last "
                         "counts."),
    "receipt void": ("La scheda della ricevuta è la voce {line}; è stata annullata: {why}.",
                     "The paper of the receipt is entry {line}; it was declared void: {why}."),
    "receipt sealed": ("La scheda della ricevuta è la voce {line}.", "The paper of the receipt is entry {line}."),
    "receipt missing": ("LA SCHEDA DELLA RICEVUTA NON È NEL REGISTRO: conservate la ricevuta e segnalatelo.",
                        "THE PAPER OF THE RECEIPT IS NOT IN THE LOG: keep the receipt and report it."),
    "receipt false": ("La ricevuta non è coerente: la voce, l'impronta o la prova non si corrispondono.",
                      "The receipt does not hold together: entry, hash and proof do not belong to each other."),
}


def root_of_proof(hashed, position, size, proof):
    """The root to which a proof leads."""
    sides, low, high = [], 0, size
    while high - low > 1:
        middle = low + (1 << ((high - low - 1).bit_length() - 1))
        sides.append(position < middle)
        low, high = (low, middle) if position < middle else (middle, high)
    if len(sides) != len(proof) or not 0 <= position < size:
        return None
    for left, other in zip(reversed(sides), proof):
        hashed = node_hash(hashed, other) if left else node_hash(other, hashed)
    return hashed


def receipt_faults(receipt, check):
    """Whether what a receipt holds belongs together, and is signed by the same key."""
    hashed = bytes.fromhex(receipt["hash"])
    if "entry" in receipt and leaf_hash(receipt["entry"].encode()) != hashed:
        return True
    if "proof" not in receipt:
        return False
    heads = heads_in(receipt["checkpoint"])
    proof = [bytes.fromhex(one) for one in receipt["proof"]]
    return not heads or not check.key.signs(heads[0]) or heads[0].root != root_of_proof(
        hashed, receipt["position"], heads[0].size, proof)


def where_is(receipt, check):
    """The code of the sentence for a receipt, and what it needs."""
    if receipt_faults(receipt, check):
        return "receipt false", {}
    position = check.positions.get(bytes.fromhex(receipt["hash"]))
    if position is None:
        return "receipt missing", {}
    entry = json.loads(receipt["entry"]) if "entry" in receipt else {}
    tag, facts = entry.get("g"), {"line": position + 1}
    if tag in check.void:
        return "receipt void", {**facts, "why": check.void[tag]}
    if check.sealed or not entry:
        return "receipt sealed", facts
    return ("receipt counted" if check.last[tag][1] == entry["s"] else "receipt replaced"), facts


def receipt_of(given):
    """The receipt that was named, or the one that lies in the folder; None where there is neither."""
    beside = Path(given.folder) / "ricevuta.json"
    name = given.receipt or (beside if beside.is_file() else None)
    return json.loads(Path(name).read_text(encoding="utf-8")) if name else None


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Verifica una votazione pubblicata. / Verify a published ballot.")
    parser.add_argument("folder", nargs="?", default=str(Path(__file__).resolve().parent))
    parser.add_argument("--receipt", help="ricevuta.json")
    parser.add_argument("--checkpoint", action="append", default=[],
                        help="una testa conservata / a head kept elsewhere")
    parser.add_argument("--key", help="la chiave pubblica / the public key")
    parser.add_argument("--language", choices=("it", "en"), default="it")
    given = parser.parse_args(arguments)
    column = ("it", "en").index(given.language)

    def say(code, **facts):
        print({**SENTENCES, **OTHER}[code][column].format(**facts))

    try:
        kept = [head for name in given.checkpoint for head in heads_in(Path(name).read_text(encoding="utf-8")) or ()]
        receipt = receipt_of(given)
        check = Check(given.folder, given.key, kept)
        found = where_is(receipt, check) if receipt else None
    except (UnreadableError, OSError, ValueError, KeyError, TypeError) as fault:
        say("unreadable", what=fault)
        return 2
    if check.faults:
        say("bad")
        for code, facts in check.faults[:MOST_TOLD]:
            say(code, **facts)
        if len(check.faults) > MOST_TOLD:
            say("more", count=len(check.faults) - MOST_TOLD)
    else:
        result = check.result or {"valid": 0, "blank": 0}
        say("sealed" if check.sealed else "good", entries=check.size, valid=result["valid"], blank=result["blank"],
            heads=len(check.heads))
    if found:
        say(found[0], **found[1])
    bad = check.faults or (found and found[0] in ("receipt false", "receipt missing"))
    return 1 if bad else 3 if check.sealed else 0


if __name__ == "__main__":
    sys.exit(main())
