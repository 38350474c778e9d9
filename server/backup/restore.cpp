#include "server/backup/restore.h"

#include "server/backup/backup_statement.h"
#include "server/backup/evidence_copy.h"
#include "server/backup/file_copy.h"

#include <string>

namespace server {

using events::Error;
using events::ErrorCode;
using events::Result;

Result<Restored> restore(const RestoreRequest& request, const OnProgress& on_progress) {
  Result<CheckedBackup> backup = check_backup(request.from, on_progress);
  if (!backup) return backup.error();
  const events::Epoch epoch = request.epoch.value_or(events::Epoch{backup->head.epoch.value + 1});
  if (epoch <= backup->head.epoch) {
    return Error{ErrorCode::invalid_argument,
                 "the epoch must be above " + std::to_string(backup->head.epoch.value)};
  }
  if (auto made = make_empty_directory(request.data); !made) return made.error();
  const BackupPaths from{request.from};
  const BackupPaths to{request.data};
  auto copied = copy_directory(from.log(), to.log(), on_progress);
  if (copied && backup->has_private_records && std::filesystem::exists(from.private_records())) {
    copied = copy_directory(from.private_records(), to.private_records(), on_progress);
    if (copied) copied = copy_evidence(from.files(), to.files(), on_progress);
  } else if (copied) {
    RocksPrivateStore::Options options;
    options.path = to.private_records();
    options.create_if_missing = true;
    if (const auto made = RocksPrivateStore::open(options); !made) return made.error();
  }
  if (copied && backup->has_key) {
    const Result<std::string> key = read_file(from.key());
    if (!key) return key.error();
    copied = write_file(to.key(), *key);
  }
  if (copied && backup->tokens) copied = write_file(to.tokens(), *backup->tokens);
  if (!copied) return copied.error();
  RocksEventLog::Options options;
  options.path = to.log();
  const Result<events::LogHead> begun = RocksEventLog::begin_repair(options, epoch);
  if (!begun) return begun.error();
  if (auto synced = sync_directory(request.data); !synced) return synced.error();
  return Restored{*backup, epoch};
}

}  // namespace server
