#include "server/session/greeting_proofs.h"

#include "events/crypto/digest.h"

#include <algorithm>
#include <string_view>

namespace server {

using events::Error;
using events::ErrorCode;
using events::Result;
using events::protocol::Challenge;

namespace {

constexpr std::size_t time_bytes = 8;
constexpr std::size_t hash_block_bytes = 64;

/// RFC 2104, with SHA-256.
events::Digest hmac(std::span<const std::uint8_t> key, events::ByteView message) {
  std::array<std::uint8_t, hash_block_bytes> inner{};
  std::array<std::uint8_t, hash_block_bytes> outer{};
  inner.fill(0x36);
  outer.fill(0x5C);
  for (std::size_t index = 0; index < key.size(); ++index) {
    inner[index] = static_cast<std::uint8_t>(inner[index] ^ key[index]);
    outer[index] = static_cast<std::uint8_t>(outer[index] ^ key[index]);
  }
  return events::sha256(outer, events::sha256(inner, message).bytes);
}

void put(std::span<std::uint8_t> target, std::uint64_t number) {
  for (std::uint8_t& byte : target) {
    byte = static_cast<std::uint8_t>(number);
    number >>= 8U;
  }
}

std::uint64_t time_of(const Challenge& challenge) {
  std::uint64_t time = 0;
  for (std::size_t index = time_bytes; index > 0; --index) time = time << 8U | challenge[index - 1];
  return time;
}

}  // namespace

Challenge GreetingProofs::challenge_at(std::uint64_t time, events::ChainNumber chain) const {
  std::array<std::uint8_t, time_bytes + sizeof chain.value> about{};
  put(std::span(about).first(time_bytes), time);
  put(std::span(about).subspan(time_bytes), chain.value);
  const events::Digest digest = hmac(secret_, about);
  Challenge challenge{};
  std::copy_n(about.begin(), time_bytes, challenge.begin());
  std::copy_n(digest.bytes.begin(), challenge.size() - time_bytes, challenge.begin() + time_bytes);
  return challenge;
}

Challenge GreetingProofs::issue(events::ChainNumber chain, events::Timestamp now) {
  const std::scoped_lock lock(mutex_);
  last_issued_ = std::max(now.value, last_issued_ + 1);
  return challenge_at(last_issued_, chain);
}

Result<void> GreetingProofs::spend(events::ChainNumber chain, const Challenge& challenge,
                                   events::Timestamp now) {
  const std::uint64_t time = time_of(challenge);
  const std::scoped_lock lock(mutex_);
  if (challenge != challenge_at(time, chain)) {
    return Error{ErrorCode::not_permitted, "a challenge that this server did not give"};
  }
  const std::uint64_t latest = std::max(now.value, last_issued_);
  const auto lifetime = static_cast<std::uint64_t>(challenge_lifetime.count());
  if (time > latest || latest - time > lifetime) {
    return Error{ErrorCode::not_permitted, "the challenge is too old"};
  }
  std::uint64_t& spent_to = spent_to_[chain.value];
  if (time <= spent_to)
    return Error{ErrorCode::not_permitted, "the challenge was answered already"};
  spent_to = time;
  return {};
}

}  // namespace server
