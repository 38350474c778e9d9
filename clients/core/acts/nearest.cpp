#include "clients/core/acts/nearest.h"

#include "events/base/ranges.h"
#include "events/text/folding.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace clients {
namespace {

/// Longer words are compared by their beginning.
constexpr std::size_t compared_max = 64;
constexpr std::size_t suggestions_max = 3;

/// Letters to insert, to drop or to change, or neighbours to swap, so that one becomes the other.
std::size_t distance(std::string_view one, std::string_view other) {
  one = one.substr(0, compared_max);
  other = other.substr(0, compared_max);
  std::vector<std::size_t> before;
  std::vector<std::size_t> last(other.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  std::vector<std::size_t> row(other.size() + 1);
  for (std::size_t i = 1; i <= one.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= other.size(); ++j) {
      const std::size_t change = last[j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, change});
      const bool is_swapped =
          i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1];
      if (is_swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before = std::exchange(last, row);
  }
  return last.back();
}

}  // namespace

std::vector<std::string> nearest(std::string_view typed, std::span<const std::string> names,
                                 std::size_t count) {
  const std::string plain = events::without_marks(typed);
  if (plain.empty()) return {};
  const std::size_t tolerated = std::max<std::size_t>(1, plain.size() / 4);
  std::vector<std::pair<std::size_t, std::string>> found;
  for (const std::string& name : names) {
    const std::size_t far = distance(plain, events::without_marks(name));
    if (far <= tolerated) found.emplace_back(far, name);
  }
  events::ranges::sort(found);
  found.erase(std::unique(found.begin(), found.end()), found.end());
  std::vector<std::string> near;
  for (auto& [far, name] : found) {
    if (near.size() == count) break;
    near.push_back(std::move(name));
  }
  return near;
}

std::string did_you_mean_vi(std::string_view typed, std::span<const std::string> names) {
  const std::vector<std::string> near = nearest(typed, names, suggestions_max);
  if (near.empty()) return {};
  std::string text = " Có phải ";
  for (std::size_t index = 0; index < near.size(); ++index) {
    text += (index == 0 ? "“" : ", “") + near[index] + "”";
  }
  return text + "?";
}

}  // namespace clients
