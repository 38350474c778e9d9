#pragma once

#include "tests/e2e/scratch_directory.h"

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace e2e {

/// How a program ended.
struct Ending {
  int exit_code = -1;  ///< -1: by a signal.
  int signal = 0;      ///< 0: by itself.
  bool operator==(const Ending&) const = default;
};

/// A program of this build, running beside the test.  What it writes goes to files, so it never
/// waits for a reader.  Killed with the object.
///
/// Thread: one at a time; `signal` from any while the program is not waited for.
class ChildProcess {
 public:
  /// `environment`: "NAME=value" beside what the test itself has.
  ChildProcess(const std::string& program, std::vector<std::string> arguments,
               std::vector<std::string> environment = {});
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  void signal(int number) const;
  /// How it ended; nothing when it still runs after `limit`.
  std::optional<Ending> wait(std::chrono::milliseconds limit);
  bool is_running() { return !wait(std::chrono::milliseconds{0}); }

  /// What it has written so far.
  std::string output() const;
  std::string errors() const;

 private:
  ScratchDirectory streams_;
  pid_t process_ = -1;
  std::optional<Ending> ending_;
};

/// A program that ran to its end.
struct Finished {
  Ending ending;
  std::string output;
  std::string errors;

  int exit_code() const { return ending.exit_code; }
  std::string all() const { return output + errors; }
};

/// Runs a program of this build to its end; kills it when it takes longer than `limit`.
Finished run_program(const std::string& program, std::vector<std::string> arguments,
                     std::chrono::milliseconds limit = std::chrono::seconds{60});

std::string read_text(const std::filesystem::path& path);

}  // namespace e2e
