#include "events/packing/packed_events.h"

#include "events/base/calendar_end.h"
#include "events/base/check.h"
#include "events/base/ranges.h"
#include "events/log/event.h"
#include "events/packing/digest_cuts.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace events {
namespace {

/// A canonical event, its payload not taken apart.
struct Row {
  EventHeader header;
  ByteView payload;
};

/// Throws: cereal::Exception.
Row split(ByteView canonical) {
  CompactInput archive(canonical);
  Row row;
  archive.expect(archive.read_byte() == event_form, "another form");
  archive(row.header);
  row.payload = archive.read_bytes(archive.read_length(event_bytes_max));
  archive.expect(archive.rest().empty(), "bytes left over");
  return row;
}

Bytes join(const Row& row) {
  Bytes canonical;
  canonical.reserve(48 + row.payload.size());
  CompactOutput archive(canonical);
  archive.write_byte(event_form);
  archive(row.header);
  archive.write_varint(row.payload.size());
  archive.write_bytes(row.payload);
  return canonical;
}

/// Who did it, under which grant.
struct Actor {
  PersonId person;
  RoleGrantId grant;
  bool operator==(const Actor&) const = default;
};

// Which columns are there.  A run without a column has the value in brackets throughout.
constexpr std::uint8_t has_schemas = 1;  // [1]
constexpr std::uint8_t has_rules = 2;    // [that of the first event]
constexpr std::uint8_t has_cuts = 4;     // [every payload is whole]
constexpr std::uint8_t shape_bits = has_schemas | has_rules | has_cuts;

// How a stream is named.
constexpr std::uint64_t stream_of_its_own = 0;
constexpr std::uint64_t stream_before = 1;
constexpr std::uint64_t first_table_entry = 2;

// How an id is named.
constexpr std::uint64_t id_none = 0;
constexpr std::uint64_t id_own_chain = 1;  // Others: 1 + chain.

constexpr std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1U) ^ static_cast<std::uint64_t>(value >> 63);
}
constexpr std::int64_t unzigzag(std::uint64_t value) {
  return static_cast<std::int64_t>(value >> 1U) ^ -static_cast<std::int64_t>(value & 1U);
}

/// Differences wrap, so that every pair of values has one.
void write_difference(CompactOutput& archive, std::uint64_t value, std::uint64_t base) {
  archive.write_varint(zigzag(static_cast<std::int64_t>(value - base)));
}
std::uint64_t read_difference(CompactInput& archive, std::uint64_t base) {
  return base + static_cast<std::uint64_t>(unzigzag(archive.read_varint()));
}

/// An id as seen from the event `here`.
void write_id(CompactOutput& archive, const EventId& id, const EventId& here) {
  if (id.is_none()) return archive.write_varint(id_none);
  if (id.chain() == here.chain()) {
    archive.write_varint(id_own_chain);
    return write_difference(archive, here.seq(), id.seq());
  }
  archive.write_varint(id_own_chain + id.chain().value);
  archive.write_varint(id.seq());
}

EventId read_id(CompactInput& archive, const EventId& here) {
  const std::uint64_t code = archive.read_varint();
  if (code == id_none) return {};
  if (code == id_own_chain) {
    const std::uint64_t seq = here.seq() - read_difference(archive, 0);
    archive.expect(seq >= 1 && seq <= sequence_max, "event id out of range");
    return {here.chain(), seq};
  }
  const std::uint64_t chain = code - id_own_chain;
  const std::uint64_t seq = archive.read_varint();
  archive.expect(chain <= chain_number_max && seq >= 1 && seq <= sequence_max,
                 "event id out of range");
  return {ChainNumber{static_cast<std::uint32_t>(chain)}, seq};
}

template <class T>
std::size_t index_in(const std::vector<T>& table, const T& wanted) {
  return static_cast<std::size_t>(ranges::find(table, wanted) - table.begin());
}

/// A number of a field narrower than 64 bits.
template <class T>
T narrow(CompactInput& archive, std::uint64_t value) {
  archive.expect(value <= std::numeric_limits<T>::max(), "number out of range");
  return static_cast<T>(value);
}

void write_streams(CompactOutput& archive, const std::vector<Row>& rows) {
  std::vector<StreamId> table;
  const StreamId* before = nullptr;
  for (const Row& row : rows) {
    const StreamId& stream = row.header.stream;
    if (stream.id == row.header.id()) {
      archive.write_varint(stream_of_its_own);
      archive(stream.kind);
      table.push_back(stream);
    } else if (before != nullptr && stream == *before) {
      archive.write_varint(stream_before);
    } else {
      const std::size_t index = index_in(table, stream);
      // The last ones first: officers work on what they have just opened.
      archive.write_varint(first_table_entry + (index == table.size() ? 0 : table.size() - index));
      if (index == table.size()) {
        archive(stream.kind);
        write_id(archive, stream.id, row.header.id());
        table.push_back(stream);
      }
    }
    before = &stream;
  }
}

void read_streams(CompactInput& archive, std::vector<Row>& rows) {
  std::vector<StreamId> table;
  const StreamId* before = nullptr;
  for (Row& row : rows) {
    StreamId& stream = row.header.stream;
    const std::uint64_t code = archive.read_varint();
    if (code == stream_of_its_own) {
      archive(stream.kind);
      stream.id = row.header.id();
      table.push_back(stream);
    } else if (code == stream_before) {
      archive.expect(before != nullptr, "no stream before the first");
      stream = *before;
    } else if (code == first_table_entry) {
      archive(stream.kind);
      stream.id = read_id(archive, row.header.id());
      table.push_back(stream);
    } else {
      archive.expect(code - first_table_entry <= table.size(), "no such stream in the table");
      stream = table[table.size() - (code - first_table_entry)];
    }
    before = &stream;
  }
}

void write_actors(CompactOutput& archive, const std::vector<Row>& rows) {
  std::vector<Actor> table;
  for (const Row& row : rows) {
    const Actor actor{row.header.actor, row.header.role_grant};
    const std::size_t index = index_in(table, actor);
    archive.write_varint(index);
    if (index < table.size()) continue;
    write_id(archive, actor.person.event, row.header.id());
    write_id(archive, actor.grant.event, row.header.id());
    table.push_back(actor);
  }
}

void read_actors(CompactInput& archive, std::vector<Row>& rows) {
  std::vector<Actor> table;
  for (Row& row : rows) {
    const std::uint64_t index = archive.read_varint();
    archive.expect(index <= table.size(), "no such actor in the table");
    if (index == table.size()) {
      const PersonId person{read_id(archive, row.header.id())};
      const RoleGrantId grant{read_id(archive, row.header.id())};
      table.push_back({person, grant});
    }
    row.header.actor = table[index].person;
    row.header.role_grant = table[index].grant;
  }
}

std::uint64_t day_of_recording(const EventHeader& header) {
  return day_in_vietnam(header.recorded_at).value;
}

}  // namespace

bool are_packable(ChainNumber chain, std::uint64_t first_seq, std::span<const ByteView> events) {
  for (std::size_t index = 0; index < events.size(); ++index) {
    const Result<EventHeader> header = read_event_header(events[index]);
    if (!header || header->chain != chain || header->seq != first_seq + index) return false;
  }
  return true;
}

void pack_events(CompactOutput& archive, const PackedRun& run, std::span<const ByteView> events) {
  std::vector<Row> rows;
  rows.reserve(events.size());
  for (const ByteView canonical : events) rows.push_back(split(canonical));
  if (rows.empty()) return;
  CHECK(rows.front().header.id() == (EventId{run.chain, run.first_seq}),
        "are_packable() was asked");

  const EventHeader& first = rows.front().header;
  std::uint8_t shape = 0;
  for (const Row& row : rows) {
    if (row.header.schema != 1) shape |= has_schemas;
    if (row.header.rules != first.rules) shape |= has_rules;
  }
  std::vector<std::size_t> cuts(rows.size());
  for (std::size_t index = 0; run.beside && index < rows.size(); ++index) {
    cuts[index] = cut_in(events[index], rows[index].payload, *run.beside);
    if (cuts[index] != 0) shape |= has_cuts;
  }
  archive.write_byte(shape);
  for (const Row& row : rows) archive.write_varint(row.header.type);
  if ((shape & has_schemas) != 0) {
    for (const Row& row : rows) archive.write_varint(row.header.schema);
  }
  archive(first.rules);
  if ((shape & has_rules) != 0) {
    for (const Row& row : rows) archive(row.header.rules);
  }
  write_streams(archive, rows);
  write_actors(archive, rows);
  std::uint64_t seen = 0;
  for (const Row& row : rows) {
    write_difference(archive, row.header.seen.value, seen);
    seen = row.header.seen.value;
  }
  std::uint64_t recorded_at = run.base.value;
  for (const Row& row : rows) {
    write_difference(archive, row.header.recorded_at.value, recorded_at);
    recorded_at = row.header.recorded_at.value;
  }
  for (const Row& row : rows) {
    write_difference(archive, row.header.business_day.value, day_of_recording(row.header));
  }
  for (std::size_t index = 0; index < rows.size(); ++index) {
    archive.write_varint(rows[index].payload.size() - (cuts[index] == 0 ? 0 : cut_bytes));
  }
  if ((shape & has_cuts) != 0) {
    for (const std::size_t cut : cuts) archive.write_varint(cut);
  }
  for (std::size_t index = 0; index < rows.size(); ++index) {
    write_cut(archive, rows[index].payload, cuts[index]);
  }
  for (std::size_t index = 0; index < rows.size(); ++index) {
    if (cuts[index] != 0) archive.write_bytes(digest_begin(rows[index].payload, cuts[index]));
  }
}

std::vector<Bytes> unpack_events(CompactInput& archive, const PackedRun& run, std::size_t count,
                                 std::size_t bytes_max) {
  std::vector<Row> rows(count);
  for (std::size_t index = 0; index < count; ++index) {
    rows[index].header.chain = run.chain;
    rows[index].header.seq = run.first_seq + index;
  }
  const std::uint8_t shape = archive.read_byte();
  const bool is_known = (shape & ~shape_bits) == 0 && (run.beside || (shape & has_cuts) == 0);
  archive.expect(is_known, "columns that this codec does not have");
  for (Row& row : rows) row.header.type = narrow<std::uint16_t>(archive, archive.read_varint());
  for (Row& row : rows) {
    row.header.schema =
        (shape & has_schemas) == 0 ? 1 : narrow<std::uint32_t>(archive, archive.read_varint());
  }
  RulesVersion rules;
  archive(rules);
  for (Row& row : rows) {
    if ((shape & has_rules) != 0) archive(rules);
    row.header.rules = rules;
  }
  read_streams(archive, rows);
  read_actors(archive, rows);
  std::uint64_t seen = 0;
  for (Row& row : rows) row.header.seen.value = seen = read_difference(archive, seen);
  std::uint64_t recorded_at = run.base.value;
  for (Row& row : rows) {
    row.header.recorded_at.value = recorded_at = read_difference(archive, recorded_at);
  }
  for (Row& row : rows) {
    row.header.business_day.value =
        narrow<std::uint32_t>(archive, read_difference(archive, day_of_recording(row.header)));
    archive.expect(
        is_in_calendar(row.header.recorded_at) && is_in_calendar(row.header.business_day),
        "a time after the year 9999");
  }
  std::vector<std::size_t> lengths(count);
  for (std::size_t& length : lengths) length = archive.read_length(event_bytes_max);
  std::vector<std::size_t> cuts(count);
  if ((shape & has_cuts) != 0) {
    for (std::size_t& cut : cuts) cut = archive.read_length(event_bytes_max);
  }

  for (std::size_t index = 0; index < count; ++index) {
    rows[index].payload = archive.read_bytes(lengths[index]);
  }

  std::vector<Bytes> events;
  events.reserve(count);
  std::size_t total = 0;
  for (std::size_t index = 0; index < count; ++index) {
    Bytes whole;
    if (cuts[index] != 0) {
      DigestBegin begin{};
      ranges::copy(archive.read_bytes(begin.size()), begin.begin());
      whole = made_whole(rows[index].payload, cuts[index], begin, *run.beside);
      rows[index].payload = whole;
    }
    events.push_back(join(rows[index]));
    total += events.back().size();
    archive.expect(total <= bytes_max, "more canonical bytes than a block holds");
  }
  return events;
}

}  // namespace events
