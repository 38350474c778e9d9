#pragma once

#include "events/base/bounded.h"
#include "events/log/event.h"
#include "events/log/stored_event.h"
#include "projections/state/access.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace projections {

/// Whether the event is on the dossier's stream, or is a meeting, a list or a decision that names
/// the dossier.
bool names_dossier(const events::Event& event, events::DossierId dossier);

/// The kind of evidence that an event brings; nothing for an event that brings none.
std::optional<events::EvidenceKind> evidence_kind_of(const events::Payload& payload);

/// A piece of evidence that an event brought.
struct DossierEvidence {
  events::Position position;  ///< Of the event; 0 while only its device has the event.
  events::Position effect;    ///< Where the event took effect; 0: not yet or never.
  events::ChainNumber chain;
  events::EvidenceKind kind{};
};

/// Whether the author of an event knew of evidence that became known at `known_from`: because the
/// author's device had applied the log up to there, or had recorded the evidence itself.
bool knew(const events::EventHeader& author, const DossierEvidence& evidence,
          events::Position known_from);

/// What became of a held event: one row for each event that settled or changed it.
struct LaterVerdict {
  events::Position position;
  events::Timestamp received_at;
  std::string kind;  ///< Name of the settling event: "HoldReleased", "HoldRefused", "HoldChanged".
  events::Verdict verdict;
  events::PersonId actor;  ///< None: the server.

  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(position), CEREAL_NVP(received_at), BOUNDED_NVP(32, kind),
            CEREAL_NVP(verdict), CEREAL_NVP(actor));
  }
};

/// An event of a history, with what the log says of it later.
struct HistoryEvent {
  events::StoredEvent stored;
  events::Position effect;  ///< Where it took effect; 0: not yet or never.
  std::vector<LaterVerdict> later;

  /// Histories are told in this order: where an event took effect, else where it stands.
  events::Position order() const { return effect.value == 0 ? stored.position : effect; }
};

/// Everything that happened to one dossier: a fold over stored events in the order of the log.  A
/// fold that ends at a position is the history as it was known there.
///
/// State: the events found so far, and the evidence among them.
/// Thread: one at a time.
class DossierHistory {
 public:
  explicit DossierHistory(events::DossierId dossier) : dossier_(dossier) {}

  events::DossierId dossier() const { return dossier_; }
  /// Whether the next stored event belongs to the history: it names the dossier, or it settles a
  /// held event that does.
  bool concerns(const events::StoredEvent& stored) const;

  /// What one event did to the history.
  struct Taken {
    bool is_new = false;                 ///< The event is the last of `events()`.
    std::optional<std::size_t> settled;  ///< Index of the held event that now has effect.
  };
  /// Takes the next stored event in; one that does not concern the dossier changes nothing.
  Taken take(const events::StoredEvent& stored);

  /// In the order of the log.
  const std::vector<HistoryEvent>& events() const { return events_; }
  /// In the order of the log, also pieces without effect.
  std::span<const DossierEvidence> evidence() const { return evidence_; }
  /// Indexes of `events()` by HistoryEvent::order(), equal ones as they stand in the log.
  std::vector<std::size_t> in_order() const;

 private:
  std::optional<std::size_t> settle(const events::StoredEvent& stored);

  events::DossierId dossier_;
  std::vector<HistoryEvent> events_;
  std::map<events::Position, std::size_t> by_position_;
  std::vector<DossierEvidence> evidence_;
};

/// One line of a history for readers: ids, numbers and days, no name and no free text.
struct HistoryRow {
  events::EventId event;
  events::Position position;
  events::Position effect;  ///< 0: the event has no effect.
  std::string kind;         ///< "DossierReviewed"; "Unknown" for a kind of a newer build.
  events::PersonId actor;   ///< None: the server.
  events::RoleGrantId grant;
  events::Role role{};  ///< Of the grant; 0 while the event has no effect, and for the server.
  events::UnitId unit;  ///< Of the grant; none: the whole log, or as for `role`.
  events::ChainNumber chain;
  events::Day business_day;
  events::Timestamp recorded_at;
  events::Timestamp received_at;
  events::Position seen;  ///< The log that the author's device had applied.
  events::Verdict verdict;
  std::uint32_t evidence_in_log{};  ///< Pieces of evidence in effect when the event was received.
  std::uint32_t evidence_known{};   ///< Those of them that the author knew of.
  std::vector<LaterVerdict> later;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(event), CEREAL_NVP(position), CEREAL_NVP(effect), BOUNDED_NVP(64, kind),
            CEREAL_NVP(actor), CEREAL_NVP(grant), CEREAL_NVP(role), CEREAL_NVP(unit),
            CEREAL_NVP(chain), CEREAL_NVP(business_day), CEREAL_NVP(recorded_at),
            CEREAL_NVP(received_at), CEREAL_NVP(seen), CEREAL_NVP(verdict),
            CEREAL_NVP(evidence_in_log), CEREAL_NVP(evidence_known), BOUNDED_NVP(4096, later));
  }
};

/// The last row that a reader has.
struct HistoryCursor {
  events::Position order;
  events::Position position;

  auto operator<=>(const HistoryCursor&) const = default;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(order), CEREAL_NVP(position));
  }
};

/// Which rows of a history a reader asks for.
struct HistoryFilter {
  bool effective_only = false;           ///< Leaves out refused and waiting events.
  std::optional<HistoryCursor> after{};  ///< Rows behind this one; nothing: from the first on.
};

struct HistoryPage {
  std::vector<HistoryRow> rows;       ///< In the order of `DossierHistory::in_order()`.
  std::vector<std::size_t> indexes;   ///< Of each row in `DossierHistory::events()`.
  std::optional<HistoryCursor> next;  ///< Nothing: these were the last rows.
};

/// At most `limit` rows of a history.  Roles and units are filled in by name_roles().
/// Expects: `limit` is at least 1.
/// Cost:    a look at every event of the dossier, and at every piece of evidence for each row.
HistoryPage page_of(const DossierHistory& history, const HistoryFilter& filter, std::size_t limit);

/// Fills in role and unit of the grant behind each event that has effect.  Grants never change what
/// they were given for, so any later state gives the same.
void name_roles(HistoryPage& page, const Access& access);

}  // namespace projections
