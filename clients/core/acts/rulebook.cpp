#include "clients/core/acts/rulebook.h"

#include "clients/core/acts/typed_text.h"

#include <utility>

namespace clients::acts {

using events::Result;

events::CriteriaId publish_criteria(Draft& draft, const Occasion& occasion,
                                    const events::CriteriaPublished& criteria) {
  return events::CriteriaId{draft.add(occasion, criteria)};
}

Result<events::CycleId> open_cycle(Draft& draft, const Occasion& occasion, const NewCycle& cycle) {
  events::CycleOpened opened{cycle.title,        cycle.criteria,       cycle.label,
                             cycle.kind,         cycle.registration,   cycle.self_assessment,
                             cycle.review,       cycle.appraisal,      cycle.decision,
                             cycle.late_policy,  cycle.deadline_basis, cycle.grace_days,
                             cycle.reference_day};
  if (Result<void> clean = clean_texts({&opened.label}); !clean) return clean.error();
  return events::CycleId{draft.add(occasion, std::move(opened))};
}

}  // namespace clients::acts
