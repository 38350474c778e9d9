#include "tests/sim/server_host.h"
#include "tests/sim/violation.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

// Quotas of the simulated server: narrow ones, which floods meet and honest work never does.

namespace sim {
namespace {

constexpr std::uint64_t unknown_events_a_day = 10;

}  // namespace

server::QuotaLimits ServerHost::quotas() const {
  server::QuotaLimits limits;
  if (calm_) return limits;
  limits.of_device.unknown_events =
      plant_ == Plant::quota_ignored ? ~std::uint64_t{0} / 32 : unknown_events_a_day;
  return limits;
}

bool ServerHost::is_over_quota(const events::DeviceBlock& run) const {
  if (calm_) return false;
  std::uint64_t unknown = 0;
  for (const events::Bytes& canonical : run.events) {
    const auto event = events::read_event(canonical);
    if (!event || !events::is_whole(*event)) ++unknown;
  }
  std::uint64_t taken = 0;  // On the day on which it took most.
  const std::uint32_t family = state().access().family_of(run.chain).value;
  for (const auto& [family_day, count] : unknown_events_taken()) {
    if (family_day.first == family) taken = std::max(taken, count);
  }
  return unknown > 0 && taken + unknown > unknown_events_a_day;
}

ServerHost::OfFamilies ServerHost::unknown_events_taken() const {
  OfFamilies unknown;
  OfFamilies today;
  events::Day last;
  visit_log([&](const events::StoredEvent& stored) {
    // A clock that comes back to a day begins it anew: nobody but the operator moves it.
    const events::Day day = events::day_in_vietnam(stored.received_at);
    if (std::exchange(last, day) != day) today.clear();
    if (events::is_whole(stored.event)) return;
    const std::uint32_t family = state().access().family_of(stored.event.header.chain).value;
    std::uint64_t& most = unknown[{family, day.value}];
    most = std::max(most, ++today[{family, day.value}]);
  });
  return unknown;
}

ServerHost::OfFamilies ServerHost::quota_factors() const {
  OfFamilies factors;
  const projections::Access& access = state().access();
  visit_log([&](const events::StoredEvent& stored) {
    const auto* const raised = std::get_if<events::QuotaRaised>(&stored.event.payload);
    if (raised == nullptr || stored.verdict.code == events::VerdictCode::refused) return;
    const projections::Device* const device = access.device(raised->device);
    if (device == nullptr) return;
    std::uint64_t& factor = factors[{access.family_of(device->chain).value, raised->day.value}];
    factor = std::max<std::uint64_t>(factor, raised->factor);
  });
  return factors;
}

void ServerHost::visit_log(const std::function<void(const events::StoredEvent&)>& visit) const {
  const events::ReaderScope everything{.whole_log = true, .units = {}};
  for (events::Position after;;) {
    events::Position scanned_to;
    const std::optional<events::Bytes> encoded = *log().next_block(everything, after, &scanned_to);
    if (!encoded) return;
    const events::StoredBlock block = *events::decode_stored_block(*encoded);
    after = block.last();
    for (const events::StoredEvent& stored : *events::stored_events(block)) visit(stored);
  }
}

void ServerHost::check_quotas() const {
  const OfFamilies factors = quota_factors();
  for (const auto& [family_day, count] : unknown_events_taken()) {
    const auto raised = factors.find(family_day);
    const std::uint64_t factor = raised == factors.end() ? 1 : raised->second;
    require(count <= unknown_events_a_day * factor, Promise::bounded, [&] {
      return "the device of chain " + std::to_string(family_day.first) + " put in " +
             std::to_string(count) + " events of unknown kinds on one day";
    });
  }
}

}  // namespace sim
