#include "events/protocol/upgrade.h"

#include "events/crypto/base64url.h"

#include <utility>

namespace events::protocol {
namespace {

constexpr std::string_view greeting_prefix = "h.";

/// The next of a list with commas, without blanks; takes it off `list`.
std::string_view take_token(std::string_view& list) {
  const std::size_t comma = list.find(',');
  std::string_view token = list.substr(0, comma);
  list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
  while (token.starts_with(' ') || token.starts_with('\t')) token.remove_prefix(1);
  while (token.ends_with(' ') || token.ends_with('\t')) token.remove_suffix(1);
  return token;
}

}  // namespace

std::string offered_subprotocols(ByteView greeting_frame) {
  std::string offered(subprotocol);
  if (!greeting_frame.empty() && greeting_frame.size() <= upgrade_greeting_max) {
    offered += ", ";
    offered += greeting_prefix;
    offered += to_base64url(greeting_frame);
  }
  return offered;
}

bool offers_subprotocol(std::string_view offered) {
  while (!offered.empty()) {
    if (take_token(offered) == subprotocol) return true;
  }
  return false;
}

Result<std::optional<Bytes>> greeting_in(std::string_view offered) {
  while (!offered.empty()) {
    std::string_view token = take_token(offered);
    if (!token.starts_with(greeting_prefix)) continue;
    token.remove_prefix(greeting_prefix.size());
    Result<Bytes> frame = from_base64url(token);
    if (!frame) return frame.error();
    return std::optional<Bytes>{std::move(*frame)};
  }
  return std::optional<Bytes>{};
}

}  // namespace events::protocol
