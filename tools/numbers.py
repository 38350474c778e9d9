#!/usr/bin/env python3
"""Makes docs/numbers.md: every number of log and wire with its name, from the code that gives it.

  tools/numbers.py           prints the page
  tools/numbers.py --write   writes it
  tools/numbers.py --check   exits with 1 when the page is not what the code gives

Values, words and English meanings are read from the headers of events/, the Vietnamese from
projections/texts/.  --check also compares the numbers that docs/log_format.md and docs/glossary.md
name with the code.
"""

import argparse
import glob
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PAGE = "docs/numbers.md"

# Enumerations that stand in no log and on no wire.
INTERNAL = {"Ending", "FrameClass", "Step"}

# What is shown first; the others follow by their names.
FIRST = ["EventType", "StreamKind", "VerdictCode", "HoldReason", "Rule", "RuleCause", "PowerFault",
         "TextFault", "ErrorCode"]

STRINGS = r'(?:"(?:[^"\\]|\\.)*"\s*)+'


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def headers():
    found = glob.glob(os.path.join(ROOT, "events", "**", "*.h"), recursive=True)
    return sorted(os.path.relpath(path, ROOT) for path in found)


def joined(literals):
    """The text of adjacent string literals."""
    return "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', literals)).replace('\\"', '"')


def cell(text):
    return " ".join(text.split()).replace("|", "\\|")


def comment_before(text, at):
    """The /// lines that stand directly above `at`."""
    lines = []
    for line in reversed(text[:at].rstrip("\n").split("\n")):
        if not line.strip().startswith("///"):
            break
        lines.insert(0, line.strip()[3:].strip())
    return " ".join(lines)


class Enumeration:
    def __init__(self, path, name, about, body):
        self.path, self.name, self.about = path, name, about
        self.values = []  # (value, name, meaning)
        for line in body.split("\n"):
            code, _, comment = line.partition("///<")
            found = re.findall(r"(\w+)\s*=\s*(0x[0-9a-fA-F]+|\d+)", code)
            for name_of_value, value in found:
                self.values.append([value, name_of_value, comment.strip()])
            if not found and comment and self.values and not code.strip():
                self.values[-1][2] += " " + comment.strip()


def enumerations():
    found = []
    for path in headers():
        text = read(path)
        for match in re.finditer(r"^ *enum class (\w+) : [\w:]+ \{(.*?)\};", text, re.S | re.M):
            if match.group(1) in INTERNAL:
                continue
            found.append(Enumeration(path, match.group(1), comment_before(text, match.start()),
                                     match.group(2)))
    order = {name: index for index, name in enumerate(FIRST)}
    return sorted(found, key=lambda e: (order.get(e.name, len(FIRST)), e.name))


def catalogue():
    """The sources of the catalogue, one after the other."""
    found = glob.glob(os.path.join(ROOT, "projections", "texts", "*.cpp"))
    return "\n".join(read(os.path.relpath(path, ROOT)) for path in sorted(found))


TEXT = r"\{(" + STRINGS + r"),\s*(" + STRINGS + r")\}"  # A Text: Vietnamese, English.
TEXT_ROW = re.compile(r"\{(?:\w+::)*(\w+),\s*(" + STRINGS + r"),\s*(" + STRINGS + r")\}")


def vietnamese():
    """{enumeration: {enumerator: text}} of the tables in projections/texts."""
    texts, source = {}, catalogue()
    for match in re.finditer(r"^const EnumTexts& texts_of\(events::(\w+) [^)]*\) \{(.*?)^\}", source,
                             re.S | re.M):
        texts[match.group(1)] = {row.group(1): joined(row.group(2))
                                 for row in TEXT_ROW.finditer(match.group(2))}
    of_field = joined(re.search(r"constexpr Text of_any_field" + TEXT, source).group(1))
    causes = {match.group(1): joined(match.group(2)) for match in
              re.finditer(r"\{RuleCause::(\w+), \w+,\s*" + TEXT, source)}
    for match in re.finditer(r"\bfield\((\w+),\s*(" + STRINGS + r"),\s*" + STRINGS + r"\)", source):
        causes[match.group(1)] = of_field.replace("{field}", joined(match.group(2)))
    texts["RuleCause"] = causes
    return texts


def words():
    """{enumeration: {enumerator: word}} of the tables below the enumerations."""
    found = {}
    for path in headers():
        for match in re.finditer(r"^struct EnumTable<(\w+)> \{(.*?)^\};", read(path), re.S | re.M):
            found[match.group(1)] = dict(re.findall(r'\{(\w+), "([^"]*)"\}', match.group(2)))
    return found


def rules():
    """{enumerator: (id, plain, filled, remedy)}."""
    ids = words()["Rule"]
    pattern = r"\{(\w+),\s*" + TEXT + r",\s*(?:" + TEXT + r"|\{\}),\s*" + TEXT + r"\}"
    found = {}
    for match in re.finditer(pattern, read("projections/texts/rule_texts.cpp")):
        name, plain, _, filled, _, remedy, _ = match.groups()
        found[name] = (ids[name], joined(plain), joined(filled or ""), joined(remedy))
    return found


def bits(prefix, paths):
    """Constants `prefix`name = value; with their comments, in the order of the values."""
    found = []
    for path in paths:
        text = read(path)
        for match in re.finditer(r"^inline constexpr std::uint(?:8|16|32)_t " + prefix +
                                 r"(\w+)\s*=\s*([^;]+);[ ]*(?:///<[ ]*(.*))?$", text, re.M):
            value = eval(re.sub(r"U\b", "", match.group(2)), {"__builtins__": {}})  # 1U << 3U
            about = match.group(3) or comment_before(text, match.start())
            if about.startswith("Bits of"):  # Of all that follow, not of the first.
                about = ""
            found.append((value, match.group(1), about))
    return sorted(found)


def flag_texts():
    return {name: joined(text) for name, text in
            re.findall(r"\{events::flag_(\w+),\s*(" + STRINGS + r"),\s*" + STRINGS + r"\}", catalogue())}


def table(columns, rows):
    used = [index for index in range(len(columns)) if any(row[index] for row in rows)]
    yield "| " + " | ".join(columns[index] for index in used) + " |"
    yield "|" + "---|" * len(used)
    for row in rows:
        yield "| " + " | ".join(cell(row[index]) for index in used) + " |"
    yield ""


def rule_rows(enumeration):
    texts = rules()
    for value, name, meaning in enumeration.values:
        rule_id, plain, filled, remedy = texts.get(name, ("", "", "", ""))
        yield value, name, rule_id, meaning, filled or plain, remedy


def page():
    texts, spoken = vietnamese(), words()
    yield "# Numbers"
    yield ""
    yield "Every number of the log and the wire that stands for a name. Made by `tools/numbers.py --write` " \
          "from the code; a"
    yield "test compares. Numbers are given once and never used again. Grammar: [log format](log_format.md), " \
          "[protocol](protocol.md)."
    yield "In Vietnamese texts `{0}` is the first parameter of the verdict, `{1:day}` the second as a date, and " \
          "so on."
    yield ""
    for enumeration in enumerations():
        yield f"## {enumeration.name}"
        yield ""
        if enumeration.about:
            yield f"{cell(enumeration.about)} (`{enumeration.path}`)"
        else:
            yield f"`{enumeration.path}`"
        yield ""
        if enumeration.name == "Rule":
            yield from table(["value", "name", "id", "meaning and parameters", "Vietnamese", "remedy"],
                             list(rule_rows(enumeration)))
            continue
        names, typed = texts.get(enumeration.name, {}), spoken.get(enumeration.name, {})
        if set(names) not in (set(), {name for _, name, _ in enumeration.values}):
            raise SystemExit(f"numbers.py: {enumeration.name}: texts of other values than it has")
        rows = []
        for value, name, meaning in enumeration.values:
            word = typed.get(name, "")
            rows.append((value, name, word if word != name else "", meaning, names.get(name, "")))
        yield from table(["value", "name", "word", "meaning", "Vietnamese"], rows)
    yield "## Bits"
    yield ""
    flags = flag_texts()
    for title, prefix, paths in [
            ("Flags of a verdict", "flag_", ["events/base/verdict.h"]),
            ("Content of an intake", "content_", ["events/log/intake.h", "events/log/find_bad_text.h"]),
            ("Consent", "consent_", ["events/kinds/dossier_events.h"]),
            ("Features of HELLO and ENROL", "feature_",
             [path for path in headers() if path.startswith("events/protocol/")])]:
        yield f"### {title}"
        yield ""
        yield from table(["bit", "name", "meaning", "Vietnamese"],
                         [(str(value), name, about, flags.get(name, "") if prefix == "flag_" else "")
                          for value, name, about in bits(prefix, paths)])


# ---------------------------------------------------------------- the pages written by hand

LOG_FORMAT, GLOSSARY = "docs/log_format.md", "docs/glossary.md"


def kinds():
    """{number: (name, schema, stream, creates)} of the payload structs."""
    numbers = {name: value for e in enumerations() if e.name == "EventType"
               for value, name, _ in e.values}
    found = {}
    for path in headers():
        for match in re.finditer(r"^struct (\w+) \{\s*static constexpr EventType type = EventType::(\w+);"
                                 r"(.*?)^\};", read(path), re.S | re.M):
            body = match.group(3)
            stream = re.search(r"StreamKind stream = StreamKind::(\w+)", body)
            found[numbers[match.group(2)]] = (
                match.group(1), re.search(r"schema = (\d+)", body).group(1),
                stream.group(1) if stream else "any", "bool creates = true" in body)
    return found


def rows_of(text, heading):
    """The cells of the tables whose heading row begins with these cells."""
    for block in re.split(r"\n\s*\n", text):
        lines = [line for line in block.split("\n") if line.startswith("|")]
        if lines and [cell.strip() for cell in lines[0].strip("|").split("|")][:len(heading)] == heading:
            for line in lines[2:]:
                yield [cell.strip() for cell in line.strip("|").split("|")]


def constant(name):
    """The value of `name` in the headers of events/."""
    for path in headers():
        found = re.search(r"constexpr std::\w+ " + name + r"\s*=\s*([^;]+);", read(path))
        if found:
            return eval(found.group(1).replace("ULL", "").replace("U", ""), {"__builtins__": {}})
    return None


def named_numbers(text, before):
    """{number: name} of "1 log, 2 unit (…), 3 …" in the sentence behind `before`."""
    sentence = re.search(before + r"(.*?)\.(?:\s|$)", text, re.S).group(1)
    sentence = re.sub(r"\([^()]*\)", "", sentence)
    return {number: " ".join(name.split()) for number, name in
            re.findall(r"(\d+)\s+(\w[\w ]*?)(?=\s*(?:,|$))", " ".join(sentence.split()))}


def faults_of_log_format():
    text, known = read(LOG_FORMAT), kinds()
    told = {}
    schemas = {}
    for number, name, _, stream, fields, *_ in rows_of(
            text, ["no.", "name", "Vietnamese", "stream", "fields"]):
        told[number.rstrip(" +")] = (name, stream, number.endswith("+"))
        schemas[number.rstrip(" +")] = max(re.findall(r"schema (\d+):", fields), key=int, default="1")
    for number in sorted({*told, *known}, key=int):
        name, _, stream, creates = known.get(number, ("nothing", "", "", False))
        if told.get(number) != (name, stream, creates):
            yield f"kind {number}: the code has {name}, stream {stream}, creates {creates}; " \
                  f"the page {told.get(number)}"
    for number, (name, schema, _, _) in known.items():
        if schemas.get(number, schema) != schema:
            yield f"kind {number}: {name} has schema {schema}, the page tells fields up to {schemas[number]}"
    values = {e.name: {value: name for value, name, _ in e.values} for e in enumerations()}
    for enumeration, before in [("StreamKind", "Stream kinds: "), ("VerdictCode", r"\* `code`: "),
                                ("HoldReason", r"\* `hold`, only with code 3: ")]:
        numbers = {value: name for value, name in values[enumeration].items() if value != "0"}
        on_page = named_numbers(text, before)
        if on_page != numbers:
            yield f"{enumeration}: the code has {sorted(numbers.items())}, the page {sorted(on_page.items())}"
    flags = sorted(str(value) for value, _, _ in bits("flag_", ["events/base/verdict.h"]))
    on_page = sorted(named_numbers(text, r"\* `flags`: "))
    if on_page != flags:
        yield f"flags: the code has {flags}, the page {on_page}"
    records = {number: name.lower() for name, number in
               re.findall(r"struct (\w+)Record \{\s*static constexpr std::uint8_t kind = (\d+);",
                          read("events/log/private_record.h"))}
    on_page = {row[0]: row[1] for row in rows_of(text, ["kind", "record", "named by", "fields"])}
    if on_page != records:
        yield f"private records: the code has {records}, the page {on_page}"
    for _, most, name in rows_of(text, ["what", "at most", "constant"]):
        value, number = constant(name.strip("`").split("::")[-1]), re.match(r"[\d,]+", most)
        if name and value is not None and int(number.group(0).replace(",", "")) != value:
            yield f"limit {name}: the code has {value}, the page {most}"
    form = re.search(r"event_form = (\d+)", read("events/log/event.h")).group(1)
    if f"| event form | {form} |" not in text or f"form:u8={int(form):02d} | header" not in text:
        yield f"event form: the code has {form}"


# Enumerations whose values the glossary lists, each in a row of its own.
IN_GLOSSARY = ("TitleKind", "UnitKind", "OrganisationKind", "Role", "DossierState", "ReturnReason",
               "NotRecognizedReason", "VerdictCode", "HoldReason")


def faults_of_glossary():
    """Each value stands there, and no code word there is unknown to the code."""
    text = read(GLOSSARY)
    rows = [cells for line in text.split("\n") if line.startswith("| `")
            for cells in [[cell.strip() for cell in line.strip("|").split("|")]]]
    listed = {cells[0].strip("`") for cells in rows}
    known, values = set(), {e.name: [name for _, name, _ in e.values] for e in enumerations()}
    for name in IN_GLOSSARY:
        known.update(values[name])
        for value in values[name]:
            if value != "none" and value not in listed:
                yield f"{name}::{value} has no row"
    for code in sorted(listed - known - set(values)):
        yield f"`{code}` is no value of {', '.join(IN_GLOSSARY)}"


def faults_of_pages():
    for page_name, faults in [(LOG_FORMAT, faults_of_log_format()), (GLOSSARY, faults_of_glossary())]:
        for fault in faults:
            yield f"{page_name}: {fault}"


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the page")
    parser.add_argument("--check", action="store_true", help="compare the pages with the code")
    options = parser.parse_args()
    text = "\n".join(page()).rstrip("\n") + "\n"
    if options.write:
        with open(os.path.join(ROOT, PAGE), "w", encoding="utf-8") as file:
            file.write(text)
    elif options.check:
        known = read(PAGE).split("\n")
        now = text.split("\n")
        differing = [line for line in now if line not in known] + \
                    [line for line in known if line not in now]
        if known != now:
            print(f"{PAGE} is not what the code gives; renew it: tools/numbers.py --write")
            print("\n".join(differing[:20]))
            return 1
        faults = list(faults_of_pages())
        if faults:
            print("\n".join(faults))
            return 1
    else:
        print(text, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
