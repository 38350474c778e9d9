#pragma once

#include "clients/core/log/keyring_content.h"
#include "events/base/bytes.h"
#include "events/base/result.h"
#include "events/crypto/secret_key.h"

#include <array>
#include <cstdint>

namespace clients {

/// 64 MiB: what the oldest phones in use can spare, and far beyond the caches of a cracking card.
inline constexpr std::uint32_t password_kibibytes = 64 * 1024;
inline constexpr std::uint32_t password_passes_min = 3;
inline constexpr std::uint32_t password_passes_max = 20;

/// The key that a PIN, or the content of a key file, stands for.
/// Errors:  storage_corrupt: a cost beyond reason; busy: the memory for it is not there.
/// Cost:    about half a second on the machine it was tuned on.
events::Result<events::SecretKey> password_key(events::ByteView password, const PasswordCost& cost);

/// A cost that takes about half a second here, with `salt`.
/// Errors:  busy.
events::Result<PasswordCost> tune_password_cost(const std::array<std::uint8_t, 16>& salt);

}  // namespace clients
