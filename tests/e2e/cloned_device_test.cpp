#include "tests/e2e/commune_setup.h"
#include "tests/e2e/stored_log.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace e2e {
namespace {

namespace json = boost::json;

void register_citizen(const CommuneSetup& setup, const CommandLine& device,
                      const std::string& name) {
  device.record({"register", "--consent", "assess", "--confirmed-by", "subject_present", "--cycle",
                 "2026", "--group", "farmer_rural", "--name", name, "--birth", "12/03/1990",
                 "--gender", "female", "--hamlet", "Bản Nà Tấu", "--actor",
                 setup.officer("proxy_entrant")});
}

std::vector<std::string> names_on(const CommandLine& device) {
  std::vector<std::string> names;
  const json::value people = device.json({"people"});
  if (!people.is_array()) return names;
  for (const json::value& person : people.as_array()) {
    names.emplace_back(person.as_object().at("name").as_string());
  }
  return names;
}

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

std::int64_t number(const json::value& object, const char* key) {
  return object.is_object() ? object.as_object().at(key).to_number<std::int64_t>() : -1;
}

void copy_home(const CommandLine& from, const std::filesystem::path& to) {
  std::filesystem::copy(from.home(), to, std::filesystem::copy_options::recursive);
}

// Somebody copied a whole tablet onto a second one, and both officers go on.  Each must find every
// dossier of both afterwards, and nobody types anything twice.
TEST(ClonedDevice, BothCopiesKeepTheirWorkAndOneGetsANewChain) {
  const ScratchDirectory scratch;
  CommuneSetup setup(scratch.path());
  setup.run();
  if (testing::Test::HasFailure()) return;
  const CommandLine& first = setup.commune();
  register_citizen(setup, first, "Lò Thị Ánh");
  first.json({"sync"});
  copy_home(first, scratch / "second");
  const CommandLine second(scratch / "second");

  register_citizen(setup, first, "Quàng Văn Tuấn");
  register_citizen(setup, second, "Tòng Thị Lả");
  register_citizen(setup, second, "Cà Văn Pánh");
  first.json({"sync"});
  const json::value forked = second.json({"sync"});
  EXPECT_TRUE(forked.as_object().at("synced").as_bool());
  EXPECT_EQ(number(forked, "left_chain"), 3);
  EXPECT_GT(number(forked, "recorded_again"), 0);
  EXPECT_EQ(number(second.json({"status"}), "chain"), 4);

  register_citizen(setup, second, "Vàng A Sùng con");
  EXPECT_EQ(number(second.json({"sync"}), "recorded_again"), 0) << "once is enough";
  first.json({"sync"});
  for (const CommandLine* const device : {&first, &second}) {
    const std::vector<std::string> names = names_on(*device);
    for (const char* const name :
         {"Lò Thị Ánh", "Quàng Văn Tuấn", "Tòng Thị Lả", "Cà Văn Pánh", "Vàng A Sùng con"}) {
      EXPECT_TRUE(has(names, name)) << name << " on " << device->home();
    }
    EXPECT_EQ(device->json({"dossiers", "--official"}).as_array().size(), 5U);
  }
  setup.admin().json({"sync"});
  const json::value devices = setup.admin().json({"devices"});
  EXPECT_EQ(number(devices.as_array().back(), "continues"), 3) << "the administrator sees it";

  EXPECT_EQ(setup.server().stop(), (Ending{0, 0}));
  expect_audited(scratch / "server");
}

// A tablet came back from repair with last week's image.  What it had sent since is in the log and
// comes back; it goes on under a new chain, because its lost week may live on elsewhere.
TEST(ClonedDevice, RestoredFromAnOlderImageFetchesItsOwnWorkAndGoesOn) {
  const ScratchDirectory scratch;
  CommuneSetup setup(scratch.path());
  setup.run();
  if (testing::Test::HasFailure()) return;
  const CommandLine& device = setup.commune();
  copy_home(device, scratch / "image");
  register_citizen(setup, device, "Lò Thị Ánh");
  device.json({"sync"});

  const CommandLine restored(scratch / "image");
  const json::value synced = restored.json({"sync"});
  EXPECT_TRUE(synced.as_object().at("synced").as_bool());
  EXPECT_EQ(number(synced, "left_chain"), 3);
  EXPECT_EQ(number(synced, "recorded_again"), 0);
  EXPECT_TRUE(has(names_on(restored), "Lò Thị Ánh"));
  register_citizen(setup, restored, "Quàng Văn Tuấn");
  EXPECT_TRUE(restored.json({"sync"}).as_object().at("synced").as_bool());
  EXPECT_EQ(restored.json({"dossiers", "--official"}).as_array().size(), 2U);
  EXPECT_EQ(setup.server().stop(), (Ending{0, 0}));
  expect_audited(scratch / "server");
}

}  // namespace
}  // namespace e2e
