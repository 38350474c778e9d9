#pragma once

#include "events/log/event_log.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace server {

/// A test hook: the process kills itself with SIGKILL in the middle of one commit.
/// KHUYENHOC_CRASH_AT=<commit number>:<stage>, commits counted from 1 since the start; never set
/// outside tests.
///
///   before_batch   judged, nothing written
///   before_sync    written; nobody was told, and the state was not published
///   before_ack     published; the answers have not left
///
/// SIGKILL takes nothing back that the kernel has, so what a process finds after it died between a
/// write and its sync is what it finds after the sync: before_sync kills right after the log's
/// append returned.  What a power cut does to unsynced bytes is tested with a file system that
/// forgets them.
class CrashPoint {
 public:
  enum class Stage { before_batch, before_sync, before_ack };

  /// Nothing when the text is not of that form.
  static std::optional<CrashPoint> parse(std::string_view text);

  /// Kills the process when `commit` and `stage` are the ones asked for.
  void reach(std::uint64_t commit, Stage stage) const;

 private:
  std::uint64_t commit_ = 0;
  Stage stage_{};
};

/// Counts the appends of a log and reaches the crash point's stages on the way.
/// Thread: as EventLog says.
class CrashingLog final : public events::EventLog {
 public:
  /// Lifetime: `log` outlives this object.
  CrashingLog(events::EventLog& log, const CrashPoint& crash_point)
      : log_(log), crash_point_(crash_point) {}

  /// To be called by the log thread before it hands out the answers of its last append.
  void before_answers() const { crash_point_.reach(appends_, CrashPoint::Stage::before_ack); }

  events::Result<void> append(std::span<const events::StoredBlock> blocks,
                              const events::Frontier& after) override;
  events::LogHead head() const override { return log_.head(); }
  events::Frontier frontier() const override { return log_.frontier(); }
  events::Result<std::optional<events::Bytes>> block_at(events::Position position) const override {
    return log_.block_at(position);
  }
  events::Result<std::optional<events::Bytes>> next_block(
      const events::ReaderScope& reader, events::Position after,
      events::Position* scanned_to) const override {
    return log_.next_block(reader, after, scanned_to);
  }
  events::Result<events::ChainHead> chain_head(events::ChainNumber chain) const override {
    return log_.chain_head(chain);
  }
  events::Result<std::optional<events::Bytes>> block_of(events::ChainNumber chain,
                                                        std::uint64_t seq) const override {
    return log_.block_of(chain, seq);
  }
  events::Result<events::ScopeSum> scope_sum_at(events::UnitId unit,
                                                events::Position position) const override {
    return log_.scope_sum_at(unit, position);
  }

 private:
  events::EventLog& log_;
  CrashPoint crash_point_;
  std::uint64_t appends_ = 0;
};

}  // namespace server
