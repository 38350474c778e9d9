#!/usr/bin/env python3
"""Checks what the compiler does not: layers, purity, texts, kinds, headers, co_await, sizes, names.

  tools/check_source.py              every rule but the slow one
  tools/check_source.py --headers    also compiles each header alone
  tools/check_source.py --self-test  proves on bad samples that each rule fires

Prints file:line: message, then a summary; exits with 1 if a rule is broken.
"""

import argparse
import concurrent.futures
import fnmatch
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CODE_FOLDERS = ("events", "projections", "platform", "server", "clients", "tools", "tests")
SKIPPED = ("build", "var", ".git", "__pycache__", "node_modules", "tests/fuzz/corpus",
           "tests/golden", ".cache")
SIZE_WARNED, SIZE_REFUSED = 350, 600

# ---------------------------------------------------------------- text

TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/'
    r'|(?:u8|[uUL])?R"(?P<d>[^()\\\s]{0,16})\(.*?\)(?P=d)"'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+'", re.S)


def blank(text, keep_strings=False):
    """Replaces comments and literals by spaces, so that offsets and lines stay."""
    def spaces(match):
        found = match.group(0)
        if keep_strings and not found.startswith(("//", "/*")):
            return found
        body = re.sub(r"[^\n]", " ", found)
        if found.startswith("/"):
            return body
        return '"' + body[1:-1] + '"'  # A literal stays a token.
    return TOKEN.sub(spaces, text)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


# ---------------------------------------------------------------- layers

PURE = ("events/", "projections/", "clients/core/")

# The longest matching prefix decides which project folders a file may include.
MAY_INCLUDE = {
    "events/": ("events/",),
    "projections/": ("events/", "projections/"),
    "platform/": ("events/", "platform/"),
    "clients/core/": ("events/", "projections/", "clients/core/"),
    "clients/device/": ("events/", "projections/", "platform/", "clients/core/", "clients/device/"),
    "clients/cli/": ("events/", "projections/", "platform/", "clients/core/", "clients/device/",
                     "clients/cli/"),
    "clients/": ("events/", "projections/", "clients/"),
    "server/": ("events/", "projections/", "platform/", "server/"),
    "tools/": tuple(folder + "/" for folder in CODE_FOLDERS),
    "tests/": tuple(folder + "/" for folder in CODE_FOLDERS),
}
# The subfolders of a folder, from below.  A file may include its own subfolder and those below it;
# a file of the folder itself stands above them all.  Subfolders in one row do not know each other.
SUBFOLDERS = {
    "events/": ("base", "archive", "crypto", "text", "kinds", "log", "packing", "protocol",
                ("bundle", "proofs")),
    "projections/": ("criteria", "policy", "state", "rules", "texts", "views",
                     ("documents", "reports"), "render", "verification"),
    "platform/": ("net",),
    "clients/core/": ("log", "replica", ("texts", "files"), "sync", "bundle", "acts"),
    "clients/cli/": ("output", "", "commands"),
    "server/": ("base", "commit", "store", "feed", "files", ("repair", "backup"), "session",
                "bundle", ("channels", "api", "live"), "app"),
}

PURE_LIBRARIES = ("cereal/*", "boost/system/result.hpp")
PURE_EXCEPTIONS = (
    ("events/crypto/*.cpp", "openssl/*"),
    ("events/text/*.cpp", "utf8proc.h"),
    ("events/packing/*.cpp", "zstd*.h"),
)
# Where else a library may appear; everything not named here is free outside the pure folders.
LIBRARY_HOMES = (
    ("boost/beast*", ("server/channels/ws_channel.h", "server/channels/ws_channel.cpp",
                      "server/channels/http_channel.h", "server/channels/http_channel.cpp",
                      "server/channels/listener.cpp",
                      "server/channels/bundle_channel.h", "server/channels/bundle_channel.cpp",
                      "clients/device/bundle_post.cpp",
                      "clients/device/ws_client.cpp", "clients/device/http_client.cpp",
                      "platform/net/beast_impl.cpp", "platform/net/transport.h",
                      "tests/clients/device/ws_client_test.cpp",
                      "tests/e2e/hostile_server.cpp", "tests/e2e/lying_relay.cpp")),
    ("boost/asio*", ("platform/*", "server/*", "clients/device/*", "clients/cli/*", "tools/*",
                     "tests/*")),
    ("sodium.h", ("clients/device/password_key.cpp",)),
    ("rocksdb/*", ("server/store/*.cpp", "clients/device/rocksdb_*.cpp", "tools/bench/*.cpp",
                   "tests/*")),
)
IMPURE_HEADERS = {"thread", "mutex", "shared_mutex", "condition_variable", "future", "semaphore",
                  "latch", "barrier", "stop_token", "fstream", "iostream", "filesystem", "random",
                  "locale", "clocale", "coroutine", "ctime", "csignal", "sstream", "ostream",
                  "istream", "iomanip"}
# Libraries of the pure folders that stay out of them in part.
IMPURE_LIBRARIES = (
    ("cereal/archives/*", "JSON is written by events/archive/json_writer.h, read by platform/"),
    ("cereal/external/*", "JSON is written by events/archive/json_writer.h, read by platform/"),
)
IMPURE_WORDS = (
    (re.compile(r"::\s*now\s*\("), "asks a clock for the time"),
    (re.compile(r"\bstd::(?:time|rand|clock|locale|thread|mutex|random_device|cin|cout|cerr)\b"),
     "uses the machine it runs on"),
    (re.compile(r"\bco_(?:await|return|yield)\b"), "is a coroutine"),
    (re.compile(r"\bstd::(?:ranges|views)::"),
     "is missing in the browser's standard library: take events/base/ranges.h"),
    (re.compile(r"\bCEREAL_(?:CLASS_VERSION|REGISTER_\w+)\b"),
     "runs when the program starts: a version is a constant of its struct"),
)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:<([^>\n]+)>|"([^"\n]+)")', re.M)


def matches_any(name, patterns):
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def check_layers(path, text):
    pure = path.startswith(PURE)
    prefixes = [prefix for prefix in MAY_INCLUDE if path.startswith(prefix)]
    if not prefixes:
        return
    layer = max(prefixes, key=len)
    for found in INCLUDE.finditer(blank(text, keep_strings=True)):
        line = line_of(text, found.start())
        library, own = found.groups()
        if own is not None:
            if not own.startswith(tuple(folder + "/" for folder in CODE_FOLDERS)):
                yield line, f'"{own}": name our own headers from the project root, libraries in <>'
            elif not own.startswith(MAY_INCLUDE[layer]):
                yield line, f"layer: {layer} must not include {own}"
            else:
                yield from check_subfolder(path, line, own)
            continue
        for pattern, homes in LIBRARY_HOMES:
            if fnmatch.fnmatchcase(library, pattern) and not matches_any(path, homes):
                yield line, f"layer: <{library}> belongs in {', '.join(homes)}"
                break
        else:
            if pure:
                yield from check_pure_library(path, line, library)


def height(folder, path):
    """The place of the subfolder of `path` among those of `folder`, and its name."""
    name = path[len(folder):].split("/")[0] if "/" in path[len(folder):] else ""
    rows = [row if isinstance(row, tuple) else (row,) for row in SUBFOLDERS[folder]]
    for place, row in enumerate(rows):
        if name in row:
            return place, name
    return (len(rows) if name == "" else None), name


def check_subfolder(path, line, own):
    for folder in SUBFOLDERS:
        if not path.startswith(folder) or not own.startswith(folder):
            continue
        (here, name), (there, other) = height(folder, path), height(folder, own)
        if here is None or there is None:
            yield line, f"layer: {folder}{name if here is None else other} has no place in SUBFOLDERS"
        elif there > here or (there == here and name != other):
            yield line, f"layer: {folder}{name} must not include {own}, which stands above or beside it"


def check_pure_library(path, line, library):
    if library in IMPURE_HEADERS:
        yield line, f"purity: <{library}> has no place in {path.split('/')[0]}/"
        return
    for pattern, why in IMPURE_LIBRARIES:
        if fnmatch.fnmatchcase(library, pattern):
            yield line, f"purity: <{library}>: {why}"
            return
    if re.fullmatch(r"[a-z_0-9]+", library) or matches_any(library, PURE_LIBRARIES):
        return
    for files, libraries in PURE_EXCEPTIONS:
        if fnmatch.fnmatchcase(path, files) and fnmatch.fnmatchcase(library, libraries):
            return
    yield line, f"purity: only the standard library, cereal and boost/system/result.hpp, not <{library}>"


def check_purity(path, text):
    if not path.startswith(PURE):
        return
    code = blank(text)
    for pattern, why in IMPURE_WORDS:
        for found in pattern.finditer(code):
            yield line_of(code, found.start()), f"purity: {found.group(0).strip()} {why}"


# ---------------------------------------------------------------- texts and kinds

# Where no Vietnamese text stands but in the catalogue, and what else holds some, with the reason.
WITHOUT_TEXTS = ("events/", "projections/", "platform/", "clients/core/", "server/")
TEXT_HOMES = {
    "projections/texts/": "the catalogue itself",
    "clients/core/texts/": "the catalogue of what only a device knows",
    "clients/core/acts/": "answers to what somebody typed, which no other place says",
}
VIETNAMESE = re.compile("[\u00c0-\u00c3\u00c8-\u00ca\u00cc\u00cd\u00d2-\u00d5\u00d9\u00da\u00dd"
                        "\u00e0-\u00e3\u00e8-\u00ea\u00ec\u00ed\u00f2-\u00f5\u00f9\u00fa\u00fd"
                        "\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0\u01a1\u01af\u01b0"
                        "\u1ea0-\u1ef9]")


def check_texts(path, text):
    """People read texts of the catalogue, which has them in both languages."""
    if not path.startswith(WITHOUT_TEXTS) or path.startswith(tuple(TEXT_HOMES)):
        return
    for found in TOKEN.finditer(text):
        if found.group(0).startswith(("//", "/*")):
            continue
        letter = VIETNAMESE.search(found.group(0))
        if letter:
            yield (line_of(text, found.start() + letter.start()),
                   "text: Vietnamese belongs in a catalogue (projections/texts), beside its English")


KIND = re.compile(r"struct (\w+) \{\s*static constexpr EventType type = EventType::(\w+);")
# Pages that name each kind of event: one by its number's name, one by the name of its struct.
KIND_PAGES = (("docs/numbers.md", "| {number} |"), ("docs/log_format.md", "| {struct} |"))


def check_kinds(path, text):
    """What is in a log for ever is written down."""
    if not path.startswith("events/kinds/"):
        return
    code = blank(text)
    for found in KIND.finditer(code):
        for page, row in KIND_PAGES:
            wanted = row.format(struct=found.group(1), number=found.group(2))
            if wanted not in read_text(page):
                yield line_of(code, found.start()), f"kind: {page} does not name {wanted.strip('| ')}"


# ---------------------------------------------------------------- co_await

OPENING, CLOSING = "([{", ")]}"
BLOCK_WORDS = {"else", "do", "try", "const", "noexcept", "mutable", "override", "final"}
EXPRESSION_WORDS = {"return", "co_return", "co_yield", "co_await", "case", "throw", "new"}


def match_forward(code, at):
    depth = 0
    for i in range(at, len(code)):
        if code[i] in OPENING:
            depth += 1
        elif code[i] in CLOSING:
            depth -= 1
            if depth == 0:
                return i
    return len(code)


def match_backward(code, at):
    depth = 0
    for i in range(at, -1, -1):
        if code[i] in CLOSING:
            depth += 1
        elif code[i] in OPENING:
            depth -= 1
            if depth == 0:
                return i
    return -1


def last_word(before):
    found = re.search(r"(\w+)\s*$", before)
    return found.group(1) if found else ""


def brace_kind(code, at):
    """What the { at `at` opens: a block, a named variable, or a temporary."""
    before = code[max(0, at - 400):at].rstrip()
    if not before or before[-1] in ");{}:]":
        return "block"
    if last_word(before) in BLOCK_WORDS:
        return "block"
    if re.search(r"[)\]]\s*(?:mutable\b\s*)?(?:noexcept\b\s*)?->\s*[\w:<>,\s&*]+$", before):
        return "block"
    if re.search(r"\b(?:namespace|struct|class|union|enum)\b[^;{}()=]*$", before):
        return "block"
    named = re.search(r"([\w>&*\]])\s*(?:\s|(?<=[&*>]))(\w+)$", before)
    if named and last_word(before[:named.start(2)]) not in EXPRESSION_WORDS:
        return "variable"
    if re.search(r"(?:^|[;{}])\s*(?:const(?:expr)?\s+)?[\w:<>,&*\s]+\s\w+\s*=$", before):
        return "variable"
    return "temporary"


def is_control(code, paren):
    return last_word(code[max(0, paren - 40):paren].replace("constexpr", "")) in (
        "if", "while", "switch", "for")


def captures(code, at):
    """Whether the [ at `at` opens a lambda that captures something."""
    if code[at + 1:at + 2] == "[" or code[at - 1:at] == "[":
        return False  # An attribute.
    before = code[:at].rstrip()[-1:]
    word = last_word(code[max(0, at - 40):at])
    if before in ")]\"" or (word and word not in EXPRESSION_WORDS):
        return False  # A subscript.
    return code[at + 1:match_forward(code, at)].strip() != ""


def faults_after(code, at):
    """Walks from a co_await to the end of its full-expression."""
    depth, ternary_possible, i = 0, True, at
    while i < len(code):
        c = code[i]
        if c == ";" and depth == 0:
            return
        if c == "{":
            kind = brace_kind(code, i)
            if kind == "block" and depth == 0:
                return
            if kind != "block":
                yield "a braced temporary"
            i = match_forward(code, i)
        elif c == "[":
            if captures(code, i):
                yield "a capturing lambda"
            i = match_forward(code, i)
        elif c == "(":
            depth += 1
        elif c == ")":
            if depth == 0:
                opening = match_backward(code, i)
                if opening < 0 or is_control(code, opening):
                    return
                ternary_possible = True
            else:
                depth -= 1
        elif c in "]}":
            return
        elif c == "," and depth == 0:
            ternary_possible = False
        elif c == "?" and depth == 0 and ternary_possible:
            yield "a place inside ?:"
        i += 1


def faults_before(code, at):
    """Walks back from a co_await to the start of its full-expression."""
    same_argument, i = True, at - 1
    while i >= 0:
        c = code[i]
        if c == ";":
            return
        if c == "}":
            opening = match_backward(code, i)
            kind = brace_kind(code, opening)
            if kind == "block":
                return
            if kind == "temporary":
                yield "a braced temporary"
            i = opening
        elif c in ")]":
            opening = match_backward(code, i)
            if c == "]" and captures(code, opening):
                yield "a capturing lambda"
            i = opening
        elif c == "(":
            if is_control(code, i):
                return
            same_argument = True
        elif c == "{":
            if brace_kind(code, i) == "temporary":
                yield "a braced temporary"
            return
        elif c == "[":
            return
        elif c == ",":
            same_argument = False
        elif c == "?" and same_argument:
            yield "a place inside ?:"
            return
        i -= 1


def check_co_await(path, text):
    code = blank(text)
    for found in re.finditer(r"\bco_await\b", code):
        faults = [*faults_before(code, found.start()), *faults_after(code, found.end())]
        if faults:
            yield (line_of(code, found.start()),
                   f"co_await: {faults[0]} in its expression; name it, then await it")


# ---------------------------------------------------------------- form

def check_pragma_once(path, text):
    if path.endswith(".h") and not re.search(r"^#pragma once$", blank(text), re.M):
        yield 1, "header: no #pragma once"


def check_size(path, text):
    lines = text.count("\n")
    if path.endswith((".h", ".cpp")) and lines > SIZE_REFUSED:
        yield lines, f"size: {lines} lines, more than {SIZE_REFUSED}: split it by concept"


def check_name(path, text):
    if not path.startswith(tuple(folder + "/" for folder in CODE_FOLDERS)):
        return
    if path.endswith((".h", ".cpp", ".py")) and not re.fullmatch(r"[a-z0-9_/.]+", path):
        yield 1, "name: files and folders are snake_case"
    if path.endswith((".hpp", ".cc", ".hh", ".cxx")):
        yield 1, "name: headers end in .h, sources in .cpp"


# Spelt so that this file does not break its own rule.
LEFTOVERS = (
    (re.compile(r"\b(?:TO" r"DO|FIX" r"ME)\b"), "leftover: finish it, or write down a decision"),
    (re.compile(r"(?<![\w.\-*])/wo" r"rk/"), "leftover: a path of one machine"),
)


def check_leftovers(path, text):
    for pattern, message in LEFTOVERS:
        for found in pattern.finditer(text):
            yield line_of(text, found.start()), message


HEAVY_BEAST = re.compile(r"#include <boost/beast/(?:http|websocket|src)\.hpp>")


def listed_beast_sources():
    """The sources of KHUYENHOC_BEAST_SOURCES in CMakeLists.txt."""
    with open(os.path.join(ROOT, "CMakeLists.txt"), encoding="utf-8") as file:
        found = re.search(r"set\(KHUYENHOC_BEAST_SOURCES\s([^)]*)\)", file.read())
    return found.group(1).split() if found else []


def check_beast_list(path, text):
    """What compiles Beast whole is listed, or it is compiled at -O2 for most of a minute."""
    found = HEAVY_BEAST.search(text)
    if path.endswith(".cpp") and found and path not in listed_beast_sources():
        yield line_of(text, found.start()), "cost: add it to KHUYENHOC_BEAST_SOURCES"


PAGE = re.compile(r"(?<![\w./-])((?:docs/|\.\./)*(?:decisions/)?[A-Za-z0-9_-]+\.md)\b")


def check_pages(path, text):
    """A stranger has this repository and no more: each page that is named stands in it."""
    if not path.endswith((".h", ".cpp", ".md", ".py")) or path == "tools/check_source.py":
        return
    homes = {"", "docs/", "docs/decisions/", os.path.dirname(path) + "/"}
    for found in PAGE.finditer(text):
        page = found.group(1)
        if not any(os.path.exists(os.path.join(ROOT, home + page)) for home in homes):
            yield line_of(text, found.start()), f"page: there is no {page} in this repository"


# ---------------------------------------------------------------- use cases

# Where payloads of events may be made: their vocabulary and meaning, the use cases, the server's own
# events, and tests, which also make what nobody may.
MAKE_PAYLOADS = ("events/", "projections/", "clients/core/acts/", "server/commit/", "tests/")
# (file, kinds, why they are made there)
PAYLOAD_EXCEPTIONS = (
    ("clients/core/sync/incarnation.cpp", {"BranchContinued"},
     "the device says it of its own chain when it records a branch again; nobody acts"),
    ("tools/bench/corpus.cpp",
     {"LogFounded", "PersonIntroduced", "RoleGranted", "DeviceEnrolled", "CriteriaPublished"},
     "in place of the server's founding and enrolment; criteria in place of a file"),
    ("tools/bench/many_devices.cpp", {"DeviceEnrolled"}, "in place of the server's enrolment"),
    ("tools/pilot/provision.h", {"CriteriaPublished"}, "holds what read_criteria_file() read"),
)


def payload_kinds():
    """The members of events::Payload."""
    with open(os.path.join(ROOT, "events/log/event.h"), encoding="utf-8") as file:
        found = re.search(r"std::variant<UnknownPayload,([^>]*)>", file.read())
    return [kind.strip() for kind in found.group(1).split(",")] if found else []


KINDS = "|".join(payload_kinds())
# "X{…}", "X x;", "X x{…}", "X x = …" and "emplace<X>"; never "const X& x" or "std::get<X>".
PAYLOAD_MADE = re.compile(rf"(?<![\w&*])(?:emplace<\s*(?:events::)?({KINDS})\s*>"
                          rf"|(?:events::)?({KINDS})(?:\s*\{{|\s+\w+\s*[;{{=]))")


def check_use_cases(path, text):
    """What officers do is decided in one place: elsewhere nobody makes the payload of an event."""
    if not path.startswith(CODE_FOLDERS) or path.startswith(MAKE_PAYLOADS):
        return
    allowed = next((kinds for file, kinds, _ in PAYLOAD_EXCEPTIONS if file == path), set())
    code = blank(text)
    for found in PAYLOAD_MADE.finditer(code):
        kind = found.group(1) or found.group(2)
        if kind not in allowed:
            yield line_of(code, found.start()), f"use case: {kind} is made in clients/core/acts/"


CODE_RULES = (check_layers, check_purity, check_texts, check_kinds, check_co_await, check_pragma_once,
              check_size, check_beast_list, check_use_cases)
TEXT_RULES = (check_name, check_leftovers, check_pages)


def check_text(path, text):
    """All faults of one file as (line, message)."""
    rules = TEXT_RULES + (CODE_RULES if path.endswith((".h", ".cpp")) else ())
    return sorted({fault for rule in rules for fault in rule(path, text)})


# ---------------------------------------------------------------- the tree

def project_files():
    for folder, folders, names in os.walk(ROOT):
        inside = os.path.relpath(folder, ROOT)
        inside = "" if inside == "." else inside + "/"
        folders[:] = sorted(name for name in folders
                            if name not in SKIPPED and inside + name not in SKIPPED)
        # In a second working tree .git is a file.
        for name in sorted(set(names) - set(SKIPPED)):
            yield inside + name


def read_text(path):
    """The file's text, or None for a binary one."""
    with open(os.path.join(ROOT, path), "rb") as file:
        content = file.read()
    if b"\0" in content[:4096]:
        return None
    return content.decode("utf-8", errors="replace")


def compile_header(path):
    compiler = os.environ.get("CXX", "g++")
    command = [compiler, "-std=c++20", "-fsyntax-only", "-w", "-I.", "-DBOOST_ASIO_SEPARATE_COMPILATION",
               "-DBOOST_BEAST_SEPARATE_COMPILATION", "-x", "c++", path]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if ran.returncode == 0:
        return None
    reason = next((line for line in ran.stderr.splitlines() if "error" in line), "unknown")
    return path, f"header: does not compile alone: {reason.strip()}"


SUBJECT_MAX = 72
SUBJECTS_LOOKED_AT = 60


def long_subjects():
    """Subjects of the last commits that a list of commits would cut off."""
    command = ["git", "log", f"-{SUBJECTS_LOOKED_AT}", "--no-merges", "--format=%h %s"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    for line in ran.stdout.splitlines():
        commit, _, subject = line.partition(" ")
        if len(subject) > SUBJECT_MAX:
            yield commit, len(subject)


def check_tree(with_headers):
    failures, warnings, headers, count = 0, 0, [], 0
    for commit, length in long_subjects():
        print(f"{commit}: subject: {length} characters, at most {SUBJECT_MAX}")
        failures += 1
    for path in project_files():
        if os.path.islink(os.path.join(ROOT, path)):
            continue
        text = read_text(path)
        if text is None:
            continue
        count += 1
        for line, message in check_text(path, text):
            print(f"{path}:{line}: {message}")
            failures += 1
        lines = text.count("\n")
        if path.endswith((".h", ".cpp")) and SIZE_WARNED < lines <= SIZE_REFUSED:
            print(f"{path}:{lines}: warning: {lines} lines, more than {SIZE_WARNED}")
            warnings += 1
        if path.endswith(".h") and path.startswith(CODE_FOLDERS) and "/web/" not in path:
            headers.append(path)
    if with_headers:
        with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
            for fault in filter(None, pool.map(compile_header, headers)):
                print(f"{fault[0]}:1: {fault[1]}", flush=True)
                failures += 1
    compiled = f", {len(headers)} headers compiled alone" if with_headers else ""
    print(f"check_source: {count} files{compiled}, {warnings} warnings, {failures} failures")
    return 1 if failures else 0


# ---------------------------------------------------------------- self-test

ONCE = "#pragma once\n"
# (path, text, a piece of the message expected; None: nothing may fire)
SAMPLES = [
    ("events/a.h", ONCE + '#include "projections/b.h"\n', "layer: events/"),
    ("projections/a.h", ONCE + '#include "server/b.h"\n', "layer: projections/"),
    ("clients/core/a.h", ONCE + '#include "clients/cli/b.h"\n', "layer: clients/core/"),
    ("clients/cli/a.cpp", '#include "server/b.h"\n', "layer: clients/cli/"),
    ("server/a.cpp", '#include "clients/core/b.h"\n', "layer: server/"),
    ("platform/a.cpp", '#include "server/b.h"\n', "layer: platform/"),
    ("server/commit/a.cpp", '#include "server/feed/b.h"\n', "layer: server/commit"),
    ("server/files/a.cpp", '#include "server/repair/b.h"\n', "layer: server/files"),
    ("events/base/a.h", '#include "events/log/b.h"\n', "layer: events/base"),
    ("projections/new/a.cpp", '#include "projections/state/b.h"\n', "layer: projections/new"),
    ("server/a.cpp", '#include "b.h"\n', "from the project root"),
    ("events/a.cpp", "#include <boost/asio.hpp>\n", "layer: <boost/asio.hpp>"),
    ("server/api/a.cpp", "#include <boost/beast/core.hpp>\n", "layer: <boost/beast"),
    ("server/session/a.cpp", "#include <boost/beast/http.hpp>\n", "cost: add it"),
    ("server/channels/http_channel.cpp", "#include <boost/beast/http.hpp>\n", None),
    ("server/store/a.h", ONCE + "#include <rocksdb/db.h>\n", "layer: <rocksdb"),
    ("server/feed/a.cpp", "#include <rocksdb/db.h>\n", "layer: <rocksdb"),
    ("events/a.cpp", "#include <openssl/evp.h>\n", "purity: only"),
    ("events/a.cpp", "#include <utf8proc.h>\n", "purity: only"),
    ("projections/a.cpp", "#include <thread>\n", "purity: <thread>"),
    ("clients/core/a.cpp", "#include <fstream>\n", "purity: <fstream>"),
    ("events/a.cpp", "auto t = std::chrono::system_clock::now();\n", "asks a clock"),
    ("events/a.cpp", "std::locale l;\n", "uses the machine"),
    ("projections/a.cpp", "T f() { co_return; }\n", "is a coroutine"),
    ("events/a.cpp", "#include <sstream>\n", "purity: <sstream>"),
    ("projections/a.cpp", "#include <cereal/archives/json.hpp>\n", "purity: <cereal/archives"),
    ("events/a.cpp", "CEREAL_CLASS_VERSION(events::A, 1)\n", "runs when the program starts"),
    ("events/text/a.cpp", 'auto s = "c\u0103n c\u1ee9";\n', "text: Vietnamese"),
    ("projections/rules/a.cpp", 'auto s = R"(h\u1ed3 s\u01a1)";\n', "text: Vietnamese"),
    ("platform/a.cpp", 'auto s = "t\u1ec7p";\n', "text: Vietnamese"),
    ("clients/core/sync/a.cpp", 'auto s = "m\u1ea1ng";\n', "text: Vietnamese"),
    ("server/app/a.cpp", "auto c = u'\u0111';\n", "text: Vietnamese"),
    ("events/kinds/a.h", ONCE + "struct NoSuchThing {\n  static constexpr EventType type = "
                         "EventType::title_granted;\n", "kind: docs/log_format.md"),
    ("events/kinds/a.h", ONCE + "struct TitleGranted {\n  static constexpr EventType type = "
                         "EventType::no_such_thing;\n", "kind: docs/numbers.md"),
    ("events/a.h", "struct A {};\n", "#pragma once"),
    ("server/a.cpp", "T f() { co_await g(Answer{1}); }\n", "braced temporary"),
    ("server/a.cpp", "T f() { co_await g({.a = 1}); }\n", "braced temporary"),
    ("server/a.cpp", "T f() { use(Answer{1}, co_await g()); }\n", "braced temporary"),
    ("server/a.cpp", "T f() { use(co_await g(), Answer{1}); }\n", "braced temporary"),
    ("server/a.cpp", "T f() { co_return Answer{.a = co_await g()}; }\n", "braced temporary"),
    ("server/a.cpp", "T f() { co_await spawn(e, [x = y]() -> T { co_return; }); }\n", "lambda"),
    ("server/a.cpp", "T f() { co_await spawn(e, [this] { return 1; }); }\n", "lambda"),
    ("server/a.cpp", "T f() { auto x = c ? co_await g() : h(); }\n", "inside ?:"),
    ("server/a.cpp", "T f() { auto x = co_await g() ? 1 : 2; }\n", "inside ?:"),
    ("server/a.cpp", "T f() { if ((co_await g(A{})).ok()) { h(); } }\n", "braced temporary"),
    ("server/a.cpp", "\n" * 601, "size: 601"),
    ("server/BadName.cpp", "", "snake_case"),
    ("server/bad.hpp", "", "headers end in .h"),
    ("docs/a.md", "TO" "DO: later\n", "leftover: finish"),
    ("docs/a.md", "see /wo" "rk/main/x\n", "leftover: a path"),
    ("docs/a.md", "see [b](no_such_page.md)\n", "page: there is no"),
    ("events/a.h", ONCE + "// docs/no_such_page.md 2.4\n", "page: there is no"),
    ("clients/cli/a.cpp", "auto p = events::TitleGranted{decision};\n", "use case: TitleGranted"),
    ("clients/cli/a.cpp", "events::ReviewHeld held;\n", "use case: ReviewHeld"),
    ("tools/pilot/a.cpp", "PersonIntroduced person{home, {}};\n", "use case: PersonIntroduced"),
    ("server/api/a.cpp", "payload.emplace<events::RoleGranted>();\n", "use case: RoleGranted"),
    ("clients/core/sync/incarnation.cpp", "events::RoleRevoked end = x;\n", "use case: RoleRevoked"),
    # What must pass.
    ("projections/texts/a.cpp", 'auto s = "h\u1ed3 s\u01a1";\n', None),
    ("clients/core/acts/a.cpp", 'auto s = "h\u1ed3 s\u01a1";\n', None),
    ("clients/cli/a.cpp", 'auto s = "h\u1ed3 s\u01a1";\n', None),
    ("events/a.h", ONCE + '/// "c\u0103n c\u1ee9" is \u2013 a comment.\nauto s = "\u201ca\u201d \u2014 b";\n', None),
    ("events/kinds/a.h", ONCE + "struct TitleGranted {\n  static constexpr EventType type = "
                         "EventType::title_granted;\n", None),
    ("clients/core/acts/a.cpp", "draft.add(now, events::TitleGranted{decision});\n", None),
    ("clients/core/sync/incarnation.cpp", "f(events::BranchContinued{chain});\n", None),
    ("clients/cli/a.cpp", "f([](const events::TitleGranted& e) { return std::get<events::ReviewHeld>(p); });"
                          " const events::CriteriaPublished* c; Result<events::CriteriaPublished> r;\n", None),
    ("server/commit/a.cpp", "events::LogRestored restored{position};\n", None),
    ("docs/a.md", "see [the log](log_format.md) and docs/protocol.md\n", None),
    ("events/crypto/a.cpp", '#include "events/base/a.h"\n#include <openssl/evp.h>\n', None),
    ("events/text/a.cpp", "#include <utf8proc.h>\n", None),
    ("events/a.cpp", "#include <zstd.h>\n", "purity: only"),
    ("events/packing/a.cpp", '#include "events/base/a.h"\n#include <zstd.h>\n', None),
    ("events/a.h", ONCE + "#include <cereal/cereal.hpp>\n#include <boost/system/result.hpp>\n"
                          "#include <chrono>\n", None),
    ("server/channels/ws_channel.h", ONCE + "#include <boost/beast/websocket.hpp>\n", None),
    ("server/store/a.cpp", "#include <rocksdb/db.h>\n", None),
    ("events/a.cpp", '// std::locale, ::now( in a comment\nauto s = "std::locale";\n', None),
    ("server/a.cpp", "T f() { Answer a{.x = 1}; co_await g(std::move(a)); }\n", None),
    ("server/a.cpp", "T f() { if (x) { h(); } co_await g(a[i], b); }\n", None),
    ("server/a.cpp", "T f() { for (auto& x : co_await g()) { h(A{}); } }\n", None),
    ("server/a.cpp", "T f() { auto r = co_await g(c ? a : b); }\n", None),
    ("server/a.cpp", "T f() { auto w = [this]() -> T<A> { co_await g(); }; }\n", None),
    ("server/a.cpp", "T f() { if (auto [e, n] = co_await g(); e) { h(A{1}); } }\n", None),
    ("server/a.cpp", "T f() { const auto [e, n] = co_await g(net::as_tuple(x)); h({}); }\n", None),
    ("server/a.cpp", "T f() { while (!co_await g()) { use({1}); } }\n", None),
    ("server/a.cpp", "T f() { std::vector<int> xs{1, 2}; co_await g(xs); }\n", None),
    ("server/a.cpp", "T f() { x = 1'000'000; co_await g('{'); }\n", None),
    ("projections/rules/a.cpp", '#include "projections/rules/b.h"\n', None),
]


def self_test():
    wrong = 0
    for path, text, expected in SAMPLES:
        messages = [message for _, message in check_text(path, text)]
        good = not messages if expected is None else any(expected in m for m in messages)
        if not good:
            print(f"self-test: {path}: {text[:90]!r}: expected {expected!r}, got {messages}")
            wrong += 1
    print(f"check_source: self-test: {len(SAMPLES)} samples, {wrong} wrong")
    return 1 if wrong else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--headers", action="store_true", help="compile each header alone (slow)")
    parser.add_argument("--self-test", action="store_true", help="prove that each rule fires")
    options = parser.parse_args()
    return self_test() if options.self_test else check_tree(options.headers)


if __name__ == "__main__":
    sys.exit(main())
