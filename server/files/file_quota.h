#pragma once

#include "events/base/ids.h"
#include "events/base/result.h"
#include "events/base/time.h"
#include "server/commit/file_facts.h"
#include "server/files/file_archive.h"

#include <cstdint>
#include <functional>
#include <map>
#include <set>

namespace server {

/// Bytes of evidence that are taken in; see docs/decisions/0026-quotas.md.
struct FileLimits {
  std::uint64_t device_bytes_a_day = std::uint64_t{1} << 30U;
  std::uint64_t dossier_bytes = std::uint64_t{64} << 20U;
};

/// Counts what each device sends of files on the present day of Viet Nam, and what each dossier
/// has.
///
/// State: the day's bytes of each device, which begin again after a start, and the uploads that
///        were counted; the bytes of each dossier that has files; the files of the day that were
///        counted for their dossiers, since the log may not have said yet that they are stored.
/// Thread: one at a time: the file thread.
class FileQuota {
 public:
  using Clock = std::function<events::Timestamp()>;

  explicit FileQuota(Clock clock, FileLimits limits = {})
      : clock_(std::move(clock)), limits_(limits) {}

  /// What the log calls stored already.  Before the first device comes.
  void begin(const projections::EvidenceFiles& files);
  /// Counts an upload, once a day: going on with it costs nothing.  `factor`: by which the
  /// device's quota was raised today.
  /// Errors: quota, with the rule.
  events::Result<void> take(const Upload& upload, const FileFacts& facts, std::uint64_t factor);
  /// The dossier has the file, whether its bytes came or lay on the server already.  It counts
  /// once, also when the device offers it again because the log could not say that it is stored.
  void stored(const FileFacts& facts);

 private:
  Clock clock_;
  FileLimits limits_;
  events::Day day_;
  std::map<events::ChainNumber, std::uint64_t> sent_;
  std::set<Upload> counted_;
  std::map<events::DossierId, std::uint64_t> dossiers_;
  std::set<events::protocol::FileName> stored_;
};

}  // namespace server
