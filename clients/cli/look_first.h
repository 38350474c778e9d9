#pragma once

#include "clients/cli/command_line.h"
#include "clients/cli/session.h"

#include <optional>
#include <string>
#include <string_view>

namespace clients {

/// How far somebody looks at an act before it is recorded.
struct LookFirst {
  bool yes = false;      ///< Somebody, or a script, has looked already.
  bool dry_run = false;  ///< Only to look.
};

void declare_look(CommandOptions& command, LookFirst& look);

/// Whether somebody sits at a terminal and can be asked.
bool can_ask(const Session& session);
/// One line from the terminal; nothing when it ended.
/// Expects: can_ask().
std::optional<std::string> ask_line(std::string_view question);

/// What somebody decided who was shown an act.
enum class Decision : std::uint8_t { go_on = 1, stop = 2 };

/// Asks whether to go on with what was just printed.  `stop` after --dry-run and after a no, which
/// is said.
/// `must_look`: an act that nobody who can be asked looks at is recorded only with --yes.
/// Errors:  invalid_argument: nobody can be asked.
events::Result<Decision> decide(Session& session, const LookFirst& look, std::string_view question,
                                bool must_look);
/// The exit code of a command that `decide` stopped.
int exit_of_stop(const LookFirst& look);

}  // namespace clients
