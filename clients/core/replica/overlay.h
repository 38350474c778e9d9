#pragma once

#include "clients/core/log/offline_log.h"
#include "events/log/stored_event.h"
#include "projections/rules/judge.h"
#include "projections/state/state.h"

#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>

namespace clients {

/// The two states a device shows: `confirmed`, folded from the log up to where nothing is missing,
/// and `pending`, the same with the device's own events on top that are not confirmed yet.
///
/// Own pending events stand at provisional positions behind the confirmed ones.  These positions
/// mean nothing outside and never leave the core.
///
/// Thread: one at a time.
class Overlay {
 public:
  /// What puts own events on top of the confirmed state; null on a device that records nothing,
  /// whose pending state is the confirmed one.
  using OwnEvents = void (*)(Overlay& overlay, const OfflineLog& own, std::uint64_t first_seq);
  /// Judges them again at the time of their recording, or takes the verdict of their receipt where
  /// there is one.
  /// Cost: a copy of the state and one judgement per own event.
  static void judge_own(Overlay& overlay, const OfflineLog& own, std::uint64_t first_seq);

  /// `newest`: the newest rules that the device can judge and fold by.
  explicit Overlay(OwnEvents judge = judge_own,
                   events::RulesVersion newest = projections::newest_rules())
      : own_events_(judge), newest_(newest) {
    confirmed_.hold_by(newest);
    pending_.hold_by(newest);
  }

  events::RulesVersion newest_rules() const { return newest_; }
  const projections::State& confirmed() const { return confirmed_; }
  const projections::State& pending() const {
    return own_events_ == nullptr ? confirmed_ : pending_;
  }
  OwnEvents own_events() const { return own_events_; }

  /// Goes on from a snapshot instead of from nothing; `pending` is stale until it is rebuilt.
  void begin(projections::State state, std::map<events::Position, events::Verdict> later,
             std::unordered_map<events::EventId, events::Digest> private_digests);
  /// Folds the next stored event into `confirmed`; `pending` is stale until it is rebuilt.
  /// Expects: a position greater than all before.
  void confirm(const events::StoredEvent& stored, const events::ScopeSet& scope);
  /// Nothing is missing up to `frontier`.
  void advance(events::Position synced_upto) { confirmed_.advance(synced_upto); }

  /// `pending` becomes `confirmed` and the own events from `first_seq` on.
  void rebuild_pending(const OfflineLog& own, std::uint64_t first_seq) {
    if (own_events_ != nullptr) own_events_(*this, own, first_seq);
  }

  /// Judges an event as the next one on top of `pending`, without taking it in.
  projections::Judgement judge_next(const events::Event& event, std::uint8_t content,
                                    events::Timestamp now) const;
  /// Takes an event in on top of `pending` with the verdict it was given.
  void add_pending(const events::Event& event, std::uint8_t content, events::Timestamp now,
                   const projections::Judgement& judgement);

  /// What the device expects the verdict of a pending own event to be.
  const events::Verdict* provisional(std::uint64_t seq) const;
  /// The verdict that a release, refusal or change gave to the held event at `position`; null while
  /// the first one stands.
  const events::Verdict* later_verdict(events::Position position) const;
  /// The digest of the private record that the event names, of confirmed and pending events.
  std::optional<events::Digest> private_digest(events::EventId id) const;

 private:
  struct Provisional {
    events::EventId id;
    events::Verdict verdict;
  };

  OwnEvents own_events_;
  events::RulesVersion newest_;
  projections::State confirmed_;
  projections::State pending_;
  std::map<std::uint64_t, Provisional> provisional_;  // By own seq.
  std::map<events::Position, events::Verdict> later_;
  std::unordered_map<events::EventId, events::Digest> private_digests_;
};

}  // namespace clients
