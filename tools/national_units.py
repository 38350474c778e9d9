#!/usr/bin/env python3
"""Makes the files that take the country's units over a reorganisation, from the open data set.

  tools/national_units.py DATA --into DIR [--province CODE ...]

DATA holds units-2025-06-30.csv, units-2025-07-01.csv, units-2026-07-25.csv and
predecessors-2025-07-01.csv.  DIR gets, in the order in which they are entered:

  1-before.csv     the tree of 30 June 2025, for `unit-import`
  2-after.csv      the units that are new on 1 July, for `unit-import --closed-from 2025-07-01`
  3-changes.csv    what became of the old ones, for `unit-change --from 2025-07-01`
  4-2026.csv       what changed its kind on 30 April 2026: unit,name,kind
  for-people.csv   the old communes of which the data does not say where they went

An old commune goes as a whole where exactly one new commune names it, and not a part of it.  One
that several name, or that none does, goes into a unit of its own that holds its hamlets until
somebody says where they belong ("chưa phân bổ"): that is what for-people.csv lists.
"""

import argparse
import collections
import csv
import difflib
import os
import re
import sys
import unicodedata

DAY = "2025-07-01"
BEGINNING = "1900-01-01"  # Known to have been there before 1970.
UNCHANGED = "giữ nguyên"
PART_WORDS = ("phần", "diện tích", "dân số", "sau khi")
TYPES = ("thị trấn", "phường", "xã", "đặc khu")
AND = r"\s+và\s+(?=(?:các\s|một phần\s|phần\s|xã\s|phường\s|thị trấn\s|đặc khu\s))"
TWICE = r"^(?:xã|phường|thị trấn)\s+(xã|phường|thị trấn)\s"  # "các phường Phường Giảng Võ"
DISTRICT_TYPES = ("thành phố", "thị xã", "quận", "huyện", "tp.", "tp")

KINDS = {
    "province": (("thành phố", "city_central"), ("thủ đô", "city_central"), ("tỉnh", "province")),
    "district": (("quận", "urban_district"), ("huyện", "district"), ("thị xã", "town_district"),
                 ("thành phố", "city_provincial")),
    "commune": (("phường", "ward"), ("thị trấn", "township"), ("xã", "commune"),
                ("đặc khu", "special_zone")),
}
AREAS = {"ward": "urban", "township": "urban", "commune": "rural", "special_zone": "island"}


def read(folder, name):
    with open(os.path.join(folder, name), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(folder, name, heading, rows):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(heading)
        writer.writerows(rows)


def nfc(text):
    return " ".join(unicodedata.normalize("NFC", text).split())


def key(text):
    """Equal for spellings of one name: capitals, blanks and the place of the tone mark differ."""
    folded = unicodedata.normalize("NFD", nfc(text).casefold())
    letters = "".join(c for c in folded if c.isalnum() or c == " " or unicodedata.combining(c))
    letters = letters.replace("l", "i")  # "Ia Chim" is printed with a small l.
    # The tone goes behind the word: "hòa" and "hoà" have the same letters and the same tone.
    tones = "\u0300\u0301\u0303\u0309\u0323"
    words = []
    for word in letters.split():
        tone = "".join(c for c in word if c in tones)
        words.append("".join(c for c in word if c not in tones) + tone)
    return " ".join(words)


def bare_key(text):
    """key() without any mark: what is left when accents are printed wrongly."""
    plain = unicodedata.normalize("NFD", key(text)).replace("đ", "d").replace("y", "i")
    return "".join(c for c in plain if not unicodedata.combining(c)).replace(" ", "")


def kind_of(unit):
    name = unit["full_name"].casefold()
    for beginning, kind in KINDS[unit["level"]]:
        if name.startswith(beginning):
            return kind
    raise SystemExit("unknown kind of unit: " + unit["full_name"])


def mentions(text):
    """The units that are named, each as (name, district or "", whether only a part is meant)."""
    found = []
    depth, start, pieces = 0, 0, []
    for index, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if letter in ",;" and depth == 0:
            pieces.append(text[start:index])
            start = index + 1
    pieces.append(text[start:])
    sticky = False  # "một phần … của các phường A, phường B": all that follow without a word of it.
    for piece in pieces:
        for half in re.split(AND, piece, flags=re.I):
            bracket = " ".join(re.findall(r"\(([^)]*)\)?", half))
            name = nfc(re.sub(r"\([^)]*\)?", " ", half)).strip(" .")
            plain = name.casefold()
            starts = [m.start() for t in TYPES for m in re.finditer(r"(?<!\w)" + t + r"(?!\w)", plain)]
            is_part = any(word in plain + " " + bracket.casefold() for word in PART_WORDS)
            if is_part and not any(word in bracket.casefold() for word in PART_WORDS):
                sticky = True
            if is_part and not starts:
                continue  # "một phần diện tích tự nhiên,": the units follow.
            if starts:
                name = re.sub(TWICE, r"\1 ", name[min(starts):], flags=re.I)
            name = re.sub(r"\s+sau khi.*$", "", name, flags=re.I)
            name = re.sub(r"^các\s+", "", name, flags=re.I)
            district = ""
            if bracket and not any(word in bracket.casefold() for word in PART_WORDS):
                district = nfc(bracket)
            if name:
                found.append((name, district, is_part or sticky))
    return found


class Tree:
    def __init__(self, rows):
        self.rows = rows
        self.by_code = {row["code"]: row for row in rows}

    def level(self, level):
        return [row for row in self.rows if row["level"] == level]

    def province_of(self, row):
        while row["parent_code"]:
            row = self.by_code[row["parent_code"]]
        return row["code"]


def province_changes(before, after, printed):
    """The new province of each old one that became a part of `after`, and those that go on."""
    by_name = {key(p["name"]): p["code"] for p in before.level("province")}
    by_name[key("TPHCM")] = by_name.get(key("Hồ Chí Minh"))
    into, kept = {}, set()
    for province in after.level("province"):
        text = printed[province["code"]].split(". ")[0]
        if text.strip() == UNCHANGED:
            kept.add(province["code"])
            into[province["code"]] = province["code"]
            continue
        for name in re.split(r",|\s+và\s+", text):
            bare = re.sub(r"^(tỉnh|thành phố)\s+", "", nfc(name), flags=re.I)
            into[by_name[key(bare)]] = province["code"]
    return into, kept


class Resolver:
    """Finds which old communes the printed predecessors of a new one mean."""

    def __init__(self, before, into):
        self.before = before
        self.by_name = collections.defaultdict(list)
        self.by_bare_name = collections.defaultdict(list)
        for commune in before.level("commune"):
            province = into[before.province_of(commune)]
            self.by_name[province, key(commune["full_name"])].append(commune)
            self.by_bare_name[province, bare_key(commune["full_name"])].append(commune)

    def resolve(self, province, text):
        named = mentions(text)
        found = [self.candidates(province, name, district) for name, district, _ in named]
        # Names that two districts have: the one that lies beside what is certain.
        certain = {c[0]["parent_code"] for c in found if len(c) == 1}
        result = []
        for (name, district, is_part), choices in zip(named, found):
            how = "name"
            if len(choices) > 1:
                beside = [c for c in choices if c["parent_code"] in certain]
                if len(beside) == 1:
                    choices, how = beside, "neighbours"
            elif not choices:  # Accents that are printed wrongly, in a district that is certain.
                alike = self.by_bare_name[province, bare_key(name)]
                beside = [c for c in alike if c["parent_code"] in certain]
                if len(beside) == 1:
                    choices, how = beside, "spelling"
            result.append((name, district, is_part, choices, how))
        return result

    def candidates(self, province, name, district):
        choices = self.by_name[province, key(name)]
        if not choices:  # "Phường" is written once for several, or the kind is wrong.
            bare = re.sub(r"^(" + "|".join(TYPES) + r")\s+", "", name, flags=re.I)
            choices = [c for kind in TYPES for c in self.by_name[province, key(kind + " " + bare)]]
        if district:
            bare = district.casefold()
            for beginning in DISTRICT_TYPES:
                if bare.startswith(beginning + " "):
                    bare = bare[len(beginning):]
                    break
            fitting = [c for c in choices
                       if key(self.before.by_code[c["parent_code"]]["name"]) == key(bare)]
            choices = fitting or choices
        return choices


def most_alike(name, communes):
    """The commune whose name is nearest, if it is near at all."""
    def likeness(commune):
        return difflib.SequenceMatcher(None, bare_key(name), bare_key(commune["full_name"])).ratio()
    best = max(communes, key=likeness, default=None)
    return best if best and likeness(best) >= 0.75 else None


def unit_row(row, parent, day, code=None):
    kind = kind_of(row)
    return [code or row["code"], nfc(row["full_name"]), kind, parent, AREAS.get(kind, "unknown"), day]


def complete(printed, folder, after):
    """One unit stands in the list of predecessors under another code than in the tree."""
    by_name = {(row["province_code"], key(row["full_name"])): row["predecessors_as_printed"]
               for row in read(folder, "predecessors-2025-07-01.csv")}
    for row in after.rows:
        if row["code"] not in printed:
            printed[row["code"]] = nfc(by_name[row["parent_code"], key(row["full_name"])])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data")
    parser.add_argument("--into", required=True)
    parser.add_argument("--province", action="append", default=[],
                        help="only this province of 1 July 2025, by code")
    options = parser.parse_args()
    before = Tree(read(options.data, "units-2025-06-30.csv"))
    after = Tree(read(options.data, "units-2025-07-01.csv"))
    later = Tree(read(options.data, "units-2026-07-25.csv"))
    printed = {row["code"]: nfc(row["predecessors_as_printed"])
               for row in read(options.data, "predecessors-2025-07-01.csv")}
    complete(printed, options.data, after)
    if options.province:
        wanted = set(options.province)
        after = Tree([r for r in after.rows if after.province_of(r) in wanted])
        later = Tree([r for r in later.rows if later.province_of(r) in wanted])
    provinces_into, provinces_kept = province_changes(before, after, printed)
    missing = {p["code"] for p in before.level("province")} - set(provinces_into)
    if missing and not options.province:
        raise SystemExit("provinces that nothing became of: " + ", ".join(sorted(missing)))
    before = Tree([r for r in before.rows if before.province_of(r) in provinces_into])
    run(options, before, after, later, printed, provinces_into, provinces_kept)


def run(options, before, after, later, printed, provinces_into, provinces_kept):
    resolver = Resolver(before, provinces_into)
    count = collections.Counter()
    named_by = collections.defaultdict(list)   # Old commune: (new commune, only a part).
    doubt = collections.defaultdict(list)      # Old commune: why somebody has to look.
    kept = {}
    not_found = []                             # Printed, but under no name that is known.
    for commune in after.level("commune"):
        province = after.province_of(commune)
        text = printed[commune["code"]]
        if text.strip() == UNCHANGED:
            old = before.by_code.get(commune["code"])
            if old is None or old["level"] != "commune":
                raise SystemExit("unchanged, but not there before: " + commune["full_name"])
            kept[old["code"]] = commune["code"]
            continue
        for name, district, is_part, choices, how in resolver.resolve(province, text):
            count["mentions"] += 1
            if len(choices) == 1:
                count["by " + how] += 1
                named_by[choices[0]["code"]].append((commune["code"], is_part))
                continue
            count["ambiguous" if choices else "not found"] += 1
            for choice in choices:
                doubt[choice["code"]].append((commune["code"], f"tên “{name}” có ở nhiều nơi"))
            if not choices:
                not_found.append((province, commune["code"], name))

    nobody = [old for old in before.level("commune")
              if old["code"] not in kept and old["code"] not in named_by]
    for province, code, name in not_found:
        likely = most_alike(name, [old for old in nobody
                                   if provinces_into[before.province_of(old)] == province])
        why = f"có lẽ là “{name}”" if likely else f"không tìm thấy “{name}”"
        doubt[likely["code"] if likely else ""].append((code, why))

    first_of = {}
    changes, people, holdings = [], [], []
    for old in before.level("commune"):
        code = old["code"]
        district = before.by_code[old["parent_code"]]
        new_province = provinces_into[before.province_of(old)]
        if code in kept:
            continue
        targets = named_by[code]
        if len(targets) == 1 and not targets[0][1] and code not in doubt:
            changes.append([code, targets[0][0], ""])
            first_of.setdefault(targets[0][0], code)
            count["whole"] += 1
            continue
        why = "; ".join(sorted({w for _, w in doubt[code]})) if code in doubt else ""
        if not why:
            why = "chia cho nhiều đơn vị" if len(targets) > 1 else (
                "chỉ nêu một phần" if targets else "không được nêu")
        count["for people"] += 1
        into = sorted({t for t, _ in targets} | {t for t, _ in doubt.get(code, [])})
        name = f"Chưa phân bổ: {nfc(old['full_name'])} ({nfc(district['full_name'])})"
        holdings.append(["-h" + code, name, "holding", new_province, "unknown", DAY])
        changes.append([code, name, ""])
        people.append([code, nfc(old["full_name"]), nfc(district["full_name"]), ";".join(into), why])
    for code, why in doubt.get("", []):
        people.append(["", "", "", code, why])

    for old in before.level("district"):
        changes.append([old["code"], provinces_into[before.province_of(old)], ""])
    for old in before.level("province"):
        if old["code"] not in provinces_kept:
            changes.append([old["code"], provinces_into[old["code"]], ""])
    ended = {row[0] for row in changes}

    os.makedirs(options.into, exist_ok=True)
    heading = ["code", "name", "kind", "parent_code", "area", "valid_from"]
    write(options.into, "1-before.csv", heading,
          [unit_row(row, row["parent_code"], BEGINNING)
           for level in ("province", "district", "commune") for row in before.level(level)])
    new = [unit_row(p, "", DAY) for p in after.level("province")
           if p["code"] not in provinces_kept]
    new += [unit_row(c, c["parent_code"], DAY) for c in after.level("commune")
            if c["code"] not in set(kept.values())]
    write(options.into, "2-after.csv", heading, new + holdings)
    write(options.into, "3-changes.csv", ["from", "to", "hamlets"], changes)
    retyped = []
    for row in later.rows:
        was = after.by_code.get(row["code"])
        if was and kind_of(was) != kind_of(row):
            retyped.append([row["code"], nfc(row["full_name"]), kind_of(row)])
    write(options.into, "4-2026.csv", ["unit", "name", "kind"], retyped)
    write(options.into, "for-people.csv", ["code", "name", "district", "into", "why"], people)

    # U10: what ends by the decree is nobody's successor by it.  Codes are compared on their day.
    begins = {row[0] for row in new} | {row[1] for row in holdings}
    goes_on = set(kept) | provinces_kept
    for old, to, _ in changes:
        if to not in begins and to not in goes_on:
            raise SystemExit(f"{old} goes into {to}, which is not there afterwards")
    without = [c["full_name"] for c in after.level("commune")
               if c["code"] not in set(kept.values()) and c["code"] not in first_of]
    communes = len(before.level("commune"))
    print(f"before: {len(before.level('province'))} provinces, {len(before.level('district'))} "
          f"districts, {communes} communes")
    print(f"after: {len(after.level('province'))} provinces, {len(after.level('commune'))} communes, "
          f"{len(holdings)} units that hold what nobody can allocate")
    print(f"communes: {len(kept)} go on, {count['whole']} go whole into one, "
          f"{count['for people']} need a person ({100 * count['for people'] / communes:.1f} %)")
    print(f"mentions: {count['mentions']}: {count['by name']} by name, {count['by neighbours']} by "
          f"their neighbours, {count['by spelling']} without accents, {count['ambiguous']} ambiguous, {count['not found']} not found")
    print(f"decree: {len(changes)} rows, {len(ended)} units end, {len(new) + len(holdings)} begin; "
          f"no unit that ends is a successor")
    print(f"new communes without a whole predecessor: {len(without)}")
    print(f"30/04/2026: {len(retyped)} units of another kind")
    return 0


if __name__ == "__main__":
    sys.exit(main())
