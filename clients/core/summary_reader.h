#pragma once

#include "clients/core/replica.h"
#include "events/protocol/channel_binding.h"
#include "events/protocol/messages.h"
#include "events/result.h"

#include <array>
#include <cstdint>
#include <map>
#include <optional>

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

  /// The greeting; `subscription()` goes right behind it.
  events::protocol::Hello greeting(
      events::Timestamp now, const std::array<std::uint8_t, 16>& nonce,
      const std::optional<events::protocol::ChannelBinding>& binding) const;
  /// Goes on behind what an earlier connection of this reader brought.
  events::protocol::Subscribe subscription() const {
    return {wish_.mode, wish_.unit, upto_, wish_.interval_seconds};
  }
  /// Whether the frame brought news; what is not for this reader is passed over.
  /// Errors:  what the server says; closed, revoked.
  events::Result<bool> on_message(const events::protocol::Message& message);

  const std::map<Cell, events::protocol::TotalsRow>& totals() const { return totals_; }
  const std::map<events::DossierId, events::protocol::StandingRow>& standings() const {
    return standings_;
  }
  events::Position upto() const { return upto_; }
  bool is_caught_up() const { return caught_up_; }

 private:
  const Replica& replica_;
  Wish wish_;
  std::map<Cell, events::protocol::TotalsRow> totals_;
  std::map<events::DossierId, events::protocol::StandingRow> standings_;
  events::Position upto_;
  bool caught_up_ = false;
};

}  // namespace clients
