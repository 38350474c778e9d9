#include "events/log/event.h"

#include "events/archive/compact.h"
#include "events/base/calendar_end.h"
#include "events/base/check.h"
#include "events/log/find_bad_text.h"

#include <array>
#include <memory>
#include <type_traits>

namespace events {
namespace {

template <class T>
concept Known = !std::is_same_v<T, UnknownPayload>;

/// Reads T's fields as version `schema` wrote them, in the place that outlives a failure: for each
/// kind there is nothing to move or to destroy.
template <Known T>
void read_payload_as(std::uint32_t schema, CompactInput& archive, Payload& payload) {
  payload.emplace<T>().serialize(archive, schema);
}

using Reader = void (*)(std::uint32_t, CompactInput&, Payload&);

/// What is known of a kind without its fields.
struct Kind {
  Reader read = nullptr;
  std::uint32_t schema = 0;
  std::string_view name;
};

template <class... T>
constexpr std::array<Kind, type_limit> table_of_kinds(const std::variant<T...>* /*all*/) {
  std::array<Kind, type_limit> kinds{};
  auto enter = [&]<class Fields>(std::type_identity<Fields>) {
    if constexpr (Known<Fields>) {
      Kind& kind = kinds[static_cast<std::size_t>(Fields::type)];
      if (kind.read != nullptr) throw "two kinds have one number";
      kind = {&read_payload_as<Fields>, Fields::schema, Fields::kind_name};
    }
  };
  (enter(std::type_identity<T>{}), ...);
  return kinds;
}

constexpr std::array<Kind, type_limit> kinds =
    table_of_kinds(static_cast<const PayloadVariant*>(nullptr));

const Kind* kind_of(std::uint16_t type) {
  return type < type_limit && kinds[type].read != nullptr ? &kinds[type] : nullptr;
}

/// The fields that this build knows of a newer schema; unknown where its author broke the rule that
/// fields are only appended.
Payload read_known_fields(const Kind& kind, ByteView bytes) {
  try {
    CompactInput archive(bytes);
    Payload payload;
    kind.read(kind.schema, archive, payload);
    return payload;
  } catch (const cereal::Exception&) {
    return UnknownPayload{};
  }
}

Payload read_payload(std::uint16_t type, std::uint32_t schema, ByteView bytes) {
  const Kind* const kind = kind_of(type);
  if (kind == nullptr) return UnknownPayload{};
  if (schema > kind->schema) return read_known_fields(*kind, bytes);
  CompactInput archive(bytes);
  Payload payload;
  kind->read(schema, archive, payload);
  archive.expect(archive.rest().empty(), "bytes left over in the payload");
  return payload;
}

struct Parts {
  EventHeader header;
  ByteView payload;
};

Parts split(ByteView canonical) {
  CompactInput archive(canonical);
  Parts parts;
  archive.expect(archive.read_byte() == event_form, "another form");
  archive(parts.header);
  const EventHeader& header = parts.header;
  archive.expect(header.chain.value >= 1 && header.chain.value <= chain_number_max,
                 "chain out of range");
  archive.expect(header.seq >= 1 && header.seq <= sequence_max, "seq out of range");
  archive.expect(header.type >= 1 && header.schema >= 1, "type and schema start at 1");
  archive.expect(header.flags == 0, "flag bits that this form does not have");
  archive.expect(is_in_calendar(header.recorded_at), "recorded after the year 9999");
  archive.expect(is_in_calendar(header.business_day), "dated after the year 9999");
  parts.payload = archive.read_bytes(archive.read_length(event_bytes_max));
  archive.expect(archive.rest().empty(), "bytes left over");
  return parts;
}

Result<void> check_size_and_form(ByteView canonical) {
  if (canonical.size() > event_bytes_max) {
    return Error{ErrorCode::too_large, "an event is at most 8192 bytes"};
  }
  if (canonical.empty()) return Error{ErrorCode::malformed, "an empty event"};
  if (canonical.front() != event_form) {
    return Error{ErrorCode::unsupported,
                 "event form " + std::to_string(canonical.front()) + " is newer than this build"};
  }
  return {};
}

}  // namespace

Payload::Payload() noexcept = default;
Payload::Payload(const Payload& other) = default;
Payload::Payload(Payload&& other) noexcept = default;
Payload::~Payload() = default;

// Assigning fields to fields of the same kind would be code of its own for each kind.
Payload& Payload::operator=(const Payload& other) { return *this = Payload(other); }
Payload& Payload::operator=(Payload&& other) noexcept {
  if (this == &other) return *this;
  std::destroy_at(this);
  return *std::construct_at(this, std::move(other));
}

bool is_whole(const Event& event) {
  const Kind* const kind = kind_of(event.header.type);
  return kind != nullptr && event.header.schema <= kind->schema &&
         !std::holds_alternative<UnknownPayload>(event.payload);
}

Bytes fields_beyond(const Event& event) {
  if (is_whole(event) || std::holds_alternative<UnknownPayload>(event.payload)) return {};
  const Kind& kind = *kind_of(event.header.type);
  CompactInput archive(split(event.canonical).payload);
  Payload known;
  kind.read(kind.schema, archive, known);
  const ByteView rest = archive.rest();
  return {rest.begin(), rest.end()};
}

Result<Event> try_make_event(EventHeader header, Payload payload) {
  Bytes body;
  CompactOutput fields_archive(body);
  std::visit(
      [&]<class T>(const T& fields) {
        if constexpr (Known<T>) {
          header.type = static_cast<std::uint16_t>(T::type);
          header.schema = schema_to_write(fields);
          // serialize() reads and writes; writing does not change the fields.
          const_cast<T&>(fields).serialize(fields_archive, header.schema);
        } else {
          CHECK(false, "only known kinds are made");
        }
      },
      static_cast<const PayloadVariant&>(payload));
  if (!fields_archive.within_limits()) {
    const std::optional<BadText> bad = find_bad_text(payload);
    return Error{ErrorCode::too_large, bad ? bad->explain() : "a field is longer than its limit"};
  }
  if (!is_in_calendar(header.recorded_at) || !is_in_calendar(header.business_day)) {
    return Error{ErrorCode::invalid_argument, "a clock or a date after the year 9999"};
  }
  Event event{header, std::move(payload), {}};
  event.canonical.reserve(40 + body.size());
  CompactOutput archive(event.canonical);
  archive.write_byte(event_form);
  archive(event.header);
  archive(bounded<event_bytes_max>(body));
  if (event.canonical.size() > event_bytes_max) {
    return Error{ErrorCode::too_large, "an event is at most 8192 bytes"};
  }
  return event;
}

Event make_event(EventHeader header, Payload payload) {
  Result<Event> event = try_make_event(std::move(header), std::move(payload));
  CHECK(event.has_value(), "callers pass fields that fit");
  return std::move(*event);
}

Result<Event> read_event(ByteView canonical) {
  return read_event(Bytes(canonical.begin(), canonical.end()));
}

Result<Event> read_event(Bytes&& canonical) {
  if (auto readable = check_size_and_form(canonical); !readable) return readable.error();
  try {
    const Parts parts = split(canonical);
    Payload payload = read_payload(parts.header.type, parts.header.schema, parts.payload);
    return Event{parts.header, std::move(payload), std::move(canonical)};
  } catch (const cereal::Exception& exception) {
    return Error{ErrorCode::malformed, std::string("event: ") + exception.what()};
  }
}

Result<EventHeader> read_event_header(ByteView canonical) {
  if (auto readable = check_size_and_form(canonical); !readable) return readable.error();
  try {
    return split(canonical).header;
  } catch (const cereal::Exception& exception) {
    return Error{ErrorCode::malformed, std::string("event: ") + exception.what()};
  }
}

std::string_view event_name(std::uint16_t type) {
  const Kind* const kind = kind_of(type);
  return kind == nullptr ? "Unknown" : kind->name;
}

std::optional<Digest> private_digest_of(const Payload& payload) {
  return std::visit(
      [](const auto& fields) -> std::optional<Digest> {
        if constexpr (requires { fields.private_digest; }) {
          return fields.private_digest;
        } else {
          return std::nullopt;
        }
      },
      payload);
}

bool creates_its_stream(const Payload& payload) {
  return std::visit(
      []<class T>(const T&) {
        if constexpr (requires { T::creates; }) {
          return T::creates;
        } else {
          return false;
        }
      },
      payload);
}

std::optional<StreamKind> stream_kind_of(const Payload& payload) {
  return std::visit(
      []<class T>(const T&) -> std::optional<StreamKind> {
        if constexpr (requires { T::stream; }) {
          return T::stream;
        } else {
          return std::nullopt;
        }
      },
      payload);
}

}  // namespace events
