#pragma once

#include <string>
#include <string_view>

namespace events {

/// A text as it is compared where people type it: NFC, without the difference of capital and small
/// letters, one blank between words and none around.  Marks stay: "Lò" and "Lo" are two names.
/// Text that is not UTF-8 comes back empty.
[[nodiscard]] std::string folded(std::string_view text);

/// The same without marks, and with d for đ: what somebody types on a keyboard without Vietnamese
/// letters.  Only for suggestions.
[[nodiscard]] std::string without_marks(std::string_view text);

}  // namespace events
