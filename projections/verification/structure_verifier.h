#pragma once

#include "events/crypto/signature.h"
#include "events/log/block.h"
#include "events/log/merkle.h"
#include "projections/verification/report.h"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace verification {

/// Verifies what needs no meaning: positions, chains, signatures, leaves, roots, times of receipt.
/// The keys of devices come from the log's own events.
///
/// State: per chain how far it has come and from where on no signature covers it; the right edge of
/// the tree.  It goes on after a problem, so that one altered byte is not reported for ever.
class StructureVerifier {
 public:
  /// Lifetime: `report` outlives the verifier.
  explicit StructureVerifier(Report& report);

  /// Takes the next block.  `leaf_hashes`: as written beside it; empty when there are none.
  void take(const events::StoredBlock& block, std::span<const events::StoredEvent> events,
            std::span<const events::Digest> leaf_hashes, const std::string& place);
  /// A block that cannot be read, with the leaf hashes that stand beside it, if any.
  void lose(std::span<const events::Digest> leaf_hashes);
  /// The log ends; `position` and `root` are what it says about itself.
  void finish(events::Position position, const events::Digest& root);

  events::Position next_position() const { return next_; }
  /// Whether all events up to here were at hand, each at its place.
  bool complete() const { return complete_; }
  /// The key that signs the system chain, as the founding event says.
  const std::optional<events::PublicKey>& server_key() const { return server_key_; }
  const std::string& origin() const { return origin_; }

 private:
  struct ChainProgress {
    std::optional<events::VerifyingKey> key;
    events::ChainHead head;
    std::uint64_t uncovered_seq = 0;  ///< First event without signature; 0: none.
    events::Position uncovered;       ///< Its position.
    events::Position last;            ///< Of the chain's last event.
    bool resynchronize = false;       ///< Something was lost: the next block is taken as it is.
  };

  void learn_keys(std::span<const events::StoredEvent> events);
  void check_place(const events::StoredBlock& block, std::span<const events::StoredEvent> events,
                   const std::string& place);
  void check_chain(const events::StoredBlock& block, const std::string& place);
  void check_signature(const events::StoredBlock& block, ChainProgress& chain,
                       const std::string& place);
  void check_tree(const events::StoredBlock& block, std::span<const events::StoredEvent> events,
                  std::span<const events::Digest> leaf_hashes, const std::string& place);
  void lose_thread();

  Report& report_;
  events::Position next_{1};
  events::Timestamp received_at_;
  std::map<std::uint32_t, ChainProgress> chains_;
  events::Frontier frontier_;
  bool tree_known_ = true;
  bool complete_ = true;
  std::optional<events::PublicKey> server_key_;
  std::string origin_;
  events::LogId log_;
  events::Epoch epoch_;
};

/// The leaf hashes of a block's events, in order.
std::vector<events::Digest> leaf_hashes_of(const events::StoredBlock& block);

/// The English name of the event's kind, "TitleGranted".
std::string kind_of(const events::Event& event);

}  // namespace verification
