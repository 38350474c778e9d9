#pragma once

#include "clients/core/texts/device_texts.h"
#include "clients/web/bindings/page_device.h"
#include "events/archive/json_writer.h"
#include "projections/texts/catalogue.h"

#include <string_view>

namespace clients::web {

/// A word under `key`, and its Vietnamese name under `key` with "_name".
void write_word(events::JsonWriter& json, std::string_view key, std::string_view word,
                std::string_view name);
/// A value of an enumeration in the same way.
template <class Enum>
void write_named(events::JsonWriter& json, std::string_view key, Enum value) {
  write_word(json, key, events::word_of(value), projections::name_vi(value));
}

/// An id and the name of what it names: `key`, and `key` with "_name".
void write_unit(events::JsonWriter& json, std::string_view key, events::UnitId unit,
                const projections::UnitsOnDay& units);

/// "7.12"; nothing for none.
void write_id(events::JsonWriter& json, std::string_view key, events::EventId id);

void write_flag(events::JsonWriter& json, std::string_view key, bool value);

/// How far an event is on its way: status; and why, where it is not official.
void write_progress(events::JsonWriter& json, const EventProgress& progress);

/// The dossier as every list shows it: step, round, result, points, evidence, status.
void write_dossier(events::JsonWriter& json, PageDevice& device,
                   const projections::Dossier& dossier);

}  // namespace clients::web
