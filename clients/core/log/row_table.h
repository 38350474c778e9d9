#pragma once

#include "events/base/bytes.h"
#include "events/base/result.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace clients {

/// A change of one row, or of all rows whose keys lie in a range.
struct RowChange {
  enum class Kind : std::uint8_t { put = 1, erase = 2, erase_range = 3 };

  Kind kind{};
  std::string key;    ///< For a range: its first key.
  std::string value;  ///< Of a put; for a range: the first key behind it.
};

/// Changes that are written together, in their order.
class RowBatch {
 public:
  void put(std::string key, std::string_view value) {
    changes_.push_back({RowChange::Kind::put, std::move(key), std::string(value)});
  }
  void put(std::string key, events::ByteView value) {
    put(std::move(key),
        std::string_view(reinterpret_cast<const char*>(value.data()), value.size()));
  }
  void erase(std::string key) { changes_.push_back({RowChange::Kind::erase, std::move(key), {}}); }
  /// All rows from `first` on, up to but without `end`.
  void erase_range(std::string first, std::string end) {
    changes_.push_back({RowChange::Kind::erase_range, std::move(first), std::move(end)});
  }

  bool empty() const { return changes_.empty(); }
  const std::vector<RowChange>& changes() const { return changes_; }

 private:
  std::vector<RowChange> changes_;
};

/// Rows of bytes under keys of bytes, in the order of their keys: what a device's store is written
/// on.
///
/// Thread: one at a time.
class RowTable {
 public:
  /// Takes a row; an error ends the visit and is returned.
  using Visit = std::function<events::Result<void>(std::string_view key, events::ByteView value)>;

  virtual ~RowTable() = default;

  /// Nothing when there is no such row.  Errors: device_storage.
  virtual events::Result<std::optional<std::string>> get(const std::string& key) const = 0;
  /// Every row whose key begins with `prefix`, ascending.
  /// Lifetime: key and value until the visitor returns, which must not write.
  /// Errors:  device_storage; what the visitor returns.
  virtual events::Result<void> each(const std::string& prefix, const Visit& visit) const = 0;
  /// Writes all of `batch` or nothing.  On return it survives a power cut.
  /// Errors:  device_storage: nobody knows whether it was written.
  [[nodiscard]] virtual events::Result<void> write(const RowBatch& batch) = 0;
  /// Makes sure that erased rows whose keys began with `prefix` are in no file any more.
  virtual events::Result<void> drop_old_bytes(const std::string& prefix) = 0;
};

}  // namespace clients
