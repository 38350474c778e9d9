#pragma once

#include "clients/core/acts/draft.h"

#include <string>

namespace clients::acts {

/// A set of criteria comes into force, as projections::read_criteria_file() read it.
events::CriteriaId publish_criteria(Draft& draft, const Occasion& occasion,
                                    const events::CriteriaPublished& criteria);

/// A round of one title that is going to be open.
struct NewCycle {
  events::TitleKind title{};
  events::CriteriaId criteria;
  std::string label;  ///< As typed: "2025".
  events::CycleKind kind{};
  events::Phase registration;
  events::Phase self_assessment;
  events::Phase review;
  events::Phase appraisal;
  events::Phase decision;
  events::LatePolicy late_policy{};
  events::DeadlineBasis deadline_basis{};
  std::uint16_t grace_days{};
  events::Day reference_day;  ///< Ages are counted on it.
};
events::Result<events::CycleId> open_cycle(Draft& draft, const Occasion& occasion,
                                           const NewCycle& cycle);

}  // namespace clients::acts
