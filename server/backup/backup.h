#pragma once

#include "events/base/result.h"
#include "events/base/time.h"
#include "events/crypto/signature.h"
#include "events/log/event_log.h"
#include "server/backup/whole_log.h"
#include "server/store/rocks_event_log.h"
#include "server/store/rocks_private_store.h"

#include <filesystem>
#include <optional>
#include <string>

namespace server {

struct BackupRequest {
  std::filesystem::path to;
  bool private_records = true;  ///< And the files of evidence, and the tokens of other systems.
  bool key = false;  ///< Put server.key into it: whoever reads the backup can then sign as the log.
};

/// What is backed up.  The stores may be in use meanwhile.
/// Lifetime: of the call.
struct BackupSource {
  const RocksEventLog& log;
  const RocksPrivateStore& private_records;
  std::filesystem::path data;  ///< Where the copy is staged, and single files are found.
  const events::SigningKey& key;
};

/// Makes a backup in an empty directory, reads it back and only then signs it: the log first, then
/// the private records and the files of evidence, which are durable before the event that names
/// them; so every one that the saved log names is in it.  The tokens of other systems are those of
/// the moment at which they are read.  Returns the head of the saved log.
///
/// Errors: not_found: the log is not founded yet; invalid_argument: the target has something in it;
///         io_failed, storage_failed; storage_corrupt: what was saved does not verify, and then
///         there is no statement and `restore` refuses it.
/// Cost:   one copy of the data, and 3 µs an event to verify.
events::Result<events::LogHead> back_up(const BackupSource& source, const BackupRequest& request,
                                        events::Timestamp now, const OnProgress& on_progress);

/// A backup that was read and found whole.
struct CheckedBackup {
  events::LogHead head;
  LogName name;
  events::Timestamp taken_at;
  bool has_private_records = false;
  bool has_key = false;
  std::optional<std::string> tokens = {};  ///< The bytes of api.tokens; none: it is not there.
};

/// Opens a backup read-only and verifies all of it.
/// Errors: not_found: there is no backup; storage_corrupt, malformed, bad_signature.
events::Result<CheckedBackup> check_backup(const std::filesystem::path& from,
                                           const OnProgress& on_progress);

/// "position 1234 root <64 hexadecimal digits>".
std::string in_words(const events::LogHead& head);

}  // namespace server
