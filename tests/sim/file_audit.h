#pragma once

#include "tests/sim/world.h"

#include <optional>
#include <string>

namespace sim {

/// Looks, when everybody rests, whether files of evidence are where they must be and nowhere else.
class FileAudit {
 public:
  /// Lifetime: the world outlives the audit.
  explicit FileAudit(World& world) : world_(world) {}

  /// Whether a file that its device has whole and may send is not with the server, or one that the
  /// server has is not with a reader who needs it.
  bool is_something_missing() { return missing().has_value(); }
  /// How many files the log calls stored that were lost with a disk: of these nobody hears.
  int said_and_lost() const;
  /// Throws: Violation.
  void run();

 private:
  std::optional<std::string> missing();
  bool must_be_stored(Device& device, const events::protocol::FileName& name,
                      const projections::FileStanding& standing) const;
  std::optional<std::string> not_fetched(Device& device) const;
  void check_damaged(Device& device) const;
  void check_held(const Device& device) const;
  /// The device that made the event; null: it has left that chain, was revoked, or has a twin.
  Device* maker_of(const projections::EvidenceFile& row);

  World& world_;
};

}  // namespace sim
