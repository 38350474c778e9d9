#pragma once

#include "events/log/block.h"
#include "events/log/event.h"
#include "events/log/event_log.h"
#include "events/log/merkle.h"
#include "events/log/stored_event.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <span>
#include <utility>
#include <vector>

namespace test_support {

/// Adds the leaves of `block` to the tree.
inline void advance(events::Frontier& frontier, const events::StoredBlock& block) {
  events::Bytes leaf;
  for (const events::BlockEntry& entry : block.entries) {
    events::write_leaf(events::Position{frontier.size() + 1}, block.received_at, entry.intake,
                       entry.canonical, entry.verdict, leaf);
    frontier.append(events::leaf_hash(leaf));
  }
}

/// What the sequencer would make of the pushes of a few devices: stored blocks at dense positions,
/// with signed runs, chain hashes and roots.  The same calls give the same bytes.
class BlockBuilder {
 public:
  explicit BlockBuilder(events::LogId log = events::LogId{7},
                        events::Epoch epoch = events::Epoch{1})
      : log_(log), epoch_(epoch) {}

  /// Continues the log as it is on disk, after a power cut took some of the blocks made.
  void continue_from(const events::EventLog& log, std::span<const events::ChainNumber> chains) {
    frontier_ = log.frontier();
    for (const events::ChainNumber chain : chains) {
      const events::Result<events::ChainHead> head = log.chain_head(chain);
      ASSERT_TRUE(head);
      heads_[chain] = head->seq > 0 ? *head : first_head(chain);
    }
  }

  /// `count` events of `chain`, one signed run, next in the log.
  events::StoredBlock next(events::ChainNumber chain, std::size_t count,
                           const events::ScopeSet& scope) {
    const auto [known, is_new] = heads_.try_emplace(chain);
    if (is_new) known->second = first_head(chain);
    events::ChainHead& head = known->second;

    std::vector<events::Bytes> canonicals;
    for (std::size_t index = 0; index < count; ++index) {
      canonicals.push_back(an_event({chain, head.seq + 1 + index}).canonical);
    }
    events::DeviceBlock signed_run = events::sign_block(log_, chain, head.seq + 1, head.hash,
                                                        std::move(canonicals), key_of(chain));

    events::StoredBlock block;
    block.log = log_;
    block.epoch = epoch_;
    block.first = events::Position{frontier_.size() + 1};
    block.received_at = events::Timestamp{1'700'000'000'000 + frontier_.size()};
    block.chain = chain;
    block.first_seq = signed_run.first_seq;
    block.previous = signed_run.previous;
    block.scope = scope;
    block.run = events::RunSignature{signed_run.first_seq, signed_run.signature};
    head = {signed_run.last_seq(), events::hash_after(signed_run.previous, signed_run.events)};
    for (events::Bytes& canonical : signed_run.events) {
      events::BlockEntry entry;
      entry.canonical = std::move(canonical);
      entry.verdict.code = events::VerdictCode::accepted;
      block.entries.push_back(std::move(entry));
    }
    advance(frontier_, block);
    block.root_after = frontier_.root();
    return block;
  }

  const events::Frontier& frontier() const { return frontier_; }

 private:
  static events::SigningKey key_of(events::ChainNumber chain) {
    events::SecretSeed seed;
    seed.bytes.fill(static_cast<std::uint8_t>(chain.value));
    return events::SigningKey::from_seed(seed);
  }

  static events::ChainHead first_head(events::ChainNumber chain) {
    return {0, events::chain_start(chain, key_of(chain).public_key())};
  }

  /// A citizen introduced, every third time a registration accepted.
  static events::Event an_event(events::EventId id) {
    events::EventHeader header;
    header.chain = id.chain();
    header.seq = id.seq();
    header.actor = events::PersonId{{events::ChainNumber{2}, 1}};
    header.role_grant = events::RoleGrantId{{events::ChainNumber{2}, 2}};
    header.recorded_at = events::Timestamp{1'700'000'000'000 + 1000 * id.seq()};
    header.business_day = events::Day{20'000};
    if (id.seq() % 3 == 0) {
      header.stream = {events::StreamKind::dossier, {id.chain(), id.seq() - 1}};
      return events::make_event(header, events::RegistrationAccepted{});
    }
    header.stream = {events::StreamKind::subject, id};
    events::PersonIntroduced person;
    person.private_digest = events::sha256(events::bytes_of(to_string(id)));
    return events::make_event(header, person);
  }

  events::LogId log_;
  events::Epoch epoch_;
  events::Frontier frontier_;
  std::map<events::ChainNumber, events::ChainHead> heads_;
};

inline events::UnitId nth_commune(std::uint64_t number) {
  return events::UnitId{{events::ChainNumber{2}, 100 + number}};
}

inline events::ScopeSet scope_of(std::initializer_list<events::UnitId> units) {
  events::ScopeSet scope;
  for (const events::UnitId unit : units) scope.insert(unit);
  return scope;
}

/// Every block that `reader` sees, from the start, as a session would read them.
inline std::vector<events::StoredBlock> read_all(const events::EventLog& log,
                                                 const events::ReaderScope& reader) {
  std::vector<events::StoredBlock> blocks;
  events::Position cursor;
  while (true) {
    const auto encoded = log.next_block(reader, cursor, &cursor);
    if (!encoded) {
      ADD_FAILURE() << encoded.error().message;
      return blocks;
    }
    if (!*encoded) break;
    auto block = events::decode_stored_block(**encoded);
    if (!block) {
      ADD_FAILURE() << block.error().message;
      return blocks;
    }
    EXPECT_EQ(cursor, block->last());
    blocks.push_back(std::move(*block));
  }
  EXPECT_EQ(cursor, log.head().position);
  return blocks;
}

/// Positions dense, chains without gap or repeat, roots and heads those of the events: what must
/// hold of every log at every moment.
inline void expect_whole(const events::EventLog& log) {
  events::Frontier frontier;
  std::map<events::ChainNumber, events::ChainHead> chains;
  for (const events::StoredBlock& block : read_all(log, {.whole_log = true, .units = {}})) {
    ASSERT_EQ(block.first.value, frontier.size() + 1);
    events::ChainHead& chain = chains[block.chain];
    ASSERT_EQ(block.first_seq, chain.seq + 1);
    if (chain.seq > 0) {
      ASSERT_EQ(block.previous, chain.hash);
    }
    chain = {block.last_seq(), block.previous};
    for (const events::BlockEntry& entry : block.entries) {
      chain.hash = events::chain_next(chain.hash, entry.canonical);
    }
    advance(frontier, block);
    ASSERT_EQ(block.root_after, frontier.root());
  }
  EXPECT_EQ(log.head().position.value, frontier.size());
  EXPECT_EQ(log.head().root, frontier.root());
  EXPECT_EQ(log.frontier(), frontier);
  for (const auto& [chain, head] : chains) {
    const auto stored = log.chain_head(chain);
    ASSERT_TRUE(stored) << stored.error().message;
    EXPECT_EQ(*stored, head);
  }
}

}  // namespace test_support
