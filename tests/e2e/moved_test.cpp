#include "tests/e2e/commune_setup.h"
#include "tests/e2e/scratch_directory.h"
#include "tests/e2e/stored_log.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <gtest/gtest.h>

#include <filesystem>

namespace e2e {
namespace {

namespace json = boost::json;

// Case 15.  The province gets a new machine; nobody can visit three thousand hamlets to type its
// address.
TEST(MovedLog, DevicesFollowTheLogToItsNewMachineWithTheirCursors) {
  const ScratchDirectory scratch;
  CommuneSetup setup(scratch / "");
  setup.run();
  ASSERT_FALSE(HasFailure());
  const auto register_citizen = [&](const char* name) {
    setup.commune().record({"register", "--consent", "assess", "--confirmed-by", "subject_present",
                            "--actor", setup.officer("proxy_entrant"), "--name", name, "--birth",
                            "1990", "--gender", "female", "--hamlet", "Bản Nà Tấu", "--cycle",
                            "2026", "--group", "farmer_rural"});
  };
  register_citizen("Lò Thị Ánh");
  setup.commune().json({"sync"});
  ASSERT_EQ(setup.server().stop(), (Ending{0, 0})) << setup.server().errors();

  std::filesystem::copy(setup.server().data(), scratch / "new",
                        std::filesystem::copy_options::recursive);
  ServerChild machine(scratch / "new");
  ASSERT_TRUE(machine.listens()) << machine.errors();
  ServerChild old(setup.server().data(), "", {"--moved-to", machine.url()});
  ASSERT_TRUE(old.listens()) << old.errors();

  register_citizen("Quàng Văn Mai");
  const json::value followed = setup.commune().json({"sync", "--server", old.url()});
  EXPECT_EQ(followed.as_object().at("moved_to").as_string(), machine.url());
  EXPECT_TRUE(followed.as_object().at("synced").as_bool());
  EXPECT_LE(followed.as_object().at("bytes_received").to_number<int>(), 6'000)
      << "the cursor holds on the new machine: nothing is pulled again";

  // It has kept the address, and the old machine has taken nothing in.
  const Ending ended = old.stop();
  EXPECT_EQ(ended, (Ending{0, 0})) << old.errors();
  register_citizen("Tòng Thị Ín");
  const json::value alone = setup.commune().json({"sync"});
  EXPECT_TRUE(alone.as_object().at("synced").as_bool());
  EXPECT_FALSE(alone.as_object().contains("moved_to"));
  EXPECT_EQ(setup.commune().json({"dossiers"}).as_array().size(), 3U);
  EXPECT_EQ(machine.stop(), (Ending{0, 0})) << machine.errors();
  expect_audited(machine.data());
}

// A new device would enrol on a machine that is about to be switched off.
TEST(MovedLog, NobodyEnrolsAtTheOldAddress) {
  const ScratchDirectory scratch;
  ServerChild old(scratch / "old", "", {"--moved-to", "wss://new.example:8470"});
  ASSERT_TRUE(old.listens()) << old.errors();
  const CommandLine device(scratch / "device");
  const Finished founded =
      device.run({"init", "--server", old.url(), "--founding-code", old.founding_code(), "--name",
                  "Lò Văn An", "--origin", "titles.example/e2e"});
  EXPECT_NE(founded.exit_code(), 0);
  EXPECT_NE(founded.all().find("wss://new.example:8470"), std::string::npos) << founded.all();
}

}  // namespace
}  // namespace e2e
