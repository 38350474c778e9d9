#include "projections/state/cycle_phases.h"

#include "events/base/calendar_end.h"

#include <algorithm>

namespace projections {

using events::CyclePhase;
using events::Timestamp;

namespace {

/// Whether an act that is received behind the last day, but within the grace, is taken (V08).
bool takes_within_grace(const events::CycleOpened& cycle) {
  return cycle.deadline_basis == events::DeadlineBasis::declared ||
         cycle.late_policy != events::LatePolicy::refuse;
}

/// Never, for a day behind the calendar.
Timestamp midnight_behind(events::Day last, std::uint32_t days) {
  const std::uint64_t next = std::uint64_t{last.value} + 1 + days;
  if (next > events::last_day.value) return events::calendar_end;
  return events::midnight_in_vietnam(events::Day{static_cast<std::uint32_t>(next)});
}

Timestamp end_of_year(events::Day day) {
  const int year = events::calendar_date(day).year;
  return midnight_behind(events::day_of({year, 12, 31}), 0);
}

}  // namespace

Timestamp closes_at(const events::CycleOpened& cycle, CyclePhase phase) {
  const std::uint32_t grace = takes_within_grace(cycle) ? cycle.grace_days : 0;
  switch (phase) {
    case CyclePhase::registration:
      return midnight_behind(cycle.registration.last, grace);
    case CyclePhase::self_assessment:
      return midnight_behind(cycle.self_assessment.last, grace);
    case CyclePhase::review:
      return midnight_behind(cycle.review.last, grace);
    case CyclePhase::appraisal:
      return midnight_behind(cycle.appraisal.last, grace);
    case CyclePhase::decision:
      return midnight_behind(cycle.decision.last, grace);
    case CyclePhase::validity:
      return std::max(midnight_behind(cycle.decision.last, grace),
                      end_of_year(cycle.decision.last));
  }
  return events::calendar_end;
}

}  // namespace projections
