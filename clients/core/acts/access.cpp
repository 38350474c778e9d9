#include "clients/core/acts/access.h"

#include "clients/core/acts/typed_text.h"

#include <utility>

namespace clients::acts {

using events::Error;
using events::ErrorCode;
using events::Result;

namespace {

constexpr std::uint32_t offer_days_min = 1;
constexpr std::uint32_t offer_days_max = 60;
constexpr std::uint16_t quota_factor_min = 2;
constexpr std::uint16_t quota_factor_max = 20;

}  // namespace

Result<events::RoleGrantId> grant_role(Draft& draft, const Occasion& occasion,
                                       const NewGrant& grant) {
  events::RoleGranted granted{grant.person,     grant.role,     grant.unit,
                              grant.valid_from, grant.valid_to, grant.basis};
  if (Result<void> clean = clean_texts({&granted.basis}); !clean) return clean.error();
  return events::RoleGrantId{draft.add(occasion, std::move(granted))};
}

Result<void> revoke_role(Draft& draft, const Occasion& occasion, const GrantEnd& end) {
  events::RoleRevoked revoked{end.grant, end.effective, end.basis};
  if (Result<void> clean = clean_texts({&revoked.basis}); !clean) return clean;
  draft.add(occasion, std::move(revoked), access_stream_of(end.grant.event));
  return {};
}

events::OfferId offer_enrolment(Draft& draft, const Occasion& occasion, const NewOffer& offer) {
  return events::OfferId{draft.add(
      occasion, events::EnrolmentOffered{offer.persons, offer.code_digest, offer.expires})};
}

Result<events::Timestamp> offer_end(std::uint32_t days, events::Timestamp now) {
  if (days < offer_days_min || days > offer_days_max) {
    return Error{ErrorCode::invalid_argument, "Hạn của mã mời là từ " +
                                                  std::to_string(offer_days_min) + " đến " +
                                                  std::to_string(offer_days_max) + " ngày."};
  }
  return events::Timestamp{now.value + days * events::milliseconds_per_day};
}

Result<void> revoke_device(Draft& draft, const Occasion& occasion, events::DeviceId device,
                           std::string_view reason) {
  events::DeviceRevoked revoked{device, std::string(reason)};
  if (Result<void> clean = clean_texts({&revoked.reason}); !clean) return clean;
  draft.add(occasion, std::move(revoked), access_stream_of(device.event));
  return {};
}

Result<void> raise_quota(Draft& draft, const Occasion& occasion, events::DeviceId device,
                         events::Day day, std::uint16_t factor) {
  if (factor < quota_factor_min || factor > quota_factor_max) {
    return Error{ErrorCode::invalid_argument,
                 "--factor " + std::to_string(factor) + ": hạn mức nâng từ 2 đến 20 lần."};
  }
  draft.add(occasion, events::QuotaRaised{device, day, factor}, access_stream_of(device.event));
  return {};
}

Result<const projections::Grant*> grant_of(const projections::State& state,
                                           events::RoleGrantId id) {
  const projections::Grant* const grant = state.access().grant(id);
  if (grant != nullptr) return grant;
  return Error{ErrorCode::not_found,
               "Không có giao vai trò " + to_string(id) + " trên thiết bị này; xem lệnh grants."};
}

Result<const projections::Device*> device_of(const projections::State& state, events::DeviceId id) {
  const projections::Device* const device = state.access().device(id);
  if (device != nullptr) return device;
  return Error{ErrorCode::not_found,
               "Không có thiết bị " + to_string(id) + " trong sổ của máy này; xem lệnh devices."};
}

}  // namespace clients::acts
