#pragma once

#include "tests/sim/device.h"
#include "tests/sim/log_audit.h"

#include <set>

namespace sim {

/// What the roles of a device's people let it read, worked out from the grants alone.
events::ReaderScope expected_scope(const projections::State& state,
                                   const std::vector<events::PersonId>& persons, events::Day day);

/// Compares a device that has everything with the log, as `audit` read it.  `come_late`: private
/// records that nobody had while it read their events.
/// Throws: Violation.
void audit_device(const Device& device, const LogAudit& audit, events::Timestamp now,
                  const std::set<events::Digest>& come_late);

/// A revoked device brought everything, and kept nothing of others.
/// Throws: Violation.
void audit_revoked(const Device& device, const LogAudit& audit);

/// Compares the confirmed state of a device, wherever it stands, with a fold of the log's prefix by
/// the rules that the device has.  Whether these leave something out.
/// Throws: Violation.
bool audit_prefix(const Device& device, const events::MemoryEventLog& log);

}  // namespace sim
