#include "tests/e2e/json_schema.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <regex>
#include <string_view>

namespace e2e {
namespace {

namespace json = boost::json;

bool has_type(const json::value& value, std::string_view type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "integer") return value.is_int64() || value.is_uint64();
  if (type == "number") return value.is_number();
  if (type == "boolean") return value.is_bool();
  return type == "null" && value.is_null();
}

class Check {
 public:
  explicit Check(const json::value& document) : document_(document) {}

  void run(const json::value& value, const json::value& written, const std::string& place) {
    const json::object& schema = resolve(written).as_object();
    check_type(value, schema, place);
    if (const json::value* const choices = schema.if_contains("enum")) {
      const json::array& all = choices->as_array();
      if (std::ranges::find(all, value) == all.end()) fail(place, "is none of the enum", value);
    }
    if (value.is_string()) check_text(value, schema, place);
    if (value.is_number()) check_number(value, schema, place);
    if (value.is_object()) check_object(value.as_object(), schema, place);
    const json::value* const items = schema.if_contains("items");
    if (!value.is_array() || items == nullptr) return;
    for (std::size_t index = 0; index < value.as_array().size(); ++index) {
      run(value.as_array()[index], *items, place + "/" + std::to_string(index));
    }
  }

  std::string faults;

 private:
  const json::value& resolve(const json::value& schema) const {
    const json::value* const reference = schema.as_object().if_contains("$ref");
    if (reference == nullptr) return schema;
    const std::string_view text(reference->as_string().data(), reference->as_string().size());
    return document_.at_pointer(json::string_view(text.data() + 1, text.size() - 1));
  }

  void check_type(const json::value& value, const json::object& schema, const std::string& place) {
    const json::value* const type = schema.if_contains("type");
    if (type == nullptr) return;
    bool fits = false;
    if (type->is_string()) fits = has_type(value, type->as_string().c_str());
    if (type->is_array()) {
      for (const json::value& each : type->as_array()) {
        fits = fits || has_type(value, each.as_string().c_str());
      }
    }
    if (!fits) fail(place, "has not the type " + json::serialize(*type), value);
  }

  void check_text(const json::value& value, const json::object& schema, const std::string& place) {
    const json::value* const pattern = schema.if_contains("pattern");
    if (pattern == nullptr) return;
    const std::regex expression(pattern->as_string().c_str());
    if (!std::regex_search(std::string(value.as_string()), expression)) {
      fail(place, "does not match " + json::serialize(*pattern), value);
    }
  }

  void check_number(const json::value& value, const json::object& schema,
                    const std::string& place) {
    const auto bound = [&](const char* name, auto breaks) {
      const json::value* const limit = schema.if_contains(name);
      if (limit != nullptr && breaks(value.to_number<double>(), limit->to_number<double>())) {
        fail(place, std::string("breaks its ") + name, value);
      }
    };
    bound("minimum", [](double number, double limit) { return number < limit; });
    bound("maximum", [](double number, double limit) { return number > limit; });
  }

  void check_object(const json::object& value, const json::object& schema,
                    const std::string& place) {
    if (const json::value* const required = schema.if_contains("required")) {
      for (const json::value& name : required->as_array()) {
        if (!value.contains(name.as_string())) fail(place, "lacks", name);
      }
    }
    const json::value* const properties = schema.if_contains("properties");
    const json::value* const others = schema.if_contains("additionalProperties");
    for (const auto& [name, field] : value) {
      const json::value* const known =
          properties == nullptr ? nullptr : properties->as_object().if_contains(name);
      if (known != nullptr) run(field, *known, place + "/" + std::string(name));
      if (known == nullptr && others != nullptr && *others == false) {
        fail(place, "has an unknown property", json::string(name));
      }
    }
  }

  void fail(const std::string& place, const std::string& what, const json::value& value) {
    faults += "at " + place + ": " + what + ": " + json::serialize(value) + "\n";
  }

  const json::value& document_;
};

}  // namespace

std::string schema_faults(const json::value& value, const json::value& schema,
                          const json::value& document) {
  Check check(document);
  check.run(value, schema, "");
  return check.faults;
}

}  // namespace e2e
