#pragma once

#include <string>
#include <vector>

namespace bench {

/// One measured figure beside its baseline of the same run.
struct Figure {
  std::string name;  ///< Stable: later plans compare by it.
  double value = 0;
  std::string unit;
  double baseline = 0;  ///< In the same unit; 0 when the target is absolute.
  double ratio = 0;     ///< value / baseline; 0 without a baseline.
  double target = 0;
  bool at_least = true;  ///< Whether the target is a floor or a ceiling.
  bool target_is_ratio = false;
  std::string note;  ///< What the baseline is.

  bool met() const {
    const double compared = target_is_ratio ? ratio : value;
    return at_least ? compared >= target : compared <= target;
  }
};

/// A figure with an absolute target that it must not exceed.
Figure ceiling(std::string name, double value, std::string unit, double target, std::string note);

/// A list of {name, value, unit, baseline, ratio, target, met}, in order.
std::string to_json(const std::vector<Figure>& figures);
/// The same as an aligned table for people.
std::string to_table(const std::vector<Figure>& figures);

/// The middle of some measured values.  Expects: at least one.
double median(std::vector<double> values);
/// The value below which `share` of them lie.  Expects: at least one; 0 ≤ share ≤ 1.
double percentile(std::vector<double> values, double share);

}  // namespace bench
