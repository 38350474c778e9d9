#include "tests/e2e/commune_setup.h"
#include "tests/e2e/scratch_directory.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

namespace e2e {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

/// The program in a shell that arranges its disk; what it prints goes through a pipe, and behind it
/// stands "exit " and its code.
Finished run_in_shell(const std::string& before, const CommandLine& device,
                      const std::string& command, const std::string& behind = "") {
  const fs::path program = fs::path(KHUYENHOC_BIN_DIR) / "khuyenhoc";
  const std::string line = "{ ( " + before + program.string() + " --home '" +
                           device.home().string() + "' " + command + " " + behind +
                           "; echo \"exit $?\" ); } 2>&1 | cat";
  return run_program("/bin/sh", {"-c", line});
}
/// As on a disk that is full: no file may grow.
const char* const on_a_full_disk = "trap '' XFSZ; ulimit -f 0; ";

bool ended(const Finished& finished, int code) {
  return finished.output.ends_with("exit " + std::to_string(code) + "\n");
}

class Disks : public testing::Test {
 protected:
  void SetUp() override {
    setup_.run();
    ASSERT_FALSE(HasFailure());
  }
  std::vector<std::string> registration(const std::string& name) const {
    return {"register",
            "--consent",
            "assess",
            "--confirmed-by",
            "subject_present",
            "--cycle",
            "2026",
            "--group",
            "farmer_rural",
            "--name",
            name,
            "--birth",
            "1990",
            "--gender",
            "female",
            "--hamlet",
            "Bản Nà Tấu",
            "--actor",
            setup_.officer("proxy_entrant")};
  }
  static std::string quoted(const std::vector<std::string>& words) {
    std::string line;
    for (const std::string& word : words) line += "'" + word + "' ";
    return line;
  }
  std::size_t people() const { return commune().json({"people"}).as_array().size(); }
  const CommandLine& commune() const { return setup_.commune(); }

  ScratchDirectory scratch_;
  CommuneSetup setup_{scratch_.path()};
};

// F4.  The officer was told that the server's disk is full and that what was typed is still here;
// neither was true, and the list of people could not be read any more.
TEST_F(Disks, AFullOneIsTheDevicesAndItCanStillBeRead) {
  const std::size_t before = people();
  const Finished refused =
      run_in_shell(on_a_full_disk, commune(), quoted(registration("Lò Thị Đầy")));
  EXPECT_TRUE(ended(refused, 4)) << refused.all();
  EXPECT_NE(refused.output.find("đã đầy; việc vừa nhập CHƯA được ghi"), std::string::npos)
      << refused.all();
  EXPECT_NE(refused.output.find("[device_storage"), std::string::npos) << refused.all();
  for (const char* command :
       {"people", "status", "inbox", "dossiers --json", "stats", "receipts"}) {
    const Finished read = run_in_shell(on_a_full_disk, commune(), command);
    EXPECT_TRUE(ended(read, 0)) << command << ": " << read.all();
  }
  EXPECT_EQ(people(), before);
  commune().record(registration("Lò Thị Đầy"));
  EXPECT_EQ(people(), before + 1);
}

// F26.  Half a list that looks whole.
TEST_F(Disks, AListThatCouldNotBePrintedIsAnError) {
  const Finished cut = run_in_shell("", commune(), "people", "> /dev/full");
  EXPECT_TRUE(ended(cut, 4)) << cut.all();
  EXPECT_NE(cut.output.find("không in hết"), std::string::npos) << cut.all();
}

// F33.  Three hundred looks at the device left three hundred empty files.
TEST_F(Disks, LookingLeavesNothingBehind) {
  const auto files = [&] {
    return std::distance(fs::recursive_directory_iterator(commune().home()),
                         fs::recursive_directory_iterator());
  };
  people();
  const auto before = files();
  for (int time = 0; time < 10; ++time) people();
  EXPECT_EQ(files(), before);
}

// F25.  `watch` runs all day at the association; its people must see lists meanwhile, and whoever
// wants to write must hear who keeps the device.
TEST_F(Disks, ReadingGoesOnBesideWatchAndWritingIsToldWhoHoldsIt) {
  ChildProcess watch("khuyenhoc", {"--home", commune().home().string(), "watch"});
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  while (!fs::exists(commune().home() / "in_use") && std::chrono::steady_clock::now() < limit) {
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
  EXPECT_GT(people(), 0U);
  EXPECT_EQ(commune().run({"status"}).exit_code(), 0);
  const Finished refused = commune().run(registration("Lò Thị Chờ"));
  EXPECT_EQ(refused.exit_code(), 5) << refused.all();
  EXPECT_TRUE(is_error_with_code(refused.errors, "busy")) << refused.all();
  EXPECT_NE(refused.errors.find("(watch, pid "), std::string::npos) << refused.all();
  watch.signal(SIGINT);
  EXPECT_EQ(watch.wait(std::chrono::seconds{20}), (Ending{0, 0})) << watch.errors();
  EXPECT_FALSE(fs::exists(commune().home() / "in_use"));
  commune().record(registration("Lò Thị Chờ"));
}

// F13.  Told that the device is not enrolled, the other user enrols it again: a second chain.
TEST_F(Disks, AnotherUsersHomeIsDeniedAndNotUnknown) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can become another user";
  fs::permissions(scratch_.path(), fs::perms::owner_all | fs::perms::others_exec);
  const Finished denied =
      run_in_shell("setpriv --reuid 65534 --regid 65534 --clear-groups ", commune(), "status");
  EXPECT_TRUE(ended(denied, 4)) << denied.all();
  EXPECT_NE(denied.output.find("không được phép đọc"), std::string::npos) << denied.all();
  EXPECT_NE(denied.output.find("[device_denied"), std::string::npos) << denied.all();
  EXPECT_EQ(denied.output.find("chưa được đăng ký"), std::string::npos) << denied.all();
}

// A carrier typed the same name twice: the answer replaced the work of the season.
TEST_F(Disks, BundlesAreNeverReplacedUnasked) {
  commune().record(registration("Lò Thị Ánh"));
  const fs::path bundle = scratch_ / "xa.csb";
  commune().json({"bundle", "export", "--to", bundle.string()});
  const std::string content = read_text(bundle);
  const Finished again = commune().run({"bundle", "export", "--to", bundle.string()});
  EXPECT_EQ(again.exit_code(), 2) << again.all();
  EXPECT_NE(again.errors.find("--force"), std::string::npos) << again.all();
  const auto deliver_into = [&](const fs::path& answer) {
    return run_program("khuyenhoc", {"bundle", "deliver", bundle.string(), "--force", "--server",
                                     setup_.server().url(), "--return", answer.string()});
  };
  fs::create_hard_link(bundle, scratch_ / "same.csb");
  EXPECT_EQ(deliver_into(bundle).exit_code(), 2);
  EXPECT_EQ(deliver_into(scratch_ / "same.csb").exit_code(), 2);
  EXPECT_EQ(read_text(bundle), content);
  const fs::path stick = scratch_ / "stick";
  fs::create_directory(stick);
  const Finished full = run_in_shell(on_a_full_disk, commune(),
                                     "bundle export --to '" + (stick / "xa.csb").string() + "'");
  EXPECT_TRUE(ended(full, 4)) << full.all();
  EXPECT_TRUE(fs::is_empty(stick)) << "neither a cut file nor a part of one";
}

}  // namespace
}  // namespace e2e
