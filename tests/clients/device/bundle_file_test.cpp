#include "clients/device/bundle_file.h"

#include "tests/clients/cli/scratch_home.h"

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>

namespace clients_test {
namespace {

using clients::BundleFile;
using clients::Keyring;
using clients::LockKind;
using clients::LockSecret;
using events::Bytes;
using events::ErrorCode;

std::string next_of(BundleFile& file, std::size_t size) {
  Bytes target(size);
  const events::Result<std::size_t> filled = file.read(target);
  if (!filled) return filled.error().message;
  return {target.begin(), target.begin() + static_cast<std::ptrdiff_t>(*filled)};
}

// The stick is in the other machine, or the folder on it was named: the courier is told which file
// is missing, in her own language.
TEST(BundleFile, SaysWhichFileIsNotThere) {
  const ScratchHome scratch;
  const auto missing = scratch.path() / "na-tau.bundle";
  for (const auto& path : {missing, scratch.path()}) {
    const auto opened = BundleFile::open(path);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, ErrorCode::not_found);
    EXPECT_NE(opened.error().message.find("Không có tệp " + path.string()), std::string::npos)
        << opened.error().message;
  }
}

// A bundle is read twice: to check it, and to take it in.
TEST(BundleFile, IsReadToItsEndAndFromTheBeginningAgain) {
  const ScratchHome scratch;
  const auto path = scratch.path() / "na-tau.bundle";
  std::ofstream(path, std::ios::binary) << std::string_view("0123456\0\n9", 10);
  auto file = std::move(*BundleFile::open(path));
  EXPECT_EQ(file->size(), 10U);
  EXPECT_EQ(next_of(*file, 4), "0123");
  EXPECT_EQ(next_of(*file, 4), std::string_view("456\0", 4));
  EXPECT_EQ(next_of(*file, 4), "\n9") << "less only at the end";
  EXPECT_EQ(next_of(*file, 4), "");
  ASSERT_TRUE(file->rewind());
  EXPECT_EQ(next_of(*file, 10), std::string_view("0123456\0\n9", 10));
  ASSERT_TRUE(file->rewind());
  EXPECT_EQ(next_of(*file, 2), "01");
}

TEST(BundleFile, AnEmptyFileIsReadAsNothing) {
  const ScratchHome scratch;
  const auto path = scratch.path() / "empty.bundle";
  { const std::ofstream made(path); }
  auto file = std::move(*BundleFile::open(path));
  EXPECT_EQ(file->size(), 0U);
  EXPECT_EQ(next_of(*file, 4), "");
  ASSERT_TRUE(file->rewind());
  EXPECT_EQ(next_of(*file, 4), "");
}

// A second secret would shut the device out of every answer that was sealed to the first.
TEST(DeviceSealingSecret, IsDrawnOnceForEachDevice) {
  const ScratchHome scratch;
  const ScratchHome elsewhere;
  Keyring keyring = std::move(*Keyring::open(scratch.path()));
  const auto drawn = clients::device_sealing_secret(keyring);
  ASSERT_TRUE(drawn);
  EXPECT_NE(drawn->bytes, events::SealingSecret{}.bytes);
  EXPECT_EQ(clients::device_sealing_secret(keyring)->bytes, drawn->bytes);
  Keyring later = std::move(*Keyring::open(scratch.path()));
  EXPECT_EQ(clients::device_sealing_secret(later)->bytes, drawn->bytes);
  Keyring other = std::move(*Keyring::open(elsewhere.path()));
  EXPECT_NE(clients::device_sealing_secret(other)->bytes, drawn->bytes);
}

TEST(DeviceSealingSecret, IsLockedWithTheDevice) {
  const ScratchHome scratch;
  Keyring keyring = std::move(*Keyring::open(scratch.path()));
  const auto drawn = clients::device_sealing_secret(keyring);
  const Bytes pin{'1', '3', '5', '7', '9', '1'};
  ASSERT_TRUE(keyring.set_lock(LockSecret(LockKind::pin, pin)));
  Keyring locked = std::move(*Keyring::open(scratch.path()));
  EXPECT_EQ(clients::device_sealing_secret(locked).error().code, ErrorCode::locked);
  ASSERT_TRUE(locked.unlock(LockSecret(LockKind::pin, pin), events::Timestamp{1}));
  EXPECT_EQ(clients::device_sealing_secret(locked)->bytes, drawn->bytes);
}

}  // namespace
}  // namespace clients_test
