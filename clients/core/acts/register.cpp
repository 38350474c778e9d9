#include "clients/core/acts/register.h"

#include "clients/core/acts/typed_text.h"

#include <utility>

namespace clients::acts {

using events::Result;

Result<events::PersonId> introduce(Draft& draft, const Occasion& occasion,
                                   const NewPerson& person) {
  events::PersonRecord record = person.record;
  if (Result<void> clean = clean_texts({&record.full_name}); !clean) return clean.error();
  return events::PersonId{draft.add(
      occasion,
      events::PersonIntroduced{person.home, person.household, person.gender, person.age_band, {}},
      {}, std::move(record))};
}

Result<events::CollectiveId> introduce(Draft& draft, const Occasion& occasion,
                                       const NewCollective& collective) {
  events::CollectiveRecord record{collective.name};
  if (Result<void> clean = clean_texts({&record.name}); !clean) return clean.error();
  return events::CollectiveId{
      draft.add(occasion,
                events::CollectiveIntroduced{
                    collective.kind, collective.home, collective.head, collective.member_count, {}},
                {}, std::move(record))};
}

Result<events::DossierId> register_dossier(Draft& draft, const Occasion& occasion,
                                           const Registration& registration) {
  const Result<void> whole = check_declaration(registration.declaration);
  if (!whole) return whole.error();
  const Declaration said = completed(registration.declaration);
  events::ProxyRecord record = said.proxy_record;
  const Result<void> clean = clean_texts(
      {&record.relation_or_office, &record.paper_form_number, &record.witness, &record.place});
  if (!clean) return clean.error();

  events::DossierRegistered registered;
  registered.basis = *said.basis;
  registered.consent_purposes = said.consent_purposes;
  registered.confirmation = *said.confirmation;
  registered.proxy = *said.proxy;
  const bool is_said = registered.proxy != events::ProxyReason::none ||
                       !record.relation_or_office.empty() || !record.paper_form_number.empty() ||
                       !record.witness.empty() || !record.place.empty();
  std::optional<events::PrivateFields> fields;
  if (is_said) fields = std::move(record);

  const events::DossierId dossier{
      draft.add(occasion, events::DossierOpened{registration.subject, registration.cycle,
                                                registration.group, registration.home})};
  draft.add(occasion, registered, stream_of(dossier), std::move(fields));
  return dossier;
}

}  // namespace clients::acts
