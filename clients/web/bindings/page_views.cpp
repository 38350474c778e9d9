#include "clients/web/bindings/page_views.h"

#include "clients/core/acts/only_reading.h"
#include "clients/core/acts/typed_text.h"
#include "clients/core/replica/sync_status.h"
#include "clients/web/bindings/audience.h"
#include "clients/web/bindings/dossier_views.h"
#include "clients/web/bindings/json_rows.h"
#include "clients/web/bindings/page_photos.h"
#include "events/base/ranges.h"
#include "projections/state/standing.h"
#include "projections/views/totals.h"

#include <algorithm>
#include <map>
#include <optional>

namespace clients::web {

using events::Error;
using events::ErrorCode;
using events::JsonWriter;
using events::Result;

namespace {

/// The unit of the first role that somebody of the device holds: where its people work.
events::UnitId place_of(const Workspace& workspace) {
  for (const events::PersonId person : workspace.identity().persons) {
    for (const projections::Grant& grant : workspace.pending().access().grants()) {
      if (grant.person == person && !grant.revoked_from && !grant.unit.is_none()) return grant.unit;
    }
  }
  return {};
}

events::UnitId unit_asked(PageDevice& device, const Fields& fields) {
  const Result<events::EventId> id = parse_event_id(fields.text("unit"));
  return id ? events::UnitId{*id} : place_of(device.workspace());
}

void write_people(JsonWriter& json, PageDevice& device) {
  const Workspace& workspace = device.workspace();
  json.key("people");
  json.begin_list();
  for (const events::PersonId person : workspace.identity().persons) {
    json.begin_object();
    write_id(json, "id", person.event);
    json.member("name", workspace.name_of(person.event));
    json.key("roles");
    json.begin_list();
    for (const projections::Grant& grant : workspace.pending().access().grants()) {
      if (grant.person != person) continue;
      json.begin_object();
      write_named(json, "role", grant.role);
      write_unit(json, "unit", grant.unit, workspace.pending().units().on(device.today()));
      write_flag(json, "ended", grant.revoked_from.has_value());
      json.end();
    }
    json.end();
    json.end();
  }
  json.end();
}

template <class Enum>
void write_choices(JsonWriter& json, std::string_view key) {
  json.key(key);
  json.begin_list();
  for (const auto& [value, word] : events::rows_of<Enum>()) {
    json.begin_object();
    json.member("word", word);
    json.member("name", projections::name_vi(value));
    json.end();
  }
  json.end();
}

/// Said once there are roles: before, nobody knows.
void write_reads_only(JsonWriter& json, const PageDevice& device, const Workspace& workspace) {
  const std::vector<events::PersonId>& persons = workspace.identity().persons;
  const auto& grants = workspace.pending().access().grants();
  const bool is_known = events::ranges::any_of(grants, [&](const projections::Grant& grant) {
    return events::ranges::find(persons, grant.person) != persons.end();
  });
  if (!is_known) return;
  const bool reads_only = acts::only_read(workspace.pending(), persons);
  write_flag(json, "reads_only", reads_only);
  if (reads_only && device.needs_whole_module()) write_flag(json, "whole_module", true);
}

Reply show_choices(PageDevice&, const Fields&, events::Timestamp) {
  return reply_with([](JsonWriter& json) {
    if constexpr (has_acts) {
      write_choices<events::Gender>(json, "gender");
      write_choices<events::GroupCode>(json, "group");
      write_choices<events::LawfulBasis>(json, "basis");
      write_choices<events::Confirmation>(json, "confirmation");
      write_choices<events::ProxyReason>(json, "proxy");
      write_choices<events::EvidenceKind>(json, "evidence");
      write_choices<events::ReturnReason>(json, "return_reason");
    }
    write_choices<events::DossierState>(json, "state");
  });
}

void write_status(JsonWriter& json, PageDevice& device) {
  const ContactNotes& notes = device.notes();
  const Contact contact{notes.last_synced.value != 0, notes.caught_up,
                        device.is_revoked() || notes.trouble == "revoked", notes.server_rules};
  const DeviceStatus status = device_status_of(device.workspace(), device.replica(), contact);
  write_named(json, "sync", status.sync);
  json.member("own_events", status.own_events);
  json.member("device_only", status.device_only);
  json.member("received", status.received);
  json.member("official", status.official);
  json.member("waiting", status.waiting);
  json.member("refused", status.refused);
  json.member("unsent_bytes", status.unsent_events.bytes + status.unsent_privates.bytes);
  write_unsent_photos(json, device);
  write_id(json, "unreadable", status.unreadable);
  json.member("alarms", std::uint64_t{status.alarms});
  json.member("synced_upto", status.synced_upto.value);
  if (status.needs_newer_build) write_flag(json, "needs_newer_build", true);
  json.member("last_contact", notes.last_contact.value);
  json.member("last_synced", notes.last_synced.value);
  json.member("trouble", notes.trouble);
  json.key("clock_difference");
  json.number(notes.clock_difference_milliseconds);
  json.member("lease_end", device.lease_end().value);
  write_flag(json, "hidden", device.replica().hides_privates());
}

void write_phase(JsonWriter& json, std::string_view key, const events::Phase& phase) {
  json.key(key);
  json.begin_row();
  json.text(events::to_iso(phase.first));
  json.text(events::to_iso(phase.last));
  json.end();
}

void write_cycles(JsonWriter& json, const projections::Rulebook& rulebook) {
  json.key("cycles");
  json.begin_list();
  for (const projections::Cycle& cycle : rulebook.cycles()) {
    json.begin_object();
    write_id(json, "id", cycle.id.event);
    json.member("label", cycle.content.label);
    write_named(json, "title", cycle.content.title);
    write_phase(json, "registration", cycle.content.registration);
    write_phase(json, "self_assessment", cycle.content.self_assessment);
    write_phase(json, "decision", cycle.content.decision);
    json.key("groups");
    json.begin_list();
    if (const projections::Criteria* const set = rulebook.find(cycle.content.criteria)) {
      for (const events::GroupVariant& variant : set->content.groups) {
        json.begin_object();
        json.member("word", events::word_of(variant.group));
        json.member("name", projections::name_vi(variant.group));
        json.end();
      }
    }
    json.end();
    json.end();
  }
  json.end();
}

Reply show_home(PageDevice& device, const Fields&, events::Timestamp) {
  const projections::State& state = device.workspace().pending();
  std::map<events::DossierState, std::uint64_t> steps;
  for (const projections::Dossier& dossier : state.dossiers().all()) {
    ++steps[projections::standing_of(dossier, state.rulebook())];
  }
  return reply_with([&](JsonWriter& json) {
    write_status(json, device);
    write_unit(json, "place", place_of(device.workspace()), state.units().on(device.today()));
    json.key("steps");
    json.begin_list();
    for (const auto& [step, count] : steps) {
      json.begin_object();
      write_named(json, "state", step);
      json.member("count", count);
      json.end();
    }
    json.end();
    json.member("inbox", std::uint64_t{state.inbox().all().size()});
    write_cycles(json, state.rulebook());
  });
}

Reply show_units(PageDevice& device, const Fields& fields, events::Timestamp) {
  const projections::Units& units = device.workspace().pending().units();
  const projections::UnitsOnDay tree = units.on(device.today());
  const events::UnitId top = unit_asked(device, fields);
  return reply_with([&](JsonWriter& json) {
    json.key("units");
    json.begin_list();
    for (const projections::Unit& unit : units.all()) {
      if (!tree.lies_in(unit.id, top) || !unit.is_open_on(tree.day())) continue;
      const projections::UnitVersion& version = unit.version_on(tree.day());
      json.begin_object();
      write_id(json, "id", unit.id.event);
      json.member("name", version.name);
      write_named(json, "kind", unit.kind_on(tree.day()));
      write_id(json, "parent", version.parent.event);
      json.end();
    }
    json.end();
  });
}

void write_share(JsonWriter& json, std::string_view key, const projections::Share& share) {
  json.key(key);
  json.begin_object();
  json.member("num", share.num);
  json.member("den", share.den);
  json.member("den_kind", share.den_kind);
  json.member("unit_basis", share.unit_basis);
  json.member("as_of_seq", share.as_of_seq.value);
  json.end();
}

void write_figures(JsonWriter& json, const projections::TotalsFigures& figures) {
  json.member("opened", figures.opened);
  json.member("registered", figures.registered);
  json.member("self_assessed", figures.self_assessed);
  json.member("reviewed", figures.reviewed);
  json.member("submitted", figures.submitted);
  json.member("appraised", figures.appraised);
  json.member("recognized", figures.recognized);
  json.member("not_recognized", figures.not_recognized);
  json.member("withdrawn", figures.withdrawn);
  write_share(json, "recognized_of_registered", figures.recognized_of_registered);
  write_share(json, "self_assessed_of_registered", figures.self_assessed_of_registered);
}

/// Of the official state: a board never counts what only this device has.
Reply show_totals(PageDevice& device, const Fields& fields, events::Timestamp) {
  const projections::State& state = device.workspace().confirmed();
  const projections::Statistics statistics = projections::Statistics::of(state);
  projections::TotalsFilter filter;
  filter.scope = device.replica().pull().scope;
  filter.unit = unit_asked(device, fields);
  filter.day = device.today();
  if (const auto cycle = parse_event_id(fields.text("cycle"))) {
    filter.cycle = events::CycleId{*cycle};
  }
  const projections::TotalsView view = projections::totals_of(state, statistics, filter);
  return reply_with([&](JsonWriter& json) {
    json.member("position", view.position.value);
    write_unit(json, "unit", filter.unit, state.units().on(filter.day));
    json.key("sum");
    json.begin_object();
    write_figures(json, view.sum);
    json.end();
    json.key("rows");
    json.begin_list();
    for (const projections::TotalsRow& row : view.rows) {
      json.begin_object();
      write_unit(json, "commune", row.key.commune, state.units().on(filter.day));
      write_named(json, "title", row.key.title);
      write_id(json, "cycle", row.key.cycle.event);
      write_named(json, "group", row.key.group);
      write_figures(json, row.figures);
      json.end();
    }
    json.end();
  });
}

struct NamedView {
  std::string_view name;
  Reply (*show)(PageDevice& device, const Fields& fields, events::Timestamp now);
};

/// The state of the device as a view: names and roles come with the log, after the enrolment.
Reply show_device_view(PageDevice& device, const Fields&, events::Timestamp) {
  return show_device(device);
}

constexpr NamedView named_views[] = {
    {"device", show_device_view},
    {"home", show_home},
    {"choices", show_choices},
    {"units", show_units},
    {"roster", show_roster},
    {"sheet", to_record<show_sheet>},
    {"result", to_record<show_result>},
    {"dossier", show_dossier},
    {"history", show_history},
    {"photos", show_photos},
    {"items", to_record<show_items>},
    {"totals", show_totals},
};

}  // namespace

Reply show_device(PageDevice& device) {
  return reply_with([&](JsonWriter& json) {
    write_flag(json, "enrolled", device.is_enrolled());
    write_flag(json, "locked", device.is_locked());
    if (!device.is_enrolled()) return;
    const Workspace& workspace = device.workspace();
    json.member("label", workspace.identity().label);
    write_id(json, "device", workspace.identity().device.event);
    json.member("chain", workspace.identity().chain.value);
    json.member("log", workspace.identity().log.value);
    const events::PublicKey& held = workspace.identity().browser_key;
    if (held != events::PublicKey{}) json.member("browser_key", events::to_hex(held.bytes));
    write_flag(json, "revoked", device.is_revoked());
    write_people(json, device);
    write_reads_only(json, device, workspace);
    write_unit(json, "place", place_of(workspace), workspace.pending().units().on(device.today()));
  });
}

Reply show_sync(PageDevice& device) {
  const PullEngine* const engine = device.engine();
  return reply_with([&](JsonWriter& json) {
    if (engine == nullptr) {
      json.member("state", "idle");
      return;
    }
    const SyncProgress progress = engine->progress();
    json.member("state", events::word_of(engine->state()));
    json.member("own_events", progress.own_events);
    json.member("accepted", progress.accepted);
    json.member("verdicts_known", progress.verdicts_known);
    json.member("received_to", progress.received_to.value);
    json.member("log_head", progress.log_head.value);
    json.member("events_received", progress.events_received);
    write_flag(json, "caught_up", progress.caught_up);
    write_flag(json, "synced", progress.synced());
    write_flag(json, "finished", progress.finished());
    json.member("retry_after", engine->retry_after_milliseconds());
    json.member("reason", engine->reason());
    json.member("moved_to", engine->moved_to());
    write_files_under_way(json, device);
  });
}

Reply show_view(PageDevice& device, const Fields& fields, events::Timestamp now) {
  const std::string_view name = fields.text("view");
  for (const NamedView& view : named_views) {
    if (view.name == name && view.show != nullptr) return view.show(device, fields, now);
  }
  return reply_with_error({ErrorCode::unsupported, "no such view: " + std::string(name)});
}

}  // namespace clients::web
