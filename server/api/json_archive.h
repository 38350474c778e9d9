#pragma once

#include "events/base/bounded.h"
#include "events/base/enum_table.h"
#include "events/base/ids.h"
#include "events/base/time.h"
#include "events/base/verdict.h"
#include "projections/texts/texts.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace server {

/// Writes the named fields of a view's row as an object of JSON.  Ids are texts "chain.seq", none
/// is null; days and moments are ISO 8601, 0 is null; enumerations are words.
/// Format: docs/api.md.
class JsonArchive {
 public:
  template <class... T>
  JsonArchive& operator()(const cereal::NameValuePair<T>&... fields) {
    (put(fields.name, fields.value), ...);
    return *this;
  }

  boost::json::object take() { return std::move(object_); }

 private:
  template <class T>
  void put(const char* name, const T& field);

  boost::json::object object_;
};

/// The word of a value, as `--json` of the command line has it; "unknown" for a value of a newer
/// build.
template <class Enum>
std::string_view api_word(Enum value) {
  return events::is_known(value) ? events::word_of(value) : std::string_view("unknown");
}

inline boost::json::value json_of(std::uint64_t number) { return number; }
inline boost::json::value json_of(std::uint32_t number) { return number; }
inline boost::json::value json_of(std::string_view text) { return boost::json::string(text); }
inline boost::json::value json_of(const std::string& text) { return boost::json::string(text); }
inline boost::json::value json_of(events::Timestamp moment) {
  if (moment.value == 0) return nullptr;
  return boost::json::string(events::to_iso(moment));
}
inline boost::json::value json_of(events::Day day) {
  if (day.value == 0) return nullptr;
  return boost::json::string(events::to_iso(day));
}
inline boost::json::value json_of(events::EventId id) {
  if (id.is_none()) return nullptr;
  return boost::json::string(to_string(id));
}
template <class Tag>
boost::json::value json_of(events::EntityId<Tag> id) {
  return json_of(id.event);
}
template <class Tag, class Value>
boost::json::value json_of(events::Id<Tag, Value> number) {
  return number.value;
}

template <class Enum>
requires std::is_enum_v<Enum> boost::json::value json_of(Enum value) {
  if (static_cast<std::underlying_type_t<Enum>>(value) == 0 &&
      !std::is_same_v<Enum, events::GroupCode>) {
    return nullptr;
  }
  return boost::json::string(api_word(value));
}

inline boost::json::value json_of(const events::Verdict& verdict) {
  boost::json::object object;
  object["code"] = api_word(verdict.code);
  object["rule"] = verdict.rule == events::Rule::none
                       ? boost::json::value(nullptr)
                       : boost::json::value(projections::id_of(verdict.rule));
  object["hold"] = json_of(verdict.hold);
  object["flags"] = verdict.flags;
  boost::json::array& parameters = object["parameters"].emplace_array();
  for (const std::int64_t parameter : verdict.parameters) parameters.push_back(parameter);
  object["rules"] = verdict.rules.value;
  return object;
}

template <class T>
boost::json::value json_of(const std::vector<T>& elements);

/// A struct with named fields.
template <class T>
requires requires(T fields, JsonArchive archive) { fields.serialize(archive); }
boost::json::value json_of(const T& fields) {
  JsonArchive archive;
  // serialize() reads and writes; writing does not change the fields.
  const_cast<T&>(fields).serialize(archive);
  return archive.take();
}

template <class T>
boost::json::value json_of(const std::vector<T>& elements) {
  boost::json::array array;
  array.reserve(elements.size());
  for (const T& each : elements) array.push_back(json_of(each));
  return array;
}

template <std::size_t Limit, class T>
boost::json::value json_of(const events::Bounded<Limit, T>& bounded) {
  return json_of(bounded.field);
}

template <class T>
void JsonArchive::put(const char* name, const T& field) {
  object_[name] = json_of(field);
}

/// The same as an object.
template <class T>
boost::json::object json_object_of(const T& fields) {
  return std::move(json_of(fields).as_object());
}

}  // namespace server
