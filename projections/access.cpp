#include "projections/access.h"

#include <algorithm>

namespace projections {

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
                        std::nullopt, events::Position{}});
      },
      [&](const events::RoleRevoked& e) {
        Grant* const grant = grants_.find(e.grant.key());
        if (grant == nullptr) return;
        // The earliest of several revocations counts.
        if (!grant->revoked_from || e.effective < *grant->revoked_from) {
          grant->revoked_from = e.effective;
          if (grant->revoked_at.value == 0) grant->revoked_at = effective.position;
        }
      },
      [&](const events::EnrolmentOffered& e) {
        offers_.insert({events::OfferId{id}, e.persons, e.code_digest, e.expires, {}});
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
                         {}});
        if (Offer* const offer = offers_.find(e.offer.key())) offer->device = events::DeviceId{id};
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
                         {}});
      },
      [&](const events::DeviceRevoked& e) {
        if (const Device* const device = this->device(e.device)) {
          Device& row = *devices_.find(device->chain.value);
          row.revoked = true;
          if (row.revoked_at.value == 0) row.revoked_at = effective.position;
        }
      },
      [&](const events::ScopePurged& e) {
        if (const Device* const device = this->device(e.device)) {
          Device& row = *devices_.find(device->chain.value);
          row.purged_as_of = std::max(row.purged_as_of, e.as_of);
        }
      },
      [](const auto&) { /* No other event moves access. */ });
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
  const auto found = std::ranges::find(devices_, id, &Device::id);
  return found == devices_.end() ? nullptr : &*found;
}

const Offer* Access::offer_of_code(const events::Digest& code_digest) const {
  const auto found = std::ranges::find(offers_, code_digest, &Offer::code_digest);
  return found == offers_.end() ? nullptr : &*found;
}

events::ChainNumber Access::next_chain() const {
  std::uint32_t last = events::system_chain.value;
  for (const Device& device : devices_) last = std::max(last, device.chain.value);
  return events::ChainNumber{last + 1};
}

}  // namespace projections
