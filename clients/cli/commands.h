#pragma once

#include "clients/cli/command_line.h"

#include <ostream>

namespace clients {

void add_connection_commands(CommandLine& line);    ///< init, enrol, sync, watch
void add_bundle_commands(CommandLine& line);        ///< bundle export, import, deliver, inspect
void add_status_commands(CommandLine& line);        ///< status, follow, inbox, history, stats
void add_list_commands(CommandLine& line);          ///< people, dossiers, units …
void add_register_commands(CommandLine& line);      ///< register, register-collective, officer
void add_dossier_commands(CommandLine& line);       ///< accept, evidence, return …
void add_score_command(CommandLine& line);          ///< score
void add_review_command(CommandLine& line);         ///< review
void add_file_commands(CommandLine& line);          ///< files
void add_document_commands(CommandLine& line);      ///< submit, appraise, decide …
void add_hold_commands(CommandLine& line);          ///< release
void add_undo_command(CommandLine& line);           ///< undo
void add_unit_commands(CommandLine& line);          ///< unit-import, organisation
void add_unit_change_command(CommandLine& line);    ///< unit-change
void add_unit_edit_commands(CommandLine& line);     ///< unit-rename, unit-close
void add_rulebook_commands(CommandLine& line);      ///< criteria-publish, cycle-open
void add_receipt_commands(CommandLine& line);       ///< receipts
void add_alarm_commands(CommandLine& line);         ///< alarms, alarm export, checkpoint, compare
void add_access_commands(CommandLine& line);        ///< grant, revoke, invite, device-revoke …
void add_follow_command(CommandLine& line);         ///< follow
void add_device_status_command(CommandLine& line);  ///< status
void add_lock_commands(CommandLine& line);          ///< lock
void add_server_command(CommandLine& line);         ///< server

/// The answer of the program when it is called without a command: how far the device is, and what
/// the next step is.
events::Result<int> run_overview(Session& session);

/// Runs one command and returns the exit code of the program.
int run_command_line(int argc, const char* const* argv, std::ostream& out, std::ostream& err);

}  // namespace clients
