#pragma once

#include "events/log/event.h"
#include "events/log/private_record.h"
#include "projections/state/state.h"
#include "projections/views/dossier_history.h"
#include "tools/audit/block_reader.h"

#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace audit {

/// A piece of evidence that stood in the log when an event was made or received.
struct KnownEvidence {
  events::Position position;  ///< Of the EvidenceSighted or EvidenceAttached.
  events::EvidenceKind kind{};
  bool known_to_author = false;  ///< Its author had seen it, or made it on the same device.
};

/// One rule of the criteria against a score sheet.
struct RuleOutcome {
  events::CriteriaRule rule;
  bool holds = false;
};

/// What the criteria say about the sheet that an event brings or refers to.
struct SheetOutcome {
  events::CriteriaId criteria;
  std::string code;
  std::uint32_t version{};
  bool scorable = false;
  std::uint16_t total_tenths{};
  bool passes = false;
  std::vector<RuleOutcome> rules;
  std::string finding;  ///< Id of the rule that makes it no sheet of its variant; else empty.
  std::string missed;   ///< "79,5 < 80, C2 4,5 < 5"; empty when it passes.
};

/// Minutes, a list or a decision that an event follows from.
struct SourceDocument {
  events::EventId id;
  std::string kind;    ///< Name of the event that made it.
  std::string number;  ///< "12/QĐ-UBND"; empty for minutes and for documents without effect.
  events::Day business_day;
};

/// Who acted, by which right, on which device.
struct Author {
  events::PersonId person;
  events::RoleGrantId grant;
  std::optional<events::Role> role;
  events::UnitId unit;    ///< Of the role; none: the whole log.
  std::string unit_name;  ///< As it was called on the business day.
  std::string device;     ///< Label of the device.
};

/// What the audit adds to an event of a history.
struct HistoryNotes {
  Author author;
  std::vector<KnownEvidence> evidence;
  std::optional<SheetOutcome> sheet;
  std::vector<SourceDocument> sources;
};

struct HistoryEntry : projections::HistoryEvent, HistoryNotes {};

/// Everything that happened to one dossier, in order of effect.
struct DossierHistory {
  events::DossierId id;
  std::optional<projections::Dossier> dossier;  ///< Nothing when its opening has no effect.
  std::string title;                            ///< Vietnamese.
  std::string cycle;
  std::string criteria;                 ///< "CDHT-324-2022 version 1".
  std::string home_unit;                ///< As it was called on the day of the opening.
  std::vector<std::string> successors;  ///< Units that took its place since.
  std::vector<HistoryEntry> entries;
};

/// Folds a log and keeps what concerns one dossier.
///
/// State: the fold so far, the history that every reader has (projections/views), and the audit's
///        own notes on each of its events.
class HistoryBuilder {
 public:
  explicit HistoryBuilder(events::DossierId dossier) : history_(dossier) {}

  /// Takes the next block.
  void take(const events::StoredBlock& block, std::span<const events::StoredEvent> events);
  /// Errors: not_found: the log has no such dossier.
  events::Result<DossierHistory> finish();

 private:
  /// What is to say about an event when it takes effect, or when it was received without effect.
  void note(const events::StoredEvent& stored, bool has_effect, HistoryNotes& notes);
  Author author_of(const events::EventHeader& header) const;
  std::vector<KnownEvidence> evidence_known(const events::EventHeader& header) const;
  std::optional<SheetOutcome> sheet_of(const events::StoredEvent& stored) const;
  std::vector<SourceDocument> sources_of(const events::Payload& payload) const;

  projections::DossierHistory history_;
  projections::State state_;
  std::vector<HistoryNotes> notes_;    ///< One for each event of `history_`.
  std::vector<std::uint16_t> scores_;  ///< Of the last sheet in effect.
  std::optional<events::EventHeader> opening_;
};

/// All dossiers that a log has opened, as they stand at its end.
struct DossierLine {
  events::DossierId id;
  std::string title;
  std::string cycle;
  std::string home_unit;
  std::string state;  ///< Vietnamese.
  std::uint16_t total_tenths{};
};

/// Errors: as the reader.
events::Result<DossierHistory> history_of(events::DossierId dossier, const LogReader& read);
events::Result<std::vector<DossierLine>> list_dossiers(const LogReader& read);

}  // namespace audit
