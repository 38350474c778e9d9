#pragma once

#include "events/log/memory_event_log.h"
#include "tests/sim/plants.h"
#include "tests/sim/random.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <utility>

namespace sim {

/// Where the server dies in its next append.
enum class AppendCrash : std::uint8_t { none, before_batch, before_sync, before_answers };

/// The server's log, in memory, on a disk that can lose power.  Looks at each append before it is
/// taken: a broken chain or position is a broken promise, not a broken program.  Bugs that live in
/// a store are planted here; `truth()` is the log without them.
class AuditedLog final : public events::EventLog {
 public:
  AuditedLog(events::LogId log, Random& random) : random_(random), inner_(log, events::Epoch{1}) {}

  void plant(Plant plant) {
    plant_ = plant;
    if (plant == Plant::ack_before_sync) inner_.set_durable(false);
  }

  /// Called with what is about to be appended.
  void on_append(std::function<void(std::span<const events::StoredBlock>)> call) {
    on_append_ = std::move(call);
  }

  const events::MemoryEventLog& truth() const { return inner_; }
  /// The disk is gone; a backup of the first positions takes its place, in a later epoch.
  /// Expects: a block ends at `upto`.
  void restore(events::Position upto) { set_back(upto, events::Epoch{head().epoch.value + 1}); }
  /// The next append ends in a crash; the server must be started anew after it.
  void arm(AppendCrash crash) { armed_ = crash; }
  /// The stage at which an append just crashed.
  AppendCrash take_crash() { return std::exchange(crashed_, AppendCrash::none); }
  /// What a power cut leaves.
  void lose_power();
  void set_recovering(bool recovering) { recovering_ = recovering; }
  void set_making_snapshot(bool making) { making_snapshot_ = making; }
  /// No more planted losses: what is written stays.
  void calm() { calm_ = true; }

  events::Result<void> append(std::span<const events::StoredBlock> blocks,
                              const events::Frontier& after) override;
  events::LogHead head() const override { return inner_.head(); }
  events::Frontier frontier() const override { return inner_.frontier(); }
  events::Result<std::optional<events::Bytes>> block_at(events::Position position) const override;
  events::Result<std::optional<events::Bytes>> next_block(
      const events::ReaderScope& reader, events::Position after,
      events::Position* scanned_to) const override;
  events::Result<events::ChainHead> chain_head(events::ChainNumber chain) const override;
  events::Result<std::optional<events::Bytes>> block_of(events::ChainNumber chain,
                                                        std::uint64_t seq) const override;
  events::Result<events::ScopeSum> scope_sum_at(events::UnitId unit,
                                                events::Position position) const override {
    return inner_.scope_sum_at(unit, position);
  }

 private:
  void set_back(events::Position upto, events::Epoch epoch);
  void look_at(std::span<const events::StoredBlock> blocks) const;
  events::Bytes as_planted(events::Bytes encoded) const;

  Plant plant_ = Plant::none;
  Random& random_;
  events::MemoryEventLog inner_;
  std::function<void(std::span<const events::StoredBlock>)> on_append_;
  AppendCrash armed_ = AppendCrash::none;
  AppendCrash crashed_ = AppendCrash::none;
  bool recovering_ = false;
  bool making_snapshot_ = false;
  bool calm_ = false;
  bool restarted_ = false;
};

}  // namespace sim
