#include "clients/device/sealed_file.h"

#include "tests/clients/cli/scratch_home.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace clients_test {
namespace {

using clients::Keyring;
using clients::LockKind;
using clients::LockSecret;
using clients::SealedFile;
using events::Bytes;
using events::ErrorCode;
namespace fs = std::filesystem;

/// A home with a keyring, and a file of evidence in it.
struct SealedScene {
  ScratchHome scratch;
  Keyring keyring{std::move(*Keyring::open(scratch.path()))};
  fs::path path = scratch.path() / "photo";
  events::Digest digest = events::sha256(events::bytes_of("photo"));

  SealedFile opened() { return {keyring, path, digest}; }
  std::string on_disk() const {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void put_on_disk(const std::string& bytes) const {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
  }
};

std::string text_of(const events::Result<std::optional<Bytes>>& content) {
  if (!content) return content.error().message;
  return *content ? std::string((*content)->begin(), (*content)->end()) : "nothing";
}

// A photo comes over a village line in pieces, and some of them after a restart.
TEST(SealedFile, GrowsPieceByPieceAndGoesOnAfterAReopening) {
  SealedScene scene;
  SealedFile file = scene.opened();
  EXPECT_EQ(*file.size(), 0U);
  EXPECT_EQ(text_of(file.read()), "nothing");
  ASSERT_TRUE(file.append(0, events::bytes_of("chứng ")));
  ASSERT_TRUE(file.append(static_cast<std::uint32_t>(std::string_view("chứng ").size()),
                          events::bytes_of("nhận")));
  EXPECT_EQ(text_of(file.read()), "chứng nhận");

  SealedFile later = scene.opened();
  const auto size = static_cast<std::uint32_t>(std::string_view("chứng nhận").size());
  ASSERT_EQ(*later.size(), size);
  ASSERT_TRUE(later.append(size, events::bytes_of(", 2025")));
  EXPECT_EQ(*later.size(), size + 6U);
  EXPECT_EQ(text_of(later.read()), "chứng nhận, 2025");
  EXPECT_EQ(scene.on_disk().find("2025"), std::string::npos);
  EXPECT_EQ(fs::status(scene.path).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

// A power cut in a piece: behind a shorter one that takes its place its rest would be garbage, and
// the photo were lost for good.
TEST(SealedFile, ACutPieceDoesNotCountAndNothingOfItStays) {
  SealedScene scene;
  SealedFile file = scene.opened();
  ASSERT_TRUE(file.append(0, events::bytes_of("whole")));
  const std::size_t whole = scene.on_disk().size();
  ASSERT_TRUE(file.append(5, events::bytes_of(std::string(500, 'x'))));
  const std::string both = scene.on_disk();
  std::vector<std::string> cuts;
  for (const std::size_t end : {whole + 1, whole + 8, whole + 20, both.size() - 1}) {
    cuts.push_back(both.substr(0, end));
  }
  // The file had its new length already, and nothing else.
  cuts.push_back(both.substr(0, whole) + std::string(both.size() - whole, '\0'));
  cuts.push_back(both.substr(0, whole + 8) + std::string(both.size() - whole - 9, '\0'));
  // Its end, behind the shorter piece that comes in its place, looks like a piece.
  const std::string looks_like_one("\3\0\0\0\2\0\0\0xx", 10);
  cuts.push_back(both.substr(0, whole) + std::string(whole - 4, 'x') + looks_like_one);
  for (const std::string& left : cuts) {
    SCOPED_TRACE(left.size());
    scene.put_on_disk(left);
    SealedFile cut = scene.opened();
    EXPECT_EQ(*cut.size(), 5U);
    EXPECT_EQ(text_of(cut.read()), "whole");
    ASSERT_TRUE(cut.append(5, events::bytes_of("!")));
    EXPECT_EQ(text_of(scene.opened().read()), "whole!");
    EXPECT_EQ(*scene.opened().size(), 6U);
  }
}

// Who has the memory card must not make one photo of two, nor turn the pages around.
TEST(SealedFile, APieceOpensOnlyInItsOwnPlaceOfItsOwnFile) {
  SealedScene scene;
  SealedFile file = scene.opened();
  ASSERT_TRUE(file.append(0, events::bytes_of("page 1")));
  const std::size_t first = scene.on_disk().size();
  ASSERT_TRUE(file.append(6, events::bytes_of("page 2")));
  const std::string both = scene.on_disk();
  scene.put_on_disk(both.substr(first) + both.substr(0, first));
  EXPECT_EQ(scene.opened().read().error().code, ErrorCode::storage_corrupt);
  scene.put_on_disk(both);
  EXPECT_EQ(text_of(scene.opened().read()), "page 1page 2");
  const SealedFile other(scene.keyring, scene.path, events::sha256(events::bytes_of("another")));
  EXPECT_EQ(other.read().error().code, ErrorCode::storage_corrupt);
}

// A locked device neither shows nor takes photos, and what is there is there after the PIN.
TEST(SealedFile, WhileLockedItIsAsItWas) {
  SealedScene scene;
  ASSERT_TRUE(scene.opened().append(0, events::bytes_of("paper")));
  const Bytes pin{'1', '3', '5', '7', '9', '1'};
  ASSERT_TRUE(scene.keyring.set_lock(LockSecret(LockKind::pin, pin)));
  const std::string before = scene.on_disk();
  Keyring locked = std::move(*Keyring::open(scene.scratch.path()));
  SealedFile file(locked, scene.path, scene.digest);
  EXPECT_EQ(file.read().error().code, ErrorCode::locked);
  EXPECT_EQ(file.append(5, events::bytes_of("x")).error().code, ErrorCode::locked);
  EXPECT_EQ(*file.size(), 5U) << "how much is to come can be asked for";
  EXPECT_EQ(scene.on_disk(), before);
  ASSERT_TRUE(locked.unlock(LockSecret(LockKind::pin, pin), events::Timestamp{1}));
  EXPECT_EQ(text_of(file.read()), "paper");
}

// A memory card that was pulled out and put back: what is not on it must not count as kept.
TEST(SealedFile, AfterAnErrorItLooksAtTheDiskAgain) {
  SealedScene scene;
  scene.path = scene.scratch.path() / "card" / "photo";
  SealedFile file = scene.opened();
  EXPECT_EQ(file.append(0, events::bytes_of("paper")).error().code, ErrorCode::device_storage);
  EXPECT_EQ(*file.size(), 0U);
  fs::create_directory(scene.path.parent_path());
  ASSERT_TRUE(file.append(0, events::bytes_of("paper")));
  fs::remove_all(scene.path.parent_path());
  EXPECT_EQ(file.append(5, events::bytes_of("!")).error().code, ErrorCode::device_storage);
  EXPECT_EQ(*file.size(), 0U) << "the whole file is gone";
}

}  // namespace
}  // namespace clients_test
