#include "tools/bench/figure.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace bench {

Figure ceiling(std::string name, double value, std::string unit, double target, std::string note) {
  return {.name = std::move(name),
          .value = value,
          .unit = std::move(unit),
          .target = target,
          .at_least = false,
          .note = std::move(note)};
}

std::string to_json(const std::vector<Figure>& figures) {
  std::string json = "[\n";
  for (const Figure& figure : figures) {
    json += fmt::format(
        R"(  {{"name": "{}", "value": {:.4f}, "unit": "{}", "baseline": {:.4f}, "ratio": {:.4f}, )"
        R"("target": {}, "met": {}}})",
        figure.name, figure.value, figure.unit, figure.baseline, figure.ratio, figure.target,
        figure.met());
    json += &figure == &figures.back() ? "\n" : ",\n";
  }
  return json + "]\n";
}

std::string to_table(const std::vector<Figure>& figures) {
  std::string table =
      fmt::format("{:<20} {:>14} {:<12} {:>14} {:>7}  {:<16} {:<4} {}\n", "figure", "value", "unit",
                  "baseline", "ratio", "target", "met", "baseline is");
  for (const Figure& figure : figures) {
    const std::string target = fmt::format("{} {}{}", figure.at_least ? "≥" : "≤", figure.target,
                                           figure.target_is_ratio ? " × base" : "");
    table += fmt::format("{:<20} {:>14.2f} {:<12} {:>14.2f} {:>7.3f}  {:<16} {:<4} {}\n",
                         figure.name, figure.value, figure.unit, figure.baseline, figure.ratio,
                         target, figure.met() ? "yes" : "NO", figure.note);
  }
  return table;
}

double median(std::vector<double> values) { return percentile(std::move(values), 0.5); }

double percentile(std::vector<double> values, double share) {
  std::ranges::sort(values);
  const auto index = static_cast<std::size_t>(share * static_cast<double>(values.size() - 1));
  return values[index];
}

}  // namespace bench
