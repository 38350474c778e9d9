#pragma once

#include "events/log/private_record.h"
#include "events/text/text_check.h"

#include <array>
#include <cstdint>
#include <optional>

namespace events {

struct Payload;

// Further bits of Intake::content, see events/log/intake.h, for rule V70.
inline constexpr std::uint8_t content_text_invalid = 32;  ///< Characters that no text may hold.
inline constexpr std::uint8_t content_text_missing = 64;  ///< What must be said is empty.

/// The first text of an event that must not be recorded: longer than its bound in text_limits.h,
/// not UTF-8 in NFC, or with characters that no text may hold (rule V70).  Names and bounds are
/// those with which the event itself is written, so that no field is left out.
///
/// Cost: no allocation but for what is found.
[[nodiscard]] std::optional<BadText> find_bad_text(const Payload& payload);
/// The same of a private record.
[[nodiscard]] std::optional<BadText> find_bad_text(const PrivateFields& fields);

/// make_private_record() of fields that people typed.
/// Errors: too_large: a field is longer than its bound, so that nobody could read it back.
[[nodiscard]] Result<PrivateRecord> try_make_private_record(
    const std::array<std::uint8_t, 16>& salt, const PrivateFields& fields);

/// The error that carries `bad`: too_large when it is too long, invalid_argument otherwise.
[[nodiscard]] Error error_of(const BadText& bad);

}  // namespace events
