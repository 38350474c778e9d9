#include "clients/device/password_key.h"

#include <sodium.h>

#include <algorithm>
#include <chrono>

namespace clients {

using events::Error;
using events::ErrorCode;
using events::Result;

namespace {

static_assert(sizeof(PasswordCost::salt) == crypto_pwhash_argon2id_SALTBYTES);
constexpr std::chrono::milliseconds target{500};
/// Beyond this a damaged file would freeze the machine.
constexpr std::uint32_t kibibytes_max = 1024 * 1024;

}  // namespace

Result<events::SecretKey> password_key(events::ByteView password, const PasswordCost& cost) {
  if (cost.passes < 1 || cost.passes > 100 || cost.kibibytes < 8 ||
      cost.kibibytes > kibibytes_max) {
    return Error{ErrorCode::storage_corrupt, "the cost of a guess is beyond reason"};
  }
  std::array<std::uint8_t, events::SecretKey::size> bytes{};
  const int done = crypto_pwhash_argon2id(
      bytes.data(), bytes.size(), reinterpret_cast<const char*>(password.data()), password.size(),
      cost.salt.data(), cost.passes, std::size_t{cost.kibibytes} * 1024,
      crypto_pwhash_argon2id_ALG_ARGON2ID13);
  if (done != 0) return Error{ErrorCode::busy, "not enough memory to unlock"};
  const events::SecretKey key(bytes);
  events::wipe(bytes);
  return key;
}

Result<PasswordCost> tune_password_cost(const std::array<std::uint8_t, 16>& salt) {
  PasswordCost cost{salt, password_passes_min, password_kibibytes};
  const auto before = std::chrono::steady_clock::now();
  if (const auto tried = password_key(events::bytes_of("tuning"), cost); !tried) {
    return tried.error();
  }
  const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - before;
  const double passes = password_passes_min * (std::chrono::duration<double>(target) / spent);
  cost.passes = static_cast<std::uint32_t>(
      std::clamp(passes, double{password_passes_min}, double{password_passes_max}));
  return cost;
}

}  // namespace clients
