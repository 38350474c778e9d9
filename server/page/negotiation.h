#pragma once

#include "server/page/site.h"

#include <cstddef>
#include <optional>
#include <string_view>

// What a request asks of a file: its coding, and which part of it.

namespace server {

/// The form that Accept-Encoding prefers among those that the asset has (RFC 9110 12.5.3): the
/// largest weight, and among equal ones br before gzip before no coding.  Nothing when every form
/// is refused.  An item that cannot be read counts as missing.
///
/// `accept_encoding`: nothing when the header did not come.
std::optional<AssetForm> choose_form(std::optional<std::string_view> accept_encoding,
                                     const Asset& asset);

/// Which bytes an answer has.
struct Part {
  enum class Kind : std::uint8_t {
    whole,
    part,
    beyond,  ///< The range begins behind the end: 416.
  };
  Kind kind = Kind::whole;
  std::size_t first = 0;
  std::size_t size = 0;
};

/// The part of `size` bytes that the header Range asks for (RFC 9110 14.1).  More than one range, a
/// unit other than bytes and what cannot be read are ignored: the answer is the whole then.
Part read_range(std::string_view range, std::size_t size);

}  // namespace server
