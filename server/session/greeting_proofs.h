#pragma once

#include "events/base/ids.h"
#include "events/base/result.h"
#include "events/base/time.h"
#include "events/crypto/secret_key.h"
#include "events/crypto/signature.h"
#include "events/protocol/proof_messages.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>

namespace server {

/// A challenge over HTTP is good for so long.
inline constexpr std::chrono::milliseconds challenge_lifetime{120'000};

/// What a server proves itself with to those who greet it, and what it asks of them where no TLS
/// binding ties their greeting to the connection.
///
/// A challenge is made, not remembered: its time, and a keyed digest of it, so that a greeting
/// costs no memory.  Over HTTP, where each request greets, a challenge counts once: of the answers
/// of one chain each must be to a later challenge than the one before.
///
/// State: the time of the last challenge, which only grows; of each chain that answered over HTTP
///        the last one that it answered.  A restart forgets both and draws another secret.
/// Thread: any.
/// Lifetime: the key outlives this object.
class GreetingProofs {
 public:
  /// `secret`: drawn at random when the process starts.
  GreetingProofs(const events::SigningKey& log_key, std::array<std::uint8_t, 32> secret)
      : log_key_(log_key), secret_(secret) {}
  ~GreetingProofs() { events::wipe(secret_); }
  GreetingProofs(const GreetingProofs&) = delete;
  GreetingProofs& operator=(const GreetingProofs&) = delete;

  /// Signs chain 1.
  const events::SigningKey& log_key() const { return log_key_; }

  /// A challenge for a greeting of `chain`, unlike all before it.
  events::protocol::Challenge issue(events::ChainNumber chain, events::Timestamp now);
  /// Uses up a challenge that came back over HTTP.
  /// Expects: the chain's key signed it.
  /// Errors:  not_permitted: not of this process or not for this chain, too old, or used up.
  events::Result<void> spend(events::ChainNumber chain,
                             const events::protocol::Challenge& challenge, events::Timestamp now);

 private:
  events::protocol::Challenge challenge_at(std::uint64_t time, events::ChainNumber chain) const;

  const events::SigningKey& log_key_;
  std::array<std::uint8_t, 32> secret_;
  std::mutex mutex_;
  std::uint64_t last_issued_ = 0;                    // A clock that is set back does not move it.
  std::map<std::uint32_t, std::uint64_t> spent_to_;  // By chain: the time of the challenge.
};

}  // namespace server
