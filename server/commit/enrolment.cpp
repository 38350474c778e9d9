#include "server/commit/enrolment.h"

#include "events/base/check.h"
#include "events/base/text_limits.h"
#include "events/log/find_bad_text.h"
#include "events/protocol/incarnation_messages.h"
#include "projections/rules/power.h"
#include "server/commit/batch.h"

#include <algorithm>
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

/// V70 for what no device's chain holds: the label of a device, the name of the log.
Result<void> check_words(std::string_view field, const std::string& text, std::size_t bytes_max) {
  const std::optional<events::TextFault> fault = events::check_text(text, bytes_max, false);
  if (!fault) return {};
  const events::BadText bad{*fault, std::string(field), text.size(), 0, bytes_max};
  return Error{ErrorCode::enrolment_refused, bad.explain()};
}

/// The last event of the old chain that the device and the log share.
/// Errors: enrolment_refused: the log has nothing of the chain that the device lacks, so that it
///         simply goes on with the chain; log_diverged, storage_failed.
Result<std::uint64_t> find_common(const events::EventLog& log, const projections::Device& old,
                                  const events::protocol::NewChain& request) {
  const Result<events::ChainHead> head = log.chain_head(old.chain);
  if (!head) return head.error();
  if (request.common_seq > head->seq) {
    return Error{ErrorCode::log_diverged, "the log has lost events it had acknowledged"};
  }
  const auto hash_at = [&](std::uint64_t seq) -> Result<events::Digest> {
    if (seq == 0) return events::chain_start(old.chain, old.public_key);
    return stored_hash_at(log, old.chain, seq);
  };
  const Result<events::Digest> known = hash_at(request.common_seq);
  if (!known) return known.error();
  if (*known != request.common_hash) {
    return Error{ErrorCode::log_diverged, "the log holds other events than were acknowledged"};
  }
  // A chain hash covers all before it: once two differ, they differ for good.
  std::uint64_t same = request.common_seq;
  std::uint64_t differs = std::min(head->seq, same + request.hashes.size()) + 1;
  while (same + 1 < differs) {
    const std::uint64_t middle = same + (differs - same) / 2;
    const Result<events::Digest> hash = hash_at(middle);
    if (!hash) return hash.error();
    const std::uint64_t claimed = request.hashes[middle - request.common_seq - 1];
    (events::fingerprint_of(*hash) == claimed ? same : differs) = middle;
  }
  if (same == head->seq) {
    return Error{ErrorCode::enrolment_refused,
                 "the log knows no other branch of the chain: go on with it and greet again"};
  }
  return same;
}

Error error_of(projections::ContinuationFault fault) {
  using enum projections::ContinuationFault;
  switch (fault) {
    case unknown:
      return {ErrorCode::not_enrolled, "the log does not know this chain"};
    case revoked:
      return {ErrorCode::revoked, "the device was revoked"};
    case in_all:
      return {ErrorCode::enrolment_refused,
              "the device was continued too often: revoke it and invite it anew"};
    case a_day:
      return {ErrorCode::enrolment_refused,
              "the device was continued too often today: try again tomorrow, or revoke it"};
  }
  return {ErrorCode::enrolment_refused, "the device may not be continued"};
}

}  // namespace

events::Digest code_digest_of(std::string_view code) {
  return events::sha256(events::bytes_of(code));
}

Result<Enrolled> Enrolment::enrol(const Enrol& request, events::Timestamp now) {
  if (auto sound = check_words("label", request.label, events::text_limits::device_label); !sound) {
    return sound.error();
  }
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
  // The rule asks by the time of receipt, which may be after now.
  if (offer->expires < pipeline_.time_of_receipt(now)) {
    return Error{ErrorCode::enrolment_refused, "the code has expired"};
  }
  if (!projections::stands(pipeline_.state(), *offer, events::day_in_vietnam(now))) {
    return Error{ErrorCode::enrolment_refused,
                 "whoever gave the code may not invite these people any more: ask for a new one"};
  }

  std::vector<events::Payload> enrolment;
  const events::ChainNumber chain = access.next_chain();
  enrolment.emplace_back(events::DeviceEnrolled{offer->id, request.code, chain, request.public_key,
                                                offer->persons, request.label});
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

  const std::string& origin = request.founding->origin;
  if (auto sound = check_words("origin", origin, events::text_limits::log_origin); !sound) {
    return sound.error();
  }
  const events::PrivateRecord& administrator = request.founding->administrator;
  const int year = events::calendar_date(events::day_in_vietnam(now)).year;
  const std::uint8_t content =
      events::check_private_content(events::EventType::person_introduced, administrator, year);
  constexpr std::uint8_t unusable =
      events::content_unreadable | events::content_name_invalid | events::content_text_invalid;
  if ((content & unusable) != 0) {
    return Error{ErrorCode::enrolment_refused, "the administrator's record: unreadable or no name"};
  }
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

  std::vector<events::Payload> founding;
  founding.emplace_back(events::LogFounded{pipeline_.log().head().log, request.founding->origin,
                                           pipeline_.server_key()});
  founding.emplace_back(person);
  founding.emplace_back(grant);
  founding.emplace_back(device);
  const Result<EventId> appended = pipeline_.append_system(std::move(founding), now);
  if (!appended) return appended.error();
  const projections::Device* const enrolled = pipeline_.state().access().device_of(founding_chain);
  CHECK(enrolled != nullptr, "the enrolment took effect");
  return answer(*enrolled, now);
}

Result<Enrolled> Enrolment::continue_chain(const events::protocol::NewChain& request,
                                           events::Timestamp now) {
  if (auto sound = check_words("label", request.label, events::text_limits::device_label); !sound) {
    return sound.error();
  }
  const projections::Access& access = pipeline_.state().access();
  const projections::Device* const old = access.device_of(request.chain);
  if (old == nullptr) return Error{ErrorCode::not_enrolled, "the log does not know this chain"};
  if (old->revoked) return Error{ErrorCode::revoked, "the device was revoked"};
  if (auto allowed = pipeline_.check_refused(request.chain); !allowed) return allowed.error();
  const events::Bytes statement = events::protocol::new_chain_statement(
      request.log, request.chain, request.public_key, request.label);
  if (!events::verify(old->public_key, statement, request.old_proof)) {
    return Error{ErrorCode::bad_signature, "the proof is not the old chain's key's"};
  }
  for (const projections::Device& device : access.devices()) {
    if (device.public_key != request.public_key) continue;
    if (device.continues == request.chain && !device.revoked) return answer(device, now);
    return Error{ErrorCode::enrolment_refused, "the key is that of another chain"};
  }
  if (const auto fault = access.continuation_fault(request.chain, now)) return error_of(*fault);
  const Result<std::uint64_t> common = find_common(pipeline_.log(), *old, request);
  if (!common) return common.error();

  const events::ChainNumber chain = access.next_chain();
  std::vector<events::Payload> continuation;
  continuation.emplace_back(events::ChainContinued{request.chain, *common, chain,
                                                   request.public_key, old->persons, request.label,
                                                   request.old_proof});
  const Result<EventId> appended = pipeline_.append_system(std::move(continuation), now);
  if (!appended) return appended.error();
  const projections::Device* const device = pipeline_.state().access().device_of(chain);
  CHECK(device != nullptr, "the continuation took effect");
  return answer(*device, now);
}

Enrolled Enrolment::answer(const projections::Device& device, events::Timestamp now) const {
  return {pipeline_.log().head().log, device.chain,   device.id,
          pipeline_.server_key(),     device.persons, now};
}

}  // namespace server
