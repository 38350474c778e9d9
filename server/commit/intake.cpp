#include "server/commit/intake.h"

#include "events/private_record.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>

namespace server {
namespace {

using events::Digest;
using events::Error;
using events::ErrorCode;
using events::Result;

int year_in_vietnam(events::Timestamp moment) {
  return events::calendar_date(events::day_in_vietnam(moment)).year;
}

/// Finds private records: those of the run itself first, so that a fresh push reads no disk.
class Records {
 public:
  Records(const PushedRun& run, const events::PrivateStore& store) : store_(store) {
    for (const events::PrivateRecord& record : run.records)
      of_run_.emplace(record.digest(), record);
  }

  Result<std::optional<events::PrivateRecord>> find(const Digest& digest) const {
    const auto found = of_run_.find(digest);
    if (found != of_run_.end()) return std::optional<events::PrivateRecord>{found->second};
    return store_.get(digest);
  }

 private:
  const events::PrivateStore& store_;
  std::map<Digest, events::PrivateRecord> of_run_;
};

}  // namespace

events::Intake intake_of_clock(events::Timestamp device_time, events::Timestamp received_at) {
  // Both below 2^63 ms, or the difference would not fit; a device may claim any 64-bit time.
  constexpr std::uint64_t greatest = std::numeric_limits<std::int64_t>::max();
  const auto device = static_cast<std::int64_t>(std::min(device_time.value, greatest));
  const auto server = static_cast<std::int64_t>(std::min(received_at.value, greatest));
  const std::int64_t offset = device / 1000 - server / 1000;
  const std::int64_t size = offset < 0 ? -offset : offset;
  constexpr std::int64_t error_max = std::numeric_limits<std::uint32_t>::max();
  const std::uint32_t error = size <= trusted_offset_seconds
                                  ? sample_error_seconds
                                  : static_cast<std::uint32_t>(std::min(size, error_max));
  return {.clock_offset_seconds = offset, .clock_error_seconds = error, .content = 0};
}

Result<std::vector<events::Intake>> intake_of(const PushedRun& run, std::size_t first,
                                              const events::PrivateStore& store,
                                              events::Timestamp received_at) {
  const events::Intake clock = intake_of_clock(run.device_time, received_at);
  std::vector<events::Intake> intakes(run.events.size() - first, clock);
  const Records records(run, store);
  for (std::size_t index = first; index < run.events.size(); ++index) {
    const events::Event& event = run.events[index];
    const std::optional<Digest> digest = events::private_digest_of(event.payload);
    if (!digest) continue;
    const Result<std::optional<events::PrivateRecord>> record = records.find(*digest);
    if (!record) return record.error();
    if (!*record) {
      return Error{ErrorCode::private_missing,
                   "the private record of event " + to_string(event.id()) + " has not come"};
    }
    intakes[index - first].content = events::check_private_content(
        static_cast<events::EventType>(event.header.type), **record, year_in_vietnam(received_at));
  }
  return intakes;
}

}  // namespace server
