#include "server/bundle/bundle_service.h"

#include "tests/e2e/scratch_directory.h"
#include "tests/support/event_builders.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace server::test {
namespace {

namespace fs = std::filesystem;
using events::ErrorCode;
using events::Timestamp;

constexpr events::ChainNumber tablet{7};

struct BundleDesk : testing::Test {
  e2e::ScratchDirectory scratch;
  SealingKeys keys = *SealingKeys::open(scratch / "sealing.keys", false);
  BundleService service{{scratch / "bundles", keys, test_support::a_key(1)}};

  BundleDesk() { fs::create_directories(scratch / "bundles"); }

  /// A bundle of so many bytes of the tablet, which somebody changed on the way.
  void keep(std::uint64_t received, std::size_t size) {
    const auto bundle = service.spool();
    ASSERT_TRUE(bundle) << bundle.error().message;
    events::Bytes bytes(size);
    for (std::size_t index = 0; index < size; ++index) {
      bytes[index] = static_cast<std::uint8_t>(index / 256 + index);
    }
    ASSERT_TRUE((*bundle)->append(bytes));
    events::bundle::BundleHeader header;
    header.chain = tablet;
    header.created = Timestamp{received - 1'000};
    service.keep_evidence(**bundle, header, {ErrorCode::bad_signature, "a changed block"},
                          Timestamp{received});
  }
  std::set<std::string> evidence() const {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(scratch / "bundles" / "refused")) {
      names.insert(entry.path().filename().string());
    }
    return names;
  }
  std::string content(const std::string& name) const {
    std::ifstream file(scratch / "bundles" / "refused" / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
};

// Each bundle is a log of months to be judged; many at a time would starve those on the line.
TEST_F(BundleDesk, HasFourPlacesAndFreesThemAgain) {
  std::vector<std::unique_ptr<BundleService::Place>> places;
  for (int place = 0; place < bundles_at_once_max; ++place) {
    places.push_back(service.enter());
    EXPECT_NE(places.back(), nullptr);
  }
  for (int attempt = 0; attempt < 3; ++attempt) EXPECT_EQ(service.enter(), nullptr);
  places.pop_back();
  places.push_back(service.enter());
  EXPECT_NE(places.back(), nullptr) << "who was turned away takes no place";
  EXPECT_EQ(service.enter(), nullptr);
}

TEST_F(BundleDesk, SpoolsInItsOwnFolderAndSaysWhenItsDiskIsGone) {
  ASSERT_TRUE(service.spool());
  EXPECT_TRUE(fs::is_empty(scratch / "bundles" / "spool")) << "nothing is left of it";
  EXPECT_TRUE(service.check_room());
  const BundleService homeless({scratch / "gone", keys, test_support::a_key(1)});
  const events::Result<void> room = homeless.check_room();
  ASSERT_FALSE(room);
  EXPECT_EQ(room.error().code, ErrorCode::storage_failed);
}

// A bundle that was sealed before the key was replaced is still on the road.
TEST_F(BundleDesk, OpensWhatIsSealedToAnyOfItsKeys) {
  const events::SealingKey old_key = service.published_key();
  SealingKeys replaced = *SealingKeys::open(scratch / "sealing.keys", true);
  const BundleService newer({scratch / "bundles", replaced, test_support::a_key(1)});
  EXPECT_NE(newer.published_key(), old_key);
  for (const events::SealingKey& key : {old_key, newer.published_key()}) {
    const events::SealingSecret* const secret = newer.secret(events::sealing_key_id(key));
    ASSERT_NE(secret, nullptr);
    EXPECT_EQ(events::sealing_key_of(*secret), key);
  }
  EXPECT_EQ(service.secret(events::sealing_key_id(newer.published_key())), nullptr);
  EXPECT_EQ(newer.server_key().public_key(), test_support::a_key(1).public_key());
  EXPECT_NE(BundleService::draw_secret()->bytes, BundleService::draw_secret()->bytes);
}

// Somebody on the road changes what officers wrote: an inquiry needs what came and when.
TEST_F(BundleDesk, KeepsABundleThatWasTamperedWithAndSaysWhy) {
  constexpr std::size_t size = 200'000;
  keep(test_support::a_moment.value, size);
  const std::string name = std::to_string(test_support::a_moment.value) + "-7";
  EXPECT_EQ(evidence(), (std::set<std::string>{name + ".csb", name + ".txt"}));
  const std::string kept = content(name + ".csb");
  ASSERT_EQ(kept.size(), size);
  for (const std::size_t index : {std::size_t{0}, std::size_t{65'536}, size - 1}) {
    EXPECT_EQ(static_cast<std::uint8_t>(kept[index]),
              static_cast<std::uint8_t>(index / 256 + index));
  }
  const std::string text = content(name + ".txt");
  for (const std::string& line : {"received " + events::to_iso(test_support::a_moment) + "\n",
                                  std::string("chain 7\n"), "bytes " + std::to_string(size) + "\n",
                                  std::string("refused bad_signature: a changed block\n")}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << text;
  }
}

// Whoever sends changed bundles all day must not fill the disk of the log.
TEST_F(BundleDesk, KeepsTheBeginningOfTheNewestBundlesOnly) {
  const std::uint64_t begin = test_support::a_moment.value;
  for (std::uint64_t count = 0; count < refused_bundles_max + 2; ++count) keep(begin + count, 10);
  const std::set<std::string> names = evidence();
  EXPECT_EQ(names.size(), 2 * refused_bundles_max);
  for (const std::uint64_t gone : {begin, begin + 1}) {
    EXPECT_FALSE(names.contains(std::to_string(gone) + "-7.csb"));
    EXPECT_FALSE(names.contains(std::to_string(gone) + "-7.txt"));
  }
  EXPECT_TRUE(names.contains(std::to_string(begin + refused_bundles_max + 1) + "-7.csb"));

  keep(begin + 1'000, refused_bytes_max + 1'000);
  EXPECT_EQ(content(std::to_string(begin + 1'000) + "-7.csb").size(), refused_bytes_max);
}

}  // namespace
}  // namespace server::test
