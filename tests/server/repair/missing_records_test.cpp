#include "server/repair/missing_records.h"

#include "tests/server/commit/pipeline_fixture.h"

#include <gtest/gtest.h>

#include <vector>

namespace server::test {
namespace {

using events::ErrorCode;
using events::Position;
using events::PrivateRecord;
using events::Result;

PrivateRecord a_record(std::uint8_t salt) {
  return test_support::a_private_record(test_support::a_person_record(), salt);
}

/// A log with people in it, and the store of a server that was restored, which lacks some of them.
struct LogWithPeople : testing::Test {
  FoundedLog founded;
  events::MemoryPrivateStore restored;

  /// A person in the log, with the record of that salt.  The block that names the record.
  events::StoredBlock introduce(std::uint8_t salt) {
    events::PersonIntroduced person;
    person.private_digest = a_record(salt).digest();
    founded.admin.create(person, founded.administrator, founded.registrar);
    ack_of(founded.commit(founded.admin.sign(), founded.admin, {a_record(salt)}));
    return *events::decode_stored_block(**founded.log.block_at(founded.log.head().position));
  }
  MissingRecords find(Position above) const {
    auto found = MissingRecords::find(founded.log, restored, above);
    EXPECT_TRUE(found) << found.error().message;
    return std::move(*found);
  }
};

// After a restart the server still asks for the names that nobody has given.
TEST_F(LogWithPeople, FindsWhatTheLogNamesAboveTheBackupAndTheStoreLacks) {
  introduce(1);
  const Position backup = founded.log.head().position;
  introduce(2);
  introduce(3);
  ASSERT_TRUE(restored.put(std::vector{a_record(2)}));
  const MissingRecords missing = find(backup);
  EXPECT_EQ(missing.size(), 1U);
  EXPECT_EQ(missing.wanted(std::vector{a_record(1), a_record(2), a_record(3)}),
            std::vector{a_record(3)});
  EXPECT_EQ(find(founded.log.head().position).size(), 0U);
  EXPECT_EQ(find(Position{}).size(), 3U) << "the founder's, the first and the third";
}

TEST_F(LogWithPeople, NotesWhatBlocksNameThatCameBack) {
  const events::StoredBlock blocks[] = {introduce(1), introduce(2)};
  ASSERT_TRUE(restored.put(std::vector{a_record(2)}));
  MissingRecords missing = find(founded.log.head().position);
  ASSERT_TRUE(missing.note(blocks));
  ASSERT_TRUE(missing.note(blocks)) << "a block may come twice";
  EXPECT_EQ(missing.size(), 1U);
  ASSERT_TRUE(missing.note({}));
  EXPECT_EQ(missing.size(), 1U);
}

// Whatever else a device sends would stay on the disk, and no event would ever name it.
TEST_F(LogWithPeople, WantsWhatIsMissingAndNothingElseUntilItIsStored) {
  introduce(1);
  introduce(2);
  MissingRecords missing = find(Position{4});
  EXPECT_TRUE(missing.wanted({}).empty());
  const std::vector given{a_record(9), a_record(2)};
  EXPECT_EQ(missing.wanted(given), std::vector{a_record(2)});
  EXPECT_EQ(missing.size(), 2U) << "wanted is not stored";
  missing.forget(given);
  EXPECT_EQ(missing.size(), 1U);
  EXPECT_TRUE(missing.wanted(given).empty());
  EXPECT_EQ(missing.wanted(std::vector{a_record(1)}).size(), 1U);
}

/// A store of records that cannot be read.
class BrokenPrivateStore final : public events::PrivateStore {
 public:
  Result<void> put(std::span<const PrivateRecord> /*records*/) override { return broken(); }
  Result<std::optional<PrivateRecord>> get(const events::Digest& /*digest*/) const override {
    return broken();
  }
  Result<bool> contains(const events::Digest& /*digest*/) const override { return broken(); }

 private:
  static events::Error broken() { return {ErrorCode::storage_failed, "the disk does not answer"}; }
};

TEST_F(LogWithPeople, SaysWhenTheStoreCannotBeAsked) {
  const events::StoredBlock block = introduce(1);
  const BrokenPrivateStore broken;
  const auto found = MissingRecords::find(founded.log, broken, Position{4});
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::storage_failed);
  auto above = MissingRecords::find(founded.log, broken, founded.log.head().position);
  ASSERT_TRUE(above) << "there is nothing to ask about";
  const Result<void> noted = above->note({&block, 1});
  ASSERT_FALSE(noted);
  EXPECT_EQ(noted.error().code, ErrorCode::storage_failed);
}

}  // namespace
}  // namespace server::test
