#include "clients/web/bindings/json_rows.h"

#include "projections/state/standing.h"
#include "projections/texts/sheet_texts.h"
#include "projections/texts/texts.h"

#include <string>

namespace clients::web {

void write_word(events::JsonWriter& json, std::string_view key, std::string_view word,
                std::string_view name) {
  json.member(key, word);
  json.member(std::string(key) + "_name", name);
}

void write_id(events::JsonWriter& json, std::string_view key, events::EventId id) {
  json.key(key);
  if (id == events::EventId{}) {
    json.null();
  } else {
    json.text(to_string(id));
  }
}

void write_unit(events::JsonWriter& json, std::string_view key, events::UnitId unit,
                const projections::UnitsOnDay& units) {
  write_id(json, key, unit.event);
  json.member(std::string(key) + "_name", units.short_name_of(unit));
}

void write_flag(events::JsonWriter& json, std::string_view key, bool value) {
  json.key(key);
  json.boolean(value);
}

void write_progress(events::JsonWriter& json, const EventProgress& progress) {
  write_named(json, "status", progress.status);
  const bool has_a_reason =
      progress.status == EventStatus::waiting || progress.status == EventStatus::refused;
  json.member("why", has_a_reason ? projections::explain(progress.verdict) : std::string{});
}

void write_dossier(events::JsonWriter& json, PageDevice& device,
                   const projections::Dossier& dossier) {
  const projections::State& state = device.workspace().pending();
  write_id(json, "dossier", dossier.id.event);
  write_named(json, "state", projections::standing_of(dossier, state.rulebook()));
  write_named(json, "group", dossier.group);
  write_id(json, "cycle", dossier.cycle.event);
  json.member("points", dossier.total_tenths);
  json.member("evidence", dossier.evidence_count);
  write_flag(json, "has_sheet", dossier.total_tenths != 0 || dossier.sheet_passes);
  write_flag(json, "passes", dossier.sheet_passes);
  json.member("result", projections::sheet_result_vi(dossier, state.rulebook()));
  write_progress(json, device.workspace().progress_of(dossier.id));
}

}  // namespace clients::web
