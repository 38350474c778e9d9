#include "events/base/check.h"
#include "events/base/ranges.h"
#include "projections/criteria/criteria.h"

#include <cereal/archives/json.hpp>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <limits>
#include <utility>

namespace projections {
namespace {

using events::Error;
using events::ErrorCode;
using events::Result;
using Json = rapidjson::Value;

/// The words of an enumeration, as they stand in files.
template <class Enum>
using Word = std::pair<std::string_view, Enum>;

constexpr std::array title_words = {
    Word<events::TitleKind>{"LEARNING_CITIZEN", events::TitleKind::learning_citizen},
    Word<events::TitleKind>{"LEARNING_FAMILY", events::TitleKind::learning_family},
    Word<events::TitleKind>{"LEARNING_CLAN", events::TitleKind::learning_clan},
    Word<events::TitleKind>{"LEARNING_COMMUNITY_HAMLET",
                            events::TitleKind::learning_community_hamlet},
    Word<events::TitleKind>{"LEARNING_COMMUNITY_COMMUNE",
                            events::TitleKind::learning_community_commune},
    Word<events::TitleKind>{"LEARNING_UNIT_COMMUNE", events::TitleKind::learning_unit_commune},
};
constexpr std::array status_words = {
    Word<events::CriteriaStatus>{"CONFIRMED", events::CriteriaStatus::confirmed},
    Word<events::CriteriaStatus>{"REPORTED", events::CriteriaStatus::reported},
    Word<events::CriteriaStatus>{"PLACEHOLDER", events::CriteriaStatus::placeholder},
};
constexpr std::array group_words = {
    Word<events::GroupCode>{"NONE", events::GroupCode::none},
    Word<events::GroupCode>{"FARMER_RURAL", events::GroupCode::farmer_rural},
    Word<events::GroupCode>{"WORKER_CRAFT", events::GroupCode::worker_craft},
    Word<events::GroupCode>{"OFFICIAL_ENTREPRENEUR", events::GroupCode::official_entrepreneur},
    Word<events::GroupCode>{"LEARNER", events::GroupCode::learner},
    Word<events::GroupCode>{"PILOT_COLLEGE_PLUS", events::GroupCode::pilot_college_plus},
    Word<events::GroupCode>{"PILOT_TRADER", events::GroupCode::pilot_trader},
};
constexpr std::array rule_words = {
    Word<events::CriteriaRuleKind>{"TOTAL_AT_LEAST", events::CriteriaRuleKind::total_at_least},
    Word<events::CriteriaRuleKind>{"EACH_INDICATOR_AT_LEAST",
                                   events::CriteriaRuleKind::each_indicator_at_least},
};

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

std::string text_of(const Json& value) { return {value.GetString(), value.GetStringLength()}; }

/// An object of the file: every field there once, none that is not known.
class Fields {
 public:
  Fields(const Json& object, std::string path, std::initializer_list<std::string_view> names,
         FirstError& error)
      : path_(std::move(path)), error_(error) {
    if (!object.IsObject()) {
      error_.set(path_.empty() ? "file" : path_, "must be an object");
      return;
    }
    object_ = &object;
    for (auto member = object.MemberBegin(); member != object.MemberEnd(); ++member) {
      const std::string name = text_of(member->name);
      if (events::ranges::find(names, std::string_view{name}) == names.end()) {
        error_.set(path_of(name), "is not a field of the file");
        return;
      }
      const auto is_same = [&](const auto& other) { return other.name == member->name; };
      if (std::count_if(object.MemberBegin(), object.MemberEnd(), is_same) > 1) {
        error_.set(path_of(name), "stands there twice");
        return;
      }
    }
  }

  std::string path_of(const std::string& name) const {
    return path_.empty() ? name : path_ + "." + name;
  }

  std::string text(const char* name) const {
    const Json* const value = find(name);
    if (value == nullptr) return {};
    if (value->IsString()) return text_of(*value);
    error_.set(path_of(name), "must be a text");
    return {};
  }

  template <class Number>
  Number number(const char* name) const {
    const Json* const value = find(name);
    if (value == nullptr) return {};
    constexpr auto greatest = std::numeric_limits<Number>::max();
    if (value->IsUint() && value->GetUint() <= greatest) {
      return static_cast<Number>(value->GetUint());
    }
    error_.set(path_of(name), "must be a whole number from 0 to " + std::to_string(greatest));
    return {};
  }

  template <class Enum, std::size_t Count>
  Enum word(const char* name, const std::array<Word<Enum>, Count>& words) const {
    const std::string given = text(name);
    std::string known;
    for (const auto& [word, value] : words) {
      if (word == given) return value;
      known.append(known.empty() ? "" : ", ").append(word);
    }
    error_.set(path_of(name), "\"" + given + "\" is none of " + known);
    return {};
  }

  /// Calls `read` with each element and its path.
  template <class Read>
  void list(const char* name, Read read) const {
    const Json* const value = find(name);
    if (value == nullptr) return;
    if (!value->IsArray()) return error_.set(path_of(name), "must be a list");
    for (rapidjson::SizeType index = 0; index < value->Size(); ++index) {
      read((*value)[index], path_of(name) + "[" + std::to_string(index) + "]");
    }
  }

 private:
  const Json* find(const char* name) const {
    if (object_ == nullptr) return nullptr;
    const auto member = object_->FindMember(name);
    if (member != object_->MemberEnd()) return &member->value;
    error_.set(path_of(name), "is missing");
    return nullptr;
  }

  const Json* object_ = nullptr;
  std::string path_;
  FirstError& error_;
};

events::Indicator read_indicator(const Json& json, const std::string& path, FirstError& error) {
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

events::GroupVariant read_variant(const Json& json, const std::string& path,
                                  const std::vector<events::Indicator>& indicators,
                                  FirstError& error) {
  const Fields fields(json, path, {"group", "label_vi", "indicators", "rules"}, error);
  events::GroupVariant variant;
  variant.group = fields.word("group", group_words);
  variant.label_vi = fields.text("label_vi");
  fields.list("indicators", [&](const Json& code, const std::string& place) {
    if (!code.IsString()) return error.set(place, "must be the code of an indicator");
    const auto found = events::ranges::find(indicators, text_of(code), &events::Indicator::code) -
                       indicators.begin();
    if (static_cast<std::size_t>(found) == indicators.size() || found > 0xFF) {
      return error.set(place, "\"" + text_of(code) + "\" is not among the indicators");
    }
    variant.indicators.push_back(static_cast<std::uint8_t>(found));
  });
  fields.list("rules", [&](const Json& rule, const std::string& place) {
    const Fields parts(rule, place, {"kind", "tenths"}, error);
    variant.rules.push_back(
        {parts.word("kind", rule_words), parts.number<std::uint16_t>("tenths")});
  });
  return variant;
}

/// Whether brackets nest as deep as allowed.  Asked before parsing, since the parser recurses.
bool is_shallow(std::string_view json) {
  std::size_t depth = 0;
  bool in_text = false;
  for (std::size_t index = 0; index < json.size(); ++index) {
    const char letter = json[index];
    if (in_text) {
      if (letter == '\\') ++index;
      if (letter == '"') in_text = false;
    } else if (letter == '"') {
      in_text = true;
    } else if (letter == '[' || letter == '{') {
      if (++depth > criteria_file_depth_max) return false;
    } else if (letter == ']' || letter == '}') {
      if (depth > 0) --depth;
    }
  }
  return true;
}

std::string place_of(std::string_view json, std::size_t offset) {
  const std::string_view before = json.substr(0, std::min(offset, json.size()));
  const auto line = 1 + events::ranges::count(before, '\n');
  const std::size_t column = before.size() - (before.rfind('\n') + 1) + 1;
  return "line " + std::to_string(line) + ", byte " + std::to_string(column);
}

template <class Enum, std::size_t Count>
std::string_view word_of(Enum value, const std::array<Word<Enum>, Count>& words) {
  const auto found = events::ranges::find(words, value, &Word<Enum>::second);
  CHECK(found != words.end(), "check_criteria refuses values that have no word");
  return found->first;
}

using Writer = rapidjson::PrettyWriter<rapidjson::StringBuffer>;

void write_text(Writer& writer, const char* name, std::string_view text) {
  writer.Key(name);
  writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

void write_number(Writer& writer, const char* name, std::uint32_t number) {
  writer.Key(name);
  writer.Uint(number);
}

void write_variant(Writer& writer, const events::GroupVariant& variant,
                   const std::vector<events::Indicator>& indicators) {
  writer.StartObject();
  write_text(writer, "group", word_of(variant.group, group_words));
  write_text(writer, "label_vi", variant.label_vi);
  writer.Key("indicators");
  writer.SetFormatOptions(rapidjson::kFormatSingleLineArray);
  writer.StartArray();
  for (const std::uint8_t index : variant.indicators) {
    writer.String(indicators[index].code.c_str());
  }
  writer.EndArray();
  writer.SetFormatOptions(rapidjson::kFormatDefault);
  writer.Key("rules");
  writer.StartArray();
  for (const events::CriteriaRule& rule : variant.rules) {
    writer.StartObject();
    write_text(writer, "kind", word_of(rule.kind, rule_words));
    write_number(writer, "tenths", rule.tenths);
    writer.EndObject();
  }
  writer.EndArray();
  writer.EndObject();
}

}  // namespace

Result<events::CriteriaPublished> read_criteria_file(std::string_view json) {
  if (json.size() > criteria_file_bytes_max) {
    return Error{ErrorCode::too_large, "a criteria file is at most 65536 bytes"};
  }
  // The parser would take NUL for the end of the file.
  if (json.find('\0') != std::string_view::npos) {
    return Error{ErrorCode::malformed, "file: contains NUL"};
  }
  if (!is_shallow(json)) {
    return Error{ErrorCode::malformed, "file: brackets nest deeper than 16"};
  }
  rapidjson::Document document;
  document.Parse<rapidjson::kParseValidateEncodingFlag>(json.data(), json.size());
  if (document.HasParseError()) {
    return Error{ErrorCode::malformed,
                 place_of(json, document.GetErrorOffset()) + ": this is not JSON in UTF-8"};
  }

  FirstError error;
  const Fields fields(
      document, "", {"code", "version", "title", "status", "basis", "indicators", "groups"}, error);
  events::CriteriaPublished criteria;
  criteria.code = fields.text("code");
  criteria.version = fields.number<std::uint32_t>("version");
  criteria.title = fields.word("title", title_words);
  criteria.status = fields.word("status", status_words);
  criteria.basis = fields.text("basis");
  fields.list("indicators", [&](const Json& indicator, const std::string& path) {
    criteria.indicators.push_back(read_indicator(indicator, path, error));
  });
  fields.list("groups", [&](const Json& group, const std::string& path) {
    criteria.groups.push_back(read_variant(group, path, criteria.indicators, error));
  });
  if (error.get()) return *error.get();
  if (auto checked = check_criteria(criteria); !checked) return checked.error();
  return criteria;
}

std::string write_criteria_file(const events::CriteriaPublished& criteria) {
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  writer.SetIndent(' ', 2);
  writer.StartObject();
  write_text(writer, "code", criteria.code);
  write_number(writer, "version", criteria.version);
  write_text(writer, "title", word_of(criteria.title, title_words));
  write_text(writer, "status", word_of(criteria.status, status_words));
  write_text(writer, "basis", criteria.basis);
  writer.Key("indicators");
  writer.StartArray();
  for (const events::Indicator& indicator : criteria.indicators) {
    writer.StartObject();
    write_text(writer, "code", indicator.code);
    write_text(writer, "competency", indicator.competency);
    write_text(writer, "label_vi", indicator.label_vi);
    write_number(writer, "max_tenths", indicator.max_tenths);
    write_number(writer, "step_tenths", indicator.step_tenths);
    writer.EndObject();
  }
  writer.EndArray();
  writer.Key("groups");
  writer.StartArray();
  for (const events::GroupVariant& variant : criteria.groups) {
    write_variant(writer, variant, criteria.indicators);
  }
  writer.EndArray();
  writer.EndObject();
  return std::string{buffer.GetString(), buffer.GetSize()} + "\n";
}

}  // namespace projections
