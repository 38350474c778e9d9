#include "clients/device/keyring_file.h"

#include "tests/clients/cli/scratch_home.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <future>
#include <optional>

namespace clients_test {
namespace {

using clients::KeyringContent;
using clients::KeyringLock;
using events::ErrorCode;
using Use = KeyringLock::Use;
using std::chrono::milliseconds;

KeyringContent a_keyring() {
  KeyringContent content;
  content.master.assign(32, 5);
  content.failures = 2;
  content.next_number = 3;
  content.keys = {{1, events::UnitId{{events::ChainNumber{2}, 2}}, events::Bytes(40, 1)}};
  return content;
}

/// Takes the lock in another thread, as another program would: a lock of the file system belongs to
/// who opened the folder.
std::future<void> takes_lock(const std::filesystem::path& home, Use use) {
  return std::async(std::launch::async, [home, use] { const KeyringLock lock(home, use); });
}

bool is_done(const std::future<void>& waiting, milliseconds limit) {
  return waiting.wait_for(limit) == std::future_status::ready;
}

constexpr milliseconds long_enough{5'000};
constexpr milliseconds a_moment{150};

TEST(KeyringLock, GivesBackWhatWasWrittenToItsOwnerAlone) {
  const ScratchHome scratch;
  EXPECT_EQ(KeyringLock(scratch.path(), Use::read).read().error().code, ErrorCode::not_found);
  {
    const KeyringLock lock(scratch.path(), Use::write);
    ASSERT_TRUE(lock.write(a_keyring()));
    EXPECT_EQ(*lock.read(), a_keyring());
  }
  const events::Result<KeyringContent> content = KeyringLock(scratch.path(), Use::read).read();
  ASSERT_TRUE(content) << content.error().message;
  EXPECT_EQ(*content, a_keyring());
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(scratch.path() / "keyring").permissions(),
            perms::owner_read | perms::owner_write);
}

// The keys of a newer program are not damaged: whoever takes them for that would have the officer
// enrol again and lose every name.
TEST(KeyringLock, TellsANewerKeyringFromADamagedOne) {
  const ScratchHome scratch;
  const KeyringLock lock(scratch.path(), Use::write);
  KeyringContent newer = a_keyring();
  newer.version = KeyringContent::format + 1;
  ASSERT_TRUE(lock.write(newer));
  EXPECT_EQ(lock.read().error().code, ErrorCode::unsupported);
  ASSERT_TRUE(lock.write(a_keyring()));
  std::ofstream(scratch.path() / "keyring", std::ios::binary | std::ios::app) << 'x';
  EXPECT_EQ(lock.read().error().code, ErrorCode::storage_corrupt);
}

// Two programs that change the keyring at once: the second one would write over the key of the
// commune that the first one added.
TEST(KeyringLock, AWriterKeepsOutEverybodyUntilItIsDone) {
  const ScratchHome scratch;
  std::optional<KeyringLock> writer;
  writer.emplace(scratch.path(), Use::write);
  const std::future<void> reader = takes_lock(scratch.path(), Use::read);
  const std::future<void> second = takes_lock(scratch.path(), Use::write);
  EXPECT_FALSE(is_done(reader, a_moment));
  EXPECT_FALSE(is_done(second, milliseconds{0}));
  writer.reset();
  EXPECT_TRUE(is_done(reader, long_enough));
  EXPECT_TRUE(is_done(second, long_enough));
}

// Somebody who only looks at names must not wait for another who does.
TEST(KeyringLock, ReadersShareAndHoldUpAWriter) {
  const ScratchHome scratch;
  std::optional<KeyringLock> reader;
  reader.emplace(scratch.path(), Use::read);
  const std::future<void> second = takes_lock(scratch.path(), Use::read);
  EXPECT_TRUE(is_done(second, long_enough));
  const std::future<void> writer = takes_lock(scratch.path(), Use::write);
  EXPECT_FALSE(is_done(writer, a_moment));
  reader.reset();
  EXPECT_TRUE(is_done(writer, long_enough));
}

TEST(KeyringLock, NobodyWaitsWhereThereIsNoFolder) {
  const ScratchHome scratch;
  const KeyringLock first(scratch.home(), Use::write);
  const KeyringLock second(scratch.home(), Use::write);
  EXPECT_EQ(second.read().error().code, ErrorCode::not_found);
  EXPECT_FALSE(second.write(a_keyring()));
}

}  // namespace
}  // namespace clients_test
