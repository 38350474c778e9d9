#include "clients/web/bindings/dossier_views.h"

#include "clients/core/acts/score.h"
#include "clients/core/acts/typed_text.h"
#include "clients/core/replica/sync_status.h"
#include "clients/web/bindings/json_rows.h"
#include "projections/criteria/criteria.h"
#include "projections/state/standing.h"
#include "projections/texts/event_texts.h"
#include "projections/texts/sheet_texts.h"
#include "projections/texts/texts.h"

#include <algorithm>

namespace clients::web {

using events::Error;
using events::ErrorCode;
using events::JsonWriter;
using events::Result;

namespace {

constexpr std::size_t rows_at_once = 100;

/// Which rows of a list are asked for.
struct Window {
  std::size_t skip = 0;
  std::size_t rows = rows_at_once;
};

Window window_of(const Fields& fields) {
  Window window;
  if (const auto skip = fields.number("skip")) window.skip = static_cast<std::size_t>(*skip);
  const auto rows = fields.number("rows");
  if (rows && *rows != 0) {
    window.rows = static_cast<std::size_t>(std::min<std::uint64_t>(*rows, 1'000));
  }
  return window;
}

Result<const projections::Dossier*> dossier_asked(PageDevice& device, const Fields& fields) {
  const Result<events::EventId> id = parse_event_id(fields.text("dossier"));
  if (!id) return id.error();
  return acts::dossier_of(device.workspace().pending(), events::DossierId{*id});
}

const projections::Dossier* active_of(const projections::State& state, events::PersonId person,
                                      events::CycleId cycle) {
  const events::SubjectRef subject{events::SubjectKind::person, person.event};
  return state.dossiers().active_of(subject, cycle);
}

void write_person(JsonWriter& json, PageDevice& device, const IndexedPerson& person) {
  write_id(json, "person", person.id.event);
  json.member("name", person.name.empty() && device.replica().hides_privates()
                          ? projections::hidden_name_vi
                          : std::string_view(person.name));
  json.member("birth",
              person.birth.year == 0 ? std::string{} : events::to_vietnamese(person.birth));
  write_unit(json, "unit", person.home, device.workspace().pending().units().on(device.today()));
}

std::uint16_t needed_total(const events::GroupVariant& variant) {
  for (const events::CriteriaRule& rule : variant.rules) {
    if (rule.kind == events::CriteriaRuleKind::total_at_least) return rule.tenths;
  }
  return 0;
}

void write_columns(JsonWriter& json, const acts::BoundSheet& sheet) {
  json.key("columns");
  json.begin_list();
  for (const std::uint8_t index : sheet.variant->indicators) {
    const events::Indicator& indicator = sheet.content->indicators[index];
    json.begin_object();
    json.member("code", indicator.code);
    json.member("label", indicator.label_vi);
    json.member("max", indicator.max_tenths);
    json.member("step", indicator.step_tenths);
    json.end();
  }
  json.end();
  json.key("rules");
  json.begin_list();
  for (const events::CriteriaRule& rule : sheet.variant->rules) {
    json.begin_object();
    write_named(json, "kind", rule.kind);
    json.member("tenths", rule.tenths);
    json.end();
  }
  json.end();
}

/// Whether a dossier is in the step and as far as `fields` ask for; without asking, everybody is.
bool is_asked_for(PageDevice& device, const Fields& fields, const projections::Dossier* dossier) {
  const std::string_view state = fields.text("state");
  const std::string_view status = fields.text("status");
  if (state.empty() && status.empty()) return true;
  if (dossier == nullptr) return false;
  const projections::Rulebook& rulebook = device.workspace().pending().rulebook();
  const bool stands_elsewhere =
      events::word_of(projections::standing_of(*dossier, rulebook)) != state;
  if (!state.empty() && stands_elsewhere) return false;
  return status.empty() ||
         events::word_of(device.workspace().progress_of(dossier->id).status) == status;
}

}  // namespace

Reply show_roster(PageDevice& device, const Fields& fields, events::Timestamp) {
  const projections::State& state = device.workspace().pending();
  const Result<events::EventId> unit = parse_event_id(fields.text("unit"));
  const Result<events::EventId> cycle = parse_event_id(fields.text("cycle"));
  const auto dossier_in_cycle = [&](const IndexedPerson* person) {
    return cycle ? active_of(state, person->id, events::CycleId{*cycle}) : nullptr;
  };
  std::vector<const IndexedPerson*> found =
      device.people().search(fields.text("q"), unit ? events::UnitId{*unit} : events::UnitId{},
                             state.units().on(device.today()));
  std::erase_if(found, [&](const IndexedPerson* person) {
    return !is_asked_for(device, fields, dossier_in_cycle(person));
  });
  const Window window = window_of(fields);
  return reply_with([&](JsonWriter& json) {
    json.member("count", std::uint64_t{found.size()});
    json.key("rows");
    json.begin_list();
    for (std::size_t at = window.skip; at < found.size() && at < window.skip + window.rows; ++at) {
      json.begin_object();
      write_person(json, device, *found[at]);
      const projections::Dossier* const dossier = dossier_in_cycle(found[at]);
      if (dossier != nullptr) write_dossier(json, device, *dossier);
      json.end();
    }
    json.end();
  });
}

Reply show_sheet(PageDevice& device, const Fields& fields, events::Timestamp) {
  const Result<const projections::Dossier*> dossier = dossier_asked(device, fields);
  if (!dossier) return reply_with_error(dossier.error());
  const Result<acts::BoundSheet> sheet =
      acts::sheet_of(device.workspace().pending(), (*dossier)->id);
  if (!sheet) return reply_with_error(sheet.error());
  const Result<const ScoreSheets*> sheets = device.sheets();
  if (!sheets) return reply_with_error(sheets.error());
  const auto current = (*sheets)->find((*dossier)->id);
  return reply_with([&](JsonWriter& json) {
    json.member("name", device.workspace().name_of((*dossier)->subject.id));
    write_dossier(json, device, **dossier);
    json.member("criteria", sheet->content->code);
    json.member("basis", sheet->content->basis);
    write_columns(json, *sheet);
    json.key("scores");
    json.begin_row();
    if (current != (*sheets)->end()) {
      for (const std::uint16_t score : current->second) json.number(std::uint64_t{score});
    }
    json.end();
  });
}

Reply show_result(PageDevice& device, const Fields& fields, events::Timestamp) {
  const Result<const projections::Dossier*> dossier = dossier_asked(device, fields);
  if (!dossier) return reply_with_error(dossier.error());
  const Result<acts::BoundSheet> sheet =
      acts::sheet_of(device.workspace().pending(), (*dossier)->id);
  if (!sheet) return reply_with_error(sheet.error());
  const Result<acts::Scores> scores = acts::read_sheet(*sheet, fields.all("score"));
  if (!scores) return reply_with_error(scores.error());
  std::uint64_t total = 0;
  for (const std::uint16_t score : scores->scores_tenths) total += score;
  const std::string missed =
      projections::shortfall(*sheet->content, *sheet->variant, scores->scores_tenths);
  return reply_with([&](JsonWriter& json) {
    json.member("points", total);
    json.member("needed", needed_total(*sheet->variant));
    json.member("missed", missed);
    write_flag(json, "passes", missed.empty());
  });
}

Reply show_dossier(PageDevice& device, const Fields& fields, events::Timestamp) {
  const Result<const projections::Dossier*> dossier = dossier_asked(device, fields);
  if (!dossier) return reply_with_error(dossier.error());
  const IndexedPerson* const person =
      device.people().find(events::PersonId{(*dossier)->subject.id});
  return reply_with([&](JsonWriter& json) {
    if (person != nullptr) write_person(json, device, *person);
    write_dossier(json, device, **dossier);
    write_flag(json, "may_lack_history", device.workspace().may_lack_history((*dossier)->id));
  });
}

Reply show_history(PageDevice& device, const Fields& fields, events::Timestamp) {
  const Result<const projections::Dossier*> dossier = dossier_asked(device, fields);
  if (!dossier) return reply_with_error(dossier.error());
  const Workspace& workspace = device.workspace();
  const Result<std::vector<HistoryLine>> lines = workspace.history((*dossier)->id);
  if (!lines) return reply_with_error(lines.error());
  return reply_with([&](JsonWriter& json) {
    json.key("lines");
    json.begin_list();
    for (const HistoryLine& line : *lines) {
      const events::EventHeader& header = line.event.header;
      json.begin_object();
      json.member("id", to_string(header.id()));
      json.member("kind", events::event_name(header.type));
      json.member("kind_name", projections::name_vi(static_cast<events::EventType>(header.type)));
      json.member("content", projections::content_vi(line.event.payload, *dossier,
                                                     workspace.pending().rulebook()));
      write_id(json, "actor", header.actor.event);
      json.member("actor_name", workspace.name_of(header.actor.event));
      json.member("role_name", line.role == events::Role{} ? std::string_view{}
                                                           : projections::name_vi(line.role));
      json.member("device", line.device_label);
      write_flag(json, "by_server", header.chain == events::system_chain);
      json.member("day", events::to_iso(header.business_day));
      json.member("recorded_at", header.recorded_at.value);
      json.member("received_at", line.received_at.value);
      json.member("position", line.progress.position.value);
      json.member("evidence_known", line.evidence_known);
      json.member("verdict", projections::explain(line.progress.verdict));
      write_progress(json, line.progress);
      json.end();
    }
    json.end();
  });
}

Reply show_items(PageDevice& device, const Fields& fields, events::Timestamp) {
  const Workspace& workspace = device.workspace();
  std::vector<OwnRecord> records = own_records(workspace, device.replica());
  std::reverse(records.begin(), records.end());
  if (const std::string_view status = fields.text("status"); !status.empty()) {
    std::erase_if(records, [&](const OwnRecord& record) {
      return events::word_of(record.progress.status) != status;
    });
  }
  const Window window = window_of(fields);
  return reply_with([&](JsonWriter& json) {
    json.member("count", std::uint64_t{records.size()});
    json.key("rows");
    json.begin_list();
    for (std::size_t at = window.skip; at < records.size() && at < window.skip + window.rows;
         ++at) {
      const OwnRecord& record = records[at];
      const projections::Dossier* const dossier =
          workspace.pending().dossiers().find(events::DossierId{record.stream.id});
      json.begin_object();
      write_id(json, "id", record.id);
      json.member("kind", events::event_name(static_cast<std::uint16_t>(record.type)));
      json.member("kind_name", projections::name_vi(record.type));
      write_id(json, "dossier", dossier == nullptr ? events::EventId{} : dossier->id.event);
      json.member("name",
                  workspace.name_of(dossier == nullptr ? record.stream.id : dossier->subject.id));
      json.member("recorded_at", record.recorded_at.value);
      write_progress(json, record.progress);
      json.end();
    }
    json.end();
  });
}

}  // namespace clients::web
