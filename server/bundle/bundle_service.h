#pragma once

#include "events/base/result.h"
#include "events/bundle/bundle_opening.h"
#include "events/crypto/signature.h"
#include "server/bundle/sealing_keys.h"
#include "server/bundle/spool_file.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>

namespace server {

inline constexpr std::uint64_t bundle_bytes_max = events::bundle::bundle_bytes_max;
/// Bundles answered at the same time; one more is told to come back.
inline constexpr int bundles_at_once_max = 4;
/// Bundles are taken while so much of the disk is free.
inline constexpr std::uint64_t bundle_free_bytes_min = 512ULL * 1024 * 1024;
/// Bundles kept as evidence, and how much of each.
inline constexpr std::size_t refused_bundles_max = 32;
inline constexpr std::uint64_t refused_bytes_max = 16ULL * 1024 * 1024;

/// Where bundles lie while they are answered, the keys they are opened and answered with, and the
/// evidence of those that were tampered with.
///
/// Thread: any.
class BundleService {
 public:
  struct Parts {
    std::filesystem::path directory;
    SealingKeys keys;
    events::SigningKey server_key;
  };
  explicit BundleService(Parts parts) : parts_(std::move(parts)) {}

  /// One of the places at the desk, as long as the object lives; null when all are taken.
  class Place {
   public:
    explicit Place(std::atomic<int>& taken) : taken_(taken) {}
    ~Place() { --taken_; }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

   private:
    std::atomic<int>& taken_;
  };
  std::unique_ptr<Place> enter();

  events::Result<std::unique_ptr<SpoolFile>> spool() const;
  /// Bundles leave the log more room than it needs.
  /// Errors:  storage_failed.
  events::Result<void> check_room() const;
  /// The secret that opens bundles sealed to that key.
  const events::SealingSecret* secret(std::uint64_t key_id) const {
    return parts_.keys.find(key_id);
  }
  events::SealingKey published_key() const { return parts_.keys.newest(); }
  const events::SigningKey& server_key() const { return parts_.server_key; }
  /// Errors:  io_failed.
  static events::Result<events::SealingSecret> draw_secret();

  /// Keeps a bundle that a device of the log signed and somebody changed: its first bytes in a file
  /// `refused/<time>-<chain>.csb` and why in one beside it.  The oldest make room.
  void keep_evidence(SpoolFile& bundle, const events::bundle::BundleHeader& header,
                     const events::Error& why, events::Timestamp now);

 private:
  Parts parts_;
  std::atomic<int> taken_{0};
  std::mutex evidence_;
};

}  // namespace server
