#include "server/commit/intake.h"

#include "events/log/private_content.h"

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

/// Below 2^63 ms, or a difference would not fit; a device may claim any 64-bit time.
std::int64_t seconds_of(events::Timestamp moment) {
  constexpr std::uint64_t greatest = std::numeric_limits<std::int64_t>::max();
  return static_cast<std::int64_t>(std::min(moment.value, greatest)) / 1000;
}

/// An offset with what it may be off: at least `error`, and all of it when it is great.
events::Intake intake_of_offset(std::int64_t offset, std::int64_t error) {
  const std::int64_t size = offset < 0 ? -offset : offset;
  if (size > trusted_offset_seconds) error = std::max(error, size);
  constexpr std::int64_t error_max = std::numeric_limits<std::uint32_t>::max();
  return {.clock_offset_seconds = offset,
          .clock_error_seconds = static_cast<std::uint32_t>(std::min(error, error_max)),
          .content = 0};
}

}  // namespace

events::Intake intake_of_clock(events::Timestamp device_time, events::Timestamp received_at) {
  return intake_of_offset(seconds_of(device_time) - seconds_of(received_at), sample_error_seconds);
}

events::Intake intake_of_transit(events::Timestamp device_time, const BundleTransit& transit) {
  const std::int64_t left = seconds_of(device_time);
  const std::int64_t arrived = seconds_of(transit.arrived_at);
  const std::int64_t contact = seconds_of(transit.contact.server_time);
  const std::int64_t contact_on_device = seconds_of(transit.contact.device_time);
  const std::int64_t offset = contact_on_device - contact;
  const std::int64_t drift = sample_error_seconds + (arrived - contact) / drift_divisor;
  const bool ran_on = transit.contact.exists() && contact <= arrived && left >= contact_on_device &&
                      left - offset <= arrived + drift;
  if (ran_on) return intake_of_offset(offset, drift);
  // The clock was set since, or never compared.  If it is not ahead it may be right.
  if (left <= arrived) return intake_of_offset(0, sample_error_seconds + arrived - left);
  return intake_of_clock(device_time, transit.arrived_at);
}

Result<std::vector<events::Intake>> intake_of(const PushedRun& run, std::size_t first,
                                              const events::PrivateStore& store,
                                              events::Timestamp received_at) {
  const events::Intake clock = run.transit ? intake_of_transit(run.device_time, *run.transit)
                                           : intake_of_clock(run.device_time, received_at);
  std::vector<events::Intake> intakes(run.events.size() - first, clock);
  const Records records(run, store);
  for (std::size_t index = first; index < run.events.size(); ++index) {
    const events::Event& event = run.events[index];
    const std::optional<Digest> digest = events::private_digest_of(event.payload);
    if (!digest) continue;
    const Result<std::optional<events::PrivateRecord>> record = records.find(*digest);
    if (!record) return record.error();
    if (!*record) {
      if (event.id().seq() <= run.promised_upto) continue;  // Its content stays unchecked.
      return Error{ErrorCode::private_missing,
                   "the private record of event " + to_string(event.id()) + " has not come"};
    }
    intakes[index - first].content =
        events::check_private_content(static_cast<events::EventType>(event.header.type), **record,
                                      events::day_in_vietnam(received_at));
  }
  return intakes;
}

}  // namespace server
