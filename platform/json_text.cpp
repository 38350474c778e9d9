#include "platform/json_text.h"

#include <boost/json/basic_parser_impl.hpp>

#include <algorithm>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace platform {
namespace {

using boost::json::error_code;
using events::Error;
using events::ErrorCode;
using events::JsonTree;

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// What Boost.JSON's parser calls; makes the tree.  Each function returns whether to go on.
class TreeBuilder {
 public:
  static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_array_size = max_object_size;
  static constexpr std::size_t max_key_size = max_object_size;
  static constexpr std::size_t max_string_size = max_object_size;

  using View = boost::json::string_view;

  bool on_document_begin(error_code& /*failure*/) { return true; }
  bool on_document_end(error_code& /*failure*/) { return true; }

  bool on_object_begin(error_code& /*failure*/) { return open(JsonTree::Kind::object); }
  bool on_object_end(std::size_t /*size*/, error_code& /*failure*/) { return close(); }
  bool on_array_begin(error_code& /*failure*/) { return open(JsonTree::Kind::list); }
  bool on_array_end(std::size_t /*size*/, error_code& /*failure*/) { return close(); }

  bool on_key_part(View part, std::size_t /*size*/, error_code& /*failure*/) { return add(part); }
  bool on_key(View part, std::size_t /*size*/, error_code& /*failure*/) {
    add(part);
    open_.back().names.push_back(std::exchange(text_, {}));
    return true;
  }
  bool on_string_part(View part, std::size_t /*size*/, error_code& /*failure*/) {
    return add(part);
  }
  bool on_string(View part, std::size_t /*size*/, error_code& /*failure*/) {
    add(part);
    JsonTree value{.kind = JsonTree::Kind::text};
    value.text = std::exchange(text_, {});
    return put(std::move(value));
  }

  bool on_number_part(View /*part*/, error_code& /*failure*/) { return true; }
  bool on_int64(std::int64_t number, View /*part*/, error_code& /*failure*/) {
    if (number < 0) return put({.kind = JsonTree::Kind::other_number});
    return put_whole(static_cast<std::uint64_t>(number));
  }
  bool on_uint64(std::uint64_t number, View /*part*/, error_code& /*failure*/) {
    return put_whole(number);
  }
  bool on_double(double /*number*/, View /*part*/, error_code& /*failure*/) {
    return put({.kind = JsonTree::Kind::other_number});
  }
  bool on_bool(bool /*value*/, error_code& /*failure*/) {
    return put({.kind = JsonTree::Kind::boolean});
  }
  bool on_null(error_code& /*failure*/) { return put({}); }

  bool on_comment_part(View /*part*/, error_code& /*failure*/) { return true; }
  bool on_comment(View /*part*/, error_code& /*failure*/) { return true; }

  JsonTree take() { return std::move(root_); }

 private:
  bool add(View part) {
    text_.append(part.data(), part.size());
    return true;
  }

  bool open(JsonTree::Kind kind) {
    open_.push_back({.kind = kind});
    return true;
  }

  bool close() {
    JsonTree value = std::move(open_.back());
    open_.pop_back();
    return put(std::move(value));
  }

  bool put_whole(std::uint64_t number) {
    return put({.kind = JsonTree::Kind::whole_number, .whole_number = number});
  }

  bool put(JsonTree value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else {
      open_.back().elements.push_back(std::move(value));
    }
    return true;
  }

  JsonTree root_;
  std::vector<JsonTree> open_;  ///< Objects and lists whose end has not come, the innermost last.
  std::string text_;            ///< The key or text that is being read.
};

std::string place_of(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const auto line = 1 + std::ranges::count(before, '\n');
  const std::size_t column = before.size() - (before.rfind('\n') + 1) + 1;
  return "line " + std::to_string(line) + ", byte " + std::to_string(column);
}

}  // namespace

events::Result<JsonTree> read_json(std::string_view text, const events::JsonLimits& limits) {
  if (text.size() > limits.bytes_max) {
    return Error{ErrorCode::too_large, std::string(limits.what) + " is at most " +
                                           std::to_string(limits.bytes_max) + " bytes"};
  }
  if (text.find('\0') != std::string_view::npos) {
    return Error{ErrorCode::malformed, "file: contains NUL"};
  }
  const std::string_view json =
      text.starts_with(byte_order_mark) ? text.substr(byte_order_mark.size()) : text;
  boost::json::parse_options options;
  options.max_depth = limits.depth_max;
  boost::json::basic_parser<TreeBuilder> parser(options);
  error_code failure;
  const std::size_t read = parser.write_some(false, json.data(), json.size(), failure);
  if (failure == boost::json::error::too_deep) {
    return Error{ErrorCode::malformed,
                 "file: brackets nest deeper than " + std::to_string(limits.depth_max)};
  }
  if (failure || read < json.size()) {
    return Error{ErrorCode::malformed,
                 place_of(text, text.size() - json.size() + read) + ": this is not JSON in UTF-8"};
  }
  return parser.handler().take();
}

}  // namespace platform
