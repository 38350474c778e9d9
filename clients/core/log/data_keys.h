#pragma once

#include "clients/core/log/keyring_content.h"
#include "events/base/bytes.h"
#include "events/base/result.h"
#include "events/crypto/digest.h"
#include "events/crypto/secret_key.h"
#include "events/crypto/signature.h"

#include <cstdint>
#include <utility>

namespace clients {

// How the secrets of a device are sealed, whoever keeps them.  Format: docs/device_store.md.

/// A key from its 32 bytes, which are overwritten.  Errors: storage_corrupt.
events::Result<events::SecretKey> key_from(events::Bytes bytes);

/// A data key as it lies in the keyring, sealed under the master key.
DataKey seal_data_key(const events::SecretKey& master, std::uint64_t number, events::UnitId home,
                      const events::SecretKey& key, const events::SealNonce& nonce);
/// Errors:  storage_corrupt.
events::Result<events::SecretKey> open_data_key(const events::SecretKey& master,
                                                const DataKey& row);

/// A signing seed, sealed under the master key.
events::Bytes seal_seed(const events::SecretKey& master, const events::SecretSeed& seed,
                        const events::SealNonce& nonce);
/// Errors:  storage_corrupt.
events::Result<events::SecretSeed> open_seed(const events::SecretKey& master,
                                             events::ByteView sealed);

/// What a seal is bound to, so that it opens nothing else: a private record, a piece of a file.
events::Bytes about_record(events::ByteView digest);
events::Bytes about_file_piece(events::ByteView piece);
/// The place of a piece: the file, and where in it the piece begins.
events::Bytes place_in_file(const events::Digest& sha256, std::uint32_t offset);

/// Seals something under the data key `number`, which stands in front of it.
events::Bytes seal_under(std::uint64_t number, const events::SecretKey& key,
                         const events::SealNonce& nonce, events::ByteView plain,
                         events::ByteView about);
/// The number of the data key, and what is sealed under it.  Errors: storage_corrupt.
events::Result<std::pair<std::uint64_t, events::ByteView>> sealed_parts(events::ByteView row);

}  // namespace clients
