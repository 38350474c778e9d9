#include "projections/rules/system_events.h"

#include <utility>

namespace projections {
namespace {

using events::StreamId;
using events::StreamKind;
using Stream = std::optional<StreamId>;

/// A decision about a held event stands where that event stands.
Stream stream_of_held(events::Position held, const State& state) {
  const HeldEventPtr found = state.inbox().find(held);
  if (found == nullptr) return std::nullopt;
  return found->event.header.stream;
}

}  // namespace

Stream stream_of_system_event(const events::Payload& payload, events::EventId id,
                              const State& state) {
  const StreamId of_log{StreamKind::log, {events::system_chain, 1}};
  const auto own = [&](StreamKind kind) { return Stream{{kind, id}}; };
  return events::match(
      payload, [&](const events::LogFounded&) -> Stream { return of_log; },
      [&](const events::RulesAdopted&) -> Stream { return of_log; },
      [&](const events::LogRestored&) -> Stream { return of_log; },
      [&](const events::SealingKeyPublished&) -> Stream { return of_log; },
      [&](const events::ClockCorrected&) -> Stream { return of_log; },
      [&](const events::PhaseClosed& e) -> Stream {
        if (state.rulebook().find(e.cycle) == nullptr) return std::nullopt;
        return StreamId{StreamKind::cycle, e.cycle.event};
      },
      [&](const events::PersonIntroduced& e) { return own(e.stream); },
      [&](const events::RoleGranted& e) { return own(e.stream); },
      [&](const events::DeviceEnrolled& e) { return own(e.stream); },
      [&](const events::ChainContinued& e) { return own(e.stream); },
      [&](const events::ScopePurged& e) -> Stream {
        if (state.access().device(e.device) == nullptr) return std::nullopt;
        return StreamId{StreamKind::access, e.device.event};
      },
      [&](const events::EvidenceStored& e) -> Stream {
        const EvidenceFile* const file = state.evidence_files().find(e.attached);
        if (file == nullptr) return std::nullopt;
        return StreamId{StreamKind::dossier, file->dossier.event};
      },
      [&](const events::HoldReleased& e) { return stream_of_held(e.held, state); },
      [&](const events::HoldRefused& e) { return stream_of_held(e.held, state); },
      [&](const events::HoldChanged& e) { return stream_of_held(e.held, state); },
      [](const auto&) -> Stream { return std::nullopt; });
}

bool follows_in_time(const events::Payload& payload, events::Timestamp at,
                     events::Timestamp before) {
  if (const auto* const corrected = std::get_if<events::ClockCorrected>(&payload)) {
    return corrected->before == before && corrected->after == at && at < before;
  }
  return at >= before;
}

events::Event make_system_event(std::uint64_t seq, const StreamId& stream, events::Payload payload,
                                events::Position seen, events::Timestamp received_at,
                                events::RulesVersion rules) {
  events::EventHeader header;
  header.chain = events::system_chain;
  header.seq = seq;
  header.stream = stream;
  header.seen = seen;
  header.rules = rules;
  header.recorded_at = received_at;
  header.business_day = events::day_in_vietnam(received_at);
  return events::make_event(header, std::move(payload));
}

}  // namespace projections
