#pragma once

#include "clients/core/replica/workspace.h"
#include "events/log/find_bad_text.h"
#include "events/text/text_check.h"

#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <vector>

/// The use cases: what officers do, from typed input to the events that it makes.  Whoever records
/// something (command line, page, pilot, benchmark, simulator) goes through them.
///
/// An act adds its events to a Draft and records nothing: a person may look at the draft first, and
/// acts that belong together share one.  Acts are pure; the day and the randomness are given in an
/// Occasion.
/// Errors: an act that returns an error has added nothing, unless its comment says otherwise.  The
///         code is invalid_argument or not_found, the message is in words for the person.
namespace clients::acts {

/// What an event says of its making, beside its payload.
struct Stamp {
  events::Day business_day;             ///< The day on the paper.
  std::array<std::uint8_t, 16> salt{};  ///< Drawn at random; used when there is a private record.
};

/// Who acts, and when.
struct Occasion {
  events::PersonId actor;
  std::function<Stamp()> stamp;  ///< Called once for each event, in the order of the events.
};

/// Events that are going to be recorded together, in order.
class Draft {
 public:
  /// `first`: the id that the first event is going to have.
  /// Lifetime: `state`, on which the acts decide, outlives the draft.  It does not hold what the
  ///           draft holds.
  Draft(const projections::State& state, events::EventId first) : state_(&state), first_(first) {}
  /// On the pending state of a device, behind its own last event.
  explicit Draft(const Workspace& workspace) : Draft(workspace.pending(), workspace.next_id()) {}

  const projections::State& state() const { return *state_; }
  std::size_t size() const { return requests_.size(); }
  /// The id that the next event is going to have.
  events::EventId next_id() const;
  const std::vector<RecordRequest>& requests() const { return requests_; }

  /// Adds an event and returns the id that it is going to have.  For acts only.
  events::EventId add(const Occasion& occasion, events::Payload payload,
                      std::optional<events::StreamId> about = {},
                      std::optional<events::PrivateFields> fields = {});
  /// The same for an act that has to know the day before it makes the payload.
  events::EventId add(events::PersonId actor, const Stamp& stamp, events::Payload payload,
                      std::optional<events::StreamId> about = {},
                      std::optional<events::PrivateFields> fields = {});

  /// Adds the events of a draft that begins where this one ends.
  /// Expects: the first id of `next` was next_id() of this draft.
  void append(const Draft& next);

  /// The first text of the draft that must not be recorded (V70): in which field, and why.
  std::optional<events::BadText> first_bad_text() const;

 private:
  const projections::State* state_;
  events::EventId first_;
  std::vector<RecordRequest> requests_;
};

/// The dossier that somebody names.
/// Errors:  not_found, in words for the person.
/// Lifetime: that of `state`, unchanged.
events::Result<const projections::Dossier*> dossier_of(const projections::State& state,
                                                       events::DossierId id);
/// The stream of a dossier.
events::StreamId stream_of(events::DossierId dossier);
/// The stream of a grant, an offer or a device.
events::StreamId access_stream_of(events::EventId id);

/// A note as private fields; nothing for an empty one.
/// Errors:  invalid_argument: not UTF-8.
events::Result<std::optional<events::PrivateFields>> note_fields(std::string_view text);

}  // namespace clients::acts
