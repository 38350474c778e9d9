#pragma once

#include <string_view>

namespace clients {

/// The version of this build, as in "0.1".
std::string_view version();

}  // namespace clients
