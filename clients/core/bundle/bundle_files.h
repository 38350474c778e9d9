#pragma once

#include "clients/core/files/file_plan.h"
#include "events/base/result.h"
#include "events/bundle/bundle_writer.h"
#include "events/protocol/messages.h"

#include <cstdint>
#include <functional>
#include <limits>

namespace clients {

/// What went in, and what stays for another time.
struct PackedFiles {
  Amount thumbnails;
  Amount originals;
  Amount left_out;            ///< There was no room for them.
  Amount held_back;           ///< Originals that the device keeps until somebody asks.
  std::uint64_t damaged = 0;  ///< To be taken again.
};

struct FilePacking;

/// Adds the files made here that the server is not known to have, each as its offer and all its
/// chunks: first thumbnails, then originals that somebody asked for, then other originals.  A stick
/// is a good line.
///
/// `first_seq`: of the own events in the bundle; files of events that are neither in it nor known
///              to be in the log stay here.
/// Memory: one file at a time.
/// Errors:  device_storage; those of the writer.
events::Result<PackedFiles> pack_files(Replica& replica, const FilePacking& packing,
                                       std::uint64_t first_seq,
                                       events::bundle::BundleWriter& writer);

/// How files of evidence go into a bundle.
/// Lifetime: the store outlives it.
struct FilePacking {
  FileStore& files;
  /// The bundle with them has at most so many bytes; events are never left out for it.
  std::uint64_t bundle_bytes_max = events::bundle::bundle_bytes_max;
  /// Told after each file: bytes of files that were seen to, and how many there are.  May be empty.
  std::function<void(std::uint64_t done, std::uint64_t total)> on_progress{};
  /// Named here, so that a program that never packs a file does not carry the code.
  decltype(&pack_files) pack = pack_files;
};

/// What the server says of files in its answer to a bundle.
struct FileAnswers {
  std::uint64_t stored = 0;
  std::uint64_t waiting = 0;  ///< Their events have no effect yet; the files go again.
  std::uint64_t damaged = 0;  ///< No longer what they were, here too: to be taken again.
  std::uint64_t refused = 0;  ///< For another reason; the files go again.
  std::uint64_t asked = 0;    ///< Asked for by somebody, and not in the bundle.
};

/// Takes in what an answer says of files.  Which of them are stored the log says, too, by events.
///
/// Thread: one at a time.
/// Lifetime: replica and store outlive it.
class FileAnswerReader {
 public:
  FileAnswerReader(Replica& replica, FileStore& files)
      : replica_(replica), files_(files), records_(replica.store()) {}

  /// Expects: FileSync::takes(frame).
  /// Errors:  device_storage.
  events::Result<void> take(const events::protocol::Message& frame);
  const FileAnswers& answers() const { return answers_; }

 private:
  events::Result<void> take_refusal(const events::protocol::BlobState& state);

  Replica& replica_;
  FileStore& files_;
  FileRecords records_;
  FileRecords::Names asked_;
  FileRecords::Names delivered_;
  FileAnswers answers_;
};

}  // namespace clients
