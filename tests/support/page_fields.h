#pragma once

#include "events/base/bytes.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace test_support {

/// What is given with a call of a page: names and values, in their order.
using Given = std::vector<std::pair<std::string, std::string>>;

/// Adds one field of a call: docs/web.md, "Calls".
void append_field(events::Bytes& target, std::string_view name, std::string_view value);
/// Adds a row that is put, as the call `load` takes it.
void append_row(events::Bytes& target, std::string_view key, std::string_view value);

}  // namespace test_support
