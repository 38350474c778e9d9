#pragma once

#include "clients/cli/session.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace clients {

/// One option that was declared, to say more about it.
class DeclaredOption {
 public:
  explicit DeclaredOption(CLI::Option& option) : option_(&option) {}

  DeclaredOption& required();
  /// Also takes several values in one word, with `separator` between them.
  DeclaredOption& delimiter(char separator);

 private:
  CLI::Option* option_;
};

/// The options of one command.  A face of CLI11, whose header costs seconds in each source that
/// sees it: only command_line.cpp does.
///
/// Lifetime: the targets outlive the parse.  `names` as CLI11 reads them: "--name", or "name" for
/// an argument by its place.
class CommandOptions {
 public:
  explicit CommandOptions(CLI::App& command) : command_(&command) {}

  DeclaredOption add_option(const std::string& names, std::string& target, const std::string& what);
  DeclaredOption add_option(const std::string& names, std::vector<std::string>& target,
                            const std::string& what);
  DeclaredOption add_option(const std::string& names, std::uint16_t& target,
                            const std::string& what);
  DeclaredOption add_option(const std::string& names, std::uint32_t& target,
                            const std::string& what);
  DeclaredOption add_option(const std::string& names, std::uint64_t& target,
                            const std::string& what);
  /// Bytes, also as "500K", "500M" or "2G", in steps of 1024.
  DeclaredOption add_size(const std::string& names, std::uint64_t& target, const std::string& what);
  void add_flag(const std::string& names, bool& target, const std::string& what);
  /// An option that was declared before.
  DeclaredOption option(const std::string& name);

 private:
  CLI::App* command_;
};

/// The command line while it is being read: each command notes what is to be run.
class CommandLine {
 public:
  CommandLine();
  ~CommandLine();
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  /// A word before other commands, as `bundle` in "bundle export".
  void add_group(const std::string& name, const std::string& what, const std::string& examples);
  /// A command; `on_chosen` is called when it was the one named.  "group name" is one of a group
  /// that was added before.
  CommandOptions add_command(const std::string& name, const std::string& what,
                             const std::string& examples, std::function<void()> on_chosen);
  /// Reads the words.  What is returned is the exit code when nothing is to be run: help was asked
  /// for, or the line is wrong; both were printed.
  std::optional<int> parse(int argc, const char* const* argv, std::ostream& out, std::ostream& err);

  GlobalOptions options;
  std::function<events::Result<int>(Session&)> chosen;
  bool needs_home = true;  ///< The chosen command works on a device.

 private:
  std::unique_ptr<CLI::App> app_;
};

/// Adds a command whose options are the members of `Options`.
/// `declare(command, options)` names them; `run(session, options)` does the work.
template <class Options, class Declare, class Run>
void add_command(CommandLine& line, const std::string& name, const std::string& what,
                 const std::string& examples, Declare declare, Run run) {
  auto options = std::make_shared<Options>();
  CommandOptions command = line.add_command(name, what, examples, [&line, name, options, run] {
    line.chosen = [name, options, run](Session& session) {
      session.name_command(name);
      return run(session, *options);
    };
  });
  declare(command, *options);
}

/// The same for a command that writes nothing: it runs beside another one, and on a full disk.
template <class Options, class Declare, class Run>
void add_reading_command(CommandLine& line, const std::string& name, const std::string& what,
                         const std::string& examples, Declare declare, Run run) {
  const auto run_to_read = [run](Session& session, const Options& options) {
    session.only_read();
    return run(session, options);
  };
  add_command<Options>(line, name, what, examples, declare, run_to_read);
}

/// The same for a command that works on no device: --home is not asked for.
template <class Options, class Declare, class Run>
void add_command_without_home(CommandLine& line, const std::string& name, const std::string& what,
                              const std::string& examples, Declare declare, Run run) {
  auto options = std::make_shared<Options>();
  CommandOptions command = line.add_command(name, what, examples, [&line, options, run] {
    line.needs_home = false;
    line.chosen = [options, run](Session& session) { return run(session, *options); };
  });
  declare(command, *options);
}

struct NoOptions {};
inline void declare_nothing(CommandOptions& /*command*/, NoOptions& /*options*/) {}

}  // namespace clients
