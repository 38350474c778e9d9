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

  /// Whether a file that its device has whole and may send is not with the server, one that the
  /// server has is not with a reader who needs it, or one is with a device that must not have it.
  bool is_something_out_of_place() { return missing() || kept_too_long(); }
  /// How many files the log calls stored that were lost with a disk, and that nobody has any more.
  int said_and_lost() const;
  /// Throws: Violation.
  void run();

 private:
  std::optional<std::string> missing();
  bool must_be_stored(Device& device, const events::protocol::FileName& name,
                      const projections::EvidenceFileStatus& status) const;
  std::optional<std::string> not_fetched(Device& device) const;
  Device* holder_of(const projections::EvidenceFile& row, events::FilePart part);
  std::optional<std::string> kept_too_long() const;
  std::optional<std::string> kept_without_right(Device& device) const;
  void check_damaged(Device& device) const;
  void check_held(const Device& device) const;
  /// The device that made the event; null: it has left that chain, was revoked, or has a twin.
  Device* maker_of(const projections::EvidenceFile& row);

  World& world_;
};

}  // namespace sim
