#include "clients/device/bundle_file.h"
#include "events/bundle/bundle_reader.h"
#include "platform/clock.h"
#include "tests/e2e/commune_setup.h"
#include "tests/e2e/scratch_directory.h"
#include "tools/link/relay_thread.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

// What the programs say of their line: cut, back, revoked, elsewhere.

namespace e2e {
namespace {

namespace json = boost::json;

bool becomes_true(const std::function<bool()>& condition) {
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  while (std::chrono::steady_clock::now() < limit) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
  return false;
}

class HonestLine : public testing::Test {
 protected:
  void SetUp() override {
    setup_.run();
    ASSERT_FALSE(HasFailure());
  }
  const CommandLine& commune() const { return setup_.commune(); }
  std::string server() const {
    return std::string(commune().json({"server"}).as_object().at("server").as_string());
  }
  void register_citizen(const std::string& name) const {
    commune().record({"register", "--consent", "assess", "--confirmed-by", "subject_present",
                      "--cycle", "2026", "--group", "farmer_rural", "--name", name, "--birth",
                      "1990", "--gender", "female", "--hamlet", "Bản Nà Tấu", "--actor",
                      setup_.officer("proxy_entrant")});
  }

  ScratchDirectory scratch_;
  CommuneSetup setup_{scratch_.path()};
};

// F12.  Somebody watched a screen for ten minutes with the server gone, and the program ended well.
TEST_F(HonestLine, WatchSaysThatTheLineIsCutAndThatItIsBack) {
  link_emulator::RelayThread line(setup_.server().port(), {});
  ChildProcess watch("khuyenhoc",
                     {"--home", commune().home().string(), "watch", "--server", line.url()});
  ASSERT_TRUE(becomes_true([&] { return line.carried().down > 200; })) << watch.errors();
  std::this_thread::sleep_for(std::chrono::milliseconds{500});
  line.cut_all();
  EXPECT_TRUE(becomes_true([&] {
    return watch.errors().find("Mất kết nối với máy chủ") != std::string::npos;
  })) << watch.errors();
  EXPECT_TRUE(becomes_true([&] {
    return watch.errors().find("Đã nối lại với máy chủ") != std::string::npos;
  })) << watch.errors();
  watch.signal(SIGINT);
  EXPECT_EQ(watch.wait(std::chrono::seconds{20}), (Ending{0, 0})) << watch.errors();
}

TEST_F(HonestLine, WatchThatNeverMetTheServerEndsAsANetworkFault) {
  ASSERT_EQ(setup_.server().stop(), (Ending{0, 0}));
  ChildProcess watch("khuyenhoc", {"--home", commune().home().string(), "watch"});
  EXPECT_TRUE(becomes_true([&] {
    return watch.errors().find("Chưa nối được với máy chủ") != std::string::npos;
  })) << watch.errors();
  watch.signal(SIGINT);
  EXPECT_EQ(watch.wait(std::chrono::seconds{20}), (Ending{3, 0})) << watch.errors();
}

// Whoever stops a long synchronisation must know what is done and what still waits.
TEST_F(HonestLine, SyncThatIsStoppedSaysWhatWaits) {
  register_citizen("Lò Thị Ánh");
  link_emulator::Profile slow;
  slow.delay = std::chrono::milliseconds{1'500};
  link_emulator::RelayThread line(setup_.server().port(), slow);
  ChildProcess sync("khuyenhoc",
                    {"--home", commune().home().string(), "sync", "--server", line.url()});
  ASSERT_TRUE(becomes_true([&] { return line.carried().down > 100; })) << sync.errors();
  sync.signal(SIGINT);
  EXPECT_EQ(sync.wait(std::chrono::seconds{40}), (Ending{130, 0})) << sync.errors();
  EXPECT_NE(sync.output().find("Đã dừng theo Ctrl-C"), std::string::npos) << sync.output();
  EXPECT_NE(sync.output().find("chỉ có trên thiết bị này"), std::string::npos) << sync.output();
}

// First-use 18.  A tablet that was taken out of use went on saying "Đã đồng bộ".
TEST_F(HonestLine, ARevokedDeviceIsToldSoWithWhatStillWaits) {
  setup_.admin().json({"sync"});
  std::string device;
  const json::value own = commune().json({"status"});
  const json::value devices = setup_.admin().json({"devices"});
  for (const json::value& row : devices.as_array()) {
    if (row.as_object().at("chain") == own.as_object().at("chain")) {
      device = row.as_object().at("id").as_string();
    }
  }
  ASSERT_FALSE(device.empty());
  setup_.admin().json({"device-revoke", device, "--reason", "mất máy", "--yes"});
  setup_.admin().json({"sync"});
  for (int time = 0; time < 3; ++time) {
    const Finished told = commune().run({"sync"});
    EXPECT_EQ(told.exit_code(), 1) << told.all();
    EXPECT_NE(told.errors.find("đã bị thu hồi"), std::string::npos) << told.all();
    EXPECT_EQ(told.all().find("Đã đồng bộ"), std::string::npos) << told.all();
  }
  const Finished status = commune().run({"status"});
  EXPECT_NE(status.output.find("Thiết bị đã bị thu hồi"), std::string::npos) << status.all();
  EXPECT_EQ(status.output.find("Đã đồng bộ"), std::string::npos) << status.all();
  EXPECT_EQ(commune().json({"status"}).as_object().at("claim").as_string(), "revoked");
}

// F28.  The address that worked is the address; one that did not is not.
TEST_F(HonestLine, AnAddressIsRememberedOnceTheServerAnsweredThere) {
  const std::string before = server();
  EXPECT_EQ(commune().run({"sync", "--server", "ws://127.0.0.1:1"}).exit_code(), 3);
  EXPECT_EQ(server(), before);
  const link_emulator::RelayThread line(setup_.server().port(), {});
  commune().json({"sync", "--server", line.url()});
  EXPECT_EQ(server(), line.url());

  EXPECT_EQ(commune().run({"server", "nowhere"}).exit_code(), 2);
  EXPECT_EQ(server(), line.url());
  commune().json({"server", before});
  EXPECT_EQ(server(), before);
  EXPECT_TRUE(commune().json({"sync"}).as_object().at("synced").as_bool());
}

// House-review 9.1.  Two sources wrote one setting, and every bundle of a device that had ever
// finished a meeting lost its clock sample: its acts were held for the clock.
TEST_F(HonestLine, ABundleAfterAMeetingCarriesTheClocksOfIt) {
  const std::pair<const char*, const char*> ways[] = {{"--no-snapshot", "Lò Thị Ánh"},
                                                      {"--http", "Quàng Văn Bình"}};
  for (const auto& [way, name] : ways) {
    const events::Timestamp begin = platform::now();
    commune().json({"sync", way});
    register_citizen(name);
    const std::string path = scratch_ / (std::string("xa") + way + ".csb");
    commune().json({"bundle", "export", "--to", path});
    const auto file = clients::BundleFile::open(path);
    ASSERT_TRUE(file);
    const auto reader = events::bundle::BundleReader::open(**file);
    ASSERT_TRUE(reader) << reader.error().message;
    const events::bundle::ClockSample contact = reader->header().contact;
    ASSERT_NE(contact.server_time.value, 0U) << way;
    ASSERT_NE(contact.device_time.value, 0U) << way;
    EXPECT_GE(contact.device_time, begin) << way << ": of this meeting, not of the enrolment";
    EXPECT_LT(reader->header().created.value - contact.device_time.value, 600'000U) << way;
    const auto apart = static_cast<std::int64_t>(contact.server_time.value) -
                       static_cast<std::int64_t>(contact.device_time.value);
    EXPECT_LT(apart < 0 ? -apart : apart, 60'000) << way;
  }
}

}  // namespace
}  // namespace e2e
