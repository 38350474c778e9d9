#pragma once

#include "clients/core/log/awaited_signer.h"
#include "clients/core/log/keyring_content.h"
#include "clients/core/log/row_table.h"
#include "clients/core/log/seals.h"
#include "events/crypto/secret_key.h"

#include <array>
#include <cstdint>
#include <functional>
#include <map>

namespace clients {

/// The secrets of a device that keeps them as rows beside everything else: of a page, whose browser
/// has nothing but a database.  The master key is not among them: the page keeps it, sealed by a
/// key that the browser does not give out, and hands it over when it is unlocked.  Where the
/// browser holds the signing key too, its public half is here, and the page has signed what is
/// asked for.
///
/// State:  locked until unlock().
/// Format: rows "K": KeyringContent without a lock and a master key; "K" and a name: a sealed seed,
///         or 1 and a public key.
/// Thread: one at a time.
class RowKeyring final : public Seals {
 public:
  using Random = std::function<std::array<std::uint8_t, 32>()>;

  /// `random`: draws 32 bytes from a source fit for keys.
  /// Lifetime: `rows` outlives the keyring.
  RowKeyring(RowTable& rows, Random random) : rows_(rows), random_(std::move(random)) {}

  /// Takes the keyring from the rows; a new one where there is none.
  /// Errors:  storage_corrupt, unsupported.
  events::Result<void> load();
  /// Errors:  locked: another key than the one that sealed what is here; storage_corrupt.
  events::Result<void> unlock(const events::SecretKey& master);
  /// Overwrites every key in memory.
  void lock();

  bool is_locked() const override { return !master_.has_value(); }
  std::optional<events::PublicKey> public_key() const override;
  events::Result<void> note_public_key(const events::PublicKey& key) override;
  events::Result<std::optional<events::SecretSeed>> seed(const std::string& name) const override;
  events::Result<void> keep_seed(const std::string& name, const events::SecretSeed& seed) override;
  void drop_seed(const std::string& name) override;
  std::optional<events::PublicKey> browser_key(const std::string& name) const override;
  events::Result<void> keep_browser_key(const std::string& name,
                                        const events::PublicKey& key) override;
  std::unique_ptr<const Signer> browser_signer(const events::PublicKey& key) override;
  /// What the browser has to sign, and has signed.
  AwaitedSignatures& signatures() { return signatures_; }
  events::Result<events::Bytes> seal_record(events::UnitId home, events::ByteView record,
                                            events::ByteView digest) override;
  events::Result<std::optional<events::Bytes>> open_record(events::ByteView sealed,
                                                           events::ByteView digest) const override;
  events::Result<events::Bytes> seal_piece(events::ByteView piece, events::ByteView about) override;
  events::Result<events::Bytes> open_piece(events::ByteView sealed,
                                           events::ByteView about) const override;
  events::Result<void> shred_files() override;
  bool can_open(events::ByteView sealed) const override;
  std::vector<events::UnitId> homes() const override;
  events::Result<void> shred(std::span<const events::UnitId> homes) override;

 private:
  events::SealNonce nonce() const;
  events::Result<void> write();
  events::Result<void> put(const std::string& row, events::ByteView value);
  events::Result<std::uint64_t> key_for(events::UnitId home);
  events::Result<events::Bytes> seal_in_home(events::UnitId home, events::ByteView plain,
                                             events::ByteView about);

  RowTable& rows_;
  Random random_;
  KeyringContent content_;
  std::optional<events::SecretKey> master_;
  std::map<std::uint64_t, events::SecretKey> keys_;
  AwaitedSignatures signatures_;
};

}  // namespace clients
