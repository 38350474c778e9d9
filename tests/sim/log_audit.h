#pragma once

#include "events/crypto/signature.h"
#include "events/log/memory_event_log.h"
#include "events/log/private_store.h"
#include "projections/state/state.h"
#include "tests/sim/power_audit.h"
#include "tests/sim/tally.h"
#include "tests/sim/title_audit.h"

#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace sim {

/// Goes once through a whole log as a stranger would and recomputes everything in it: positions,
/// chain hashes, leaves and roots, signatures, scopes, verdicts, what the server owed, titles,
/// rights.
class LogAudit {
 public:
  /// Lifetime: the references outlive this object.
  /// `is_erased`: nobody has that private record any more, and there is a reason.
  LogAudit(const events::MemoryEventLog& log, const events::PrivateStore& privates, Tally& tally,
           std::function<bool(const events::Digest&)> is_erased)
      : log_(log), privates_(privates), tally_(tally), is_erased_(std::move(is_erased)) {}

  /// Throws: Violation.
  void run();

  const projections::State& state() const { return state_; }
  /// Canonical events of each chain, in order.
  const std::map<events::ChainNumber, std::vector<events::Bytes>>& chains() const {
    return chains_;
  }
  const std::vector<events::StoredBlock>& blocks() const { return blocks_; }

 private:
  struct ChainSoFar {
    events::ChainHead head;
    std::optional<events::PublicKey> key;
    std::uint64_t signed_upto = 0;
  };

  void check_block(const events::StoredBlock& block);
  void check_event(const events::StoredEvent& stored, const events::StoredBlock& block);
  void check_due(const events::StoredEvent& stored);
  void check_signature(const events::StoredBlock& block, ChainSoFar& chain);
  void learn_keys(const events::Event& event);
  void count(const events::StoredEvent& stored);

  const events::MemoryEventLog& log_;
  const events::PrivateStore& privates_;
  Tally& tally_;
  std::function<bool(const events::Digest&)> is_erased_;
  projections::State state_;
  events::Frontier frontier_;
  events::Timestamp received_at_;
  std::map<events::ChainNumber, ChainSoFar> heads_;
  std::map<events::ChainNumber, std::vector<events::Bytes>> chains_;
  std::vector<events::StoredBlock> blocks_;
  std::map<events::EventId, events::ChainNumber> last_hand_;  // By dossier.
  TitleAudit titles_;
  PowerAudit powers_;
};

}  // namespace sim
