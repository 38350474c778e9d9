#include "clients/cli/commands.h"

namespace clients {

int run_command_line(int argc, const char* const* argv, std::ostream& out, std::ostream& err) {
  CommandLine line;
  add_connection_commands(line);
  add_bundle_commands(line);
  add_status_commands(line);
  add_list_commands(line);
  add_register_commands(line);
  add_dossier_commands(line);
  add_file_commands(line);
  add_document_commands(line);
  add_hold_commands(line);
  add_unit_commands(line);
  add_rulebook_commands(line);
  add_access_commands(line);
  add_receipt_commands(line);
  add_lock_commands(line);
  if (const std::optional<int> ended = line.parse(argc, argv, out, err)) return *ended;

  Session session(line.options, out);
  const events::Result<int> done = line.chosen(session);
  if (done) return *done;
  print_error(err, done.error(), session.advice());
  return exit_code_of(done.error().code);
}

}  // namespace clients
