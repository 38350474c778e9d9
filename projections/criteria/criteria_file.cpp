#include "events/archive/json_writer.h"
#include "events/base/check.h"
#include "events/base/ranges.h"
#include "projections/criteria/criteria.h"

#include <algorithm>
#include <initializer_list>
#include <limits>
#include <utility>

namespace projections {
namespace {

using events::Error;
using events::ErrorCode;
using events::JsonTree;
using events::JsonWriter;
using events::Result;

/// The first error of a file.  Reading goes on with empty values, so that its code stays plain.
class FirstError {
 public:
  void set(const std::string& path, const std::string& what) {
    if (!error_) error_ = Error{ErrorCode::malformed, path + ": " + what};
  }
  const std::optional<Error>& get() const { return error_; }

 private:
  std::optional<Error> error_;
};

/// An object of the file: every field there once, none that is not known.
class Fields {
 public:
  Fields(const JsonTree& object, std::string path, std::initializer_list<std::string_view> names,
         FirstError& error)
      : path_(std::move(path)), error_(error) {
    if (!object.is_object()) {
      error_.set(path_.empty() ? "file" : path_, "must be an object");
      return;
    }
    object_ = &object;
    for (const std::string& name : object.names) {
      if (events::ranges::find(names, std::string_view{name}) == names.end()) {
        error_.set(path_of(name), "is not a field of the file");
        return;
      }
      if (events::ranges::count(object.names, name) > 1) {
        error_.set(path_of(name), "stands there twice");
        return;
      }
    }
  }

  std::string path_of(std::string_view name) const {
    return path_.empty() ? std::string(name) : path_ + "." + std::string(name);
  }

  std::string text(std::string_view name) const {
    const JsonTree* const value = find(name);
    if (value == nullptr) return {};
    if (value->is_text()) return value->text;
    error_.set(path_of(name), "must be a text");
    return {};
  }

  template <class Number>
  Number number(std::string_view name) const {
    const JsonTree* const value = find(name);
    if (value == nullptr) return {};
    constexpr auto greatest = std::numeric_limits<Number>::max();
    if (value->kind == JsonTree::Kind::whole_number && value->whole_number <= greatest) {
      return static_cast<Number>(value->whole_number);
    }
    error_.set(path_of(name), "must be a whole number from 0 to " + std::to_string(greatest));
    return {};
  }

  /// A value of an enumeration, by its word in capitals.
  template <events::Tabled Enum>
  Enum word(std::string_view name) const {
    const std::string given = text(name);
    std::string known;
    for (const auto& [value, word] : events::rows_of<Enum>()) {
      const std::string written = events::in_capitals(word);
      if (written == given) return value;
      known.append(known.empty() ? "" : ", ").append(written);
    }
    error_.set(path_of(name), "\"" + given + "\" is none of " + known);
    return {};
  }

  /// Calls `read` with each element and its path.
  template <class Read>
  void list(std::string_view name, Read read) const {
    const JsonTree* const value = find(name);
    if (value == nullptr) return;
    if (!value->is_list()) return error_.set(path_of(name), "must be a list");
    for (std::size_t index = 0; index < value->elements.size(); ++index) {
      read(value->elements[index], path_of(name) + "[" + std::to_string(index) + "]");
    }
  }

 private:
  const JsonTree* find(std::string_view name) const {
    if (object_ == nullptr) return nullptr;
    const auto found = events::ranges::find(object_->names, name);
    if (found != object_->names.end()) {
      return &object_->elements[static_cast<std::size_t>(found - object_->names.begin())];
    }
    error_.set(path_of(name), "is missing");
    return nullptr;
  }

  const JsonTree* object_ = nullptr;
  std::string path_;
  FirstError& error_;
};

events::Indicator read_indicator(const JsonTree& json, const std::string& path, FirstError& error) {
  const Fields fields(json, path, {"code", "competency", "label_vi", "max_tenths", "step_tenths"},
                      error);
  events::Indicator indicator;
  indicator.code = fields.text("code");
  indicator.competency = fields.text("competency");
  indicator.label_vi = fields.text("label_vi");
  indicator.max_tenths = fields.number<std::uint16_t>("max_tenths");
  indicator.step_tenths = fields.number<std::uint16_t>("step_tenths");
  return indicator;
}

events::GroupVariant read_variant(const JsonTree& json, const std::string& path,
                                  const std::vector<events::Indicator>& indicators,
                                  FirstError& error) {
  const Fields fields(json, path, {"group", "label_vi", "indicators", "rules"}, error);
  events::GroupVariant variant;
  variant.group = fields.word<events::GroupCode>("group");
  variant.label_vi = fields.text("label_vi");
  fields.list("indicators", [&](const JsonTree& code, const std::string& place) {
    if (!code.is_text()) return error.set(place, "must be the code of an indicator");
    const auto found =
        events::ranges::find(indicators, code.text, &events::Indicator::code) - indicators.begin();
    if (static_cast<std::size_t>(found) == indicators.size() || found > 0xFF) {
      return error.set(place, "\"" + code.text + "\" is not among the indicators");
    }
    variant.indicators.push_back(static_cast<std::uint8_t>(found));
  });
  fields.list("rules", [&](const JsonTree& rule, const std::string& place) {
    const Fields parts(rule, place, {"kind", "tenths"}, error);
    variant.rules.push_back(
        {parts.word<events::CriteriaRuleKind>("kind"), parts.number<std::uint16_t>("tenths")});
  });
  return variant;
}

template <events::Tabled Enum>
void write_word(JsonWriter& writer, std::string_view name, Enum value) {
  CHECK(is_known(value), "check_criteria refuses values that have no word");
  writer.member(name, events::in_capitals(word_of(value)));
}

void write_variant(JsonWriter& writer, const events::GroupVariant& variant,
                   const std::vector<events::Indicator>& indicators) {
  writer.begin_object();
  write_word(writer, "group", variant.group);
  writer.member("label_vi", variant.label_vi);
  writer.key("indicators");
  writer.begin_row();
  for (const std::uint8_t index : variant.indicators) writer.text(indicators[index].code);
  writer.end();
  writer.key("rules");
  writer.begin_list();
  for (const events::CriteriaRule& rule : variant.rules) {
    writer.begin_object();
    write_word(writer, "kind", rule.kind);
    writer.member("tenths", rule.tenths);
    writer.end();
  }
  writer.end();
  writer.end();
}

}  // namespace

Result<events::CriteriaPublished> read_criteria_file(const Result<JsonTree>& file) {
  if (!file) return file.error();
  FirstError error;
  const Fields fields(
      *file, "", {"code", "version", "title", "status", "basis", "indicators", "groups"}, error);
  events::CriteriaPublished criteria;
  criteria.code = fields.text("code");
  criteria.version = fields.number<std::uint32_t>("version");
  criteria.title = fields.word<events::TitleKind>("title");
  criteria.status = fields.word<events::CriteriaStatus>("status");
  criteria.basis = fields.text("basis");
  fields.list("indicators", [&](const JsonTree& indicator, const std::string& path) {
    criteria.indicators.push_back(read_indicator(indicator, path, error));
  });
  fields.list("groups", [&](const JsonTree& group, const std::string& path) {
    criteria.groups.push_back(read_variant(group, path, criteria.indicators, error));
  });
  if (error.get()) return *error.get();
  if (auto checked = check_criteria(criteria); !checked) return checked.error();
  return criteria;
}

std::string write_criteria_file(const events::CriteriaPublished& criteria) {
  std::string text;
  JsonWriter writer(text, events::JsonLayout::indented);
  writer.begin_object();
  writer.member("code", criteria.code);
  writer.member("version", criteria.version);
  write_word(writer, "title", criteria.title);
  write_word(writer, "status", criteria.status);
  writer.member("basis", criteria.basis);
  writer.key("indicators");
  writer.begin_list();
  for (const events::Indicator& indicator : criteria.indicators) {
    writer.begin_object();
    writer.member("code", indicator.code);
    writer.member("competency", indicator.competency);
    writer.member("label_vi", indicator.label_vi);
    writer.member("max_tenths", indicator.max_tenths);
    writer.member("step_tenths", indicator.step_tenths);
    writer.end();
  }
  writer.end();
  writer.key("groups");
  writer.begin_list();
  for (const events::GroupVariant& variant : criteria.groups) {
    write_variant(writer, variant, criteria.indicators);
  }
  writer.end();
  writer.end();
  return text + "\n";
}

}  // namespace projections
