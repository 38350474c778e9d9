#pragma once

#include "events/log/event_log.h"

#include <optional>
#include <span>

namespace test_support {

/// A log that is another one; what a test is about it overrides.
class ForwardingLog : public events::EventLog {
 public:
  /// Lifetime: `log` outlives this object.
  explicit ForwardingLog(events::EventLog& log) : log_(log) {}

  events::Result<void> append(std::span<const events::StoredBlock> blocks,
                              const events::Frontier& after) override {
    return log_.append(blocks, after);
  }
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
};

}  // namespace test_support
