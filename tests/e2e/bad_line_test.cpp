#include "tests/e2e/commune_setup.h"
#include "tests/e2e/scratch_directory.h"
#include "tests/e2e/stored_log.h"
#include "tools/link/relay_thread.h"

#include <gtest/gtest.h>

#include <string>

namespace e2e {
namespace {

constexpr const char* families[] = {"Lò", "Quàng", "Vàng", "Giàng", "Tòng", "Cà"};
constexpr const char* given_names[] = {"Mai", "Ánh", "Hoa", "Xuân", "Pâng"};
constexpr int people = 6 * 5;
constexpr int attempts_max = 40;

// A hamlet where the line breaks every few seconds: each try must bring something over, nothing
// may be lost, and nothing may count twice.
TEST(BadLineSync, BringsADaysWorkOverPieceByPiece) {
  const ScratchDirectory scratch;
  CommuneSetup setup(scratch / "");
  ASSERT_NO_FATAL_FAILURE(setup.run());
  for (const char* family : families) {
    for (const char* given : given_names) {
      setup.commune().record({"register", "--consent", "assess", "--confirmed-by",
                              "subject_present", "--actor", setup.officer("proxy_entrant"),
                              "--name", std::string(family) + " Thị " + given, "--birth", "1990",
                              "--gender", "female", "--hamlet", "Bản Nà Tấu", "--cycle", "2026",
                              "--group", "farmer_rural"});
    }
  }
  ASSERT_FALSE(testing::Test::HasFailure());

  link_emulator::Profile profile;
  profile.delay = std::chrono::milliseconds(5);
  profile.jitter = std::chrono::milliseconds(20);
  profile.cut_bytes = 2'000;
  profile.seed = 11;
  link_emulator::RelayThread line(setup.server().port(), profile);
  bool synced = false;
  for (int attempt = 0; attempt < attempts_max && !synced; ++attempt) {
    synced = setup.commune().run({"sync", "--server", line.url()}).exit_code() == 0;
  }
  EXPECT_TRUE(synced);
  EXPECT_GE(line.carried().cuts, 2U) << "a line that holds proves nothing";
  const auto status = setup.commune().json({"status"}).as_object();
  EXPECT_EQ(status.at("own_events").to_number<int>(), 3 * people);
  for (const char* none : {"device_only", "waiting", "refused"}) {
    EXPECT_EQ(status.at(none).to_number<int>(), 0) << none;
  }
  EXPECT_EQ(setup.server().stop(), (Ending{0, 0})) << setup.server().errors();
  const StoredLog log = StoredLog::read(
      setup.server().data(),
      events::ChainNumber{static_cast<std::uint32_t>(status.at("chain").to_number<int>())});
  EXPECT_EQ(log.of_device.size(), 3U * people);
  expect_each_once(log);
  expect_audited(setup.server().data());
}

}  // namespace
}  // namespace e2e
