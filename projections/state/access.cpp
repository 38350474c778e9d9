#include "projections/state/access.h"

#include "events/base/ranges.h"
#include "events/protocol/limits.h"

#include <algorithm>

namespace projections {

std::optional<events::Day> Grant::end() const {
  if (valid_to.value == 0) return revoked_from;
  return revoked_from ? std::min(valid_to, *revoked_from) : valid_to;
}

void Access::apply(const EffectiveEvent& effective) {
  const events::EventId id = effective.event.id();
  events::match(
      effective.event.payload,
      [&](const events::LogFounded& e) {
        log_ = e.log;
        server_key_ = e.server_key;
      },
      [&](const events::SealingKeyPublished& e) { sealing_key_ = e.key; },
      [&](const events::RoleGranted& e) {
        grants_.insert({events::RoleGrantId{id}, e.person, e.role, e.unit, e.valid_from, e.valid_to,
                        std::nullopt, events::Position{}, events::Day{}});
      },
      [&](const events::RoleRevoked& e) {
        Grant* const grant = grants_.edit(e.grant.key());
        if (grant == nullptr) return;
        // The earliest of several revocations counts.
        if (!grant->revoked_from || e.effective < *grant->revoked_from) {
          grant->revoked_from = e.effective;
          if (grant->revoked_at.value != 0) return;
          grant->revoked_at = effective.position;
          grant->revoked_on = events::day_in_vietnam(effective.received_at);
        }
      },
      [&](const events::EnrolmentOffered& e) {
        const events::EventHeader& header = effective.event.header;
        offers_.insert({events::OfferId{id},
                        e.persons,
                        e.code_digest,
                        e.expires,
                        {},
                        header.role_grant,
                        header.chain});
      },
      [&](const events::DeviceEnrolled& e) {
        devices_.insert({events::DeviceId{id},
                         e.chain,
                         e.public_key,
                         e.persons,
                         e.label,
                         effective.received_at,
                         false,
                         {},
                         0,
                         effective.position,
                         {},
                         {},
                         effective.received_at,
                         {},
                         1});
        if (Offer* const offer = offers_.edit(e.offer.key())) offer->device = events::DeviceId{id};
      },
      [&](const events::ChainContinued& e) {
        // What it records again was recorded after its first enrolment.
        const Device* const old = devices_.find(e.old_chain.value);
        const events::Timestamp enrolled_at =
            old == nullptr ? effective.received_at : old->enrolled_at;
        devices_.insert({events::DeviceId{id},
                         e.chain,
                         e.public_key,
                         e.persons,
                         e.label,
                         enrolled_at,
                         false,
                         e.old_chain,
                         e.common_seq,
                         effective.position,
                         {},
                         {},
                         effective.received_at,
                         {},
                         1});
      },
      [&](const events::DeviceRevoked& e) {
        if (const Device* const device = this->device(e.device)) {
          revoke_family(family_of(device->chain), effective.position);
        }
      },
      [&](const events::QuotaRaised& e) {
        const Device* const device = this->device(e.device);
        if (device == nullptr) return;
        Device& row = *devices_.edit(device->chain.value);
        row.quota_day = e.day;
        row.quota_factor = e.factor;
      },
      [&](const events::ScopePurged& e) {
        if (const Device* const device = this->device(e.device)) {
          Device& row = *devices_.edit(device->chain.value);
          row.purged_as_of = std::max(row.purged_as_of, e.as_of);
        }
      },
      [&](const events::ClockCorrected& e) {
        // No device was enrolled later than now; or its own clock would be called wrong for days.
        for (std::uint32_t chain = 1; chain < next_chain().value; ++chain) {
          Device* const row = devices_.edit(chain);
          if (row != nullptr) row->enrolled_at = std::min(row->enrolled_at, e.after);
        }
      },
      [](const auto&) { /* No other event moves access. */ });
}

void Access::revoke_family(events::ChainNumber first, events::Position at) {
  for (const Device& device : devices_) {
    if (family_of(device.chain) != first) continue;
    Device& row = *devices_.edit(device.chain.value);
    row.revoked = true;
    if (row.revoked_at.value == 0) row.revoked_at = at;
  }
}

events::ChainNumber Access::family_of(events::ChainNumber chain) const {
  const Device* device = device_of(chain);
  // A chain continues one that was there before it, so that the walk ends.
  while (device != nullptr && device->continues.value != 0) {
    chain = device->continues;
    device = device_of(chain);
  }
  return chain;
}

std::optional<ContinuationFault> Access::continuation_fault(events::ChainNumber chain,
                                                            events::Timestamp now) const {
  const Device* const asking = device_of(chain);
  if (asking == nullptr) return ContinuationFault::unknown;
  if (asking->revoked) return ContinuationFault::revoked;
  const events::ChainNumber first = family_of(chain);
  std::size_t in_all = 0;
  std::size_t a_day = 0;
  for (const Device& device : devices_) {
    if (device.continues.value == 0 || family_of(device.chain) != first) continue;
    ++in_all;
    if (device.chain_since.value + events::milliseconds_per_day > now.value) ++a_day;
  }
  if (in_all >= events::protocol::continuations_max) return ContinuationFault::in_all;
  if (a_day >= family_continuations_a_day) return ContinuationFault::a_day;
  return std::nullopt;
}

bool Access::made(events::ChainNumber chain, events::EventId event) const {
  if (event.chain() == chain) return true;
  for (const Device* device = device_of(chain); device != nullptr;
       device = device_of(device->continues)) {
    if (device->continues == event.chain()) return event.seq() <= device->common_seq;
  }
  return false;
}

const Device* Access::device(events::DeviceId id) const {
  const auto found = events::ranges::find(devices_, id, &Device::id);
  return found == devices_.end() ? nullptr : &*found;
}

const Offer* Access::offer_of_code(const events::Digest& code_digest) const {
  const auto found = events::ranges::find(offers_, code_digest, &Offer::code_digest);
  return found == offers_.end() ? nullptr : &*found;
}

events::ChainNumber Access::next_chain() const {
  std::uint32_t last = events::system_chain.value;
  for (const Device& device : devices_) last = std::max(last, device.chain.value);
  return events::ChainNumber{last + 1};
}

}  // namespace projections
