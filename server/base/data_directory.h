#pragma once

#include "events/base/result.h"
#include "events/crypto/signature.h"

#include <filesystem>
#include <memory>
#include <string>

namespace server {

/// The directory of one server's data, locked as long as this object lives, and readable for its
/// owner alone:
///
///   log/ and log.high-water    the log and how far it had come when it last promised anything
///   private/                   private records, with a backup cycle of their own
///   parked/                    runs that came by bundle and wait for those before them
///   healing/                   what devices gave back to a restored log and is not proved yet
///   courier/                   bundles being answered, and evidence of tampered ones
///   sealing.keys               what bundles are opened with, see SealingKeys; mode 0600
///   files/                     files of evidence by their digest, and unfinished uploads
///   server.key                 32 bytes, the seed of the system chain's key; mode 0600
///   refused.chains             devices that the operator set aside, see RefusedChains; 0600
///   api.tokens                 tokens of other systems, only their digests, see TokenStore; 0600
///   founding-code              the code of the first administrator, while the log is empty; 0600
///   lock                       held by the running server
///   control                    socket of the running server for its operator; mode 0600
///
/// Thread: one at a time.
class DataDirectory {
 public:
  /// Makes the directory when it is missing, and takes from other users what they may do in it.
  /// Errors: io_failed; busy: another server has it open; not_permitted: it is another user's and
  ///         open to others.
  static events::Result<DataDirectory> open(const std::filesystem::path& path);

  std::filesystem::path log() const { return path_ / "log"; }
  std::filesystem::path private_records() const { return path_ / "private"; }
  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path parked() const { return path_ / "parked"; }
  std::filesystem::path repair() const { return path_ / "healing"; }
  std::filesystem::path bundles() const { return path_ / "courier"; }
  std::filesystem::path sealing_keys() const { return path_ / "sealing.keys"; }
  std::filesystem::path files() const { return path_ / "files"; }
  std::filesystem::path refused_chains() const { return path_ / "refused.chains"; }
  std::filesystem::path api_tokens() const { return path_ / "api.tokens"; }
  std::filesystem::path founding_code() const { return path_ / "founding-code"; }

  /// The server's key; drawn at random and written when `may_create`.
  /// Errors: not_found: there is none and it may not be made: a log without its key would go on
  ///         under another one.  not_permitted: others may read it.  io_failed, storage_corrupt.
  events::Result<events::SigningKey> key(bool may_create) const;

  /// The founding code without dashes; drawn at random and written when there is none yet.  In the
  /// file the fingerprint of the log's key stands behind it, which the first device checks.
  /// Errors: io_failed, storage_corrupt.
  events::Result<std::string> make_founding_code(const events::PublicKey& log_key) const;
  /// The log is founded: nobody needs the code any more.
  void remove_founding_code() const;

 private:
  struct Lock;
  DataDirectory(std::filesystem::path path, std::shared_ptr<Lock> lock);

  std::filesystem::path path_;
  std::shared_ptr<Lock> lock_;
};

}  // namespace server
