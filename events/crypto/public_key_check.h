#pragma once

#include "events/crypto/signature.h"

namespace events {

// Libraries differ about the edges of Ed25519: OpenSSL takes keys and commitments of small order,
// libsodium refuses them.  Every backend asks these functions first, so that server, browser and
// auditor agree for ever on what a signature is.
// Format: docs/log_format.md 4, "Which signatures count"; tests/golden/log_format/signatures.txt.

/// Whether `key` is canonically encoded and not of small order.
///
/// It does not tell whether the point is on the curve; no signature verifies under one that is not.
[[nodiscard]] bool is_sound(const PublicKey& key);

/// Whether R is canonically encoded and not of small order, and S is below the order of the group.
[[nodiscard]] bool is_sound(const Signature& signature);

}  // namespace events
