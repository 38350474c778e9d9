#include "projections/verification/report.h"

#include "events/base/ranges.h"

#include <algorithm>
#include <utility>

namespace verification {
namespace {

struct Words {
  const char* name;
  const char* title;
  const char* unit;
};

constexpr std::array<Words, check_count> words = {{
    {"file", "the file is whole: digests of every record and of all of it", "records"},
    {"tables", "the database is whole: checksums of every table", "databases"},
    {"high_water", "the log is not shorter than its high-water file says", "files"},
    {"blocks", "every block and every event can be read", "blocks"},
    {"positions", "positions are dense", "events"},
    {"chains", "every event follows the one before it in its chain (seq and hash)", "events"},
    {"signatures", "every event is covered by a signature of its chain's key (Ed25519)", "events"},
    {"leaves", "leaf hashes are those written beside the blocks", "events"},
    {"roots", "Merkle roots (RFC 6962) after every block and at the head", "roots"},
    {"received", "times of receipt never fall", "blocks"},
    {"verdicts", "judging again gives the verdicts that are stored", "events"},
    {"scopes", "judging again gives the scopes that are stored", "events"},
    {"system_events", "the server appended exactly what it owed", "events"},
    {"checkpoints", "folding again gives the projections the server had", "checkpoints"},
    {"private_records", "every private record has its digest", "records"},
    {"evidence_files", "every file of evidence has its digest, and none is missing", "files"},
}};

const Words& words_of(Check check) { return words[static_cast<std::size_t>(check)]; }

}  // namespace

std::array<Check, check_count> all_checks() {
  std::array<Check, check_count> checks{};
  for (std::size_t index = 0; index < check_count; ++index) {
    checks[index] = static_cast<Check>(index);
  }
  return checks;
}

const char* name_of(Check check) { return words_of(check).name; }
const char* title_of(Check check) { return words_of(check).title; }
const char* unit_of(Check check) { return words_of(check).unit; }

void Report::add(Problem problem) {
  CheckResult& result = at(problem.check);
  result.applies = true;
  result.problems += 1;
  if (result.problems <= problems_kept_max) problems_.push_back(std::move(problem));
}

void Report::stop(Check check, const std::string& why) {
  CheckResult& result = at(check);
  if (result.stopped.empty()) result.stopped = why;
}

std::uint64_t Report::problem_count() const {
  std::uint64_t count = 0;
  for (const CheckResult& result : results_) count += result.problems;
  return count;
}

bool Report::verified() const {
  const bool any = events::ranges::any_of(results_, [](const CheckResult& r) { return r.applies; });
  return any && events::ranges::all_of(results_, [](const CheckResult& result) {
           return !result.applies || result.holds();
         });
}

}  // namespace verification
