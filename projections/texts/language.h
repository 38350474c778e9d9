#pragma once

#include <string_view>

namespace projections {

/// The languages of the catalogue.  The programs show Vietnamese; other systems may ask for
/// English.
enum class Language { vi, en };

/// One text in each language, in UTF-8 and NFC.
struct Text {
  std::string_view vi;
  std::string_view en;

  constexpr std::string_view in(Language language) const {
    return language == Language::vi ? vi : en;
  }
  /// Whether there is a text in both languages, and not the same one by mistake.
  constexpr bool is_whole() const { return !vi.empty() && !en.empty() && vi != en; }
};

}  // namespace projections
