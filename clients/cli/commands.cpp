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
  add_score_command(line);
  add_file_commands(line);
  add_review_command(line);
  add_document_commands(line);
  add_hold_commands(line);
  add_undo_command(line);
  add_unit_commands(line);
  add_unit_change_command(line);
  add_unit_edit_commands(line);
  add_rulebook_commands(line);
  add_access_commands(line);
  add_receipt_commands(line);
  add_alarm_commands(line);
  add_lock_commands(line);
  add_server_command(line);
  if (const std::optional<int> ended = line.parse(argc, argv, out, err)) {
    if (*ended != exit_ok && line.options.json) {
      print_json(out, json_of_error(events::ErrorCode::invalid_argument, *ended));
    }
    return end_output(out, err, *ended);
  }

  if (!line.chosen) line.chosen = run_overview;
  Session session(line.options, out, err);
  const events::Result<int> done = line.chosen(session);
  if (done) return end_output(out, err, *done);
  print_error(err, done.error(), session.advice());
  const int ended = exit_code_of(done.error().code);
  if (line.options.json) print_json(out, json_of_error(done.error().code, ended));
  return end_output(out, err, ended);
}

}  // namespace clients
