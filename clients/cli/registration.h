#pragma once

#include "clients/cli/command_line.h"
#include "clients/cli/session.h"

#include <string>
#include <vector>

namespace clients {

/// What is typed to open a dossier and register for a title.  Consent, who confirmed it and who
/// entered it are facts about a person: none of them has a default.
struct RegistrationOptions {
  std::string cycle, group = "none", basis, confirmation;
  std::vector<std::string> consent;
  std::string proxy, proxy_by, paper_form, witness, place;
};

void declare_registration(CommandOptions& command, RegistrationOptions& options);

/// Asks on the terminal for what was not typed.
/// Errors:  invalid_argument: rule V30: which options are missing, where nobody can be asked.
events::Result<RegistrationOptions> complete(const Session& session, RegistrationOptions options);

/// Adds DossierOpened and DossierRegistered behind `requests`, and says what will be kept about
/// consent in one line.
/// Expects: completed options.
/// Errors:  not_found, invalid_argument, in words for the person.
events::Result<void> open_and_register(Session& session, const RegistrationOptions& options,
                                       const events::SubjectRef& subject, events::UnitId home,
                                       std::vector<RecordRequest>& requests);

}  // namespace clients
