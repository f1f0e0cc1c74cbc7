"""A published folder looked through: roots, signatures, versions, allowed marks, voids, count, electorate."""

import base64
import hashlib
import json
import re
from collections import Counter
from pathlib import Path

from consult.ledger.verifier.counting import adds, valid, winners
from consult.ledger.verifier.ed25519 import signed

HEAD = re.compile(r"([^\n]+)\n(\d+)\n([A-Za-z0-9+/=]+)\n\n— (\S+) ([A-Za-z0-9+/=]+)\n")
SEALED = re.compile(rb"[0-9a-f]{64}")
MEMBERS = {"open": {"cfg"}, "cast": {"g", "q", "s"}, "gone": {"g", "s"}, "void": {"g", "why"}, "close": set()}
MOST_TOLD = 20


class UnreadableError(Exception):
    """A folder or a file that is not a publication."""


def canonical(thing):
    """The one way in which something is written before it is hashed."""
    return json.dumps(thing, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def leaf_hash(leaf):
    return hashlib.sha256(b"\0" + leaf).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


class Tree:
    """The tree of RFC 6962, grown leaf by leaf."""

    def __init__(self):
        self.size, self.roots = 0, []

    def add(self, hashed):
        full = self.size
        while full & 1:
            hashed = node_hash(self.roots.pop(), hashed)
            full >>= 1
        self.roots.append(hashed)
        self.size += 1

    def root(self):
        if not self.roots:
            return hashlib.sha256(b"").digest()
        *rest, found = self.roots
        for larger in reversed(rest):
            found = node_hash(larger, found)
        return found


class Head:
    """A signed head of a log."""

    def __init__(self, found):
        self.origin, self.size, self.root = found[1], int(found[2]), base64.b64decode(found[3])
        self.text = f"{found[1]}\n{found[2]}\n{found[3]}\n".encode()
        self.name, sealed = found[4], base64.b64decode(found[5])
        self.number, self.signature = sealed[:4], sealed[4:]


def heads_in(text):
    """The signed heads in a text, or None where something else stands there too."""
    found, rest = [Head(match) for match in HEAD.finditer(text)], HEAD.sub("", text)
    return None if rest.strip() else found


class Key:
    """The public key of whoever signed, from its one line of text."""

    def __init__(self, line):
        try:
            self.name, number, key = line.strip().split("+", 2)  # the key itself may hold a plus
            data = base64.b64decode(key, validate=True)
            self.number, self.public = bytes.fromhex(number), data[1:]
        except ValueError as fault:
            raise UnreadableError("key") from fault
        if data[:1] != b"\1" or hashlib.sha256(self.name.encode() + b"\n" + data).digest()[:4] != self.number:
            raise UnreadableError("key")

    def signs(self, head):
        return head.name == self.name and head.number == self.number and signed(self.public, head.text, head.signature)


class Check:
    """Everything that is wrong with a publication, as pairs of a code and what the sentence needs to be said."""

    def __init__(self, folder, key=None, kept=()):
        self.folder, self.faults, self.sealed = Path(folder), [], 0
        self.last, self.seen, self.void, self.kinds = {}, {}, {}, Counter()
        self.fixed_bytes = self._read("consultation.json")
        self.fixed = self._json(self.fixed_bytes, "consultation.json")
        self.told = self._json(self._read("result.json"), "result.json")
        self.key = Key(key or self._read("key.txt").decode())
        heads = heads_in(self._read("checkpoints.txt").decode())
        if heads is None:
            self.fault("heads unreadable")
        self.heads, self.kept = heads or [], kept
        self._read_log()
        self._signatures()
        self._papers()
        self._result()

    def fault(self, code, **facts):
        self.faults.append((code, facts))

    def _read(self, name):
        try:
            return (self.folder / name).read_bytes()
        except OSError as fault:
            raise UnreadableError(name) from fault

    @staticmethod
    def _json(data, name):
        try:
            return json.loads(data)
        except ValueError as fault:
            raise UnreadableError(name) from fault

    def _read_log(self):
        wanted = {}
        for head in [*self.heads, *self.kept]:
            if wanted.setdefault(head.size, head.root) != head.root:
                self.fault("two roots", size=head.size)
        tree, roots, numbers = Tree(), {0: Tree().root()}, {}
        with (self.folder / "entries.jsonl").open("rb") as lines:
            for number, line in enumerate(lines):
                leaf = line[:-1] if line.endswith(b"\n") else line
                hashed = bytes.fromhex(leaf.decode()) if SEALED.fullmatch(leaf) else leaf_hash(leaf)
                if numbers.setdefault(hashed, number) != number:
                    self.fault("twice", line=number + 1, first=numbers[hashed] + 1)
                tree.add(hashed)
                if tree.size in wanted:
                    roots[tree.size] = tree.root()
                self._entry(number, leaf)
        self.size, self.positions = tree.size, numbers
        self._roots(wanted, roots)

    def _roots(self, wanted, roots):
        good = 0
        for size in sorted(wanted):
            if size not in roots:
                self.fault("truncated", size=size, lines=self.size)
            elif roots[size] != wanted[size]:
                self.fault("root", size=size, since=good)
                break
            else:
                good = size
        if self.size not in {head.size for head in self.heads}:
            self.fault("unsigned end", lines=self.size, size=max((head.size for head in self.heads), default=0))

    def _signatures(self):
        for head in self.heads:
            if not self.key.signs(head):
                self.fault("signature", size=head.size)
            if head.origin != self.heads[0].origin:
                self.fault("origin", size=head.size)
        for head in self.kept:
            if not self.key.signs(head):
                self.fault("kept signature", size=head.size)
        sizes = [head.size for head in self.heads]
        if sizes != self.told.get("checkpoints"):
            self.fault("heads missing", found=len(sizes), told=len(self.told.get("checkpoints", ())))

    def _entry(self, number, leaf):
        if SEALED.fullmatch(leaf):
            self.sealed += 1
            return
        try:
            entry = json.loads(leaf)
            written = canonical(entry) == leaf and isinstance(entry, dict)
        except ValueError:
            written = False
        if not written:
            self.fault("not canonical", line=number + 1)
            return
        kind = entry.get("t")
        if set(entry) != {"c", "n", "t", "v"} | MEMBERS.get(kind, {None}) or entry["c"] != self.fixed.get("c"):
            self.fault("not an entry", line=number + 1)
            return
        self._order(number, kind, entry)
        self.kinds[kind] += 1
        if kind in ("cast", "gone"):
            self._version(number, entry)
        elif kind == "void":
            self._void(number, entry)

    def _order(self, number, kind, entry):
        if (kind == "open") != (number == 0):
            self.fault("opening", line=number + 1)
        elif kind == "open" and entry["cfg"] != hashlib.sha256(self.fixed_bytes).hexdigest():
            self.fault("consultation")
        if kind != "void" and self.kinds["close"]:
            self.fault("after closing", line=number + 1)

    def _version(self, number, entry):
        tag, version = entry["g"], entry["s"]
        marks = None
        if entry["t"] == "cast":
            text = json.dumps(entry["q"].get("q1"), sort_keys=True)
            if text not in self.seen:
                marks = entry["q"].get("q1")
                self.seen[text] = (text, set(entry["q"]) == {"q1"} and isinstance(marks, dict)
                                   and valid(self.fixed, marks))
            marks, good = self.seen[text]
            if not good:
                self.fault("not allowed", line=number + 1)
        count, highest, total, kept = self.last.get(tag, (0, 0, 0, None))
        self.last[tag] = (count + 1, max(highest, version), total + version, marks if version > highest else kept)

    def _void(self, number, entry):
        if entry["why"] not in self.fixed.get("void_reasons", ()):
            self.fault("void reason", line=number + 1, why=entry["why"])
        if entry["g"] in self.void:
            self.fault("void twice", line=number + 1)
        self.void[entry["g"]] = entry["why"]

    def _papers(self):
        if not self.kinds["close"]:
            self.fault("not closed")
        for tag, (count, highest, total, _marks) in self.last.items():
            if not self.sealed and (count != highest or total != highest * (highest + 1) // 2):
                self.fault("versions", tag=tag)
        for tag in self.void:
            if not self.sealed and tag not in self.last:
                self.fault("void of nothing", tag=tag)
        electorate = sum(self.fixed.get("electorate", {}).values())
        counted = sum(marks is not None for tag, (*_n, marks) in self.last.items() if tag not in self.void)
        if electorate and counted > electorate:
            self.fault("electorate", papers=counted, electorate=electorate)

    def _result(self):
        self.result = None
        if self.sealed or (self.told.get("papers") == "withheld"):
            if not self.sealed or self.told.get("papers") != "withheld":
                self.fault("papers missing")
            return
        piles = Counter(marks for tag, (*_n, marks) in self.last.items() if marks is not None and tag not in self.void)
        papers = [(json.loads(text), times) for text, times in sorted(piles.items())]
        good = [(marks, times) for marks, times in papers if valid(self.fixed, marks)]
        added = Counter({one["code"]: 0 for one in self.fixed["options"]})
        for marks, times in good:
            for code, number in adds(self.fixed, marks).items():
                added[code] += number * times
        self.result = {
            "added": dict(added), "blank": sum(times for marks, times in good if not marks),
            "invalid": sum(piles.values()) - sum(times for _marks, times in good),
            "valid": sum(times for _marks, times in good), "voided": dict(Counter(self.void.values())),
            "winners": winners(self.fixed, good),
            "withdrawn": sum(marks is None for tag, (*_n, marks) in self.last.items() if tag not in self.void)}
        for name, value in self.result.items():
            told = self.told.get(name)
            if (sorted(told or ()) if name == "winners" else told) != (sorted(value) if name == "winners" else value):
                self.fault("result", what=name, told=told, found=value)
