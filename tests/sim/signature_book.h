#pragma once

namespace sim {

/// The simulator's stand-in for Ed25519, which would cost nine tenths of its time: a signature is
/// SHA-256 over a secret of the key and the message, and a book of the keys that exist lets anybody
/// verify.  Another key, another message or another bit of the signature fails, as with Ed25519;
/// Ed25519 itself has its own tests.  It takes the place of events/crypto/native_signature.cpp at
/// link time.
void forget_signatures();

}  // namespace sim
