#include "server/commit/named_records.h"

#include "tests/support/event_builders.h"

#include <gtest/gtest.h>

#include <vector>

namespace server::test {
namespace {

events::PrivateRecord a_record(std::uint8_t salt) {
  return test_support::a_private_record(test_support::a_person_record(), salt);
}

/// A run whose events name `named`, and which brings `brought`.
PushedRun a_run(const std::vector<events::PrivateRecord>& named,
                const std::vector<events::PrivateRecord>& brought) {
  PushedRun run;
  for (const events::PrivateRecord& record : named) {
    events::PersonIntroduced person;
    person.private_digest = record.digest();
    run.events.push_back(test_support::an_event(person, run.events.size() + 1));
  }
  run.records = brought;
  return run;
}

// Whoever sends names that no event speaks of would fill the disk, and no erasure would find them.
TEST(NamedRecords, KeepsWhatEventsNameAndNothingElse) {
  const events::MemoryPrivateStore store;
  NamedRecords records(store);
  records.take(a_run({a_record(1)}, {a_record(1), a_record(2), a_record(1)}), 0);
  ASSERT_EQ(records.records().size(), 1U);
  EXPECT_EQ(records.records().front(), a_record(1));
  EXPECT_TRUE(*records.contains(a_record(1).digest()));
  EXPECT_FALSE(*records.contains(a_record(2).digest()));
}

// A device pushes events again that the log has, with the names that the server lost.
TEST(NamedRecords, OfEventsInTheLogItKeepsWhatTheStoreLost) {
  events::MemoryPrivateStore store;
  ASSERT_TRUE(store.put(std::vector{a_record(1)}));
  NamedRecords records(store);
  records.take(
      a_run({a_record(1), a_record(2), a_record(3)}, {a_record(1), a_record(2), a_record(3)}), 2);
  ASSERT_EQ(records.records().size(), 2U);
  EXPECT_EQ(records.records()[0], a_record(2));
  EXPECT_EQ(records.records()[1], a_record(3)) << "its event is not in the log yet";
}

TEST(NamedRecords, LooksLikeTheStoreWithThemInIt) {
  events::MemoryPrivateStore store;
  ASSERT_TRUE(store.put(std::vector{a_record(1)}));
  NamedRecords records(store);
  ASSERT_TRUE(records.put(std::vector{a_record(2), a_record(2)}));
  EXPECT_EQ(records.records().size(), 1U);
  EXPECT_EQ(*records.get(a_record(1).digest()), a_record(1));
  EXPECT_EQ(*records.get(a_record(2).digest()), a_record(2));
  EXPECT_FALSE(records.get(a_record(3).digest())->has_value());
  EXPECT_FALSE(*store.contains(a_record(2).digest())) << "the store itself is not changed";
}

}  // namespace
}  // namespace server::test
