#pragma once

#include "clients/web/bindings/page_calls.h"
#include "events/base/check.h"
#include "events/crypto/digest.h"
#include "tests/support/page_fields.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace test_support {

/// A page's device begun from the rows of an archived store (tests/golden/README.md).  Its clock
/// stands still and all it draws are the same 32 bytes, so it answers and writes the same each
/// time.
class StoredPage {
 public:
  /// `rows`: as the call `load` takes them.
  StoredPage(events::ByteView rows, std::uint64_t now)
      : now_(now), device_([] { return drawn(); }) {
    call("load", {{"rows", std::string(rows.begin(), rows.end())}});
  }

  boost::json::object call(std::string_view name, const Given& given = {}) {
    events::Bytes input;
    append_field(input, "now", std::to_string(now_));
    for (const auto& [field, value] : given) append_field(input, field, value);
    const auto calls = clients::web::page_calls();
    const auto found = std::find_if(calls.begin(), calls.end(),
                                    [&](const auto& each) { return each.name == name; });
    CHECK(found != calls.end(), "the call is known");
    const clients::web::Reply reply = clients::web::make_call(*found, device_, input);
    written_ = clients::web::packed_changes(device_);
    return boost::json::parse(reply.json).as_object();
  }
  const clients::web::PageDevice& device() const { return device_; }
  /// SHA-256 of the rows of the last call; empty when it wrote none.
  std::string written() const {
    return written_.empty() ? "" : events::to_hex(events::sha256(written_).bytes);
  }

 private:
  static std::array<std::uint8_t, 32> drawn() {
    std::array<std::uint8_t, 32> bytes{};
    bytes.fill(9);
    return bytes;
  }

  std::uint64_t now_;
  clients::web::PageDevice device_;
  events::Bytes written_;
};

/// `value` without what only texts say: those may be put better at any time.
inline boost::json::value without_texts(const boost::json::value& value) {
  if (const auto* const array = value.if_array()) {
    boost::json::array kept;
    for (const boost::json::value& each : *array) kept.push_back(without_texts(each));
    return kept;
  }
  const auto* const object = value.if_object();
  if (object == nullptr) return value;
  boost::json::object kept;
  for (const auto& [key, member] : *object) {
    const std::string_view name(key);
    const bool is_text = name.ends_with("_name") || name == "text" || name == "why" ||
                         name == "result" || name == "detail";
    if (!is_text) kept.emplace(key, without_texts(member));
  }
  return kept;
}

/// What of `recorded` is not in `now`, as a path; empty when all of it is.  What is new does not
/// count.
inline std::string first_missing(const boost::json::value& recorded, const boost::json::value& now,
                                 const std::string& path = "") {
  if (const auto* const object = recorded.if_object(); object && now.is_object()) {
    for (const auto& [key, member] : *object) {
      const std::string below = path + "/" + std::string(key);
      const auto* const other = now.as_object().if_contains(key);
      std::string missing = other == nullptr ? below : first_missing(member, *other, below);
      if (!missing.empty()) return missing;
    }
    return {};
  }
  if (const auto* const array = recorded.if_array(); array && now.is_array()) {
    if (array->size() != now.as_array().size()) return path + "/size";
    for (std::size_t index = 0; index < array->size(); ++index) {
      std::string missing =
          first_missing((*array)[index], now.as_array()[index], path + "/" + std::to_string(index));
      if (!missing.empty()) return missing;
    }
    return {};
  }
  return recorded == now ? std::string{} : (path.empty() ? "/" : path);
}

}  // namespace test_support
