#pragma once

#include "clients/core/log/server_proof.h"
#include "clients/core/replica/replica.h"
#include "events/base/result.h"
#include "events/protocol/channel_binding.h"
#include "events/protocol/messages.h"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace clients {

/// A connection that wants no events, only what they amount to: totals, or where each dossier
/// stands.  What the device holds of the log is neither needed nor changed.
///
/// Thread: one at a time.
/// Lifetime: the replica outlives the reader.
class SummaryReader {
 public:
  struct Wish {
    events::protocol::SummaryMode mode = events::protocol::SummaryMode::totals;
    events::UnitId unit;  ///< None: everything the device's people may see.
    std::uint32_t interval_seconds = 30;
  };
  /// A row of the totals stands for one of these.
  struct Cell {
    events::UnitId commune;
    events::TitleKind title{};
    events::CycleId cycle;
    events::GroupCode group{};
    auto operator<=>(const Cell&) const = default;
  };

  SummaryReader(const Replica& replica, const Wish& wish) : replica_(replica), wish_(wish) {}

  /// The greeting of a new connection.
  /// Errors:  needs_signature.
  events::Result<events::protocol::Hello> greeting(
      events::Timestamp now, const std::array<std::uint8_t, 16>& nonce,
      const std::optional<events::protocol::ChannelBinding>& binding);
  /// Whether the frame brought news; what is not for this reader is passed over.
  /// Errors:  unproved_server; log_diverged, fork: the device has to synchronise first; what the
  ///          server says; closed, revoked.
  events::Result<bool> on_message(const events::protocol::Message& message);
  /// What is to be sent once the server has proved itself: the subscription, which goes on behind
  /// what an earlier connection of this reader brought; nothing while that is not signed.
  std::vector<events::protocol::Message> outgoing();

  const std::map<Cell, events::protocol::TotalsRow>& totals() const { return totals_; }
  const std::map<events::DossierId, events::protocol::DossierStatus>& dossier_statuses() const {
    return dossier_statuses_;
  }
  events::Position upto() const { return upto_; }
  bool is_caught_up() const { return caught_up_; }

 private:
  events::Result<bool> take(const events::protocol::Welcome& welcome);

  const Replica& replica_;
  Wish wish_;
  ServerProof proof_;
  bool has_subscribed_ = false;
  std::map<Cell, events::protocol::TotalsRow> totals_;
  std::map<events::DossierId, events::protocol::DossierStatus> dossier_statuses_;
  events::Position upto_;
  bool caught_up_ = false;
};

}  // namespace clients
