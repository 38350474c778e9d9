#!/usr/bin/env python3
"""Says which sources of a target may be compiled together, as one.

Parsing the headers is nine tenths of what a source costs, so CMake includes several sources in one
(UNITY_BUILD_MODE GROUP). Sources go together only when nothing that one of them keeps to itself, in
an unnamed namespace or as an alias, has the name of something else in another.

usage: group_sources.py SIZE SOURCE...
prints one line for each source, in the order given: the number of its group.
"""
import re
import sys

DEFINED = re.compile(r'(?:class|struct|enum class|enum|concept|union) (\w+)')
NAMED = re.compile(r'(\w+)(?:<[^;]*>)?\s*(?:\(|=|\{|;|\[)')
ALIAS = re.compile(r'using (\w+) = (.*);')
USED = re.compile(r'using ((?:\w+::)+)(\w+);')
SHORT = re.compile(r'namespace (\w+) = (.*);')
WHOLE = re.compile(r'using (?:namespace|enum) (.*);')
TEST = re.compile(r'^TEST(?:_F|_P)?\((\w+), (\w+)\)', re.M)


class Source:
    """What a source keeps to itself."""

    def __init__(self, path):
        with open(path, encoding='utf-8') as file:
            text = file.read()
        self.path = path
        self.names = set()
        self.aliases = {}
        inside = False
        for line in text.split('\n'):
            if line == 'namespace {':
                inside = True
            elif line.startswith('}  // namespace') and not line[15:].strip():
                inside = False
            self.note_alias(line)
            if line.startswith('static '):
                self.note_name(line[7:])
            elif inside and line and line[0] not in ' }/#':
                self.note_name(line)
            elif line.startswith('#define '):
                self.names.add(re.split(r'\W', line[8:])[0])
        for suite, name in TEST.findall(text):
            self.names.add(f'TEST {suite}.{name}')

    def note_alias(self, line):
        if found := ALIAS.match(line):
            self.aliases[found[1]] = found[2]
        elif found := USED.match(line):
            self.aliases[found[2]] = found[1]
        elif found := SHORT.match(line):
            self.aliases[found[1]] = found[2]
        elif found := WHOLE.match(line):
            self.aliases['whole ' + found[1]] = found[1]

    def note_name(self, line):
        if line.startswith(('template', 'TEST', 'namespace', 'INSTANTIATE')):
            return
        if found := DEFINED.match(line):
            self.names.add(found[1])
        elif found := NAMED.search(line):
            self.names.add(found[1])


class Group:
    def __init__(self):
        self.size = 0
        self.names = set()
        self.aliases = {}
        self.opened = None

    def takes(self, source):
        opened = {key for key in source.aliases if key.startswith('whole ')}
        if self.opened is not None and opened != self.opened:
            return False
        if self.names & source.names or self.names & source.aliases.keys():
            return False
        if source.names & self.aliases.keys():
            return False
        return all(self.aliases.get(name, what) == what for name, what in source.aliases.items())

    def add(self, source):
        self.size += 1
        self.names |= source.names
        self.aliases.update(source.aliases)
        self.opened = {key for key in source.aliases if key.startswith('whole ')}


def main():
    size = int(sys.argv[1])
    groups = []
    for path in sys.argv[2:]:
        source = Source(path)
        for number, group in enumerate(groups):
            if group.size < size and group.takes(source):
                break
        else:
            number = len(groups)
            groups.append(Group())
        groups[number].add(source)
        print(number)


if __name__ == '__main__':
    main()
