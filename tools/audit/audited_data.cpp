#include "tools/audit/audited_data.h"

#include "projections/views/all_projections.h"
#include "server/feed/folded.h"
#include "server/store/high_water.h"
#include "tools/audit/verification.h"

#include <fcntl.h>
#include <unistd.h>

#include <optional>
#include <string>
#include <system_error>

namespace audit {
namespace {

using events::Error;
using events::ErrorCode;
using events::Result;

/// The process that has the database open for writing; nothing when there is none.
std::optional<long> writer_of(const std::filesystem::path& database) {
  const int file = ::open((database / "LOCK").c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return std::nullopt;
  struct flock lock = {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  const bool asked = ::fcntl(file, F_GETLK, &lock) == 0;
  ::close(file);
  if (!asked || lock.l_type == F_UNLCK) return std::nullopt;
  return static_cast<long>(lock.l_pid);
}

std::filesystem::path database_in(const std::filesystem::path& path) {
  const std::filesystem::path inside = path / "log";
  const bool is_database = std::filesystem::exists(path / "CURRENT");
  return is_database || !std::filesystem::exists(inside) ? path : inside;
}

Problem problem_of(Check check, const std::filesystem::path& path, const Error& error) {
  return {check, {}, {}, {}, {}, path.string(), error.message};
}

}  // namespace

std::filesystem::path AuditedData::root() const {
  std::error_code unknown;
  return std::filesystem::weakly_canonical(log_path, unknown).parent_path();  // "log/", "."
}

Result<AuditedData> open_data_directory(const std::filesystem::path& path) {
  AuditedData data;
  data.log_path = database_in(path);
  if (const std::optional<long> process = writer_of(data.log_path)) {
    return Error{ErrorCode::busy,
                 data.log_path.string() + " is in use by process " + std::to_string(*process) +
                     ".  Stop the server first, or name the directory of a backup"};
  }
  Result<std::unique_ptr<server::RocksEventLog>> log =
      server::RocksEventLog::open_read_only(data.log_path);
  if (!log) return log.error();
  data.log = std::move(*log);
  return data;
}

Result<std::vector<LogExportCheckpoint>> checkpoints_of(const AuditedData& data,
                                                        events::Position position) {
  // The server keeps one checkpoint of everything it folds; what it held is compared name by name.
  Result<std::optional<server::Folded>> found = server::read_checkpoint(data.log->checkpoints());
  if (!found) {
    return Error{found.error().code, "the checkpoint of the projections: " + found.error().message};
  }
  std::vector<LogExportCheckpoint> checkpoints;
  if (!*found || (*found)->state.applied() > position) return checkpoints;
  server::Folded& folded = **found;
  const events::Position applied = folded.state.applied();
  for (const projections::ProjectionInfo& info : projections::all_projections()) {
    const auto bytes = projection_bytes(info.name, folded.state, folded.views);
    if (!bytes) continue;
    checkpoints.push_back({info.name, info.revision, applied, events::sha256(*bytes)});
  }
  return checkpoints;
}

void verify_files(const AuditedData& data, Report& report) {
  report.apply(Check::tables);
  report.count(Check::tables);
  if (const Result<void> tables = data.log->verify_tables(); !tables) {
    report.add(problem_of(Check::tables, data.log_path, tables.error()));
  }
  const std::filesystem::path mark_path = server::HighWater::path_for(data.log_path);
  report.apply(Check::high_water);
  const Result<events::LogHead> mark = server::HighWater::read(mark_path);
  if (!mark) {
    report.add(problem_of(Check::high_water, mark_path, mark.error()));
    return;
  }
  report.count(Check::high_water);
  const events::LogHead head = data.log->head();
  if (mark->position > head.position || mark->log != head.log) {
    report.add({Check::high_water,
                head.position,
                mark->position,
                {},
                {},
                mark_path.string(),
                "the log ends at position " + std::to_string(head.position.value) +
                    " but had promised position " + std::to_string(mark->position.value)});
  } else if (mark->position == head.position && mark->root != head.root) {
    report.add({Check::high_water,
                head.position,
                head.position,
                {},
                {},
                mark_path.string(),
                "the log's root is not the one it promised"});
  }
}

}  // namespace audit
