#pragma once

#include "projections/state/projection.h"
#include "projections/state/state.h"
#include "server/commit/admission.h"

#include <cstdint>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

namespace server {

/// The grants of each person, so that a greeting costs a few look-ups and not a walk over all
/// grants of a province; and a counter that tells sessions when to ask again.
///
/// Thread: one at a time.
class AccessIndex {
 public:
  /// Starts anew from a folded state.
  void rebuild(const projections::State& state);
  /// Follows one event that took effect.
  void follow(const projections::EffectiveEvent& effective);

  /// What the people of `device` may read at `now`.
  ReaderRights rights_of(const projections::Device& device, const projections::State& state,
                         events::Timestamp now) const;
  /// When after `now` the first of their roles begins or ends, or any unit begins, ends or is moved
  /// elsewhere: a midnight in Viet Nam.
  std::optional<events::Timestamp> valid_until(const projections::Device& device,
                                               const projections::State& state,
                                               events::Timestamp now) const;

  /// Counts changes of roles, devices and units.
  std::uint64_t version() const { return version_; }

 private:
  void follow_unit(events::Day day);
  /// Calls `visit` with each grant of the device's people.
  template <class Visit>
  void for_grants_of(const projections::Device& device, const projections::State& state,
                     Visit visit) const;

  std::unordered_map<std::uint64_t, std::vector<events::RoleGrantId>> grants_of_;  // By person.
  std::set<events::Day> unit_days_;  // On which the tree of units changes.
  std::uint64_t version_ = 1;
};

}  // namespace server
