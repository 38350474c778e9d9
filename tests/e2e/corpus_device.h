#pragma once

#include "events/protocol/messages.h"
#include "tools/bench/corpus.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <vector>

namespace e2e {

/// A commune's device that records whole lives of dossiers and remembers what it was told.
///
/// State: blocks made so far, first to last of one chain; the verdict of every event that was
///        acknowledged.
/// Thread: one at a time.
class CorpusDevice {
 public:
  /// Puts a founded log that knows the device into `data`, as a stopped server leaves it.
  explicit CorpusDevice(const std::filesystem::path& data);

  /// Makes one more signed block of at most `count` events.
  void make_block(std::size_t count);
  const std::vector<events::DeviceBlock>& blocks() const { return blocks_; }
  events::ChainNumber chain() const { return corpus_.device_chain(); }
  std::uint64_t last_seq() const { return blocks_.empty() ? 0 : blocks_.back().last_seq(); }
  /// Index of the block that goes on after `seq`.
  std::size_t block_after(std::uint64_t seq) const;

  /// A signed greeting.  `verdicts_known`: receipts above it are sent again.
  events::protocol::Hello hello(std::uint64_t verdicts_known = 0) const;
  /// With a signature of its own, for a greeting that was changed.
  events::protocol::Hello sign(events::protocol::Hello hello) const;
  /// The private records that a block names, then the block.
  std::vector<events::protocol::Message> frames_of(const events::DeviceBlock& block);
  events::SigningKey key() const { return events::SigningKey::from_seed(corpus_.device_seed()); }

  /// Takes receipts in; each must say what an earlier one of the same events said.
  void take(const events::protocol::PushAck& ack);
  const std::map<std::uint64_t, events::Verdict>& acknowledged() const { return acknowledged_; }
  /// Receipts of all events up to here have come.
  std::uint64_t acknowledged_upto() const { return acknowledged_upto_; }
  /// The server said that everything up to here is durable.
  std::uint64_t durable_upto() const { return durable_upto_; }

 private:
  bench::Corpus corpus_;
  std::vector<events::DeviceBlock> blocks_;
  std::map<std::uint64_t, events::Verdict> acknowledged_;
  std::uint64_t acknowledged_upto_ = 0;
  std::uint64_t durable_upto_ = 0;
};

/// The clock of this machine.
events::Timestamp now();

}  // namespace e2e
