#include "clients/web/bindings/page_files.h"

#include "clients/core/log/memory_rows.h"
#include "clients/core/log/row_keyring.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace clients::web {
namespace {

using events::Bytes;
using events::Digest;
using events::ErrorCode;

class PageFilesTest : public ::testing::Test {
 protected:
  PageFilesTest() {
    EXPECT_TRUE(keyring.load());
    unlock();
  }

  void unlock() {
    std::array<std::uint8_t, 32> master{};
    master.fill(7);
    EXPECT_TRUE(keyring.unlock(events::SecretKey{master}));
  }
  std::array<std::uint8_t, 32> draw() {
    std::array<std::uint8_t, 32> drawn{};
    drawn.fill(++draws);
    return drawn;
  }
  /// What the page does after each call.
  void write() {
    for (const RowChange& change : files.take_changes()) {
      if (change.kind == RowChange::Kind::put) {
        disk[change.key] = change.value;
      } else {
        std::erase_if(disk, [&](const auto& row) { return row.first.starts_with(change.key); });
      }
    }
  }
  Bytes pieces_of(const Digest& sha256) const {
    Bytes pieces;
    const std::string begin = "B" + std::string(sha256.bytes.begin(), sha256.bytes.end());
    for (const auto& [key, value] : disk) {
      if (key.starts_with(begin)) events::append_bytes(pieces, events::bytes_of(value));
    }
    return pieces;
  }
  events::Result<void> give(const Digest& sha256) {
    return files.give(events::to_hex(sha256.bytes), pieces_of(sha256));
  }

  MemoryRows rows;
  std::uint8_t draws = 0;
  RowKeyring keyring{rows, [this] { return draw(); }};
  PageFiles files{rows, keyring};
  std::map<std::string, std::string> disk;
  Bytes photo = Bytes(50'000, 7);
  Digest digest = events::sha256(photo);
};

TEST_F(PageFilesTest, GiveBackWhatTheyWereGivenOnceSomebodyHasBroughtIt) {
  ASSERT_TRUE(files.put(digest, photo));
  write();
  EXPECT_TRUE(*files.contains(digest));
  EXPECT_FALSE(files.is_at_hand(digest)) << "nothing of it stays in memory";
  ASSERT_TRUE(give(digest));
  EXPECT_FALSE(files.is_at_hand(digest)) << "nobody asked for it";
  files.ask_for(digest);
  EXPECT_EQ(files.asked(), std::vector{events::to_hex(digest.bytes)});
  ASSERT_TRUE(give(digest));
  EXPECT_TRUE(files.asked().empty());
  ASSERT_TRUE(files.is_at_hand(digest));
  EXPECT_EQ(**files.read(digest), photo);
  EXPECT_FALSE(files.is_at_hand(digest)) << "read once";
}

TEST_F(PageFilesTest, AFileThatIsNotHereNeedsNobody) {
  EXPECT_FALSE(*files.contains(digest));
  EXPECT_TRUE(files.is_at_hand(digest));
  EXPECT_FALSE(*files.read(digest));
  EXPECT_TRUE(files.erase(digest));
  EXPECT_TRUE(files.take_changes().empty());
}

TEST_F(PageFilesTest, AreKnownAfterARestart) {
  ASSERT_TRUE(files.put(digest, photo));
  PageFiles later(rows, keyring);
  EXPECT_TRUE(*later.contains(digest));
  EXPECT_EQ(*later.all(), std::set{digest});
}

TEST_F(PageFilesTest, FetchedPiecesGoOnAfterARestartAndAreCheckedWhole) {
  const events::ByteView whole(photo);
  ASSERT_TRUE(files.append(digest, 0, whole.first(20'000)));
  write();
  PageFiles later(rows, keyring);
  EXPECT_EQ(*later.begun(digest), 20'000U);
  EXPECT_FALSE(later.is_at_hand(digest)) << "its hash has to be known again";
  later.ask_for(digest);
  ASSERT_TRUE(later.give(events::to_hex(digest.bytes), pieces_of(digest)));
  ASSERT_TRUE(later.is_at_hand(digest));
  ASSERT_TRUE(later.append(digest, 20'000, whole.subspan(20'000)));
  ASSERT_TRUE(later.finish(digest));
  EXPECT_TRUE(*later.contains(digest));
  EXPECT_EQ(*later.begun(digest), 0U);
}

TEST_F(PageFilesTest, WhatWasFetchedWronglyIsDropped) {
  ASSERT_TRUE(files.append(digest, 0, Bytes(50'000, 8)));
  EXPECT_EQ(files.finish(digest).error().code, ErrorCode::storage_corrupt);
  write();
  EXPECT_TRUE(disk.empty());
  EXPECT_EQ(*files.begun(digest), 0U);
  EXPECT_TRUE(files.all()->empty());
}

TEST_F(PageFilesTest, PiecesThatAreGoneOrChangedAreNoFile) {
  ASSERT_TRUE(files.put(digest, photo));
  write();
  const auto kept = disk;
  disk.begin()->second[30'000] ^= 1;
  files.ask_for(digest);
  ASSERT_TRUE(give(digest));
  EXPECT_EQ(files.read(digest).error().code, ErrorCode::storage_corrupt);
  EXPECT_TRUE(*files.contains(digest)) << "whoever offers it notes that it is damaged";
  disk.begin()->second.resize(100);
  EXPECT_EQ(files.open(digest, pieces_of(digest)).error().code, ErrorCode::storage_corrupt);
  disk.clear();
  files.ask_for(digest);
  ASSERT_TRUE(give(digest));
  EXPECT_TRUE(files.is_at_hand(digest));
  EXPECT_FALSE(*files.contains(digest));
  EXPECT_FALSE(*files.read(digest));
}

// A piece belongs to its file and its place: a database that was meddled with shows no other photo.
TEST_F(PageFilesTest, APieceOfAnotherFileOpensNothing) {
  const Bytes other(50'000, 9);
  const Digest named = events::sha256(other);
  ASSERT_TRUE(files.put(digest, photo));
  ASSERT_TRUE(files.put(named, other));
  write();
  EXPECT_TRUE(files.open(named, pieces_of(named)));
  EXPECT_EQ(files.open(digest, pieces_of(named)).error().code, ErrorCode::storage_corrupt);
}

TEST_F(PageFilesTest, LockedTheyKeepAndShowNothing) {
  ASSERT_TRUE(files.put(digest, photo));
  write();
  for (const auto& [key, value] : disk) {
    EXPECT_EQ(value.find(std::string(16, '\7')), std::string::npos);
  }
  keyring.lock();
  files.forget();
  EXPECT_EQ(files.open(digest, pieces_of(digest)).error().code, ErrorCode::locked);
  EXPECT_EQ(files.put(digest, photo).error().code, ErrorCode::locked);
  EXPECT_TRUE(files.take_changes().empty());
  files.ask_for(digest);
  EXPECT_EQ(give(digest).error().code, ErrorCode::locked);
  unlock();
  ASSERT_TRUE(give(digest)) << "still asked for";
  EXPECT_TRUE(files.is_at_hand(digest));
}

// What flash memory keeps of erased photos stays closed.
TEST_F(PageFilesTest, TheirKeyGoesWithTheLast) {
  const Bytes other(3'000, 9);
  const Digest named = events::sha256(other);
  ASSERT_TRUE(files.put(digest, photo));
  ASSERT_TRUE(files.put(named, other));
  write();
  const Bytes before = pieces_of(named);
  ASSERT_TRUE(files.erase(digest));
  EXPECT_TRUE(files.open(named, before));
  ASSERT_TRUE(files.erase(named));
  write();
  EXPECT_TRUE(disk.empty());
  EXPECT_EQ(files.open(named, before).error().code, ErrorCode::storage_corrupt);
}

}  // namespace
}  // namespace clients::web
