#pragma once

#include "events/log/block.h"
#include "events/log/event_log.h"
#include "tests/support/block_builder.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <vector>

namespace test_support {

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
    push(3, 5, {nth_commune(1)});
    push(4, 1, {nth_commune(2)});
    push(3, 2, {nth_commune(1), nth_commune(2)});
    push(3, 4, {nth_commune(1)});
    push(2, 1, {events::reference_scope});
    push(4, 100, {nth_commune(2)});
    return blocks;
  }

  Maker maker;
  std::unique_ptr<events::EventLog> log;
  BlockBuilder pushes;
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
      {events::reference_scope, nth_commune(1)},
      {events::reference_scope, nth_commune(2)},
      {events::reference_scope, nth_commune(1), nth_commune(2)},
      {nth_commune(1), nth_commune(2), nth_commune(3)},
      {nth_commune(3)},
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
    const events::ReaderScope reader{whole_log, {events::reference_scope, nth_commune(1)}};
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

// A cursor's fingerprint would not match, and a healthy device would be sent to be repaired the
// log.
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

// A device that was shown everything would be told that something is kept from it, or the other way
// round.
TYPED_TEST_P(EventLogContract, SumsUpWhatEachUnitSees) {
  const std::vector<events::StoredBlock> made = this->a_busy_day();
  const std::size_t half = made.size() / 2;
  this->append({made.begin(), made.begin() + static_cast<std::ptrdiff_t>(half)});
  this->append({made.begin() + static_cast<std::ptrdiff_t>(half), made.end()});
  for (const events::UnitId unit :
       {events::reference_scope, nth_commune(1), nth_commune(2), nth_commune(9)}) {
    events::ScopeSum sum;
    EXPECT_EQ(*this->log->scope_sum_at(unit, events::Position{}), sum);
    for (const events::StoredBlock& block : made) {
      const bool is_seen = block.scope.contains(unit);
      if (is_seen) {
        sum.add(block.first, block.last(), events::fingerprint_of(block.root_after));
      }
      EXPECT_EQ(*this->log->scope_sum_at(unit, block.last()), sum) << block.first.value;
    }
  }
  const events::Position head = this->log->head().position;
  const events::ReaderScope both{false, {events::reference_scope, nth_commune(1)}};
  const events::ReaderSum first = *events::reader_sum_at(*this->log, both, head);
  EXPECT_NE(first, *events::reader_sum_at(*this->log, both, made.front().last()));
  EXPECT_EQ(events::reader_sum_at(*this->log, {true, {}}, head)->events, head.value);
}

REGISTER_TYPED_TEST_SUITE_P(EventLogContract, BeginsEmpty, GivesBackEveryBlockInOrder,
                            FindsTheBlockOfEveryPosition, FindsTheBlockOfEveryEvent,
                            ShowsAReaderItsScopesOnce, ContinuesAfterAnyCursor,
                            KnowsTheHeadOfEveryChain, GivesTheFingerprintOfBlockEndsOnly,
                            SumsUpWhatEachUnitSees);

}  // namespace test_support
