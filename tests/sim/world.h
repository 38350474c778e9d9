#pragma once

#include "clients/core/acts/access.h"
#include "clients/core/acts/units.h"
#include "tests/sim/device.h"
#include "tests/sim/plants.h"
#include "tests/sim/random.h"
#include "tests/sim/server_host.h"
#include "tests/sim/tally.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace sim {

/// The small country of a simulation: a province with a district and two or three communes, each
/// with a hamlet, its associations and officers; a cycle for citizens; devices.  Founded and
/// enrolled through the protocol, by the founder's own acts.
class World {
 public:
  /// What is not the same in all seeds.
  struct Ways {
    std::uint32_t lease_days{};
    bool roles_end = false;  ///< Those of the last commune, in a year.
  };
  World(Random& random, Tally& tally, Plant plant, const Ways& ways);

  events::Timestamp now() const { return now_; }
  void pass(std::uint64_t milliseconds) { now_.value += milliseconds; }

  ServerHost& host() { return host_; }
  const ServerHost& host() const { return host_; }
  std::vector<std::unique_ptr<Device>>& devices() { return devices_; }
  const std::vector<std::unique_ptr<Device>>& devices() const { return devices_; }
  Device& administrator() { return *devices_.front(); }
  /// The association of the district: reads its communes live.
  Device& association() { return *devices_[1]; }
  events::CycleId cycle() const { return cycle_; }
  events::CriteriaId criteria() const { return criteria_; }
  const std::vector<events::UnitId>& communes() const { return communes_; }

  /// Offers a code for some officers and adds the device that will spend it; null when the
  /// founder's device cannot say so now.
  Device* offer_device(const std::string& name, std::vector<Officer> officers);
  /// Another device with a copy of this one's disk, and the same officers.
  Device& clone(Device& device);
  /// Whether its invitation was lost with the server's disk, or whoever gave it lost the right to.
  bool is_uninvited(const Device& device) const;
  /// Whether another device has the same chain: a copy that never went a way of its own.  Each
  /// connection of one ends that of the other.
  bool is_twin(const Device& device) const;
  bool is_revoked(const Device& device) const;
  /// Whether two devices have, or had, one chain.
  bool has_copies() const;
  /// Names that burnt with a server when every device had destroyed them, and that a carrier who
  /// was on the road then brought to the repaired one: who read their events in between does
  /// without.
  const std::set<events::Digest>& names_come_late() const { return names_come_late_; }
  /// A carrier has been at the server.
  void note_names_of_bundles();
  /// Everybody connects and everything is delivered until nothing moves.
  /// Throws: Violation of Promise::live when that takes more rounds than it may.
  void settle();

 private:
  using Act = std::function<void(clients::acts::Draft&, const clients::acts::Occasion&)>;
  /// An act of the founder; nothing when his device cannot record it now.
  std::optional<events::EventId> decree(const Act& act);
  /// The same while nothing can go wrong yet.
  events::EventId found_with(const Act& act);
  events::UnitId found_unit(const clients::acts::NewUnit& unit);
  events::OrganisationId found_organisation(const clients::acts::NewOrganisation& organisation);
  void found_grant(const clients::acts::NewGrant& grant);
  void found();
  void found_commune(std::size_t index, events::UnitId district);
  Officer introduce_officer(const std::string& name, std::vector<events::Role> roles,
                            events::UnitId unit, Officer where);
  /// Which names nobody has, now that the log is repaired.
  void note_names_lost();
  bool round();
  /// Whether whoever invited it has laid his role down since, or the server refused or held the
  /// offer by a wrong clock that it believed.
  bool was_offered_in_vain(const Device& device) const;
  void lose_some_enrolments();

  Random& random_;
  Tally& tally_;
  Plant plant_;
  bool roles_end_;
  events::Day roles_until_;  ///< Of the roles that are given; none: for good.
  events::Timestamp now_;
  ServerHost host_;
  std::vector<std::unique_ptr<Device>> devices_;
  std::vector<events::UnitId> communes_;
  events::CriteriaId criteria_;
  events::CycleId cycle_;
  std::uint64_t offers_ = 0;
  std::map<const Device*, events::EventId> offer_of_;
  bool is_founded_ = false;
  std::set<events::Digest> names_lost_;
  std::set<events::Digest> names_come_late_;
};

}  // namespace sim
