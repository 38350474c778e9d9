#pragma once

#include "events/crypto/signature.h"

#include <array>
#include <cstdint>
#include <span>
#include <string>

/// The random bytes of this machine's kernel, fit for keys.  What is pure is given them.
///
/// Thread: any.
namespace platform {

void fill_random(std::span<std::uint8_t> bytes);

/// 16 random bytes, for the salt of a private record or the nonce of a greeting.
std::array<std::uint8_t, 16> random_16();
events::SecretSeed random_seed();
std::uint64_t random_number();

/// A new one-time code: 16 letters and digits of Crockford's base 32, 80 random bits.
std::string new_code();

}  // namespace platform
