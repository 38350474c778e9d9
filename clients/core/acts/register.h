#pragma once

#include "clients/core/acts/declaration.h"
#include "clients/core/acts/draft.h"

namespace clients::acts {

/// Somebody who is not in the log yet.
struct NewPerson {
  events::PersonRecord record;  ///< The name as typed; the numbers as person_input.h reads them.
  events::Gender gender{};
  events::AgeBand age_band{};
  events::UnitId home;             ///< Hamlet or commune.
  events::CollectiveId household;  ///< None when not recorded.
};

/// A household, clan, community or unit that is not in the log yet.
struct NewCollective {
  std::string name;  ///< As typed.
  events::CollectiveKind kind{};
  events::UnitId home;
  events::PersonId head;         ///< None when not recorded.
  std::uint32_t member_count{};  ///< 0 when not recorded.
};

/// A person enters the log.
events::Result<events::PersonId> introduce(Draft& draft, const Occasion& occasion,
                                           const NewPerson& person);
/// A collective enters the log.
events::Result<events::CollectiveId> introduce(Draft& draft, const Occasion& occasion,
                                               const NewCollective& collective);

/// What a title is registered for by.
struct Registration {
  events::SubjectRef subject;
  events::CycleId cycle;
  events::GroupCode group{};
  events::UnitId home;
  Declaration declaration;
};

/// A dossier is opened and registered: two events.
/// Errors:  as check_declaration().
events::Result<events::DossierId> register_dossier(Draft& draft, const Occasion& occasion,
                                                   const Registration& registration);

}  // namespace clients::acts
