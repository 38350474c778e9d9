#include "tests/e2e/child_process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <sstream>
#include <thread>
#include <utility>

namespace e2e {
namespace {

constexpr std::chrono::milliseconds poll_step{5};

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

std::string read_text(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

ChildProcess::ChildProcess(const std::string& program, std::vector<std::string> arguments,
                           std::vector<std::string> environment) {
  const std::filesystem::path path = std::filesystem::path(KHUYENHOC_BIN_DIR) / program;
  CHECK(std::filesystem::exists(path), "the programs are built before the test runs");
  arguments.insert(arguments.begin(), path.string());
  for (char** variable = environ; *variable != nullptr; ++variable) {
    environment.emplace_back(*variable);
  }

  // Not fork: this process has threads, RocksDB's for one.
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  constexpr int flags = O_WRONLY | O_CREAT | O_APPEND;
  const std::string out = streams_ / "out";
  const std::string err = streams_ / "err";
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, out.c_str(), flags, 0600);
  posix_spawn_file_actions_addopen(&files, STDERR_FILENO, err.c_str(), flags, 0600);
  const int failed = posix_spawn(&process_, path.c_str(), &files, nullptr,
                                 pointers_to(arguments).data(), pointers_to(environment).data());
  posix_spawn_file_actions_destroy(&files);
  CHECK(failed == 0, "the machine can start one more process");
}

ChildProcess::~ChildProcess() {
  if (!is_running()) return;
  signal(SIGKILL);
  ::waitpid(process_, nullptr, 0);
}

void ChildProcess::signal(int number) const {
  if (!ending_) ::kill(process_, number);
}

std::optional<Ending> ChildProcess::wait(std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!ending_) {
    int status = 0;
    if (::waitpid(process_, &status, WNOHANG) == process_) {
      ending_ = WIFEXITED(status) ? Ending{WEXITSTATUS(status), 0} : Ending{-1, WTERMSIG(status)};
      break;
    }
    if (std::chrono::steady_clock::now() >= end) break;
    std::this_thread::sleep_for(poll_step);
  }
  return ending_;
}

std::string ChildProcess::output() const { return read_text(streams_ / "out"); }
std::string ChildProcess::errors() const { return read_text(streams_ / "err"); }

Finished run_program(const std::string& program, std::vector<std::string> arguments,
                     std::chrono::milliseconds limit) {
  ChildProcess child(program, std::move(arguments));
  std::optional<Ending> ending = child.wait(limit);
  if (!ending) child.signal(SIGKILL);
  if (!ending) ending = child.wait(std::chrono::seconds{10});
  return {ending.value_or(Ending{}), child.output(), child.errors()};
}

}  // namespace e2e
