#pragma once

#include <string_view>

namespace server {

/// Whether If-None-Match names the tag, or "*".  A weak tag of the same value counts (RFC 9110
/// 13.1.2).
bool names_etag(std::string_view if_none_match, std::string_view etag);

}  // namespace server
