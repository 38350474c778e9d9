#pragma once

#include "clients/cli/command_line.h"
#include "clients/cli/session.h"
#include "clients/core/acts/register.h"

#include <string>
#include <vector>

namespace clients {

/// What is typed to open a dossier and register for a title.
struct RegistrationOptions {
  std::string cycle, group = "none", basis, confirmation;
  std::vector<std::string> consent;
  std::string proxy, proxy_by, paper_form, witness, place;
};

void declare_registration(CommandOptions& command, RegistrationOptions& options);

/// What was declared.  Asks on the terminal for what was not typed.
/// Errors:  invalid_argument: rule V30: which options are missing, where nobody can be asked.
events::Result<acts::Declaration> declared(const Session& session,
                                           const RegistrationOptions& options);

/// Who registers, and what they declared.
struct Registrant {
  events::SubjectRef subject;
  events::UnitId home;
  acts::Declaration declaration;
};
/// Adds the registration to the draft, and says what will be kept about consent in one line.
/// Errors:  not_found, invalid_argument, in words for the person.
events::Result<void> add_registration(Session& session, const RegistrationOptions& options,
                                      const Registrant& registrant, acts::Draft& draft,
                                      const acts::Occasion& occasion);

}  // namespace clients
