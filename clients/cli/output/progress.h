#pragma once

#include "clients/cli/output/terminal.h"
#include "clients/core/files/file_sync.h"
#include "clients/core/sync/eta_estimator.h"
#include "clients/core/sync/sync_engine.h"

#include <cstddef>
#include <ostream>
#include <string>
#include <string_view>

namespace clients {

/// A line that shows how far a synchronisation is and how long it may still take: first its events,
/// then the files of evidence.  It is rewritten in place on a terminal, and never wider than that.
class ProgressLine {
 public:
  /// Lifetime: `target` outlives the line.
  ProgressLine(std::ostream& target, bool on_terminal,
               std::size_t columns = output_columns().value_or(columns_usual))
      : target_(target), on_terminal_(on_terminal), columns_(columns) {}
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(const SyncProgress& progress, events::Timestamp now);
  /// The line is gone, and is tried again.
  void show_cut();
  /// Files of evidence; shown with the next numbers.
  void note(const FileProgress& files) { files_ = files; }

 private:
  std::string describe_files() const;
  void write(std::string_view text);

  std::ostream& target_;
  bool on_terminal_;
  std::size_t columns_;
  bool started_ = false;
  std::uint64_t done_before_ = 0;
  EtaEstimator pace_;
  FileProgress files_;
  std::string shown_;
};

/// "[██████░░░░] 60 %": full only when all of it is done.
std::string progress_bar(std::uint64_t done, std::uint64_t total);

}  // namespace clients
