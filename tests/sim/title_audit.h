#pragma once

#include "events/log/stored_event.h"

#include <map>
#include <optional>
#include <set>
#include <vector>

namespace sim {

/// Promise 5, looked at with nothing of the product but its vocabulary: each title that took effect
/// has a registration, a sheet, minutes, a list, an appraisal and a decision signed by somebody
/// whose role was valid on the day and when it arrived.
///
/// State: what took effect so far, in the order in which it did.
class TitleAudit {
 public:
  /// Takes in the next event of the log.  True when it granted a title.
  /// Throws: Violation.
  bool follow(const events::StoredEvent& stored);

 private:
  struct Grant {
    events::PersonId person;
    events::Role role{};
    events::Day from;
    events::Day to;
    std::optional<events::Day> revoked;
    bool is_valid_on(events::Day day) const {
      return from <= day && (to.value == 0 || day < to) && (!revoked || day < *revoked);
    }
  };
  struct Path {
    bool registered = false;
    bool has_sheet = false;
    bool proposed = false;   ///< By minutes that name it.
    bool submitted = false;  ///< By a list that names it.
    bool qualified = false;
    bool granted = false;
  };
  struct Decision {
    std::set<events::DossierId> dossiers;
    events::PersonId actor;
  };

  bool take_effect(const events::StoredEvent& stored, events::Timestamp received_at,
                   bool by_a_superior);
  void check_title(const events::StoredEvent& stored, const events::TitleGranted& granted) const;

  std::map<events::Position, events::StoredEvent> held_;
  std::map<events::RoleGrantId, Grant> grants_;
  std::map<events::EventId, Path> paths_;
  std::map<events::EventId, std::map<events::DossierId, events::ReviewConclusion>> minutes_;
  std::map<events::EventId, std::set<events::DossierId>> lists_;
  std::map<events::EventId, Decision> decisions_;
};

}  // namespace sim
