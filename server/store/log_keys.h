#pragma once

#include "events/base/bytes.h"
#include "events/base/ids.h"
#include "events/log/chain.h"
#include "events/log/scope_sum.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace server {

/// Keys and small values of the log's tables: big-endian numbers, so that the order of the bytes is
/// the order of the numbers.  docs/decisions/0004-one-row-per-block.md lists the tables.

inline void append_number(std::string& target, std::uint64_t number, std::size_t bytes) {
  for (std::size_t left = bytes; left > 0; --left) {
    target.push_back(static_cast<char>(number >> (8 * (left - 1)) & 0xFFU));
  }
}

/// Expects: `bytes` ≤ 8 bytes of text from `offset` on.
inline std::uint64_t number_at(std::string_view text, std::size_t offset, std::size_t bytes) {
  std::uint64_t number = 0;
  for (const char byte : text.substr(offset, bytes)) {
    number = number << 8U | static_cast<std::uint8_t>(byte);
  }
  return number;
}

inline std::string_view text_of(events::ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline events::Bytes bytes_from(std::string_view text) {
  const events::ByteView view = events::bytes_of(text);
  return {view.begin(), view.end()};
}

inline constexpr std::size_t position_key_bytes = 8;
inline constexpr std::size_t scope_key_bytes = 4 + 8 + 8;
inline constexpr std::size_t chain_block_key_bytes = 4 + 8;
inline constexpr std::size_t chain_head_bytes = 8 + 32;

inline std::string position_key(events::Position first) {
  std::string key;
  append_number(key, first.value, 8);
  return key;
}

inline std::string scope_key(events::UnitId unit, events::Position first) {
  std::string key;
  append_number(key, unit.event.chain().value, 4);
  append_number(key, unit.event.seq(), 8);
  append_number(key, first.value, 8);
  return key;
}

inline std::string chain_key(events::ChainNumber chain) {
  std::string key;
  append_number(key, chain.value, 4);
  return key;
}

inline std::string chain_block_key(events::ChainNumber chain, std::uint64_t first_seq) {
  std::string key = chain_key(chain);
  append_number(key, first_seq, 8);
  return key;
}

inline void append_digest(std::string& target, const events::Digest& digest) {
  target.append(text_of(digest.bytes));
}

/// Expects: 32 bytes of text from `offset` on.
inline events::Digest digest_at(std::string_view text, std::size_t offset) {
  events::Digest digest;
  const events::ByteView source = events::bytes_of(text.substr(offset, digest.bytes.size()));
  std::copy(source.begin(), source.end(), digest.bytes.begin());
  return digest;
}

/// A row of the table `scopes`: how many events the block has, then the unit's sum with this block.
inline constexpr std::size_t scope_row_bytes = 1 + 8 + 32;

inline std::string scope_row(std::size_t events, const events::ScopeSum& sum) {
  std::string row;
  append_number(row, events, 1);
  append_number(row, sum.events, 8);
  append_digest(row, sum.digest);
  return row;
}

/// Expects: a row of scope_row_bytes.
inline events::ScopeSum scope_sum_in(std::string_view row) {
  return {number_at(row, 1, 8), digest_at(row, 9)};
}

/// Seq, then hash; also the row that holds the log's position and root.
inline std::string number_and_digest(std::uint64_t number, const events::Digest& digest) {
  std::string value;
  append_number(value, number, 8);
  append_digest(value, digest);
  return value;
}

}  // namespace server
