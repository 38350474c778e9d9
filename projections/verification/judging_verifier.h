#pragma once

#include "events/log/block.h"
#include "projections/rules/follow_up_events.h"
#include "projections/verification/checkpoint_digest.h"
#include "projections/verification/report.h"
#include "projections/views/all_projections.h"

#include <compare>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace verification {

/// Judges every event again on the refolded state, and computes again what the server owed.
///
/// State: the fold over what judging gives, so that one altered verdict is one problem and not the
/// wrong ground for all that follow.
class JudgingVerifier {
 public:
  /// Lifetime: `report` outlives the verifier.
  explicit JudgingVerifier(Report& report);
  JudgingVerifier(const JudgingVerifier&) = delete;
  JudgingVerifier& operator=(const JudgingVerifier&) = delete;

  /// The fold is compared with it when it comes to its position.
  void expect(CheckpointDigest checkpoint);
  /// Expects: positions ascend without gaps.
  void take(const events::StoredBlock& block, std::span<const events::StoredEvent> events,
            const std::string& place);
  /// Nothing can be judged any more.
  void stop(const std::string& why);
  /// The log ends.
  void finish();

 private:
  void take(const events::StoredEvent& stored, const events::ScopeSet& scope,
            const std::string& place);
  /// Whether the event takes the place it has in the system chain by right.
  bool check_system_event(const events::StoredEvent& stored, const std::string& place);
  /// What is owed, by the one name that an event of any content has for it; all empty for an event
  /// that is never owed.
  struct Debt {
    events::Position held;
    events::CycleId cycle;
    events::CyclePhase phase{};
    auto operator<=>(const Debt&) const = default;
  };
  static Debt debt_of(const events::Payload& payload);
  struct Owed {
    projections::FollowUpEvent event;
    events::Timestamp at;  ///< When it has to be received.
  };
  /// What the server has to append before `stored`, or as `stored`.
  std::optional<Owed> owed_before(const events::StoredEvent& stored) const;
  void report_left_out(const projections::FollowUpEvent& due, events::Position at);
  void compare_checkpoints();

  Report& report_;
  projections::State state_;
  projections::Views views_;
  projections::State::OnEffect on_effect_;
  std::vector<CheckpointDigest> checkpoints_;
  std::set<Debt> reported_;        ///< What was missed or was not as it is owed.
  events::Timestamp received_at_;  ///< Of the last event.
  std::uint64_t system_seq_ = 0;
  bool stopped_ = false;
};

}  // namespace verification
