#include "tests/e2e/commune_setup.h"
#include "tests/e2e/stored_log.h"

#include <boost/json/object.hpp>
#include <gtest/gtest.h>

#include <csignal>

namespace e2e {
namespace {

/// Runs the command against a server that dies in its first commit, then again against one that
/// lives, at another address, and expects that the second try succeeds.
void run_through_crash(const CommandLine& device, const std::filesystem::path& data,
                       const std::string& stage, std::vector<std::string> command) {
  command.emplace_back("--server");
  {
    ServerChild dying(data, "1:" + stage);
    ASSERT_TRUE(dying.listens()) << dying.errors();
    std::vector<std::string> first = command;
    first.push_back(dying.url());
    const Finished failed = device.run(first);
    EXPECT_EQ(failed.exit_code(), 3) << failed.all();
    EXPECT_TRUE(failed.errors.starts_with("Lỗi: ")) << failed.all();
    ASSERT_EQ(dying.wait(std::chrono::seconds{20}), (Ending{-1, SIGKILL})) << dying.errors();
  }
  ServerChild living(data);
  ASSERT_TRUE(living.listens()) << living.errors();
  command.push_back(living.url());
  const Finished done = device.run(command);
  EXPECT_EQ(done.exit_code(), 0) << done.all() << living.errors();
  const Finished synced = device.run({"sync", "--server", living.url()});
  EXPECT_EQ(synced.exit_code(), 0) << synced.all();
  EXPECT_EQ(living.stop(), (Ending{0, 0})) << living.errors();
}

class Kill9DuringEnrolment : public testing::TestWithParam<const char*> {};

// The founding code and an invitation work once.  If a crash at the wrong moment spent one without
// the device learning its chain, a province could not be founded or a commune not be let in.
TEST_P(Kill9DuringEnrolment, CodesCanBeUsedAgainByTheSameDevice) {
  const ScratchDirectory scratch;
  const std::filesystem::path data = scratch / "server";
  const CommandLine admin(scratch / "admin");
  std::string code;
  {
    ServerChild empty(data);
    ASSERT_TRUE(empty.listens()) << empty.errors();
    code = empty.founding_code();
    ASSERT_EQ(empty.stop(), (Ending{0, 0}));
  }
  run_through_crash(admin, data, GetParam(),
                    {"init", "--founding-code", code, "--name", "Nguyễn Thị Minh Khai", "--origin",
                     "titles.example/e2e"});
  EXPECT_FALSE(std::filesystem::exists(data / "founding-code"));
  ASSERT_FALSE(HasFailure());

  const auto status = admin.json({"status"});
  const std::string person(status.at("persons").as_array().front().as_string());
  const auto invited = admin.json({"invite", "--person", person});
  {
    ServerChild server(data);
    ASSERT_TRUE(server.listens()) << server.errors();
    admin.json({"sync", "--server", server.url()});
    ASSERT_EQ(server.stop(), (Ending{0, 0}));
  }
  run_through_crash(
      CommandLine(scratch / "second"), data, GetParam(),
      {"enrol", "--label", "Máy thứ hai", "--code", std::string(invited.at("code").as_string())});
  expect_audited(data);
}

INSTANTIATE_TEST_SUITE_P(Stages, Kill9DuringEnrolment,
                         testing::Values("before_batch", "before_sync", "before_ack"),
                         [](const auto& instance) { return std::string(instance.param); });

}  // namespace
}  // namespace e2e
