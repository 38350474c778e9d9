#pragma once

#include "events/base/bytes.h"

#include <string>
#include <string_view>

namespace test_support {

/// `bytes` in hexadecimal, 32 bytes a line: the form of the files in tests/golden.
std::string golden_text(events::ByteView bytes);

/// The bytes of the file `name` below tests/golden.  Expects: it is there and holds hexadecimal.
events::Bytes golden_bytes(std::string_view name);

/// Fails the running test when the file `name` below tests/golden does not hold exactly `bytes`,
/// and prints the bytes as they are now.  Never writes: frozen bytes change by hand or not at all.
void expect_golden(std::string_view name, events::ByteView bytes);
/// The same for a file of plain text.
void expect_golden_text(std::string_view name, std::string_view text);

}  // namespace test_support
