#pragma once

#include "events/block.h"
#include "events/event.h"
#include "events/event_log.h"
#include "events/merkle.h"
#include "events/stored_event.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
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
class BlockMaker {
 public:
  explicit BlockMaker(events::LogId log = events::LogId{7}, events::Epoch epoch = events::Epoch{1})
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

inline events::UnitId commune(std::uint64_t number) {
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

/// What every EventLog must do.  `Maker` has `std::unique_ptr<EventLog> make(LogId, Epoch)`.
template <class Maker>
class EventLogContract : public testing::Test {
 protected:
  EventLogContract() : log(maker.make(events::LogId{7}, events::Epoch{1})) {}

  void append(const std::vector<events::StoredBlock>& blocks) {
    events::Frontier after = log->frontier();
    for (const events::StoredBlock& block : blocks) advance(after, block);
    const events::Result<void> appended = log->append(blocks, after);
    ASSERT_TRUE(appended) << appended.error().message;
  }

  /// Two communes, the reference scope, and a move between the communes.
  std::vector<events::StoredBlock> a_busy_day() {
    std::vector<events::StoredBlock> blocks;
    const auto push = [&](std::uint32_t chain, std::size_t count,
                          std::initializer_list<events::UnitId> units) {
      blocks.push_back(pushes.next(events::ChainNumber{chain}, count, scope_of(units)));
    };
    push(2, 3, {events::reference_scope});
    push(3, 5, {commune(1)});
    push(4, 1, {commune(2)});
    push(3, 2, {commune(1), commune(2)});
    push(3, 4, {commune(1)});
    push(2, 1, {events::reference_scope});
    push(4, 100, {commune(2)});
    return blocks;
  }

  Maker maker;
  std::unique_ptr<events::EventLog> log;
  BlockMaker pushes;
};

TYPED_TEST_SUITE_P(EventLogContract);

// A server that was just founded would not know what to tell its first device.
TYPED_TEST_P(EventLogContract, BeginsEmpty) {
  const events::LogHead head = this->log->head();
  EXPECT_EQ(head.log, events::LogId{7});
  EXPECT_EQ(head.epoch, events::Epoch{1});
  EXPECT_EQ(head.position, events::Position{0});
  EXPECT_EQ(head.root, events::empty_root());
  EXPECT_EQ(this->log->frontier().size(), 0U);

  events::Position scanned_to{99};
  const auto next =
      this->log->next_block({.whole_log = true, .units = {}}, events::Position{0}, &scanned_to);
  ASSERT_TRUE(next);
  EXPECT_FALSE(*next);
  EXPECT_EQ(scanned_to, events::Position{0});
  EXPECT_EQ(this->log->chain_head(events::ChainNumber{3})->seq, 0U);
}

// An event would be lost between two blocks, or stand in the log twice.
TYPED_TEST_P(EventLogContract, GivesBackEveryBlockInOrder) {
  const std::vector<events::StoredBlock> made = this->a_busy_day();
  this->append({made.begin(), made.begin() + 3});
  this->append({made.begin() + 3, made.end()});
  expect_whole(*this->log);

  const auto read = read_all(*this->log, {.whole_log = true, .units = {}});
  ASSERT_EQ(read.size(), made.size());
  for (std::size_t index = 0; index < made.size(); ++index) {
    EXPECT_EQ(events::encode_stored_block(read[index]), events::encode_stored_block(made[index]));
  }
}

// An auditor who asks for one event would be shown its neighbour.
TYPED_TEST_P(EventLogContract, FindsTheBlockOfEveryPosition) {
  const std::vector<events::StoredBlock> made = this->a_busy_day();
  this->append(made);
  for (const events::StoredBlock& block : made) {
    for (std::uint64_t at = block.first.value; at <= block.last().value; ++at) {
      SCOPED_TRACE(at);
      const auto found = this->log->block_at(events::Position{at});
      ASSERT_TRUE(found);
      ASSERT_TRUE(*found);
      ASSERT_EQ(**found, events::encode_stored_block(block));
    }
  }
  EXPECT_FALSE(*this->log->block_at(events::Position{0}));
  EXPECT_FALSE(*this->log->block_at(events::Position{made.back().last().value + 1}));
}

// A device that retries a push whose answer got lost would not get its first verdicts.
TYPED_TEST_P(EventLogContract, FindsTheBlockOfEveryEvent) {
  const std::vector<events::StoredBlock> made = this->a_busy_day();
  this->append(made);
  for (const events::StoredBlock& block : made) {
    for (std::uint64_t seq = block.first_seq; seq <= block.last_seq(); ++seq) {
      SCOPED_TRACE(to_string(events::EventId{block.chain, seq}));
      const auto found = this->log->block_of(block.chain, seq);
      ASSERT_TRUE(found);
      ASSERT_TRUE(*found);
      ASSERT_EQ(**found, events::encode_stored_block(block));
    }
  }
  EXPECT_FALSE(*this->log->block_of(events::ChainNumber{3}, 0));
  EXPECT_FALSE(*this->log->block_of(events::ChainNumber{3}, 12));
  EXPECT_FALSE(*this->log->block_of(events::ChainNumber{5}, 1));
}

// A commune would miss events of its own, see those of others, or see a move twice.
TYPED_TEST_P(EventLogContract, ShowsAReaderItsScopesOnce) {
  const std::vector<events::StoredBlock> made = this->a_busy_day();
  this->append(made);
  const std::vector<std::vector<events::UnitId>> readers = {
      {events::reference_scope},
      {events::reference_scope, commune(1)},
      {events::reference_scope, commune(2)},
      {events::reference_scope, commune(1), commune(2)},
      {commune(1), commune(2), commune(3)},
      {commune(3)},
      {},
  };
  for (const std::vector<events::UnitId>& units : readers) {
    SCOPED_TRACE(units.size());
    const events::ReaderScope reader{.whole_log = false, .units = units};
    std::vector<events::Position> expected;
    for (const events::StoredBlock& block : made) {
      if (reader.includes(block.scope)) expected.push_back(block.first);
    }
    std::vector<events::Position> seen;
    for (const events::StoredBlock& block : read_all(*this->log, reader)) {
      seen.push_back(block.first);
    }
    EXPECT_EQ(seen, expected);
  }
}

// A cursor inside a block, or beyond the head after a restore, would repeat or skip events.
TYPED_TEST_P(EventLogContract, ContinuesAfterAnyCursor) {
  const std::vector<events::StoredBlock> made = this->a_busy_day();
  this->append(made);
  const events::Position head = this->log->head().position;
  for (const bool whole_log : {true, false}) {
    const events::ReaderScope reader{whole_log, {events::reference_scope, commune(1)}};
    for (std::uint64_t after = 0; after <= head.value + 2; ++after) {
      SCOPED_TRACE(after);
      const events::StoredBlock* expected = nullptr;
      for (const events::StoredBlock& block : made) {
        if (block.first.value <= after || !reader.includes(block.scope)) continue;
        expected = &block;
        break;
      }
      events::Position scanned_to;
      const auto next = this->log->next_block(reader, events::Position{after}, &scanned_to);
      ASSERT_TRUE(next);
      ASSERT_EQ(next->has_value(), expected != nullptr);
      ASSERT_EQ(scanned_to, expected != nullptr ? expected->last() : head);
      if (expected != nullptr) {
        ASSERT_EQ(**next, events::encode_stored_block(*expected));
      }
    }
  }
}

// A device's next push would be refused as a fork, or a gap would pass unseen.
TYPED_TEST_P(EventLogContract, KnowsTheHeadOfEveryChain) {
  for (const events::StoredBlock& block : this->a_busy_day()) {
    const auto before = this->log->chain_head(block.chain);
    ASSERT_TRUE(before);
    EXPECT_EQ(before->seq + 1, block.first_seq);
    if (before->seq > 0) {
      EXPECT_EQ(before->hash, block.previous);
    }
    this->append({block});
    EXPECT_EQ(this->log->chain_head(block.chain)->seq, block.last_seq());
    EXPECT_EQ(this->log->head().root, block.root_after);
  }
}

// A cursor's fingerprint would not match, and a healthy device would be sent to heal the log.
TYPED_TEST_P(EventLogContract, GivesTheFingerprintOfBlockEndsOnly) {
  const std::vector<events::StoredBlock> made = this->a_busy_day();
  this->append(made);
  for (const events::StoredBlock& block : made) {
    const auto fingerprint = events::fingerprint_at(*this->log, block.last());
    ASSERT_TRUE(fingerprint);
    EXPECT_EQ(*fingerprint, events::fingerprint_of(block.root_after));
  }
  const auto inside = events::fingerprint_at(*this->log, events::Position{2});
  ASSERT_FALSE(inside);
  EXPECT_EQ(inside.error().code, events::ErrorCode::log_diverged);
}

REGISTER_TYPED_TEST_SUITE_P(EventLogContract, BeginsEmpty, GivesBackEveryBlockInOrder,
                            FindsTheBlockOfEveryPosition, FindsTheBlockOfEveryEvent,
                            ShowsAReaderItsScopesOnce, ContinuesAfterAnyCursor,
                            KnowsTheHeadOfEveryChain, GivesTheFingerprintOfBlockEndsOnly);

}  // namespace test_support
