#include "events/base/ids.h"

#include <charconv>

namespace events {

std::string to_string(const EventId& id) {
  if (id.is_none()) return "-";
  return std::to_string(id.chain().value) + "." + std::to_string(id.seq());
}

EventId EventId::parse_or_throw(const std::string& text) {
  if (text == "-") return {};
  const char* const end = text.data() + text.size();
  std::uint32_t chain = 0;
  std::uint64_t seq = 0;
  const auto head = std::from_chars(text.data(), end, chain);
  if (head.ec != std::errc{} || head.ptr == end || *head.ptr != '.') {
    throw cereal::Exception("an id looks like 12.345, not like \"" + text + "\"");
  }
  const auto tail = std::from_chars(head.ptr + 1, end, seq);
  const bool in_range = chain != 0 && chain <= chain_number_max && seq != 0 && seq <= sequence_max;
  const EventId id = in_range ? EventId{ChainNumber{chain}, seq} : EventId{};
  // Written again, so that "07.300" is not a second name of 7.300.
  if (tail.ec != std::errc{} || tail.ptr != end || id.is_none() || to_string(id) != text) {
    throw cereal::Exception("an id looks like 12.345, not like \"" + text + "\"");
  }
  return id;
}

}  // namespace events
