#pragma once

#include "clients/cli/session.h"

#include <CLI/CLI.hpp>

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <utility>

namespace clients {

/// The command line while it is being read: each command notes what is to be run.
struct CommandLine {
  CLI::App app{"khuyenhoc — ghi nhận danh hiệu học tập, làm việc cả khi không có mạng"};
  GlobalOptions options;
  std::function<events::Result<int>(Session&)> chosen;
};

/// Adds a command whose options are the members of `Options`.
/// `declare(command, options)` names them; `run(session, options)` does the work.
template <class Options, class Declare, class Run>
void add_command(CommandLine& line, const std::string& name, const std::string& what,
                 const std::string& examples, Declare declare, Run run) {
  CLI::App* const command = line.app.add_subcommand(name, what);
  command->fallthrough();
  command->footer("Ví dụ:\n" + examples);
  auto options = std::make_shared<Options>();
  declare(*command, *options);
  command->callback([&line, options, run] {
    line.chosen = [options, run](Session& session) { return run(session, *options); };
  });
}

struct NoOptions {};
inline void declare_nothing(CLI::App& /*command*/, NoOptions& /*options*/) {}

void add_connection_commands(CommandLine& line);  ///< init, enrol, sync, watch
void add_status_commands(CommandLine& line);      ///< status, inbox, history, stats
void add_list_commands(CommandLine& line);        ///< people, dossiers, units …
void add_register_commands(CommandLine& line);    ///< register, register-collective, officer
void add_dossier_commands(CommandLine& line);     ///< accept, evidence, score, return …
void add_document_commands(CommandLine& line);    ///< review, submit, appraise, decide …
void add_hold_commands(CommandLine& line);        ///< release
void add_unit_commands(CommandLine& line);        ///< unit-import, organisation
void add_rulebook_commands(CommandLine& line);    ///< criteria-publish, cycle-open
void add_access_commands(CommandLine& line);      ///< grant, revoke, invite, device-revoke

/// Runs one command and returns the exit code of the program.
int run_command_line(int argc, const char* const* argv, std::ostream& out, std::ostream& err);

}  // namespace clients
