#pragma once

#include "clients/core/acts/draft.h"

#include <string>
#include <vector>

namespace clients::acts {

// Roles and devices.  Texts as typed.

/// A role that a person is given.
struct NewGrant {
  events::PersonId person;
  events::Role role{};
  events::UnitId unit;  ///< None: the whole log.
  events::Day valid_from;
  events::Day valid_to;  ///< First day without it; 0: no end.
  std::string basis;     ///< The document; may be empty.
};
events::Result<events::RoleGrantId> grant_role(Draft& draft, const Occasion& occasion,
                                               const NewGrant& grant);

/// The end of a role.
struct GrantEnd {
  events::RoleGrantId grant;
  events::Day effective;  ///< First day without it.
  std::string basis;
};
events::Result<void> revoke_role(Draft& draft, const Occasion& occasion, const GrantEnd& end);

/// An offer to enrol one device.
struct NewOffer {
  std::vector<events::PersonId> persons;  ///< Who may be unlocked on the device.
  events::Digest code_digest;             ///< SHA-256 of the code's 16 letters and digits.
  events::Timestamp expires;
};
events::OfferId offer_enrolment(Draft& draft, const Occasion& occasion, const NewOffer& offer);
/// When an offer made now ends, which holds for `days`.
/// Errors:  invalid_argument: not 1 to 60 days.
events::Result<events::Timestamp> offer_end(std::uint32_t days, events::Timestamp now);

/// Nothing that the device says counts any more.
events::Result<void> revoke_device(Draft& draft, const Occasion& occasion, events::DeviceId device,
                                   std::string_view reason);
/// The device may put in `factor` times the usual quota on one day.
/// Errors:  invalid_argument: not 2 to 20 times.
events::Result<void> raise_quota(Draft& draft, const Occasion& occasion, events::DeviceId device,
                                 events::Day day, std::uint16_t factor);

/// The grant that somebody is about to end.
/// Errors:  not_found.
/// Lifetime: that of `state`, unchanged.
events::Result<const projections::Grant*> grant_of(const projections::State& state,
                                                   events::RoleGrantId id);
/// The device that somebody is about to revoke.
/// Errors:  not_found.
events::Result<const projections::Device*> device_of(const projections::State& state,
                                                     events::DeviceId id);

}  // namespace clients::acts
