#pragma once

#include "events/base/result.h"

#include <chrono>
#include <optional>
#include <ostream>
#include <string>

namespace clients {

/// Tells whoever stays on the line that it is gone, why and when it is tried again, and that it is
/// back: one line each, and one more when the reason changes.
///
/// Lifetime: the stream outlives the object.
class ConnectionNews {
 public:
  explicit ConnectionNews(std::ostream& target) : target_(target) {}

  void cut(const events::Error& why, std::chrono::milliseconds next_try);
  void met();
  /// Whether the server has answered at all.
  bool has_met() const { return has_met_; }
  /// Why there is no line now; nothing while there is one, or before the first try.
  const std::optional<events::Error>& trouble() const { return trouble_; }

 private:
  std::ostream& target_;
  bool has_met_ = false;
  std::optional<events::Error> trouble_;
};

}  // namespace clients
