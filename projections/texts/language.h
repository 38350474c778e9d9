#pragma once

#include <string_view>

namespace projections {

/// The languages of the catalogue.  The programs show Vietnamese; other systems may ask for
/// English.
enum class Language { vi, en };

/// A page shows Vietnamese and has to be loaded over 64 kbit/s: its module leaves the English texts
/// out, and whoever asks for one there reads the Vietnamese.
#ifdef KHUYENHOC_VIETNAMESE_ONLY
inline constexpr bool has_english = false;
#else
inline constexpr bool has_english = true;
#endif

/// One text in each language, in UTF-8 and NFC.
struct Text {
  std::string_view vi;
  std::string_view en;

  constexpr Text() = default;
  constexpr Text(std::string_view vietnamese, std::string_view english)
      : vi(vietnamese), en(has_english ? english : vietnamese) {}

  constexpr std::string_view in(Language language) const {
    return language == Language::vi ? vi : en;
  }
  /// Whether there is a text in both languages, and not the same one by mistake.
  constexpr bool is_whole() const {
    return !vi.empty() && !en.empty() && (vi != en || !has_english);
  }
};

}  // namespace projections
