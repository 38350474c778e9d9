#pragma once

#include "events/crypto/signature.h"

namespace events {

/// Whether `key` is canonically encoded and not of small order.  Libraries differ here (OpenSSL
/// takes such keys, libsodium refuses them), so every backend asks this function first and server,
/// browser and auditor agree.
///
/// It does not tell whether the point is on the curve; no signature verifies under one that is not.
[[nodiscard]] bool is_sound(const PublicKey& key);

}  // namespace events
