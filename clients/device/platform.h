#pragma once

#include "events/base/time.h"
#include "events/crypto/signature.h"

#include <array>
#include <cstdint>
#include <string>

/// The clock and the random bytes of this machine.  `clients/core` is pure and is given them.
namespace clients::platform {

events::Timestamp now();
/// Milliseconds of a clock that is never set.  They count from an arbitrary moment.
std::uint64_t steady_milliseconds();

/// 16 random bytes, for the salt of a private record or the nonce of a greeting.
std::array<std::uint8_t, 16> random_16();
events::SecretSeed random_seed();
std::uint64_t random_number();

/// A new one-time code: 16 letters and digits of Crockford's base 32, 80 random bits.
std::string new_code();

}  // namespace clients::platform
