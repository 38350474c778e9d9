#include "clients/device/home_folder.h"
#include "tests/clients/cli/scratch_home.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

namespace clients_test {
namespace {

using clients::HolderNote;
using clients::HomeHolder;
namespace fs = std::filesystem;

/// A program that writes in a home: it holds the database's lock, with a note if `command` is one.
class Holder {
 public:
  Holder(const fs::path& home, const std::optional<std::string>& command) {
    fs::create_directories(clients::store_folder(home));
    std::array<int, 2> ready{};
    if (::pipe(ready.data()) != 0) return;
    process_ = ::fork();
    if (process_ == 0) {
      const int file =
          ::open((clients::store_folder(home) / "LOCK").c_str(), O_RDWR | O_CREAT, 0600);
      struct flock lock {};
      lock.l_type = F_WRLCK;
      lock.l_whence = SEEK_SET;
      const bool locked = ::fcntl(file, F_SETLK, &lock) == 0;
      std::optional<HolderNote> note;
      if (command) note.emplace(home, *command);
      const char word = locked ? 'y' : 'n';
      if (::write(ready[1], &word, 1) != 1) ::_exit(1);
      for (;;) ::pause();
    }
    ::close(ready[1]);
    char word = 'n';
    holds_ = ::read(ready[0], &word, 1) == 1 && word == 'y';
    ::close(ready[0]);
  }
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;
  ~Holder() { kill(); }

  bool holds() const { return holds_; }
  pid_t process() const { return process_; }
  /// The program ends without a chance to put anything in order.
  void kill() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    process_ = 0;
  }

 private:
  pid_t process_ = 0;
  bool holds_ = false;
};

std::string content_of(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The officer's window says "busy" and nothing else: she must learn which of her own commands it
// waits for.
TEST(HolderNote, SaysWhichCommandWritesInTheHome) {
  const ScratchHome scratch;
  EXPECT_FALSE(clients::holder_of(scratch.home())) << "there is no home";
  const Holder holder(scratch.home(), "watch --server wss://khuyenhoc.example");
  ASSERT_TRUE(holder.holds());
  const std::optional<HomeHolder> found = clients::holder_of(scratch.home());
  ASSERT_TRUE(found);
  EXPECT_EQ(found->process, holder.process());
  EXPECT_EQ(found->command, "watch --server wss://khuyenhoc.example");
}

// A note of a program that was killed must not shut anybody out, nor be taken for the next one's.
TEST(HolderNote, ANoteThatWasLeftBehindSaysNothing) {
  const ScratchHome scratch;
  Holder killed(scratch.home(), "watch");
  ASSERT_TRUE(killed.holds());
  killed.kill();
  ASSERT_TRUE(fs::exists(scratch.home() / "in_use"));
  EXPECT_FALSE(clients::holder_of(scratch.home()));

  const Holder silent(scratch.home(), std::nullopt);
  ASSERT_TRUE(silent.holds());
  const std::optional<HomeHolder> found = clients::holder_of(scratch.home());
  ASSERT_TRUE(found);
  EXPECT_EQ(found->process, silent.process());
  EXPECT_EQ(found->command, "");
}

TEST(HolderNote, StandsThereAsLongAsItLivesAndReplacesAnOlderOne) {
  const ScratchHome scratch;
  fs::create_directories(scratch.home());
  const fs::path path = scratch.home() / "in_use";
  std::ofstream(path) << "1 a command with many more letters than the new one has\n";
  {
    const HolderNote note(scratch.home(), "sync");
    EXPECT_EQ(content_of(path), std::to_string(::getpid()) + " sync\n");
  }
  EXPECT_FALSE(fs::exists(path));
}

// A read-only or missing disk must not keep a command from running.
TEST(HolderNote, WhereItCannotBeWrittenNothingIsSaid) {
  const ScratchHome scratch;
  { const HolderNote note(scratch.home(), "sync"); }
  EXPECT_FALSE(fs::exists(scratch.home()));
}

}  // namespace
}  // namespace clients_test
