#include "projections/texts/texts.h"
#include "projections/texts/verdict_causes.h"
#include "tools/audit/history_output.h"
#include "tools/audit/verification.h"

#include <boost/json.hpp>

#include <utility>

namespace audit {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using projections::name_vi;

/// JSON that our own writer made; the text itself should it ever not be JSON.
value parsed(const std::string& text) {
  boost::json::error_code failure;
  value result = boost::json::parse(text, failure);
  return failure ? value(text) : result;
}

object verdict_json(const events::Verdict& verdict) {
  array parameters(verdict.parameters.begin(), verdict.parameters.end());
  return {{"cause", projections::cause_word(verdict)},
          {"code", static_cast<int>(verdict.code)},
          {"flags", verdict.flags},
          {"hold", static_cast<int>(verdict.hold)},
          {"rule", projections::id_of(verdict.rule)},
          {"parameters", std::move(parameters)},
          {"rules", verdict.rules.value}};
}

object author_json(const Author& author) {
  object json{{"person", to_string(author.person)},
              {"role_grant", to_string(author.grant)},
              {"unit", to_string(author.unit)},
              {"unit_name", author.unit_name}};
  if (author.role) {
    json["role"] = static_cast<int>(*author.role);
    json["role_vi"] = name_vi(*author.role);
  }
  return json;
}

object sheet_json(const SheetOutcome& sheet) {
  array rules;
  for (const RuleOutcome& outcome : sheet.rules) {
    rules.push_back({{"kind", static_cast<int>(outcome.rule.kind)},
                     {"tenths", outcome.rule.tenths},
                     {"holds", outcome.holds}});
  }
  return {{"criteria", to_string(sheet.criteria)},
          {"code", sheet.code},
          {"version", sheet.version},
          {"scorable", sheet.scorable},
          {"total_tenths", sheet.total_tenths},
          {"passes", sheet.passes},
          {"rules", std::move(rules)},
          {"finding", sheet.finding}};
}

object entry_json(const HistoryEntry& entry, const PrivateTexts& private_texts) {
  const events::StoredEvent& stored = entry.stored;
  const events::EventHeader& header = stored.event.header;
  object json{{"position", stored.position.value},
              {"effect", entry.effect.value},
              {"event", to_string(stored.event.id())},
              {"kind", kind_of(stored.event)},
              {"kind_vi", name_vi(static_cast<events::EventType>(header.type))},
              {"who", author_json(entry.author)},
              {"business_day", events::to_iso(header.business_day)},
              {"recorded_at", events::to_iso(header.recorded_at)},
              {"received_at", events::to_iso(stored.received_at)},
              {"chain", header.chain.value},
              {"device", entry.author.device},
              {"clock_offset_seconds", stored.intake.clock_offset_seconds},
              {"clock_error_seconds", stored.intake.clock_error_seconds},
              {"seen", header.seen.value},
              {"payload", parsed(events::payload_to_json(stored.event.payload))},
              {"verdict", verdict_json(stored.verdict)}};
  if (const auto digest = events::private_digest_of(stored.event.payload)) {
    const auto found = private_texts.find(*digest);
    if (found != private_texts.end()) json["private"] = parsed(found->second);
  }
  array evidence;
  for (const KnownEvidence& known : entry.evidence) {
    evidence.push_back({{"position", known.position.value},
                        {"kind", static_cast<int>(known.kind)},
                        {"kind_vi", name_vi(known.kind)},
                        {"known_to_author", known.known_to_author}});
  }
  json["evidence"] = std::move(evidence);
  if (entry.sheet) json["sheet"] = sheet_json(*entry.sheet);
  array sources;
  for (const SourceDocument& source : entry.sources) {
    sources.push_back({{"event", to_string(source.id)},
                       {"kind", source.kind},
                       {"number", source.number},
                       {"business_day", events::to_iso(source.business_day)}});
  }
  json["follows"] = std::move(sources);
  array later;
  for (const projections::LaterVerdict& change : entry.later) {
    later.push_back({{"position", change.position.value},
                     {"received_at", events::to_iso(change.received_at)},
                     {"kind", change.kind},
                     {"actor", to_string(change.actor)},
                     {"verdict", verdict_json(change.verdict)}});
  }
  json["later"] = std::move(later);
  return json;
}

}  // namespace

std::string history_json(const DossierHistory& history, const PrivateTexts& private_texts) {
  object json{{"dossier", to_string(history.id)},
              {"title", history.title},
              {"cycle", history.cycle},
              {"criteria", history.criteria},
              {"home_unit_name", history.home_unit}};
  json["successors"] = array(history.successors.begin(), history.successors.end());
  if (history.dossier) {
    json["subject"] = to_string(history.dossier->subject.id);
    json["home_unit"] = to_string(history.dossier->home_unit);
    json["state"] = static_cast<int>(history.dossier->state);
    json["state_vi"] = name_vi(history.dossier->state);
    json["total_tenths"] = history.dossier->total_tenths;
  }
  array entries;
  for (const HistoryEntry& entry : history.entries) {
    entries.push_back(entry_json(entry, private_texts));
  }
  json["entries"] = std::move(entries);
  return boost::json::serialize(json) + "\n";
}

std::string dossiers_json(std::span<const DossierLine> dossiers) {
  array lines;
  for (const DossierLine& line : dossiers) {
    lines.push_back({{"dossier", to_string(line.id)},
                     {"title", line.title},
                     {"cycle", line.cycle},
                     {"home_unit_name", line.home_unit},
                     {"state_vi", line.state},
                     {"total_tenths", line.total_tenths}});
  }
  return boost::json::serialize(lines) + "\n";
}

}  // namespace audit
