#include "tests/e2e/commune_setup.h"

#include <boost/json/object.hpp>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace e2e {
namespace {

namespace json = boost::json;

std::string secret_file(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path) << text << '\n';
  std::filesystem::permissions(
      path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  return path.string();
}

std::string text(const json::value& object, const char* key) {
  return std::string(object.as_object().at(key).as_string());
}

// A tablet lies in a bus: without the PIN it tells how much work is on it, and nothing else.  The
// officer with the PIN goes on as before.
TEST(CommandLineLock, ALockedDeviceCountsButNeitherReadsNorRecordsNorSynchronises) {
  const ScratchDirectory scratch;
  CommuneSetup setup(scratch.path());
  setup.run();
  ASSERT_FALSE(HasFailure());
  const CommandLine& commune = setup.commune();
  const std::string pin = secret_file(scratch.path() / "pin", "246810");
  const std::string wrong = secret_file(scratch.path() / "wrong", "135791");

  EXPECT_NE(commune.run({"status"}).output.find("CHƯA đặt khóa"), std::string::npos);
  const Finished set = commune.run({"lock", "set", "--pin-file", pin});
  ASSERT_EQ(set.exit_code(), 0) << set.all();

  const json::value status = commune.json({"status"});
  EXPECT_TRUE(status.as_object().at("locked").as_bool());
  EXPECT_EQ(text(status, "claim"), "in_step");
  for (const char* const command : {"people", "sync", "inbox"}) {
    const Finished refused = commune.run({command});
    EXPECT_EQ(refused.exit_code(), 1) << command << refused.all();
    EXPECT_TRUE(is_error_with_code(refused.errors, "locked")) << refused.all();
  }
  const Finished guess = commune.run({"people", "--pin-file", wrong});
  EXPECT_EQ(guess.exit_code(), 1) << guess.all();
  EXPECT_NE(guess.errors.find("sai 1 lần"), std::string::npos) << guess.all();
  EXPECT_EQ(commune.run({"people", "--pin-file", pin}).exit_code(), 0);
  EXPECT_EQ(commune.run({"sync", "--pin-file", pin}).exit_code(), 0);

  // The PIN gives way to a key file, which is made when it is not there.
  const std::string key = (scratch.path() / "usb.khoa").string();
  const Finished changed =
      commune.run({"lock", "change", "--pin-file", pin, "--new-key-file", key});
  ASSERT_EQ(changed.exit_code(), 0) << changed.all();
  EXPECT_EQ(commune.run({"people", "--pin-file", pin}).exit_code(), 1);
  EXPECT_EQ(commune.run({"people", "--key-file", key}).exit_code(), 0);

  // A key that others may read is no key.
  std::filesystem::permissions(commune.home() / "device.key", std::filesystem::perms::others_read,
                               std::filesystem::perm_options::add);
  const Finished unsafe = commune.run({"status"});
  EXPECT_NE(unsafe.exit_code(), 0);
  EXPECT_NE(unsafe.errors.find("chmod 600"), std::string::npos) << unsafe.all();
  EXPECT_EQ(setup.server().stop(), (Ending{0, 0}));
}

// One line for each thing an officer did, with what became of it: never more than is true.
TEST(CommandLineStatus, SaysOfEachRecordHowFarItIs) {
  const ScratchDirectory scratch;
  CommuneSetup setup(scratch.path());
  setup.run();
  ASSERT_FALSE(HasFailure());
  const CommandLine& commune = setup.commune();
  commune.record({"register", "--consent", "assess", "--confirmed-by", "subject_present", "--cycle",
                  "2026", "--group", "farmer_rural", "--name", "Lò Thị Ánh", "--birth", "1990",
                  "--gender", "female", "--hamlet", "Bản Nà Tấu", "--actor",
                  setup.officer("proxy_entrant")});
  const json::value before = commune.json({"status", "--records"});
  EXPECT_EQ(text(before, "claim"), "unsent");
  const json::object& pending = before.as_object().at("pending").as_object();
  EXPECT_EQ(pending.at("events").as_object().at("count").to_number<int>(), 3);
  EXPECT_GT(pending.at("private_records").as_object().at("bytes").to_number<int>(), 0);
  for (const json::value& row : before.as_object().at("records").as_array()) {
    EXPECT_EQ(text(row, "standing"), "device_only");
  }
  EXPECT_NE(commune.run({"status"}).output.find("chỉ có trên thiết bị này"), std::string::npos);

  EXPECT_NE(commune.run({"sync"}).output.find("Đã đồng bộ"), std::string::npos);
  const json::value after = commune.json({"status", "--records"});
  EXPECT_EQ(text(after, "claim"), "in_step");
  for (const json::value& row : after.as_object().at("records").as_array()) {
    EXPECT_EQ(text(row, "standing"), "official");
  }
  EXPECT_EQ(setup.server().stop(), (Ending{0, 0}));
}

}  // namespace
}  // namespace e2e
