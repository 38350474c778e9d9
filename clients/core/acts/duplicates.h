#pragma once

#include "clients/core/acts/register.h"
#include "clients/core/replica/workspace.h"
#include "events/base/time.h"

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace clients {

// Noticing that somebody is typed a second time, by what this device holds.  Two people may share a
// name, a year of birth and a hamlet; so nothing is decided here, a person is asked.

/// What tells one person from another.
struct KnownPerson {
  events::EventId id;  ///< None for somebody who is being typed.
  std::string name;
  events::PartialDate birth;
  events::UnitId home;
  std::string id_number;  ///< Empty when it is not known.
};

/// What tells one collective from another.
struct KnownCollective {
  events::EventId id;
  events::CollectiveKind kind{};
  std::string name;
  events::UnitId home;
};

/// Everybody of the pending state whose private record is readable here.
/// Cost: reads one record for each.
std::vector<KnownPerson> known_people(const Workspace& workspace);
std::vector<KnownCollective> known_collectives(const Workspace& workspace);

/// Whether both are likely one person: the same identification number, or the same name and
/// hamlet and a birth that can be the same.  Two different numbers are two people.
bool is_alike(const KnownPerson& one, const KnownPerson& other);
bool is_alike(const KnownCollective& one, const KnownCollective& other);

/// Those who are like somebody who is being typed, in their order.
std::vector<KnownPerson> look_alikes(const KnownPerson& typed, std::span<const KnownPerson> known);
std::vector<KnownCollective> look_alikes(const KnownCollective& typed,
                                         std::span<const KnownCollective> known);

/// Those on this device who are like somebody who is about to enter the log.
/// Errors:  invalid_argument: the name is not UTF-8.
/// Cost:    as known_people().
events::Result<std::vector<KnownPerson>> look_alikes(const Workspace& workspace,
                                                     const acts::NewPerson& person);
events::Result<std::vector<KnownCollective>> look_alikes(const Workspace& workspace,
                                                         const acts::NewCollective& collective);

/// All pairs that are alike, the earlier one first.
/// Cost: compares people of one name or one number only.
std::vector<std::pair<KnownPerson, KnownPerson>> suspected_pairs(
    std::span<const KnownPerson> known);

}  // namespace clients
