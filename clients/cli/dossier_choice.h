#pragma once

#include "clients/cli/command_line.h"
#include "clients/cli/session.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace clients {

/// Which dossiers a command is about: those named, or all that are ready for it.
struct DossierChoice {
  std::vector<std::string> named;
  bool all = false;
  std::string cycle;  ///< With `all`: only of this round.
  std::string unit;   ///< With `all`: only of this unit and below.
};

void declare_choice(CommandOptions& command, DossierChoice& choice);

/// The dossiers chosen, ascending, at most list_entries_max; `ready` decides with --all.
/// Errors:  not_found, invalid_argument: none, too many, or one that is not there.
events::Result<std::vector<events::DossierId>> choose_dossiers(
    Session& session, const DossierChoice& choice,
    const std::function<bool(const projections::Dossier&)>& ready);

/// The stream of a dossier.
events::StreamId stream_of(events::DossierId dossier);

/// A note as private fields; nothing for an empty one.
events::Result<std::optional<events::PrivateFields>> note_fields(const std::string& text);

}  // namespace clients
