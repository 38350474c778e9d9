#include "server/commit/quota.h"

#include <algorithm>
#include <string>
#include <variant>

namespace server {

using events::ChainNumber;
using events::Error;
using events::ErrorCode;
using events::Result;

namespace {

struct Count {
  std::uint64_t QuotaUse::*number;
  const char* what;
  bool is_known_before;  ///< Before events are judged.
};

constexpr Count counts[] = {
    {&QuotaUse::events, "events", true},
    {&QuotaUse::event_bytes, "bytes of events", true},
    {&QuotaUse::held_events, "held events", false},
    {&QuotaUse::unknown_events, "events of unknown kinds", true},
    {&QuotaUse::reference_events, "events in everybody's scope", false},
    {&QuotaUse::private_bytes, "bytes of private records", true},
    {&QuotaUse::parked_runs, "runs that wait for those before them", true},
};

void add(QuotaUse& sum, const QuotaUse& more) {
  for (const Count& count : counts) sum.*count.number += more.*count.number;
}

bool has_registrar(const projections::Access& access, const projections::Device& device,
                   events::Day day) {
  return std::ranges::any_of(access.grants(), [&](const projections::Grant& grant) {
    return grant.role == events::Role::registrar && grant.is_valid_on(day) &&
           std::ranges::find(device.persons, grant.person) != device.persons.end();
  });
}

}  // namespace

QuotaLimits times(std::uint64_t factor, QuotaLimits limits) {
  for (const Count& count : counts) limits.of_device.*count.number *= factor;
  limits.registrar_reference_events *= factor;
  return limits;
}

std::uint64_t quota_factor_of(const projections::Access& access, ChainNumber chain,
                              events::Day day) {
  std::uint64_t factor = 1;
  for (const projections::Device* device = access.device_of(chain); device != nullptr;
       device = device->continues < device->chain ? access.device_of(device->continues) : nullptr) {
    if (device->quota_day == day) factor = std::max<std::uint64_t>(factor, device->quota_factor);
  }
  return factor;
}

QuotaUse QuotaLedger::limits_of(const projections::Access& access, ChainNumber chain,
                                events::Day day, const QuotaUse& used) const {
  QuotaUse limits = limits_.of_device;
  const std::uint64_t factor = quota_factor_of(access, chain, day);
  const projections::Device* const device = access.device_of(chain);
  // Looking through all grants is for the few who import units.
  if (used.reference_events >= limits.reference_events && device != nullptr &&
      has_registrar(access, *device, day)) {
    limits.reference_events = limits_.registrar_reference_events;
  }
  for (const Count& count : counts) limits.*count.number *= factor;
  return limits;
}

Result<void> QuotaLedger::check(const projections::Access& access, ChainNumber chain,
                                const QuotaUse& more, events::Timestamp now) const {
  const QuotaUse used = this->used(access, chain, now);
  const QuotaUse limits = limits_of(access, chain, events::day_in_vietnam(now), used);
  for (const Count& count : counts) {
    const std::uint64_t limit = limits.*count.number;
    const std::uint64_t wanted = used.*count.number + more.*count.number;
    const bool fits = count.is_known_before ? wanted <= limit || more.*count.number == 0
                                            : used.*count.number < limit;
    if (fits) continue;
    return Error{ErrorCode::quota, "quota: " + std::to_string(limit) + " " + count.what +
                                       " a day; the rest goes tomorrow, or today when an "
                                       "administrator raises the quota"};
  }
  return {};
}

void QuotaLedger::charge(const projections::Access& access, ChainNumber chain, const QuotaUse& more,
                         events::Timestamp now) {
  const events::Day day = events::day_in_vietnam(now);
  if (day != day_) used_.clear();
  day_ = day;
  add(used_[access.family_of(chain).value], more);
}

void QuotaLedger::refund(const projections::Access& access, ChainNumber chain, const QuotaUse& less,
                         events::Timestamp now) {
  const auto found = used_.find(access.family_of(chain).value);
  if (found == used_.end() || events::day_in_vietnam(now) != day_) return;
  for (const Count& count : counts) {
    std::uint64_t& number = found->second.*count.number;
    number -= std::min(number, less.*count.number);
  }
}

QuotaUse QuotaLedger::used(const projections::Access& access, ChainNumber chain,
                           events::Timestamp now) const {
  if (events::day_in_vietnam(now) != day_) return {};
  const auto found = used_.find(access.family_of(chain).value);
  return found == used_.end() ? QuotaUse{} : found->second;
}

void add_event(QuotaUse& cost, const events::Event& event) {
  ++cost.events;
  cost.event_bytes += event.canonical.size();
  if (!events::is_whole(event)) ++cost.unknown_events;
}

QuotaUse cost_of(const PushedRun& run, std::size_t first) {
  QuotaUse cost;
  for (std::size_t index = first; index < run.events.size(); ++index) {
    add_event(cost, run.events[index]);
  }
  cost.private_bytes = record_bytes_of(run);
  return cost;
}

std::uint64_t record_bytes_of(const PushedRun& run) {
  std::uint64_t bytes = 0;
  for (const events::PrivateRecord& record : run.records) {
    bytes += record.salt.size() + record.bytes.size();
  }
  return bytes;
}

QuotaUse cost_of_verdict(const events::StoredEvent& stored, const events::ScopeSet& scope) {
  QuotaUse cost;
  if (stored.verdict.code == events::VerdictCode::held) cost.held_events = 1;
  if (scope.contains(events::reference_scope)) cost.reference_events = 1;
  return cost;
}

}  // namespace server
