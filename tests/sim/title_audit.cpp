#include "tests/sim/title_audit.h"

#include "tests/sim/violation.h"

#include <string>

namespace sim {

bool TitleAudit::follow(const events::StoredEvent& stored) {
  if (stored.verdict.code == events::VerdictCode::held) held_.emplace(stored.position, stored);
  if (!stored.verdict.takes_effect()) return false;
  const auto decide = [&](events::Position position) -> std::optional<events::StoredEvent> {
    const auto found = held_.find(position);
    require(found != held_.end(), Promise::same_meaning, "a hold is decided that is not there");
    events::StoredEvent held = std::move(found->second);
    held_.erase(found);
    return held;
  };
  return events::match(
      stored.event.payload,
      [&](const events::HoldReleased& e) {
        const bool by_a_person = stored.event.header.chain != events::system_chain;
        return take_effect(*decide(e.held), stored.received_at, by_a_person);
      },
      [&](const events::HoldRefused& e) {
        decide(e.held);
        return false;
      },
      [&](const auto&) { return take_effect(stored, stored.received_at, false); });
}

bool TitleAudit::take_effect(const events::StoredEvent& stored, events::Timestamp /*received_at*/,
                             bool by_a_superior) {
  const events::EventHeader& header = stored.event.header;
  Path* const path =
      header.stream.kind == events::StreamKind::dossier ? &paths_[header.stream.id] : nullptr;
  return events::match(
      stored.event.payload,
      [&](const events::RoleGranted& e) {
        grants_[events::RoleGrantId{header.id()}] = {e.person, e.role, e.valid_from, e.valid_to,
                                                     std::nullopt};
        return false;
      },
      [&](const events::RoleRevoked& e) {
        std::optional<events::Day>& revoked = grants_[e.grant].revoked;
        if (!revoked || e.effective < *revoked) revoked = e.effective;
        return false;
      },
      [&](const events::DossierRegistered&) { return path->registered = true, false; },
      [&](const events::SelfAssessmentRecorded&) { return path->has_sheet = true, false; },
      [&](const events::ReviewHeld& e) {
        for (const events::ReviewEntry& entry : e.entries) {
          minutes_[header.id()][entry.dossier] = entry.conclusion;
        }
        return false;
      },
      [&](const events::DossierReviewed& e) {
        const auto& entries = minutes_[e.meeting.event];
        const auto entry = entries.find(events::DossierId{header.stream.id});
        path->proposed = entry != entries.end() &&
                         entry->second == events::ReviewConclusion::proposed &&
                         e.conclusion == events::ReviewConclusion::proposed;
        return false;
      },
      [&](const events::ListSubmitted& e) {
        lists_[header.id()].insert(e.dossiers.begin(), e.dossiers.end());
        return false;
      },
      [&](const events::DossierSubmitted& e) {
        path->submitted = lists_[e.list.event].contains(events::DossierId{header.stream.id});
        return false;
      },
      [&](const events::DossierAppraised& e) {
        path->qualified = e.outcome == events::AppraisalOutcome::qualified;
        return false;
      },
      [&](const events::DecisionIssued& e) {
        const auto grant = grants_.find(header.role_grant);
        const bool signs = grant != grants_.end() && grant->second.role == events::Role::signer &&
                           grant->second.person == header.actor;
        const bool valid = signs && grant->second.is_valid_on(header.business_day) &&
                           grant->second.is_valid_on(events::day_in_vietnam(stored.received_at));
        // A superior vouches for a role that is over, never for one that was not given.
        require(valid || (signs && by_a_superior), Promise::title_chain, [&] {
          return "the signer of decision " + to_string(header.id()) + " had no valid role";
        });
        decisions_[header.id()] = {{e.dossiers.begin(), e.dossiers.end()}, header.actor};
        return false;
      },
      [&](const events::TitleGranted& e) {
        check_title(stored, e);
        path->granted = true;
        return true;
      },
      [](const auto&) { return false; });
}

void TitleAudit::check_title(const events::StoredEvent& stored,
                             const events::TitleGranted& granted) const {
  const events::EventHeader& header = stored.event.header;
  const auto describe = [&](const char* what) {
    return [&header, what] {
      return "title by event " + to_string(header.id()) + " on dossier " +
             to_string(header.stream.id) + ": " + what;
    };
  };
  const Path& path = paths_.at(header.stream.id);
  require(!path.granted, Promise::title_chain, describe("granted twice"));
  require(path.registered, Promise::title_chain, describe("no registration"));
  require(path.has_sheet, Promise::title_chain, describe("no score sheet"));
  require(path.proposed, Promise::title_chain, describe("not proposed by any minutes"));
  require(path.submitted, Promise::title_chain, describe("not on the submitted list"));
  require(path.qualified, Promise::title_chain, describe("not appraised as qualified"));
  const auto decision = decisions_.find(granted.decision.event);
  require(decision != decisions_.end(), Promise::title_chain, describe("no decision in effect"));
  require(decision->second.dossiers.contains(events::DossierId{header.stream.id}),
          Promise::title_chain, describe("not in the decision"));
  require(decision->second.actor == header.actor, Promise::title_chain,
          describe("granted by another than the decision's signer"));
}

}  // namespace sim
