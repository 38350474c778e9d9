#pragma once

#include "server/commit/lost_blocks.h"
#include "server/repair/repair.h"
#include "tests/server/commit/pipeline_fixture.h"

#include <gtest/gtest.h>

#include <optional>
#include <vector>

namespace server::test {

/// Feeds stored blocks to a log, as they are.
inline void copy_blocks(const events::EventLog& from, events::EventLog& to, events::Position upto) {
  const events::ReaderScope everything{.whole_log = true, .units = {}};
  while (to.head().position < upto) {
    events::Position scanned_to;
    const auto encoded = from.next_block(everything, to.head().position, &scanned_to);
    ASSERT_TRUE(encoded && *encoded);
    const events::StoredBlock block = *events::decode_stored_block(**encoded);
    events::Frontier edge = to.frontier();
    ASSERT_TRUE(extend(edge, block));
    ASSERT_TRUE(to.append({&block, 1}, edge));
  }
}

/// A server that was lost, the administrator's and the deputy's devices, and the server that was
/// restored from a backup of it and is repaired.  Two devices, two histories of their own in one
/// log.
struct RestoredLog {
  FoundedLog lost;
  FoundedLog::Deputy deputy = lost.add_deputy();
  events::Position saved;  ///< The backup ends here.

  events::MemoryEventLog log;
  events::MemoryPrivateStore private_store;
  MemoryStagingStore staging;
  std::optional<Pipeline> pipeline;
  std::optional<Repair> repair;
  bool marked = true;  ///< The log on disk says that it is repaired.
  int ended = 0;

  /// `epoch`: 2 when the log was never restored before.
  explicit RestoredLog(events::Epoch epoch = events::Epoch{2}) : log(the_log, epoch) {}

  /// The backup is made now.
  void back_up() { saved = lost.log.head().position; }

  void push(TestDevice& device, const FoundedLog::Deputy* as_deputy, const std::string& commune) {
    if (as_deputy == nullptr) {
      lost.add_commune(commune);
    } else {
      device.create(a_commune(commune), as_deputy->person, as_deputy->grant);
    }
    lost.now.value += 1000;
    ack_of(lost.commit(device.sign(), device));
  }
  void push_admin(const std::string& commune) { push(lost.admin, nullptr, commune); }
  void push_deputy(const std::string& commune) { push(deputy.device, &deputy, commune); }

  /// The disk dies; the backup is restored and the server starts.
  void restore() {
    copy_blocks(lost.log, log, saved);
    start();
  }
  /// Again after a crash: what is not in the log, the staging store or the mark is gone.
  void start() {
    repair.reset();
    pipeline.emplace(log, private_store, test_support::a_key(1));
    ASSERT_TRUE(pipeline->recover());
    if (!marked) return;
    auto begun = Repair::begin({.pipeline = *pipeline,
                                .store = staging,
                                .restored = restored_head(),
                                .end_mark = [this]() -> events::Result<void> {
                                  marked = false;
                                  return {};
                                },
                                .on_end = [this] { ++ended; }});
    ASSERT_TRUE(begun) << begun.error().message;
    repair.emplace(std::move(*begun));
  }
  events::LogHead restored_head() const {
    events::MemoryEventLog copy{the_log, events::Epoch{1}};
    copy_blocks(lost.log, copy, saved);
    return copy.head();
  }

  /// Blocks of the lost log above the backup; of one chain, or of all.
  std::vector<events::StoredBlock> lost_blocks(
      std::optional<events::ChainNumber> chain = {}) const {
    std::vector<events::StoredBlock> blocks;
    const events::ReaderScope everything{.whole_log = true, .units = {}};
    for (events::Position after = saved;;) {
      events::Position scanned_to;
      const auto encoded = lost.log.next_block(everything, after, &scanned_to);
      if (!encoded || !*encoded) return blocks;
      events::StoredBlock block = *events::decode_stored_block(**encoded);
      after = block.last();
      if (!chain || block.chain == *chain) blocks.push_back(std::move(block));
    }
  }

  /// What the lost server had signed for the device's last event.
  events::protocol::SignedReceipt receipt(const TestDevice& device) const {
    const auto encoded = lost.log.block_of(device.chain(), device.seq());
    const events::StoredBlock block = *events::decode_stored_block(**encoded);
    events::protocol::SignedReceipt receipt{.log = the_log,
                                            .epoch = events::Epoch{1},
                                            .chain = device.chain(),
                                            .upto_seq = device.seq(),
                                            .chain_hash = device.head(),
                                            .position = block.last(),
                                            .root = block.root_after,
                                            .signature = {}};
    receipt.signature = test_support::a_key(1).sign(events::protocol::receipt_statement(receipt));
    return receipt;
  }

  events::Result<events::protocol::Reconcile> give(
      events::ChainNumber chain, std::vector<events::StoredBlock> blocks,
      std::vector<events::protocol::SignedReceipt> receipts, bool complete = true) {
    RepairBatch repair_batch;
    repair_batch.chain = chain;
    repair_batch.blocks = std::move(blocks);
    repair_batch.end.complete = complete;
    repair_batch.end.receipts = std::move(receipts);
    return repair->take(repair_batch, lost.now);
  }

  /// The root of the repaired log where the lost one ended.
  events::Digest root_at_loss() const {
    const auto encoded = log.block_at(lost.log.head().position);
    if (!encoded || !*encoded) return {};
    const events::StoredBlock block = *events::decode_stored_block(**encoded);
    return block.last() == lost.log.head().position ? block.root_after : events::Digest{};
  }
};

/// The root that a block has in the tree behind `before`, as whoever knows all of it can compute.
inline void fit_root(const events::Frontier& before, events::StoredBlock& block) {
  events::Frontier edge = before;
  extend(edge, block);
  block.root_after = edge.root();
}

}  // namespace server::test
