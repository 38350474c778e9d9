#include "server/page/negotiation.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

namespace server {
namespace {

/// Weights in thousandths, so that "0.5" and "0.500" are equal.
constexpr int weight_max = 1'000;

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

char lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

bool is_word(std::string_view text, std::string_view word) {
  return std::ranges::equal(text, word, {}, lower);
}

/// Takes what stands before `mark` off the text; all of it when there is no mark.
std::string_view take_until(std::string_view& text, char mark) {
  const std::string_view taken = text.substr(0, text.find(mark));
  text.remove_prefix(std::min(text.size(), taken.size() + 1));
  return trimmed(taken);
}

/// "1", "0.5", "0.001" in thousandths; nothing when it is none of those.
std::optional<int> read_weight(std::string_view text) {
  if (text.empty() || (text[0] != '0' && text[0] != '1')) return std::nullopt;
  int weight = text[0] == '1' ? weight_max : 0;
  text.remove_prefix(1);
  if (text.empty()) return weight;
  if (text[0] != '.' || text.size() > 4) return std::nullopt;
  int worth = weight_max / 10;
  for (const char digit : text.substr(1)) {
    if (digit < '0' || digit > '9') return std::nullopt;
    weight += (digit - '0') * worth;
    worth /= 10;
  }
  return weight <= weight_max ? std::optional(weight) : std::nullopt;
}

/// What Accept-Encoding gives each coding; nothing: it is not named.
struct Weights {
  std::optional<int> brotli, gzip, identity, others;
};

Weights read_weights(std::string_view accept_encoding) {
  Weights weights;
  while (!accept_encoding.empty()) {
    std::string_view item = take_until(accept_encoding, ',');
    const std::string_view coding = take_until(item, ';');
    std::optional<int> weight = weight_max;
    while (!item.empty()) {
      const std::string_view parameter = take_until(item, ';');
      if (parameter.size() < 2 || lower(parameter[0]) != 'q') continue;
      std::string_view value = trimmed(parameter.substr(1));
      if (!value.starts_with('=')) continue;
      value.remove_prefix(1);
      weight = read_weight(trimmed(value));
    }
    if (!weight) continue;
    if (is_word(coding, "br")) weights.brotli = weight;
    if (is_word(coding, "gzip") || is_word(coding, "x-gzip")) weights.gzip = weight;
    if (is_word(coding, "identity")) weights.identity = weight;
    if (coding == "*") weights.others = weight;
  }
  return weights;
}

std::optional<std::size_t> read_number(std::string_view text) {
  std::size_t number = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc::result_out_of_range && rest == text.data() + text.size()) {
    return SIZE_MAX;
  }
  if (text.empty() || error != std::errc{} || rest != text.data() + text.size()) {
    return std::nullopt;
  }
  return number;
}

}  // namespace

std::optional<AssetForm> choose_form(std::optional<std::string_view> accept_encoding,
                                     const Asset& asset) {
  if (!accept_encoding) return AssetForm::plain;
  const Weights weights = read_weights(*accept_encoding);
  const int others = weights.others.value_or(0);
  // No coding at all is taken unless it is refused; it is then liked less than what is named.
  const int plain = weights.identity.value_or(weights.others.value_or(1));
  const std::array<std::pair<int, AssetForm>, 3> forms{
      {{asset.brotli.empty() ? 0 : weights.brotli.value_or(others), AssetForm::brotli},
       {asset.gzip.empty() ? 0 : weights.gzip.value_or(others), AssetForm::gzip},
       {plain, AssetForm::plain}}};
  const auto best = std::ranges::max_element(forms, {}, &std::pair<int, AssetForm>::first);
  if (best->first == 0) return std::nullopt;
  return best->second;
}

Part read_range(std::string_view range, std::size_t size) {
  const Part whole{Part::Kind::whole, 0, size};
  constexpr std::string_view unit = "bytes=";
  if (range.size() < unit.size() || !is_word(range.substr(0, unit.size()), unit)) return whole;
  range = trimmed(range.substr(unit.size()));
  const std::size_t dash = range.find('-');
  if (dash == std::string_view::npos) return whole;
  const std::string_view from = range.substr(0, dash);
  const std::string_view to = range.substr(dash + 1);
  const std::optional<std::size_t> first = read_number(from);
  const std::optional<std::size_t> last = read_number(to);
  if (from.empty() && last) {
    const std::size_t length = std::min(*last, size);
    if (length == 0) return {Part::Kind::beyond, 0, 0};
    return {Part::Kind::part, size - length, length};
  }
  if (!first || (!to.empty() && !last)) return whole;
  if (last && *last < *first) return whole;
  if (*first >= size) return {Part::Kind::beyond, 0, 0};
  const std::size_t end = last ? std::min(*last, size - 1) : size - 1;
  return {Part::Kind::part, *first, end - *first + 1};
}

}  // namespace server
