#pragma once

#include "server/base/executors.h"
#include "server/commit/committer.h"
#include "server/files/file_transfers.h"
#include "server/files/file_wants.h"

#include <cstddef>
#include <functional>
#include <optional>

namespace server {

/// The hops of files: facts come from the log thread, bytes from the file thread, and what became
/// complete goes back to the log thread before the device hears of it.
///
/// Thread: any; `done` functions are called on one of those threads and must only pass the answer
///         on.
/// Lifetime: both threads are drained before the service ends.
class FileService {
 public:
  template <class T>
  using Done = std::function<void(T)>;
  using Facts = std::optional<FileFacts>;

  FileService(FileTransfers desk, FileExecutor file_thread, Committer& committer)
      : desk_(desk), file_thread_(std::move(file_thread)), committer_(committer) {}

  /// What the log says of the file; nothing when it names none with effect.
  void find(const events::protocol::FileName& name, Done<Facts> done);
  void offer(events::ChainNumber chain, FileFacts facts, events::Digest proof,
             Done<events::protocol::BlobState> done);
  void put(FilePiece piece, Done<events::protocol::BlobState> done);
  void read(FileFacts facts, std::uint32_t offset, Done<events::Result<events::Bytes>> done);

  /// Looks for files that the log called stored up to `upto` and that the store lacks: a restored
  /// server has the files of its backup.  They are wanted from then on; `done` hears how many.
  /// A stretch at a time, so that neither thread is kept from what devices wait for.
  void look_for_lost(events::Position upto, Done<events::Result<std::size_t>> done);

  FileWants& wants() { return wants_; }

 private:
  struct Search {
    events::Position upto;
    std::size_t begin{};
    std::size_t found{};
    Done<events::Result<std::size_t>> done;
  };
  void go_on(Search search);
  void offer_at_factor(events::ChainNumber chain, FileFacts facts, events::Digest proof,
                       std::uint64_t factor, Done<events::protocol::BlobState> done);
  /// Tells the device, once the log has said that the file is there.
  void settle(FileTransfers::Answer answer, Done<events::protocol::BlobState> done);

  FileTransfers desk_;
  FileExecutor file_thread_;
  Committer& committer_;
  FileWants wants_;
};

}  // namespace server
