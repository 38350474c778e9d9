#pragma once

#include "events/log/event_log.h"
#include "projections/reports/reports.h"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace e2e {

/// An event as it stands in a log.
struct StoredRow {
  events::Position position;
  std::uint64_t seq{};
  events::Bytes canonical;
  events::Verdict verdict;
};

/// What a stopped server's log holds, read without changing a byte of it.
struct StoredLog {
  events::LogHead head;
  std::vector<StoredRow> of_device;  ///< Of one chain, in order of position.
  std::vector<projections::Row> b01;

  /// A failed expectation, and an empty log, when it cannot be read.
  static StoredLog read(const std::filesystem::path& data, events::ChainNumber device);
};

/// Expects that the chain's events are there from the first on, each once and in order.
void expect_each_once(const StoredLog& log);
/// Expects that khuyenhoc-audit finds nothing wrong with a stopped server's data.
void expect_audited(const std::filesystem::path& data);

}  // namespace e2e
