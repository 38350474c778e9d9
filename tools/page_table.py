#!/usr/bin/env python3
"""Makes a C++ source that holds the files of a page, from the folder that the page's build leaves.

  tools/page_table.py OUTPUT.cpp FOLDER INSTEAD [--name NAME]

FOLDER has assets.json (server/page/page_folder.h says what is in it) and the files, each with what
it is in brotli (.br) and gzip (.gz) beside it.  Where FOLDER has no assets.json, the files of the
folder INSTEAD stand in the source, and is_NAME_page_built_in() is false.  The bytes go to OUTPUT.bin; nothing
is written that would be as it was, so that a build compiles only what has changed.
"""

import argparse
import hashlib
import json
import os
import sys

NEW_LINE = "\n"


def read(path):
    with open(path, "rb") as file:
        return file.read()


def read_or_nothing(path):
    return read(path) if os.path.exists(path) else b""


def write(path, content):
    """Writes what has changed, whole or not at all."""
    if read_or_nothing(path) == content and os.path.exists(path):
        return
    with open(path + ".new", "wb") as file:
        file.write(content)
    os.replace(path + ".new", path)


def rows_of(folder):
    with open(os.path.join(folder, "assets.json"), encoding="utf-8") as file:
        rows = json.load(file)
    rows = rows["assets"] if isinstance(rows, dict) else rows
    for row in rows:
        name = row["name"]
        if os.path.isabs(name) or ".." in name.split("/"):
            sys.exit(f"page_table.py: a page has no file {name}")
        if not all(0x20 <= ord(letter) < 0x7F and letter not in '"\\' for letter in name + row["type"]):
            sys.exit(f"page_table.py: a name and a media type are plain ASCII: {name}")
    return rows


class Blob:
    """All forms of all files, one behind the other."""

    def __init__(self):
        self.bytes = bytearray()

    def add(self, content):
        """The C++ expression for where the content lies."""
        if not content:
            return "{}"
        place = len(self.bytes)
        self.bytes += content
        return f"{{bytes + {place}, {len(content)}}}"


def table_of(folder, blob):
    lines = []
    for row in rows_of(folder):
        path = os.path.join(folder, row["name"])
        plain = read(path)
        digest = hashlib.sha256(plain).hexdigest()
        if row.get("sha256", digest) != digest:
            sys.exit(f"page_table.py: {path} is not the file that assets.json names; build the page again")
        forms = [plain, read_or_nothing(path + ".br"), read_or_nothing(path + ".gz")]
        immutable, in_document = ("true" if row.get(field) in (True, "yes") else "false"
                                  for field in ("immutable", "in_document"))
        lines.append(f'      {{"/{row["name"]}", "{row["type"]}", {immutable}, "{digest}", '
                     + ", ".join(blob.add(form) for form in forms) + f", {in_document}}},")
    return NEW_LINE.join(lines)


SOURCE = """#include "server/page/embedded_page.h"

// Made by tools/page_table.py from a page's files.  SHA-256 of all of them:
// {digest}

asm(R"(
  .section .rodata
  .balign 16
khuyenhoc_{name}_bytes:
  .incbin "{blob}"
  .byte 0
  .previous
)");
extern "C" const unsigned char khuyenhoc_{name}_bytes[];

namespace server {{

std::vector<Asset> {name}_assets();
bool is_{name}_page_built_in();

std::vector<Asset> {name}_assets() {{
  const char* const bytes = reinterpret_cast<const char*>(khuyenhoc_{name}_bytes);
  return {{
{table}
  }};
}}

bool is_{name}_page_built_in() {{ return {is_built}; }}

}}  // namespace server
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.split(NEW_LINE, maxsplit=1)[0])
    parser.add_argument("output")
    parser.add_argument("folder")
    parser.add_argument("instead")
    parser.add_argument("--name", default="embedded")
    options = parser.parse_args()

    is_built = os.path.exists(os.path.join(options.folder, "assets.json"))
    blob = Blob()
    table = table_of(options.folder if is_built else options.instead, blob)
    blob_path = os.path.abspath(os.path.splitext(options.output)[0] + ".bin")
    write(blob_path, bytes(blob.bytes))
    source = SOURCE.format(name=options.name, blob=blob_path, table=table,
                           digest=hashlib.sha256(blob.bytes).hexdigest(),
                           is_built="true" if is_built else "false")
    write(options.output, source.encode())


if __name__ == "__main__":
    main()
