#pragma once

#include <cstddef>

/// The greatest length of each text that a person enters, in bytes of UTF-8 in NFC; a Vietnamese
/// letter has one to three bytes.  The same limit holds where the text is typed, in the private
/// record, in the event and at its reader.  Only the limit of an indicator's code and competency
/// stands elsewhere, in criteria_events.h.
/// Format: docs/log_format.md 3 and 8.
namespace events::text_limits {

// Private records.
inline constexpr std::size_t person_name = 400;  ///< And at most 100 code points, rule V01.
inline constexpr std::size_t id_number = 16;
inline constexpr std::size_t phone = 20;
inline constexpr std::size_t collective_name = 400;
inline constexpr std::size_t relation = 200;
inline constexpr std::size_t paper_number = 64;
inline constexpr std::size_t witness = 200;
inline constexpr std::size_t place = 400;
inline constexpr std::size_t evidence_what = 1000;
inline constexpr std::size_t evidence_issuer = 400;
inline constexpr std::size_t evidence_where = 400;
inline constexpr std::size_t note = 2000;
inline constexpr std::size_t meeting_time = 40;
inline constexpr std::size_t agenda = 2000;

// Events.
inline constexpr std::size_t basis = 600;   ///< Of grants, revocations, units and criteria.
inline constexpr std::size_t reason = 600;  ///< Of a revoked device.
inline constexpr std::size_t device_label = 128;
inline constexpr std::size_t unit_name = 200;
inline constexpr std::size_t unit_code = 16;
inline constexpr std::size_t organisation_name = 300;
inline constexpr std::size_t list_number = 64;
inline constexpr std::size_t decision_symbol = 64;
inline constexpr std::size_t cycle_label = 128;
inline constexpr std::size_t criteria_code = 32;
inline constexpr std::size_t criteria_label = 200;
inline constexpr std::size_t log_origin = 128;

}  // namespace events::text_limits
