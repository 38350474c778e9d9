#include "projections/verification/founding_rules.h"

#include "events/crypto/digest.h"
#include "events/protocol/incarnation_messages.h"
#include "projections/rules/judge.h"
#include "projections/rules/system_events.h"

namespace verification {
namespace {

using Wrong = std::optional<std::string>;

constexpr events::EventId founder{events::system_chain, 2};
constexpr events::ChainNumber founding_chain{2};

Wrong wrong_founding(const events::StoredEvent& stored) {
  return events::match(
      stored.event.payload,
      [&](const events::LogFounded& e) -> Wrong {
        if (e.log.value == 0) return "a log without number was founded";
        return std::nullopt;
      },
      [](const events::PersonIntroduced& e) -> Wrong {
        if (!e.home_unit.is_none()) return "the founding administrator has a home unit";
        return std::nullopt;
      },
      [](const events::RoleGranted& e) -> Wrong {
        const bool is_root = e.person.event == founder && e.role == events::Role::registrar &&
                             e.unit.is_none() && e.valid_from.value == 0 && e.valid_to.value == 0;
        if (!is_root) return "the founding grant is not REGISTRAR of the whole log for the founder";
        return std::nullopt;
      },
      [](const events::DeviceEnrolled& e) -> Wrong {
        const bool is_first = e.offer.is_none() && e.code.empty() && e.chain == founding_chain &&
                              e.persons.size() == 1 && e.persons.front().event == founder;
        if (!is_first) return "the founding device is not the founder's, on chain 2";
        return std::nullopt;
      },
      [](const auto&) -> Wrong { return "not a founding event"; });
}

/// The founding is positions 1–4, in this order.
events::EventType founding_type(std::uint64_t position) {
  switch (position) {
    case 1:
      return events::EventType::log_founded;
    case 2:
      return events::EventType::person_introduced;
    case 3:
      return events::EventType::role_granted;
    default:
      return events::EventType::device_enrolled;
  }
}

Wrong wrong_enrolment(const events::DeviceEnrolled& e, const events::StoredEvent& stored,
                      const projections::State& state) {
  const projections::Access& access = state.access();
  const projections::Offer* const offer = access.offer(e.offer);
  if (offer == nullptr) return "a device was enrolled without offer";
  if (!offer->device.is_none()) return "a device was enrolled with an offer that was spent";
  if (offer->expires < stored.received_at) return "a device was enrolled after its offer expired";
  if (events::sha256(events::bytes_of(e.code)) != offer->code_digest) {
    return "a device was enrolled with a code that is not the offer's";
  }
  if (offer->persons != e.persons) return "a device was enrolled for other people than offered";
  if (e.chain != access.next_chain()) return "a device was given a chain that was not the next";
  return std::nullopt;
}

Wrong wrong_continuation(const events::ChainContinued& e, const projections::State& state) {
  const projections::Access& access = state.access();
  const projections::Device* const old = access.device_of(e.old_chain);
  if (old == nullptr) return "a chain was continued that was never enrolled";
  if (old->revoked) return "the chain of a revoked device was continued";
  if (old->persons != e.persons) return "a chain was continued for other people";
  if (e.chain != access.next_chain()) return "a device was given a chain that was not the next";
  const events::Bytes statement =
      events::protocol::new_chain_statement(access.log(), e.old_chain, e.public_key, e.label);
  if (!events::verify(old->public_key, statement, e.old_proof)) {
    return "a chain was continued without the signature of its key";
  }
  return std::nullopt;
}

Wrong wrong_stored_file(const events::EvidenceStored& e, const projections::State& state) {
  const projections::EvidenceFile* const file = state.evidence_files().find(e.attached);
  const bool is_part =
      e.part == events::FilePart::original || e.part == events::FilePart::thumbnail;
  if (file == nullptr || !is_part || !file->part(e.part).is_named()) {
    return "a file was stored that no attached evidence names";
  }
  const projections::EvidenceFileStatus& status = file->part(e.part);
  if (status.sha256 != e.sha256 || status.size != e.size) {
    return "a file was stored that is not the one that the evidence names";
  }
  if (status.is_stored()) return "a file was stored that was stored before";
  return std::nullopt;
}

/// Rules follow those before, and the log says which kinds they move otherwise.
Wrong wrong_adoption(const events::RulesAdopted& e, const projections::State& state) {
  const events::RulesVersion before = state.rulebook().rules();
  if (e.rules <= before) return "rules were adopted that are not newer";
  // Of rules that this build lacks nobody here knows what they move; the verifier stops behind.
  if (e.rules > projections::newest_rules()) return std::nullopt;
  const auto moved =
      projections::moved_otherwise(projections::policy_of(before), projections::policy_of(e.rules));
  if (e.moved_otherwise != moved) return "rules were adopted that move other kinds than it says";
  return std::nullopt;
}

}  // namespace

std::optional<std::string> find_unfounded(const events::StoredEvent& stored,
                                          const projections::State& state,
                                          events::Timestamp received_at) {
  const events::EventHeader& header = stored.event.header;
  if (!(stored.intake == events::Intake{})) return "a system event with an intake";
  if (header.rules > projections::newest_rules()) return "made under rules this build lacks";
  if (header.rules != state.rulebook().rules()) return "made under rules that were not in force";

  if (std::holds_alternative<events::UnknownPayload>(stored.event.payload)) {
    return "a system event of a kind this build does not know";
  }
  if (!events::stream_kind_of(stored.event.payload)) {
    return "the server appended a release, refusal or change that it did not owe";
  }
  const std::optional<events::StreamId> stream =
      projections::stream_of_system_event(stored.event.payload, header.id(), state);
  if (!stream) return "the server appended an event that it has no reason for";
  const events::Event expected = projections::make_system_event(
      header.seq, *stream, stored.event.payload, state.applied(), stored.received_at, header.rules);
  if (expected.canonical != stored.event.canonical) {
    return "a system event whose head is not the one the server writes";
  }
  if (stored.position.value <= 4) {
    const auto type = static_cast<std::uint16_t>(founding_type(stored.position.value));
    if (header.type != type) return "the log does not begin with its founding events";
    return wrong_founding(stored);
  }
  return events::match(
      stored.event.payload,
      [&](const events::RulesAdopted& e) -> Wrong { return wrong_adoption(e, state); },
      [&](const events::LogRestored& e) -> Wrong {
        if (e.restored > e.repaired || e.repaired >= stored.position || e.before >= e.after) {
          return "a restoring of the log that cannot have been";
        }
        return std::nullopt;
      },
      [&](const events::ClockCorrected& e) -> Wrong {
        if (!projections::follows_in_time(e, stored.received_at, received_at)) {
          return "a correction of the clock that does not go back from the last receipt";
        }
        return std::nullopt;
      },
      [&](const events::SealingKeyPublished& e) -> Wrong {
        if (e.key == state.access().sealing_key()) return "a sealing key was published twice";
        return std::nullopt;
      },
      [&](const events::ScopePurged& e) -> Wrong {
        const projections::Device* const device = state.access().device(e.device);
        if (device == nullptr || e.as_of <= device->purged_as_of) {
          return "a device's receipt was recorded twice, or of a device nobody knows";
        }
        return std::nullopt;
      },
      [&](const events::DeviceEnrolled& e) -> Wrong { return wrong_enrolment(e, stored, state); },
      [&](const events::ChainContinued& e) -> Wrong { return wrong_continuation(e, state); },
      [&](const events::EvidenceStored& e) -> Wrong { return wrong_stored_file(e, state); },
      [](const auto&) -> Wrong { return "the server appended an event that it did not owe"; });
}

}  // namespace verification
