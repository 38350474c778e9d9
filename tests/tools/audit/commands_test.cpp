#include "tools/audit/commands.h"

#include "events/log/merkle.h"
#include "server/store/rocks_event_log.h"
#include "server/store/rocks_private_store.h"
#include "tests/tools/audit/audited_log.h"
#include "tools/audit/audited_data.h"
#include "tools/audit/file_stream.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace audit {
namespace {

using namespace events;

/// A server's data directory with the log of the dossier's life in it.
class Commands : public testing::Test {
 protected:
  void SetUp() override {
    path_ = std::filesystem::temp_directory_path() /
            ("khuyenhoc-audit-" + std::to_string(::getpid()) + "-" +
             testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
    const auto log = open();
    ASSERT_TRUE(log) << log.error().message;
    const std::vector<StoredBlock> blocks = blocks_of(acts_of(a_dossier_life().world));
    ASSERT_TRUE((*log)->append(blocks, log_of(blocks).frontier()));
  }
  void TearDown() override { std::filesystem::remove_all(path_); }

  Result<std::unique_ptr<server::RocksEventLog>> open() const {
    server::RocksEventLog::Options options;
    options.path = path_ / "log";
    options.create_if_missing = true;
    options.log = LogId{1};
    options.epoch = Epoch{1};
    return server::RocksEventLog::open(options);
  }

  /// Runs the program; what it says is in `out_` and `log_`.
  int run_with(std::vector<std::string> words) {
    words.insert(words.begin(), "khuyenhoc-audit");
    std::vector<const char*> arguments;
    for (const std::string& word : words) arguments.push_back(word.c_str());
    std::ostringstream out;
    std::ostringstream log;
    const int answer = run(static_cast<int>(arguments.size()), arguments.data(), out, log);
    out_ = out.str();
    log_ = log.str();
    return answer;
  }
  std::string file(const char* name) const { return (path_ / name).string(); }
  std::string data() const { return path_.string(); }

  std::filesystem::path path_;
  std::string out_;
  std::string log_;
};

// The whole way of an auditor: take the log along, verify it elsewhere, read it.
TEST_F(Commands, ExportsVerifiesAndTellsHistory) {
  ASSERT_EQ(run_with({"export", "--data", data(), "--out", file("all.export")}), exit_verified)
      << log_;
  EXPECT_NE(out_.find("events in"), std::string::npos);
  ASSERT_EQ(run_with({"verify", file("all.export")}), exit_verified) << out_;
  ASSERT_EQ(run_with({"verify", "--data", data()}), exit_verified) << out_ << log_;
  EXPECT_NE(out_.find("✓ the database is whole"), std::string::npos) << out_;
  ASSERT_EQ(run_with({"verify", file("all.export"), "--json"}), exit_verified);
  EXPECT_NE(out_.find("\"verified\":true"), std::string::npos);

  const std::string dossier = to_string(a_dossier_life().dossier);
  ASSERT_EQ(run_with({"dossiers", file("all.export")}), exit_verified);
  EXPECT_EQ(out_.rfind(dossier, 0), 0U) << out_;
  ASSERT_EQ(run_with({"history", file("all.export"), dossier}), exit_verified) << log_;
  EXPECT_NE(out_.find("✓ verified from the founding"), std::string::npos);
  const std::string from_export = out_;
  ASSERT_EQ(run_with({"history", "--data", data(), dossier}), exit_verified) << log_;
  EXPECT_EQ(out_, from_export);
}

// Without the option names that were changed beside the log stay unseen.
TEST_F(Commands, LooksAtRecordsWhenItIsAsked) {
  ASSERT_EQ(run_with({"verify", "--data", data(), "--records"}), exit_problems) << out_;
  EXPECT_NE(out_.find("✗ every private record has its digest"), std::string::npos) << out_;
  server::RocksPrivateStore::Options options;
  options.path = path_ / "private";
  options.create_if_missing = true;
  ASSERT_TRUE(server::RocksPrivateStore::open(options));
  ASSERT_EQ(run_with({"verify", "--data", data(), "--records", "--json"}), exit_verified) << out_;
  EXPECT_NE(out_.find("\"check\":\"private_records\",\"holds\":true"), std::string::npos) << out_;
  EXPECT_NE(out_.find("\"check\":\"evidence_files\""), std::string::npos) << out_;
  ASSERT_EQ(run_with({"verify", "--data", data()}), exit_verified) << out_;
  EXPECT_EQ(out_.find("private record"), std::string::npos) << out_;
  EXPECT_EQ(run_with({"verify", file("all.export"), "--records"}), exit_usage);
}

// A log export up to a position in the middle of a receipt would lack signatures and owed events.
TEST_F(Commands, ExportsUpToAnyPosition) {
  const std::uint64_t head = a_dossier_life().world.head().value;
  for (std::uint64_t position = 1; position <= head; position += 7) {
    std::filesystem::remove(path_ / "part.export");
    ASSERT_EQ(run_with({"export", "--data", data(), "--out", file("part.export"), "--to-position",
                        std::to_string(position)}),
              exit_verified)
        << log_;
    ASSERT_EQ(run_with({"verify", file("part.export")}), exit_verified) << position << "\n" << out_;
  }
}

// An altered byte must reach the auditor's shell, and name the place.
TEST_F(Commands, AnswersProblemsFound) {
  ASSERT_EQ(run_with({"export", "--data", data(), "--out", file("all.export")}), exit_verified);
  const auto middle =
      static_cast<std::streamoff>(std::filesystem::file_size(file("all.export")) / 2);
  {
    std::fstream stream(file("all.export"), std::ios::in | std::ios::out | std::ios::binary);
    stream.seekp(middle);
    stream.put('!');
  }
  EXPECT_EQ(run_with({"verify", file("all.export")}), exit_problems) << out_;
  EXPECT_NE(out_.find("✗ the file is whole"), std::string::npos) << out_;
  EXPECT_NE(out_.find("positions"), std::string::npos) << out_;
  EXPECT_NE(out_.find("NOT verified"), std::string::npos);
}

TEST_F(Commands, AnswersWrongUsageAndWhatCannotBeRead) {
  EXPECT_EQ(run_with({}), exit_usage);
  EXPECT_EQ(run_with({"verify"}), exit_usage);
  EXPECT_EQ(run_with({"export", "--data", data()}), exit_usage);
  EXPECT_EQ(run_with({"history", "--data", data(), "seven"}), exit_usage);
  EXPECT_EQ(run_with({"verify", file("missing.export")}), exit_unreadable);
  EXPECT_EQ(run_with({"verify", "--data", file("missing")}), exit_unreadable);
  std::ofstream(file("other.txt")) << "not a log export, though long enough to be looked at";
  EXPECT_EQ(run_with({"verify", file("other.txt")}), exit_unreadable);
  EXPECT_NE(log_.find("not a log export"), std::string::npos);
  for (const char* const command : {"export", "verify", "history", "dossiers"}) {
    EXPECT_EQ(run_with({command, "--help"}), exit_verified);
    EXPECT_NE(out_.find("Examples:"), std::string::npos) << command;
  }
}

// A log that is being written is not what was verified a moment later.
TEST_F(Commands, SaysWhatToDoWhileTheServerRuns) {
#ifdef __SANITIZE_THREAD__
  GTEST_SKIP() << "ThreadSanitizer ends the child of a process that had threads";
#endif
  int ready[2];
  int done[2];
  ASSERT_EQ(::pipe(ready), 0);
  ASSERT_EQ(::pipe(done), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto log = open();
    char byte = log ? 'y' : 'n';
    if (::write(ready[1], &byte, 1) != 1 || ::read(done[0], &byte, 1) != 1) ::_exit(1);
    ::_exit(0);
  }
  // So that a child that died is an end of file, not a wait for ever.
  ::close(ready[1]);
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  ASSERT_EQ(byte, 'y');
  EXPECT_EQ(run_with({"export", "--data", data(), "--out", file("all.export")}), exit_unreadable);
  EXPECT_NE(log_.find("Stop the server first"), std::string::npos) << log_;
  EXPECT_FALSE(std::filesystem::exists(file("all.export")));
  ASSERT_EQ(::write(done[1], &byte, 1), 1);
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  for (const int end : {ready[0], done[0], done[1]}) ::close(end);
}

}  // namespace
}  // namespace audit
