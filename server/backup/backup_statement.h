#pragma once

#include "events/base/result.h"
#include "events/base/time.h"
#include "events/crypto/digest.h"
#include "events/crypto/signature.h"
#include "events/log/event_log.h"

#include <filesystem>
#include <optional>
#include <string>

namespace server {

/// What a backup says of itself, signed with the key of the system chain.
/// Format:  docs/backup_format.md.
struct BackupStatement {
  events::LogHead head;
  events::Timestamp taken_at;
  bool has_private_records = false;
  std::optional<events::Digest> tokens = {};  ///< Of api.tokens; none: it is not in the backup.

  bool operator==(const BackupStatement&) const = default;
};

/// The signed note.  `origin`: the name of the log.
std::string write_statement(const BackupStatement& statement, const std::string& origin,
                            const events::SigningKey& key);
/// Errors: malformed, bad_signature; unsupported: a newer form.
events::Result<BackupStatement> read_statement(const std::string& note, const std::string& origin,
                                               const events::PublicKey& key);

/// The directory of a backup.
struct BackupPaths {
  std::filesystem::path root;

  std::filesystem::path log() const { return root / "log"; }
  std::filesystem::path private_records() const { return root / "private"; }
  std::filesystem::path files() const { return root / "files"; }
  std::filesystem::path statement() const { return root / "statement"; }
  std::filesystem::path key() const { return root / "server.key"; }
  std::filesystem::path tokens() const { return root / "api.tokens"; }
};

}  // namespace server
