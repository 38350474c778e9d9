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

void ServerHost::check_quotas() const {
  using FamilyDay = std::pair<std::uint32_t, std::uint32_t>;
  const projections::Access& access = state().access();
  std::map<FamilyDay, std::uint64_t> unknown;
  std::map<FamilyDay, std::uint64_t> factors;
  const events::ReaderScope everything{.whole_log = true, .units = {}};
  for (events::Position after;;) {
    events::Position scanned_to;
    const std::optional<events::Bytes> encoded = *log().next_block(everything, after, &scanned_to);
    if (!encoded) break;
    const events::StoredBlock block = *events::decode_stored_block(*encoded);
    after = block.last();
    const std::uint32_t family = access.family_of(block.chain).value;
    for (const events::StoredEvent& stored : *events::stored_events(block)) {
      const events::Payload& payload = stored.event.payload;
      if (std::holds_alternative<events::UnknownPayload>(payload)) {
        ++unknown[{family, events::day_in_vietnam(stored.received_at).value}];
      }
      const auto* const raised = std::get_if<events::QuotaRaised>(&payload);
      if (raised == nullptr || stored.verdict.code == events::VerdictCode::refused) continue;
      const projections::Device* const device = access.device(raised->device);
      if (device == nullptr) continue;
      std::uint64_t& factor = factors[{access.family_of(device->chain).value, raised->day.value}];
      factor = std::max<std::uint64_t>(factor, raised->factor);
    }
  }
  for (const auto& [family_day, count] : unknown) {
    const auto raised = factors.find(family_day);
    const std::uint64_t factor = raised == factors.end() ? 1 : raised->second;
    require(count <= unknown_events_a_day * factor, Promise::bounded, [&] {
      return "the device of chain " + std::to_string(family_day.first) + " put in " +
             std::to_string(count) + " events of unknown kinds on one day";
    });
  }
}

}  // namespace sim
