#include "server/commit/enrolment.h"

#include "events/check.h"

#include <utility>
#include <vector>

namespace server {

using events::Error;
using events::ErrorCode;
using events::EventId;
using events::PersonId;
using events::Result;
using events::protocol::Enrol;
using events::protocol::Enrolled;

namespace {

constexpr EventId founder_event{events::system_chain, 2};
constexpr events::ChainNumber founding_chain{2};

}  // namespace

events::Digest code_digest_of(std::string_view code) {
  return events::sha256(events::bytes_of(code));
}

Result<Enrolled> Enrolment::enrol(const Enrol& request, events::Timestamp now) {
  if (request.founding) return found(request, now);

  const projections::Access& access = pipeline_.state().access();
  const projections::Offer* const offer = access.offer_of_code(code_digest_of(request.code));
  if (offer == nullptr) return Error{ErrorCode::enrolment_refused, "no such code"};
  if (!offer->device.is_none()) {
    const projections::Device* const device = access.device(offer->device);
    if (device != nullptr && device->public_key == request.public_key && !device->revoked) {
      return answer(*device, now);
    }
    return Error{ErrorCode::enrolment_refused, "the code was spent"};
  }
  if (offer->expires < now) return Error{ErrorCode::enrolment_refused, "the code has expired"};

  std::vector<Pipeline::SystemEvent> enrolment;
  const events::ChainNumber chain = access.next_chain();
  enrolment.push_back(
      {std::nullopt, events::DeviceEnrolled{offer->id, request.code, chain, request.public_key,
                                            offer->persons, request.label}});
  const Result<EventId> appended = pipeline_.append_system(std::move(enrolment), now);
  if (!appended) return appended.error();
  const projections::Device* const device = pipeline_.state().access().device_of(chain);
  CHECK(device != nullptr, "the enrolment took effect");
  return answer(*device, now);
}

Result<Enrolled> Enrolment::found(const Enrol& request, events::Timestamp now) {
  if (pipeline_.log().head().position.value > 0) {
    // Only who holds the founder's key can have signed the proof; the answer was lost.
    const projections::Device* const device = pipeline_.state().access().device_of(founding_chain);
    if (device != nullptr && device->public_key == request.public_key && !device->revoked) {
      return answer(*device, now);
    }
    return Error{ErrorCode::enrolment_refused, "the log is founded already"};
  }
  if (!founding_code_ || code_digest_of(request.code) != *founding_code_) {
    return Error{ErrorCode::enrolment_refused, "not the founding code"};
  }

  const events::PrivateRecord& administrator = request.founding->administrator;
  if (auto stored = pipeline_.store_private({&administrator, 1}); !stored) return stored.error();

  const PersonId founder{founder_event};
  events::PersonIntroduced person;
  person.private_digest = administrator.digest();
  // From day 0: the root of authority has no day on which it began, and registers are entered
  // with the days on their papers, which lie before the founding.
  events::RoleGranted grant;
  grant.person = founder;
  grant.role = events::Role::registrar;
  events::DeviceEnrolled device;
  device.chain = founding_chain;
  device.public_key = request.public_key;
  device.persons = {founder};
  device.label = request.label;

  std::vector<Pipeline::SystemEvent> founding;
  founding.push_back(
      {std::nullopt, events::LogFounded{pipeline_.log().head().log, request.founding->origin,
                                        pipeline_.server_key()}});
  founding.push_back({std::nullopt, person});
  founding.push_back({std::nullopt, grant});
  founding.push_back({std::nullopt, device});
  const Result<EventId> appended = pipeline_.append_system(std::move(founding), now);
  if (!appended) return appended.error();
  const projections::Device* const enrolled = pipeline_.state().access().device_of(founding_chain);
  CHECK(enrolled != nullptr, "the enrolment took effect");
  return answer(*enrolled, now);
}

Enrolled Enrolment::answer(const projections::Device& device, events::Timestamp now) const {
  return {pipeline_.log().head().log, device.chain,   device.id,
          pipeline_.server_key(),     device.persons, now};
}

}  // namespace server
