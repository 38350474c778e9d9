#pragma once

#include "clients/web/bindings/page_device.h"
#include "events/archive/json_writer.h"
#include "projections/texts/catalogue.h"

#include <string_view>

namespace clients::web {

/// A value of an enumeration: its word under `key`, its Vietnamese name under `key` with "_name".
template <class Enum>
void write_named(events::JsonWriter& json, std::string_view key, Enum value) {
  json.member(key, events::word_of(value));
  json.member(std::string(key) + "_name", projections::name_vi(value));
}

/// An id and the name of what it names: `key`, and `key` with "_name".
void write_unit(events::JsonWriter& json, std::string_view key, events::UnitId unit,
                const projections::Units& units);

/// "7.12"; nothing for none.
void write_id(events::JsonWriter& json, std::string_view key, events::EventId id);

void write_flag(events::JsonWriter& json, std::string_view key, bool value);

/// How far an event is on its way: status; and why, where it is not official.
void write_progress(events::JsonWriter& json, const EventProgress& progress);

/// The dossier as every list shows it: step, round, result, points, evidence, status.
void write_dossier(events::JsonWriter& json, PageDevice& device,
                   const projections::Dossier& dossier);

}  // namespace clients::web
