#!/usr/bin/env python3
"""Makes docs/numbers.md: every number of log and wire with its name, from the code that gives it.

  tools/numbers.py           prints the page
  tools/numbers.py --write   writes it
  tools/numbers.py --check   exits with 1 when the page is not what the code gives

Values and English meanings are read from the headers of events/, the words of the command line from
clients/cli/output/words.cpp, the Vietnamese from projections/rules/.
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


def vietnamese():
    """{enumeration: {enumerator: text}} of name_vi(), advice_vi(), explain() and cause_texts.cpp."""
    texts = {}
    for path in ("projections/texts/texts.cpp", "projections/texts/verdict_texts.cpp"):
        for match in re.finditer(r"^std::string_view (?:name_vi|advice_vi|explain)"
                                 r"\(events::(\w+) \w+\) \{(.*?)^\}", read(path), re.S | re.M):
            names = texts.setdefault(match.group(1), {})
            for case in re.finditer(r"((?:case [\w:]+:\s*)+)return\s*(" + STRINGS + ");",
                                    match.group(2)):
                for name in re.findall(r"case (?:\w+::)*(\w+):", case.group(1)):
                    names[name] = joined(case.group(2))
    for match in re.finditer(r'\{events::RuleCause::(\w+), events::Rule::\w+, "(\w+)",\s*(' +
                             STRINGS + r"),", read("projections/texts/cause_texts.cpp")):
        texts.setdefault("RuleCause", {})[match.group(1)] = joined(match.group(3))
    return texts


def words():
    """{enumeration: {enumerator: word}} of the command line; the first word of each."""
    found = {}
    for match in re.finditer(r'Word<events::(\w+)>\{"([^"]+)",\s*(?:\w+::)*(\w+)\}',
                             read("clients/cli/output/words.cpp")):
        found.setdefault(match.group(1), {}).setdefault(match.group(3), match.group(2))
    return found


def rules():
    """{enumerator: (id, plain, filled, remedy)}."""
    table = {}
    pattern = r"case (\w+): return \{(" + STRINGS + r"),\s*(" + STRINGS + r"),\s*(" + STRINGS + \
              r"),\s*(" + STRINGS + r")\};"
    for match in re.finditer(pattern, read("projections/texts/verdict_texts.cpp")):
        table[match.group(1)] = tuple(joined(part) for part in match.groups()[1:])
    return table


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
            re.findall(r"\{events::flag_(\w+),\s*(" + STRINGS + r")\}",
                       read("projections/texts/verdict_texts.cpp"))}


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


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the page")
    parser.add_argument("--check", action="store_true", help="compare the page with the code")
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
    else:
        print(text, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
