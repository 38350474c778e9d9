#include "projections/verification/judging_verifier.h"

#include "events/base/ranges.h"
#include "projections/rules/judge.h"
#include "projections/rules/system_events.h"
#include "projections/texts/texts.h"
#include "projections/verification/founding_rules.h"
#include "projections/verification/projection_bytes.h"
#include "projections/verification/structure_verifier.h"

#include <algorithm>
#include <utility>

namespace verification {
namespace {

using events::Position;
using events::StoredEvent;

Problem about(Check check, const StoredEvent& stored, const std::string& place,
              std::string message) {
  return {check, stored.position,   stored.position, stored.event.id(), kind_of(stored.event),
          place, std::move(message)};
}

/// "refused V12 [780, 775] flags 0 rules 1".
std::string brief(const events::Verdict& verdict) {
  std::string text = is_known(verdict.code)
                         ? std::string(word_of(verdict.code))
                         : "code " + std::to_string(static_cast<int>(verdict.code));
  if (verdict.code == events::VerdictCode::held) {
    text += "(" + std::to_string(static_cast<int>(verdict.hold)) + ")";
  }
  if (verdict.rule != events::Rule::none) {
    const std::string_view id = projections::id_of(verdict.rule);
    text += " ";
    text += id.empty() ? std::to_string(static_cast<int>(verdict.rule)) : std::string(id);
  }
  for (const std::int64_t parameter : verdict.parameters) text += " " + std::to_string(parameter);
  text += ", flags " + std::to_string(verdict.flags);
  return text + ", rules " + std::to_string(verdict.rules.value);
}

std::string text_of(const events::ScopeSet& scope) {
  std::string text;
  for (const events::UnitId unit : scope.units()) {
    if (!text.empty()) text += " + ";
    text += unit.is_none() ? "reference" : to_string(unit);
  }
  return text;
}

/// The position of the held event that a system event settles; 0 for others.
Position held_by(const events::Payload& payload) {
  return events::match(
      payload, [](const events::HoldReleased& e) { return e.held; },
      [](const events::HoldRefused& e) { return e.held; },
      [](const events::HoldChanged& e) { return e.held; }, [](const auto&) { return Position{}; });
}

std::string_view name_of_payload(const events::Payload& payload) {
  return events::match(
      payload, [](const events::PhaseClosed&) { return "PhaseClosed"; },
      [](const events::HoldReleased&) { return "HoldReleased"; },
      [](const events::HoldRefused&) { return "HoldRefused"; },
      [](const events::HoldChanged&) { return "HoldChanged"; },
      [](const auto&) { return "an event"; });
}

}  // namespace

JudgingVerifier::Debt JudgingVerifier::debt_of(const events::Payload& payload) {
  if (const auto* const closed = std::get_if<events::PhaseClosed>(&payload)) {
    return {Position{}, closed->cycle, closed->phase};
  }
  return {held_by(payload), {}, {}};
}

JudgingVerifier::JudgingVerifier(Report& report) : report_(report), on_effect_(views_.on_effect()) {
  for (const Check check : {Check::verdicts, Check::scopes, Check::system_events}) {
    report_.apply(check);
  }
}

void JudgingVerifier::expect(CheckpointDigest checkpoint) {
  report_.apply(Check::checkpoints);
  const auto infos = projections::all_projections();
  const auto known = events::ranges::find_if(
      infos, [&](const auto& info) { return checkpoint.name == info.name; });
  if (known == infos.end() || known->revision != checkpoint.revision) {
    report_.stop(Check::checkpoints, "this build does not fold " + checkpoint.name + " revision " +
                                         std::to_string(checkpoint.revision));
    return;
  }
  checkpoints_.push_back(std::move(checkpoint));
}

void JudgingVerifier::stop(const std::string& why) {
  if (stopped_) return;
  stopped_ = true;
  for (const Check check : {Check::verdicts, Check::scopes, Check::system_events}) {
    report_.stop(check, why);
  }
  if (!checkpoints_.empty()) report_.stop(Check::checkpoints, why);
}

void JudgingVerifier::take(const events::StoredBlock& block, std::span<const StoredEvent> events,
                           const std::string& place) {
  for (const StoredEvent& stored : events) {
    if (stopped_) return;
    take(stored, block.scope, place);
  }
}

void JudgingVerifier::take(const StoredEvent& stored, const events::ScopeSet& scope,
                           const std::string& place) {
  const bool by_server = stored.event.header.chain == events::system_chain;
  bool by_right = true;
  if (by_server) {
    report_.count(Check::system_events);
    by_right = check_system_event(stored, place);
    system_seq_ = stored.event.header.seq;
  } else {
    if (stored.position.value <= 4) {
      report_.add(about(Check::system_events, stored, place,
                        "the log does not begin with its founding events"));
    }
    if (const auto due = owed_before(stored)) report_left_out(due->event, stored.position);
  }
  received_at_ = stored.received_at;

  const projections::Judgement judgement = projections::judge(
      stored.event, {stored.position, stored.received_at, stored.intake}, state_);
  report_.count(Check::verdicts);
  report_.count(Check::scopes);
  if (judgement.verdict != stored.verdict) {
    report_.add(
        about(Check::verdicts, stored, place,
              "stored: " + brief(stored.verdict) + "; judged again: " + brief(judgement.verdict)));
  }
  if (!(judgement.scope == scope)) {
    report_.add(about(Check::scopes, stored, place,
                      "stored: " + text_of(scope) + "; judged again: " + text_of(judgement.scope)));
  }
  if (by_server && by_right && !judgement.verdict.takes_effect()) {
    report_.add(about(Check::system_events, stored, place,
                      "the server appended an event that the rules refuse"));
  }
  if (by_right) {
    StoredEvent judged = stored;
    judged.verdict = judgement.verdict;
    state_.apply(judged, judgement.scope, on_effect_);
  } else {
    state_.advance(stored.position);  // What had no right to be there has no effect here.
  }
  if (state_.rulebook().is_beyond()) {
    stop("from position " + std::to_string(stored.position.value) + " on the log is judged under " +
         "rules " + std::to_string(state_.rulebook().rules().value) + "; use a newer build");
  }
  compare_checkpoints();
}

std::optional<JudgingVerifier::Owed> JudgingVerifier::owed_before(const StoredEvent& stored) const {
  // What the last event brought about is received with it; what a day brought, with what follows.
  for (const events::Timestamp at : {received_at_, stored.received_at}) {
    auto due = projections::next_follow_up(state_, at);
    if (due) return Owed{std::move(*due), at};
  }
  return std::nullopt;
}

bool JudgingVerifier::check_system_event(const StoredEvent& stored, const std::string& place) {
  if (const auto due = owed_before(stored)) {
    const projections::FollowUpEvent& event = due->event;
    const events::Event owed =
        projections::make_system_event(system_seq_ + 1, event.stream, event.payload,
                                       state_.applied(), due->at, stored.event.header.rules);
    if (owed.canonical == stored.event.canonical && stored.received_at == due->at &&
        stored.intake == events::Intake{}) {
      return true;
    }
    const Debt debt = debt_of(event.payload);
    if (debt_of(stored.event.payload) == debt && debt != Debt{}) {
      reported_.insert(debt);
      report_.add(
          about(Check::system_events, stored, place,
                "not what the server owed here: " + std::string(name_of_payload(event.payload)) +
                    " " + events::payload_to_json(event.payload)));
      return false;
    }
    report_left_out(event, stored.position);
  }
  std::optional<std::string> wrong = find_unfounded(stored, state_, received_at_);
  if (!wrong) return true;
  report_.add(about(Check::system_events, stored, place, std::move(*wrong)));
  return false;
}

void JudgingVerifier::report_left_out(const projections::FollowUpEvent& due, Position at) {
  if (!reported_.insert(debt_of(due.payload)).second) return;
  const Position held = held_by(due.payload);
  const std::string about = held.value == 0
                                ? " " + events::payload_to_json(due.payload)
                                : " for the event held at position " + std::to_string(held.value);
  report_.add({Check::system_events,
               at,
               at,
               {},
               {},
               {},
               "left out before position " + std::to_string(at.value) + ": " +
                   std::string(name_of_payload(due.payload)) + about});
}

void JudgingVerifier::compare_checkpoints() {
  std::erase_if(checkpoints_, [&](const CheckpointDigest& checkpoint) {
    if (checkpoint.position != state_.applied()) return false;
    report_.count(Check::checkpoints);
    const auto bytes = projection_bytes(checkpoint.name, state_, views_);
    if (!bytes || events::sha256(*bytes) != checkpoint.digest) {
      report_.add({Check::checkpoints,
                   checkpoint.position,
                   checkpoint.position,
                   {},
                   {},
                   {},
                   "projection " + checkpoint.name + " folded again gives other bytes"});
    }
    return true;
  });
}

void JudgingVerifier::finish() {
  if (stopped_) return;
  if (const auto due = projections::next_follow_up(state_, received_at_)) {
    report_left_out(*due, Position{state_.applied().value + 1});
  }
  for (const CheckpointDigest& checkpoint : checkpoints_) {
    report_.add({Check::checkpoints,
                 checkpoint.position,
                 checkpoint.position,
                 {},
                 {},
                 {},
                 "projection " + checkpoint.name + " claims to be folded up to position " +
                     std::to_string(checkpoint.position.value) + ", where no event is"});
  }
}

}  // namespace verification
