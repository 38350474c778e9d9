#pragma once

#include "events/base/ids.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace verification {

/// What is verified, in the order in which it is reported.
enum class Check : std::uint8_t {
  file,             ///< Digests of a bundle and its frame.
  tables,           ///< Checksums of every file of a database.
  high_water,       ///< The log is not shorter than what it promised.
  blocks,           ///< Every block and event can be taken apart.
  positions,        ///< Dense from 1 to the head.
  chains,           ///< (chain, seq) follow, chain hashes.
  signatures,       ///< Every event is covered by its chain's key.
  leaves,           ///< Leaf hashes written beside the blocks.
  roots,            ///< RFC 6962 root after every block and at the head.
  received,         ///< Times of receipt never fall.
  verdicts,         ///< Judging again gives the same verdicts.
  scopes,           ///< Judging again gives the same scopes.
  system_events,    ///< The server appended what was owed, and nothing else.
  checkpoints,      ///< Folding again gives the same projections.
  private_records,  ///< Each stored record is the one whose digest the log has.
  evidence_files,   ///< Each stored file has its digest; what the log calls stored is there.
};
inline constexpr std::size_t check_count = 16;
/// Every check, in order.
std::array<Check, check_count> all_checks();
/// A stable name for JSON, "system_events".
const char* name_of(Check check);
/// What it says when it holds: "every event is signed by its device".
const char* title_of(Check check);
/// What is counted: "events", "blocks".
const char* unit_of(Check check);

/// Something that is not as it must be, and where.
struct Problem {
  Check check{};
  events::Position first;  ///< 0: not about positions.
  events::Position last;
  events::EventId event;  ///< None unless one event is to blame.
  std::string kind;       ///< Of that event, "TitleGranted".
  std::string place;      ///< In the file: "bytes 120-4711".
  std::string message;
};

/// How one check went.
struct CheckResult {
  bool applies = false;  ///< False: this source has nothing for it to look at.
  std::uint64_t checked = 0;
  std::uint64_t problems = 0;
  std::string stopped;  ///< Why not everything could be checked; empty when all was.

  bool holds() const { return problems == 0 && stopped.empty(); }
};

/// The outcome of a verification.  Counts every problem and keeps the first ones of each check.
class Report {
 public:
  static constexpr std::uint64_t problems_kept_max = 50;  ///< Of each check.

  /// Says that `check` is done on this source.
  void apply(Check check) { at(check).applies = true; }
  void count(Check check, std::uint64_t number = 1) { at(check).checked += number; }
  void add(Problem problem);
  /// The rest of this check cannot be done.  The first reason stays.
  void stop(Check check, const std::string& why);

  const CheckResult& result(Check check) const { return results_[static_cast<std::size_t>(check)]; }
  /// In the order they were found.
  const std::vector<Problem>& problems() const { return problems_; }
  std::uint64_t problem_count() const;
  /// True only when every check that applies was done to its end without a problem.
  bool verified() const;

  // What was verified.
  events::LogId log;
  events::Epoch epoch;
  std::string origin;
  events::Position position;
  std::string root;        ///< Hexadecimal.
  std::string server_key;  ///< Hexadecimal.

 private:
  CheckResult& at(Check check) { return results_[static_cast<std::size_t>(check)]; }

  std::array<CheckResult, check_count> results_{};
  std::vector<Problem> problems_;
};

}  // namespace verification
