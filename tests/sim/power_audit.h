#pragma once

#include "events/log/stored_event.h"

#include <map>
#include <optional>
#include <set>
#include <vector>

namespace sim {

/// Promise 10, looked at with nothing of the product but its vocabulary: each role that was given
/// was given by somebody else on another device, out of a role above it that was valid on the day
/// of the paper and on the day of receipt; each invitation, and each revocation of a device, covers
/// every role of everybody whom it is about; and no device goes on with more chains than it may.
///
/// State: what took effect so far, in the order in which it did.
class PowerAudit {
 public:
  /// Takes in the next event of the log.
  /// Throws: Violation.
  void follow(const events::StoredEvent& stored);

 private:
  struct Grant {
    events::PersonId person;
    events::Role role{};
    events::UnitId unit;
    events::Day from;
    events::Day to;
    std::optional<events::Day> revoked;
    bool is_over_on(events::Day day) const {
      return (to.value != 0 && to <= day) || (revoked && *revoked <= day);
    }
    bool is_valid_on(events::Day day) const { return from <= day && !is_over_on(day); }
  };
  struct Chain {
    std::vector<events::PersonId> persons;
    events::ChainNumber first;
    events::DeviceId device;
  };

  void take_effect(const events::StoredEvent& stored, events::Timestamp received_at,
                   const events::StoredEvent* release);
  bool lies_in(events::UnitId unit, events::UnitId above) const;
  bool is_covered(const Grant& by, const Grant& grant, bool strictly) const;
  void check_given(const events::StoredEvent& stored, const events::RoleGranted& given) const;
  void check_covered(const events::StoredEvent& stored, const Grant& by,
                     const std::vector<events::PersonId>& persons, events::Day day) const;
  const Grant& check_author(const events::StoredEvent& stored, events::Timestamp received_at,
                            const events::StoredEvent* release) const;
  void check_family(const events::StoredEvent& stored, const events::ChainContinued& continued);

  std::map<events::Position, events::StoredEvent> held_;
  std::map<events::RoleGrantId, Grant> grants_;
  std::map<events::UnitId, events::UnitId> parents_;
  std::map<events::ChainNumber, Chain> chains_;
  std::map<events::ChainNumber, std::vector<events::Timestamp>> continued_;  ///< By first chain.
};

}  // namespace sim
