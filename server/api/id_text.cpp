#include "server/api/id_text.h"

#include "server/api/cursor_page.h"

namespace server {

std::optional<events::EventId> read_id(std::string_view text) {
  const std::size_t point = text.find('.');
  if (point == std::string_view::npos) return std::nullopt;
  const std::optional<std::uint64_t> chain = read_number(text.substr(0, point));
  const std::optional<std::uint64_t> seq = read_number(text.substr(point + 1));
  if (!chain || !seq || *chain == 0 || *seq == 0) return std::nullopt;
  if (*chain > events::chain_number_max || *seq > events::sequence_max) return std::nullopt;
  return events::EventId{events::ChainNumber{static_cast<std::uint32_t>(*chain)}, *seq};
}

}  // namespace server
