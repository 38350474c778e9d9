#include "clients/cli/output/choice.h"

#include "clients/cli/output/output.h"
#include "clients/core/acts/nearest.h"
#include "events/text/folding.h"

#include <fmt/core.h>

#include <algorithm>
#include <vector>

namespace clients {
namespace {

/// Shorter than this, a piece of a name says nothing.
constexpr std::size_t piece_bytes_min = 2;

/// As two texts are compared: without marks and capitals, dashes and underlines as blanks, no dot
/// at the end.
std::string plain(std::string_view text) {
  std::string result = events::without_marks(text);
  std::ranges::replace_if(
      result, [](char c) { return c == '_' || c == '-'; }, ' ');
  while (result.ends_with('.') || result.ends_with(' ')) result.pop_back();
  return result;
}

/// What stands between commas and parentheses: "thay mặt (TM)" has the parts "thay mặt" and "TM".
std::vector<std::string_view> parts_of(std::string_view name) {
  std::vector<std::string_view> parts;
  while (!name.empty()) {
    const std::size_t end = std::min(name.find_first_of(",()"), name.size());
    std::string_view part = name.substr(0, end);
    while (part.starts_with(' ')) part.remove_prefix(1);
    while (part.ends_with(' ')) part.remove_suffix(1);
    if (!part.empty()) parts.push_back(part);
    name.remove_prefix(std::min(end + 1, name.size()));
  }
  return parts;
}

/// Whether `piece` stands in `name` as whole words.
bool has_words(std::string_view name, std::string_view piece) {
  for (std::size_t at = name.find(piece); at != std::string_view::npos;
       at = name.find(piece, at + 1)) {
    const std::size_t end = at + piece.size();
    const bool begins = at == 0 || name[at - 1] == ' ';
    const bool ends = end == name.size() || name[end] == ' ' || name[end] == ',';
    if (begins && ends) return true;
  }
  return false;
}

/// How well the choice fits what was typed, 0 being its own word or name; nothing for not at all.
std::optional<int> rank_of(const Choice& choice, const std::string& typed) {
  const std::string name = plain(choice.name_vi);
  if (typed == plain(choice.word) || typed == name) return 0;
  for (const std::string_view part : parts_of(choice.name_vi)) {
    if (typed == plain(part)) return 1;
  }
  if (typed.size() < piece_bytes_min || !has_words(name, typed)) return std::nullopt;
  return name.starts_with(typed) ? 2 : 3;
}

/// What people type for a choice: the first part of its name, unless another begins alike.
std::string short_name(std::span<const Choice> choices, const Choice& choice) {
  const std::string_view first = parts_of(choice.name_vi).front();
  const auto begins_alike = [&](const Choice& other) {
    return parts_of(other.name_vi).front() == first;
  };
  return std::string(std::ranges::count_if(choices, begins_alike) == 1 ? first : choice.name_vi);
}

}  // namespace

std::string listed(std::span<const Choice> choices) {
  std::string list;
  for (const Choice& choice : choices) {
    list.append(list.empty() ? "" : "; ").append(short_name(choices, choice));
  }
  return list;
}

events::Result<std::size_t> find_choice(std::string_view noun, std::string_view typed,
                                        std::span<const Choice> choices) {
  const std::string wanted = plain(typed);
  std::vector<std::size_t> found;
  int best = 0;
  for (std::size_t index = 0; index < choices.size() && !wanted.empty(); ++index) {
    const std::optional<int> rank = rank_of(choices[index], wanted);
    if (!rank || (!found.empty() && *rank > best)) continue;
    if (!found.empty() && *rank < best) found.clear();
    best = *rank;
    found.push_back(index);
  }
  if (found.size() == 1) return found.front();
  if (found.size() > 1) {
    std::vector<Choice> alike;
    for (const std::size_t index : found) alike.push_back(choices[index]);
    return usage_error(
        fmt::format("{} “{}” chưa rõ; hãy chọn một trong: {}.", noun, typed, listed(alike)));
  }
  std::vector<std::string> names;
  for (const Choice& choice : choices) names.push_back(short_name(choices, choice));
  const std::string nearest = did_you_mean_vi(typed, names);
  return usage_error(fmt::format("{} “{}” không có.{} Hãy chọn một trong: {}.", noun, typed,
                                 nearest, listed(choices)));
}

}  // namespace clients
