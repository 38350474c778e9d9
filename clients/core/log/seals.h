#pragma once

#include "clients/core/log/signer.h"
#include "events/base/bytes.h"
#include "events/base/ids.h"
#include "events/base/result.h"
#include "events/crypto/signature.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace clients {

/// The secrets of a device, as its store needs them: signing seeds under names, a key for the
/// private records of each commune, and one for files of evidence.  While it is locked, what needs
/// a key fails with `locked`.
///
/// Thread: one at a time.
class Seals {
 public:
  virtual ~Seals() = default;

  virtual bool is_locked() const = 0;
  /// The device's public key, known while locked too, once it was noted.
  virtual std::optional<events::PublicKey> public_key() const = 0;
  virtual events::Result<void> note_public_key(const events::PublicKey& key) = 0;

  /// The seed under a name such as "device.key"; nothing where there is none.
  /// Errors:  locked; device_storage, storage_corrupt.
  virtual events::Result<std::optional<events::SecretSeed>> seed(const std::string& name) const = 0;
  virtual events::Result<void> keep_seed(const std::string& name,
                                         const events::SecretSeed& seed) = 0;
  virtual void drop_seed(const std::string& name) = 0;

  /// The public half, under such a name, of a pair that a browser holds; nothing where there is
  /// none or a seed, and while it is locked.
  virtual std::optional<events::PublicKey> browser_key(const std::string&) const { return {}; }
  /// Errors:  locked; device_storage; unsupported: no browser is here.
  virtual events::Result<void> keep_browser_key(const std::string&, const events::PublicKey&) {
    return events::Error{events::ErrorCode::unsupported, "only a browser holds keys"};
  }
  /// What signs with a pair that the browser holds; null where no browser is.
  virtual std::unique_ptr<const Signer> browser_signer(const events::PublicKey&) { return nullptr; }

  /// Seals a private record under the key of its commune, which is made when it is the first.
  /// Errors:  locked; device_storage; too_large: more communes than a device holds.
  virtual events::Result<events::Bytes> seal_record(events::UnitId home, events::ByteView record,
                                                    events::ByteView digest) = 0;
  /// Nothing when its key was shredded.  Errors: locked; storage_corrupt.
  virtual events::Result<std::optional<events::Bytes>> open_record(
      events::ByteView sealed, events::ByteView digest) const = 0;
  /// Whether the key of a sealed record is still there.
  virtual bool can_open(events::ByteView sealed) const = 0;
  /// Seals a piece of a file of evidence.  `about`: bytes that it is bound to.
  /// Errors:  as seal_record().
  virtual events::Result<events::Bytes> seal_piece(events::ByteView piece,
                                                   events::ByteView about) = 0;
  /// Errors:  locked; storage_corrupt: it was changed, or its key was shredded.
  virtual events::Result<events::Bytes> open_piece(events::ByteView sealed,
                                                   events::ByteView about) const = 0;
  /// Destroys the key of all files of evidence.
  virtual events::Result<void> shred_files() = 0;
  /// The communes whose private records can be read here.
  virtual std::vector<events::UnitId> homes() const = 0;
  /// Destroys the keys of these communes.
  virtual events::Result<void> shred(std::span<const events::UnitId> homes) = 0;
};

}  // namespace clients
