#pragma once

#include "events/archive/compact.h"
#include "events/base/check.h"
#include "events/protocol/limits.h"
#include "events/protocol/messages.h"

#include <array>
#include <string>
#include <type_traits>
#include <variant>

// What the sources that read and write frames share: one table for all kinds, and a smaller one for
// programs that read and write some of them.

namespace events::protocol {

/// Whether every seq of a message has its width: below 2^40, and one more for the next that is
/// expected.
template <class T>
bool are_seqs_in_range(const T& fields) {
  bool in_range = true;
  const auto look = [&](std::uint64_t seq) { in_range = in_range && seq <= sequence_max; };
  if constexpr (requires { fields.head_seq; }) look(fields.head_seq);
  if constexpr (requires { fields.verdicts_known; }) look(fields.verdicts_known);
  if constexpr (requires { fields.accepted_seq; }) look(fields.accepted_seq);
  if constexpr (requires { fields.common_seq; }) look(fields.common_seq);
  if constexpr (requires { fields.upto_seq; }) look(fields.upto_seq);
  if constexpr (requires { fields.first_seq; }) look(fields.first_seq);
  if constexpr (requires { fields.last_seq; }) look(fields.last_seq);
  if constexpr (requires { fields.expected_seq; }) {
    look(fields.expected_seq == 0 ? 0 : fields.expected_seq - 1);
  }
  return in_range;
}

/// Reads into the place that outlives a failure: for each kind there is nothing to move or to
/// destroy.
template <class T>
void read_as(CompactInput& archive, Message& message) {
  T& fields = message.emplace<T>();
  archive(fields);
  archive.expect(archive.rest().empty(), "bytes left over");
  archive.expect(are_seqs_in_range(fields), "seq out of range");
}

/// What is known of a kind without its fields.
struct KindOfFrame {
  void (*read)(CompactInput&, Message&) = nullptr;
  bool begins_with_version = false;
};

/// By the number of the kind; without `read` for those that are not read.
using FrameTable = std::array<KindOfFrame, 256>;

/// The table of the kinds `T`.
template <class... T>
constexpr FrameTable table_of_kinds() {
  FrameTable kinds{};
  auto enter = [&]<class Fields>(std::type_identity<Fields>) {
    KindOfFrame& kind = kinds[static_cast<std::size_t>(Fields::kind)];
    if (kind.read != nullptr) throw "two kinds have one number";
    kind.read = &read_as<Fields>;
    kind.begins_with_version = requires(Fields fields) { fields.version; };
  };
  (enter(std::type_identity<T>{}), ...);
  return kinds;
}

template <class... T>
constexpr FrameTable table_of_kinds(const std::variant<T...>* /*all*/) {
  return table_of_kinds<T...>();
}

/// As read_frames(), for the kinds of `table`; the others are as unknown ones.
Result<std::vector<Message>> read_frames_of(const FrameTable& table, ByteView message,
                                            std::vector<Message>* read_before_error);

/// At most `limit` bytes of `text`, cut between characters.
std::string beginning_of(const std::string& text, std::size_t limit);

/// Appends a frame of these fields.
void append_payload(Bytes& target, FrameKind kind, ByteView payload);

/// Writes the fields; an explanation that its receiver would not take loses its end.
template <class T>
void write_fields(CompactOutput& archive, const T& fields) {
  if constexpr (requires { fields.message; }) {
    T shorter = fields;
    shorter.message = beginning_of(fields.message, explanation_bytes_max);
    archive(shorter);
  } else {
    archive(fields);
  }
}

}  // namespace events::protocol
