#include "projections/texts/texts.h"
#include "tools/audit/history_output.h"
#include "tools/audit/verification.h"

#include <algorithm>

namespace audit {
namespace {

using projections::name_vi;

std::string number(std::uint64_t value) { return std::to_string(value); }

/// A line of an entry: its label, then what it says.
std::string field(const char* label, const std::string& text) {
  std::string line = "     ";
  line += label;
  line.resize(std::max<std::size_t>(line.size() + 1, 16), ' ');
  return line + text + "\n";
}

std::string author_text(const Author& author) {
  if (author.person.is_none()) return "the server";
  std::string text = "person " + to_string(author.person);
  if (author.role) {
    text += ", role grant " + to_string(author.grant) + " " + std::string(name_vi(*author.role));
    text += author.unit.is_none() ? ", whole log" : ", unit " + to_string(author.unit);
    if (!author.unit_name.empty()) text += " " + author.unit_name;
  } else {
    text += ", role grant " + to_string(author.grant) + " (not known to the log)";
  }
  return text;
}

std::string rule_text(const RuleOutcome& outcome) {
  const bool is_total = outcome.rule.kind == events::CriteriaRuleKind::total_at_least;
  return std::string(outcome.holds ? "✓ " : "✗ ") +
         (is_total ? "total at least " : "each indicator at least ") +
         projections::points_vi(outcome.rule.tenths);
}

std::string sheet_text(const SheetOutcome& sheet) {
  const std::string head =
      sheet.code + " version " + number(sheet.version) + " (" + to_string(sheet.criteria) + "): ";
  if (!sheet.scorable) return head + "cannot be scored";
  if (!sheet.finding.empty()) return head + "no valid sheet, rule " + sheet.finding;
  std::string text = head + projections::points_vi(sheet.total_tenths) + " points, " +
                     (sheet.passes ? "passes" : "does not pass");
  for (const RuleOutcome& rule : sheet.rules) text += "; " + rule_text(rule);
  if (!sheet.missed.empty()) text += " (" + sheet.missed + ")";
  return text;
}

std::string evidence_text(std::span<const KnownEvidence> evidence) {
  std::string text;
  for (const KnownEvidence& known : evidence) {
    if (!text.empty()) text += ", ";
    text += "position " + number(known.position.value) + " " + std::string(name_vi(known.kind)) +
            (known.known_to_author ? "" : " (in the log, not yet seen by the author)");
  }
  return text;
}

std::string source_text(const SourceDocument& source) {
  std::string text = source.kind + " " + to_string(source.id);
  if (!source.number.empty()) text += ", number " + source.number;
  if (source.business_day.value != 0) text += ", of " + events::to_iso(source.business_day);
  return text;
}

/// What the minutes say about the dossier.
std::string minutes_text(const events::ReviewHeld& minutes, events::DossierId dossier) {
  const auto row = std::ranges::find(minutes.entries, dossier, &events::ReviewEntry::dossier);
  if (row == minutes.entries.end()) return {};
  std::string text = std::string(name_vi(row->conclusion)) + ", " + projections::votes_vi(*row) +
                     "; present " + number(minutes.present);
  if (minutes.invited != 0) text += " of " + number(minutes.invited) + " invited";
  return text;
}

std::string entry_text(const HistoryEntry& entry, events::DossierId dossier,
                       const PrivateTexts& private_texts) {
  const events::StoredEvent& stored = entry.stored;
  const events::EventHeader& header = stored.event.header;
  std::string text = "#" + number(stored.position.value) + "  " + kind_of(stored.event) + " – " +
                     std::string(name_vi(static_cast<events::EventType>(header.type))) + "  [" +
                     to_string(stored.event.id()) + "]\n";
  text += field("who", author_text(entry.author));
  text += field("when", "business day " + events::to_iso(header.business_day) + ", recorded " +
                            events::to_iso(header.recorded_at) + ", received " +
                            events::to_iso(stored.received_at));
  text += field("device", "chain " + number(header.chain.value) + " “" + entry.author.device + "”" +
                              ", clock " + number(stored.intake.clock_error_seconds) +
                              " s uncertain, offset " +
                              std::to_string(stored.intake.clock_offset_seconds) + " s");
  text += field("what", events::payload_to_json(stored.event.payload));
  if (const auto* minutes = std::get_if<events::ReviewHeld>(&stored.event.payload)) {
    text += field("minutes", minutes_text(*minutes, dossier));
  }
  if (const auto digest = events::private_digest_of(stored.event.payload)) {
    const auto found = private_texts.find(*digest);
    text += field("private", found != private_texts.end()
                                 ? found->second
                                 : "not at hand, digest " + events::to_hex(digest->bytes));
  }
  text += field("verdict", projections::explain(stored.verdict));
  if (entry.effect.value == 0) {
    text += field("effect", "none");
  } else if (entry.effect != stored.position) {
    text += field("effect", "from position " + number(entry.effect.value) + " on");
  }
  text += field("knew", "the log up to position " + number(header.seen.value));
  if (!entry.evidence.empty()) text += field("evidence", evidence_text(entry.evidence));
  if (entry.sheet) text += field("criteria", sheet_text(*entry.sheet));
  for (const SourceDocument& source : entry.sources) text += field("follows", source_text(source));
  for (const projections::LaterVerdict& change : entry.later) {
    text += field("later", "position " + number(change.position.value) + " " + change.kind +
                               (change.actor.is_none() ? " by the server"
                                                       : " by person " + to_string(change.actor)) +
                               ", received " + events::to_iso(change.received_at) + ": " +
                               projections::explain(change.verdict));
  }
  return text;
}

}  // namespace

std::string history_text(const DossierHistory& history, const PrivateTexts& private_texts) {
  std::string text = "Dossier (hồ sơ) " + to_string(history.id) + "\n";
  if (history.dossier) {
    const projections::Dossier& dossier = *history.dossier;
    text += "  title     " + history.title + ", cycle " + history.cycle + "\n";
    text += "  criteria  " + history.criteria + "\n";
    text += "  subject   ";
    text += dossier.subject.kind == events::SubjectKind::person ? "person " : "collective ";
    text += to_string(dossier.subject.id) + "\n";
    text += "  unit      " + to_string(dossier.home_unit) + " " + history.home_unit + "\n";
    for (const std::string& successor : history.successors) {
      text += "  today     " + successor + "\n";
    }
    text += "  state     " + std::string(name_vi(dossier.state)) + ", " +
            projections::points_vi(dossier.total_tenths) + " points\n";
  } else {
    text += "  its opening has no effect\n";
  }
  for (const HistoryEntry& entry : history.entries)
    text += "\n" + entry_text(entry, history.id, private_texts);
  return text;
}

std::string dossiers_text(std::span<const DossierLine> dossiers) {
  std::string text;
  for (const DossierLine& line : dossiers) {
    text += to_string(line.id) + "  " + line.title + "  " + line.cycle + "  " + line.home_unit +
            "  " + line.state + "  " + projections::points_vi(line.total_tenths) + "\n";
  }
  return text + number(dossiers.size()) + " dossiers\n";
}

}  // namespace audit
