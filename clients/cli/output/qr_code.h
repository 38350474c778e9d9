#pragma once

#include "events/base/result.h"

#include <string>
#include <string_view>

namespace clients {

/// A QR code of the text as lines for a terminal, two rows of squares in each, with the quiet zone
/// that scanners need.
///
/// `in_colour`: black on white whatever the terminal's own colours are; without it the light
///              squares are drawn, which is right on a dark background.
/// Errors:  too_large: more than a code of a terminal's size holds, some 300 bytes.
events::Result<std::string> qr_lines(std::string_view text, bool in_colour);

}  // namespace clients
