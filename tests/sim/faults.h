#pragma once

#include "tests/sim/acts.h"
#include "tests/sim/link.h"
#include "tests/sim/tally.h"
#include "tests/sim/world.h"

#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace sim {

/// What goes wrong: lines, power, clocks, and people who come and go.
class Faults {
 public:
  using Trace = std::function<void(const char* what, const std::string& who)>;

  /// Lifetime: the references outlive this object.
  Faults(World& world, Acts& acts, Random& random, Tally& tally, Trace trace)
      : world_(world), acts_(acts), random_(random), tally_(tally), trace_(std::move(trace)) {}

  /// Something goes wrong, or is prepared to.
  void strike();

 private:
  void network_fault();
  void cut(Link& link);
  void repeat_or_reorder(Link& link);
  void lose_acknowledgement();
  void device_crash();
  void server_crash();
  void clock_jump();
  void late_enrolment();
  void server_disaster();
  void copy_a_device();
  Device& some_device() { return *random_.pick(world_.devices()); }
  LinkPtr some_link();
  void trace(const char* what, const std::string& who = "") const { trace_(what, who); }

  World& world_;
  Acts& acts_;
  Random& random_;
  Tally& tally_;
  Trace trace_;
  bool enrolled_late_ = false;
  bool has_copies_ = false;
  bool has_revoked_ = false;
  /// Of some device, a while ago.
  struct Image {
    Device* device = nullptr;
    DiskImage disk;
  };
  std::optional<Image> image_;
};

}  // namespace sim
