#pragma once

namespace events {

/// The Unicode version whose tables decide about texts.  Code points that were assigned later are
/// refused, so that NFC and the classes of letters are the same under every later version: to take
/// up a newer one is a new version of the rules.
inline constexpr const char* text_unicode_version = "15.0.0";

/// Whether `point` may stand in a text: assigned in that version, and neither a control character
/// (Cc), a format character (Cf: bidirectional marks, joiners, tags …), a separator of lines or
/// paragraphs, private, a surrogate, nor another letter or mark that nobody sees (U+034F, U+115F,
/// U+1160, U+3164, U+FFA0).  The only blank is U+0020.
/// Format: docs/log_format.md 2, "Texts".
[[nodiscard]] bool is_permitted_character(char32_t point);

}  // namespace events
