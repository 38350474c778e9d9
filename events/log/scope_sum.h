#pragma once

#include "events/base/ids.h"
#include "events/crypto/digest.h"
#include "events/crypto/serialize.h"

#include <array>
#include <cstdint>
#include <span>

namespace events {

/// What the log holds of one unit up to a position: how many events, and a digest over where their
/// blocks stand and what the log was behind each.  Whoever has received the same blocks has the
/// same sum; whoever was shown one block less, more or otherwise has another one.
/// Format:  docs/log_format.md 6.1.
struct ScopeSum {
  std::uint64_t events{};
  Digest digest;  ///< Zeros before the first block.

  /// Takes in the next block that the unit sees.  `fingerprint`: of the root after it.
  void add(Position first, Position last, std::uint64_t fingerprint);
  bool operator==(const ScopeSum&) const = default;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(events, digest);
  }
};

/// The same of everything that one reader may see: short enough to travel in a greeting.
struct ReaderSum {
  std::uint64_t events{};
  std::array<std::uint8_t, 16> digest{};
  bool operator==(const ReaderSum&) const = default;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(events, digest);
  }
};

/// The sum of a reader of `units`.  An event that two of them see counts twice.
/// Expects: units ascending, one sum for each.
ReaderSum reader_sum_of(std::span<const UnitId> units, std::span<const ScopeSum> sums);
/// The sum of a reader of the whole log that has received `events` events, the last of which left
/// the log with that fingerprint.
ReaderSum whole_log_sum(std::uint64_t events, std::uint64_t fingerprint);

}  // namespace events
