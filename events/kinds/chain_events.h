#pragma once

#include "events/base/bounded.h"
#include "events/base/ids.h"
#include "events/base/text_limits.h"
#include "events/crypto/serialize.h"
#include "events/kinds/event_type.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace events {

/// A device goes on with a new chain and key, because another copy of it goes on with the old ones:
/// it was cloned, or restored from an older image.  On the system chain.  The old chain stays valid
/// for whoever holds the branch that the log accepted.
struct ChainContinued {
  static constexpr EventType type = EventType::chain_continued;
  static constexpr std::string_view kind_name = "ChainContinued";
  static constexpr std::uint32_t schema = 1;
  static constexpr StreamKind stream = StreamKind::access;
  static constexpr bool creates = true;
  ChainNumber old_chain;
  std::uint64_t common_seq{};  ///< The last event of the old chain that both copies have.
  ChainNumber chain;
  PublicKey public_key;
  std::vector<PersonId> persons;
  std::string label;
  Signature old_proof;  ///< Of the old chain's key over new_chain_statement().

  template <class Archive>
  void serialize(Archive& archive, std::uint32_t /*version*/) {
    archive(CEREAL_NVP(old_chain), CEREAL_NVP(common_seq), CEREAL_NVP(chain),
            CEREAL_NVP(public_key), BOUNDED_NVP(16, persons),
            BOUNDED_NVP(text_limits::device_label, label), CEREAL_NVP(old_proof));
  }
};

/// First on a chain that continues another one: which events of the old chain only this device had.
/// They follow on this chain in the same order, recorded again.
struct BranchContinued {
  static constexpr EventType type = EventType::branch_continued;
  static constexpr std::string_view kind_name = "BranchContinued";
  static constexpr std::uint32_t schema = 1;
  static constexpr StreamKind stream = StreamKind::access;
  static constexpr bool creates = true;
  ChainNumber chain;          ///< The old one.
  std::uint64_t first_seq{};  ///< Of the branch that the log does not have …
  std::uint64_t last_seq{};   ///< … to its end,
  Digest head_hash;           ///< and the chain hash there.

  template <class Archive>
  void serialize(Archive& archive, std::uint32_t /*version*/) {
    archive(CEREAL_NVP(chain), CEREAL_NVP(first_seq), CEREAL_NVP(last_seq), CEREAL_NVP(head_hash));
  }
};

}  // namespace events
