#include "server/backup/backup.h"

#include "server/backup/backup_statement.h"
#include "server/backup/evidence_copy.h"
#include "server/backup/file_copy.h"
#include "server/store/high_water.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace server {

using events::Error;
using events::ErrorCode;
using events::LogHead;
using events::Result;

namespace {

/// A directory inside the data directory that goes when the backup ends, however it ends.
class Staging {
 public:
  explicit Staging(std::filesystem::path path) : path_(std::move(path)) { remove(); }
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;
  ~Staging() { remove(); }
  const std::filesystem::path& path() const { return path_; }

 private:
  void remove() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::filesystem::path path_;
};

/// Checkpoints share their files with the database until they are copied away.
template <class Store>
Result<void> save(const Store& store, const std::filesystem::path& staging,
                  const std::filesystem::path& to, const OnProgress& on_progress) {
  const Staging staged(staging);
  if (auto made = store.checkpoint_to(staged.path()); !made) return made;
  return copy_directory(staged.path(), to, on_progress);
}

/// Reads the saved log as a stranger would.
Result<LogHead> verify_log(const std::filesystem::path& path, const OnProgress& on_progress) {
  const auto log = RocksEventLog::open_read_only(path);
  if (!log) return log.error();
  if (auto tables = (*log)->verify_tables(); !tables) return tables.error();
  if (auto whole = check_whole_log(**log, on_progress); !whole) return whole.error();
  return (*log)->head();
}

/// The bytes of a file of tokens; nothing when there is none.
Result<std::optional<std::string>> read_tokens(const std::filesystem::path& path) {
  Result<std::string> content = read_file(path);
  if (content) return std::optional<std::string>(std::move(*content));
  if (content.error().code == ErrorCode::not_found) return std::optional<std::string>{};
  return content.error();
}

std::optional<events::Digest> digest_of(const std::optional<std::string>& content) {
  if (!content) return std::nullopt;
  return events::sha256(events::bytes_of(*content));
}

}  // namespace

std::string in_words(const LogHead& head) {
  return "position " + std::to_string(head.position.value) + " root " +
         events::to_hex(head.root.bytes);
}

Result<LogHead> back_up(const BackupSource& source, const BackupRequest& request,
                        events::Timestamp now, const OnProgress& on_progress) {
  const Result<LogName> name = name_of_log(source.log);
  if (!name) return name.error();
  if (auto made = make_empty_directory(request.to); !made) return made.error();
  const BackupPaths paths{request.to};
  const std::filesystem::path staging = source.data / "backup-staging";
  auto saved = save(source.log, staging, paths.log(), on_progress);
  if (saved && request.private_records) {
    saved = save(source.private_records, staging, paths.private_records(), on_progress);
    // The log says of a file that it is there once it is: those it names are on the disk by now.
    if (saved) saved = copy_evidence(source.data / "files", paths.files(), on_progress);
  }
  if (!saved) return saved.error();

  const Result<LogHead> head = verify_log(paths.log(), on_progress);
  if (!head) return head.error();
  const auto mark = HighWater::open(HighWater::path_for(paths.log()), *head, /*replace=*/true);
  if (!mark) return mark.error();
  if (request.private_records) {
    RocksPrivateStore::Options options;
    options.path = paths.private_records();
    const auto records = RocksPrivateStore::open(options);
    if (!records) return records.error();
    if (auto whole = (*records)->verify(); !whole) return whole.error();
  }
  Result<std::optional<std::string>> tokens = std::optional<std::string>{};
  if (request.private_records) tokens = read_tokens(BackupPaths{source.data}.tokens());
  if (!tokens) return tokens.error();
  if (*tokens) {
    if (auto written = write_file(paths.tokens(), **tokens); !written) return written.error();
  }
  if (request.key) {
    const Result<std::string> key = read_file(source.data / "server.key");
    if (!key) return key.error();
    if (auto written = write_file(paths.key(), *key); !written) return written.error();
  }
  const BackupStatement statement{*head, now, request.private_records, digest_of(*tokens)};
  const std::string note = write_statement(statement, name->origin, source.key);
  if (auto written = write_file(paths.statement(), note); !written) return written.error();
  return *head;
}

Result<CheckedBackup> check_backup(const std::filesystem::path& from,
                                   const OnProgress& on_progress) {
  const BackupPaths paths{from};
  const Result<std::string> note = read_file(paths.statement());
  if (!note && note.error().code == ErrorCode::not_found) {
    return Error{ErrorCode::not_found,
                 from.string() + " is not a finished backup: it has no statement"};
  }
  if (!note) return note.error();
  const auto log = RocksEventLog::open_read_only(paths.log());
  if (!log) return log.error();
  const Result<LogName> name = name_of_log(**log);
  if (!name) return name.error();
  const Result<BackupStatement> statement = read_statement(*note, name->origin, name->server_key);
  if (!statement) return statement.error();
  if (statement->head != (*log)->head()) {
    return Error{ErrorCode::storage_corrupt, from.string() + ": the statement says " +
                                                 in_words(statement->head) + ", the log ends at " +
                                                 in_words((*log)->head())};
  }
  if (auto tables = (*log)->verify_tables(); !tables) return tables.error();
  if (auto whole = check_whole_log(**log, on_progress); !whole) return whole.error();
  if (auto whole = check_evidence(paths.files(), on_progress); !whole) return whole.error();
  // A token that somebody added to a backup would read the restored log.
  Result<std::optional<std::string>> tokens = read_tokens(paths.tokens());
  if (!tokens) return tokens.error();
  if (digest_of(*tokens) != statement->tokens) {
    return Error{ErrorCode::storage_corrupt,
                 paths.tokens().string() + " is not what the statement says"};
  }
  return CheckedBackup{.head = statement->head,
                       .name = *name,
                       .taken_at = statement->taken_at,
                       .has_private_records = statement->has_private_records,
                       .has_key = std::filesystem::exists(paths.key()),
                       .tokens = std::move(*tokens)};
}

}  // namespace server
