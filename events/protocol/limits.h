#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace events::protocol {

/// Greatest payload of a frame: 2 s of a 64 kbit/s line.
inline constexpr std::size_t frame_bytes_max = 16 * 1024;
/// Greatest WebSocket message: some frames travel together.
inline constexpr std::size_t message_bytes_max = 64 * 1024;
inline constexpr std::uint16_t protocol_version = 1;
/// Text of an ERROR or PUSH_NAK; longer ones are cut when they are sent.
inline constexpr std::size_t explanation_bytes_max = 256;
/// Private records in one PRIVATE frame.
inline constexpr std::size_t private_records_max = 256;
/// Receipts in one PUSH_ACK.
inline constexpr std::size_t receipts_max = 64;
/// Signed receipts in one RECONCILE.
inline constexpr std::size_t signed_receipts_max = 64;
/// Events without receipt that a NEW_CHAIN can name.
inline constexpr std::size_t branch_hashes_max = 1024;
/// Chains that may continue one family: a tablet is not copied more often by accident.
inline constexpr std::size_t continuations_max = 16;
/// A connection that has not greeted by then is closed.
inline constexpr std::chrono::seconds greeting_timeout{10};
/// Wrong enrolment codes a connection may try.
inline constexpr int enrolment_attempts_max = 3;

}  // namespace events::protocol
