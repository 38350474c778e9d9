#pragma once

#include "events/crypto/signature.h"

#include <cstddef>
#include <string>

namespace events {

/// Letters and digits of a fingerprint: 50 bits.
inline constexpr std::size_t key_fingerprint_length = 10;

/// What an invitation says of the key that signs the log's system chain, so that the first contact
/// of a device is with that log and no other: the first 50 bits of SHA-256 over
/// "khuyenhoc-log-key-1" ‖ the key, in Crockford's base 32, highest bits first.
std::string key_fingerprint(const PublicKey& log_key);

}  // namespace events
