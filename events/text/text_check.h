#pragma once

#include "events/base/result.h"
#include "events/base/verdict.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace events {

/// What a text field asks of its text, besides the bound of text_limits.h.
struct TextField {
  std::string_view name;  ///< As in the event or record, and in JSON: "basis".
  bool lines = false;     ///< Whether it may have several lines.
};

/// The field of that name.  What officers call it stands in projections/texts/field_texts.h.
[[nodiscard]] TextField text_field(std::string_view name);

/// A text that must not be recorded, and why.
struct BadText {
  TextFault fault{};
  std::string field;        ///< Name of the field.
  std::size_t bytes{};      ///< Of the text, in UTF-8.
  std::size_t letters{};    ///< Its code points; 0 when it is not UTF-8.
  std::size_t bytes_max{};  ///< Of the field.

  /// In English, for the error that carries it: "basis: 812 bytes, at most 600".
  std::string explain() const;
};

/// What is wrong with `text` first: its length, its form, a character that text_check.h's rule
/// refuses.  An empty text is sound; whether it may be missing is the rule of each kind.
/// `lines`: whether U+000A may stand in it.
///
/// Cost: no allocation for Vietnamese in composed letters.
[[nodiscard]] std::optional<TextFault> check_text(std::string_view text, std::size_t bytes_max,
                                                  bool lines);

/// What people type as it is kept, so that others who type the same find it: in NFC, blanks of
/// every kind as U+0020, none outside, one at a time inside; each line for itself, line ends as
/// U+000A.  The Icelandic letters U+00D0 and U+00F0, which some keyboards give for Đ and đ and look
/// like them, become those.
/// Errors: malformed: not valid UTF-8, or contains NUL.
[[nodiscard]] Result<std::string> clean_typed_text(std::string_view typed);

/// `text` for a screen, a page or a log: characters that no text may hold are written as \u{1b},
/// bytes that are not UTF-8 as \x{ff}.  Line ends stay where `lines`.
[[nodiscard]] std::string escape_text(std::string_view text, bool lines);

/// A JSON document with the same characters written as JSON does, \u202e: the same to a program,
/// harmless where people look at it.  Expects: control characters below U+0020 are written so.
[[nodiscard]] std::string escape_json(std::string_view document);

}  // namespace events
