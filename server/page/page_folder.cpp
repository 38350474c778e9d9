#include "server/page/page_folder.h"

#include "events/crypto/digest.h"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

namespace server {

using events::Error;
using events::ErrorCode;
using events::Result;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

std::optional<std::string> read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  return file.bad() ? std::nullopt : std::optional(std::move(bytes));
}

/// What the list says of one file.
struct Row {
  std::string name, type;
  bool is_immutable = false;
  bool is_in_document = false;
};

Result<std::vector<Row>> read_rows(const fs::path& list) {
  const std::optional<std::string> text = read_file(list);
  if (!text) return Error{ErrorCode::io_failed, "cannot read " + list.string()};
  const Error malformed{ErrorCode::malformed, list.string() + " is no list of a page's files"};
  boost::system::error_code broken;
  const json::value read = json::parse(*text, broken);
  if (broken) return malformed;
  const json::object* const whole = read.if_object();
  const json::value* const rows = whole == nullptr ? &read : whole->if_contains("assets");
  if (rows == nullptr || !rows->is_array()) return malformed;
  std::vector<Row> result;
  for (const json::value& each : rows->get_array()) {
    const json::object* const object = each.if_object();
    if (object == nullptr) return malformed;
    const json::value* const name = object->if_contains("name");
    const json::value* const type = object->if_contains("type");
    const auto says_yes = [object](std::string_view field) {
      const json::value* const said = object->if_contains(field);
      return said != nullptr && (*said == true || *said == "yes");
    };
    if (name == nullptr || type == nullptr || !name->is_string() || !type->is_string()) {
      return malformed;
    }
    result.push_back({std::string(name->get_string()), std::string(type->get_string()),
                      says_yes("immutable"), says_yes("in_document")});
  }
  return result;
}

bool stays_inside(const fs::path& name) {
  if (name.empty() || name.is_absolute()) return false;
  for (const fs::path& step : name) {
    if (step == "..") return false;
  }
  return true;
}

}  // namespace

Result<std::shared_ptr<const Site>> read_page_folder(const fs::path& folder) {
  const Result<std::vector<Row>> rows = read_rows(folder / asset_list_name);
  if (!rows) return rows.error();
  std::vector<Asset> assets;
  std::vector<std::string> kept;
  kept.reserve(3 * rows->size());  // Short texts must not move once they are looked at.
  const auto keep = [&kept](std::optional<std::string> bytes) {
    return bytes ? std::string_view(kept.emplace_back(std::move(*bytes))) : std::string_view();
  };
  for (const Row& row : *rows) {
    if (!stays_inside(row.name)) {
      return Error{ErrorCode::invalid_argument, "a page has no file " + row.name};
    }
    const fs::path path = folder / row.name;
    std::optional<std::string> plain = read_file(path);
    if (!plain) return Error{ErrorCode::io_failed, "cannot read " + path.string()};
    Asset asset{.path = '/' + row.name, .type = row.type, .is_immutable = row.is_immutable};
    asset.digest = events::to_hex(events::sha256(events::bytes_of(*plain)).bytes);
    asset.plain = keep(std::move(plain));
    asset.brotli = keep(read_file(path.string() + ".br"));
    asset.gzip = keep(read_file(path.string() + ".gz"));
    asset.is_in_document = row.is_in_document;
    assets.push_back(std::move(asset));
  }
  return std::shared_ptr<const Site>(std::make_shared<Site>(std::move(assets), std::move(kept)));
}

}  // namespace server
