#pragma once

#include "clients/cli/command_line.h"
#include "clients/cli/look_first.h"
#include "clients/cli/session.h"
#include "clients/core/acts/bulk_preview.h"

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
  LookFirst look;
};

void declare_choice(CommandOptions& command, DossierChoice& choice);

/// The dossiers chosen, ascending, at most list_entries_max, and with --all those left out; `step`
/// decides with --all.
/// Errors:  not_found, invalid_argument: none, too many, or one that is not there.
events::Result<ChosenDossiers> choose_dossiers(Session& session, const DossierChoice& choice,
                                               const BulkStep& step);

/// Shows what an act is about to do to each dossier, and who is left out and why, and asks.
/// `said`: what is concluded about one, where the act does not say it by itself.
/// An act on one dossier that was named is recorded without a question.
/// Errors:  invalid_argument: nobody can be asked and --yes was not given.
events::Result<Decision> look_at_choice(
    Session& session, const DossierChoice& choice, const ChosenDossiers& chosen,
    const std::function<std::string(const projections::Dossier&)>& said = {});

}  // namespace clients
