#include "server/files/file_wants.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace server::test {
namespace {

using events::FilePart;
using events::protocol::FileName;

constexpr events::ChainNumber phone{5};
constexpr events::ChainNumber tablet{6};
const events::UnitId na_tau{events::EventId{events::ChainNumber{2}, 7}};
const events::UnitId na_nhan{events::EventId{events::ChainNumber{2}, 8}};

FileFacts a_file(events::ChainNumber maker, std::uint64_t seq, events::UnitId commune,
                 bool is_stored) {
  FileFacts file;
  file.name = {{maker, seq}, FilePart::original};
  file.scope = commune;
  file.is_stored = is_stored;
  return file;
}

ReaderRights clerk_of(events::UnitId commune) {
  ReaderRights rights;
  rights.scope.units = {commune};
  rights.private_communes = {commune};
  return rights;
}

// A disk that is lost loses the photos of years.  Each device is asked for its own first, a reader
// for those of its commune, and whoever asked for a photo that is on its way does not make the
// server forget one that only a phone still has.
TEST(FileWants, AsksEachDeviceForWhatItMayHave) {
  FileWants wants;
  constexpr std::uint64_t lost = FileWants::asked_max + 1'000;
  for (std::uint64_t seq = 1; seq <= lost; ++seq) wants.note(a_file(phone, seq, na_tau, true));
  for (std::uint64_t seq = 1; seq <= 3; ++seq) wants.note(a_file(tablet, seq, na_nhan, true));
  for (std::uint64_t seq = 1; seq <= FileWants::asked_max + 5; ++seq) {
    wants.note(a_file(tablet, 10 + seq, na_nhan, false));
  }
  EXPECT_EQ(wants.lost(), lost + 3);

  const std::vector<FileName> own = wants.of(phone, ReaderRights{});
  EXPECT_EQ(own.size(), FileWants::asked_at_once_max);
  EXPECT_TRUE(std::ranges::all_of(
      own, [](const FileName& file) { return file.attached.chain() == phone; }));
  EXPECT_TRUE(wants.of(events::ChainNumber{9}, ReaderRights{}).empty());
  const std::vector<FileName> read = wants.of(events::ChainNumber{9}, clerk_of(na_nhan));
  EXPECT_EQ(read.size(), FileWants::asked_at_once_max);
  EXPECT_TRUE(std::ranges::all_of(
      read, [](const FileName& file) { return file.attached.chain() == tablet; }));

  for (std::uint64_t seq = 1; seq <= lost; ++seq) {
    wants.forget({{phone, seq}, FilePart::original});
  }
  EXPECT_EQ(wants.lost(), 3U);
  EXPECT_TRUE(wants.of(phone, clerk_of(na_tau)).empty());
}

// Its own come first; what it may read beside them fills the rest, and nothing is named twice.
TEST(FileWants, NamesTheOwnFilesFirstAndEachOnce) {
  FileWants wants;
  for (std::uint64_t seq = 1; seq <= 40; ++seq) {
    wants.note(a_file(phone, seq, na_tau, true));
    wants.note(a_file(tablet, seq, na_tau, true));
  }
  wants.note(a_file(tablet, 1, na_tau, true));
  EXPECT_EQ(wants.lost(), 80U);
  const std::vector<FileName> asked = wants.of(tablet, clerk_of(na_tau));
  ASSERT_EQ(asked.size(), FileWants::asked_at_once_max);
  const auto is_own = [](const FileName& file) { return file.attached.chain() == tablet; };
  EXPECT_EQ(std::ranges::count_if(asked, is_own), 40);
  EXPECT_TRUE(std::ranges::is_partitioned(asked, is_own));
}

// A file that was lost and that somebody asked for counts as what the log says now.
TEST(FileWants, KnowsAFileAsItWasNotedLast) {
  FileWants wants;
  wants.note(a_file(phone, 1, na_tau, false));
  EXPECT_EQ(wants.lost(), 0U);
  wants.note(a_file(phone, 1, na_nhan, true));
  EXPECT_EQ(wants.lost(), 1U);
  EXPECT_TRUE(wants.of(tablet, clerk_of(na_tau)).empty());
  EXPECT_EQ(wants.of(tablet, clerk_of(na_nhan)).size(), 1U);
}

}  // namespace
}  // namespace server::test
